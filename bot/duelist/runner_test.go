package duelist_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"github.com/aldanba/aldanba/bot/duelist"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// bench is a runner with everything around it.
type bench struct {
	t     *testing.T
	store *process
	cfg   duelist.Config
	log   *bytes.Buffer
	began time.Time
	stop  context.CancelFunc
	ended chan error

	mu       sync.Mutex
	happened []string // id and when, in the order of the handler's calls
	counts   map[string]int
}

func newBench(t *testing.T, l *list) *bench {
	b := &bench{t: t, store: l.process(), log: &bytes.Buffer{}, began: time.Now(), ended: make(chan error, 1), counts: map[string]int{}}
	b.cfg = duelist.Config{
		Store: b.store, Observer: b, Log: slog.New(slog.NewTextHandler(b.log, nil)), Every: time.Second,
		Handlers: map[string]duelist.Handler{"remind": b.remind},
	}
	return b
}

func (b *bench) remind(_ context.Context, l duelist.Lease) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.happened = append(b.happened, l.ID)
	return nil
}

func (b *bench) Ended(_ string, r duelist.Result, _ time.Duration) { b.count(string(r)) }
func (b *bench) Panicked(string)                                   { b.count("panic") }
func (b *bench) StoreFailed()                                      { b.count("store") }

func (b *bench) count(name string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.counts[name]++
}

func (b *bench) run() {
	ctx, stop := context.WithCancel(b.t.Context())
	b.stop = stop
	runner := duelist.New(b.cfg)
	go func() { b.ended <- runner.Run(ctx) }()
}

func (b *bench) end() {
	b.t.Helper()
	b.stop()
	if err := <-b.ended; err != nil {
		b.t.Error(err)
	}
}

// add schedules an item of the kind "remind" that is due so long after the
// beginning of the test.
func (b *bench) add(id string, due time.Duration, change ...func(*duelist.Item)) {
	item := duelist.Item{ID: id, Person: "anna", Kind: "remind", Due: b.began.Add(due), Late: duelist.Keep}
	for _, f := range change {
		f(&item)
	}
	if err := b.store.Schedule(b.t.Context(), item); err != nil {
		b.t.Error(err)
	}
}

func (b *bench) pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

func (b *bench) saw(want ...string) {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	if diff := cmp.Diff(want, b.happened); diff != "" {
		b.t.Errorf("happened (-want +got):\n%s", diff)
	}
}

func (b *bench) counted(name string, want int) {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.counts[name] != want {
		b.t.Errorf("%s: %d, want %d (all: %v)", name, b.counts[name], want, b.counts)
	}
}

func inBubble(t *testing.T, test func(*bench)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { test(newBench(t, newList())) })
}

func TestItemsHappenWhenTheyAreDue(t *testing.T) {
	inBubble(t, func(b *bench) {
		b.add("later", time.Hour)
		b.add("soon", time.Minute)
		b.add("cancelled", time.Minute)
		if err := b.store.Cancel(b.t.Context(), "cancelled"); err != nil {
			t.Error(err)
		}
		b.run()
		b.pass(58 * time.Second)
		b.saw()
		b.pass(5 * time.Second)
		b.saw("soon")
		b.pass(time.Hour)
		b.saw("soon", "later")
		b.end()
		b.counted("happened", 2)
		if b.store.left() != 0 {
			t.Errorf("%d items are left", b.store.left())
		}
	})
}

func late(policy duelist.Lateness, person string) func(*duelist.Item) {
	return func(i *duelist.Item) { i.Late, i.Grace, i.Person = policy, time.Hour, person }
}

// After an outage of a day items happen, are dropped or merged as they say.
func TestLateness(t *testing.T) {
	for _, most := range []int{1, 2, 64} { // the leases come in several rounds, or in one
		t.Run(fmt.Sprint("leased together: ", most), func(t *testing.T) {
			inBubble(t, func(b *bench) {
				b.cfg.Most, b.cfg.Workers = most, 1
				b.add("keep", 0, late(duelist.Keep, "anna"))
				b.add("drop", time.Hour, late(duelist.Drop, "anna"))
				b.add("drop in time", 23*time.Hour+30*time.Minute, late(duelist.Drop, "anna"))
				for i := range 5 {
					b.add(fmt.Sprint("merge anna ", i), time.Duration(i)*time.Hour, late(duelist.Merge, "anna"))
					b.add(fmt.Sprint("merge bota ", i), time.Duration(i)*time.Hour, late(duelist.Merge, "bota"))
				}
				b.add("merge in time", 23*time.Hour+40*time.Minute, late(duelist.Merge, "anna"))
				b.add("without grace", 0, func(i *duelist.Item) { i.Late = duelist.Drop })
				time.Sleep(24 * time.Hour)
				b.run()
				b.pass(time.Minute)
				slices.Sort(b.happened)
				b.saw("drop in time", "keep", "merge anna 4", "merge bota 4", "merge in time", "without grace")
				b.end()
				b.counted("late", 1)
				b.counted("merged", 8)
				if b.store.left() != 0 {
					t.Errorf("%d items are left", b.store.left())
				}
			})
		})
	}
}

func TestQuietItemsWaitForTheMorning(t *testing.T) {
	inBubble(t, func(b *bench) {
		// The clock of the bubble begins at midnight UTC, five in the morning
		// in Kazakhstan.
		b.cfg.Quiet = duelist.Night()
		b.add("quiet", time.Minute, func(i *duelist.Item) { i.Quiet, i.Late, i.Grace = true, duelist.Drop, time.Hour })
		b.add("loud", time.Minute)
		b.run()
		b.pass(2*time.Hour + 59*time.Minute)
		b.saw("loud")
		b.pass(2 * time.Minute)
		b.saw("loud", "quiet")
		b.end()
		b.counted("quiet", 1)
	})
}

