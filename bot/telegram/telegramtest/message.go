package telegramtest

import (
	"strings"
	"time"
)

// message is a message of a chat, of the bot or of somebody else.
type message struct {
	id        int64
	chat      *chat
	fromBot   bool
	from      *person // nil for the bot
	date      time.Time
	edited    time.Time
	text      string // or the caption
	entities  []Entity
	source    string // as the bot wrote it, before parse_mode
	parseMode string
	media     []byte // JSON fields of anything but text
	captioned bool   // text is a caption
	origin    []byte // forward_origin
	extra     []byte // further JSON fields
	keyboard  keyboard
	replyTo   int64
	quote     string
	album     string
	silent    bool
	noPreview bool
	upload    *Upload
	edits     []Edit
	deleted   bool
	reaction  string
	update    Update // that brought it to the bot
}

// write writes the message as a JSON object. What it replies to is written
// without its own reply, like on the real server.
func (m *message) write(o *object, s *Server, withReply bool) {
	o.open()
	o.int("message_id", m.id)
	if m.fromBot {
		o.raw("from", s.bot)
	} else {
		o.object("from", func() { m.from.write(o) })
	}
	o.object("chat", func() { m.chat.write(o) })
	o.int("date", m.date.Unix())
	if !m.edited.IsZero() {
		o.int("edit_date", m.edited.Unix())
	}
	if m.origin != nil {
		o.raw("forward_origin", m.origin)
	}
	if replied := m.chat.find(m.replyTo); replied != nil && withReply {
		o.key("reply_to_message")
		replied.write(o, s, false)
		if m.quote != "" {
			o.object("quote", func() {
				o.str("text", m.quote)
				o.int("position", int64(utf16Len(replied.text[:max(0, strings.Index(replied.text, m.quote))])))
				o.bool("is_manual", true)
			})
		}
	}
	o.text("media_group_id", m.album)
	if m.media != nil {
		o.buf = append(o.comma(), m.media...)
	}
	switch {
	case m.captioned && m.text != "":
		o.str("caption", m.text)
		writeEntities(o, "caption_entities", m.entities)
	case m.text != "":
		o.str("text", m.text)
		writeEntities(o, "entities", m.entities)
		if m.noPreview {
			o.raw("link_preview_options", []byte(`{"is_disabled":true}`))
		}
	}
	if m.extra != nil {
		o.buf = append(o.comma(), m.extra...)
	}
	if len(m.keyboard) > 0 {
		o.key("reply_markup")
		m.keyboard.write(o)
	}
	o.close()
}

func writeEntities(o *object, name string, entities []Entity) {
	if len(entities) == 0 {
		return
	}
	o.array(name, func() {
		for _, e := range entities {
			o.element(func() {
				o.int("offset", int64(e.Offset))
				o.int("length", int64(e.Length))
				o.str("type", e.Type)
				if e.Type == "text_link" {
					o.str("url", e.URL)
				}
				if e.Type == "pre" {
					o.text("language", e.Language)
				}
			})
		}
	})
}

// formatted is a text as a call gives it: written, parsed and measured.
type formatted struct {
	source, mode, text string
	entities           []Entity
}

// formattedParam reads a text or caption of a call in its parse_mode.
func formattedParam(c *call, name string) (formatted, error) {
	f := formatted{source: c.params.str(name), mode: c.params.str("parse_mode")}
	if !validText(f.source) {
		return f, badRequest("strings must be encoded in UTF-8")
	}
	var err error
	switch strings.ToLower(f.mode) {
	case "":
		f.text, f.entities = trim(f.source, nil)
	case "html":
		f.text, f.entities, err = parseHTML(f.source)
	case "markdown", "markdownv2":
		err = badRequest("telegramtest does not read Markdown")
	default:
		err = badRequest("unsupported parse_mode")
	}
	return f, err
}

// textParam reads the text of a message and holds it to the limits of one.
func textParam(c *call) (formatted, error) {
	if len(c.params.bytes("text")) == 0 {
		return formatted{}, badRequest("message text is empty")
	}
	f, err := formattedParam(c, "text")
	switch {
	case err != nil:
	case f.text == "":
		err = badRequest("text must be non-empty")
	case utf16Len(f.text) > 4096:
		err = badRequest("message is too long")
	}
	return f, err
}

// captionParam reads the caption of a file.
func captionParam(c *call) (formatted, error) {
	f, err := formattedParam(c, "caption")
	if err == nil && utf16Len(f.text) > 1024 {
		err = badRequest("message caption is too long")
	}
	return f, err
}

// same says whether an edit would change nothing that people see.
func (m *message) same(f formatted, k keyboard) bool {
	if m.text != f.text || len(m.entities) != len(f.entities) {
		return false
	}
	for i, e := range m.entities {
		if e != f.entities[i] {
			return false
		}
	}
	return m.keyboard.equal(k)
}
