package telegram

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"github.com/aldanba/aldanba/bot/dispatch"
)

// Rates say how much may be sent. Zero stands for the default in brackets,
// which is what Telegram allows, core.telegram.org/bots/faq#broadcasting-to-users.
type Rates struct {
	Global int // messages in a second to all chats together [30]
	Chat   int // messages in three seconds to a person [3]
	Group  int // messages in a minute to a group [20]
}

const (
	globalSpan = time.Second
	chatSpan   = 3 * time.Second // Telegram asks for one in a second and lets short bursts pass
	groupSpan  = time.Minute

	// heldMeansAll is how many chats are held by Telegram at one time before it
	// is taken to mean all.
	heldMeansAll = 3

	// idleSweep is the time between looks for chats that need no limit.
	idleSweep = 5 * time.Second
)

func (r Rates) withDefaults() Rates {
	return Rates{Global: cmp.Or(r.Global, 30), Chat: cmp.Or(r.Chat, 3), Group: cmp.Or(r.Group, 20)}
}

// priority orders what waits to be sent.
type priority int

const (
	urgent priority = iota // somebody may be losing money right now
	people                 // answers to people
	bulk                   // what goes to many
	priorities
)

// limiter decides when a message may go out: never more than the rates, the
// urgent before the others. It has no goroutine of its own.
type limiter struct {
	rates Rates

	mu      sync.Mutex
	global  window
	paused  int64 // nothing goes out before, in nanoseconds
	chats   map[int64]*chatLimit
	swept   int64
	waiting [priorities][]*waiter
	timer   *time.Timer
	started time.Time
}

// chatLimit is the limit of one chat.
type chatLimit struct {
	window
	paused int64
}

func (c *chatLimit) free(now int64) int64 { return max(c.window.free(now), c.paused) }

// waiter is a message that waits for its turn.
type waiter struct {
	chat  int64
	ready chan struct{}
}

func newLimiter(rates Rates) *limiter {
	return &limiter{
		rates:   rates,
		global:  newWindow(rates.Global, globalSpan),
		chats:   map[int64]*chatLimit{},
		started: time.Now(),
	}
}

// now counts nanoseconds since the limiter was made, undisturbed by changes of
// the clock.
func (l *limiter) now() int64 { return int64(time.Since(l.started)) }

// wait returns when a message may go to the chat; end must follow. Where a limit
// of the chat, or a pause of all, would hold it longer than most, it returns a
// *dispatch.RetryError at once.
func (l *limiter) wait(ctx context.Context, chat int64, p priority, most time.Duration) error {
	w := &waiter{chat: chat, ready: make(chan struct{})}
	l.mu.Lock()
	now := l.now()
	if hold := time.Duration(max(l.chat(chat).free(now), l.paused) - now); hold > most {
		l.mu.Unlock()
		return &dispatch.RetryError{After: hold}
	}
	l.waiting[p] = append(l.waiting[p], w)
	l.grant(now)
	l.mu.Unlock()
	select {
	case <-w.ready:
		return nil
	case <-ctx.Done():
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if i := slices.Index(l.waiting[p], w); i >= 0 {
		l.waiting[p] = slices.Delete(l.waiting[p], i, i+1)
		return ctx.Err()
	}
	return nil // its turn came at the same moment
}

// end tells that the answer to what wait or try let out has come, or that it is
// not waited for any more. The chat is that of wait, 0 after try.
func (l *limiter) end(chat int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	if chat != 0 {
		l.chat(chat).end(now)
	}
	l.global.end(now)
	l.grant(now)
}

// try is wait for what is not worth waiting for. It leaves room for messages.
func (l *limiter) try() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	for p := range l.waiting {
		if len(l.waiting[p]) > 0 {
			return false
		}
	}
	if max(l.global.free(now), l.paused) > now {
		return false
	}
	l.global.take()
	return true
}

// pause holds back what goes to the chat, because Telegram asked for it. It does
// not say whether it means the chat or all chats; when it asks for several at
// the same time, it is all.
func (l *limiter) pause(chat int64, d time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	c := l.chat(chat)
	c.paused = max(c.paused, now+int64(d))
	held := 0
	for _, c := range l.chats {
		if c.paused > now {
			held++
		}
	}
	if held >= heldMeansAll {
		l.paused = max(l.paused, now+int64(d))
	}
}

// chat gives the limit of a chat.
func (l *limiter) chat(id int64) *chatLimit {
	c, ok := l.chats[id]
	if !ok {
		c = &chatLimit{window: newWindow(l.rates.Chat, chatSpan)}
		if id < 0 { // groups have negative ids
			c.window = newWindow(l.rates.Group, groupSpan)
		}
		l.chats[id] = c
	}
	return c
}

// grant lets out all that may go now, and sets the timer for the rest.
func (l *limiter) grant(now int64) {
	l.sweep(now)
	next := int64(-1) // when the first of those that wait may go
	for p := range l.waiting {
		left := l.waiting[p][:0]
		for _, w := range l.waiting[p] {
			c := l.chat(w.chat)
			at := max(c.free(now), l.global.free(now), l.paused)
			if at > now {
				left = append(left, w)
				if next < 0 || at < next {
					next = at
				}
				continue
			}
			c.take()
			l.global.take()
			close(w.ready)
		}
		clear(l.waiting[p][len(left):])
		l.waiting[p] = left
	}
	if next < 0 {
		return
	}
	if l.timer == nil {
		l.timer = time.AfterFunc(time.Duration(next-now), func() {
			l.mu.Lock()
			defer l.mu.Unlock()
			l.grant(l.now())
		})
		return
	}
	l.timer.Reset(time.Duration(next - now))
}

// sweep forgets chats whose limit is whole again.
func (l *limiter) sweep(now int64) {
	if now-l.swept < int64(idleSweep) {
		return
	}
	l.swept = now
	for id, c := range l.chats {
		if c.idle(now) && c.paused <= now {
			delete(l.chats, id)
		}
	}
}
