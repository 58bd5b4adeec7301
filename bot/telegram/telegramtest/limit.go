package telegramtest

import "time"

// Limit allows N calls in each span of Per, however they are spread in it; the
// zero Limit allows all.
type Limit struct {
	N   int
	Per time.Duration
}

// Limits are the rates of calls that write to chats.
type Limits struct {
	Global  Limit // over all chats
	Private Limit // in one private chat
	Group   Limit // in one group
}

// StrictLimits are the rates that the documentation of the Bot API names.
func StrictLimits() Limits {
	return Limits{
		Global:  Limit{30, time.Second},
		Private: Limit{1, time.Second},
		Group:   Limit{20, time.Minute},
	}
}

// UsualLimits are StrictLimits with the short bursts in a private chat that the
// real server lets pass.
func UsualLimits() Limits {
	limits := StrictLimits()
	limits.Private = Limit{5, 5 * time.Second}
	return limits
}

// SetLimits changes the rates from now on.
func (s *Server) SetLimits(limits Limits) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.options.Limits = limits
}

// window holds the times of the last calls that were allowed, in a ring.
type window struct {
	times []time.Time
	next  int
}

// wait is how long until the window has room, 0 when it has.
func (w *window) wait(limit Limit, now time.Time) time.Duration {
	if limit.N <= 0 || len(w.times) < limit.N {
		return 0
	}
	oldest := w.times[w.next%len(w.times)]
	return max(0, oldest.Add(limit.Per).Sub(now))
}

func (w *window) take(limit Limit, now time.Time) {
	switch {
	case limit.N <= 0:
	case len(w.times) < limit.N:
		w.times = append(w.times, now)
	default:
		w.times[w.next%len(w.times)] = now
		w.next = (w.next + 1) % len(w.times)
	}
}

// last is the time of the newest call.
func (w *window) last() time.Time {
	if len(w.times) == 0 {
		return time.Time{}
	}
	return w.times[(w.next+len(w.times)-1)%len(w.times)]
}

// rates are the windows of a server.
type rates struct {
	limits Limits // that the windows were made for
	global window
	chats  map[int64]*window
	pruned time.Time
}

// admit counts a call that writes to a chat, or refuses it with 429. The
// server is locked.
func (s *Server) admit(chat int64, group bool) error {
	limits := s.options.Limits
	if limits == (Limits{}) {
		return nil
	}
	if s.rates.limits != limits || s.rates.chats == nil {
		s.rates = rates{limits: limits, chats: map[int64]*window{}}
	}
	now := s.options.Now()
	s.rates.prune(now)
	own := limits.Private
	if group {
		own = limits.Group
	}
	w := s.rates.chats[chat]
	if w == nil {
		w = &window{}
		s.rates.chats[chat] = w
	}
	if wait := max(s.rates.global.wait(limits.Global, now), w.wait(own, now)); wait > 0 {
		return retryAfter(wait)
	}
	s.rates.global.take(limits.Global, now)
	w.take(own, now)
	return nil
}

// prune forgets quiet chats, so that the windows stay as many as the chats that
// were written to in the last minutes.
func (r *rates) prune(now time.Time) {
	span := max(r.limits.Private.Per, r.limits.Group.Per)
	if now.Sub(r.pruned) < span {
		return
	}
	r.pruned = now
	for chat, w := range r.chats {
		if now.Sub(w.last()) > span {
			delete(r.chats, chat)
		}
	}
}
