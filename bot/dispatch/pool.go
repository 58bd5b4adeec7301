package dispatch

import (
	"context"
	"sync"
)

// pool runs one function over what is pushed, so many at a time and no more.
// Its goroutines live only while there is work. What is urgent goes first,
// except that every fifth turn belongs to the others.
type pool[T any] struct {
	most int
	run  func(T)

	mu      sync.Mutex
	urgent  queue[T]
	plain   queue[T]
	streak  int // urgent ones taken in a row
	working int
	open    bool
	done    sync.WaitGroup
}

const longestStreak = 4

// push adds an item. It is kept until the pool is opened.
func (p *pool[T]) push(item T, urgent bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if urgent {
		p.urgent.add(item)
	} else {
		p.plain.add(item)
	}
	p.hire()
}

// start begins to work on what is pushed.
func (p *pool[T]) start() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.open = true
	for range min(p.most, p.urgent.len()+p.plain.len()) {
		p.hire()
	}
}

// stop takes no further item; what is in work goes on.
func (p *pool[T]) stop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.open = false
	p.urgent, p.plain = queue[T]{}, queue[T]{}
}

// wait returns when nothing is in work any more, or ctx is done.
func (p *pool[T]) wait(ctx context.Context) error {
	finished := make(chan struct{})
	go func() {
		p.done.Wait()
		close(finished)
	}()
	select {
	case <-finished:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// hire starts a goroutine if there may be one more. p.mu is held.
func (p *pool[T]) hire() {
	if p.open && p.working < p.most {
		p.working++
		p.done.Go(p.work)
	}
}

func (p *pool[T]) work() {
	for {
		item, ok := p.take()
		if !ok {
			return
		}
		p.run(item)
	}
}

func (p *pool[T]) take() (item T, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case !p.open || p.urgent.len()+p.plain.len() == 0:
		p.working--
		return item, false
	case p.urgent.len() > 0 && (p.streak < longestStreak || p.plain.len() == 0):
		p.streak++
		return p.urgent.take(), true
	default:
		p.streak = 0
		return p.plain.take(), true
	}
}

// queue is first in, first out.
type queue[T any] struct {
	items []T
	head  int
}

func (q *queue[T]) len() int { return len(q.items) - q.head }

func (q *queue[T]) add(item T) { q.items = append(q.items, item) }

func (q *queue[T]) take() T {
	var none T
	item := q.items[q.head]
	q.items[q.head] = none
	q.head++
	switch {
	case q.head == len(q.items):
		if cap(q.items) > 1024 {
			q.items = nil // a rush is over: its memory goes back
		}
		q.items, q.head = q.items[:0], 0
	case q.head > 1024 && q.head > len(q.items)/2:
		q.items = append(q.items[:0], q.items[q.head:]...)
		q.head = 0
	}
	return item
}
