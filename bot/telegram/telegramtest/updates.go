package telegramtest

import (
	"encoding/json"
	"slices"
	"sort"
	"strings"
)

// Update is one update as the bot gets it.
type Update struct {
	ID   int64  // update_id
	Chat int64  // conversation that it belongs to, 0 for none
	Kind string // the field that is set: "message", "callback_query" …
	Body []byte // the fields of the Update object besides update_id, without braces
}

func (u *Update) write(o *object) {
	o.element(func() {
		o.int("update_id", u.ID)
		if len(u.Body) > 0 {
			o.buf = append(o.comma(), u.Body...)
		}
	})
}

// source makes updates when the bot asks for them.
type source struct {
	left, next int
	make       func(i int) Update
}

// queue holds the updates that the bot has not confirmed.
type queue struct {
	lastID  int64
	pending []*Update // by id
	again   []*Update // to be delivered once more whatever the offset says
	sources []*source
	allowed []string      // kinds that the bot asked for, nil: the usual ones
	arrived chan struct{} // closed when something arrives
	rival   chan string   // tells the waiting poll why it ends
}

// firstUpdate is the id of the first update: like the real ones it is neither
// 0 nor small.
const firstUpdate = 700_000_001

func (q *queue) start() {
	q.lastID = firstUpdate - 1
	q.arrived = make(chan struct{})
}

// wants says whether the bot asked for updates of a kind. Three kinds have to
// be asked for by name.
func (q *queue) wants(kind string) bool {
	if q.allowed == nil {
		return kind != "chat_member" && kind != "message_reaction" && kind != "message_reaction_count"
	}
	return slices.Contains(q.allowed, kind)
}

// allow takes the allowed_updates of a call: absent leaves them as they are, an
// empty list means the usual kinds.
func (q *queue) allow(c *call) {
	raw := c.params.bytes("allowed_updates")
	if len(raw) == 0 {
		return
	}
	var kinds []string
	if json.Unmarshal(raw, &kinds) != nil {
		return // the real server passes over what it cannot read
	}
	q.allowed = nil
	if len(kinds) > 0 {
		q.allowed = kinds
	}
}

// fill makes updates from the sources until so many wait.
func (q *queue) fill(want int) {
	for len(q.pending) < want && len(q.sources) > 0 {
		q.pending = append(q.pending, q.draw())
	}
}

// draw makes the next update of the first source.
func (q *queue) draw() *Update {
	from := q.sources[0]
	u := from.make(from.next)
	from.next++
	if from.left--; from.left == 0 {
		q.sources = q.sources[1:]
	}
	q.lastID++
	u.ID = q.lastID
	return &u
}

// confirm drops the updates that the bot's offset passes over. A negative
// offset keeps only the last ones.
func (q *queue) confirm(offset int64) {
	switch {
	case offset > 0:
		n := sort.Search(len(q.pending), func(i int) bool { return q.pending[i].ID >= offset })
		q.drop(n)
	case offset < 0 && -offset < int64(len(q.pending)):
		q.drop(len(q.pending) + int(offset))
	}
}

// drop forgets the first n updates, and lets their memory go.
func (q *queue) drop(n int) {
	clear(q.pending[:n])
	q.pending = q.pending[n:]
	if len(q.pending) == 0 {
		q.pending = nil
	}
}

// wake tells those who wait for updates. The server is locked.
func (q *queue) wake() {
	close(q.arrived)
	q.arrived = make(chan struct{})
}

// push gives an update its id and puts it into the queue, unless the bot did
// not ask for its kind. The server is locked.
func (s *Server) push(u Update) Update {
	if !s.queue.wants(u.Kind) {
		return u
	}
	return s.force(u)
}

// force is push without asking whether the bot wants the kind.
func (s *Server) force(u Update) Update {
	s.queue.lastID++
	u.ID = s.queue.lastID
	if s.hook != nil {
		s.hook.add(&u)
	} else {
		s.queue.pending = append(s.queue.pending, &u)
	}
	s.queue.wake()
	return u
}

