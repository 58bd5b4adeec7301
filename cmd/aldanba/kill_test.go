package main

import (
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aldanba/aldanba/bot/dispatch"
	"github.com/aldanba/aldanba/bot/store"
	"github.com/aldanba/aldanba/bot/telegram/telegramtest"
)

// killedWorkers is how many chats the bot answers side by side while it is
// killed: so many calls may be in flight at one time and no more.
const killedWorkers = 16

// kill is a moment at which the bot, or the Redis that it remembers in, was
// killed, or came back.
type kill struct {
	at   time.Time // the dead do nothing after it
	back time.Time // who came back may answer again from then on; zero: from at on
	// open holds what was not recorded as answered then, with how far it was
	// recorded; nil where nobody looked.
	open map[string]dispatch.Step
	// inFlight is how many of those had an answer all the same: it had arrived
	// since the kill before and was not recorded yet. Only these may be answered
	// again.
	inFlight int
	again    int // how many were
	most     int // how many can be
}

// begins gives the time from which on somebody may answer again.
func (k *kill) begins() time.Time {
	if k.back.IsZero() {
		return k.at
	}
	return k.back
}

// repeats says whether a question may be answered again on account of the kill.
func (k *kill) repeats(q question) bool {
	step, open := k.open[q.update]
	// The answer to a document is the last that is said of it, and the others
	// are the first.
	return k.open == nil || open && (q.kind == document || step.Sent == 0)
}

// victim is a bot that is killed again and again while a crowd writes to it.
type victim struct {
	*testing.T
	telegram *telegramtest.Server
	environ  map[string]string
	crowd    *crowd
	dice     *rand.Rand
	process  *process
	started  func() // is called when another process was started; may be nil
	kills    []*kill

	target  atomic.Int64  // the number of the answer from which on something is to happen, 0: nothing
	reached chan struct{} // that it was given
	inside  atomic.Bool   // the bot is killed before it hears that its answer arrived
}

// TestNothingIsLostByKill kills the bot at random points under load.
func TestNothingIsLostByKill(t *testing.T) {
	kills := 20
	if testing.Short() {
		kills = 4
	}
	t.Run("embedded", func(t *testing.T) {
		t.Parallel() // at the end it is waited for cases whose files were being read
		v := newVictim(t, map[string]string{"ALDANBA_DATA": t.TempDir()})
		for range kills {
			v.killBot(true)
		}
		v.check()
	})
	t.Run("redis", func(t *testing.T) {
		t.Parallel()
		// Redis is killed, too: what it acknowledges is to be on the disk.
		server := startRedisServer(t, "--appendfsync", "always")
		// Updates are brought to a webhook: a bot that polls would wait until the
		// dead one leads no more.
		b := newBalancer(t)
		v := newVictim(t, with(b.settings(), "REDIS_URL", server.url(), "ALDANBA_SECRET", redisSecret))
		v.started = func() { b.leadsTo(v.process) }
		v.started()
		for n := range kills {
			if n == kills/2 {
				v.killRedis(server)
			}
			// To look at the inbox frees the chats that the dead had claimed, so
			// now and then nobody looks.
			v.killBot(n%5 > 0)
		}
		v.check()
	})
}

