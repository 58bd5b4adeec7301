package store_test

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"github.com/aldanba/aldanba/bot/dispatch"
	"github.com/aldanba/aldanba/bot/store"
)

func quiet() *slog.Logger { return slog.New(slog.NewTextHandler(io.Discard, nil)) }

func must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func update(chat string, n int) dispatch.Update {
	id := fmt.Sprintf("telegram:%s-%d", chat, n)
	return dispatch.Update{ID: id, Chat: chat, At: newClock().Now(), Payload: []byte("payload of " + id)}
}

func (b *bench) put(t testing.TB, updates ...dispatch.Update) []bool {
	t.Helper()
	return must[[]bool](t)(b.Put(t.Context(), updates))
}

func (b *bench) claimed(t testing.TB, chat string) dispatch.Claim {
	t.Helper()
	claim, _, err := b.Claim(t.Context(), chat, time.Minute, 0)
	check(t, err)
	return claim
}

// ids gives what waits in a chat.
func (b *bench) ids(t testing.TB, claim dispatch.Claim) (out []string) {
	t.Helper()
	for _, r := range must[[]dispatch.Record](t)(b.Pending(t.Context(), claim, 1000)) {
		out = append(out, r.ID)
	}
	return out
}

func (b *bench) waits(t testing.TB) (out []string) {
	t.Helper()
	for next := ""; ; {
		chats, after, err := b.Waiting(t.Context(), next, 2)
		check(t, err)
		out = append(out, chats...)
		if next = after; next == "" {
			slices.Sort(out)
			return out
		}
	}
}

func TestInboxKeepsOrderAndRefusesWhatWasSeen(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *bench) {
		one, two, other, three := update("a", 1), update("a", 2), update("b", 1), update("a", 3)
		if got := b.put(t, one, other, two, one); !slices.Equal(got, []bool{true, true, true, false}) {
			t.Fatalf("fresh = %v", got)
		}
		if got := b.put(t, two, three); !slices.Equal(got, []bool{false, true}) {
			t.Fatalf("fresh = %v", got)
		}
		claim := b.claimed(t, "a")
		records := must[[]dispatch.Record](t)(b.Pending(t.Context(), claim, 10))
		for i, want := range []dispatch.Update{one, two, three} {
			if i >= len(records) || records[i].ID != want.ID || records[i].Chat != "a" || !records[i].At.Equal(want.At) || string(records[i].Payload) != string(want.Payload) || records[i].Step != (dispatch.Step{}) {
				t.Fatalf("record %d of %+v is not %+v", i, records, want)
			}
		}
		if got := must[[]dispatch.Record](t)(b.Pending(t.Context(), claim, 2)); len(got) != 2 {
			t.Fatalf("%d records instead of 2", len(got))
		}
		check(t, b.Done(t.Context(), claim, []string{two.ID, "telegram:unknown", other.ID}))
		if got := b.ids(t, claim); !slices.Equal(got, []string{one.ID, three.ID}) {
			t.Fatalf("waits: %v", got)
		}
		if got := b.ids(t, b.claimed(t, "b")); !slices.Equal(got, []string{other.ID}) {
			t.Fatalf("a claim to one chat reached into another: %v", got)
		}
		if got := b.put(t, two, one); !slices.Equal(got, []bool{false, false}) {
			t.Fatalf("what was answered or waits came again: %v", got)
		}
	})
}

func TestInboxSurvivesARestart(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *bench) {
		b.put(t, update("a", 1), update("a", 2), update("a", 3))
		claim := b.claimed(t, "a")
		step := dispatch.Step{Case: "telegram:a-1", Sent: 1, Final: 2, First: "777", Reading: true, Held: true, Level: "scam", Tries: 3, After: b.Now().Add(time.Second)}
		check(t, b.Advance(t.Context(), claim, []string{"telegram:a-1", "telegram:a-3"}, step))
		check(t, b.Done(t.Context(), claim, []string{"telegram:a-2"}))
		b.restart(t)
		b.Add(2 * time.Minute)
		later := b.claimed(t, "a")
		if later.Fence <= claim.Fence {
			t.Fatalf("fence %d after %d", later.Fence, claim.Fence)
		}
		records := must[[]dispatch.Record](t)(b.Pending(t.Context(), later, 10))
		if len(records) != 2 || records[0].ID != "telegram:a-1" || records[1].ID != "telegram:a-3" {
			t.Fatalf("records: %+v", records)
		}
		for _, r := range records {
			if !r.Step.After.Equal(step.After) {
				t.Fatalf("step = %+v", r.Step)
			}
			if r.Step.After = step.After; r.Step != step {
				t.Fatalf("step = %+v, want %+v", r.Step, step)
			}
		}
		if got := b.put(t, update("a", 2), update("a", 4)); !slices.Equal(got, []bool{false, true}) {
			t.Fatalf("fresh = %v", got)
		}
		if got := b.ids(t, later); !slices.Equal(got, []string{"telegram:a-1", "telegram:a-3", "telegram:a-4"}) {
			t.Fatalf("order: %v", got)
		}
	})
}