// Inject delivers an update of any kind, known or not, to the bot: the JSON of
// an Update object without update_id, such as `{"poll_answer":{…}}`. chat is
// the conversation with which it is kept in order, 0 for none.
func (s *Server) Inject(chat int64, raw string) Update {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.force(updateOf(chat, raw))
}

// updateOf takes the braces off a raw update and finds its kind.
func updateOf(chat int64, raw string) Update {
	raw = strings.TrimSpace(raw)
	body := strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(raw, "{"), "}"))
	kind, _, _ := strings.Cut(strings.TrimPrefix(body, `"`), `"`)
	return Update{Chat: chat, Kind: kind, Body: []byte(body)}
}

// Redeliver gives the bot an update once more under its old id, as Telegram
// may after an answer of the bot was lost, even when the bot confirmed it.
func (s *Server) Redeliver(u Update) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.hook != nil {
		s.hook.add(&u)
	} else {
		s.queue.again = append(s.queue.again, &u)
	}
	s.queue.wake()
}

// Feed gives the bot n updates, which are made one by one as it takes them, so
// that a million of them need no memory. make gets 0 … n-1 and sets everything
// but the id; it is called with the server locked and must not use it.
func (s *Server) Feed(n int, make func(i int) Update) {
	if n <= 0 {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queue.sources = append(s.queue.sources, &source{left: n, make: make})
	if s.hook != nil {
		s.hook.pull()
	}
	s.queue.wake()
}

// Pending is how many updates the bot has not confirmed, those of Feed
// included.
func (s *Server) Pending() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.pending()
}

func (s *Server) pending() int {
	n := len(s.queue.pending) + len(s.queue.again)
	for _, from := range s.queue.sources {
		n += from.left
	}
	if s.hook != nil {
		n += s.hook.waiting
	}
	return n
}

// getUpdates waits for updates and hands them over. They stay until a later
// call confirms them by its offset. Of two polls at once the older one ends
// with 409.
func (s *Server) getUpdates(c *call) error {
	offset := c.params.int("offset", 0)
	limit := int(min(max(c.params.int("limit", 100), 1), 100))
	timeout := min(max(c.params.int("timeout", 0), 0), 50) // seconds
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.hook != nil {
		return &apiError{code: 409, description: "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"}
	}
	s.queue.allow(c)
	s.queue.confirm(offset)
	if s.handOver(c, limit) || timeout == 0 {
		return s.finish(c)
	}
	s.abortPoll("Conflict: terminated by other getUpdates request; make sure that only one bot instance is running")
	rival := make(chan string, 1)
	s.queue.rival = rival
	expired := s.options.After(seconds(timeout))
	for {
		arrived := s.queue.arrived
		s.mu.Unlock()
		reason, over := "", false
		select {
		case <-arrived:
		case reason = <-rival:
		case <-expired:
			over = true
		case <-c.ctx.Done():
			over = true
		case <-s.ctx.Done():
			over = true
		}
		s.mu.Lock()
		if reason != "" {
			return &apiError{code: 409, description: reason}
		}
		if over || s.queue.rival == rival && s.handOver(c, limit) {
			if s.queue.rival == rival {
				s.queue.rival = nil
			}
			if c.ctx.Err() != nil {
				return c.ctx.Err()
			}
			return s.finish(c)
		}
	}
}

// finish writes an empty list where nothing was handed over.
func (s *Server) finish(c *call) error {
	if c.result.buf[len(c.result.buf)-1] == ':' {
		c.result.buf = append(c.result.buf, "[]"...)
	}
	return nil
}

// handOver writes the updates that wait, if any.
func (s *Server) handOver(c *call, limit int) bool {
	s.queue.fill(limit)
	now := min(limit, len(s.queue.pending))
	if now == 0 && len(s.queue.again) == 0 {
		return false
	}
	c.result.buf = append(c.result.buf, '[')
	for _, u := range s.queue.again {
		u.write(&c.result)
	}
	s.queue.again = nil
	for _, u := range s.queue.pending[:now] {
		u.write(&c.result)
	}
	c.result.buf = append(c.result.buf, ']')
	return true
}

// abortPoll ends the poll that waits, if any.
func (s *Server) abortPoll(reason string) {
	if s.queue.rival != nil {
		s.queue.rival <- reason
		s.queue.rival = nil
	}
}
