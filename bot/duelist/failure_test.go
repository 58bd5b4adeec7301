package duelist_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aldanba/aldanba/bot/duelist"
)

func TestFailures(t *testing.T) {
	t.Run("are tried again, at growing intervals", func(t *testing.T) {
		inBubble(t, func(b *bench) {
			var times []time.Duration
			b.cfg.Handlers["remind"] = func(context.Context, duelist.Lease) error {
				times = append(times, time.Since(b.began))
				if len(times) < 4 {
					return errors.New("not now: SECRET")
				}
				return nil
			}
			b.add("a", 0)
			b.run()
			b.pass(5 * time.Minute)
			b.end()
			b.counted("failed", 3)
			b.counted("happened", 1)
			for i := 2; i < len(times); i++ {
				if times[i]-times[i-1] < times[i-1]-times[i-2] {
					t.Errorf("tried at %v: the pauses do not grow", times)
				}
			}
		})
	})
	t.Run("end after ten times", func(t *testing.T) {
		inBubble(t, func(b *bench) {
			calls := 0
			b.cfg.Handlers["remind"] = func(context.Context, duelist.Lease) error {
				if calls++; calls%2 == 0 {
					panic("SECRET")
				}
				return errors.New("SECRET")
			}
			b.cfg.Every = time.Minute
			b.add("a", 0)
			b.run()
			b.pass(10 * time.Hour)
			b.end()
			if calls != 10 || b.left() != 0 {
				t.Errorf("tried %d times, %d left; want 10 and 0", calls, b.left())
			}
			b.counted("given_up", 1)
			b.counted("panic", 5)
			if strings.Contains(b.log.String(), "SECRET") {
				t.Errorf("the log tells what failed:\n%s", b.log)
			}
		})
	})
	t.Run("a kind that nobody handles waits", func(t *testing.T) {
		inBubble(t, func(b *bench) {
			b.add("a", 0, func(i *duelist.Item) { i.Kind = "of a later version" })
			b.run()
			b.pass(time.Minute)
			b.counted("unknown", 1)
			if b.left() != 1 {
				t.Error("the item is gone")
			}
			b.end()
		})
	})
	t.Run("a handler has less time than the lease", func(t *testing.T) {
		inBubble(t, func(b *bench) {
			b.cfg.Handlers["remind"] = func(ctx context.Context, _ duelist.Lease) error {
				<-ctx.Done()
				return ctx.Err()
			}
			b.add("a", 0)
			b.run()
			b.pass(2*time.Minute - time.Second)
			b.counted("failed", 1)
			b.end()
		})
	})
	t.Run("a store that fails", func(t *testing.T) {
		for _, operation := range []string{"due", "finish", "postpone"} {
			inBubble(t, func(b *bench) {
				b.cfg.Quiet = duelist.Night()
				b.store.fail(operation, errors.New("SECRET"))
				b.add("a", 0)
				b.add("quiet", 0, func(i *duelist.Item) { i.Quiet = true })
				b.run()
				b.pass(30 * time.Second)
				b.store.fail(operation, nil)
				b.pass(4 * time.Hour)
				b.end()
				if b.left() != 0 || len(b.happened) > 3 || b.counts["store"] == 0 {
					t.Errorf("%s: %d left, happened %q, told %d times", operation, b.left(), b.happened, b.counts["store"])
				}
				if strings.Contains(b.log.String(), "SECRET") {
					t.Errorf("the log tells what failed:\n%s", b.log)
				}
			})
		}
	})
}

// Between the handler and the record of it a crash repeats the item once, and
// the handler can tell by the fence.
func TestACrashRepeatsAnItemOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		first := newBench(t, newStore(t))
		var fences []uint64
		remember := func(_ context.Context, l duelist.Lease) error {
			fences = append(fences, l.Fence)
			first.store.kill() // it has happened, and can no longer be recorded
			return nil
		}
		first.cfg.Handlers["remind"] = remember
		first.add("a", 0)
		first.run()
		first.pass(time.Second)
		first.end()
		second := newBench(t, first.store.Store)
		second.cfg.Handlers["remind"] = remember
		second.run()
		second.pass(10 * time.Minute)
		second.end()
		if len(fences) != 2 || fences[1] <= fences[0] {
			t.Errorf("carried out under the fences %v, want two that grow", fences)
		}
		if left(t, second.store.Store) != 0 {
			t.Error("the item is still there")
		}
	})
}

func TestDrain(t *testing.T) {
	t.Run("what is in work is finished, the rest handed on", func(t *testing.T) {
		inBubble(t, func(b *bench) {
			b.cfg.Workers = 1
			b.cfg.Handlers["remind"] = func(ctx context.Context, l duelist.Lease) error {
				time.Sleep(2 * time.Second)
				return b.remind(ctx, l)
			}
			b.add("a", -time.Minute) // before the other
			b.add("b", 0)
			b.run()
			b.pass(time.Second)
			b.end()
			b.saw("a")
			b.counted("handed_on", 1)
			next := newBench(b.t, b.store.Store)
			next.run()
			next.pass(time.Second)
			next.saw("b")
			next.end()
		})
	})
	t.Run("what takes too long is cut off", func(t *testing.T) {
		inBubble(t, func(b *bench) {
			b.cfg.Handlers["remind"] = func(ctx context.Context, _ duelist.Lease) error {
				<-ctx.Done()
				return ctx.Err()
			}
			b.add("a", 0)
			b.run()
			b.pass(time.Second)
			began := time.Now()
			b.end()
			if took := time.Since(began); took != 10*time.Second {
				t.Errorf("the drain took %v, want 10 s", took)
			}
			b.counted("handed_on", 1)
		})
	})
	t.Run("a runner runs once", func(t *testing.T) {
		inBubble(t, func(b *bench) {
			ctx, stop := context.WithCancel(b.t.Context())
			stop()
			r := duelist.New(b.cfg)
			if err := r.Run(ctx); err != nil {
				t.Error(err)
			}
			if r.Run(ctx) == nil {
				t.Error("it ran twice")
			}
		})
	})
}
