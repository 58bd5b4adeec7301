package store

import (
	"context"
	"encoding/json"
	"time"

	"github.com/aldanba/aldanba/bot/duelist"
)

const maxItem = 4 << 10 // bytes of an item's payload

func (k *keys) item(id string) digest { return k.digest("item", id) }

func sealItem(k *keys, item duelist.Item) (out dueItem, err error) {
	if len(item.ID) > maxName || len(item.Person) > maxName || len(item.Kind) > maxName || len(item.Payload) > maxItem {
		return out, ErrTooBig
	}
	text, err := json.Marshal(item)
	if err != nil {
		return out, err
	}
	out = dueItem{id: k.item(item.ID), person: k.chat(item.Person), due: item.Due}
	out.item = k.seal(place(codeItem, out.id), text)
	return out, nil
}

// openItem gives the item as it was scheduled, due when it is due now.
func openItem(k *keys, d dueItem) (item duelist.Item, err error) {
	text, err := k.open(place(codeItem, d.id), d.item)
	if err != nil {
		return item, err
	}
	err = json.Unmarshal(text, &item)
	item.Due = d.due
	return item, err
}

// Schedule adds an item or replaces the one with its id. Times are kept to the
// millisecond.
func (s *Store) Schedule(ctx context.Context, item duelist.Item) error {
	_, err := use(ctx, s, func(r room) (none, error) {
		sealed, err := sealItem(r.keys, item)
		if err != nil {
			return none{}, err
		}
		return none{}, r.schedule(ctx, sealed)
	})
	return err
}

// Cancel deletes the item with the id, if it is there.
func (s *Store) Cancel(ctx context.Context, id string) error {
	_, err := use(ctx, s, func(r room) (none, error) { return none{}, r.cancel(ctx, r.keys.item(id)) })
	return err
}

// Due leases items that are due at now, the earliest first. One that cannot be
// read any more is deleted.
func (s *Store) Due(ctx context.Context, now time.Time, most int, ttl time.Duration) ([]duelist.Lease, error) {
	return use(ctx, s, func(r room) ([]duelist.Lease, error) {
		found, err := r.lease(ctx, now, most, ttl)
		var out []duelist.Lease
		for _, d := range found {
			item, openErr := openItem(r.keys, d)
			if openErr != nil {
				s.cfg.Log.Error("an item of the due-list is damaged and dropped")
				if err == nil {
					err = r.cancel(ctx, d.id)
				}
				continue
			}
			out = append(out, duelist.Lease{Item: item, Fence: d.fence, Tries: d.tries})
		}
		return out, err
	})
}

// Finish deletes the item, unless it was leased anew or scheduled anew.
func (s *Store) Finish(ctx context.Context, lease duelist.Lease) error {
	_, err := use(ctx, s, func(r room) (none, error) {
		return none{}, r.finish(ctx, r.keys.item(lease.ID), lease.Fence)
	})
	return err
}

// Postpone ends the lease; the item is due at the given time, unless it was
// leased anew or scheduled anew.
func (s *Store) Postpone(ctx context.Context, lease duelist.Lease, due time.Time) error {
	_, err := use(ctx, s, func(r room) (none, error) {
		return none{}, r.postpone(ctx, r.keys.item(lease.ID), lease.Fence, due)
	})
	return err
}

// moveItems gives the items of one person to another. A lease on them ends.
func (r room) moveItems(ctx context.Context, from, to string) error {
	items, err := r.dueOf(ctx, r.keys.chat(from))
	if err != nil {
		return err
	}
	for _, d := range items {
		item, err := openItem(r.keys, d)
		if err != nil {
			continue
		}
		item.Person = to
		sealed, err := sealItem(r.keys, item)
		if err != nil {
			return err
		}
		if err := r.schedule(ctx, sealed); err != nil {
			return err
		}
	}
	return nil
}

func eraseDue(ctx context.Context, r room, person string) error {
	items, err := r.dueOf(ctx, r.keys.chat(person))
	if err != nil {
		return err
	}
	for _, d := range items {
		if err := r.cancel(ctx, d.id); err != nil {
			return err
		}
	}
	return nil
}
