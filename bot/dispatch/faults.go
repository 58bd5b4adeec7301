package dispatch

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"time"
)

// class names the kind of an error for a log or a metric. The text of an error
// may hold what a person wrote or an address with a token, so it is never told.
func class(err error) string {
	var retry *RetryError
	switch {
	case errors.Is(err, ErrGone):
		return "gone"
	case errors.Is(err, ErrRefused):
		return "refused"
	case errors.As(err, &retry):
		return "retry"
	case errors.Is(err, ErrLost):
		return "lost"
	case errors.Is(err, context.DeadlineExceeded):
		return "timeout"
	case errors.Is(err, context.Canceled):
		return "cancelled"
	}
	return "other"
}

// backoff is the pause after so many failures: it doubles each time, and no two
// chats come back at the same moment.
func backoff(tries int) time.Duration {
	pause := lastRetry
	if tries < 10 {
		pause = min(firstRetry<<max(tries-1, 0), lastRetry)
	}
	return pause - rand.N(pause/5)
}

// caught ends a panic; it is deferred. What was panicked with may hold a
// person's words, so only the place is told.
func (d *Dispatcher) caught(stage Stage) {
	if recover() != nil {
		d.panicked(stage)
	}
}

func (d *Dispatcher) panicked(stage Stage) {
	d.cfg.Observer.Panicked(stage)
	d.cfg.Log.Error("a panic was caught", "stage", string(stage), "where", whereabouts())
}

// whereabouts names the functions that led to a panic, the innermost first.
func whereabouts() string {
	var pcs [48]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs[:])])
	var where []string
	for len(where) < 12 {
		frame, more := frames.Next()
		if name := frame.Function; !strings.HasPrefix(name, "runtime.") && name != "" {
			where = append(where, fmt.Sprintf("%s:%d", name[strings.LastIndexByte(name, '/')+1:], frame.Line))
		}
		if !more {
			break
		}
	}
	return strings.Join(where, " < ")
}
