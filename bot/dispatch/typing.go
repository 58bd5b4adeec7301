package dispatch

import (
	"context"
	"sync"
	"time"
)

// typing shows in the chat that an answer is on its way, first after the given
// time and then until ctx is done or stop is called.
func (d *Dispatcher) typing(ctx context.Context, chat string, first time.Duration) (stop func()) {
	var mu sync.Mutex // held while a call is made: stop waits for it
	var timer *time.Timer
	ctx, cancel := context.WithCancel(ctx)
	show := func() {
		mu.Lock()
		defer mu.Unlock()
		if ctx.Err() != nil {
			return
		}
		defer timer.Reset(typeEvery)
		defer d.caught(StageSend)
		d.cfg.Messenger.Typing(ctx, chat)
	}
	mu.Lock()
	defer mu.Unlock()
	timer = time.AfterFunc(first, show)
	return func() {
		cancel()
		mu.Lock()
		defer mu.Unlock()
		timer.Stop()
	}
}