func newVictim(t *testing.T, memory map[string]string) *victim {
	t.Helper()
	seed := rand.Uint64()
	if given := os.Getenv("ALDANBA_TEST_SEED"); given != "" {
		var err error
		if seed, err = strconv.ParseUint(given, 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("ALDANBA_TEST_SEED=%d", seed)
	v := &victim{T: t, environ: eager(memory), dice: rand.New(rand.NewPCG(seed, 2)), reached: make(chan struct{}, 1)}
	v.telegram = telegramtest.New(telegramtest.Options{Token: testToken, Observe: v.observe, WebhookRetry: 20 * time.Millisecond})
	t.Cleanup(v.telegram.Close)
	v.crowd = newCrowd(t, v.telegram, seed)
	v.process = startProcess(t, v.telegram, v.environ)
	v.crowd.begin()
	return v
}

// eager are the settings of a bot that answers every message by itself, as fast
// as it can.
func eager(memory map[string]string) map[string]string {
	environ := map[string]string{
		"ALDANBA_WORKERS": strconv.Itoa(killedWorkers), "ALDANBA_CASE_WAIT": "0s",
		"ALDANBA_SEND_RATE": "10000", "ALDANBA_CHAT_RATE": "1000", "ALDANBA_PERSON_RATE": "1000000",
	}
	maps.Copy(environ, memory)
	return environ
}

// observe is called within every call of the bot.
func (v *victim) observe(c telegramtest.Call) {
	if c.Method != "sendMessage" {
		return
	}
	n, target := v.crowd.answered.Add(1), v.target.Load()
	if target == 0 || n < target || !v.target.CompareAndSwap(target, 0) {
		return
	}
	if v.inside.Load() {
		_ = v.process.cmd.Process.Kill() // whether it succeeds is seen by the caller of soon
	}
	v.reached <- struct{}{}
}

// soon waits until the bot has given some more answers.
func (v *victim) soon(inside bool) {
	v.Helper()
	v.inside.Store(inside)
	v.target.Store(v.crowd.answered.Load() + 1 + v.dice.Int64N(150))
	select {
	case <-v.reached:
	case err := <-v.process.ended:
		if !inside {
			v.Fatalf("the bot ended by itself: %v\n%s", err, v.process.log)
		}
		v.process.ended <- err // it was killed, and what it had answered is told after that
		<-v.reached
	case <-time.After(patience):
		v.Fatalf("the bot answers no more\n%s", v.process.log)
	}
	if !inside {
		time.Sleep(time.Duration(v.dice.Int64N(int64(20 * time.Millisecond))))
	}
}

// killBot kills the bot somewhere in its work, or while it starts, and starts
// another one.
func (v *victim) killBot(look bool) {
	v.Helper()
	if v.dice.IntN(6) == 0 {
		time.Sleep(time.Duration(v.dice.Int64N(int64(time.Second))))
	} else {
		v.soon(v.dice.IntN(2) == 0)
	}
	v.process.kill()
	k := &kill{at: time.Now(), most: killedWorkers}
	if look {
		k.open = inboxOf(v, v.environ)
	}
	v.kills = append(v.kills, k)
	v.start()
}

// start starts the bot anew.
func (v *victim) start() {
	v.Helper()
	v.process = startProcess(v, v.telegram, v.environ)
	if v.started != nil {
		v.started()
	}
}

// killRedis kills Redis under the bot and starts it again. The bot goes on
// without memory: what comes meanwhile does not wait for what is in Redis. A claim that was made with Redis does not count without it
// and the other way round, so answers are in flight twice: when Redis goes, and
// when it comes back.
func (v *victim) killRedis(server *redisProcess) {
	v.Helper()
	v.process.serves(v)
	v.soon(false)
	v.crowd.newEra(v, server.kill)
	v.soon(false)
	var back time.Time
	v.crowd.newEra(v, func() {
		back = time.Now()
		server.start(v, "--appendfsync", "always")
		v.process.serves(v)
	})
	v.kills = append(v.kills, &kill{at: time.Now(), back: back, most: 2 * killedWorkers})
}

// inboxOf gives what is in the inbox of a bot that is dead, with how far it has
// come. It takes the claims of the dead away.
func inboxOf(t testing.TB, environ map[string]string) map[string]dispatch.Step {
	t.Helper()
	ctx := t.Context()
	s, err := store.Open(ctx, store.Config{
		RedisURL: environ["REDIS_URL"], Dir: environ["ALDANBA_DATA"], Secret: environ["ALDANBA_SECRET"],
		Clock: func() time.Time { return time.Now().Add(time.Minute) }, // claims have run out
	})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	open := map[string]dispatch.Step{}
	for next := ""; ; {
		var chats []string
		if chats, next, err = s.Waiting(ctx, next, 100); err != nil {
			t.Fatal(err)
		}
		for _, chat := range chats {
			for _, r := range recordsOf(t, s, chat) {
				open[r.ID] = r.Step
			}
		}
		if next == "" {
			return open
		}
	}
}

func recordsOf(t testing.TB, s *store.Store, chat string) []dispatch.Record {
	t.Helper()
	claim, records, err := s.Claim(t.Context(), chat, time.Minute, 10_000)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Release(t.Context(), claim, nil, math.MaxInt); err != nil {
		t.Fatal(err)
	}
	return records
}

// check lets the bot answer what is left, and looks at what was said.
func (v *victim) check() {
	v.Helper()
	v.crowd.end()
	for left := -1; left != 0; {
		eventually(v, "everything is answered", v.crowd.satisfied)
		v.process.terminate(v)
		if left = len(inboxOf(v, v.environ)); left > 0 {
			v.start()
			v.process.serves(v)
		}
	}
	v.crowd.account(v, v.kills)
	total := 0
	for n, k := range v.kills {
		if k.open != nil && k.again > k.inFlight {
			v.Errorf("kill %d: %d answers were in flight and %d were given again", n, k.inFlight, k.again)
		}
		if max(k.inFlight, k.again) > k.most {
			v.Errorf("kill %d: %d answers were in flight and %d given again: %d can be at most", n, k.inFlight, k.again, k.most)
		}
		total += k.again
		v.Logf("kill %2d: %3d waited, %2d answers in flight, %2d given again", n, len(k.open), k.inFlight, k.again)
	}
	v.Logf("%d questions, %d kills, %d answers given again", len(v.crowd.asked), len(v.kills), total)
}
