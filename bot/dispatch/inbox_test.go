package dispatch_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/aldanba/aldanba/bot/dispatch"
)

// inbox is what processes share: a model of the store in memory.
type inbox struct {
	mu     sync.Mutex
	seen   map[string]bool
	chats  map[string][]dispatch.Record
	claims map[string]*claim
	fence  uint64
}

type claim struct {
	owner string
	fence uint64
	until time.Time
}

func newInbox() *inbox {
	return &inbox{seen: map[string]bool{}, chats: map[string][]dispatch.Record{}, claims: map[string]*claim{}}
}

// left gives how many records are in the inbox.
func (b *inbox) left() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := 0
	for _, records := range b.chats {
		n += len(records)
	}
	return n
}

// forget drops all records of a chat but what is being answered.
func (b *inbox) forget(ctx context.Context, chat string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.chats[chat] = slices.DeleteFunc(b.chats[chat], func(r dispatch.Record) bool { return !slices.Contains(dispatch.Answering(ctx), r.ID) })
}

// taken gives the chats that some process holds now.
func (b *inbox) taken() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := 0
	for _, c := range b.claims {
		if time.Now().Before(c.until) {
			n++
		}
	}
	return n
}

var errKilled = errors.New("the process is dead")

// process is the inbox as one process sees it. A killed one reaches nothing.
type process struct {
	*inbox
	owner string

	state  sync.Mutex
	killed bool
	broken map[string]error // by the name of the operation
	calls  map[string]int
}

func (b *inbox) process(owner string) *process {
	return &process{inbox: b, owner: owner, broken: map[string]error{}, calls: map[string]int{}}
}

func (p *process) kill() {
	p.state.Lock()
	defer p.state.Unlock()
	p.killed = true
}

// fail makes an operation fail from now on; nil mends it.
func (p *process) fail(operation string, err error) {
	p.state.Lock()
	defer p.state.Unlock()
	p.broken[operation] = err
}

func (p *process) count(operation string) int {
	p.state.Lock()
	defer p.state.Unlock()
	return p.calls[operation]
}

func (p *process) enter(ctx context.Context, operation string) error {
	p.state.Lock()
	defer p.state.Unlock()
	p.calls[operation]++
	switch {
	case p.killed:
		return errKilled
	case ctx.Err() != nil:
		return ctx.Err()
	}
	return p.broken[operation]
}

func (p *process) Put(ctx context.Context, updates []dispatch.Update) ([]bool, error) {
	if err := p.enter(ctx, "put"); err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	fresh := make([]bool, len(updates))
	for i, u := range updates {
		if fresh[i] = !p.seen[u.ID]; fresh[i] {
			p.seen[u.ID] = true
			p.chats[u.Chat] = append(p.chats[u.Chat], dispatch.Record{Update: u})
		}
	}
	return fresh, nil
}

func (p *process) Claim(ctx context.Context, chat string, ttl time.Duration, most int) (dispatch.Claim, []dispatch.Record, error) {
	if err := p.enter(ctx, "claim"); err != nil {
		return dispatch.Claim{}, nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	c := p.claims[chat]
	if c == nil || !now.Before(c.until) {
		p.fence++
		c = &claim{owner: p.owner, fence: p.fence}
		p.claims[chat] = c
	}
	if c.owner != p.owner {
		return dispatch.Claim{}, nil, dispatch.ErrTaken
	}
	c.until = now.Add(ttl)
	return dispatch.Claim{Chat: chat, Fence: c.fence}, p.some(chat, most), nil
}

// holds begins an operation under a claim; p.mu is held afterwards.
func (p *process) holds(ctx context.Context, operation string, given dispatch.Claim) error {
	if err := p.enter(ctx, operation); err != nil {
		return err
	}
	p.mu.Lock()
	if c := p.claims[given.Chat]; c == nil || c.fence != given.Fence || !time.Now().Before(c.until) {
		p.mu.Unlock()
		return dispatch.ErrLost
	}
	return nil
}

func (p *process) Pending(ctx context.Context, claim dispatch.Claim, most int) ([]dispatch.Record, error) {
	if err := p.holds(ctx, "pending", claim); err != nil {
		return nil, err
	}
	defer p.mu.Unlock()
	return p.some(claim.Chat, most), nil
}

// some gives copies of the first records of a chat; p.mu is held.
func (p *process) some(chat string, most int) []dispatch.Record {
	records := p.chats[chat]
	return slices.Clone(records[:min(most, len(records))])
}

func (p *process) Advance(ctx context.Context, claim dispatch.Claim, ids []string, step dispatch.Step) error {
	if err := p.holds(ctx, "advance", claim); err != nil {
		return err
	}
	defer p.mu.Unlock()
	records := p.chats[claim.Chat]
	for i := range records {
		if slices.Contains(ids, records[i].ID) {
			records[i].Step = step
		}
	}
	return nil
}

func (p *process) Done(ctx context.Context, claim dispatch.Claim, ids []string) error {
	if err := p.holds(ctx, "done", claim); err != nil {
		return err
	}
	defer p.mu.Unlock()
	p.remove(claim.Chat, ids)
	return nil
}

// remove deletes records; p.mu is held.
func (p *process) remove(chat string, ids []string) {
	p.chats[chat] = slices.DeleteFunc(p.chats[chat], func(r dispatch.Record) bool { return slices.Contains(ids, r.ID) })
	if len(p.chats[chat]) == 0 {
		delete(p.chats, chat)
	}
}

// Release counts as done where records are, and fails as that does.
func (p *process) Release(ctx context.Context, claim dispatch.Claim, ids []string, seen int) (bool, error) {
	operation := "release"
	if len(ids) > 0 {
		operation = "done"
	}
	if err := p.holds(ctx, operation, claim); err != nil {
		return false, err
	}
	defer p.mu.Unlock()
	p.remove(claim.Chat, ids)
	if len(p.chats[claim.Chat]) > seen {
		return true, nil
	}
	delete(p.claims, claim.Chat)
	return false, nil
}

func (p *process) Waiting(ctx context.Context, after string, most int) (chats []string, next string, err error) {
	if err := p.enter(ctx, "waiting"); err != nil {
		return nil, "", err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for chat := range p.chats {
		if chat > after {
			chats = append(chats, chat)
		}
	}
	slices.Sort(chats)
	if len(chats) > most {
		chats = chats[:most]
		next = chats[most-1]
	}
	return chats, next, nil
}
