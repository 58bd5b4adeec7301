package store

import (
	"bytes"
	"context"
	"encoding/binary"
	"slices"
	"time"
)

// inboxValue is a value of tableInbox without its expiry.
type inboxValue struct {
	update             digest
	record, name, step []byte
}

func (v inboxValue) bytes() []byte {
	out := make([]byte, 0, 16+8+len(v.record)+len(v.name)+len(v.step))
	out = append(out, v.update[:]...)
	out = appendSized(out, v.record)
	out = appendSized(out, v.name)
	return append(out, v.step...)
}

// parseInbox reads an inbox value behind its expiry. Parts lie in v.
func parseInbox(v []byte) (out inboxValue, ok bool) {
	if len(v) < 16 {
		return out, false
	}
	copy(out.update[:], v)
	if out.record, v, ok = cutSized(v[16:]); !ok {
		return out, false
	}
	out.name, out.step, ok = cutSized(v)
	return out, ok
}

func appendSized(out, part []byte) []byte {
	return append(binary.BigEndian.AppendUint32(out, uint32(len(part))), part...)
}

func cutSized(v []byte) (part, rest []byte, ok bool) {
	if len(v) < 4 || uint64(len(v)-4) < uint64(binary.BigEndian.Uint32(v)) {
		return nil, nil, false
	}
	n := binary.BigEndian.Uint32(v)
	return v[4 : 4+n], v[4+n:], true
}

func (e *kv) put(ctx context.Context, arrivals []arrival) (fresh []bool, err error) {
	now := e.now()
	err = e.update(ctx, func(t tx) error {
		if t.full() {
			return ErrFull
		}
		fresh = make([]bool, len(arrivals))
		for i, a := range arrivals {
			if live(t.get(tableSeen, a.update[:]), now) != nil {
				continue
			}
			fresh[i] = true
			key := binary.BigEndian.AppendUint64(bytes.Clone(a.chat[:]), t.next())
			value := inboxValue{update: a.update, record: a.record, name: a.name}
			putExpiring(t, tableSeen, a.update[:], now+seenTTL.Milliseconds(), key)
			putExpiring(t, tableInbox, key, now+inboxTTL.Milliseconds(), value.bytes())
		}
		return nil
	})
	return fresh, err
}

func (e *kv) claim(ctx context.Context, chat digest, owner string, ttl time.Duration, most int) (fence uint64, found []pendingRecord, err error) {
	fence, err = e.claims.claim(chat, owner, e.now(), ttl)
	if err == nil && most > 0 {
		found, err = e.pending(ctx, chat, fence, most)
	}
	return fence, found, err
}

func (e *kv) pending(ctx context.Context, chat digest, fence uint64, most int) (out []pendingRecord, err error) {
	now := e.now()
	err = e.view(ctx, func(t tx) error {
		if err := e.claims.check(chat, fence, now); err != nil {
			return err
		}
		for key, v := range t.from(tableInbox, chat[:]) {
			if !bytes.HasPrefix(key, chat[:]) || len(out) == most {
				break
			}
			if r, ok := parseInbox(live(v, now)); ok {
				out = append(out, pendingRecord{update: r.update, record: bytes.Clone(r.record), step: bytes.Clone(r.step)})
			}
		}
		return nil
	})
	return out, err
}

func (e *kv) advance(ctx context.Context, chat digest, fence uint64, updates []digest, steps [][]byte) error {
	return e.holding(ctx, chat, fence, func(t tx, now int64) {
		for i, update := range updates {
			key := waitingKey(t, chat, update)
			old := t.get(tableInbox, key)
			if r, ok := parseInbox(live(old, now)); ok {
				r.step = steps[i]
				putExpiring(t, tableInbox, key, expiry(old), r.bytes())
			}
		}
	})
}

func (e *kv) done(ctx context.Context, chat digest, fence uint64, updates []digest) error {
	return e.holding(ctx, chat, fence, func(t tx, _ int64) { removeUpdates(t, chat, updates) })
}

func removeUpdates(t tx, chat digest, updates []digest) {
	for _, update := range updates {
		removeExpiring(t, tableInbox, waitingKey(t, chat, update))
	}
}

// holding runs a change that only the holder of the chat may make.
func (e *kv) holding(ctx context.Context, chat digest, fence uint64, change func(tx, int64)) error {
	return e.update(ctx, func(t tx) error {
		now := e.now()
		if err := e.claims.check(chat, fence, now); err != nil {
			return err
		}
		change(t, now)
		return nil
	})
}

// waitingKey finds where an update of the chat waits or waited, nil if it never
// did.
func waitingKey(t tx, chat, update digest) []byte {
	seen := t.get(tableSeen, update[:])
	if len(seen) != 8+24 || !bytes.HasPrefix(seen[8:], chat[:]) {
		return nil
	}
	return bytes.Clone(seen[8:])
}

func (e *kv) release(ctx context.Context, chat digest, fence uint64, updates []digest, seen int) (more bool, err error) {
	if len(updates) > 0 {
		err = e.holding(ctx, chat, fence, func(t tx, now int64) {
			removeUpdates(t, chat, updates)
			more = hasMore(t, chat, seen, now)
		})
	} else {
		now := e.now()
		err = e.view(ctx, func(t tx) error {
			more = hasMore(t, chat, seen, now)
			return e.claims.check(chat, fence, now)
		})
	}
	if err == nil && !more { // not before the records are deleted for good
		e.claims.release(chat, fence)
	}
	return more && err == nil, err
}

// hasMore says whether a chat has more than seen records.
func hasMore(t tx, chat digest, seen int, now int64) bool {
	n := 0
	for key, v := range t.from(tableInbox, chat[:]) {
		if !bytes.HasPrefix(key, chat[:]) || n > seen {
			break
		}
		if live(v, now) != nil {
			n++
		}
	}
	return n > seen
}

func (e *kv) waiting(ctx context.Context, after digest, most int) (out []waitingChat, err error) {
	now := e.now()
	err = e.view(ctx, func(t tx) error {
		at := afterChat(after)
		for len(out) < most && at != nil {
			var next []byte
			for key, v := range t.from(tableInbox, at) {
				if r, ok := parseInbox(live(v, now)); ok {
					w := waitingChat{name: bytes.Clone(r.name)}
					copy(w.chat[:], key)
					out = append(out, w)
					next = afterChat(w.chat)
					break
				}
			}
			at = next
		}
		return nil
	})
	return out, err
}

// afterChat is the first key behind all records of a chat. No chat has the zero
// digest: it is before all.
func afterChat(chat digest) []byte {
	return append(chat[:], 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff)
}

func (e *kv) drop(ctx context.Context, chat digest, but []digest) error {
	return e.update(ctx, func(t tx) error {
		for _, key := range keysOf(t, tableInbox, chat[:]) {
			if r, ok := parseInbox(live(t.get(tableInbox, key), 0)); !ok || !slices.Contains(but, r.update) {
				removeExpiring(t, tableInbox, key)
			}
		}
		return nil
	})
}