func TestInboxForgetsAfterTwoHoursAndMarksAfterTwoDays(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *bench) {
		b.put(t, update("a", 1))
		b.Add(time.Hour)
		b.put(t, update("a", 2))
		b.Add(time.Hour)
		claim := b.claimed(t, "a")
		if got := b.ids(t, claim); !slices.Equal(got, []string{"telegram:a-2"}) {
			t.Fatalf("after two hours: %v", got)
		}
		b.Add(time.Hour)
		if got := b.waits(t); len(got) != 0 {
			t.Fatalf("waits after expiry: %v", got)
		}
		claim = b.claimed(t, "a")
		if more, err := b.Release(t.Context(), claim, nil, 0); more || err != nil {
			t.Fatalf("Release = %v, %v: what has expired counts", more, err)
		}
		check(t, b.Sweep(t.Context()))
		if got := b.put(t, update("a", 1), update("a", 2)); !slices.Equal(got, []bool{false, false}) {
			t.Fatalf("fresh after three hours: %v", got)
		}
		b.Add(45 * time.Hour)
		if got := b.put(t, update("a", 1), update("a", 2)); !slices.Equal(got, []bool{true, false}) {
			t.Fatalf("fresh after 48 hours: %v", got)
		}
		check(t, b.Sweep(t.Context()))
		if got := b.ids(t, b.claimed(t, "a")); !slices.Equal(got, []string{"telegram:a-1"}) {
			t.Fatalf("the sweeper took what lives: %v", got)
		}
	})
}

func TestAClaimIsHeldByOneProcessAndFenced(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *bench) {
		ctx := t.Context()
		other := b.Twin()
		b.put(t, update("a", 1), update("a", 2))
		mine := b.claimed(t, "a")
		if _, _, err := other.Claim(ctx, "a", time.Minute, 9); !errors.Is(err, dispatch.ErrTaken) {
			t.Fatalf("a second claim: %v", err)
		}
		if _, err := other.Pending(ctx, dispatch.Claim{Chat: "a", Fence: mine.Fence + 1}, 1); !errors.Is(err, dispatch.ErrLost) {
			t.Fatalf("a claim that nobody gave: %v", err)
		}
		b.Add(40 * time.Second)
		if again := b.claimed(t, "a"); again != mine {
			t.Fatalf("renewed claim %+v, was %+v", again, mine)
		}
		b.Add(40 * time.Second)
		check(t, b.Done(ctx, mine, nil)) // renewed: it holds
		b.Add(time.Minute)
		_, released := b.Release(ctx, mine, []string{"telegram:a-1"}, 9)
		for name, err := range map[string]error{
			"Advance": b.Advance(ctx, mine, []string{"telegram:a-1"}, dispatch.Step{Sent: 1}),
			"Done":    b.Done(ctx, mine, []string{"telegram:a-1"}),
			"Release": released,
		} {
			if !errors.Is(err, dispatch.ErrLost) {
				t.Errorf("%s under a claim that has run out: %v", name, err)
			}
		}
		theirs, records, err := other.Claim(ctx, "a", time.Minute, 10)
		if err != nil || len(records) != 2 || records[0].Step.Sent != 0 {
			t.Fatalf("the loser left its mark: %+v, %v", records, err)
		}
		if theirs.Fence <= mine.Fence {
			t.Fatalf("fence %d after %d", theirs.Fence, mine.Fence)
		}
		if _, err := b.Release(ctx, mine, nil, 9); !errors.Is(err, dispatch.ErrLost) {
			t.Fatalf("Release under a claim that was taken over: %v", err)
		}
		if more, err := other.Release(ctx, theirs, nil, 1); !more || err != nil {
			t.Fatalf("Release = %v, %v with a record that came meanwhile", more, err)
		}
		if _, _, err := b.Claim(ctx, "a", time.Minute, 9); !errors.Is(err, dispatch.ErrTaken) {
			t.Fatalf("it stays claimed when there is more: %v", err)
		}
		if more, err := other.Release(ctx, theirs, []string{"telegram:a-1"}, 0); !more || err != nil {
			t.Fatalf("Release = %v, %v with a record beside the one that is done", more, err)
		}
		if records, err := other.Pending(ctx, theirs, 9); err != nil || len(records) != 1 || records[0].ID != "telegram:a-2" {
			t.Fatalf("after Release that says there is more: %+v, %v", records, err)
		}
		if more, err := other.Release(ctx, theirs, nil, 1); more || err != nil {
			t.Fatalf("Release = %v, %v", more, err)
		}
		last := b.claimed(t, "a")
		if last.Fence <= theirs.Fence {
			t.Fatalf("fence %d after %d", last.Fence, theirs.Fence)
		}
		if more, err := b.Release(ctx, last, []string{"telegram:a-2"}, 0); more || err != nil || len(b.waits(t)) != 0 {
			t.Fatalf("Release = %v, %v; waits: %v", more, err, b.waits(t))
		}
		if _, err := b.Pending(ctx, last, 9); !errors.Is(err, dispatch.ErrLost) {
			t.Fatalf("what was given back still holds: %v", err)
		}
	})
}

