package main

import (
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/aldanba/aldanba/bot"
	"github.com/aldanba/aldanba/detector"
)

type checkCommand struct {
	Args  []string `arg:"" optional:"" name:"text-or-file" help:"The message itself, or files that hold one message each. Nothing: standard input."`
	JSON  bool     `name:"json" xor:"form" help:"Print one JSON object a message."`
	JSONL bool     `name:"jsonl" xor:"form" help:"Read lines {\"id\",\"text\"} and print one JSON object a line, in order."`
	Lang  string   `enum:"ru,kk,auto" default:"auto" help:"Language of the answer for people: ru, kk, or auto for the language of the message (default ${default})."`
}

func (c *checkCommand) Run(w *world) error {
	if c.JSONL {
		d, err := w.detector()
		if err != nil {
			return err
		}
		return c.lines(w, d)
	}
	messages, err := c.messages(w)
	if err != nil {
		return err
	}
	answer, err := c.answerer(w)
	if err != nil {
		return err
	}
	for i, message := range messages {
		if i > 0 && !c.JSON {
			fmt.Fprintln(w.out)
		}
		if err := answer(message); err != nil {
			return err
		}
	}
	return nil
}

// passingGC lets the heap grow to five times what is kept, about a hundred
// megabytes, before the collector runs.
const passingGC = 400

// lines streams lines of JSON from files, one after the other, or from standard
// input. Nothing is answered before all files are open.
func (c *checkCommand) lines(w *world, d *detector.Detector) error {
	if _, chosen := os.LookupEnv("GOGC"); !chosen {
		// What is kept is small and what passes is much: the collector may come less often.
		defer debug.SetGCPercent(debug.SetGCPercent(passingGC))
	}
	inputs := []io.Reader{w.in}
	if len(c.Args) > 0 {
		inputs = inputs[:0]
	}
	for _, name := range c.Args {
		file, err := os.Open(name)
		if err != nil {
			return err
		}
		defer file.Close()
		inputs = append(inputs, file)
	}
	anyBad := false
	for _, in := range inputs {
		bad, err := checkLines(w, d, in, w.out)
		if err != nil {
			return err
		}
		anyBad = anyBad || bad
	}
	if anyBad {
		return errTold
	}
	return nil
}

// messages gives the texts to judge: the files that the arguments name, the
// arguments as one text if they name none, or standard input.
func (c *checkCommand) messages(w *world) ([]string, error) {
	if len(c.Args) == 0 {
		text, err := readMessage(w.in)
		return []string{text}, err
	}
	if !slices.ContainsFunc(c.Args, namesFile) {
		return []string{strings.Join(c.Args, " ")}, nil
	}
	messages := make([]string, len(c.Args))
	for i, name := range c.Args {
		file, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		messages[i], err = readMessage(file)
		file.Close()
		if err != nil {
			return nil, err
		}
	}
	return messages, nil
}

// namesFile says that an argument is meant as a file: there is one of that
// name, or it is written as a path.
func namesFile(arg string) bool {
	for _, start := range []string{"/", "./", "../", "~/"} {
		if strings.HasPrefix(arg, start) && !strings.ContainsAny(arg, " \n") {
			return true
		}
	}
	_, err := os.Stat(arg)
	return err == nil
}

// readMessage reads one message; a byte beyond what the detector reads is
// enough for it to say that the text was cut.
func readMessage(r io.Reader) (string, error) {
	data, err := io.ReadAll(io.LimitReader(r, detector.MaxText+4))
	return string(data), err
}

// answerer gives the way in which a verdict is printed: for people the answer
// of the conversation, for machines one JSON object.
func (c *checkCommand) answerer(w *world) (func(string) error, error) {
	if c.JSON {
		d, err := w.detector()
		if err != nil {
			return nil, err
		}
		own := bot.Config{Checker: d}
		if err := w.judgeFirst(&own); err != nil {
			return nil, err
		}
		return func(message string) error {
			v := d.Check(message)
			if own.Judge != nil {
				v, _ = d.Consult(w, own.Judge, v, languageOf(v), "") // without an opinion the verdict stands
			}
			_, err := w.out.Write(newResult(nil, v).appendLine(nil))
			return err
		}, nil
	}
	parts, err := w.parts()
	if err != nil {
		return nil, err
	}
	if err := w.judgeFirst(&parts); err != nil {
		return nil, err
	}
	return func(message string) error {
		// Every message is a stranger's: nothing is remembered between two.
		own := parts
		own.Sessions = bot.NewMemorySessions()
		if c.Lang != "auto" {
			if err := own.Sessions.Save(w, "", bot.Session{Lang: c.Lang, LangChosen: true}); err != nil {
				return err
			}
		}
		answer, err := bot.New(own).Handle(w, bot.Event{Messages: []bot.Message{{Text: message}}})
		for _, reply := range answer.Replies {
			fmt.Fprintln(w.out, reply.Text)
		}
		return err
	}, nil
}
