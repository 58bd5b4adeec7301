package dispatch_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// minutes are limits that count by the minute, with strikes.
type minutes struct {
	mu      sync.Mutex
	taken   map[string]int
	strikes map[string]int
}

func (m *minutes) Allow(_ context.Context, name string, n int, per time.Duration) (time.Duration, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	key := fmt.Sprint(name, time.Now().UnixNano()/int64(per))
	if m.taken[key] >= n {
		return time.Second, nil
	}
	m.taken[key]++
	return 0, nil
}

func (m *minutes) Strike(_ context.Context, name string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.strikes[name]++
	return nil
}

func (m *minutes) Strikes(_ context.Context, name string) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.strikes[name], nil
}

// TestWhoFloodsAgainAndAgainIsAnsweredLess: the first flood of a frightened
// person costs nothing but the minute that they are asked to wait.
func TestWhoFloodsAgainAndAgainIsAnsweredLess(t *testing.T) {
	limits := &minutes{taken: map[string]int{}, strikes: map[string]int{}}
	inBubble(t, func(b *bench) { b.cfg.PersonRate, b.cfg.UrgentRate, b.cfg.Limits = 20, 100, limits }, func(b *bench) {
		var answered []int
		for minute := range 7 {
			before := len(b.messenger.heard("anna"))
			for i := range 30 {
				b.say("anna", fmt.Sprint("edit ", minute, i))
			}
			b.say("anna", "press help")
			b.pass(time.Minute)
			heard := b.messenger.heard("anna")[before:]
			if !slices.Contains(heard, "re: press help") || !slices.Contains(heard, "busy") {
				t.Errorf("a button is not answered, or nobody is asked to wait: %q", heard)
			}
			n := 0
			for _, s := range heard {
				if strings.HasPrefix(s, "re: edit") {
					n++
				}
			}
			answered = append(answered, n)
		}
		b.say("bota", "edit 1")
		b.pass(time.Second)
		if len(b.messenger.heard("bota")) != 1 {
			t.Error("somebody else is not answered")
		}
		if want := []int{20, 20, 12, 8, 6, 6, 6}; !slices.Equal(answered, want) {
			t.Errorf("answered %v by the minute, want %v", answered, want)
		}
	})
}
