package store

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"slices"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/aldanba/aldanba/bot/dispatch"
)

func (d digest) hex() string { return hex.EncodeToString(d[:]) }

func parseDigest(s string) (d digest, ok bool) {
	n, err := hex.Decode(d[:], []byte(s[:min(len(s), 2*len(d))]))
	return d, err == nil && n == len(d) && len(s) == 2*len(d)
}

// whateverSeen is a time at which every mark has expired.
const whateverSeen = 1 << 53

// putCall is the script that takes one update into the inbox, unless it is
// marked as seen at now.
func putCall(a arrival, now, expires, ttl int64, step []byte, attempt string) call {
	longer := (seenTTL - inboxTTL).Milliseconds()
	return call{"put",
		[]string{partKey("s:", a.update), partKey("u:", a.update), partKey("q:", a.chat), ofPart(a.chat, "w"), ofPart(a.chat, "n")},
		[]any{now, expires, ttl, expires + longer, ttl + longer, a.chat.hex(), a.update.hex(), a.record, a.name, attempt, step}}
}

func (r *redisEngine) put(ctx context.Context, arrivals []arrival) ([]bool, error) {
	now := r.now()
	attempt := rand.Text()
	calls := make([]call, len(arrivals))
	for i, a := range arrivals {
		calls[i] = putCall(a, now, now+inboxTTL.Milliseconds(), inboxTTL.Milliseconds(), nil, attempt+strconv.Itoa(i))
	}
	results, err := r.run(ctx, calls...)
	if err != nil {
		return nil, err
	}
	fresh := make([]bool, len(arrivals))
	for i := range fresh {
		fresh[i] = number(results[i]) == 1
	}
	return fresh, nil
}

func (r *redisEngine) claim(ctx context.Context, chat digest, owner string, ttl time.Duration, most int) (uint64, []pendingRecord, error) {
	now := r.now()
	results, err := r.run(ctx, call{"claim",
		[]string{partKey("c:", chat), ofPart(chat, "n"), partKey("q:", chat)},
		[]any{now, owner, max(ttl.Milliseconds(), 1), most, ofPart(chat, "u:")}})
	if err != nil {
		return 0, nil, err
	}
	taken, ours := results[0].([]any)
	if !ours || len(taken) == 0 {
		return 0, nil, dispatch.ErrTaken
	}
	fence := uint64(number(taken[0]))
	found, pruned, err := r.unexpired(ctx, chat, taken[1:], now)
	if err == nil && pruned > 0 {
		found, err = r.pending(ctx, chat, fence, most)
	}
	return fence, found, err
}

func (r *redisEngine) pending(ctx context.Context, chat digest, fence uint64, most int) ([]pendingRecord, error) {
	for {
		now := r.now()
		results, err := r.run(ctx, call{"pending",
			[]string{partKey("c:", chat), partKey("q:", chat)},
			[]any{now, strconv.FormatUint(fence, 10), most, ofPart(chat, "u:")}})
		if err != nil {
			return nil, err
		}
		records, held := results[0].([]any)
		if !held {
			return nil, dispatch.ErrLost
		}
		out, pruned, err := r.unexpired(ctx, chat, records, now)
		if err != nil || pruned == 0 || len(out) == most {
			return out, err
		}
	}
}

// unexpired reads records that a script gave and prunes the queue of those that
// have expired: then there may be more behind them.
func (r *redisEngine) unexpired(ctx context.Context, chat digest, records []any, now int64) (out []pendingRecord, pruned int, err error) {
	var expired []digest
	for _, record := range records {
		update, ok := parseDigest(field(record, 0))
		switch until, err := strconv.ParseInt(field(record, 1), 10, 64); {
		case !ok:
		case err != nil || until <= now:
			expired = append(expired, update)
		default:
			out = append(out, pendingRecord{update: update, record: []byte(field(record, 2)), step: []byte(field(record, 3))})
		}
	}
	if len(expired) == 0 {
		return out, 0, nil
	}
	return out, len(expired), r.forget(ctx, chat, "", expired)
}

// field is a text in a list that a script gives, empty where there is none.
func field(list any, n int) string {
	texts, _ := list.([]any)
	if n >= len(texts) {
		return ""
	}
	text, _ := texts[n].(string)
	return text
}

