package store_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aldanba/aldanba/bot"
	"github.com/aldanba/aldanba/bot/dispatch"
	"github.com/aldanba/aldanba/bot/store"
)

func TestALockedFileIsRefusedOrWaitedFor(t *testing.T) {
	b := newBench(t, "embedded")
	b.open(t)
	cfg := b.cfg
	if err := openError(t, cfg); !errors.Is(err, store.ErrLocked) || !strings.Contains(err.Error(), "Redis") {
		t.Fatalf("Open = %v", err)
	}
	cfg.GoOn = true
	second := &bench{clock: b.clock, engine: "embedded", cfg: cfg}
	second.open(t)
	if err := second.Health(); !errors.Is(err, store.ErrLocked) {
		t.Fatalf("Health = %v", err)
	}
	second.put(t, update("a", 1))
	claim := second.claimed(t, "a")
	check(t, second.Advance(t.Context(), claim, []string{"telegram:a-1"}, dispatch.Step{Sent: 1}))
	second.Recover(t.Context())
	if second.Health() == nil {
		t.Fatal("the file is still locked")
	}
	check(t, b.Close())
	second.Recover(t.Context())
	check(t, second.Health())
	// What waited in memory waits in the file now; the claim does not go along.
	if _, err := second.Pending(t.Context(), claim, 1); !errors.Is(err, dispatch.ErrLost) {
		t.Fatalf("a claim from memory: %v", err)
	}
	records := must[[]dispatch.Record](t)(second.Pending(t.Context(), second.claimed(t, "a"), 10))
	if len(records) != 1 || records[0].ID != "telegram:a-1" || records[0].Step.Sent != 1 {
		t.Fatalf("records: %+v", records)
	}
	if second.put(t, update("a", 1))[0] {
		t.Fatal("what was put in memory comes again")
	}
}

func TestDamagedFilesAreToldAndNeverCrash(t *testing.T) {
	b := newBench(t, "embedded")
	b.open(t)
	for i := range 300 {
		check(t, b.Save(t.Context(), fmt.Sprint("telegram:", i), bot.Session{Checks: i, Region: strings.Repeat("x", 200)}))
	}
	check(t, b.Close())
	path := filepath.Join(b.cfg.Dir, "aldanba.db")
	whole := must[[]byte](t)(os.ReadFile(path))
	used := len(whole)
	for used > 0 && whole[used-1] == 0 {
		used--
	}
	damage := map[string][]byte{
		"cut":        whole[:used/2],
		"short":      whole[:100],
		"other":      []byte(strings.Repeat("this is no database. ", 1000)),
		"no heads":   append(make([]byte, 8192), whole[8192:]...),
		"only heads": append(slices.Clone(whole[:8192]), make([]byte, len(whole)-8192)...),
	}
	told := 0
	for name, text := range damage {
		t.Run(name, func(t *testing.T) {
			cfg := b.cfg
			cfg.Dir, cfg.GoOn = t.TempDir(), true
			check(t, os.WriteFile(filepath.Join(cfg.Dir, "aldanba.db"), text, 0o600))
			s, err := store.OpenIdle(t.Context(), cfg)
			if errors.Is(err, store.ErrSecret) {
				return // the key is what was torn
			}
			check(t, err)
			defer s.Close()
			broken := 0
			for i := range 300 {
				person := fmt.Sprint("telegram:", i)
				_, err := s.Load(t.Context(), person)
				if errors.Is(err, store.ErrCorrupt) {
					broken++
				} else if err != nil {
					t.Fatalf("session %d: %v", i, err)
				}
				if i%15 == 0 {
					check(t, s.Save(t.Context(), person, bot.Session{Checks: 1}))
				}
			}
			if s.Health() != nil {
				told++
				if err := s.Health(); !errors.Is(err, store.ErrCorrupt) {
					t.Errorf("Health = %v", err)
				}
				s.Recover(t.Context())
				if s.Health() == nil {
					t.Error("a damaged file healed by itself")
				}
			}
			t.Logf("%d broken sessions; %v", broken, s.Health())
		})
	}
	if told < 5 {
		t.Errorf("only %d damaged files were noticed", told)
	}
}

