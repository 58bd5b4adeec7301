package duelist_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"github.com/aldanba/aldanba/bot/duelist"
)

// TestNothingIsForgotten lets two runners on one list be killed and started at
// random: every item happens, and again only where the process that carried it
// out was killed.
func TestNothingIsForgotten(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		dues := rapid.SliceOfN(rapid.IntRange(0, 600), 1, 30).Draw(rt, "due")
		takes := rapid.IntRange(0, 20).Draw(rt, "seconds of an item")
		kills := rapid.SliceOfN(rapid.IntRange(1, 200), 0, 6).Draw(rt, "seconds between kills")
		var faults []string
		synctest.Test(t, func(t *testing.T) {
			shared := newStore(t)
			working, last := map[string]int{}, map[string]*bench{}
			var mu sync.Mutex
			var runners [2]*bench
			start := func(i int) {
				b := newBench(t, shared)
				b.cfg.Workers, b.cfg.Every = 3, 10*time.Second
				b.cfg.Handlers["remind"] = func(ctx context.Context, l duelist.Lease) error {
					mu.Lock()
					if before := last[l.ID]; before != nil && !before.store.dead() {
						faults = append(faults, l.ID+" happens again although nobody was killed")
					}
					last[l.ID] = b
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
				runners[i%2].store.kill()
				runners[i%2].stop()
				start(i % 2)
			}
			time.Sleep(30 * time.Minute)
			synctest.Wait()
			runners[0].end()
			runners[1].end()
			for i := range dues {
				if last[fmt.Sprint(i)] == nil {
					faults = append(faults, fmt.Sprint(i, " never happened"))
				}
			}
			if n := left(t, shared); n != 0 {
				faults = append(faults, fmt.Sprint(n, " are left"))
			}
		})
		for _, fault := range faults {
			rt.Error(fault)
		}
	})
}
