package store

import (
	"context"
	"embed"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
)

// redisEngine is the engine on Redis. Keys of a chat share its part, which is
// their hash tag, so that a script may touch them together in a cluster:
//
//	aldanba:{7f}:r:<kind><name>  expiry, value
//	aldanba:{7f}:s:<update>      expiry of the mark that it was seen
//	aldanba:{7f}:u:<update>      record: e expiry, r record, t step, p attempt
//	aldanba:{7f}:q:<chat>        its updates by number
//	aldanba:{7f}:w               chats of the part that wait, with their names
//	aldanba:{7f}:c:<chat>        claim: o owner, f fence, u until
//	aldanba:{7f}:l:<name>        limit: used up to
//	aldanba:{7f}:n               numbers: order of arrival, fences
//	aldanba:{due}:i:<id>         item: p person, d due, v item, t tries, f fence
//	aldanba:{due}:z, :p, :n      order, items by person, fences
//	aldanba:{count}:<day>        counts
//	aldanba:{meta}               the store's own facts
//
// All but the numbers, the due-list and the facts have a time to live. Times
// are those of the process; Redis' own only see to it that nothing remains.
type redisEngine struct {
	client  redis.UniversalClient
	shared  *redis.AutoPipeliner // sends what callers ask for at the same time together
	clock   func() time.Time
	scripts map[string]*redis.Script
	most    time.Duration // for one operation with all its tries
}

const redisPrefix = "aldanba:"

//go:embed scripts/*.lua
var scriptFiles embed.FS

// openRedis connects.
func openRedis(ctx context.Context, address string, clock func() time.Time, log *slog.Logger) (engine, error) {
	options, err := parseRedis(address)
	if err != nil {
		return nil, err
	}
	r := &redisEngine{clock: clock, scripts: map[string]*redis.Script{}, most: redisTries*options.ReadTimeout + redisSpare}
	files, err := scriptFiles.ReadDir("scripts")
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		text, err := scriptFiles.ReadFile("scripts/" + f.Name())
		if err != nil {
			return nil, err
		}
		r.scripts[strings.TrimSuffix(f.Name(), ".lua")] = redis.NewScript(string(text))
	}
	// The client would write to the standard error what Health says as well.
	redis.SetLogger(redisLog{log})
	r.client = redis.NewUniversalClient(options)
	if r.shared, err = r.client.AsyncAutoPipeline(); err != nil {
		r.client.Close()
		return nil, redisFault(err)
	}
	if err := r.probe(ctx); err != nil {
		r.client.Close()
		return nil, err
	}
	return r, nil
}

// redisLog takes what the client has to say, for those who look for faults.
type redisLog struct{ *slog.Logger }

func (l redisLog) Printf(ctx context.Context, format string, v ...any) {
	l.DebugContext(ctx, fmt.Sprintf(format, v...))
}

func (r *redisEngine) close() error { return r.client.Close() }

func (r *redisEngine) probe(ctx context.Context) error {
	return r.try(ctx, func(ctx context.Context) error { return r.client.Ping(ctx).Err() })
}

func (r *redisEngine) now() int64 { return r.clock().UnixMilli() }

// partKey names a key in the part of a digest.
func partKey(sort string, name digest) string {
	return redisPrefix + "{" + hex.EncodeToString(name[:1]) + "}:" + sort + hex.EncodeToString(name[:])
}

// ofPart names a key that a part has one of.
func ofPart(name digest, sort string) string {
	return redisPrefix + "{" + hex.EncodeToString(name[:1]) + "}:" + sort
}

func (k recordKey) redis() string { return partKey("r:"+string(rune(k.kind)), k.name) }

// try runs commands within the time of an operation and says what their error
// means. That there is nothing is no error.
func (r *redisEngine) try(ctx context.Context, run func(context.Context) error) error {
	limited, cancel := context.WithTimeout(ctx, r.most)
	defer cancel()
	err := run(limited)
	switch {
	case err == nil || errors.Is(err, redis.Nil):
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	}
	return redisFault(err)
}

