package telegram

import (
	"cmp"
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/aldanba/aldanba/bot/dispatch"
)

const (
	callTime = 15 * time.Second // for one attempt
	patience = 3 * time.Second  // longer waits are left to the caller
	maxTries = 3
	backoff  = 300 * time.Millisecond // before the second attempt; it doubles with each
)

// Observer is told of every call, for metrics. It is called from many
// goroutines and must not block.
type Observer interface {
	Called(method string, reason Reason, took time.Duration)
}

// unobserved is the observer where nobody watches.
type unobserved struct{}

func (unobserved) Called(string, Reason, time.Duration) {}

// outgoing is a call to be made.
type outgoing struct {
	method   string
	chat     int64 // whose limits count; 0: the call knows no limits
	priority priority
	within   time.Duration // for one attempt; 0: callTime
	do       func(ctx context.Context, chat int64) error
}

// call makes a call when its limits allow it, and again where the failure may
// pass soon. Its errors are *CallError and *dispatch.RetryError.
func (a *Adapter) call(ctx context.Context, o outgoing) error {
	followed := false
	for try := 1; ; try++ {
		if o.chat != 0 {
			if err := a.limits.wait(ctx, o.chat, o.priority, patience); err != nil {
				var retry *dispatch.RetryError
				if errors.As(err, &retry) {
					return err
				}
				return failure(o.method, err)
			}
		}
		err := a.limited(ctx, o)
		if err == nil {
			return nil
		}
		failed := failure(o.method, err)
		reason := reasonOf(err)
		var answer *apiError
		errors.As(err, &answer)
		var wait time.Duration
		switch reason {
		case Limited:
			wait = max(answer.retryAfter, time.Second)
			if o.chat != 0 {
				a.limits.pause(o.chat, wait)
			}
			if wait > patience || try >= maxTries {
				return &dispatch.RetryError{After: wait, Err: failed}
			}
		case Moved:
			if followed {
				return failed
			}
			followed = true
			a.follow(ctx, o.chat, answer.migrateTo)
			o.chat = answer.migrateTo
		case ServerFault, LineFault:
			if try >= maxTries {
				a.log.Warn("telegram: a call failed", "method", o.method, "reason", reason, "tries", try)
				return failed
			}
			wait = jittered(backoff << (try - 1))
		case Refused, Unauthorized, Unexpected:
			a.log.Error("telegram: a call is refused", "method", o.method, "reason", reason, "error", failed)
			return failed
		default:
			return failed
		}
		if err := sleep(ctx, wait); err != nil {
			return failure(o.method, err)
		}
	}
}

// limited makes one attempt that the limits have let out.
func (a *Adapter) limited(ctx context.Context, o outgoing) error {
	if o.chat != 0 {
		defer a.limits.end(o.chat)
	}
	return a.once(ctx, o)
}

// once makes one attempt.
func (a *Adapter) once(ctx context.Context, o outgoing) error {
	started := time.Now()
	attempt, cancel := context.WithTimeout(ctx, cmp.Or(o.within, callTime))
	defer cancel()
	err := o.do(attempt, o.chat)
	if err != nil && ctx.Err() == nil && attempt.Err() != nil {
		err = &lineError{what: "timeout"} // the attempt ran out of time, not the caller
	}
	a.observer.Called(o.method, reasonOf(err), time.Since(started))
	return err
}

// follow tells that a group has another id now.
func (a *Adapter) follow(ctx context.Context, from, to int64) {
	if err := a.chats.Moved(ctx, chatName(from), chatName(to)); err != nil {
		a.log.Warn("telegram: the new id of a group was not kept", "error", err)
	}
}

// jittered spreads a wait over half to one and a half of it, so that what
// failed together is not tried again together.
func jittered(d time.Duration) time.Duration { return d/2 + rand.N(d) }

// sleep waits, or gives the error of ctx.
func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
