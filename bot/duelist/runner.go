package duelist

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"
)

// Runner carries out the items of a due-list. Several may run on one store.
type Runner struct {
	cfg     Config
	running atomic.Bool
}

// New makes a runner. Nothing happens before Run.
func New(cfg Config) *Runner { return &Runner{cfg: cfg.withDefaults()} }

// Run carries out what is due until ctx is done. Then it leases no more,
// finishes what is in work within DrainTime, hands the rest on and returns. An
// error says that something did not end in time. A Runner runs once.
func (r *Runner) Run(ctx context.Context) error {
	if !r.running.CompareAndSwap(false, true) {
		return errors.New("a runner of the due-list runs once")
	}
	// What is in work outlives ctx by DrainTime.
	work, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()
	defer context.AfterFunc(ctx, func() { time.AfterFunc(r.cfg.DrainTime, cut) })()
	for ctx.Err() == nil {
		if err := r.round(ctx, work); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
		case <-time.After(r.cfg.Every/2 + rand.N(r.cfg.Every)):
		}
	}
	return nil
}

// held is a lease and when it was taken, by the clock of this process.
type held struct {
	Lease
	since time.Time
}

// round carries out everything that is due now.
func (r *Runner) round(ctx, work context.Context) error {
	carried := make(map[[2]string]held) // late items to be merged, by person and kind
	began := time.Now()
	for ctx.Err() == nil {
		leases, err := r.lease(ctx)
		if err != nil {
			break // the store's failure is told; the leases that are held are carried out
		}
		if err := r.carryOut(ctx, work, r.sort(work, leases, carried)); err != nil {
			return err
		}
		if len(leases) < r.cfg.Most || len(carried) >= maxCarried || time.Since(began) > r.cfg.LeaseTime/4 {
			break
		}
	}
	last := make([]held, 0, len(carried))
	for _, h := range carried {
		last = append(last, h)
	}
	return r.carryOut(ctx, work, last)
}

func (r *Runner) lease(ctx context.Context) ([]held, error) {
	call, done := context.WithTimeout(ctx, storeTime)
	defer done()
	since := time.Now()
	leases, err := r.cfg.Store.Due(call, r.cfg.Clock(), r.cfg.Most, r.cfg.LeaseTime)
	if err != nil {
		if ctx.Err() == nil {
			r.storeFailed("due")
		}
		return nil, err
	}
	out := make([]held, len(leases))
	for i, l := range leases {
		out[i] = held{l, since}
	}
	return out, nil
}

// sort decides about items that need no handler now, and gives those that do.
// Late items to be merged go into carried, the last of each person and kind.
func (r *Runner) sort(work context.Context, leases []held, carried map[[2]string]held) (due []held) {
	for _, h := range leases {
		switch late := r.late(h); {
		case h.Tries >= r.cfg.Tries:
			r.finish(work, h, GivenUp)
		case late && h.Late == Drop:
			r.finish(work, h, TooLate)
		case late && h.Late == Merge:
			key := [2]string{h.Person, h.Kind}
			if before, ok := carried[key]; ok {
				if h.Due.Before(before.Due) {
					h, before = before, h
				}
				r.finish(work, before, Merged)
			}
			carried[key] = h
		default:
			due = append(due, h)
		}
	}
	return due
}

func (r *Runner) late(h held) bool {
	return h.Grace > 0 && r.cfg.Clock().Sub(h.Due) > h.Grace
}

// carryOut has items handled, some side by side, and returns when all are.
func (r *Runner) carryOut(ctx, work context.Context, items []held) error {
	var all sync.WaitGroup
	free := make(chan struct{}, r.cfg.Workers)
	for _, h := range items {
		select {
		case free <- struct{}{}:
		case <-work.Done():
			r.postpone(work, h, h.Due, HandedOn)
			continue
		}
		all.Go(func() {
			defer func() { <-free }()
			if ctx.Err() != nil {
				r.postpone(work, h, h.Due, HandedOn)
				return
			}
			r.one(work, h)
		})
	}
	finished := make(chan struct{})
	go func() {
		all.Wait()
		close(finished)
	}()
	select {
	case <-finished:
		return nil
	case <-work.Done():
	}
	select {
	case <-finished:
		return nil
	case <-time.After(storeTime):
		return errors.New("a handler of the due-list did not end in time")
	}
}