// records reads records by their names, in order. Those that have expired are
// told apart.
func (r *redisEngine) records(ctx context.Context, names []string, now int64) (out []pendingRecord, expired []digest, err error) {
	updates := make([]digest, 0, len(names))
	for _, name := range names {
		if d, ok := parseDigest(name); ok {
			updates = append(updates, d)
		}
	}
	fields, err := r.hashes(ctx, "u:", updates, "e", "r", "t")
	if err != nil {
		return nil, nil, err
	}
	for i, f := range fields {
		until, err := strconv.ParseInt(f[0], 10, 64)
		if err != nil || until <= now {
			expired = append(expired, updates[i])
			continue
		}
		out = append(out, pendingRecord{update: updates[i], record: []byte(f[1]), step: []byte(f[2])})
	}
	return out, expired, nil
}

// hashes reads fields of hashes in one go. What is missing is empty.
func (r *redisEngine) hashes(ctx context.Context, sort string, names []digest, fields ...string) ([][]string, error) {
	if len(names) == 0 {
		return nil, nil
	}
	out := make([][]string, len(names))
	commands := make([]*redis.SliceCmd, len(names))
	err := r.try(ctx, func(ctx context.Context) error {
		pipe := r.client.Pipeline()
		for i, name := range names {
			commands[i] = pipe.HMGet(ctx, partKey(sort, name), fields...)
		}
		return exec(ctx, pipe)
	})
	for i, c := range commands {
		out[i] = make([]string, len(fields))
		for n, v := range c.Val() {
			out[i][n], _ = v.(string)
		}
	}
	return out, err
}

func (r *redisEngine) advance(ctx context.Context, chat digest, fence uint64, updates []digest, steps [][]byte) error {
	c := call{"advance", []string{partKey("c:", chat)}, []any{r.now(), strconv.FormatUint(fence, 10)}}
	for i, u := range updates {
		c.keys = append(c.keys, partKey("u:", u))
		c.args = append(c.args, steps[i])
	}
	return r.held(ctx, c)
}

// held runs a script that gives -1 where the claim is lost.
func (r *redisEngine) held(ctx context.Context, c call) error {
	results, err := r.run(ctx, c)
	if err == nil && number(results[0]) < 0 {
		return dispatch.ErrLost
	}
	return err
}

func (r *redisEngine) done(ctx context.Context, chat digest, fence uint64, updates []digest) error {
	return r.forget(ctx, chat, strconv.FormatUint(fence, 10), updates)
}

// forget deletes records of a chat, without a fence whoever holds it.
func (r *redisEngine) forget(ctx context.Context, chat digest, fence string, updates []digest) error {
	c := call{"done", []string{partKey("c:", chat), partKey("q:", chat), ofPart(chat, "w")}, []any{r.now(), fence, chat.hex()}}
	for _, u := range updates {
		c.keys = append(c.keys, partKey("u:", u))
		c.args = append(c.args, u.hex())
	}
	return r.held(ctx, c)
}

func (r *redisEngine) release(ctx context.Context, chat digest, fence uint64, updates []digest, seen int) (bool, error) {
	for {
		c := call{"release",
			[]string{partKey("c:", chat), partKey("q:", chat), ofPart(chat, "w")},
			[]any{r.now(), strconv.FormatUint(fence, 10), chat.hex(), seen}}
		for _, u := range updates {
			c.keys = append(c.keys, partKey("u:", u))
			c.args = append(c.args, u.hex())
		}
		results, err := r.run(ctx, c)
		switch {
		case err != nil:
			return false, err
		case number(results[0]) < 0:
			return false, dispatch.ErrLost
		case number(results[0]) == 0:
			return false, nil
		}
		// What has expired does not count.
		if _, pruned, err := r.queued(ctx, chat); err != nil || pruned == 0 {
			return err == nil, err
		}
	}
}

