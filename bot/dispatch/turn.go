package dispatch

import (
	"context"
	"errors"
	"math"
	"sync"
	"time"
)

// turn is the time that a worker spends on one chat, which it holds a claim to.
type turn struct {
	*Dispatcher
	chat    *chat
	claim   Claim
	records []Record // that are in the inbox, as far as this turn knows

	// ctx ends with ErrLost when the claim is lost, and when the time for
	// draining is over.
	ctx    context.Context
	cancel context.CancelCauseFunc

	given bool // the chat was given back

	mu      sync.Mutex
	held    time.Time // when the claim was last made
	renewal *time.Timer
	over    bool // the claim is given back or lost: it must not be renewed
}

// storeFailure is an error of the inbox.
type storeFailure struct{ err error }

func (e *storeFailure) Error() string { return "the inbox failed" }
func (e *storeFailure) Unwrap() error { return e.err }

// errPutOff ends a turn whose case is tried again later.
var errPutOff = errors.New("put off")

// turn works on what a chat has in the inbox.
func (d *Dispatcher) turn(c *chat) {
	if !d.chats.take(c) {
		return
	}
	t := &turn{Dispatcher: d, chat: c}
	t.ctx, t.cancel = context.WithCancelCause(d.work)
	defer t.cancel(nil)
	made := time.Now()
	call, done := context.WithTimeout(t.ctx, storeTime)
	most := pageSize
	if len(c.owed) > 0 {
		most = 0 // what is owed changes the records: they are looked at afterwards
	}
	claim, records, err := d.cfg.Inbox.Claim(call, c.name, d.cfg.ClaimTime, most)
	done()
	if err != nil {
		d.unclaimed(c, err)
		return
	}
	t.claim, t.held = claim, made
	if most > 0 {
		t.found(records)
	}
	t.mu.Lock()
	t.renewal = time.AfterFunc(d.cfg.ClaimTime/3, t.renew)
	t.mu.Unlock()
	later, err := t.run()
	t.end(later, err)
}

// unclaimed ends a turn that did not begin.
func (d *Dispatcher) unclaimed(c *chat, err error) {
	if errors.Is(err, ErrTaken) {
		// The other process sees what is new when it gives the chat back. What
		// has been read here is kept until then.
		var later time.Time
		if d.chats.isReading(c) || len(c.owed) > 0 {
			later = time.Now().Add(firstRetry)
		}
		d.chats.unknown(c)
		d.chats.leave(c, later, 0)
		return
	}
	d.inboxFailed("claim", err)
	c.failed++
	d.chats.leave(c, time.Now().Add(backoff(c.failed)), 1)
}

// run works until nothing is left that can be done now. later says when there
// will be, zero: when something happens.
func (t *turn) run() (later time.Time, err error) {
	if len(t.chat.owed) > 0 {
		if err := t.settle(); err != nil {
			return time.Time{}, err
		}
		if err := t.load(); err != nil {
			return time.Time{}, err
		}
	}
	seen := -1 // records that were left when the chat could not be given back
	for cases := 0; ; {
		plan := t.plan()
		if err := t.drop(plan.old, DropOld); err != nil || t.given {
			return time.Time{}, err
		}
		for _, k := range plan.begin {
			if err := t.beginReading(k); err != nil {
				return time.Time{}, err
			}
		}
		for _, k := range plan.renew {
			if err := t.renewReading(k); err != nil {
				return time.Time{}, err
			}
		}
		if t.stopping.Load() {
			return time.Time{}, t.release(math.MaxInt)
		}
		if plan.ready == nil {
			known := len(t.records)
			if seen >= 0 && (known <= seen || known >= pageSize) {
				// Nothing that can be done came: the store counts otherwise, or
				// more records wait than are looked at together.
				return plan.wake, t.release(math.MaxInt)
			}
			more, err := t.releaseSeen(known)
			if err != nil || !more {
				return plan.wake, err
			}
			seen = known
			t.chats.reread(t.chat)
			if err := t.load(); err != nil {
				return time.Time{}, err
			}
			continue
		}
		if err := t.handle(plan.ready); t.given || err != nil && !errors.Is(err, errPutOff) {
			return time.Time{}, err
		}
		if cases++; cases >= maxTurn {
			return time.Now(), t.release(math.MaxInt) // others are waiting, too
		}
	}
}

// load reads what the inbox has for the chat.
func (t *turn) load() error {
	call, done := context.WithTimeout(t.ctx, storeTime)
	defer done()
	records, err := t.cfg.Inbox.Pending(call, t.claim, pageSize)
	if err != nil {
		return t.storeError("pending", err)
	}
	t.found(records)
	return nil
}

