package store

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"strconv"
)

func (e *kv) dump(ctx context.Context, yield func(entry) error) error {
	now := e.now()
	return e.view(ctx, func(t tx) error {
		for key, v := range t.from(tableRecords, nil) {
			if value := live(v, now); value != nil {
				if err := yield(entry{shelf: shelfRecord, key: key, value: value, expires: expiry(v)}); err != nil {
					return err
				}
			}
		}
		for key, v := range t.from(tableSeen, nil) {
			if live(v, now) != nil {
				if err := yield(entry{shelf: shelfSeen, key: key, expires: expiry(v)}); err != nil {
					return err
				}
			}
		}
		for key, v := range t.from(tableInbox, nil) {
			if r, ok := parseInbox(live(v, now)); ok {
				if err := yield(entry{shelf: shelfInbox, key: append(key[:16:16], r.update[:]...), value: inboxEntry(r), expires: expiry(v)}); err != nil {
					return err
				}
			}
		}
		for key := range t.from(tableItems, nil) {
			var id digest
			copy(id[:], key)
			if v, ok := getItem(t, id); ok {
				if err := yield(entry{shelf: shelfDue, key: key, value: dueEntry(v)}); err != nil {
					return err
				}
			}
		}
		for key, v := range t.from(tableCounts, nil) {
			if err := yield(entry{shelf: shelfCount, key: key, value: v}); err != nil {
				return err
			}
		}
		return nil
	})
}

// inboxEntry and dueEntry write the values of entries.
func inboxEntry(r inboxValue) []byte {
	out := appendSized(nil, r.record)
	out = appendSized(out, r.name)
	return append(out, r.step...)
}

func dueEntry(v itemValue) []byte {
	out := append([]byte(nil), v.person[:]...)
	out = binary.BigEndian.AppendUint64(out, uint64(v.due))
	tries := v.tries
	if v.fence != 0 {
		tries++ // its lease does not go along
	}
	out = binary.BigEndian.AppendUint32(out, tries)
	return append(out, v.item...)
}

// inbox reads an entry of the inbox.
func (en entry) inbox() (chat digest, r inboxValue, ok bool) {
	if len(en.key) != 32 {
		return chat, r, false
	}
	copy(chat[:], en.key)
	copy(r.update[:], en.key[16:])
	var rest []byte
	if r.record, rest, ok = cutSized(en.value); ok {
		r.name, r.step, ok = cutSized(rest)
	}
	return chat, r, ok
}

// due reads an entry of the due-list.
func (en entry) due() (id digest, v itemValue, ok bool) {
	if len(en.key) != 16 || len(en.value) < 28 {
		return id, v, false
	}
	copy(id[:], en.key)
	copy(v.person[:], en.value)
	v.due = int64(binary.BigEndian.Uint64(en.value[16:]))
	v.order = v.due
	v.tries = binary.BigEndian.Uint32(en.value[24:])
	v.item = bytes.Clone(en.value[28:])
	return id, v, true
}

// isTokens says that an entry is a number that is added to what is there.
func (en entry) isTokens() bool {
	return en.shelf == shelfRecord && en.key[0] == codeTokens && len(en.value) == 8
}

// check says what is wrong with the form of an entry.
func (en entry) check() error {
	ok := false
	switch en.shelf {
	case shelfRecord:
		ok = len(en.key) == 17 && en.key[0] >= 'a' && en.key[0] <= 'z' && en.expires > 0
	case shelfSeen:
		ok = len(en.key) == 16 && en.expires > 0
	case shelfInbox:
		_, _, ok = en.inbox()
		ok = ok && en.expires > 0
	case shelfDue:
		_, _, ok = en.due()
	case shelfCount:
		ok = len(en.key) > 4 && len(en.value) == 8
	}
	if !ok {
		return fmt.Errorf("%w: a record has a wrong form", ErrBackup)
	}
	return nil
}

func (e *kv) load(ctx context.Context, entries []entry) error {
	return e.update(ctx, func(t tx) error {
		for _, en := range entries {
			loadEntry(t, en, e.now())
		}
		return nil
	})
}

func loadEntry(t tx, en entry, now int64) {
	switch en.shelf {
	case shelfRecord:
		if en.isTokens() {
			addTokens(t, bytes.Clone(en.key), int64(binary.BigEndian.Uint64(en.value)), now, en.expires)
			return
		}
		putExpiring(t, tableRecords, bytes.Clone(en.key), en.expires, en.value)
	case shelfSeen:
		if t.get(tableSeen, en.key) == nil { // else it may wait
			putExpiring(t, tableSeen, bytes.Clone(en.key), en.expires, nil)
		}
	case shelfInbox:
		chat, r, _ := en.inbox()
		if old := waitingKey(t, chat, r.update); old != nil {
			removeExpiring(t, tableInbox, old)
		}
		key := binary.BigEndian.AppendUint64(chat[:], t.next())
		seen := en.expires + (seenTTL - inboxTTL).Milliseconds()
		putExpiring(t, tableSeen, bytes.Clone(r.update[:]), seen, key)
		putExpiring(t, tableInbox, key, en.expires, r.bytes())
	case shelfDue:
		id, v, _ := en.due()
		putItem(t, id, v)
	case shelfCount:
		addCount(t, bytes.Clone(en.key), int64(binary.BigEndian.Uint64(en.value)))
	}
}

func (e *kv) wipe(ctx context.Context) error {
	for _, in := range tables {
		if in == tableMeta {
			continue
		}
		for more := true; more; {
			if err := e.update(ctx, func(t tx) error {
				var keys [][]byte
				for key := range t.from(in, nil) {
					if len(keys) == 1000 {
						break
					}
					keys = append(keys, bytes.Clone(key))
				}
				for _, key := range keys {
					t.remove(in, key)
				}
				more = len(keys) == 1000
				return nil
			}); err != nil {
				return err
			}
		}
	}
	return nil
}

// migrate knows the layouts since the first:
//
//	1: the index had the very expiry of each record
//	2: it is rounded up, so that what is renewed often changes it seldom
func (e *kv) migrate(ctx context.Context, from int) error {
	return e.update(ctx, func(t tx) error {
		if from == 1 {
			for _, key := range keysOf(t, tableExpiry, nil) {
				t.remove(tableExpiry, key)
			}
			for _, in := range []table{tableRecords, tableSeen, tableInbox} {
				for key, v := range t.from(in, nil) {
					t.put(tableExpiry, expiryKey(in, key, expiry(v)), nil)
				}
			}
		}
		t.put(tableMeta, []byte(metaSchema), []byte(strconv.Itoa(from+1)))
		return nil
	})
}
