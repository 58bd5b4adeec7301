package telegramtest

import (
	"context"
	"fmt"
	"hash/crc32"
	"strconv"
)

// User is a person in one chat with the bot: their private one, or a group
// after In. Its methods do what the person does and deliver it to the bot.
type User struct {
	server *Server
	person *person
	chat   *chat
}

// User gives the person with this id, who speaks the language of the code
// ("ru", "kk", or empty). The first call makes them; the bot cannot write to
// them before they have written to it.
func (s *Server) User(id int64, lang string) *User {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.users[id]
	if p == nil {
		p = &person{id: id, first: "User " + strconv.FormatInt(id, 10)}
		s.users[id] = p
		s.chats[id] = &chat{id: id, kind: private, person: p}
	}
	p.lang = lang
	return &User{server: s, person: p, chat: s.chats[id]}
}

// Named changes how the person is called. username may be empty.
func (u *User) Named(first, last, username string) *User {
	u.server.mu.Lock()
	defer u.server.mu.Unlock()
	u.person.first, u.person.last, u.person.username = first, last, username
	return u
}

// In gives the same person in a group, of which they become a member.
func (u *User) In(g *Group) *User {
	u.server.mu.Lock()
	defer u.server.mu.Unlock()
	if g.chat.members[u.person.id] == "" {
		g.chat.members[u.person.id] = "member"
	}
	return &User{server: u.server, person: u.person, chat: g.chat}
}

// Chat is the id of the chat that the user acts in.
func (u *User) Chat() int64 { return u.chat.id }

// Sends writes a text.
func (u *User) Sends(text string, options ...Option) Message {
	return u.Posts(Text(text), options...)
}

// Posts sends content of any kind.
func (u *User) Posts(c Content, options ...Option) Message {
	u.server.mu.Lock()
	defer u.server.mu.Unlock()
	return u.posts(c, options)
}

// Forwards forwards messages of one origin, one after the other without a
// pause.
func (u *User) Forwards(from Origin, contents ...Content) []Message {
	u.server.mu.Lock()
	defer u.server.mu.Unlock()
	var sent []Message
	for _, c := range contents {
		sent = append(sent, u.posts(c, []Option{Forwarded(from)}))
	}
	return sent
}

// SendsAlbum sends photos, videos or documents as one album, which reach the
// bot as messages of their own.
func (u *User) SendsAlbum(contents []Content, options ...Option) []Message {
	u.server.mu.Lock()
	defer u.server.mu.Unlock()
	u.server.lastID++
	options = append(options, inAlbum(u.server.lastID))
	var sent []Message
	for _, c := range contents {
		sent = append(sent, u.posts(c, options))
	}
	return sent
}

func (u *User) posts(c Content, options []Option) Message {
	s := u.server
	if c.broken != nil {
		c.text = "telegramtest: " + c.broken.Error()
	}
	m := &message{from: u.person, date: s.options.Now(), text: c.text, entities: c.entities, captioned: c.caption}
	if c.media != nil {
		var o object
		c.media(s, &o)
		m.media = o.buf
	}
	for _, option := range options {
		option(m)
	}
	u.chat.started = true
	u.chat.add(m)
	if !u.visible(m) {
		return m.view()
	}
	m.update = s.push(u.update("message", m))
	return m.view()
}

func (u *User) update(kind string, m *message) Update {
	var o object
	o.key(kind)
	m.write(&o, u.server, true)
	return Update{Chat: u.chat.id, Kind: kind, Body: o.buf}
}

// visible says whether the bot gets a message: in groups only commands and
// replies to itself, unless it reads everything.
func (u *User) visible(m *message) bool {
	switch {
	case u.chat.barred != nil:
		return u.chat.person != nil // a group that the bot is not in
	case !u.chat.group() || u.server.options.ReadsGroups:
		return true
	}
	if replied := u.chat.find(m.replyTo); replied != nil && replied.fromBot {
		return true
	}
	for _, e := range m.entities {
		if e.Type == "bot_command" && e.Offset == 0 {
			return true
		}
	}
	return false
}

// Edits changes the text or caption of a message that the user has sent.
func (u *User) Edits(sent Message, text string) Message {
	s := u.server
	s.mu.Lock()
	defer s.mu.Unlock()
	m := u.chat.find(sent.ID)
	if m == nil || m.fromBot {
		return sent
	}
	s.change(m, formatted{text: text, entities: detect(text)}, m.keyboard)
	if u.visible(m) {
		m.update = s.push(u.update("edited_message", m))
	}
	return m.view()
}

// Presses presses the newest button of the bot with this label or data. It is
// an error when there is none, or when it is not one that the bot hears of.
func (u *User) Presses(button string) (Press, error) {
	u.server.mu.Lock()
	defer u.server.mu.Unlock()
	m, b, ok := u.chat.button(button)
	if !ok {
		return Press{}, fmt.Errorf("telegramtest: there is no button %q in chat %d", button, u.chat.id)
	}
	if b.Data == "" {
		return Press{}, fmt.Errorf("telegramtest: the bot does not hear of presses of %q", button)
	}
	return u.server.pressed(u.chat, u.person, m.id, b.Label, b.Data), nil
}

// PressesData sends any callback data as if it came from a button of a message,
// known or not: stale and forged presses.
func (u *User) PressesData(messageID int64, data string) Press {
	u.server.mu.Lock()
	defer u.server.mu.Unlock()
	return u.server.pressed(u.chat, u.person, messageID, "?", data)
}

// Awaits waits until the bot has sent n messages to the chat beyond those that
// earlier calls gave out, and gives these n.
func (u *User) Awaits(ctx context.Context, n int) ([]Message, error) {
	s := u.server
	s.mu.Lock()
	from := u.chat.seen
	u.chat.seen += n
	s.mu.Unlock()
	sent, err := s.WaitReply(ctx, u.chat.id, from+n)
	if err != nil {
		return nil, err
	}
	return sent[from : from+n], nil
}

// Reacts puts an emoji on a message.
func (u *User) Reacts(to Message, emoji string) Update {
	s := u.server
	s.mu.Lock()
	defer s.mu.Unlock()
	var o object
	o.object("message_reaction", func() {
		o.object("chat", func() { u.chat.write(&o) })
		o.int("message_id", to.ID)
		o.object("user", func() { u.person.write(&o) })
		o.int("date", s.unix())
		o.array("old_reaction", func() {})
		o.array("new_reaction", func() {
			o.element(func() {
				o.str("type", "emoji")
				o.str("emoji", emoji)
			})
		})
	})
	return s.push(Update{Chat: u.chat.id, Kind: "message_reaction", Body: o.buf})
}

// TextUpdate is an update with a text of somebody of whom the server keeps
// nothing, for Feed. unix is its date.
func TextUpdate(user int64, lang, text string, unix int64) Update {
	p := &person{id: user, first: "User", lang: lang}
	var o object
	o.object("message", func() {
		o.int("message_id", int64(crc32.ChecksumIEEE([]byte(text))>>1)+1) // another one for another text
		o.object("from", func() { p.write(&o) })
		o.object("chat", func() { (&chat{id: user, kind: private, person: p}).write(&o) })
		o.int("date", unix)
		o.str("text", text)
		writeEntities(&o, "entities", detect(text))
	})
	return Update{Chat: user, Kind: "message", Body: o.buf}
}
