package store_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/aldanba/aldanba/bot/dispatch"
	"github.com/aldanba/aldanba/bot/store"
)

func TestAnOpenStoreSweepsByItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := must[*store.Store](t)(store.Open(t.Context(), store.Config{MaxBytes: 100_000, Log: quiet()}))
		defer s.Close()
		var err error
		n := 0
		for ; err == nil; n++ {
			_, err = s.Put(t.Context(), []dispatch.Update{update("a", n)})
		}
		if !errors.Is(err, store.ErrFull) {
			t.Fatal(err)
		}
		time.Sleep(47 * time.Hour)
		// Payloads are gone, marks are still there.
		if fresh, err := s.Put(t.Context(), []dispatch.Update{update("a", 0), update("a", n)}); err != nil || fresh[0] || !fresh[1] {
			t.Fatalf("Put = %v, %v", fresh, err)
		}
	})
}

func TestAnOpenStoreComesBackByItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg := store.Config{Dir: t.TempDir(), Secret: secret, GoOn: true, Log: quiet()}
		first := must[*store.Store](t)(store.Open(t.Context(), cfg))
		second := must[*store.Store](t)(store.Open(t.Context(), cfg))
		defer second.Close()
		time.Sleep(10 * time.Second)
		if err := second.Health(); !errors.Is(err, store.ErrLocked) {
			t.Fatalf("Health = %v", err)
		}
		check(t, first.Close())
		time.Sleep(4 * time.Second)
		synctest.Wait()
		check(t, second.Health())
	})
}

func TestCloseEndsEverything(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *bench) {
		check(t, b.Close())
		before := goleak.IgnoreCurrent()
		s := must[*store.Store](t)(store.Open(t.Context(), b.cfg))
		check(t, s.Gone(t.Context(), person))
		for range 2 {
			check(t, s.Close())
		}
		ready(t, func() error { return goleak.Find(before) })
	})
}
