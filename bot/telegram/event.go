package telegram

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/aldanba/aldanba/bot"
	"github.com/aldanba/aldanba/bot/dispatch"
)

// Kind says whether an update is a button or a command, which is answered at
// once, the edit of an earlier message, or a message.
func (a *Adapter) Kind(u dispatch.Update) dispatch.Kind {
	if !slices.ContainsFunc(telling, func(word []byte) bool { return bytes.Contains(u.Payload, word) }) {
		return dispatch.Message // as most are: no need to read it
	}
	parsed, err := parse(u.Payload)
	if err != nil {
		return dispatch.Message
	}
	if _, command := a.commandOf(parsed.Message); command || parsed.CallbackQuery != nil {
		return dispatch.Urgent
	}
	if _, edited := parsed.said(); edited {
		return dispatch.Edit
	}
	return dispatch.Message
}

// telling are the words one of which every update has that is not a message.
var telling = [][]byte{[]byte("callback_query"), []byte("bot_command"), []byte("edited_message")}

// Event says what a person did with these updates of one chat, in their order.
// It never fails; where nothing in them is for the bot, the event asks for no
// answer.
func (a *Adapter) Event(_ context.Context, updates []dispatch.Update) (bot.Event, error) {
	var event bot.Event
	c := caseOf{own: map[string]int{}}
	for _, u := range updates {
		event.Person = u.Chat
		parsed, err := parse(u.Payload)
		if err != nil {
			continue
		}
		event.Group = parsed.chat() < 0 // as only groups and channels have it
		if from := parsed.from(); from != nil {
			event.Lang = from.LanguageCode
		}
		if parsed.CallbackQuery != nil {
			event.Choice = a.pressed(parsed)
			return event, nil
		}
		m, edited := parsed.said()
		if m == nil {
			continue
		}
		if command, ok := a.commandOf(m); ok {
			if command.name == commandStart { // what follows it comes from a link that anybody may have made
				event.Start = true
				return event, nil
			}
			if command.choice() != bot.ChoiceCheck || command.payload == "" && a.quoted(m) == nil {
				event.Choice = command.choice()
				return event, nil
			}
			m.Text = command.payload
		}
		if a.versions.unchanged(parsed.ID, m) && edited {
			continue
		}
		a.say(&c, m, edited)
	}
	event.Messages, event.Edited = c.messages, len(c.messages) > 0 && !c.fresh
	if c.called && len(c.messages) == 0 {
		event.Choice = bot.ChoiceHelp
	}
	return event, nil
}

// caseOf collects the messages of one case.
type caseOf struct {
	messages []bot.Message
	own      map[string]int // where the messages that were sent stand, by id; the others were answered to
	fresh    bool           // something in it is not the edit of an earlier message
	called   bool           // the bot was called, and not told what for
}

// put adds a message, or replaces its earlier version.
func (c *caseOf) put(m bot.Message, edited bool) {
	if i, ok := c.own[m.ID]; ok {
		c.messages[i] = m
		return
	}
	c.own[m.ID] = len(c.messages)
	c.messages = append(c.messages, m)
	c.fresh = c.fresh || !edited
}

// putQuoted adds a message that is answered to, unless it is in the case.
func (c *caseOf) putQuoted(m bot.Message) {
	if !slices.ContainsFunc(c.messages, func(have bot.Message) bool { return have.ID == m.ID }) {
		c.messages = append(c.messages, m)
	}
}

// say takes a message and what it answers to into the case. What it answers to
// stands first, because a question follows what it is about.
func (a *Adapter) say(c *caseOf, m *message, edited bool) {
	quoted := a.quoted(m)
	if quoted != nil {
		c.putQuoted(*quoted)
	}
	called := false
	if m.Origin == nil {
		m.Text, called = a.withoutName(m.Text, m.Entities)
		if caption, ok := a.withoutName(m.Caption, m.CaptionEntities); ok {
			m.Caption, called = caption, true
		}
	}
	if o := m.Origin; o != nil && o.User != nil && o.User.ID == a.id {
		c.called = true // what the bot itself said is no evidence of anything
		return
	}
	var own reading
	switch understood := own.message(m); {
	case understood:
		c.put(own.done(), edited)
	case quoted != nil:
		c.fresh = c.fresh || !edited
	case called:
		c.called = true
	default:
		own.gap(bot.GapUnknown)
		c.put(own.done(), edited)
	}
}

// done gives the message with all of its text.
func (r *reading) done() bot.Message {
	r.Text = r.text.String()
	return r.Message
}

// quoted reads the message that a message answers, or the part of it that was
// chosen, or gives nil where it is the bot's own or cannot be read.
func (a *Adapter) quoted(m *message) *bot.Message {
	var r reading
	switch {
	case m.ReplyTo != nil:
		earlier := *m.ReplyTo
		if a.isOurs(&earlier) {
			return nil
		}
		if q := m.Quote; q != nil && q.Text != "" {
			earlier.Text, earlier.Entities, earlier.Caption, earlier.CaptionEntities = q.Text, q.Entities, "", nil
		}
		if !r.message(&earlier) {
			return nil
		}
		own := m.From != nil && earlier.From != nil && m.From.ID == earlier.From.ID
		r.Forwarded = r.Forwarded || !own
	case m.ExternalReply != nil:
		r.ID, r.Forwarded = strconv.Itoa(m.ID), true
		text := ""
		if m.Quote != nil {
			text = m.Quote.Text
			r.prose(m.Quote.Text, m.Quote.Entities)
		}
		r.content(&m.ExternalReply.content, text)
		r.origin(m.ExternalReply.Origin, m.From)
	case m.Quote != nil:
		r.ID, r.Forwarded = strconv.Itoa(m.ID), true
		r.prose(m.Quote.Text, m.Quote.Entities)
	}
	message := r.done()
	if message.Text == "" && len(message.Files) == 0 && len(message.Gaps) == 0 {
		return nil
	}
	return &message
}

// chatName is the name of a chat among those of all messengers.
func chatName(id int64) string { return "telegram:" + strconv.FormatInt(id, 10) }

// chatID undoes chatName.
func chatID(name string) (int64, error) {
	number, ok := strings.CutPrefix(name, "telegram:")
	id, err := strconv.ParseInt(number, 10, 64)
	if !ok || err != nil || id == 0 {
		return 0, fmt.Errorf("telegram: this is not the name of a chat: %w", dispatch.ErrRefused)
	}
	return id, nil
}