// queued counts the records of a chat, and prunes those that have expired.
func (r *redisEngine) queued(ctx context.Context, chat digest) (n, pruned int, err error) {
	var names []string
	if err := r.try(ctx, func(ctx context.Context) (err error) {
		names, err = r.client.ZRange(ctx, partKey("q:", chat), 0, -1).Result()
		return err
	}); err != nil {
		return 0, 0, err
	}
	records, expired, err := r.records(ctx, names, r.now())
	if err == nil && len(expired) > 0 {
		err = r.forget(ctx, chat, "", expired)
	}
	return len(records), len(expired), err
}

// partsAtOnce is how many of the 256 parts are asked together.
const partsAtOnce = 64

func (r *redisEngine) waiting(ctx context.Context, after digest, most int) (out []waitingChat, err error) {
	for part := int(after[0]); part < 256 && len(out) < most; part += partsAtOnce {
		chats, err := r.chatsOf(ctx, part, min(part+partsAtOnce, 256))
		if err != nil {
			return nil, err
		}
		for len(chats) > 0 && len(out) < most {
			some := chats[:min(len(chats), most-len(out))]
			chats = chats[len(some):]
			some = slices.DeleteFunc(some, func(w waitingChat) bool { return bytes.Compare(w.chat[:], after[:]) <= 0 })
			if some, err = r.alive(ctx, some); err != nil {
				return nil, err
			}
			out = append(out, some...)
		}
	}
	return out, nil
}

// chatsOf gives the chats of parts that wait, in order.
func (r *redisEngine) chatsOf(ctx context.Context, first, end int) (out []waitingChat, err error) {
	var commands []*redis.MapStringStringCmd
	err = r.try(ctx, func(ctx context.Context) error {
		pipe := r.client.Pipeline()
		for part := first; part < end; part++ {
			commands = append(commands, pipe.HGetAll(ctx, ofPart(digest{byte(part)}, "w")))
		}
		return exec(ctx, pipe)
	})
	for _, c := range commands {
		for chat, name := range c.Val() {
			if d, ok := parseDigest(chat); ok {
				out = append(out, waitingChat{chat: d, name: []byte(name)})
			}
		}
	}
	slices.SortFunc(out, func(a, b waitingChat) int { return bytes.Compare(a.chat[:], b.chat[:]) })
	return out, err
}

// alive keeps the chats that have a record which has not expired. Most often
// the first of a chat tells.
func (r *redisEngine) alive(ctx context.Context, chats []waitingChat) ([]waitingChat, error) {
	if len(chats) == 0 {
		return nil, nil
	}
	commands := make([]*redis.StringSliceCmd, len(chats))
	if err := r.try(ctx, func(ctx context.Context) error {
		pipe := r.client.Pipeline()
		for i, w := range chats {
			commands[i] = pipe.ZRange(ctx, partKey("q:", w.chat), 0, 0)
		}
		return exec(ctx, pipe)
	}); err != nil {
		return nil, err
	}
	first := make([]digest, len(chats))
	for i, c := range commands {
		if names := c.Val(); len(names) > 0 {
			first[i], _ = parseDigest(names[0])
		}
	}
	fields, err := r.hashes(ctx, "u:", first, "e")
	if err != nil {
		return nil, err
	}
	now := r.now()
	var out []waitingChat
	for i, f := range fields {
		if until, err := strconv.ParseInt(f[0], 10, 64); err != nil || until <= now {
			n, _, err := r.queued(ctx, chats[i].chat)
			if err != nil {
				return nil, err
			}
			if n == 0 {
				continue
			}
		}
		out = append(out, chats[i])
	}
	return out, nil
}

func (r *redisEngine) drop(ctx context.Context, chat digest, but []digest) error {
	for left := int64(0); ; { // at the head of the queue
		var names []string
		if err := r.try(ctx, func(ctx context.Context) (err error) {
			names, err = r.client.ZRange(ctx, partKey("q:", chat), left, left+loadSize-1).Result()
			return err
		}); err != nil || len(names) == 0 {
			return err
		}
		updates := make([]digest, 0, len(names))
		for _, name := range names {
			if d, _ := parseDigest(name); slices.Contains(but, d) {
				left++
			} else {
				updates = append(updates, d)
			}
		}
		if err := r.forget(ctx, chat, "", updates); err != nil {
			return err
		}
	}
}
