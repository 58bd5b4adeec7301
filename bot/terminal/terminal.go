// Package terminal holds the conversation in a terminal, or over a pipe.
//
// A message may have several lines: it ends with an empty line, with a pause
// in the input, or with the end of the input. A line that is only a number
// chooses one of the choices that were printed last.
package terminal

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aldanba/aldanba/bot"
)

// Talker is the conversation. A *bot.Bot is one.
type Talker interface {
	Handle(ctx context.Context, event bot.Event) (bot.Answer, error)
	Make(ctx context.Context, person string, fetch bot.Fetcher) (bot.Papers, error)
	Delivered(ctx context.Context, person string) error
}

// Person is the name of the one who sits at the terminal.
const Person = "terminal"

const (
	// pause is how long the input rests before a message is taken as complete:
	// pasted lines follow each other at once, typed ones do not.
	pause = 200 * time.Millisecond
	// maxMessage ends a message that grows without end, in bytes. It is more
	// than the detector reads, so that the answer says that the text was cut.
	maxMessage = 128 << 10
)

// commands are what one may type instead of choosing a number.
var commands = map[string]string{
	"/check": bot.ChoiceCheck, "/sos": bot.ChoiceHappened, "/help": bot.ChoiceHelp,
	"/lang": bot.ChoiceLanguage, "/forget": bot.ChoiceForget, "/statement": bot.ChoiceStatement,
}

// leaving are the words that end the conversation.
var leaving = []string{"/exit", "/quit", "exit", "quit", "выход", "шығу"}

// Talk runs the conversation until the input ends, the person leaves, or ctx
// is done. lines gives the input line by line and is closed at its end. Files
// that the bot hands over are saved in the directory, the working directory
// where it is empty.
func Talk(ctx context.Context, talker Talker, lines <-chan string, out io.Writer, dir string) error {
	c := &conversation{talker: talker, out: out, dir: dir}
	if err := c.handle(ctx, bot.Event{Start: true}); err != nil {
		return err
	}
	idle := time.NewTimer(pause)
	defer idle.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-idle.C:
			if err := c.flush(ctx); err != nil {
				return err
			}
		case line, open := <-lines:
			idle.Reset(pause)
			leave, err := false, error(nil)
			if open {
				leave, err = c.take(ctx, line)
			} else {
				err = c.flush(ctx)
			}
			if err != nil {
				return err
			}
			if leave || !open {
				return c.handle(ctx, bot.Event{Choice: bot.ChoiceGoodbye})
			}
		}
	}
}

// conversation is the state between two lines.
type conversation struct {
	talker  Talker
	out     io.Writer
	dir     string // for files
	message []string
	size    int
	choices []bot.Choice
}

// take deals with one line: it may end a message, choose, command, or belong
// to a message. leave says that the person is going.
func (c *conversation) take(ctx context.Context, line string) (leave bool, err error) {
	word := strings.ToLower(strings.TrimSpace(line))
	digits := word
	if len(c.message) == 0 { // within a message it is the number of a point of a list
		digits = strings.Trim(word, "№#.) \ufe0f\u20e3")
	}
	number, notNumber := strconv.Atoi(digits)
	choice, isCommand := commands[word]
	isNumber := notNumber == nil && len(digits) <= 2
	isLeaving := slices.Contains(leaving, word)
	if word == "" || isNumber || isCommand || isLeaving {
		if err := c.flush(ctx); err != nil {
			return false, err
		}
	}
	switch {
	case word == "":
		return false, nil
	case isLeaving:
		return true, nil
	case isCommand:
		return false, c.handle(ctx, bot.Event{Choice: choice})
	case isNumber && (number < 1 || number > len(c.choices)):
		return false, c.handle(ctx, bot.Event{Choice: bot.ChoiceUnknown})
	case isNumber:
		return false, c.handle(ctx, bot.Event{Choice: c.choices[number-1].ID})
	}
	c.message = append(c.message, line)
	if c.size += len(line) + 1; c.size > maxMessage {
		return false, c.flush(ctx)
	}
	return false, nil
}

// flush hands the message over, if there is one.
func (c *conversation) flush(ctx context.Context) error {
	if len(c.message) == 0 {
		return nil
	}
	message := strings.Join(c.message, "\n")
	c.message, c.size = nil, 0
	return c.handle(ctx, bot.Event{Messages: []bot.Message{{Text: message}}})
}

// handle gives an event to the bot and prints the replies. A fault of the
// memory does not end the conversation: the answer is there without it.
func (c *conversation) handle(ctx context.Context, event bot.Event) error {
	event.Person = Person
	answer, _ := c.talker.Handle(ctx, event)
	handed, err := c.print(answer.Replies)
	if err != nil || !answer.Making {
		if answer.Handed && handed {
			_ = c.talker.Delivered(ctx, Person) // memory has nothing that can fail
		}
		return err
	}
	papers, _ := c.talker.Make(ctx, Person, nil) // without papers the bot says so
	return c.handle(ctx, bot.Event{Made: &papers})
}

// print prints replies and saves the files that come with them. handed is false
// where one was not saved.
func (c *conversation) print(replies []bot.Reply) (handed bool, err error) {
	handed = true
	var b strings.Builder
	for _, reply := range replies {
		text := reply.Text
		for _, file := range reply.Attached {
			name, err := save(c.dir, file)
			if err != nil {
				handed, text = false, reply.Instead
				break
			}
			text += "\n📎 " + name
		}
		b.WriteString("\n" + text + "\n")
		if len(reply.Choices) > 0 {
			b.WriteString("\n")
			for i, choice := range reply.Choices {
				fmt.Fprintf(&b, "  %d. %s\n", i+1, choice.Label)
			}
			c.choices = reply.Choices
		}
	}
	b.WriteString("\n")
	_, err = io.WriteString(c.out, b.String())
	return handed, err
}
