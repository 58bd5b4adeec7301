package store

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"
)

// Keys of the due-list. It lies in one part, so that it has one order.
const (
	dueItems   = redisPrefix + "{due}:i:"
	dueOrder   = redisPrefix + "{due}:z"
	duePersons = redisPrefix + "{due}:p"
	dueNumbers = redisPrefix + "{due}:n"
)

func itemKey(id digest) string { return dueItems + id.hex() }

func scheduleCall(id digest, v itemValue) call {
	return call{"schedule", []string{itemKey(id), dueOrder, duePersons}, []any{id.hex(), v.person.hex(), v.due, v.item, v.tries}}
}

func (r *redisEngine) schedule(ctx context.Context, item dueItem) error {
	_, err := r.run(ctx, scheduleCall(item.id, itemValue{person: item.person, due: item.due.UnixMilli(), item: item.item}))
	return err
}

func (r *redisEngine) cancel(ctx context.Context, id digest) error {
	_, err := r.run(ctx, call{"finish", []string{itemKey(id), dueOrder, duePersons}, []any{id.hex(), ""}})
	return err
}

func (r *redisEngine) finish(ctx context.Context, id digest, fence uint64) error {
	_, err := r.run(ctx, call{"finish", []string{itemKey(id), dueOrder, duePersons}, []any{id.hex(), strconv.FormatUint(fence, 10)}})
	return err
}

func (r *redisEngine) postpone(ctx context.Context, id digest, fence uint64, due time.Time) error {
	_, err := r.run(ctx, call{"postpone", []string{itemKey(id), dueOrder, dueNumbers}, []any{id.hex(), strconv.FormatUint(fence, 10), due.UnixMilli()}})
	return err
}

func (r *redisEngine) lease(ctx context.Context, now time.Time, most int, ttl time.Duration) (out []dueItem, err error) {
	at := now.UnixMilli()
	var ids []string
	err = r.try(ctx, func(ctx context.Context) (err error) {
		ids, err = r.client.ZRangeByScore(ctx, dueOrder, &redis.ZRangeBy{Min: "-inf", Max: strconv.FormatInt(at, 10), Count: int64(most)}).Result()
		return err
	})
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	calls := make([]call, len(ids))
	for i, id := range ids {
		calls[i] = call{"lease", []string{dueItems + id, dueOrder, dueNumbers}, []any{id, at, at + ttl.Milliseconds()}}
	}
	results, err := r.run(ctx, calls...)
	if err != nil {
		return nil, err
	}
	for i, result := range results {
		if f, ok := result.([]any); ok && len(f) == 5 {
			if d, ok := readItem(ids[i], f[0], f[1], f[2]); ok {
				d.tries, d.fence = int(number(f[3])), uint64(number(f[4]))
				out = append(out, d)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b dueItem) int { return a.due.Compare(b.due) })
	return out, nil
}

// readItem makes an item of its name, person, time and value.
func readItem(id string, person, due, value any) (d dueItem, ok bool) {
	p, _ := person.(string)
	at, _ := due.(string)
	item, _ := value.(string)
	milli, err := strconv.ParseInt(at, 10, 64)
	if d.id, ok = parseDigest(id); !ok || err != nil {
		return d, false
	}
	d.person, ok = parseDigest(p)
	d.due, d.item = time.UnixMilli(milli), []byte(item)
	return d, ok
}

func (r *redisEngine) dueOf(ctx context.Context, person digest) (out []dueItem, err error) {
	var members []string
	if err := r.try(ctx, func(ctx context.Context) (err error) {
		members, err = r.client.ZRangeByLex(ctx, duePersons, &redis.ZRangeBy{Min: "[" + person.hex(), Max: "[" + person.hex() + "~"}).Result()
		return err
	}); err != nil {
		return nil, err
	}
	for _, m := range members {
		id := m[min(len(m), 2*len(person)):]
		var f []any
		if err := r.try(ctx, func(ctx context.Context) (err error) {
			f, err = r.client.HMGet(ctx, dueItems+id, "p", "d", "v").Result()
			return err
		}); err != nil {
			return nil, err
		}
		if d, ok := readItem(id, f[0], f[1], f[2]); ok {
			out = append(out, d)
		}
	}
	return out, nil
}
