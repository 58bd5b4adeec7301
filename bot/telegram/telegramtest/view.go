package telegramtest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Message is a message as people see it in a chat, at the moment it was asked
// for.
type Message struct {
	ID        int64
	Chat      int64
	FromBot   bool
	Text      string // as people read it; the caption of a file
	HTML      string // as the bot wrote it
	ParseMode string
	Entities  []Entity
	Buttons   [][]Button
	ReplyTo   int64  // 0 for none
	Quote     string // of the message that it replies to
	Silent    bool   // came without a sound
	NoPreview bool   // links show no preview
	File      *Upload
	Edits     []Edit // what it said before, the oldest first; edits make no sound
	Deleted   bool
	Reaction  string // the bot's emoji on it
	At        time.Time
	Update    Update // that brought it to the bot, for those of people
}

// Edit is what a message said until a time.
type Edit struct {
	Text    string
	HTML    string
	Buttons [][]Button
	Until   time.Time
}

// Labels lists the labels of the buttons in reading order.
func (m Message) Labels() []string {
	var labels []string
	for _, row := range m.Buttons {
		for _, b := range row {
			labels = append(labels, b.Label)
		}
	}
	return labels
}

// Links lists the addresses that a person could open from the text with one
// tap: hidden ones and those that Telegram makes links of by itself.
func (m Message) Links() []string {
	var links []string
	units := utf16Units(m.Text)
	for _, e := range m.Entities {
		switch e.Type {
		case "text_link":
			links = append(links, e.URL)
		case "url":
			links = append(links, units.cut(e.Offset, e.Length))
		}
	}
	for _, e := range detect(m.Text) {
		if e.Type == "url" && !slices.ContainsFunc(m.Entities, func(own Entity) bool { return covers(own, e) }) {
			links = append(links, units.cut(e.Offset, e.Length))
		}
	}
	return links
}

// covers says whether an entity keeps Telegram from finding a link inside it.
func covers(own, link Entity) bool {
	switch own.Type {
	case "code", "pre", "text_link", "url":
		return own.Offset <= link.Offset && own.Offset+own.Length >= link.Offset+link.Length
	}
	return false
}

func (m *message) view() Message {
	return Message{
		ID: m.id, Chat: m.chat.id, FromBot: m.fromBot, Text: m.text, HTML: m.source, ParseMode: m.parseMode,
		Entities: slices.Clone(m.entities), Buttons: m.keyboard, ReplyTo: m.replyTo, Quote: m.quote,
		Silent: m.silent, NoPreview: m.noPreview, File: m.upload, Edits: slices.Clone(m.edits),
		Deleted: m.deleted, Reaction: m.reaction, At: m.date, Update: m.update,
	}
}

func (c *chat) views(keep func(*message) bool) []Message {
	var found []Message
	for _, m := range c.messages {
		if keep(m) {
			found = append(found, m.view())
		}
	}
	return found
}

// Sent gives the messages of the bot in a chat in the order in which it sent
// them, as they are now; deleted ones are marked.
func (s *Server) Sent(chat int64) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	if found := s.chats[chat]; found != nil {
		return found.views(func(m *message) bool { return m.fromBot })
	}
	return nil
}

// Messages gives all messages of a chat, of people and of the bot.
func (s *Server) Messages(chat int64) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	if found := s.chats[chat]; found != nil {
		return found.views(func(*message) bool { return true })
	}
	return nil
}

// Typing is how many chat actions ("typing…") the bot has sent to a chat.
func (s *Server) Typing(chat int64) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if found := s.chats[chat]; found != nil {
		return found.typing
	}
	return 0
}

