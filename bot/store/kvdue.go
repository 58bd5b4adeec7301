package store

import (
	"bytes"
	"context"
	"encoding/binary"
	"slices"
	"time"
)

// itemValue is a value of tableItems.
type itemValue struct {
	person digest
	due    int64 // in milliseconds
	order  int64 // when to look at it: due, or the end of its lease
	fence  uint64
	tries  uint32
	item   []byte
}

const itemHead = 16 + 8 + 8 + 8 + 4

func (v itemValue) bytes() []byte {
	out := make([]byte, 0, itemHead+len(v.item))
	out = append(out, v.person[:]...)
	out = binary.BigEndian.AppendUint64(out, uint64(v.due))
	out = binary.BigEndian.AppendUint64(out, uint64(v.order))
	out = binary.BigEndian.AppendUint64(out, v.fence)
	out = binary.BigEndian.AppendUint32(out, v.tries)
	return append(out, v.item...)
}

// getItem reads an item; its bytes are a copy.
func getItem(t tx, id digest) (out itemValue, ok bool) {
	v := t.get(tableItems, id[:])
	if len(v) < itemHead {
		return out, false
	}
	copy(out.person[:], v)
	out.due = int64(binary.BigEndian.Uint64(v[16:]))
	out.order = int64(binary.BigEndian.Uint64(v[24:]))
	out.fence = binary.BigEndian.Uint64(v[32:])
	out.tries = binary.BigEndian.Uint32(v[40:])
	out.item = bytes.Clone(v[itemHead:])
	return out, true
}

func orderKey(at int64, id digest) []byte {
	// The sign is turned so that times before 1970 come first.
	return append(binary.BigEndian.AppendUint64(nil, uint64(at)^(1<<63)), id[:]...)
}

func putItem(t tx, id digest, v itemValue) {
	removeItem(t, id)
	t.put(tableItems, id[:], v.bytes())
	t.put(tableOrder, orderKey(v.order, id), nil)
	t.put(tablePersons, append(v.person[:], id[:]...), nil)
}

func removeItem(t tx, id digest) {
	if old, ok := getItem(t, id); ok {
		t.remove(tableItems, id[:])
		t.remove(tableOrder, orderKey(old.order, id))
		t.remove(tablePersons, append(old.person[:], id[:]...))
	}
}

func (v itemValue) dueItem(id digest) dueItem {
	return dueItem{id: id, person: v.person, due: time.UnixMilli(v.due), item: v.item, fence: v.fence, tries: int(v.tries)}
}

func (e *kv) schedule(ctx context.Context, item dueItem) error {
	return e.update(ctx, func(t tx) error {
		if t.full() {
			return ErrFull
		}
		due := item.due.UnixMilli()
		putItem(t, item.id, itemValue{person: item.person, due: due, order: due, item: item.item})
		return nil
	})
}

func (e *kv) cancel(ctx context.Context, id digest) error {
	return e.update(ctx, func(t tx) error {
		removeItem(t, id)
		return nil
	})
}

func (e *kv) lease(ctx context.Context, now time.Time, most int, ttl time.Duration) (out []dueItem, err error) {
	at := now.UnixMilli()
	var nothing bool
	if err := e.view(ctx, func(t tx) error {
		nothing = len(dueIDs(t, at, 1)) == 0
		return nil
	}); err != nil || nothing {
		return nil, err
	}
	err = e.update(ctx, func(t tx) error {
		out = nil
		for _, id := range dueIDs(t, at, most) {
			v, ok := getItem(t, id)
			if !ok {
				continue
			}
			if v.fence != 0 {
				v.tries++
			}
			v.fence, v.order = t.next(), at+ttl.Milliseconds()
			putItem(t, id, v)
			out = append(out, v.dueItem(id))
		}
		return nil
	})
	slices.SortStableFunc(out, func(a, b dueItem) int { return a.due.Compare(b.due) })
	return out, err
}

// dueIDs are the items to be leased at a time, the earliest first.
func dueIDs(t tx, at int64, most int) (ids []digest) {
	limit := orderKey(at+1, digest{})
	for key := range t.from(tableOrder, nil) {
		if len(ids) == most || bytes.Compare(key, limit) >= 0 {
			break
		}
		var id digest
		copy(id[:], key[8:])
		ids = append(ids, id)
	}
	return ids
}

func (e *kv) finish(ctx context.Context, id digest, fence uint64) error {
	return e.update(ctx, func(t tx) error {
		if v, ok := getItem(t, id); ok && v.fence == fence {
			removeItem(t, id)
		}
		return nil
	})
}

func (e *kv) postpone(ctx context.Context, id digest, fence uint64, due time.Time) error {
	return e.update(ctx, func(t tx) error {
		if v, ok := getItem(t, id); ok && v.fence == fence {
			v.due = due.UnixMilli()
			v.order = v.due
			// A fence that nobody holds: the lease has ended, and its next one counts it.
			v.fence = t.next()
			putItem(t, id, v)
		}
		return nil
	})
}

func (e *kv) dueOf(ctx context.Context, person digest) (out []dueItem, err error) {
	err = e.view(ctx, func(t tx) error {
		for _, key := range keysOf(t, tablePersons, person[:]) {
			var id digest
			copy(id[:], key[16:])
			if v, ok := getItem(t, id); ok {
				out = append(out, v.dueItem(id))
			}
		}
		return nil
	})
	return out, err
}
