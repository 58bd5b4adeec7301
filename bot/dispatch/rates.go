package dispatch

import (
	"context"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// rates counts the first few of a name here and the others in the limits that
// outlive the process: most people never send more than a few, and asking the
// store costs about as much as finding their answer. Where the store fails, all
// are counted here.
type rates struct {
	limits Limits

	mu sync.Mutex
	// Two generations bound the memory: when the young one is full it becomes
	// the old one, and names that were not used meanwhile are forgotten.
	young, old map[string]*rate.Limiter
}

const (
	maxNames = 8192
	few      = 4 // one in so many is counted here
)

// allow takes one from the rate of n a minute for the name. Who was over their
// rate again and again is allowed less: with the second strike of a day the
// pauses between answers are twice as long, then twice as long again, up to the
// few that are counted here.
func (r *rates) allow(ctx context.Context, name string, n int) (ok bool, err error) {
	if n < 0 {
		return true, nil
	}
	if here := n / few; here > 0 {
		if r.own("few/"+name, here).Allow() {
			return true, nil
		}
		n -= here
	}
	if r.limits != nil {
		var wait time.Duration
		var strikes int
		call, done := context.WithTimeout(ctx, storeTime)
		defer done()
		if strikes, err = r.limits.Strikes(call, name); err == nil {
			n = max(n>>max(strikes-1, 0), 1)
			wait, err = r.limits.Allow(call, name, n, time.Minute)
		}
		if err == nil {
			return wait <= 0, nil
		}
	}
	return r.own(name, n).Allow(), err
}

// strike notes that the rate of a name was used up.
func (r *rates) strike(ctx context.Context, name string) error {
	if r.limits == nil {
		return nil
	}
	call, done := context.WithTimeout(ctx, storeTime)
	defer done()
	return r.limits.Strike(call, name)
}

// own gives the limiter of this process for a name.
func (r *rates) own(name string, n int) *rate.Limiter {
	r.mu.Lock()
	defer r.mu.Unlock()
	l := r.young[name]
	if l != nil {
		return l
	}
	if l = r.old[name]; l == nil {
		l = rate.NewLimiter(rate.Limit(float64(n)/time.Minute.Seconds()), n)
	}
	if len(r.young) >= maxNames {
		r.old, r.young = r.young, nil
	}
	if r.young == nil {
		r.young = make(map[string]*rate.Limiter)
	}
	r.young[name] = l
	return l
}

// within says whether the person and the chat are within their rates.
func (w *work) within() bool {
	person, chat := w.event.Person, w.chat.name
	if w.kind == Urgent {
		return w.allow("urgent/"+person, w.cfg.UrgentRate)
	}
	ok := w.allow(ratePerson+person, w.cfg.PersonRate)
	if ok && person != chat {
		ok = w.allow("chat/"+chat, w.cfg.ChatRate)
	}
	return ok
}

// ratePerson begins the name of the rate of a person's cases.
const ratePerson = "person/"

func (w *work) allow(name string, n int) bool {
	ok, err := w.rates.allow(w.ctx, name, n)
	w.limitsFailed(err)
	return ok
}

// limitsFailed tells of an error of the limits.
func (w *work) limitsFailed(err error) {
	if err != nil && w.ended() == nil {
		w.cfg.Observer.StoreFailed("limits")
		w.cfg.Log.Warn("the limits failed", "class", class(err))
	}
}

// limit ends a case that is over the rate: the person is asked once a minute to
// wait a little, and otherwise hears nothing. Each time is a strike.
func (w *work) limit() (Result, error) {
	if w.allow("busy/"+w.event.Person, 1) {
		w.limitsFailed(w.rates.strike(w.ctx, ratePerson+w.event.Person))
		call, done := context.WithTimeout(w.ctx, w.cfg.HandleTime)
		defer done()
		reply := w.cfg.Talker.Busy(call, w.event.Person)
		w.stage = StageSend
		if _, err := w.send(reply); err != nil && w.ended() != nil {
			return "", w.ended()
		}
	}
	return Limited, w.drop(w.ids, DropRate)
}