// A commit costs two syncs of the disk, so those who write at the same time share it.
func TestWritesAreCommittedInGroups(t *testing.T) {
	b := newBench(t, "embedded")
	b.open(t)
	check(t, b.Close())
	before := commits(t, b.cfg.Dir)
	b.open(t)
	const writers, each = 64, 10
	begin := make(chan struct{})
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			<-begin
			for n := range each {
				if _, err := b.Put(t.Context(), []dispatch.Update{update(fmt.Sprint("chat ", w), n)}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	close(begin)
	wg.Wait()
	check(t, b.Close())
	if n := commits(t, b.cfg.Dir) - before; n > writers*each/4 {
		t.Errorf("%d writes took %d commits", writers*each, n)
	}
}

// commits is how many transactions have written to the file.
func commits(t *testing.T, dir string) (n int) {
	t.Helper()
	db, err := bbolt.Open(filepath.Join(dir, "aldanba.db"), 0o600, &bbolt.Options{ReadOnly: true})
	check(t, err)
	defer db.Close()
	check(t, db.View(func(tx *bbolt.Tx) error { n = tx.ID(); return nil }))
	return n
}

func TestWaitingListsEveryChatOnce(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *bench) {
		var want []string
		var all []dispatch.Update
		for i := range 37 {
			chat := fmt.Sprintf("telegram:%d", i)
			want = append(want, chat)
			all = append(all, update(chat, 1), update(chat, 2))
		}
		b.put(t, all...)
		slices.Sort(want)
		if got := b.waits(t); !slices.Equal(got, want) {
			t.Fatalf("waits: %v", got)
		}
		for _, chat := range want[1:] {
			check(t, b.Done(t.Context(), b.claimed(t, chat), []string{update(chat, 1).ID, update(chat, 2).ID}))
		}
		if got := b.waits(t); !slices.Equal(got, want[:1]) {
			t.Fatalf("waits: %v", got)
		}
		if _, _, err := b.Waiting(t.Context(), "no such place", 5); err == nil {
			t.Fatal("a place that no list gave was taken")
		}
	})
}

func TestInboxBoundsWhatItTakes(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *bench) {
		big := update("a", 1)
		big.Payload = make([]byte, 1<<20+1)
		long := update("a", 2)
		long.Chat = strings.Repeat("x", 1000)
		for _, u := range []dispatch.Update{big, long} {
			if _, err := b.Put(t.Context(), []dispatch.Update{u}); !errors.Is(err, store.ErrTooBig) {
				t.Errorf("Put = %v", err)
			}
		}
		if b.Health() != nil {
			t.Errorf("a record that is too big harms the store: %v", b.Health())
		}
		big.Payload = big.Payload[1:]
		if got := b.put(t, big); !got[0] {
			t.Error("a megabyte is not taken")
		}
	})
}

func TestManyGoroutinesAnswerEveryUpdateOnce(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *bench) {
		const chats, each = 12, 15
		processes := []*store.Store{b.Store}
		for range 7 {
			processes = append(processes, b.Twin())
		}
		var mu sync.Mutex
		answered := map[string]int{}
		last := map[string]int{}
		var wg sync.WaitGroup
		for c := range chats {
			chat := fmt.Sprintf("telegram:%d", c)
			wg.Go(func() {
				for n := range each {
					// Each is delivered twice, by different processes.
					for _, p := range processes[:2] {
						if _, err := p.Put(t.Context(), []dispatch.Update{update(chat, n)}); err != nil {
							t.Error(err)
						}
					}
				}
			})
		}
		for _, p := range processes {
			wg.Go(func() {
				for {
					mu.Lock()
					complete := len(answered) == chats*each || t.Failed()
					mu.Unlock()
					if complete {
						return
					}
					for c := range chats {
						claim, records, err := p.Claim(t.Context(), fmt.Sprintf("telegram:%d", c), time.Hour, 4)
						if errors.Is(err, dispatch.ErrTaken) {
							continue
						} else if err != nil {
							t.Error(err)
							return
						}
						for more := true; more; {
							var ids []string
							for i, r := range records {
								var n int
								fmt.Sscanf(r.ID, "telegram:"+claim.Chat+"-%d", &n)
								mu.Lock()
								answered[r.ID]++
								if before, ok := last[claim.Chat]; ok && n != before+1 {
									t.Errorf("%s was answered after %d", r.ID, before)
								}
								last[claim.Chat] = n
								mu.Unlock()
								if i%2 == 0 {
									ids = append(ids, r.ID)
								} else if err := p.Done(t.Context(), claim, []string{r.ID}); err != nil {
									t.Error(err)
								}
							}
							if more, err = p.Release(t.Context(), claim, ids, 0); err != nil {
								t.Error(err)
							}
							if !more {
								break
							}
							if records, err = p.Pending(t.Context(), claim, 4); err != nil {
								t.Error(err)
							}
						}
					}
				}
			})
		}
		wg.Wait()
		for id, n := range answered {
			if n != 1 {
				t.Errorf("%s was answered %d times", id, n)
			}
		}
	})
}
