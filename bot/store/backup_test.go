package store_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aldanba/aldanba/bot"
	"github.com/aldanba/aldanba/bot/dispatch"
	"github.com/aldanba/aldanba/bot/duelist"
	"github.com/aldanba/aldanba/bot/store"
	"github.com/aldanba/aldanba/detector"
)

// fill writes something of all that a backup keeps.
func (b *bench) fill(t testing.TB) {
	t.Helper()
	for _, name := range []string{"session", "verdicts", "gone", "inbox", "due", "limit", "strike", "opinion", "tokens", "count"} {
		writers(t, b, victimID)[name]()
	}
	check(t, b.Moved(t.Context(), "telegram:-77", "telegram:-10077"))
	b.put(t, update("a", 3), update("a", 1), update("a", 2))
}

// memories is all that can be asked of a filled store.
type memories struct {
	Session  bot.Session
	Verdicts []bot.PastVerdict
	Gone     bool
	Moved    string
	Waits    []string
	Records  []dispatch.Record
	Queue    []string
	Due      []duelist.Lease
	Wait     time.Duration
	Strikes  int
	Counts   map[string]int64
	Opinions []string
	Tokens   int64
	Fresh    []bool
}

func (b *bench) recall(t testing.TB) (m memories) {
	t.Helper()
	ctx := t.Context()
	m.Session = must[bot.Session](t)(b.Load(ctx, victimID))
	m.Verdicts = must[[]bot.PastVerdict](t)(b.Verdicts(ctx, victimID))
	m.Gone = must[bool](t)(b.IsGone(ctx, victimID))
	m.Moved = must[string](t)(b.Follow(ctx, "telegram:-77"))
	m.Waits = b.waits(t)
	b.Add(time.Minute) // claims and leases from before a backup run out
	m.Records = must[[]dispatch.Record](t)(b.Pending(ctx, b.claimed(t, victimID), 10))
	m.Queue = b.ids(t, b.claimed(t, "a"))
	for _, l := range must[[]duelist.Lease](t)(b.Due(ctx, b.Now(), 10, time.Hour)) {
		l.Fence = 0
		m.Due = append(m.Due, l)
	}
	slices.SortFunc(m.Due, func(a, b duelist.Lease) int { return bytes.Compare([]byte(a.ID), []byte(b.ID)) })
	m.Wait = must[time.Duration](t)(b.Allow(ctx, victimID+canary("limit"), 1, time.Hour))
	m.Strikes = must[int](t)(b.Strikes(ctx, victimID+canary("strike")))
	m.Opinions = b.opinions(t, victimID+canary("text"), victimID+canary("likeness"), "unknown")
	m.Tokens = must[int64](t)(b.CountTokens(ctx, victimID+canary("tokens"), "2026-11-20", 1))
	m.Counts = must[map[string]int64](t)(b.Counts(ctx, b.Now()))
	m.Fresh = b.put(t, update("a", 1), dispatch.Update{ID: canary("answered") + victimID, Chat: victimID})
	return m
}

func TestABackupIsRestoredOnEveryEngine(t *testing.T) {
	for _, from := range []string{"memory", "embedded", "redis"} {
		for _, to := range []string{"memory", "embedded", "redis"} {
			t.Run(from+" to "+to, func(t *testing.T) {
				a := newBench(t, from)
				a.open(t)
				a.fill(t)
				var backup bytes.Buffer
				check(t, a.Backup(t.Context(), &backup))
				want := a.recall(t)
				if want.Session.Checks != 7 || len(want.Records) != 1 || len(want.Due) != 2 || want.Wait == 0 || want.Strikes != 1 || len(want.Queue) != 3 || want.Fresh[0] || want.Opinions[1] == "" || want.Tokens != 701 {
					t.Fatalf("the store was not filled: %+v", want)
				}
				b := newBench(t, to)
				b.open(t)
				check(t, b.Restore(t.Context(), &backup))
				if to != "memory" {
					b.restart(t)
				}
				if diff := cmp.Diff(want, b.recall(t)); diff != "" {
					t.Error(diff)
				}
			})
		}
	}
}

