package store

import (
	"bytes"
	"context"
	"encoding/json"

	"github.com/aldanba/aldanba/bot/dispatch"
)

// loadSize is how many entries are loaded in one transaction.
const loadSize = 200

// carry brings over what was remembered in memory while the engine failed. If
// the engine was never open, memory has keys of its own: then only what names
// itself can be, which is what waits in the inbox.
func carry(ctx context.Context, from, to *room) error {
	same := bytes.Equal(from.keys.data, to.keys.data)
	batch := loader{engine: to.engine}
	err := from.dump(ctx, func(en entry) error {
		if !same {
			var ok bool
			if en, ok = rekey(en, from.keys, to.keys); !ok {
				return nil
			}
		}
		return batch.add(ctx, en)
	})
	if err != nil {
		return err
	}
	return batch.flush(ctx)
}

// loader loads entries in batches.
type loader struct {
	engine
	batch []entry
}

func (l *loader) add(ctx context.Context, en entry) error {
	en.key, en.value = bytes.Clone(en.key), bytes.Clone(en.value)
	if l.batch = append(l.batch, en); len(l.batch) < loadSize {
		return nil
	}
	return l.flush(ctx)
}

func (l *loader) flush(ctx context.Context) error {
	if len(l.batch) == 0 {
		return nil
	}
	batch := l.batch
	l.batch = nil
	return l.load(ctx, batch)
}

// rekey hides an entry of the inbox with other keys.
func rekey(en entry, from, to *keys) (entry, bool) {
	if en.shelf != shelfInbox {
		return en, false
	}
	chat, r, ok := en.inbox()
	if !ok {
		return en, false
	}
	record, err := openRecord(from, chat, pendingRecord{update: r.update, record: r.record, step: r.step})
	if err != nil {
		return en, false
	}
	a, err := sealUpdate(to, record.Update)
	if err != nil {
		return en, false
	}
	out := inboxValue{update: a.update, record: a.record, name: a.name}
	if record.Step != (dispatch.Step{}) {
		step, err := json.Marshal(record.Step)
		if err != nil {
			return en, false
		}
		out.step = to.seal(place(codeStep, a.chat, a.update), step)
	}
	en.key, en.value = append(a.chat[:], a.update[:]...), inboxEntry(out)
	return en, true
}
