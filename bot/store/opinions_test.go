package store_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/aldanba/aldanba/bot/store"
)

// opinions gives what is kept under names, "" where there is nothing.
func (b *bench) opinions(t testing.TB, names ...string) (all []string) {
	t.Helper()
	for _, opinion := range must[[][]byte](t)(b.Opinions(t.Context(), names)) {
		all = append(all, string(opinion))
	}
	return all
}

func TestOpinionsAreKeptForAWeek(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *bench) {
		ctx := t.Context()
		check(t, b.KeepOpinion(ctx, []string{"text 1", "like a", "like b"}, []byte("first")))
		check(t, b.KeepOpinion(ctx, []string{"text 2", "like b"}, []byte("second")))
		check(t, b.KeepOpinion(ctx, nil, []byte("nowhere")))
		want := []string{"first", "second", "", "second", "first"}
		names := []string{"text 1", "text 2", "text 3", "like b", "like a"}
		if got := b.opinions(t, names...); !slices.Equal(got, want) {
			t.Fatalf("opinions: %q", got)
		}
		if got := b.opinions(t); len(got) != 0 {
			t.Errorf("without a name: %q", got)
		}
		b.Add(7*24*time.Hour - time.Second)
		check(t, b.Sweep(ctx))
		if got := b.opinions(t, names...); !slices.Equal(got, want) {
			t.Errorf("a second before the week is over: %q", got)
		}
		check(t, b.KeepOpinion(ctx, []string{"text 2"}, []byte("third")))
		b.Add(time.Second)
		if got := b.opinions(t, names...); !slices.Equal(got, []string{"", "third", "", "", ""}) {
			t.Errorf("after a week: %q", got)
		}
		if err := b.KeepOpinion(ctx, []string{"x"}, make([]byte, 8<<10+1)); !errors.Is(err, store.ErrTooBig) {
			t.Errorf("an opinion without measure: %v", err)
		}
		if err := b.KeepOpinion(ctx, make([]string, 65), nil); !errors.Is(err, store.ErrConfig) {
			t.Errorf("names without measure: %v", err)
		}
	})
}

func TestOpinionsAndTokensOutliveTheProcess(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *bench) {
		check(t, b.KeepOpinion(t.Context(), []string{"text"}, []byte("opinion")))
		must[int64](t)(b.CountTokens(t.Context(), "all", "2026-11-20", 100))
		b.restart(t)
		if got := b.opinions(t, "text"); got[0] != "opinion" {
			t.Errorf("the opinion: %q", got)
		}
		if n := must[int64](t)(b.CountTokens(t.Context(), "all", "2026-11-20", 20)); n != 120 {
			t.Errorf("tokens: %d", n)
		}
	})
}

func TestTokensAreCountedByNameAndDay(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *bench) {
		count := func(name, day string, n int64) int64 {
			return must[int64](t)(b.CountTokens(t.Context(), name, day, n))
		}
		for _, c := range []struct {
			name, day string
			n, want   int64
		}{
			{"all", "2026-11-20", 3000, 3000},
			{"all", "2026-11-20", -700, 2300},
			{"person:1", "2026-11-20", 5, 5},
			{"all", "2026-11-21", 1, 1},
			{"all", "2026-11-20", -2500, -200},
			{"all", "2026-11-20", 1 << 40, 1<<40 - 200},
		} {
			if got := count(c.name, c.day, c.n); got != c.want {
				t.Errorf("%+v: %d", c, got)
			}
		}
		b.Add(47 * time.Hour)
		check(t, b.Sweep(t.Context()))
		if got := count("person:1", "2026-11-20", 1); got != 6 {
			t.Errorf("after 47 hours: %d", got)
		}
		b.Add(time.Hour)
		if got := count("all", "2026-11-20", 1); got != 1 {
			t.Errorf("two days after the last change: %d", got)
		}
		if got := count("person:1", "2026-11-20", 1); got != 7 {
			t.Errorf("an hour after a change: %d", got)
		}
	})
}

func TestProcessesCountTokensTogether(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *bench) {
		var wg sync.WaitGroup
		for _, s := range []*store.Store{b.Store, b.Twin(), b.Twin(), b.Twin()} {
			wg.Go(func() {
				for range 10 {
					if _, err := s.CountTokens(t.Context(), "all", "2026-11-20", 7); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		if n := must[int64](t)(b.CountTokens(t.Context(), "all", "2026-11-20", 0)); n != 280 {
			t.Errorf("%d tokens were counted", n)
		}
	})
}

func TestTokensThatWereCountedWithoutRedisAreAddedToItsOwn(t *testing.T) {
	dir := socketDir(t)
	t.Cleanup(func() { os.RemoveAll(dir) })
	socket := filepath.Join(dir, "redis.sock")
	keeps := []string{"--port", "0", "--unixsocket", socket, "--appendonly", "yes", "--appendfsync", "always"}
	stop := startRedis(t, dir, keeps...)
	redisClient(t, "unix://"+socket)
	b := &bench{clock: newClock(), engine: "redis"}
	b.cfg = store.Config{RedisURL: "unix://" + socket + patiently, Secret: secret, Clock: b.Now, Log: quiet()}
	b.open(t)
	count := func(n int64) int64 {
		return must[int64](t)(b.CountTokens(t.Context(), "all", "2026-11-20", n))
	}
	count(1000)
	stop()
	if n := count(50); n != 50 {
		t.Fatalf("without Redis: %d", n)
	}
	check(t, b.KeepOpinion(t.Context(), []string{"text"}, []byte("opinion")))
	defer startRedis(t, dir, keeps...)()
	redisClient(t, "unix://"+socket)
	b.Recover(t.Context())
	check(t, b.Health())
	if n := count(3); n != 1053 {
		t.Errorf("with Redis again: %d", n)
	}
	if got := b.opinions(t, "text"); got[0] != "opinion" {
		t.Errorf("the opinion: %q", got)
	}
}

// A likeness is looked up under a dozen names at once.
func BenchmarkOpinions(b *testing.B) {
	for _, engine := range []string{"memory", "embedded", "redis"} {
		b.Run(engine, func(b *testing.B) {
			bench := newBench(b, engine)
			bench.open(b)
			var names []string
			for i := range 13 {
				names = append(names, fmt.Sprint("name ", i))
			}
			check(b, bench.KeepOpinion(b.Context(), names, make([]byte, 400)))
			b.ReportAllocs()
			for b.Loop() {
				if got, err := bench.Opinions(b.Context(), names); err != nil || len(got) != 13 {
					b.Fatal(err)
				}
			}
		})
	}
}
