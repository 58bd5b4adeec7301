package store

import (
	"context"
	"time"
)

// digest is the keyed hash by which an engine knows a name. Its first byte
// tells the part of the store that it belongs to: everything of a chat has the
// same first byte.
type digest [16]byte

// recordKey names a plain record: one of its kind and name.
type recordKey struct {
	kind byte
	name digest
}

// arrival is an update that is put into the inbox. record and name are sealed.
type arrival struct {
	chat, update digest
	record       []byte
	name         []byte // of the chat, so that it can be listed
}

// pendingRecord is an update that waits, with the step of its case, both sealed.
type pendingRecord struct {
	update       digest
	record, step []byte
}

// waitingChat is a chat that has records. name is sealed.
type waitingChat struct {
	chat digest
	name []byte
}

// dueItem is an entry of the due-list. item is sealed.
type dueItem struct {
	id, person digest
	due        time.Time
	item       []byte
	fence      uint64 // of its last lease, 0: none since it was scheduled
	tries      int    // leases before the last one
}

// engine keeps bytes: names are digests and values are sealed before they come
// here, so an engine learns nothing about anybody. Each operation is one step
// that happens as a whole or not at all, and what it answered to survives a
// crash, claims excepted. Errors are faults, dispatch.ErrTaken and ErrLost,
// ErrFull of the memory engine and errors of the context.
type engine interface {
	// get gives nil where there is no such record or it has expired.
	get(ctx context.Context, key recordKey) ([]byte, error)
	set(ctx context.Context, key recordKey, value []byte, ttl time.Duration) error
	remove(ctx context.Context, key recordKey) error

	inboxEngine
	dueEngine

	// allow, in the order of dispatch.Limits.
	allow(ctx context.Context, name digest, n int, per time.Duration) (time.Duration, error)
	// tally adds to a number and gives the sum; it lives for ttl from now.
	tally(ctx context.Context, key recordKey, n int64, ttl time.Duration) (sum int64, err error)
	// add adds to a count of the day, counts gives all of a day.
	add(ctx context.Context, day int, name string, n int64) error
	counts(ctx context.Context, day int) (map[string]int64, error)

	// meta gives the store's own facts. Where it has none it takes those given.
	meta(ctx context.Context, initial map[string][]byte) (map[string][]byte, error)
	setMeta(ctx context.Context, changed map[string][]byte) error
	// migrate brings the layout from a version to the next.
	migrate(ctx context.Context, from int) error

	// dump gives all entries, as of one moment or, where the engine cannot,
	// each as of some moment meanwhile. The entry is valid during the call.
	dump(ctx context.Context, yield func(entry) error) error
	// load adds entries: what is there under the same key is replaced, counts
	// and tokens are added up.
	load(ctx context.Context, entries []entry) error
	// wipe deletes everything but the store's own facts.
	wipe(ctx context.Context) error

	// sweep deletes up to most of what has expired and tells how much it was.
	sweep(ctx context.Context, most int) (int, error)
	// probe tries whether the engine works.
	probe(ctx context.Context) error
	close() error
}

// inboxEngine is the part of an engine that dispatch.Inbox is made of; chats
// are taken by an owner and held by a fence.
type inboxEngine interface {
	put(ctx context.Context, arrivals []arrival) (fresh []bool, err error)
	// claim gives records as pending does; none are asked for with most 0.
	claim(ctx context.Context, chat digest, owner string, ttl time.Duration, most int) (fence uint64, found []pendingRecord, err error)
	pending(ctx context.Context, chat digest, fence uint64, most int) ([]pendingRecord, error)
	advance(ctx context.Context, chat digest, fence uint64, updates []digest, steps [][]byte) error
	done(ctx context.Context, chat digest, fence uint64, updates []digest) error
	// release deletes these records first, in the same step.
	release(ctx context.Context, chat digest, fence uint64, updates []digest, seen int) (more bool, err error)
	// waiting lists chats in the order of their digests, those after the given one.
	waiting(ctx context.Context, after digest, most int) ([]waitingChat, error)
	// drop deletes all records of a chat but those of some updates, whoever holds it.
	drop(ctx context.Context, chat digest, but []digest) error
}

// dueEngine is the part of an engine that duelist.Store is made of.
type dueEngine interface {
	schedule(ctx context.Context, item dueItem) error
	cancel(ctx context.Context, id digest) error
	lease(ctx context.Context, now time.Time, most int, ttl time.Duration) ([]dueItem, error)
	finish(ctx context.Context, id digest, fence uint64) error
	postpone(ctx context.Context, id digest, fence uint64, due time.Time) error
	// dueOf gives all items of a person, leased or not.
	dueOf(ctx context.Context, person digest) ([]dueItem, error)
}

// entry is one record as it is backed up and carried over, the same for all
// engines.
type entry struct {
	shelf   byte
	key     []byte
	value   []byte
	expires int64 // in milliseconds since 1970, 0: never
}

// The shelves of entries.
const (
	shelfRecord = 'r' // kind, name → sealed value
	shelfSeen   = 's' // update → nothing
	shelfInbox  = 'q' // chat, update → record, name, step; those of a chat come in their order
	shelfDue    = 'd' // id → person, due, tries, item
	shelfCount  = 'c' // day, name → number
)
