package telegramtest

import (
	"encoding/json"
	"strconv"
	"strings"
)

// press is one press of a button.
type press struct {
	chat     *chat
	message  int64
	answered bool
	toast    string
	alert    bool
}

func (s *Server) answerCallbackQuery(c *call) error {
	text := c.params.str("text")
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.options.KeepNothing {
		return c.done()
	}
	p := s.presses[c.params.str("callback_query_id")]
	if p == nil {
		return badRequest("query is too old and response timeout expired or query ID is invalid")
	}
	if utf16Len(text) > 200 {
		return badRequest("MESSAGE_TOO_LONG")
	}
	p.answered, p.toast, p.alert = true, text, c.params.bool("show_alert")
	if text != "" {
		p.chat.events = append(p.chat.events, event{kind: eventToast, text: text})
	}
	p.chat.touch()
	return c.done()
}

// setMessageReaction puts the bot's emoji on a message.
func (s *Server) setMessageReaction(c *call) error {
	var reactions []struct {
		Type  string `json:"type"`
		Emoji string `json:"emoji"`
	}
	if raw := c.params.bytes("reaction"); len(raw) > 0 {
		if json.Unmarshal(raw, &reactions) != nil {
			return badRequest("can't parse reaction types JSON object")
		}
	}
	if len(reactions) > 1 {
		return badRequest("REACTIONS_TOO_MANY")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	to, err := s.writable(c)
	if err != nil {
		return err
	}
	if s.options.KeepNothing {
		return c.done()
	}
	m := to.find(c.params.int("message_id", 0))
	if m == nil {
		return badRequest("message to react not found")
	}
	m.reaction = ""
	if len(reactions) == 1 {
		if reactions[0].Type != "emoji" || reactions[0].Emoji == "" {
			return badRequest("REACTION_INVALID")
		}
		m.reaction = reactions[0].Emoji
	}
	to.events = append(to.events, event{kind: eventReaction, message: m, text: m.reaction})
	to.touch()
	return c.done()
}

// Press is what became of a press of a button.
type Press struct {
	ID     string // callback_query id
	Update Update
}

// Answered says whether the bot has acknowledged a press, with which words, and
// whether they came as an alert. Until it does, a clock turns on the button.
func (s *Server) Answered(p Press) (toast string, alert, answered bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if known := s.presses[p.ID]; known != nil {
		return known.toast, known.alert, known.answered
	}
	return "", false, false
}

// pressed delivers a press to the bot. The server is locked.
func (s *Server) pressed(to *chat, by *person, messageID int64, label, data string) Press {
	s.lastID++
	id := strconv.FormatInt(4382_0000_0000_0000_000+s.lastID, 10)
	s.presses[id] = &press{chat: to, message: messageID}
	var o object
	o.object("callback_query", func() {
		o.str("id", id)
		o.object("from", func() { by.write(&o) })
		if m := to.find(messageID); m != nil {
			o.key("message")
			m.write(&o, s, true)
		} else {
			o.object("message", func() {
				o.object("chat", func() { to.write(&o) })
				o.int("message_id", messageID)
				o.int("date", 0)
			})
		}
		o.str("chat_instance", strconv.FormatInt(-to.id*7919, 10))
		o.str("data", data)
	})
	to.events = append(to.events, event{kind: eventPress, by: by, text: label, id: messageID})
	to.touch()
	return Press{ID: id, Update: s.push(Update{Chat: to.id, Kind: "callback_query", Body: o.buf})}
}

// button finds the newest button of the bot in a chat by its label or data.
func (c *chat) button(name string) (*message, Button, bool) {
	for i := len(c.messages) - 1; i >= 0; i-- {
		m := c.messages[i]
		if !m.fromBot || m.deleted {
			continue
		}
		for _, row := range m.keyboard {
			for _, b := range row {
				if b.Label == name || b.Data == name || strings.TrimSpace(b.Label) == name {
					return m, b, true
				}
			}
		}
	}
	return nil, Button{}, false
}
