package telegramtest

import (
	"strconv"
	"strings"
)

// outgoing is what all calls that send a message have in common.
type outgoing struct {
	text      formatted
	keyboard  keyboard
	reply     replyParam
	noPreview bool
}

type replyParam struct {
	messageID int64
	lenient   bool
	quote     string
}

// outgoingParams reads the arguments that do not depend on the state of the
// chat, before the server is locked.
func outgoingParams(c *call, text formatted) (outgoing, error) {
	out := outgoing{text: text}
	var err error
	if out.keyboard, err = keyboardParam(c); err != nil {
		return out, err
	}
	if out.noPreview, err = previewsOff(c); err != nil {
		return out, err
	}
	out.reply, err = replyTo(c)
	return out, err
}

func replyTo(c *call) (replyParam, error) {
	var r replyParam
	raw := c.params.bytes("reply_parameters")
	if len(raw) == 0 {
		r.messageID = c.params.int("reply_to_message_id", 0)
		r.lenient = c.params.bool("allow_sending_without_reply")
		return r, nil
	}
	in := scanner{data: raw}
	in.object(func(field string) {
		switch field {
		case "message_id":
			r.messageID, _ = strconv.ParseInt(string(in.raw()), 10, 64) // none is 0, which means none
		case "allow_sending_without_reply":
			r.lenient = in.truth()
		case "quote":
			r.quote = in.optional()
		default:
			in.skip(0)
		}
	})
	if !in.end() {
		return r, badRequest("can't parse reply parameters JSON object")
	}
	return r, nil
}

// previewsOff says whether a call wants no previews of links.
func previewsOff(c *call) (bool, error) {
	raw := c.params.bytes("link_preview_options")
	if len(raw) == 0 {
		return c.params.bool("disable_web_page_preview"), nil
	}
	off := false
	in := scanner{data: raw}
	in.object(func(field string) {
		if field == "is_disabled" {
			off = in.truth()
		} else {
			in.skip(0)
		}
	})
	if !in.end() {
		return off, badRequest("can't parse link preview options JSON object")
	}
	return off, nil
}

// deliver puts a message of the bot into its chat and writes it as the result.
// fill sets what is particular to its kind.
func (s *Server) deliver(c *call, out outgoing, fill func(*message)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	to, err := s.writable(c)
	if err != nil {
		return err
	}
	m := &message{
		chat: to, fromBot: true, date: s.options.Now(),
		text: out.text.text, entities: out.text.entities, source: out.text.source, parseMode: out.text.mode,
		keyboard: out.keyboard, silent: c.params.bool("disable_notification"), noPreview: out.noPreview,
	}
	if err := s.reply(m, out.reply); err != nil {
		return err
	}
	if err := s.admit(to.id, to.group()); err != nil {
		return err
	}
	if fill != nil {
		fill(m)
	}
	if s.options.KeepNothing {
		s.lastID++
		m.id = s.lastID
	} else {
		to.add(m)
	}
	m.write(&c.result, s, true)
	return nil
}

// reply checks what a message says it replies to.
func (s *Server) reply(m *message, to replyParam) error {
	if to.messageID == 0 || s.options.KeepNothing {
		return nil
	}
	replied := m.chat.find(to.messageID)
	if replied == nil {
		if to.lenient {
			return nil
		}
		return badRequest("message to be replied not found")
	}
	if to.quote != "" && !strings.Contains(replied.text, to.quote) {
		return badRequest("QUOTE_TEXT_INVALID")
	}
	m.replyTo, m.quote = to.messageID, to.quote
	return nil
}

func (s *Server) sendMessage(c *call) error {
	text, err := textParam(c)
	if err != nil {
		return err
	}
	out, err := outgoingParams(c, text)
	if err != nil {
		return err
	}
	return s.deliver(c, out, nil)
}

// own finds a message of the bot that a call wants to change.
func (s *Server) own(c *call) (*message, error) {
	if len(c.params.bytes("inline_message_id")) > 0 {
		return nil, badRequest("MESSAGE_ID_INVALID")
	}
	to, err := s.writable(c)
	if err != nil {
		return nil, err
	}
	id := c.params.int("message_id", 0)
	if s.options.KeepNothing {
		return &message{id: id, chat: to, fromBot: true, date: s.options.Now()}, s.admit(to.id, to.group())
	}
	m := to.find(id)
	if m == nil {
		return nil, badRequest("message to edit not found")
	}
	if !m.fromBot {
		return nil, badRequest("message can't be edited")
	}
	return m, s.admit(to.id, to.group())
}

const notModified = "message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message"

func (s *Server) editMessageText(c *call) error {
	text, err := textParam(c)
	if err != nil {
		return err
	}
	out, err := outgoingParams(c, text)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	m, err := s.own(c)
	if err != nil {
		return err
	}
	if m.captioned {
		return badRequest("there is no text in the message to edit")
	}
	if m.same(text, out.keyboard) {
		return badRequest(notModified)
	}
	m.noPreview = out.noPreview
	s.change(m, text, out.keyboard)
	m.write(&c.result, s, true)
	return nil
}

func (s *Server) editMessageReplyMarkup(c *call) error {
	k, err := keyboardParam(c)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	m, err := s.own(c)
	if err != nil {
		return err
	}
	if m.keyboard.equal(k) && !s.options.KeepNothing {
		return badRequest(notModified)
	}
	s.change(m, formatted{m.source, m.parseMode, m.text, m.entities}, k)
	m.write(&c.result, s, true)
	return nil
}

// change replaces what a message says and remembers what it said before.
func (s *Server) change(m *message, text formatted, k keyboard) {
	if s.options.KeepNothing {
		m.text, m.entities = text.text, text.entities
		return
	}
	m.edits = append(m.edits, Edit{Text: m.text, HTML: m.source, Buttons: m.keyboard, Until: s.options.Now()})
	m.text, m.entities, m.source, m.parseMode, m.keyboard = text.text, text.entities, text.source, text.mode, k
	m.edited = s.options.Now()
	m.chat.events = append(m.chat.events, event{kind: eventEdit, message: m, text: m.text, keyboard: k})
	m.chat.touch()
}

func (s *Server) deleteMessage(c *call) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	to, err := s.writable(c)
	if err != nil {
		return err
	}
	m := to.find(c.params.int("message_id", 0))
	switch {
	case s.options.KeepNothing:
	case m == nil:
		return badRequest("message to delete not found")
	case !m.fromBot && to.group():
		return badRequest("message can't be deleted")
	default:
		m.deleted = true
		to.events = append(to.events, event{kind: eventDelete, message: m})
		to.touch()
	}
	return c.done()
}

// done writes the result true.
func (c *call) done() error {
	c.result.buf = append(c.result.buf, "true"...)
	return nil
}

func (s *Server) sendChatAction(c *call) error {
	switch c.params.str("action") {
	case "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document",
		"choose_sticker", "find_location", "record_video_note", "upload_video_note", "cancel":
	default:
		return badRequest("wrong parameter action in request")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	to, err := s.writable(c)
	if err != nil {
		return err
	}
	to.typing++
	to.touch()
	return c.done()
}