// Wait waits until the messages of the bot in a chat fulfil a condition, which
// is asked whenever something happens there. On the end of ctx it gives the
// messages as they are and an error that shows the conversation.
func (s *Server) Wait(ctx context.Context, chat int64, until func(sent []Message) bool) ([]Message, error) {
	for {
		s.mu.Lock()
		found := s.chats[chat]
		if found == nil {
			s.mu.Unlock()
			return nil, fmt.Errorf("telegramtest: there is no chat %d", chat)
		}
		sent := found.views(func(m *message) bool { return m.fromBot })
		if found.changed == nil {
			found.changed = make(chan struct{})
		}
		changed := found.changed
		s.mu.Unlock()
		if until(sent) {
			return sent, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return sent, fmt.Errorf("telegramtest: %w while waiting in chat %d, where there is:\n%s", ctx.Err(), chat, s.Conversation(chat))
		}
	}
}

// WaitReply waits until the bot has sent at least n messages to a chat since
// the beginning, and gives all of them.
func (s *Server) WaitReply(ctx context.Context, chat int64, n int) ([]Message, error) {
	return s.Wait(ctx, chat, func(sent []Message) bool { return len(sent) >= n })
}

// event is something that happened in a chat and shows in its Conversation.
type event struct {
	kind     eventKind
	message  *message
	by       *person
	text     string
	keyboard keyboard
	id       int64
}

type eventKind int

const (
	eventMessage eventKind = iota
	eventEdit
	eventDelete
	eventPress
	eventToast
	eventReaction
	eventNote
)

// Conversation renders what happened in a chat as plain text for golden files:
// every message with its number, buttons in brackets, then edits, deletions and
// presses in their order. It holds no times and no ids that change from run to
// run.
func (s *Server) Conversation(chat int64) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := s.chats[chat]
	if found == nil {
		return ""
	}
	var out strings.Builder
	for _, e := range found.events {
		e.render(&out, s)
	}
	return out.String()
}

func (e event) render(out *strings.Builder, s *Server) {
	switch e.kind {
	case eventMessage:
		m := e.message
		text, buttons := m.text, m.keyboard
		if len(m.edits) > 0 {
			text, buttons = m.edits[0].Text, m.edits[0].Buttons
		}
		fmt.Fprintf(out, "#%d %s", m.id, s.author(m))
		if m.replyTo != 0 {
			fmt.Fprintf(out, " (to #%d)", m.replyTo)
		}
		if m.silent {
			out.WriteString(" (silent)")
		}
		if what := m.what(); what != "" {
			fmt.Fprintf(out, " [%s]", what)
		}
		out.WriteString(":\n")
		block(out, text, buttons)
	case eventEdit:
		fmt.Fprintf(out, "#%d %s, edited:\n", e.message.id, s.author(e.message))
		block(out, e.text, e.keyboard)
	case eventDelete:
		fmt.Fprintf(out, "#%d is deleted\n", e.message.id)
	case eventPress:
		fmt.Fprintf(out, "%s presses [%s] of #%d\n", e.by.first, e.text, e.id)
	case eventToast:
		fmt.Fprintf(out, "%s shows for a moment: %s\n", s.options.Name, e.text)
	case eventReaction:
		fmt.Fprintf(out, "%s reacts to #%d: %s\n", s.options.Name, e.message.id, e.text)
	case eventNote:
		fmt.Fprintf(out, "(%s)\n", e.text)
	}
}

func (s *Server) author(m *message) string {
	if m.fromBot {
		return s.options.Name
	}
	return m.from.first
}

// what says in a word what a message is besides its text.
func (m *message) what() string {
	kind, _, _ := strings.Cut(strings.TrimPrefix(string(m.media), `"`), `"`)
	if m.upload != nil && m.upload.Name != "" {
		kind += " " + m.upload.Name
	}
	if m.origin != nil {
		kind = strings.TrimSpace("forwarded " + kind)
	}
	return kind
}

// block writes a text and its buttons, indented.
func block(out *strings.Builder, text string, buttons keyboard) {
	if text != "" {
		for line := range strings.SplitSeq(text, "\n") {
			out.WriteString(strings.TrimRight("    "+line, " ") + "\n")
		}
	}
	for _, row := range buttons {
		out.WriteString("   ")
		for _, b := range row {
			fmt.Fprintf(out, " [%s]", b.Label)
			if b.URL != "" {
				fmt.Fprintf(out, "(%s)", b.URL)
			}
		}
		out.WriteString("\n")
	}
}