func TestQuietHours(t *testing.T) {
	zone := duelist.Night().Zone
	at := func(s string) time.Time {
		moment, err := time.ParseInLocation("2006-01-02 15:04", s, zone)
		if err != nil {
			t.Fatal(err)
		}
		return moment
	}
	noon := duelist.Hours{From: 12 * time.Hour, To: 13*time.Hour + 30*time.Minute, Zone: zone}
	tests := map[string]struct {
		hours     duelist.Hours
		now, want string
	}{
		"day":             {duelist.Night(), "2026-03-05 15:00", "2026-03-05 15:00"},
		"beginning":       {duelist.Night(), "2026-03-05 22:00", "2026-03-06 08:00"},
		"before midnight": {duelist.Night(), "2026-12-31 23:59", "2027-01-01 08:00"},
		"after midnight":  {duelist.Night(), "2026-03-06 00:00", "2026-03-06 08:00"},
		"end":             {duelist.Night(), "2026-03-06 08:00", "2026-03-06 08:00"},
		"within a day":    {noon, "2026-03-05 12:10", "2026-03-05 13:30"},
		"before noon":     {noon, "2026-03-05 11:59", "2026-03-05 11:59"},
		"none":            {duelist.Hours{}, "2026-03-06 03:00", "2026-03-06 03:00"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			for _, now := range []time.Time{at(test.now), at(test.now).UTC()} {
				if got := test.hours.Until(now); !got.Equal(at(test.want)) {
					t.Errorf("Until(%v) = %v, want %v", now, got, test.want)
				}
			}
		})
	}
}

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
			if calls != 10 || b.store.left() != 0 {
				t.Errorf("tried %d times, %d left; want 10 and 0", calls, b.store.left())
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
			if b.store.left() != 1 {
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
				if b.store.left() != 0 || len(b.happened) > 3 || b.counts["store"] == 0 {
					t.Errorf("%s: %d left, happened %q, told %d times", operation, b.store.left(), b.happened, b.counts["store"])
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
		first := newBench(t, newList())
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
		second := newBench(t, first.store.list)
		second.cfg.Handlers["remind"] = remember
		second.run()
		second.pass(10 * time.Minute)
		second.end()
		if len(fences) != 2 || fences[1] <= fences[0] {
			t.Errorf("carried out under the fences %v, want two that grow", fences)
		}
		if second.store.left() != 0 {
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
			b.add("a", 0)
			b.add("b", 0)
			b.run()
			b.pass(time.Second)
			b.end()
			b.saw("a")
			b.counted("handed_on", 1)
			next := newBench(b.t, b.store.list)
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

// TestNothingIsForgotten lets two runners on one list be killed and started at
// random: every item happens, and twice at most so often as it was in work when
// a process was killed.
func TestNothingIsForgotten(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		dues := rapid.SliceOfN(rapid.IntRange(0, 600), 1, 30).Draw(rt, "due")
		takes := rapid.IntRange(0, 20).Draw(rt, "seconds of an item")
		kills := rapid.SliceOfN(rapid.IntRange(1, 200), 0, 6).Draw(rt, "seconds between kills")
		var faults []string
		synctest.Test(t, func(t *testing.T) {
			shared := newList()
			calls, working, cutOff := map[string]int{}, map[string]int{}, 0
			var mu sync.Mutex
			var runners [2]*bench
			start := func(i int) {
				b := newBench(t, shared)
				b.cfg.Workers, b.cfg.Every = 3, 10*time.Second
				b.cfg.Handlers["remind"] = func(ctx context.Context, l duelist.Lease) error {
					mu.Lock()
					calls[l.ID]++
					if working[l.ID]++; working[l.ID] > 1 {
						faults = append(faults, l.ID+" is in work twice at a time")
					}
					mu.Unlock()
					select {
					case <-time.After(time.Duration(takes) * time.Second):
					case <-ctx.Done():
					}
					mu.Lock()
					defer mu.Unlock()
					working[l.ID]--
					return ctx.Err()
				}
				b.run()
				runners[i] = b
			}
			start(0)
			start(1)
			for i, s := range dues {
				runners[0].add(fmt.Sprint(i), time.Duration(s)*time.Second)
			}
			for i, s := range kills {
				runners[0].pass(time.Duration(s) * time.Second)
				b := runners[i%2]
				mu.Lock()
				for _, n := range working {
					cutOff += n // of both, at most
				}
				mu.Unlock()
				b.store.kill()
				b.stop()
				start(i % 2)
			}
			time.Sleep(30 * time.Minute)
			synctest.Wait()
			runners[0].end()
			runners[1].end()
			twice := 0
			for i := range dues {
				n := calls[fmt.Sprint(i)]
				if n == 0 {
					faults = append(faults, fmt.Sprint(i, " never happened"))
				}
				twice += max(n-1, 0)
			}
			if twice > cutOff {
				faults = append(faults, fmt.Sprintf("%d happened twice, %d were in work at kills", twice, cutOff))
			}
			if n := shared.left(); n != 0 {
				faults = append(faults, fmt.Sprint(n, " are left"))
			}
		})
		for _, fault := range faults {
			rt.Error(fault)
		}
	})
}