func TestABackupThatIsNotWholeIsRefusedAndLeavesNothing(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *bench) {
		a := newBench(t, "memory")
		a.open(t)
		a.fill(t)
		var out bytes.Buffer
		check(t, a.Backup(t.Context(), &out))
		backup := out.Bytes()
		a.cfg.Secret = "another secret that is just as long as the first one"
		a.open(t)
		a.fill(t)
		var foreign bytes.Buffer
		check(t, a.Backup(t.Context(), &foreign))

		refused := func(name string, text []byte, want error) {
			t.Helper()
			if err := b.Restore(t.Context(), bytes.NewReader(text)); !errors.Is(err, want) {
				t.Errorf("%s: Restore = %v", name, err)
			}
			if left := b.records(t); len(left) > 0 {
				t.Errorf("%s: it leaves %v", name, left)
			}
		}
		refused("nothing", nil, store.ErrBackup)
		refused("another file", []byte("SQLite format 3 and more of it"), store.ErrBackup)
		refused("another secret", foreign.Bytes(), store.ErrSecret)
		refused("something behind it", append(slices.Clone(backup), 'x'), store.ErrBackup)
		for i := 20; i < len(backup); i += 1 + len(backup)/23 {
			refused("cut off", backup[:i], store.ErrBackup)
			damaged := slices.Clone(backup)
			damaged[i] ^= 0x10
			refused("a bit turned", damaged, store.ErrBackup)
		}
		check(t, b.Restore(t.Context(), bytes.NewReader(backup)))
		if err := b.Restore(t.Context(), bytes.NewReader(backup)); !errors.Is(err, store.ErrBackup) {
			t.Errorf("into a store that is not empty: %v", err)
		}
		if b.recall(t).Session.Checks != 7 {
			t.Error("the session was not restored")
		}
	})
}

func TestARestoreThatWasInterruptedIsBegunAnew(t *testing.T) {
	b := newBench(t, "embedded")
	b.open(t)
	b.fill(t)
	check(t, b.MarkRestoring(t.Context()))
	b.restart(t)
	if left := b.records(t); len(left) > 0 {
		t.Errorf("what the interrupted restore left is still there: %v", left)
	}
}

func FuzzRestore(f *testing.F) {
	a := newBench(f, "memory")
	a.open(f)
	a.fill(f)
	var out bytes.Buffer
	check(f, a.Backup(f.Context(), &out))
	f.Add(out.Bytes())
	f.Add([]byte("aldanba backup 1\n\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"))
	f.Fuzz(func(t *testing.T, text []byte) {
		b := newBench(t, "memory")
		b.open(t)
		if err := b.Restore(t.Context(), bytes.NewReader(text)); err != nil && len(b.records(t)) > 0 {
			t.Errorf("Restore = %v, and leaves %v", err, b.records(t))
		}
	})
}

// TestAFileOfTheFirstLayoutIsBroughtUpToDate opens a file that the first
// version wrote.
func TestAFileOfTheFirstLayoutIsBroughtUpToDate(t *testing.T) {
	b := newBench(t, "embedded")
	b.cfg.Secret = "an old secret that only this test knows"
	packed, err := os.Open("testdata/v1.db.gz")
	check(t, err)
	defer packed.Close()
	unpacked, err := gzip.NewReader(packed)
	check(t, err)
	check(t, os.WriteFile(filepath.Join(b.cfg.Dir, "aldanba.db"), must[[]byte](t)(io.ReadAll(unpacked)), 0o600))
	b.open(t)
	if got := must[int](t)(b.SchemaVersion(t.Context())); got != store.Schema {
		t.Fatalf("layout %d", got)
	}
	b.restart(t)
	ctx := t.Context()
	if got := must[bot.Session](t)(b.Load(ctx, person)); got != (bot.Session{Lang: "kk", LangChosen: true, Checks: 3}) {
		t.Errorf("session: %+v", got)
	}
	if got := must[[]bot.PastVerdict](t)(b.Verdicts(ctx, person)); len(got) != 1 || got[0].Level != detector.Scam {
		t.Errorf("verdicts: %+v", got)
	}
	records := must[[]dispatch.Record](t)(b.Pending(ctx, b.claimed(t, person), 10))
	if len(records) != 1 || records[0].ID != "telegram:1" || records[0].Step.Sent != 1 {
		t.Errorf("records: %+v", records)
	}
	if got := b.put(t, dispatch.Update{ID: "telegram:2", Chat: person}); got[0] {
		t.Error("what was seen comes again")
	}
	if got := must[string](t)(b.Follow(ctx, "telegram:-77")); got != "telegram:-10077" {
		t.Errorf("moved: %s", got)
	}
	b.Add(time.Hour)
	if got := b.due(t); len(got) != 1 || got[0].ID != "reminder-1" {
		t.Errorf("due: %+v", got)
	}
	b.Add(500 * 24 * time.Hour)
	check(t, b.Sweep(ctx))
	check(t, b.Close())
	if left := tableSizes(t, b.cfg.Dir); !maps.Equal(left, map[string]int{"d": 1, "o": 1, "p": 1}) {
		t.Errorf("what remains after 500 days, by table: %v", left)
	}
}

func TestANewerStoreIsRefused(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *bench) {
		if b.engine == "memory" {
			t.Skip("memory is as old as the program")
		}
		check(t, b.SetSchema(t.Context(), store.Schema+1))
		check(t, b.Close())
		b.cfg.GoOn = true
		if _, err := store.OpenIdle(t.Context(), b.cfg); !errors.Is(err, store.ErrNewer) {
			t.Fatalf("Open = %v", err)
		}
	})
}