// send runs commands together with those that other callers send meanwhile:
// what a message needs of Redis is little, and each write to the line and each
// look for an answer costs more than the command. Commands of one part keep
// their order. The first error is given, which may be redis.Nil; after that of
// ctx the commands must not be looked at.
func (r *redisEngine) send(ctx context.Context, commands ...redis.Cmder) (err error) {
	waits := make([]redis.AutoFuture, len(commands))
	for i, c := range commands {
		waits[i] = r.shared.Submit(ctx, c)
	}
	for _, w := range waits {
		if failed := w.WaitContext(ctx); err == nil {
			err = failed
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return err
}

// exec sends a pipeline. That a key is missing is no error, and does not hide
// one.
func exec(ctx context.Context, pipe redis.Pipeliner) error {
	commands, err := pipe.Exec(ctx)
	for _, c := range commands {
		if err := c.Err(); err != nil && !errors.Is(err, redis.Nil) {
			return err
		}
	}
	if errors.Is(err, redis.Nil) {
		return nil
	}
	return err
}

// redisFault says what an error of Redis means.
func redisFault(err error) error {
	class, detail := ErrAway, "Redis"
	switch word, _, _ := strings.Cut(err.Error(), " "); word {
	case "NOAUTH", "WRONGPASS", "NOPERM":
		class, detail = ErrDenied, "Redis refuses the user or the password"
	case "OOM":
		class, detail = ErrFull, "Redis has no memory left"
	case "MISCONF":
		class, detail = ErrFull, "Redis cannot write to its disk"
	case "READONLY":
		detail = "Redis is a replica"
	}
	return &fault{class: class, detail: detail, cause: err}
}

// call is the use of a script.
type call struct {
	script string
	keys   []string
	args   []any
}

// command is the call as Redis takes it.
func (c call) command(ctx context.Context, hash string) *redis.Cmd {
	out := make([]any, 0, 3+len(c.keys)+len(c.args))
	out = append(out, "evalsha", hash, len(c.keys))
	for _, key := range c.keys {
		out = append(out, key)
	}
	command := redis.NewCmd(ctx, append(out, c.args...)...)
	command.SetFirstKeyPos(3) // by which a cluster finds the server
	return command
}

// run runs scripts in one go, in their order as far as they share a part. It
// gives their results.
func (r *redisEngine) run(ctx context.Context, calls ...call) (results []any, err error) {
	results = make([]any, len(calls))
	todo := make([]int, len(calls))
	for i := range todo {
		todo[i] = i
	}
	err = r.try(ctx, func(ctx context.Context) error {
		missing, err := r.runSome(ctx, calls, todo, results)
		if err != nil || len(missing) == 0 {
			return err
		}
		// Redis forgets scripts when it starts anew.
		if err := r.teach(ctx); err != nil {
			return err
		}
		if missing, err = r.runSome(ctx, calls, missing, results); err == nil && len(missing) > 0 {
			err = errScripts
		}
		return err
	})
	return results, err
}

const errScripts = redisError("Redis does not keep scripts")

// redisError is an error that Redis could have given.
type redisError string

func (e redisError) Error() string { return string(e) }

// runSome runs those of the calls that are asked for, and gives those again
// whose script is not known.
func (r *redisEngine) runSome(ctx context.Context, calls []call, todo []int, results []any) (missing []int, err error) {
	commands := make([]redis.Cmder, len(todo))
	for n, i := range todo {
		commands[n] = calls[i].command(ctx, r.scripts[calls[i].script].Hash())
	}
	if err := r.send(ctx, commands...); err != nil && !isAnswer(err) {
		return nil, err
	}
	for n, i := range todo {
		result, err := commands[n].(*redis.Cmd).Result()
		switch {
		case err == nil || errors.Is(err, redis.Nil):
			results[i] = result
		case redis.HasErrorPrefix(err, "NOSCRIPT"):
			missing = append(missing, i)
		default:
			return nil, err
		}
	}
	return missing, nil
}

// isAnswer says whether an error came from Redis itself, as the answer to one
// command among others.
func isAnswer(err error) bool {
	var answer redis.Error
	return errors.As(err, &answer)
}

// teach loads all scripts on all masters.
func (r *redisEngine) teach(ctx context.Context) error {
	masters, err := r.masters(ctx)
	if err != nil {
		return err
	}
	for _, m := range masters {
		for _, script := range r.scripts {
			if err := script.Load(ctx, m).Err(); err != nil {
				return err
			}
		}
	}
	return nil
}

// masters gives a client for each server that holds keys of its own.
func (r *redisEngine) masters(ctx context.Context) (out []redis.Cmdable, err error) {
	cluster, ok := r.client.(*redis.ClusterClient)
	if !ok {
		return []redis.Cmdable{r.client}, nil
	}
	var mu sync.Mutex
	err = cluster.ForEachMaster(ctx, func(_ context.Context, c *redis.Client) error {
		mu.Lock()
		defer mu.Unlock()
		out = append(out, c)
		return nil
	})
	return out, err
}

func (r *redisEngine) get(ctx context.Context, key recordKey) (value []byte, err error) {
	now := r.now()
	err = r.try(ctx, func(ctx context.Context) error {
		command := redis.NewStringCmd(ctx, "get", key.redis())
		if err := r.send(ctx, command); err != nil {
			return err
		}
		if v, err := command.Bytes(); err == nil && len(v) >= 8 {
			value = live(v, now)
		}
		return nil
	})
	return value, err
}

func (r *redisEngine) set(ctx context.Context, key recordKey, value []byte, ttl time.Duration) error {
	return r.try(ctx, func(ctx context.Context) error {
		expires := r.now() + ttl.Milliseconds()
		return r.send(ctx, redis.NewStatusCmd(ctx, "set", key.redis(), withExpiry(expires, value), "px", max(ttl.Milliseconds(), 1)))
	})
}

func withExpiry(expires int64, value []byte) []byte {
	return append(binary.BigEndian.AppendUint64(nil, uint64(expires)), value...)
}

func (r *redisEngine) remove(ctx context.Context, key recordKey) error {
	return r.try(ctx, func(ctx context.Context) error { return r.send(ctx, redis.NewIntCmd(ctx, "del", key.redis())) })
}

func (r *redisEngine) allow(ctx context.Context, name digest, n int, per time.Duration) (time.Duration, error) {
	window := per.Microseconds()
	results, err := r.run(ctx, call{"allow", []string{partKey("l:", name)}, []any{r.clock().UnixMicro(), window, max(window/int64(n), 1)}})
	return time.Duration(number(results[0])) * time.Microsecond, err
}

func tallyCall(key recordKey, n, now, ttl int64) call {
	return call{"tally", []string{key.redis()}, []any{n, now, ttl}}
}

func (r *redisEngine) tally(ctx context.Context, key recordKey, n int64, ttl time.Duration) (int64, error) {
	results, err := r.run(ctx, tallyCall(key, n, r.now(), ttl.Milliseconds()))
	return number(results[0]), err
}

// number is the result of a script that gives one.
func number(result any) int64 {
	n, _ := result.(int64)
	return n
}

func countsKey(day int) string { return redisPrefix + "{count}:" + strconv.Itoa(day) }

func (r *redisEngine) add(ctx context.Context, day int, name string, n int64) error {
	return r.try(ctx, func(ctx context.Context) error {
		pipe := r.client.Pipeline()
		pipe.HIncrBy(ctx, countsKey(day), name, n)
		pipe.PExpire(ctx, countsKey(day), countTTL)
		return exec(ctx, pipe)
	})
}

func (r *redisEngine) counts(ctx context.Context, day int) (map[string]int64, error) {
	out := map[string]int64{}
	err := r.try(ctx, func(ctx context.Context) error {
		all, err := r.client.HGetAll(ctx, countsKey(day)).Result()
		for name, value := range all {
			n, err := strconv.ParseInt(value, 10, 64)
			if err != nil {
				return err
			}
			out[name] = n
		}
		return err
	})
	return out, err
}

const factsKey = redisPrefix + "{meta}"

func (r *redisEngine) meta(ctx context.Context, initial map[string][]byte) (map[string][]byte, error) {
	var args []any
	for name, value := range initial {
		args = append(args, name, value)
	}
	results, err := r.run(ctx, call{"meta", []string{factsKey}, args})
	facts := map[string][]byte{}
	list, _ := results[0].([]any)
	for i := 0; i+1 < len(list); i += 2 {
		name, _ := list[i].(string)
		value, _ := list[i+1].(string)
		facts[name] = []byte(value)
	}
	return facts, err
}

func (r *redisEngine) setMeta(ctx context.Context, changed map[string][]byte) error {
	return r.try(ctx, func(ctx context.Context) error {
		var args []any
		for name, value := range changed {
			args = append(args, name, value)
		}
		return r.client.HSet(ctx, factsKey, args...).Err()
	})
}

// sweep has nothing to do: Redis deletes what has expired.
func (r *redisEngine) sweep(context.Context, int) (int, error) { return 0, nil }
