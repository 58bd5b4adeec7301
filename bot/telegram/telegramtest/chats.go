package telegramtest

import (
	"strconv"
	"time"
)

// The kinds of chats.
const (
	private    = "private"
	group      = "group"
	supergroup = "supergroup"
)

// person is somebody with an account.
type person struct {
	id          int64
	first, last string
	username    string
	lang        string
	bot         bool
}

func (p *person) write(o *object) {
	o.int("id", p.id)
	o.bool("is_bot", p.bot)
	o.str("first_name", p.first)
	o.text("last_name", p.last)
	o.text("username", p.username)
	o.text("language_code", p.lang)
}

// chat is one conversation of the bot.
type chat struct {
	id       int64
	kind     string
	title    string  // of a group
	person   *person // of a private chat
	members  map[int64]string
	messages []*message // all, by id
	events   []event    // what happened, in order
	lastID   int64
	replies  int // messages that the bot has sent
	seen     int // of those, how many User.Awaits has given out
	typing   int // chat actions

	started  bool  // the person has written to the bot
	barred   error // why the bot may not write, nil: it may
	migrated int64 // the supergroup that a group became
	changed  chan struct{}
}

func (c *chat) group() bool { return c.kind != private }

// write writes the fields of the Chat object.
func (c *chat) write(o *object) {
	o.int("id", c.id)
	if c.person != nil {
		o.str("first_name", c.person.first)
		o.text("last_name", c.person.last)
		o.text("username", c.person.username)
	} else {
		o.text("title", c.title)
	}
	o.str("type", c.kind)
}

// touch tells those who wait for something to happen in the chat.
func (c *chat) touch() {
	if c.changed != nil {
		close(c.changed)
		c.changed = nil
	}
}

// find gives a message of the chat that was not deleted.
func (c *chat) find(id int64) *message {
	if id < 1 || id > int64(len(c.messages)) {
		return nil
	}
	if m := c.messages[id-1]; !m.deleted {
		return m
	}
	return nil
}

// add puts a message into the chat under the next id.
func (c *chat) add(m *message) {
	c.lastID++
	m.id, m.chat = c.lastID, c
	c.messages = append(c.messages, m)
	if m.fromBot {
		c.replies++
	}
	c.events = append(c.events, event{kind: eventMessage, message: m})
	c.touch()
}

// chatOf finds the chat of a call, without asking whether the bot may write
// there. The server is locked.
func (s *Server) chatOf(c *call) (*chat, error) {
	raw := c.params.bytes("chat_id")
	if len(raw) == 0 {
		return nil, badRequest("chat_id is empty")
	}
	id, err := strconv.ParseInt(string(raw), 10, 64)
	if err != nil {
		return nil, badRequest("chat not found")
	}
	if known := s.chats[id]; known != nil {
		return known, nil
	}
	if s.options.KeepNothing && id > 0 {
		p := &person{id: id, first: "User"}
		return &chat{id: id, kind: private, person: p, started: true}, nil
	}
	return nil, badRequest("chat not found")
}

// writable finds the chat of a call and whether the bot may write there.
func (s *Server) writable(c *call) (*chat, error) {
	found, err := s.chatOf(c)
	switch {
	case err != nil:
		return nil, err
	case found.migrated != 0:
		return nil, &apiError{code: 400, description: "Bad Request: group chat was upgraded to a supergroup chat", migrateTo: found.migrated}
	case found.barred != nil:
		return nil, found.barred
	case found.person != nil && !found.started:
		return nil, forbidden("bot can't initiate conversation with a user")
	}
	return found, nil
}

func (s *Server) botUser() []byte {
	var o object
	o.open()
	s.botPerson().write(&o)
	o.close()
	return o.buf
}

func (s *Server) botPerson() *person {
	return &person{id: s.botID, first: s.options.Name, username: s.options.Username, bot: true}
}

func (s *Server) getMe(c *call) error {
	o := &c.result
	o.open()
	s.botPerson().write(o)
	o.bool("can_join_groups", true)
	o.bool("can_read_all_group_messages", s.options.ReadsGroups)
	o.bool("supports_guest_queries", false)
	o.bool("supports_join_request_queries", false)
	o.bool("supports_inline_queries", false)
	o.bool("can_connect_to_business", false)
	o.bool("has_main_web_app", false)
	o.bool("has_topics_enabled", false)
	o.bool("allows_users_to_create_topics", false)
	o.bool("can_manage_bots", false)
	o.close()
	return nil
}

// unix is the server's time as dates are given in the Bot API.
func (s *Server) unix() int64 { return s.options.Now().Unix() }

func seconds(n int64) time.Duration { return time.Duration(n) * time.Second }
