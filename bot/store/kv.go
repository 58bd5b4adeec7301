package store

import (
	"bytes"
	"context"
	"encoding/binary"
	"iter"
	"time"
)

// table is a part of an ordered key-value store.
type table byte

// The tables, with their keys and values. Numbers are big-endian, so that they
// are in order; expiries are in milliseconds and lead the values.
const (
	tableMeta    table = 'm' // name → value
	tableRecords table = 'r' // kind, name → expiry, value
	tableSeen    table = 's' // update → expiry, and where it waits or waited: chat, number
	tableInbox   table = 'q' // chat, number → expiry, update, record, name, step
	tableItems   table = 'd' // id → person, due, order, fence, tries, item
	tableOrder   table = 'o' // due or end of the lease, id → nothing
	tablePersons table = 'p' // person, id → nothing
	tableCounts  table = 'c' // day, name → number
	tableExpiry  table = 'x' // expiry (rounded up, see coarseness), table, key → nothing
)

var tables = [...]table{tableMeta, tableRecords, tableSeen, tableInbox, tableItems, tableOrder, tablePersons, tableCounts, tableExpiry}

// tx is a transaction of an ordered key-value store. Bytes that it gives are
// valid until it ends and must not be changed; bytes that it is given must not
// be changed afterwards.
type tx interface {
	get(t table, key []byte) []byte
	put(t table, key, value []byte)
	remove(t table, key []byte)
	// from walks a table from the key on; the table must not be changed meanwhile.
	from(t table, key []byte) iter.Seq2[[]byte, []byte]
	// next gives a number larger than all before.
	next() uint64
	// full says that nothing should be added.
	full() bool
}

// backend runs transactions.
type backend interface {
	view(ctx context.Context, read func(tx) error) error
	// update commits what write has done. An error of write must come before it
	// changes anything: transactions share a commit.
	update(ctx context.Context, write func(tx) error) error
	close() error
}

// kv is an engine over an ordered key-value store of one process: the
// embedded file, or memory.
type kv struct {
	backend
	clock  func() time.Time
	claims claims
}

func newKV(b backend, clock func() time.Time, firstFence uint64) *kv {
	return &kv{backend: b, clock: clock, claims: claims{held: map[digest]held{}, fence: firstFence}}
}

func (e *kv) now() int64 { return e.clock().UnixMilli() }

func (k recordKey) bytes() []byte { return place(k.kind, k.name) }

func (e *kv) get(ctx context.Context, key recordKey) (value []byte, err error) {
	now := e.now()
	err = e.view(ctx, func(t tx) error {
		value = bytes.Clone(live(t.get(tableRecords, key.bytes()), now))
		return nil
	})
	return value, err
}

// live gives the value behind the expiry, nil where it has expired.
func live(v []byte, now int64) []byte {
	if v == nil || expiry(v) <= now {
		return nil
	}
	return v[8:]
}

func expiry(v []byte) int64 { return int64(binary.BigEndian.Uint64(v)) }

func (e *kv) set(ctx context.Context, key recordKey, value []byte, ttl time.Duration) error {
	expires := e.now() + ttl.Milliseconds()
	return e.update(ctx, func(t tx) error {
		if t.full() {
			return ErrFull
		}
		putExpiring(t, tableRecords, key.bytes(), expires, value)
		return nil
	})
}

func (e *kv) remove(ctx context.Context, key recordKey) error {
	return e.update(ctx, func(t tx) error {
		removeExpiring(t, tableRecords, key.bytes())
		return nil
	})
}

// putExpiring writes a value and keeps the index of expiries.
func putExpiring(t tx, in table, key []byte, expires int64, value []byte) {
	index := expiryKey(in, key, expires)
	if old := t.get(in, key); old != nil {
		if before := expiryKey(in, key, expiry(old)); !bytes.Equal(before, index) {
			t.remove(tableExpiry, before)
			t.put(tableExpiry, index, nil)
		}
	} else {
		t.put(tableExpiry, index, nil)
	}
	out := binary.BigEndian.AppendUint64(make([]byte, 0, 8+len(value)), uint64(expires))
	t.put(in, key, append(out, value...))
}

func removeExpiring(t tx, in table, key []byte) {
	if old := t.get(in, key); old != nil {
		t.remove(tableExpiry, expiryKey(in, key, expiry(old)))
		t.remove(in, key)
	}
}

func expiryKey(in table, key []byte, expires int64) []byte {
	coarse := coarseness(in, key).Milliseconds()
	expires = (expires + coarse - 1) / coarse * coarse
	out := binary.BigEndian.AppendUint64(make([]byte, 0, 9+len(key)), uint64(expires))
	return append(append(out, byte(in)), key...)
}

// coarseness is how late the sweeper may come to a record. A record that is
// renewed within that time keeps its place in the index. What is never renewed
// stands in the order of its time: what is written together is then on one page
// of the file, and not on as many as there are records.
func coarseness(in table, key []byte) time.Duration {
	switch {
	case in == tableInbox, in == tableSeen:
		return time.Millisecond
	case key[0] == codeLimit:
		return time.Minute
	}
	return day
}

// sweep goes through the index of expiries from the earliest on.
func (e *kv) sweep(ctx context.Context, most int) (n int, err error) {
	now := e.now()
	e.claims.sweep(now)
	err = e.update(ctx, func(t tx) error {
		n = 0
		var expired [][]byte
		for key := range t.from(tableExpiry, nil) {
			if expiry(key) > now || len(expired) == most {
				break
			}
			expired = append(expired, bytes.Clone(key))
		}
		for _, index := range expired {
			t.remove(tableExpiry, index)
			in, key := table(index[8]), index[9:]
			if v := t.get(in, key); v != nil && expiry(v) <= now { // otherwise it has another entry, or is gone
				removeExpiring(t, in, key)
			}
		}
		n = len(expired) + sweepCounts(t, now, most)
		return nil
	})
	return n, err
}

func (e *kv) probe(ctx context.Context) error {
	return e.update(ctx, func(t tx) error {
		t.put(tableMeta, []byte("probed"), binary.BigEndian.AppendUint64(nil, uint64(e.now())))
		return nil
	})
}

func (e *kv) meta(ctx context.Context, initial map[string][]byte) (facts map[string][]byte, err error) {
	err = e.update(ctx, func(t tx) error {
		facts = map[string][]byte{}
		if t.get(tableMeta, []byte(metaSchema)) == nil {
			for name, value := range initial {
				t.put(tableMeta, []byte(name), value)
			}
		}
		for _, name := range []string{metaSchema, metaKey, metaRestoring} {
			if v := t.get(tableMeta, []byte(name)); v != nil {
				facts[name] = bytes.Clone(v)
			}
		}
		return nil
	})
	return facts, err
}

func (e *kv) setMeta(ctx context.Context, changed map[string][]byte) error {
	return e.update(ctx, func(t tx) error {
		for name, value := range changed {
			t.put(tableMeta, []byte(name), value)
		}
		return nil
	})
}

// keysOf gives copies of all keys of a table that begin with the prefix.
func keysOf(t tx, in table, prefix []byte) (keys [][]byte) {
	for key := range t.from(in, prefix) {
		if !bytes.HasPrefix(key, prefix) {
			break
		}
		keys = append(keys, bytes.Clone(key))
	}
	return keys
}
