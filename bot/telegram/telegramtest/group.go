package telegramtest

// Group is a group of people that the bot is a member of.
type Group struct {
	server  *Server
	chat    *chat
	creator *person
}

// Group makes a group, or a supergroup for an id of -100…, and puts the bot
// into it: the bot hears of that.
func (s *Server) Group(id int64, title string, by *User) *Group {
	s.mu.Lock()
	defer s.mu.Unlock()
	kind := group
	if id < -1_000_000_000_000 {
		kind = supergroup
	}
	c := &chat{id: id, kind: kind, title: title, members: map[int64]string{by.person.id: "creator"}, started: true}
	s.chats[id] = c
	s.joined(c, by.person, "left", "member")
	return &Group{server: s, chat: c, creator: by.person}
}

// Chat is the id of the group.
func (g *Group) Chat() int64 { return g.chat.id }

// joined delivers a change of the bot's own membership.
func (s *Server) joined(c *chat, by *person, before, after string) {
	var o object
	o.object("my_chat_member", func() {
		o.object("chat", func() { c.write(&o) })
		o.object("from", func() { by.write(&o) })
		o.int("date", s.unix())
		for _, m := range []struct{ field, status string }{{"old_chat_member", before}, {"new_chat_member", after}} {
			o.object(m.field, func() { s.writeMember(&o, s.botPerson(), m.status) })
		}
	})
	c.events = append(c.events, event{kind: eventNote, text: s.options.Name + ": " + before + " → " + after})
	s.push(Update{Chat: c.id, Kind: "my_chat_member", Body: o.buf})
	c.touch()
}

func (s *Server) writeMember(o *object, p *person, status string) {
	o.object("user", func() { p.write(o) })
	o.str("status", status)
	switch status {
	case "kicked":
		o.int("until_date", 0)
	case "creator":
		o.bool("is_anonymous", false)
	}
}

// Kicks throws the bot out of a group.
func (g *Group) Kicks(by *User) {
	s := g.server
	s.mu.Lock()
	defer s.mu.Unlock()
	g.chat.barred = forbidden("bot was kicked from the " + g.chat.kind + " chat")
	s.joined(g.chat, by.person, "member", "kicked")
}

// Adds puts the bot into a group again.
func (g *Group) Adds(by *User) {
	s := g.server
	s.mu.Lock()
	defer s.mu.Unlock()
	g.chat.barred = nil
	s.joined(g.chat, by.person, "left", "member")
}

// Migrates turns a group into a supergroup with a new id, by its creator. Calls with the old id
// are told the new one.
func (g *Group) Migrates(id int64) *Group {
	s := g.server
	s.mu.Lock()
	defer s.mu.Unlock()
	next := &chat{id: id, kind: supergroup, title: g.chat.title, members: g.chat.members, started: true}
	s.chats[id] = next
	s.service(g.chat, g.creator, "migrate_to_chat_id", id)
	s.service(next, g.creator, "migrate_from_chat_id", g.chat.id)
	g.chat.migrated = id
	return &Group{server: s, chat: next, creator: g.creator}
}

// service puts a message into a chat that Telegram writes in somebody's name.
func (s *Server) service(c *chat, by *person, field string, value int64) {
	var o object
	o.int(field, value)
	m := &message{from: by, date: s.options.Now(), media: o.buf}
	c.add(m)
	var body object
	body.key("message")
	m.write(&body, s, false)
	m.update = s.push(Update{Chat: c.id, Kind: "message", Body: body.buf})
}

// Blocks makes the user block the bot.
func (u *User) Blocks() {
	u.server.mu.Lock()
	defer u.server.mu.Unlock()
	u.chat.barred = forbidden("bot was blocked by the user")
	u.server.joined(u.chat, u.person, "member", "kicked")
}

// Unblocks takes the block back.
func (u *User) Unblocks() {
	u.server.mu.Lock()
	defer u.server.mu.Unlock()
	u.chat.barred = nil
	u.server.joined(u.chat, u.person, "kicked", "member")
}

// Vanishes deletes the user's account. Nobody tells the bot.
func (u *User) Vanishes() {
	u.server.mu.Lock()
	defer u.server.mu.Unlock()
	u.chat.barred = forbidden("user is deactivated")
}

func (s *Server) getChat(c *call) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	found, err := s.chatOf(c)
	if err != nil {
		return err
	}
	o := &c.result
	o.open()
	found.write(o)
	o.int("accent_color_id", int64(uint64(found.id)%7))
	o.int("max_reaction_count", 11)
	o.object("accepted_gift_types", func() {
		for _, kind := range []string{"unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"} {
			o.bool(kind, false)
		}
	})
	if found.group() {
		o.object("permissions", func() { o.bool("can_send_messages", true) })
	}
	o.close()
	return nil
}

func (s *Server) getChatMember(c *call) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	found, err := s.chatOf(c)
	if err != nil {
		return err
	}
	id := c.params.int("user_id", 0)
	p, status := s.users[id], "left"
	switch {
	case id == s.botID:
		p = s.botPerson()
		if found.barred == nil {
			status = "member"
		}
	case found.person != nil && found.person.id == id:
		status = "member"
	case found.members[id] != "":
		status = found.members[id]
	}
	if p == nil {
		return badRequest("invalid user_id specified")
	}
	c.result.open()
	s.writeMember(&c.result, p, status)
	c.result.close()
	return nil
}

func (s *Server) leaveChat(c *call) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	found, err := s.writable(c)
	if err != nil {
		return err
	}
	if !found.group() {
		return badRequest("chat member status can't be changed in private chats")
	}
	found.barred = forbidden("bot is not a member of the " + found.kind + " chat")
	s.joined(found, s.botPerson(), "member", "left")
	return c.done()
}