func TestAFullFileStopsTakingAndAnswersGoOn(t *testing.T) {
	b := newBench(t, "embedded")
	b.cfg.MaxBytes = 17 << 20
	b.open(t)
	big := func(n int) dispatch.Update {
		u := update("a", n)
		u.Payload = make([]byte, 1<<20)
		random := rand.NewChaCha8([32]byte{byte(n)})
		random.Read(u.Payload)
		return u
	}
	for n := 0; b.Health() == nil; n++ {
		if n > 40 {
			t.Fatal("it takes more than its largest size")
		}
		b.put(t, big(n))
	}
	if err := b.Health(); !errors.Is(err, store.ErrFull) {
		t.Fatalf("Health = %v", err)
	}
	b.put(t, update("b", 1)) // in memory
	if got := b.ids(t, b.claimed(t, "b")); len(got) != 1 {
		t.Fatalf("in memory: %v", got)
	}
	b.Add(2 * time.Hour)
	check(t, b.MainSweep(t.Context())) // room again
	b.put(t, update("b", 2))
	b.Recover(t.Context())
	check(t, b.Health())
	if got := b.ids(t, b.claimed(t, "b")); !slices.Equal(got, []string{"telegram:b-2"}) {
		t.Fatalf("after the store works again: %v", got)
	}
}

func TestADirectoryThatMayNotBeWritten(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Log("the superuser may write everywhere: a file in place of the directory is tried alone")
	} else {
		dir := t.TempDir()
		check(t, os.Chmod(dir, 0o500))
		if err := openError(t, store.Config{Dir: dir, Secret: secret, Log: quiet()}); !errors.Is(err, store.ErrDenied) {
			t.Errorf("Open = %v", err)
		}
	}
	file := filepath.Join(t.TempDir(), "file")
	check(t, os.WriteFile(file, nil, 0o600))
	var pathErr *fs.PathError
	if err := openError(t, store.Config{Dir: file, Secret: secret, Log: quiet()}); !errors.As(err, &pathErr) {
		t.Errorf("Open = %v", err)
	}
}

