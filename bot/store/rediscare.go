package store

import (
	"context"
	"encoding/binary"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

const scanPage = 500 // keys of one page of a walk through all keys

// walk gives all keys of the store, page by page. A key may come twice.
func (r *redisEngine) walk(ctx context.Context, page func([]string) error) error {
	masters, err := r.masters(ctx)
	if err != nil {
		return redisFault(err)
	}
	for _, m := range masters {
		var cursor uint64
		for {
			var keys []string
			if err := r.try(ctx, func(ctx context.Context) (err error) {
				keys, cursor, err = m.Scan(ctx, cursor, redisPrefix+"*", scanPage).Result()
				return err
			}); err != nil {
				return err
			}
			if err := page(keys); err != nil {
				return err
			}
			if cursor == 0 {
				break
			}
		}
	}
	return nil
}

func (r *redisEngine) wipe(ctx context.Context) error {
	return r.walk(ctx, func(keys []string) error {
		return r.try(ctx, func(ctx context.Context) error {
			pipe := r.client.Pipeline()
			for _, key := range keys {
				if key != factsKey {
					pipe.Unlink(ctx, key)
				}
			}
			return exec(ctx, pipe)
		})
	})
}

// migrate has nothing to change on Redis but the number.
func (r *redisEngine) migrate(ctx context.Context, from int) error {
	return r.setMeta(ctx, map[string][]byte{metaSchema: []byte(strconv.Itoa(from + 1))})
}

func (r *redisEngine) dump(ctx context.Context, yield func(entry) error) error {
	if err := r.walk(ctx, func(keys []string) error { return r.dumpKeys(ctx, keys, yield) }); err != nil {
		return err
	}
	today := dayOf(r.clock())
	for d := today - int(countTTL/day); d <= today+1; d++ {
		counts, err := r.counts(ctx, d)
		if err != nil {
			return err
		}
		for name, n := range counts {
			if err := yield(entry{shelf: shelfCount, key: countKey(d, name), value: binary.BigEndian.AppendUint64(nil, uint64(n))}); err != nil {
				return err
			}
		}
	}
	return nil
}

// dumpKeys gives the entries of a page of keys.
func (r *redisEngine) dumpKeys(ctx context.Context, keys []string, yield func(entry) error) error {
	var plain []string
	for _, key := range keys {
		sort, rest, ok := cutKey(key)
		if !ok {
			continue
		}
		d, isDigest := parseDigest(rest)
		switch {
		case sort == "r" || sort == "s" || sort == "l":
			plain = append(plain, key)
		case sort == "q" && isDigest:
			if err := r.dumpQueue(ctx, d, yield); err != nil {
				return err
			}
		case sort == "i" && isDigest:
			if err := r.dumpItem(ctx, rest, yield); err != nil {
				return err
			}
		}
	}
	if len(plain) == 0 {
		return nil
	}
	commands := make([]*redis.StringCmd, len(plain))
	if err := r.try(ctx, func(ctx context.Context) error {
		pipe := r.client.Pipeline()
		for i, key := range plain {
			commands[i] = pipe.Get(ctx, key)
		}
		return exec(ctx, pipe)
	}); err != nil {
		return err
	}
	now := r.now()
	for i, key := range plain {
		if en, ok := plainEntry(key, commands[i].Val()); ok && en.expires > now {
			if err := yield(en); err != nil {
				return err
			}
		}
	}
	return nil
}

// cutKey takes the sort and the name out of "aldanba:{part}:sort:name".
func cutKey(key string) (sort, name string, ok bool) {
	_, rest, ok := strings.Cut(key, "}:")
	if !ok {
		return "", "", false
	}
	return strings.Cut(rest, ":")
}

// plainEntry reads a plain record, a mark or a limit.
func plainEntry(key, value string) (en entry, ok bool) {
	sort, name, _ := cutKey(key)
	en.shelf = shelfRecord
	switch {
	case sort == "r" && len(name) > 1 && len(value) >= 8:
		d, ok := parseDigest(name[1:])
		en.key = place(name[0], d)
		en.expires, en.value = expiry([]byte(value)), []byte(value[8:])
		return en, ok
	case sort == "s":
		d, ok := parseDigest(name)
		n, err := strconv.ParseInt(value, 10, 64)
		return entry{shelf: shelfSeen, key: d[:], expires: n}, ok && err == nil
	case sort == "l":
		d, ok := parseDigest(name)
		n, err := strconv.ParseInt(value, 10, 64)
		return entry{shelf: shelfRecord, key: place(codeLimit, d), value: binary.BigEndian.AppendUint64(nil, uint64(n)), expires: n/1000 + 1}, ok && err == nil
	}
	return en, false
}

func (r *redisEngine) dumpQueue(ctx context.Context, chat digest, yield func(entry) error) error {
	var names []string
	var name string
	if err := r.try(ctx, func(ctx context.Context) error {
		pipe := r.client.Pipeline()
		queue, named := pipe.ZRange(ctx, partKey("q:", chat), 0, -1), pipe.HGet(ctx, ofPart(chat, "w"), chat.hex())
		err := exec(ctx, pipe)
		names, name = queue.Val(), named.Val()
		return err
	}); err != nil {
		return err
	}
	var updates []digest
	for _, n := range names {
		d, _ := parseDigest(n)
		updates = append(updates, d)
	}
	fields, err := r.hashes(ctx, "u:", updates, "e", "r", "t")
	if err != nil {
		return err
	}
	now := r.now()
	for i, f := range fields {
		expires, err := strconv.ParseInt(f[0], 10, 64)
		if err != nil || expires <= now {
			continue
		}
		value := inboxEntry(inboxValue{record: []byte(f[1]), name: []byte(name), step: []byte(f[2])})
		if err := yield(entry{shelf: shelfInbox, key: append(chat[:], updates[i][:]...), value: value, expires: expires}); err != nil {
			return err
		}
	}
	return nil
}

func (r *redisEngine) dumpItem(ctx context.Context, id string, yield func(entry) error) error {
	var f []any
	if err := r.try(ctx, func(ctx context.Context) (err error) {
		f, err = r.client.HMGet(ctx, dueItems+id, "p", "d", "v", "t", "f").Result()
		return err
	}); err != nil {
		return err
	}
	d, ok := readItem(id, f[0], f[1], f[2])
	if !ok {
		return nil
	}
	tries, _ := f[3].(string)
	fence, _ := f[4].(string)
	n, _ := strconv.ParseUint(tries, 10, 32)
	v := itemValue{person: d.person, due: d.due.UnixMilli(), tries: uint32(n), item: d.item}
	v.fence, _ = strconv.ParseUint(fence, 10, 64)
	return yield(entry{shelf: shelfDue, key: d.id[:], value: dueEntry(v)})
}

func (r *redisEngine) load(ctx context.Context, entries []entry) error {
	now := r.now()
	var calls []call
	if err := r.try(ctx, func(ctx context.Context) error {
		pipe := r.client.Pipeline()
		for _, en := range entries {
			ttl := time.Duration(en.expires-now) * time.Millisecond
			if en.expires != 0 && ttl <= 0 {
				continue
			}
			switch {
			case en.isTokens():
				key := recordKey{kind: en.key[0], name: digest(en.key[1:])}
				calls = append(calls, tallyCall(key, int64(binary.BigEndian.Uint64(en.value)), now, en.expires-now))
			case en.shelf == shelfRecord:
				loadRecord(ctx, pipe, en, ttl)
			case en.shelf == shelfSeen:
				pipe.SetNX(ctx, partKey("s:", digest(en.key)), en.expires, ttl)
			case en.shelf == shelfInbox:
				chat, v, _ := en.inbox()
				a := arrival{chat: chat, update: v.update, record: v.record, name: v.name}
				calls = append(calls, putCall(a, whateverSeen, en.expires, en.expires-now, v.step, ""))
			case en.shelf == shelfDue:
				id, v, _ := en.due()
				calls = append(calls, scheduleCall(id, v))
			case en.shelf == shelfCount:
				key := countsKey(int(binary.BigEndian.Uint32(en.key)))
				pipe.HIncrBy(ctx, key, string(en.key[4:]), int64(binary.BigEndian.Uint64(en.value)))
				pipe.PExpire(ctx, key, countTTL)
			}
		}
		return exec(ctx, pipe)
	}); err != nil || len(calls) == 0 {
		return err
	}
	_, err := r.run(ctx, calls...)
	return err
}

func loadRecord(ctx context.Context, pipe redis.Pipeliner, en entry, ttl time.Duration) {
	key := recordKey{kind: en.key[0], name: digest(en.key[1:])}
	if key.kind == codeLimit {
		if len(en.value) == 8 {
			pipe.Set(ctx, partKey("l:", key.name), strconv.FormatUint(binary.BigEndian.Uint64(en.value), 10), ttl)
		}
		return
	}
	pipe.Set(ctx, key.redis(), withExpiry(en.expires, en.value), ttl)
}
