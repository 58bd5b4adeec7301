package duelist_test

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/aldanba/aldanba/bot/duelist"
)

// list is what processes share: a model of the store in memory.
type list struct {
	mu    sync.Mutex
	items map[string]*entry
	fence uint64
}

type entry struct {
	duelist.Item
	fence  uint64 // of the last lease
	until  time.Time
	leased int
}

func newList() *list { return &list{items: map[string]*entry{}} }

func (l *list) left() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.items)
}

// process is the list as one process sees it. A killed one reaches nothing.
type process struct {
	*list
	state  sync.Mutex
	killed bool
	broken map[string]error
}

func (l *list) process() *process { return &process{list: l, broken: map[string]error{}} }

func (p *process) kill() {
	p.state.Lock()
	defer p.state.Unlock()
	p.killed = true
}

func (p *process) fail(operation string, err error) {
	p.state.Lock()
	defer p.state.Unlock()
	p.broken[operation] = err
}

func (p *process) enter(ctx context.Context, operation string) error {
	p.state.Lock()
	defer p.state.Unlock()
	switch {
	case p.killed:
		return errors.New("the process is dead")
	case ctx.Err() != nil:
		return ctx.Err()
	}
	return p.broken[operation]
}

func (p *process) Schedule(ctx context.Context, item duelist.Item) error {
	if err := p.enter(ctx, "schedule"); err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.items[item.ID] = &entry{Item: item}
	return nil
}

func (p *process) Cancel(ctx context.Context, id string) error {
	if err := p.enter(ctx, "cancel"); err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.items, id)
	return nil
}

func (p *process) Due(ctx context.Context, now time.Time, most int, ttl time.Duration) ([]duelist.Lease, error) {
	if err := p.enter(ctx, "due"); err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	var due []*entry
	for _, e := range p.items {
		if !now.Before(e.Due) && !now.Before(e.until) {
			due = append(due, e)
		}
	}
	slices.SortFunc(due, func(a, b *entry) int { return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.ID, b.ID)) })
	var leases []duelist.Lease
	for _, e := range due[:min(most, len(due))] {
		p.fence++
		e.fence, e.until = p.fence, now.Add(ttl)
		leases = append(leases, duelist.Lease{Item: e.Item, Fence: e.fence, Tries: e.leased})
		e.leased++
	}
	return leases, nil
}

func (p *process) Finish(ctx context.Context, lease duelist.Lease) error {
	if err := p.enter(ctx, "finish"); err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if e := p.items[lease.ID]; e != nil && e.fence == lease.Fence {
		delete(p.items, lease.ID)
	}
	return nil
}

func (p *process) Postpone(ctx context.Context, lease duelist.Lease, due time.Time) error {
	if err := p.enter(ctx, "postpone"); err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if e := p.items[lease.ID]; e != nil && e.fence == lease.Fence {
		e.Due, e.until = due, time.Time{}
	}
	return nil
}
