package store_test

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/aldanba/aldanba/bot/duelist"
	"github.com/aldanba/aldanba/bot/store"
)

func item(id, person string, due time.Time) duelist.Item {
	return duelist.Item{ID: id, Person: person, Kind: "reminder", Due: due, Late: duelist.Merge, Grace: time.Hour, Quiet: true, Payload: []byte("payload of " + id)}
}

// due leases what is due now for a minute.
func (b *bench) due(t testing.TB) []duelist.Lease {
	t.Helper()
	return must[[]duelist.Lease](t)(b.Due(t.Context(), b.Now(), 100, time.Minute))
}

func names(leases []duelist.Lease) (out []string) {
	for _, l := range leases {
		out = append(out, l.ID)
	}
	return out
}

func TestDueListGivesTheEarliestFirst(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *bench) {
		for i, minutes := range []int{5, 1, 3, 90, 2} {
			check(t, b.Schedule(t.Context(), item(fmt.Sprint("i", minutes), fmt.Sprint("p", i%2), b.Now().Add(time.Duration(minutes)*time.Minute))))
		}
		if got := b.due(t); len(got) != 0 {
			t.Fatalf("too early: %v", names(got))
		}
		check(t, b.Cancel(t.Context(), "i3"))
		check(t, b.Cancel(t.Context(), "unknown"))
		check(t, b.Schedule(t.Context(), item("i1", "p9", b.Now().Add(4*time.Minute)))) // replaces
		b.restartIfKept(t)
		b.Add(5 * time.Minute)
		if got := must[[]duelist.Lease](t)(b.Due(t.Context(), b.Now(), 1, time.Minute)); !slices.Equal(names(got), []string{"i2"}) {
			t.Fatalf("first: %v", names(got))
		}
		got := b.due(t)
		if !slices.Equal(names(got), []string{"i1", "i5"}) {
			t.Fatalf("due: %v", names(got))
		}
		want := item("i1", "p9", b.Now().Add(-time.Minute))
		if l := got[0]; !l.Due.Equal(want.Due) || l.Person != "p9" || l.Kind != want.Kind || l.Late != want.Late || l.Grace != want.Grace || !l.Quiet || string(l.Payload) != string(want.Payload) || l.Tries != 0 || l.Fence == 0 {
			t.Fatalf("lease = %+v", l)
		}
		if got := b.due(t); len(got) != 0 {
			t.Fatalf("leased twice: %v", names(got))
		}
	})
}

// restartIfKept restarts engines that outlive the program.
func (b *bench) restartIfKept(t testing.TB) {
	if b.engine != "memory" {
		b.restart(t)
	}
}

func TestALeaseRunsOutAndIsFenced(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *bench) {
		check(t, b.Schedule(t.Context(), item("r", person, b.Now())))
		first := b.due(t)[0]
		b.Add(time.Minute)
		second := b.due(t)[0]
		if second.Fence <= first.Fence || second.Tries != 1 {
			t.Fatalf("second lease %+v after %+v", second, first)
		}
		check(t, b.Finish(t.Context(), first))
		check(t, b.Postpone(t.Context(), first, b.Now().Add(time.Hour)))
		b.Add(time.Minute)
		third := b.due(t)
		if len(third) != 1 || third[0].Tries != 2 {
			t.Fatalf("a lease that was lost did harm: %+v", third)
		}
		check(t, b.Postpone(t.Context(), third[0], b.Now().Add(time.Hour)))
		check(t, b.Finish(t.Context(), third[0])) // it has ended
		b.Add(time.Hour - time.Millisecond)
		if got := b.due(t); len(got) != 0 {
			t.Fatalf("postponed, and due at once: %+v", got)
		}
		b.Add(time.Millisecond)
		fourth := b.due(t)
		if len(fourth) != 1 || fourth[0].Tries != 3 || !fourth[0].Due.Equal(b.Now()) {
			t.Fatalf("after Postpone: %+v", fourth)
		}
		check(t, b.Schedule(t.Context(), item("r", person, b.Now())))
		check(t, b.Finish(t.Context(), fourth[0])) // it was scheduled anew
		fifth := b.due(t)
		if len(fifth) != 1 || fifth[0].Tries != 0 {
			t.Fatalf("scheduled anew: %+v", fifth)
		}
		b.Add(time.Hour)
		check(t, b.Finish(t.Context(), fifth[0])) // late, but nobody took it
		if got := b.due(t); len(got) != 0 {
			t.Fatalf("finished, and due: %+v", got)
		}
	})
}

func TestProcessesShareTheDueList(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *bench) {
		const all = 120
		for i := range all {
			check(t, b.Schedule(t.Context(), item(fmt.Sprint("i", i), fmt.Sprint("p", i%7), b.Now())))
		}
		var mu sync.Mutex
		taken := map[string]int{}
		var wg sync.WaitGroup
		for range 6 {
			s := b.Twin()
			wg.Go(func() {
				for {
					leases, err := s.Due(t.Context(), b.Now(), 7, time.Hour)
					if err != nil {
						t.Error(err)
						return
					}
					mu.Lock()
					for _, l := range leases {
						taken[l.ID]++
					}
					complete := len(taken) == all
					mu.Unlock()
					if complete || t.Failed() {
						return
					}
					for _, l := range leases {
						if err := s.Finish(t.Context(), l); err != nil {
							t.Error(err)
						}
					}
				}
			})
		}
		wg.Wait()
		for id, n := range taken {
			if n != 1 {
				t.Errorf("%s was leased %d times", id, n)
			}
		}
	})
}

func TestAnItemIsBounded(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *bench) {
		big := item("r", person, b.Now())
		big.Payload = make([]byte, 4<<10+1)
		if err := b.Schedule(t.Context(), big); !errors.Is(err, store.ErrTooBig) {
			t.Fatalf("Schedule = %v", err)
		}
		big.Payload = big.Payload[1:]
		check(t, b.Schedule(t.Context(), big))
	})
}
