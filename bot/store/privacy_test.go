package store_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"github.com/aldanba/aldanba/bot"
	"github.com/aldanba/aldanba/bot/dispatch"
	"github.com/aldanba/aldanba/bot/duelist"
	"github.com/aldanba/aldanba/bot/store"
	"github.com/aldanba/aldanba/bot/story"
	"github.com/aldanba/aldanba/detector"
)

// canary makes a word that is to be found nowhere.
func canary(what string) string { return "canary-" + what + "-7f3a" }

// victimID is a person whose id would be recognised anywhere.
const victimID = "telegram:7700000017"

// writers write each kind of record for a person, with canaries.
func writers(t testing.TB, b *bench, person string) map[string]func() {
	ctx := t.Context()
	return map[string]func(){
		"session": func() {
			check(t, b.Save(ctx, person, bot.Session{Lang: canary("lang"), Region: canary("region"), Checks: 7}))
		},
		"verdicts": func() {
			check(t, b.RememberVerdict(ctx, person, canary("message"), detector.Level(canary("level")), canary("scheme")))
		},
		"story": func() {
			piece := story.Piece{At: b.Now(), ID: b.Digest(person, canary("case")), From: b.Digest(person, canary("sender")),
				Marks: []string{b.Digest(person, canary("mark"))}, Steps: []string{canary("step")}}
			check(t, b.SavePieces(ctx, person, []story.Piece{piece}))
		},
		"draft": func() { check(t, b.SaveDraft(ctx, person, []byte(canary("draft")), b.Now().Add(time.Hour))) },
		"gone":  func() { check(t, b.Gone(ctx, person)) },
		"moved": func() {
			check(t, b.Moved(ctx, canary("from"), person))
			check(t, b.Moved(ctx, person, canary("to")))
			check(t, b.Save(ctx, person, bot.Session{Lang: canary("lang")})) // it moved along
			check(t, b.RememberVerdict(ctx, person, canary("message"), detector.Level(canary("level")), canary("scheme")))
		},
		"inbox": func() {
			u := dispatch.Update{ID: canary("update") + person, Chat: person, At: b.Now(), Payload: []byte(canary("payload"))}
			answered := dispatch.Update{ID: canary("answered") + person, Chat: person, At: b.Now(), Payload: []byte(canary("payload"))}
			must[[]bool](t)(b.Put(ctx, []dispatch.Update{u, answered}))
			claim := b.claimed(t, person)
			check(t, b.Advance(ctx, claim, []string{u.ID}, dispatch.Step{Case: u.ID, First: canary("first"), Level: canary("level")}))
			check(t, b.Done(ctx, claim, []string{answered.ID}))
		},
		"due": func() {
			due := duelist.Item{ID: canary("item") + person, Person: person, Kind: canary("kind"), Due: b.Now(), Payload: []byte(canary("payload"))}
			check(t, b.Schedule(ctx, due))
			due.ID += "-leased"
			check(t, b.Schedule(ctx, due))
			must[[]duelist.Lease](t)(b.Due(ctx, b.Now(), 1, time.Minute))
		},
		"seen":   func() {}, // written with the inbox
		"claim":  func() {}, // taken for the inbox
		"fence":  func() {},
		"meta":   func() {},
		"limit":  func() { must[time.Duration](t)(b.Allow(ctx, person+canary("limit"), 1, time.Hour)) },
		"strike": func() { check(t, b.Strike(ctx, person+canary("strike"))) },
		"opinion": func() {
			check(t, b.KeepOpinion(ctx, []string{person + canary("text"), person + canary("likeness")}, []byte(canary("opinion"))))
		},
		"tokens": func() { must[int64](t)(b.CountTokens(ctx, person+canary("tokens"), "2026-11-20", 700)) },
		"count":  func() { check(t, b.Count(ctx, "verdict.scam", 1)) },
		"lead":   func() { must[bool](t)(b.Lead(ctx, canary("lead"), time.Hour)) },
	}
}

