package duelist_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/aldanba/aldanba/bot/duelist"
)

func TestMain(m *testing.M) {
	_ = flag.Set("rapid.seed", "1") // the same histories for everybody; the command line may name another seed
	goleak.VerifyTestMain(m)
}

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

func newBench(t *testing.T, s duelist.Store) *bench {
	b := &bench{t: t, store: &process{Store: s, broken: map[string]error{}}, log: &bytes.Buffer{}, began: time.Now(), ended: make(chan error, 1), counts: map[string]int{}}
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

// left gives how many items are in the store. It leases them all: it is asked
// for at the end.
func left(t *testing.T, s duelist.Store) int {
	t.Helper()
	leases, err := s.Due(t.Context(), time.Now().AddDate(1, 0, 0), 1000, time.Second)
	if err != nil {
		t.Error(err)
	}
	return len(leases)
}

func (b *bench) left() int { return left(b.t, b.store.Store) }

func inBubble(t *testing.T, test func(*bench)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { test(newBench(t, newStore(t))) })
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
		if b.left() != 0 {
			t.Errorf("%d items are left", b.left())
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
				if b.left() != 0 {
					t.Errorf("%d items are left", b.left())
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
