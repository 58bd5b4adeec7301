package duelist

import (
	"context"
	"time"
)

// Item is something that happens later: a reminder, a digest, the end of a
// waiting time.
type Item struct {
	ID      string        // idempotency key: an item with the same id replaces the one that waits
	Person  string        // whose it is; forgetting the person deletes it
	Kind    string        // names the handler
	Due     time.Time     // when
	Late    Lateness      // what becomes of it when it is due for longer than Grace
	Grace   time.Duration // how late it may still happen as it is; 0: always
	Quiet   bool          // waits for the end of the quiet hours
	Payload []byte        // for the handler; at most 4 KiB
}

// Lateness is the policy for items that are found long after they were due,
// as after an outage.
type Lateness string

// The policies.
const (
	Keep  Lateness = "keep"  // happens all the same
	Drop  Lateness = "drop"  // does not happen any more
	Merge Lateness = "merge" // of all late items of a person and kind only the last happens
)

// Lease is the right of one process to carry an item out.
type Lease struct {
	Item
	Fence uint64 // grows with every lease of the item
	Tries int    // earlier leases that ended without Finish
}

// Store keeps the due-list. Nothing in it is lost when the process is killed.
type Store interface {
	// Schedule adds an item or replaces the one with its id.
	Schedule(ctx context.Context, item Item) error
	// Cancel deletes the item with the id, if it is there.
	Cancel(ctx context.Context, id string) error
	// Due leases items that are due at now, the earliest first, for ttl. An
	// item whose lease has run out is leased anew.
	Due(ctx context.Context, now time.Time, most int, ttl time.Duration) ([]Lease, error)
	// Finish deletes the item, unless it was leased anew or scheduled anew.
	Finish(ctx context.Context, lease Lease) error
	// Postpone ends the lease; the item is due at the given time.
	Postpone(ctx context.Context, lease Lease, due time.Time) error
}
