package dispatch

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"time"
)

// Dispatcher takes updates in, has them answered and sends the answers. It is
// safe for concurrent use.
type Dispatcher struct {
	cfg   Config
	chats *chats
	turns pool[*chat]
	files pool[*file]
	cases pool[*judging]
	made  pool[*paper]
	rates rates

	running  atomic.Bool
	stopping atomic.Bool
	failedAt atomic.Int64 // when a call of the inbox last failed, in nanoseconds since 1970

	// work ends when the time for draining is over.
	work context.Context
	cut  context.CancelFunc
}

// New makes a dispatcher. Nothing happens before Run.
func New(cfg Config) *Dispatcher {
	d := &Dispatcher{cfg: cfg.withDefaults()}
	d.work, d.cut = context.WithCancel(context.Background())
	d.turns.most, d.turns.run = d.cfg.Workers, d.turn
	d.files.most, d.files.run = d.cfg.Readers, d.read
	d.cases.most, d.cases.run = d.cfg.Judges, d.judge
	d.made.most, d.made.run = d.cfg.Makers, d.make
	d.chats = newChats(&d.cfg, &d.turns, &d.cases)
	d.rates.limits = d.cfg.Limits
	return d
}

// Accept keeps updates in the inbox and has them answered. When it returns nil
// they are safe: whoever delivered them may forget them. Otherwise, with
// ErrFull, ErrStopping or an error of the inbox, they are to be delivered again.
func (d *Dispatcher) Accept(ctx context.Context, updates []Update) error {
	if len(updates) == 0 {
		return nil
	}
	if d.stopping.Load() {
		return ErrStopping
	}
	if !d.chats.room() {
		return ErrFull
	}
	fresh, err := d.cfg.Inbox.Put(ctx, updates)
	if err != nil {
		d.inboxFailed("put", err)
		return fmt.Errorf("the inbox takes no updates: %w", err)
	}
	seen := 0
	for i, update := range updates {
		if i < len(fresh) && !fresh[i] {
			seen++
			continue
		}
		d.chats.arrived(update, d.kind(update))
	}
	if seen > 0 {
		d.cfg.Observer.Redelivered(seen)
	}
	return nil
}

// kind asks the messenger, whose panic must not end the program.
func (d *Dispatcher) kind(update Update) (kind Kind) {
	defer d.caught(StageWait)
	return d.cfg.Messenger.Kind(update)
}

// Run answers what is and comes into the inbox until ctx is done. Then it
// takes no more, finishes what is in work within DrainTime, gives all chats
// back and returns. An error says that something did not end in time. A
// Dispatcher runs once.
func (d *Dispatcher) Run(ctx context.Context) error {
	if !d.running.CompareAndSwap(false, true) || d.stopping.Load() {
		return errors.New("a dispatcher runs once")
	}
	defer d.cut()
	d.turns.start()
	d.files.start()
	d.cases.start()
	d.made.start()
	d.sweep(ctx)
	return d.drain()
}

// Ready says whether updates are being answered; the error says why not.
func (d *Dispatcher) Ready() error {
	switch {
	case d.stopping.Load():
		return ErrStopping
	case !d.running.Load():
		return errors.New("updates are not being answered yet")
	case time.Since(time.Unix(0, d.failedAt.Load())) < trouble:
		return errors.New("the inbox failed a moment ago")
	case !d.chats.room():
		return ErrFull
	}
	return nil
}

// Depth gives the chats that wait for an answer and the updates in them.
func (d *Dispatcher) Depth() (chats, updates int) { return d.chats.size() }

// drain ends the work in good order.
func (d *Dispatcher) drain() error {
	d.stopping.Store(true)
	d.chats.stop()
	d.turns.stop()
	d.files.stop()
	d.cases.stop()
	d.made.stop()
	ctx, cancel := context.WithTimeout(context.Background(), d.cfg.DrainTime)
	defer cancel()
	err := d.turns.wait(ctx)
	d.cut()
	// What was cut off records how far it came and gives its chat back.
	last, done := context.WithTimeout(context.Background(), 2*storeTime)
	defer done()
	if late := errors.Join(d.turns.wait(last), d.files.wait(last), d.cases.wait(last), d.made.wait(last)); late != nil {
		return fmt.Errorf("work did not end in time: %w", late)
	}
	d.handBack(last)
	if err != nil {
		d.cfg.Log.Warn("answers were cut off by the end of the program and follow after the start")
	}
	return nil
}

// sweep looks through the inbox, at once and then every few seconds, for chats
// that another process left behind.
func (d *Dispatcher) sweep(ctx context.Context) {
	next := ""
	for {
		next = d.look(ctx, next)
		pause := d.cfg.SweepTime/2 + rand.N(d.cfg.SweepTime)
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
	}
}

// look goes once through the chats with records, beginning after the one
// given. Where there is no room for all it says where to go on.
func (d *Dispatcher) look(ctx context.Context, after string) (next string) {
	for {
		call, cancel := context.WithTimeout(ctx, storeTime)
		names, next, err := d.cfg.Inbox.Waiting(call, after, pageSize)
		cancel()
		if err != nil {
			if ctx.Err() == nil {
				d.inboxFailed("list chats", err)
			}
			return after
		}
		found := 0
		for _, name := range names {
			if d.chats.found(name, time.Now()) {
				found++
			}
		}
		if found > 0 {
			d.cfg.Observer.Recovered(found)
		}
		if next == "" {
			return ""
		}
		if !d.chats.room() || ctx.Err() != nil {
			return after
		}
		after = next
	}
}

// inboxFailed notes an error of the inbox. Its text may name what it was about,
// so only its class is logged.
func (d *Dispatcher) inboxFailed(what string, err error) {
	d.failedAt.Store(time.Now().UnixNano())
	d.cfg.Observer.StoreFailed("inbox")
	d.cfg.Log.Warn("the inbox failed", "what", what, "class", class(err))
}