func TestRedisGoesAwayAndComesBack(t *testing.T) {
	dir := socketDir(t)
	t.Cleanup(func() { os.RemoveAll(dir) })
	socket := filepath.Join(dir, "redis.sock")
	stop := startRedis(t, dir, "--port", "0", "--unixsocket", socket)
	redisClient(t, "unix://"+socket)
	b := &bench{clock: newClock(), engine: "redis"}
	b.cfg = store.Config{RedisURL: "unix://" + socket + patiently, Secret: secret, Clock: b.Now, Log: quiet()}
	b.open(t)
	ctx := t.Context()
	check(t, b.Save(ctx, person, bot.Session{Checks: 1}))
	b.put(t, update("a", 1))
	claim := b.claimed(t, "a")
	other := b.Twin()
	if !must[bool](t)(b.Lead(ctx, "polling", time.Minute)) || must[bool](t)(other.Lead(ctx, "polling", time.Minute)) {
		t.Fatal("the first does not lead alone")
	}

	stop()
	if got := must[bot.Session](t)(b.Load(ctx, person)); got != (bot.Session{}) {
		t.Fatalf("session: %+v", got)
	}
	if err := b.Health(); !errors.Is(err, store.ErrAway) {
		t.Fatalf("Health = %v", err)
	}
	if err := b.Done(ctx, claim, []string{"telegram:a-1"}); !errors.Is(err, dispatch.ErrLost) {
		t.Fatalf("Done under a claim that cannot be looked up: %v", err)
	}
	if err := b.Erase(ctx, person); !errors.Is(err, store.ErrAway) {
		t.Fatalf("Erase = %v: it cannot be true that all is forgotten", err)
	}
	if !must[bool](t)(b.Lead(ctx, "polling", time.Minute)) || must[bool](t)(other.Lead(ctx, "polling", time.Minute)) {
		t.Fatal("without Redis not the one that led goes on")
	}
	b.put(t, update("b", 1), update("b", 2))
	inMemory := b.claimed(t, "b")
	check(t, b.Advance(ctx, inMemory, []string{"telegram:b-1"}, dispatch.Step{Sent: 1}))
	check(t, b.Done(ctx, inMemory, []string{"telegram:b-2"}))
	check(t, b.Save(ctx, "telegram:2", bot.Session{Checks: 2}))
	check(t, b.Count(ctx, "verdict.scam", 3))
	b.Recover(ctx)
	if b.Health() == nil {
		t.Fatal("Redis is away")
	}

	defer startRedis(t, dir, "--port", "0", "--unixsocket", socket)() // it has lost everything
	redisClient(t, "unix://"+socket)
	b.Recover(ctx)
	check(t, b.Health())
	records := must[[]dispatch.Record](t)(b.Pending(ctx, b.claimed(t, "b"), 10))
	if len(records) != 1 || records[0].Step.Sent != 1 {
		t.Fatalf("carried over: %+v", records)
	}
	if got := b.put(t, update("b", 1), update("b", 2)); slices.Contains(got, true) {
		t.Fatalf("fresh = %v", got)
	}
	if got := must[bot.Session](t)(b.Load(ctx, "telegram:2")); got.Checks != 2 {
		t.Fatalf("session: %+v", got)
	}
	if got := must[map[string]int64](t)(b.Counts(ctx, b.Now())); got["verdict.scam"] != 3 {
		t.Fatalf("counts: %v", got)
	}
	b.restart(t) // the new Redis is locked with the same key
	if got := must[bot.Session](t)(b.Load(ctx, "telegram:2")); got.Checks != 2 {
		t.Fatalf("session: %+v", got)
	}
}

func TestAnotherRedisInItsPlaceIsNotUsed(t *testing.T) {
	b := newBench(t, "redis")
	b.open(t)
	check(t, redisClient(t, b.cfg.RedisURL).FlushAll(t.Context()).Err())
	foreign := must[*store.Store](t)(store.OpenIdle(t.Context(), b.cfg))
	defer foreign.Close()
	b.Tidy(t.Context())
	if err := b.Health(); !errors.Is(err, store.ErrSecret) {
		t.Fatalf("Health = %v", err)
	}
}

func TestMemoryIsBounded(t *testing.T) {
	b := newBench(t, "memory")
	b.cfg.MaxBytes = 1 << 20
	b.open(t)
	var err error
	n := 0
	for ; err == nil && n < 10000; n++ {
		err = b.Save(t.Context(), fmt.Sprint("telegram:", n), bot.Session{Checks: n})
	}
	if !errors.Is(err, store.ErrFull) || n < 1000 {
		t.Fatalf("after %d sessions: %v", n, err)
	}
	if _, err := b.Put(t.Context(), []dispatch.Update{update("a", 1)}); !errors.Is(err, store.ErrFull) {
		t.Fatalf("Put = %v", err)
	}
	b.Add(401 * 24 * time.Hour)
	check(t, b.Sweep(t.Context()))
	b.put(t, update("a", 1))
}

func TestACallerThatGivesUpDoesNotHarmTheStore(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *bench) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := b.Load(ctx, person); !errors.Is(err, context.Canceled) {
			t.Errorf("Load = %v", err)
		}
		if err := b.Save(ctx, person, bot.Session{Checks: 1}); !errors.Is(err, context.Canceled) {
			t.Errorf("Save = %v", err)
		}
		check(t, b.Health())
	})
}
