package dispatch

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// state says where a chat is.
type state int8

const (
	parked  state = iota // nothing to do but to wait for the person's word
	waiting              // for its timer
	ready                // for a worker
	working              // a worker has it
)

// chat is what is known in memory of a chat with records in the inbox. The
// records themselves stay there. Chats without records are forgotten.
type chat struct {
	name  string
	state state

	// Messages that arrived since the last look at the inbox.
	first, last time.Time
	fresh       int
	urgent      bool // one of them does not wait
	front       bool // it is in the queue of the urgent
	again       bool // it is to be looked at once more when the worker is done

	later   time.Time // when earlier records are to be looked at again, or zero
	timer   *time.Timer
	load    int       // records that are to be answered, as far as they are known
	checked time.Time // last look at the inbox
	failed  int       // looks in a row that the store refused

	owed     []note              // what the store has yet to be told
	draft    *draft              // answer that could not be sent
	readings map[string]*reading // by case
}

// chats are all chats with something to do. One lock serves them all: it is
// held for moments, never while anything is called.
type chats struct {
	cfg   *Config
	pool  *pool[*chat]
	cases *pool[*judging]

	drafts atomic.Int64 // answers that are kept because they could not be sent

	mu      sync.Mutex
	all     map[string]*chat
	load    int // sum over the chats
	stopped bool
}

func newChats(cfg *Config, pool *pool[*chat], cases *pool[*judging]) *chats {
	return &chats{cfg: cfg, pool: pool, cases: cases, all: make(map[string]*chat)}
}

// get gives the chat, made if it is not there. s.mu is held.
func (s *chats) get(name string) *chat {
	c := s.all[name]
	if c == nil {
		c = &chat{name: name}
		s.all[name] = c
	}
	return c
}

// arrived notes an update of the chat that is in the inbox now.
func (s *chats) arrived(update Update, kind Kind) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.get(update.Chat)
	s.setLoad(c, c.load+1)
	if kind != Message {
		c.urgent = true
	}
	if c.fresh == 0 {
		c.first = update.At
	}
	c.fresh++
	c.last = update.At
	s.schedule(c)
}

// found notes a chat that has records in the inbox of which this process may
// not know. It says whether the chat was new.
func (s *chats) found(name string, now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, known := s.all[name]
	if s.stopped || s.load >= s.cfg.MaxWaiting || known && (c.state != parked || now.Sub(c.checked) < recheck) {
		return false
	}
	c = s.get(name)
	s.setLoad(c, max(c.load, 1))
	c.later = now
	s.schedule(c)
	return !known
}

// schedule sets when a worker looks at the chat. s.mu is held.
func (s *chats) schedule(c *chat) {
	if s.stopped {
		return
	}
	switch c.state {
	case working:
		c.again = true
		return
	case ready:
		if c.urgent && !c.front {
			c.front = true
			s.pool.push(c, true) // its place among the others is passed over then
		}
		return
	}
	wait, any := s.due(c, time.Now())
	switch {
	case !any:
		c.state = parked
	case wait <= slack:
		c.state, c.front = ready, c.urgent
		s.pool.push(c, c.urgent)
	default:
		c.state = waiting
		if c.timer == nil {
			c.timer = time.AfterFunc(wait, func() { s.ring(c) })
		} else {
			c.timer.Reset(wait)
		}
	}
}

// due says how long until the chat is to be looked at.
func (s *chats) due(c *chat, now time.Time) (wait time.Duration, any bool) {
	if c.urgent {
		return 0, true
	}
	if c.fresh > 0 {
		closes := planner{quiet: s.cfg.Quiet, longest: s.cfg.Longest}.close(c.first, c.last)
		wait, any = closes.Sub(now), true
		if c.fresh >= s.cfg.MaxBatch || wait > s.cfg.Longest { // the clock was set back
			return 0, true
		}
	}
	if !c.later.IsZero() {
		if until := c.later.Sub(now); !any || until < wait {
			wait, any = until, true
		}
	}
	return wait, any
}

// ring is the timer of a chat.
func (s *chats) ring(c *chat) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c.state == waiting && !s.stopped {
		s.schedule(c) // the time may have been put off since the timer was set
	}
}

// take gives a ready chat to a worker. It is false when another worker was
// quicker.
func (s *chats) take(c *chat) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c.state != ready || s.stopped {
		return false
	}
	c.state = working
	s.look(c)
	return true
}

// look notes that the inbox is about to be read: what has arrived so far will
// be seen. s.mu is held.
func (s *chats) look(c *chat) {
	c.fresh, c.urgent, c.again = 0, false, false
	c.later = time.Time{}
}

// reread is look for a worker that reads the inbox once more.
func (s *chats) reread(c *chat) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.look(c)
}

// known notes the records of the chat: how many can be answered without
// anybody's word. What is kept for others of its cases is forgotten.
func (s *chats) known(c *chat, records []Record) {
	s.mu.Lock()
	defer s.mu.Unlock()
	load := 0
	for _, r := range records {
		if !r.Step.Held && !r.Step.Reading {
			load++
		}
	}
	s.setLoad(c, load)
	for id, r := range c.readings {
		if !slices.ContainsFunc(records, func(record Record) bool { return record.Step.Reading && record.Step.Case == id }) {
			r.drop()
			delete(c.readings, id)
		}
	}
	if c.draft != nil && !slices.ContainsFunc(records, func(record Record) bool { return record.Step.Case == c.draft.id }) {
		s.dropDraft(c)
	}
}

// unknown notes that nothing is known of the records of the chat any more.
func (s *chats) unknown(c *chat) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.setLoad(c, 0)
}

// dropDraft forgets the answer that is kept for a chat.
func (s *chats) dropDraft(c *chat) {
	if c.draft != nil {
		c.draft = nil
		s.drafts.Add(-1)
	}
}

func (s *chats) setLoad(c *chat, load int) {
	s.load += load - c.load
	c.load = load
}

// leave ends a worker's turn. The chat is looked at again at the time later
// (zero: when something happens), and forgotten if it has no records left.
func (s *chats) leave(c *chat, later time.Time, records int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.state = parked
	c.checked = time.Now()
	c.later = earliest(c.later, later)
	if records == 0 && !c.again && c.later.IsZero() && len(c.owed) == 0 && len(c.readings) == 0 {
		s.forget(c)
		return
	}
	s.schedule(c)
}

// forget drops the chat from memory. s.mu is held.
func (s *chats) forget(c *chat) {
	s.setLoad(c, 0)
	s.dropDraft(c)
	if c.timer != nil {
		c.timer.Stop()
	}
	for _, r := range c.readings {
		r.drop()
	}
	c.readings = nil
	if s.all[c.name] == c {
		delete(s.all, c.name)
	}
}

// stop ends all waiting: what is not in work stays in the inbox.
func (s *chats) stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stopped = true
	for _, c := range s.all {
		if c.timer != nil {
			c.timer.Stop()
		}
	}
}

// room says whether further updates may come.
func (s *chats) room() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.load < s.cfg.MaxWaiting
}

// size gives the chats and records that are to be answered.
func (s *chats) size() (chats, records int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.all {
		if c.load > 0 {
			chats++
		}
	}
	return chats, s.load
}

func earliest(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}