// writeOrder is an order in which nothing that is written moves away.
var writeOrder = []string{"moved", "session", "verdicts", "story", "draft", "gone", "inbox", "due", "limit", "strike", "opinion", "tokens", "count", "lead"}

// raw gives everything that lies in the engine.
func (b *bench) raw(t testing.TB) []byte {
	t.Helper()
	var out bytes.Buffer
	switch b.engine {
	case "embedded":
		files, err := filepath.Glob(filepath.Join(b.cfg.Dir, "*"))
		check(t, err)
		for _, f := range files {
			text := must[[]byte](t)(os.ReadFile(f))
			out.Write(text)
		}
	case "redis":
		client := redisClient(t, b.cfg.RedisURL)
		for _, key := range must[[]string](t)(client.Keys(t.Context(), "*").Result()) {
			fmt.Fprintf(&out, "%s %s\n", key, must[string](t)(client.Dump(t.Context(), key).Result()))
		}
	}
	return out.Bytes()
}

// leaks tells which of the names and canaries can be read in the bytes, as they
// are or in an encoding.
func leaks(text []byte, names ...string) (found []string) {
	for _, name := range append(names, "canary-") {
		for _, form := range []string{name, hex.EncodeToString([]byte(name)), base64.StdEncoding.EncodeToString([]byte(name))[:len(name)], strings.ToUpper(name)} {
			if bytes.Contains(text, []byte(form)) {
				found = append(found, form)
			}
		}
	}
	return found
}

func TestNothingOfAPersonCanBeReadAndNothingRemainsAfterErase(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *bench) {
		ctx := t.Context()
		const neighbour = "telegram:7700000018"
		kinds := store.Kinds()
		for _, person := range []string{victimID, neighbour} {
			write := writers(t, b, person)
			for name := range kinds {
				if write[name] == nil {
					t.Fatalf("no canary is written for records of kind %q", name)
				}
			}
			for _, name := range writeOrder {
				write[name]()
			}
		}
		if found := leaks(b.raw(t), victimID, "7700000017"); found != nil {
			t.Errorf("readable before Erase: %v", found)
		}
		var backup bytes.Buffer
		check(t, b.Backup(ctx, &backup))
		if found := leaks(backup.Bytes(), victimID, "7700000017"); found != nil {
			t.Errorf("readable in a backup: %v", found)
		}

		before := b.records(t)
		check(t, b.Erase(ctx, victimID))
		after := b.records(t)
		// The neighbour wrote the same, so exactly the person's half of each kind is gone.
		for shelf, n := range before {
			want := n / 2
			if slices.Contains([]string{"s", "c", "rl", "rx", "ro", "rk"}, shelf) {
				want = n // marks, counts, limits, strikes, opinions and tokens survive
			}
			if after[shelf] != want {
				t.Errorf("%d of %d records of sort %q remain, want %d", after[shelf], n, shelf, want)
			}
		}
		if found := leaks(b.raw(t), victimID, "7700000017"); found != nil {
			t.Errorf("readable after Erase: %v", found)
		}
		if got := must[bot.Session](t)(b.Load(ctx, victimID)); got != (bot.Session{}) {
			t.Errorf("session: %+v", got)
		}
		if got := must[[]bot.PastVerdict](t)(b.Verdicts(ctx, victimID)); len(got) > 0 {
			t.Errorf("verdicts: %+v", got)
		}
		if got := must[[]byte](t)(b.LoadDraft(ctx, victimID)); got != nil {
			t.Errorf("draft: %s", got)
		}
		if must[bool](t)(b.IsGone(ctx, victimID)) || must[string](t)(b.Follow(ctx, victimID)) != victimID {
			t.Error("it is remembered that the chat was gone, or where it went")
		}
		if got := b.ids(t, b.claimed(t, victimID)); len(got) > 0 {
			t.Errorf("inbox: %v", got)
		}
		b.Add(time.Hour)
		for _, l := range b.due(t) {
			if l.Person == victimID {
				t.Errorf("due: %+v", l)
			}
		}
		if got := must[int](t)(b.Strikes(ctx, victimID+canary("strike"))); got != 1 {
			t.Errorf("strikes after Erase: %d", got)
		}
		if got := must[time.Duration](t)(b.Allow(ctx, neighbour+canary("limit"), 1, time.Hour)); got != 0 {
			t.Errorf("an hour later the limit is not free: %v", got)
		}
	})
}

