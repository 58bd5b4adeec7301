package store

import (
	"bytes"
	"context"
	"encoding/binary"
	"time"
)

func (e *kv) allow(ctx context.Context, name digest, n int, per time.Duration) (wait time.Duration, err error) {
	key := recordKey{kind: codeLimit, name: name}.bytes()
	err = e.update(ctx, func(t tx) error {
		if t.full() {
			return ErrFull
		}
		now := e.clock()
		var until int64
		if v := live(t.get(tableRecords, key), now.UnixMilli()); len(v) == 8 {
			until = int64(binary.BigEndian.Uint64(v))
		}
		until, wait = rate(until, now.UnixMicro(), n, per)
		if wait == 0 {
			expires := until/1000 + 1
			putExpiring(t, tableRecords, key, expires, binary.BigEndian.AppendUint64(nil, uint64(until)))
		}
		return nil
	})
	return wait, err
}

// rate is the generic cell rate algorithm. until is the time, in microseconds,
// up to which the rate is used up; it gives the next such time, and how long to
// wait where none of n in per is left.
func rate(until, now int64, n int, per time.Duration) (int64, time.Duration) {
	window := per.Microseconds()
	step := max(window/int64(n), 1)
	// Never further ahead than one window: more means that the clock was set back.
	until = min(max(until, now), now+window)
	if wait := until + step - now - window; wait > 0 {
		return until, time.Duration(wait) * time.Microsecond
	}
	return until + step, 0
}

func (e *kv) tally(ctx context.Context, key recordKey, n int64, ttl time.Duration) (sum int64, err error) {
	err = e.update(ctx, func(t tx) error {
		if t.full() {
			return ErrFull
		}
		now := e.now()
		sum = addTokens(t, key.bytes(), n, now, now+ttl.Milliseconds())
		return nil
	})
	return sum, err
}

func addTokens(t tx, key []byte, n, now, expires int64) (sum int64) {
	if v := live(t.get(tableRecords, key), now); len(v) == 8 {
		n += int64(binary.BigEndian.Uint64(v))
	}
	putExpiring(t, tableRecords, key, expires, binary.BigEndian.AppendUint64(nil, uint64(n)))
	return n
}

func countKey(day int, name string) []byte {
	return append(binary.BigEndian.AppendUint32(nil, uint32(day)), name...)
}

func (e *kv) add(ctx context.Context, day int, name string, n int64) error {
	return e.update(ctx, func(t tx) error {
		if t.full() {
			return ErrFull
		}
		addCount(t, countKey(day, name), n)
		return nil
	})
}

func addCount(t tx, key []byte, n int64) {
	if v := t.get(tableCounts, key); len(v) == 8 {
		n += int64(binary.BigEndian.Uint64(v))
	}
	t.put(tableCounts, key, binary.BigEndian.AppendUint64(nil, uint64(n)))
}

func (e *kv) counts(ctx context.Context, day int) (out map[string]int64, err error) {
	out = map[string]int64{}
	err = e.view(ctx, func(t tx) error {
		prefix := countKey(day, "")
		for key, v := range t.from(tableCounts, prefix) {
			if !bytes.HasPrefix(key, prefix) {
				break
			}
			out[string(key[4:])] = int64(binary.BigEndian.Uint64(v))
		}
		return nil
	})
	return out, err
}

// sweepCounts deletes up to most counts of days that are too old.
func sweepCounts(t tx, now int64, most int) int {
	first := countKey(dayOf(time.UnixMilli(now))-int(countTTL/day), "")
	var old [][]byte
	for key := range t.from(tableCounts, nil) {
		if len(old) == most || bytes.Compare(key, first) >= 0 {
			break
		}
		old = append(old, bytes.Clone(key))
	}
	for _, key := range old {
		t.remove(tableCounts, key)
	}
	return len(old)
}