// found takes up the records that the inbox has for the chat.
func (t *turn) found(records []Record) {
	t.chat.failed = 0
	t.records = records
	t.chats.known(t.chat, records)
}

func (t *turn) plan() plan {
	return planner{
		now:     time.Now(),
		quiet:   t.cfg.Quiet,
		longest: t.cfg.Longest,
		most:    t.cfg.MaxBatch,
		kind:    t.kind,
		reading: func(id string) progress { return t.chats.progress(t.chat, id) },
		lease:   t.cfg.ClaimTime,
		alone:   t.cfg.Alone,
	}.plan(t.records)
}

// release gives the chat back. It stays claimed and more is true if there are
// records beyond those seen.
func (t *turn) release(seen int) error {
	_, err := t.releaseSeen(seen)
	return err
}

func (t *turn) releaseSeen(seen int) (more bool, err error) {
	if more, err = t.giveBack(nil, seen); err != nil {
		return false, t.storeError("release", err)
	}
	return more, nil
}

// giveBack tells the store once that the chat is given back, and that records
// are done.
func (t *turn) giveBack(done []string, seen int) (more bool, err error) {
	// Between this call and the end of the turn no renewal may take the chat back.
	t.mu.Lock()
	defer t.mu.Unlock()
	call, cancel := t.recording()
	defer cancel()
	more, err = t.cfg.Inbox.Release(call, t.claim, done, seen)
	t.given = err == nil && !more
	t.over = t.over || t.given
	return more, err
}

// recording is the context of calls that record what has happened: they are
// made even when the work was cut off.
func (t *turn) recording() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(t.ctx), storeTime)
}

// end leaves the chat as the turn's error says.
func (t *turn) end(later time.Time, err error) {
	t.mu.Lock()
	t.over = true
	t.renewal.Stop()
	t.mu.Unlock()
	switch {
	case errors.Is(err, ErrLost):
		// Whoever has the chat now answers it, also what is owed here.
		t.chat.owed = nil
		t.chats.abandon(t.chat)
		return
	case err != nil && t.Dispatcher.work.Err() == nil:
		t.chat.failed++
		later = time.Now().Add(backoff(t.chat.failed))
	}
	if !t.given {
		// The claim is given back as far as the store allows; otherwise it runs out.
		call, done := t.recording()
		_, _ = t.cfg.Inbox.Release(call, t.claim, nil, math.MaxInt)
		done()
	}
	t.chats.leave(t.chat, later, len(t.records))
}

// renew keeps the claim while the turn lasts.
func (t *turn) renew() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.over {
		return
	}
	// An error of the store is no loss yet: hold sees to it that nothing is
	// sent after the claim ran out.
	_ = t.reclaim()
	t.renewal.Reset(t.cfg.ClaimTime / 3)
}

// reclaim makes the claim anew; t.mu is held. A claim with another fence means
// that it had been lost meanwhile.
func (t *turn) reclaim() error {
	made := time.Now()
	call, done := context.WithTimeout(context.WithoutCancel(t.ctx), min(storeTime, t.cfg.ClaimTime/3))
	defer done()
	claim, _, err := t.cfg.Inbox.Claim(call, t.chat.name, t.cfg.ClaimTime, 0)
	switch {
	case errors.Is(err, ErrTaken), err == nil && claim.Fence != t.claim.Fence:
		if err == nil {
			_, _ = t.cfg.Inbox.Release(call, claim, nil, math.MaxInt) // what it had been for is lost
		}
		t.over = true
		t.cancel(ErrLost)
		return ErrLost
	case err != nil:
		return err
	}
	t.held = made
	return nil
}

// hold makes sure that the chat is still this process's to answer.
func (t *turn) hold() error {
	if err := t.ended(); err != nil {
		return err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if time.Since(t.held) < t.cfg.ClaimTime*2/3 {
		return nil
	}
	if err := t.reclaim(); err != nil {
		return t.storeError("claim", err)
	}
	return nil
}

// ended gives the reason why the turn is to end, if there is one.
func (t *turn) ended() error {
	if t.ctx.Err() == nil {
		return nil
	}
	return context.Cause(t.ctx)
}

// storeError tells a lost claim and the end of the program from a failure of
// the store.
func (t *turn) storeError(what string, err error) error {
	if errors.Is(err, ErrLost) || errors.Is(err, ErrTaken) {
		return ErrLost
	}
	if cause := t.ended(); cause != nil {
		return cause
	}
	t.inboxFailed(what, err)
	return &storeFailure{err}
}
