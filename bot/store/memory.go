package store

import (
	"context"
	"iter"
	"sync"
	"time"
)

// memory is a backend that forgets when the program ends. It is bounded: when
// it is full it takes nothing new.
type memory struct {
	mu     sync.RWMutex
	tables [256]ordered
	number uint64
	bytes  int
	most   int
}

// overhead is what an entry takes beside its key and value, about.
const overhead = 64

// newMemory makes an engine that keeps up to so many bytes.
func newMemory(clock func() time.Time, most int, firstFence uint64) engine {
	return newKV(&memory{most: most}, clock, firstFence)
}

func (m *memory) view(ctx context.Context, read func(tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.RLock()
	defer m.mu.RUnlock()
	return read(memoryTx{m})
}

func (m *memory) update(ctx context.Context, write func(tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return write(memoryTx{m})
}

func (m *memory) close() error { return nil }

type memoryTx struct{ *memory }

func (t memoryTx) get(in table, key []byte) []byte {
	v, ok := t.tables[in].get(string(key))
	if ok && v == nil {
		return []byte{}
	}
	return v
}

func (t memoryTx) put(in table, key, value []byte) {
	k := string(key)
	if old, ok := t.tables[in].get(k); ok {
		t.bytes += len(value) - len(old)
	} else {
		t.bytes += len(k) + len(value) + overhead
	}
	t.tables[in].put(k, value)
}

func (t memoryTx) remove(in table, key []byte) {
	k := string(key)
	if old, ok := t.tables[in].get(k); ok {
		t.bytes -= len(k) + len(old) + overhead
		t.tables[in].remove(k)
	}
}

func (t memoryTx) from(in table, key []byte) iter.Seq2[[]byte, []byte] {
	return func(yield func([]byte, []byte) bool) {
		for k, v := range t.tables[in].from(string(key)) {
			if !yield([]byte(k), v) {
				return
			}
		}
	}
}

func (t memoryTx) next() uint64 {
	t.number++
	return t.number
}

func (t memoryTx) full() bool { return t.bytes >= t.most }
