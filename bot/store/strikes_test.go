package store_test

import (
	"sync"
	"testing"
	"time"

	"github.com/aldanba/aldanba/bot/store"
)

func TestStrikesAreForgottenADayAfterTheLast(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *bench) {
		ctx := t.Context()
		strikes := func(name string) int { return must[int](t)(b.Strikes(ctx, name)) }
		if n := strikes("person"); n != 0 {
			t.Fatalf("%d at first", n)
		}
		check(t, b.Strike(ctx, "person"))
		b.Add(23 * time.Hour)
		check(t, b.Strike(ctx, "person"))
		b.Add(23 * time.Hour) // to look does not prolong them
		if n, other := strikes("person"), strikes("another"); n != 2 || other != 0 {
			t.Fatalf("%d strikes, another has %d", n, other)
		}
		b.Add(time.Hour)
		if n := strikes("person"); n != 0 {
			t.Fatalf("%d a day after the last", n)
		}
	})
}

func TestStrikesOfManyAtOnceAreAllCountedAndOutliveTheProcess(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *bench) {
		var wg sync.WaitGroup
		for _, s := range []*store.Store{b.Store, b.Twin()} {
			for range 5 {
				wg.Go(func() {
					if err := s.Strike(t.Context(), "person"); err != nil {
						t.Error(err)
					}
				})
			}
		}
		wg.Wait()
		b.restart(t)
		if n := must[int](t)(b.Strikes(t.Context(), "person")); n != 10 {
			t.Fatalf("%d strikes", n)
		}
	})
}
