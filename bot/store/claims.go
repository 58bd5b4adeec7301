package store

import (
	"sync"
	"time"

	"github.com/aldanba/aldanba/bot/dispatch"
)

// claims are the claims of a store that one process uses. They need no disk:
// when the process is gone, so are its claims.
type claims struct {
	mu    sync.Mutex
	held  map[digest]held
	fence uint64 // of the last claim; begins above those of earlier runs
}

type held struct {
	owner string
	fence uint64
	until int64
}

func (h held) live(now int64) bool { return now < h.until }

func (c *claims) claim(chat digest, owner string, now int64, ttl time.Duration) (uint64, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	h, ok := c.held[chat]
	if ok && h.live(now) {
		if h.owner != owner {
			return 0, dispatch.ErrTaken
		}
	} else {
		c.fence++
		h = held{owner: owner, fence: c.fence}
	}
	h.until = now + ttl.Milliseconds()
	c.held[chat] = h
	return h.fence, nil
}

// check gives ErrLost unless the claim with the fence holds.
func (c *claims) check(chat digest, fence uint64, now int64) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if h, ok := c.held[chat]; !ok || h.fence != fence || !h.live(now) {
		return dispatch.ErrLost
	}
	return nil
}

func (c *claims) release(chat digest, fence uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.held[chat].fence == fence {
		delete(c.held, chat)
	}
}

// sweep drops claims that nobody released.
func (c *claims) sweep(now int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for chat, h := range c.held {
		if !h.live(now) {
			delete(c.held, chat)
		}
	}
}