// one has one item handled and records what became of it.
func (r *Runner) one(work context.Context, h held) {
	now := r.cfg.Clock()
	if end := r.cfg.Quiet.Until(now); h.Quiet && end.After(now) {
		r.postpone(work, h, end, Quieted)
		return
	}
	handle := r.cfg.Handlers[h.Kind]
	if handle == nil {
		r.cfg.Log.Warn("nothing handles items of this kind", "kind", h.Kind)
		r.postpone(work, h, now.Add(lastRetry), Unknown)
		return
	}
	// It ends before the lease does, so that no two processes work on it.
	ctx, done := context.WithDeadline(work, h.since.Add(r.cfg.LeaseTime*3/4))
	defer done()
	switch err := r.guarded(ctx, handle, h.Lease); {
	case err == nil:
		r.finish(work, h, Happened)
	case work.Err() != nil:
		r.postpone(work, h, now, HandedOn)
	case h.Tries+1 >= r.cfg.Tries:
		r.cfg.Log.Warn("an item of the due-list failed for the last time", "kind", h.Kind)
		r.finish(work, h, GivenUp)
	default:
		r.postpone(work, h, r.cfg.Clock().Add(backoff(h.Tries)), Failed)
	}
}

// guarded calls a handler; a panic is an error.
func (r *Runner) guarded(ctx context.Context, handle Handler, l Lease) (err error) {
	defer func() {
		if recover() != nil {
			r.cfg.Observer.Panicked(l.Kind)
			r.cfg.Log.Error("a handler of the due-list panicked", "kind", l.Kind)
			err = errors.New("the handler panicked")
		}
	}()
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("no time is left: %w", err)
	}
	return handle(ctx, l)
}

// pauses are the waits between attempts to record that an item happened.
var pauses = [...]time.Duration{100 * time.Millisecond, time.Second}

// finish deletes an item.
func (r *Runner) finish(work context.Context, h held, result Result) {
	err := r.record(work, func(ctx context.Context) error { return r.cfg.Store.Finish(ctx, h.Lease) })
	if err != nil && result == Happened {
		result = Unstored
	}
	r.ended(h, result)
}

// postpone makes an item due at another time.
func (r *Runner) postpone(work context.Context, h held, due time.Time, result Result) {
	// Where this fails the lease runs out, and the item is due again.
	_ = r.record(work, func(ctx context.Context) error { return r.cfg.Store.Postpone(ctx, h.Lease, due) })
	r.ended(h, result)
}

// record tells the store what has happened, also when the work was cut off.
func (r *Runner) record(work context.Context, tell func(context.Context) error) error {
	try := func() error {
		call, done := context.WithTimeout(context.WithoutCancel(work), storeTime/2)
		defer done()
		return tell(call)
	}
	err := try()
	for _, pause := range pauses {
		if err == nil {
			return nil
		}
		select {
		case <-time.After(pause):
		case <-work.Done():
		}
		err = try()
	}
	if err != nil {
		r.storeFailed("record")
	}
	return err
}

func (r *Runner) ended(h held, result Result) {
	r.cfg.Observer.Ended(h.Kind, result, max(r.cfg.Clock().Sub(h.Due), 0))
}

// storeFailed notes an error of the store, whose text may name a person.
func (r *Runner) storeFailed(what string) {
	r.cfg.Observer.StoreFailed()
	r.cfg.Log.Warn("the due-list failed", "what", what)
}

// backoff is the pause after so many failures, never the same for two items.
func backoff(tries int) time.Duration {
	pause := lastRetry
	if tries < 12 {
		pause = min(firstRetry<<max(tries, 0), lastRetry)
	}
	return pause - rand.N(pause/5)
}
