package dispatch

import (
	"context"
	"time"

	"github.com/aldanba/aldanba/bot"
)

// addReading notes that the files of a case are being read. What is not read
// within the time given stays unread.
func (s *chats) addReading(c *chat, r *reading, within time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c.readings == nil {
		c.readings = make(map[string]*reading)
	}
	if old := c.readings[r.id]; old != nil {
		old.drop()
	}
	c.readings[r.id] = r
	r.timer = time.AfterFunc(within, func() { s.expire(c, r) })
	if r.left == 0 {
		s.complete(c, r)
	}
}

// madeOne notes the papers that were made.
func (s *chats) madeOne(p *paper, made bot.Papers) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := p.reading
	if p.chat.readings[r.id] != r || r.read {
		return
	}
	r.made = &made
	s.complete(p.chat, r)
}

// readOne notes what was found in a file.
func (s *chats) readOne(f *file, result bot.Reading) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := f.reading
	if f.chat.readings[r.id] != r || r.read {
		return // a reader that did not hear that nobody waits for it any more
	}
	r.results[f.index], r.got[f.index] = result, true
	if r.left--; r.left == 0 {
		s.complete(f.chat, r)
	}
}

// expire ends a reading that took too long; what it lacks stays unread, and
// unjudged.
func (s *chats) expire(c *chat, r *reading) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.read || c.readings[r.id] != r {
		return
	}
	for i, got := range r.got {
		if !got {
			r.results[i] = unread()
		}
	}
	s.bringBack(c, r)
}

// complete goes on with a case whose files are read: a judge is asked about it,
// or it comes back to its chat. s.mu is held.
func (s *chats) complete(c *chat, r *reading) {
	if r.judging && !r.asked {
		r.asked = true
		s.cases.push(&judging{chat: c, reading: r}, false)
		return
	}
	s.bringBack(c, r)
}

// heard notes what a judge said of a case.
func (s *chats) heard(c *chat, r *reading, opinion *bot.Opinion) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c.readings[r.id] != r || r.read {
		return // nobody waits for it any more
	}
	r.opinion = opinion
	s.bringBack(c, r)
}

// bringBack brings a case back to its chat. s.mu is held.
func (s *chats) bringBack(c *chat, r *reading) {
	r.read = true
	r.close()
	c.later = earliest(c.later, time.Now())
	s.schedule(c)
}

// close ends what goes on for a reading.
func (r *reading) close() {
	r.cancel()
	r.timer.Stop()
}

// drop ends a reading that nobody wants any more.
func (r *reading) drop() {
	r.close()
	close(r.dropped)
}

// progress says how far the files of a case are.
func (s *chats) progress(c *chat, id string) progress {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := c.readings[id]
	if r == nil {
		return progress{}
	}
	return progress{begun: true, read: r.read, after: r.after}
}

// results gives the case with its files read, or nil.
func (s *chats) results(c *chat, id string) *reading {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := c.readings[id]; r != nil && r.read {
		return r
	}
	return nil
}

// readingAfter puts the answer after reading off.
func (s *chats) readingAfter(c *chat, id string, after time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := c.readings[id]; r != nil {
		r.after = after
	}
}

// dropReading forgets what was read of a case.
func (s *chats) dropReading(c *chat, id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := c.readings[id]; r != nil {
		r.drop()
		delete(c.readings, id)
	}
}

// isReading says whether files of the chat are being read, or were.
func (s *chats) isReading(c *chat) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(c.readings) > 0
}

// abandon forgets a chat that is another process's now.
func (s *chats) abandon(c *chat) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.state = parked
	s.forget(c)
}

// handBack lets the next process read at once what this one did not finish.
func (d *Dispatcher) handBack(ctx context.Context) {
	d.chats.mu.Lock()
	var reading []string
	for name, c := range d.chats.all {
		if len(c.readings) > 0 {
			reading = append(reading, name)
		}
		d.chats.forget(c)
	}
	d.chats.mu.Unlock()
	for _, name := range reading {
		if ctx.Err() != nil {
			return
		}
		d.handBackOne(ctx, name)
	}
}

func (d *Dispatcher) handBackOne(ctx context.Context, name string) {
	claim, records, err := d.cfg.Inbox.Claim(ctx, name, d.cfg.ClaimTime, pageSize)
	if err != nil {
		return // its time runs out by itself
	}
	for _, r := range records {
		if err == nil && r.Step.Reading && !r.Step.After.IsZero() {
			r.Step.After = time.Time{}
			err = d.cfg.Inbox.Advance(ctx, claim, []string{r.ID}, r.Step)
		}
	}
	_, _ = d.cfg.Inbox.Release(ctx, claim, nil, len(records)) // otherwise it runs out
}