// records counts the entries of a backup by shelf, plain records by kind, too.
func (b *bench) records(t testing.TB) map[string]int {
	t.Helper()
	out, err := b.Entries(t.Context())
	check(t, err)
	return out
}

func TestWhatHasExpiredIsSweptAway(t *testing.T) {
	b := newBench(t, "embedded")
	b.open(t)
	for range 3 { // renewed on other days
		for _, name := range writeOrder {
			writers(t, b, victimID)[name]()
		}
		b.Add(25 * time.Hour)
	}
	check(t, b.Erase(t.Context(), victimID))
	b.Add(402 * 24 * time.Hour)
	check(t, b.Sweep(t.Context()))
	check(t, b.Close())
	if left := tableSizes(t, b.cfg.Dir); !maps.Equal(left, map[string]int{}) {
		t.Errorf("records that nothing deletes, by table: %v", left)
	}
}

// tableSizes counts what lies in the file, the store's own facts apart.
func tableSizes(t testing.TB, dir string) map[string]int {
	t.Helper()
	db, err := bbolt.Open(filepath.Join(dir, "aldanba.db"), 0o600, nil)
	check(t, err)
	defer db.Close()
	sizes := map[string]int{}
	check(t, db.View(func(tx *bbolt.Tx) error {
		return tx.ForEach(func(name []byte, bucket *bbolt.Bucket) error {
			if n := bucket.Stats().KeyN; n > 0 && string(name) != "m" {
				sizes[string(name)] = n
			}
			return nil
		})
	}))
	return sizes
}

func TestEveryRedisKeyHasATimeToLiveOrAnOwner(t *testing.T) {
	b := newBench(t, "redis")
	b.open(t)
	for _, write := range writers(t, b, victimID) {
		write()
	}
	client := redisClient(t, b.cfg.RedisURL)
	keys := must[[]string](t)(client.Keys(t.Context(), "*").Result())
	if len(keys) < 15 {
		t.Fatalf("only %d keys were written: %v", len(keys), keys)
	}
	for _, key := range keys {
		ttl := must[time.Duration](t)(client.PTTL(t.Context(), key).Result())
		owned := key == "aldanba:{meta}" || strings.HasPrefix(key, "aldanba:{due}:") || strings.HasSuffix(key, "}:n")
		if ttl <= 0 && !owned || ttl > 401*24*time.Hour {
			t.Errorf("%s lives %v", key, ttl)
		}
	}
}

// Who asks to be forgotten is owed the answer that they are, also after a crash.
func TestWhatIsBeingAnsweredOutlivesErase(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *bench) {
		b.put(t, update("telegram:1", 1), update("telegram:1", 2), update("telegram:1", 3), update("telegram:2", 1))
		ctx := dispatch.WithAnswering(t.Context(), []string{update("telegram:1", 2).ID})
		check(t, b.Erase(ctx, "telegram:1"))
		claim := b.claimed(t, "telegram:1")
		if got := b.ids(t, claim); !slices.Equal(got, []string{update("telegram:1", 2).ID}) {
			t.Fatalf("after Erase: %v", got)
		}
		check(t, b.Done(t.Context(), claim, []string{update("telegram:1", 2).ID}))
		if got := b.ids(t, b.claimed(t, "telegram:2")); len(got) != 1 {
			t.Errorf("of the neighbour: %v", got)
		}
		check(t, b.Erase(t.Context(), "telegram:2"))
		if got := b.waits(t); len(got) > 0 {
			t.Errorf("waiting: %v", got)
		}
	})
}
