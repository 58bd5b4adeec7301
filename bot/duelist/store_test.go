package duelist_test

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/aldanba/aldanba/bot/duelist"
	"github.com/aldanba/aldanba/bot/store"
)

// process is a store as one process sees it. A killed one reaches nothing.
type process struct {
	duelist.Store
	mu     sync.Mutex
	killed bool
	broken map[string]error // by operation
}

// newStore makes a store in memory that ends with the test.
func newStore(t *testing.T) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), store.Config{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func (p *process) kill() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.killed = true
}

func (p *process) dead() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.killed
}

// fail makes an operation fail from now on; nil mends it.
func (p *process) fail(operation string, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.broken[operation] = err
}

func (p *process) enter(operation string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.killed {
		return errors.New("the process is dead")
	}
	return p.broken[operation]
}

func (p *process) Due(ctx context.Context, now time.Time, most int, ttl time.Duration) ([]duelist.Lease, error) {
	if err := p.enter("due"); err != nil {
		return nil, err
	}
	return p.Store.Due(ctx, now, most, ttl)
}

func (p *process) Finish(ctx context.Context, lease duelist.Lease) error {
	if err := p.enter("finish"); err != nil {
		return err
	}
	return p.Store.Finish(ctx, lease)
}

func (p *process) Postpone(ctx context.Context, lease duelist.Lease, due time.Time) error {
	if err := p.enter("postpone"); err != nil {
		return err
	}
	return p.Store.Postpone(ctx, lease, due)
}
