package store_test

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aldanba/aldanba/bot"
	"github.com/aldanba/aldanba/bot/store"
	"github.com/aldanba/aldanba/detector"
)

const person = "telegram:5512"

func TestSessions(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *bench) {
		if got := must[bot.Session](t)(b.Load(t.Context(), person)); got != (bot.Session{}) {
			t.Fatalf("an unknown person has %+v", got)
		}
		want := bot.Session{Lang: "kk", LangChosen: true, Aid: "code.egov:m:police:1c", Lost: time.Unix(1_800_000_000, 0).UTC(), Reminders: bot.Agreed, Checks: 3, Services: bot.Services{Picture: bot.Agreed, Voice: bot.Refused}}
		check(t, b.Save(t.Context(), person, bot.Session{Lang: "ru"}))
		check(t, b.Save(t.Context(), person, want))
		check(t, b.Save(t.Context(), "telegram:5513", bot.Session{Checks: 1}))
		for _, age := range []time.Duration{0, 399 * 24 * time.Hour} {
			b.Add(age)
			check(t, b.Sweep(t.Context()))
			if got := must[bot.Session](t)(b.Load(t.Context(), person)); got != want {
				t.Fatalf("after %v: %+v", age, got)
			}
		}
		check(t, b.Save(t.Context(), person, want)) // lives anew from here
		b.Add(2 * 24 * time.Hour)
		check(t, b.Sweep(t.Context()))
		if got := must[bot.Session](t)(b.Load(t.Context(), "telegram:5513")); got != (bot.Session{}) {
			t.Fatalf("after 401 days: %+v", got)
		}
		if got := must[bot.Session](t)(b.Load(t.Context(), person)); got != want {
			t.Fatalf("renewed: %+v", got)
		}
		b.restart(t)
		if got := must[bot.Session](t)(b.Load(t.Context(), person)); got != want {
			t.Fatalf("after a restart: %+v", got)
		}
	})
}

func TestVerdicts(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *bench) {
		for i := range 25 {
			b.Add(time.Minute)
			check(t, b.RememberVerdict(t.Context(), person, fmt.Sprint("message ", i), detector.Scam, fmt.Sprint("scheme_", i)))
		}
		b.Add(time.Minute)
		check(t, b.RememberVerdict(t.Context(), person, "message 22", detector.Suspicious, "again"))
		got := must[[]bot.PastVerdict](t)(b.Verdicts(t.Context(), person))
		if len(got) != 20 || got[0] != (bot.PastVerdict{Level: detector.Suspicious, Scheme: "again", At: b.Now()}) || got[1].Scheme != "scheme_24" || got[3].Scheme != "scheme_21" || got[19].Scheme != "scheme_5" {
			t.Fatalf("verdicts: %+v", got)
		}
		if got := must[[]bot.PastVerdict](t)(b.Verdicts(t.Context(), "telegram:1")); len(got) != 0 {
			t.Fatalf("another person has %+v", got)
		}
		b.Add(90*24*time.Hour - time.Minute)
		if got := must[[]bot.PastVerdict](t)(b.Verdicts(t.Context(), person)); len(got) != 1 {
			t.Fatalf("after 90 days: %+v", got)
		}
	})
}

func TestDrafts(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *bench) {
		load := func(person string) string { return string(must[[]byte](t)(b.LoadDraft(t.Context(), person))) }
		if got := load(person); got != "" {
			t.Fatalf("an unknown person has the draft %q", got)
		}
		until := b.Now().Add(20 * time.Hour)
		check(t, b.SaveDraft(t.Context(), person, []byte("first"), until))
		check(t, b.SaveDraft(t.Context(), person, []byte("second"), until))
		check(t, b.SaveDraft(t.Context(), "telegram:5513", []byte("other"), b.Now().Add(100*24*time.Hour)))
		if b.engine != "memory" {
			b.restart(t)
		}
		b.Add(20*time.Hour - time.Second)
		check(t, b.Sweep(t.Context()))
		if got := load(person); got != "second" {
			t.Fatalf("a second before its end the draft is %q", got)
		}
		check(t, b.SaveDraft(t.Context(), person, []byte("third"), until)) // saving it does not make it live longer
		b.Add(time.Second)
		if got := load(person); got != "" {
			t.Errorf("at its end the draft is %q", got)
		}
		if got := load("telegram:5513"); got != "other" {
			t.Errorf("the other draft is %q", got)
		}
		b.Add(4 * time.Hour)
		check(t, b.Sweep(t.Context()))
		if got := load("telegram:5513"); got != "" {
			t.Errorf("after a day the other draft is %q", got)
		}
		check(t, b.SaveDraft(t.Context(), person, []byte("late"), b.Now()))
		if got := load(person); got != "" {
			t.Errorf("a draft that was over when it was saved is %q", got)
		}
		check(t, b.SaveDraft(t.Context(), person, []byte("new"), b.Now().Add(time.Hour)))
		check(t, b.EraseDraft(t.Context(), person))
		check(t, b.EraseDraft(t.Context(), person))
		if got := load(person); got != "" {
			t.Errorf("an erased draft is %q", got)
		}
		if err := b.SaveDraft(t.Context(), person, make([]byte, 513<<10), b.Now().Add(time.Hour)); !errors.Is(err, store.ErrTooBig) {
			t.Errorf("a draft without measure: %v", err)
		}
	})
}

func TestABackupHoldsNoDraft(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *bench) {
		check(t, b.Save(t.Context(), person, bot.Session{Checks: 1}))
		check(t, b.SaveDraft(t.Context(), person, []byte("draft"), b.Now().Add(time.Hour)))
		var backup bytes.Buffer
		check(t, b.Backup(t.Context(), &backup))
		other := newBench(t, "memory")
		other.open(t)
		check(t, other.Restore(t.Context(), &backup))
		if got := must[bot.Session](t)(other.Load(t.Context(), person)); got.Checks != 1 {
			t.Errorf("the session is not in it: %+v", got)
		}
		if got := must[[]byte](t)(other.LoadDraft(t.Context(), person)); got != nil {
			t.Errorf("the draft is in it: %s", got)
		}
	})
}

func TestLimitsAreShared(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *bench) {
		var allowed atomic.Int32
		var wg sync.WaitGroup
		for _, s := range []*store.Store{b.Store, b.Twin(), b.Twin(), b.Twin()} {
			wg.Go(func() {
				for range 10 {
					if wait, err := s.Allow(t.Context(), "person", 5, time.Minute); err != nil {
						t.Error(err)
					} else if wait == 0 {
						allowed.Add(1)
					}
				}
			})
		}
		wg.Wait()
		if n := allowed.Load(); n != 5 {
			t.Fatalf("%d were allowed instead of 5", n)
		}
	})
}

func TestLimitsFillUpEvenly(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *bench) {
		allow := func() time.Duration {
			return must[time.Duration](t)(b.Allow(t.Context(), "person", 3, time.Minute))
		}
		for range 3 {
			if wait := allow(); wait != 0 {
				t.Fatalf("wait %v at once", wait)
			}
		}
		if wait := allow(); wait != 20*time.Second {
			t.Fatalf("wait = %v", wait)
		}
		if wait := must[time.Duration](t)(b.Allow(t.Context(), "another", 3, time.Minute)); wait != 0 {
			t.Fatalf("names share a limit: wait %v", wait)
		}
		b.Add(20*time.Second - time.Millisecond)
		if wait := allow(); wait != time.Millisecond {
			t.Fatalf("wait = %v", wait)
		}
		b.Add(time.Millisecond)
		if wait := allow(); wait != 0 {
			t.Fatalf("wait = %v", wait)
		}
		if _, err := b.Allow(t.Context(), "person", 0, time.Minute); !errors.Is(err, store.ErrConfig) {
			t.Fatalf("a rate of nothing: %v", err)
		}
	})
}

func TestLimitsOutliveTheProcess(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *bench) {
		must[time.Duration](t)(b.Allow(t.Context(), "person", 1, time.Hour))
		b.restart(t)
		if wait := must[time.Duration](t)(b.Allow(t.Context(), "person", 1, time.Hour)); wait != time.Hour {
			t.Fatalf("wait = %v", wait)
		}
	})
}

func TestCounts(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *bench) {
		first := b.Now()
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				for range 5 {
					if err := b.Count(t.Context(), "verdict.scam:ru", 2); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		b.Add(24 * time.Hour)
		check(t, b.Count(t.Context(), "verdict.scam:ru", 1))
		check(t, b.Count(t.Context(), "forgotten", 1))
		for _, want := range []struct {
			at     time.Time
			counts map[string]int64
		}{
			{first, map[string]int64{"verdict.scam:ru": 80}},
			{b.Now(), map[string]int64{"verdict.scam:ru": 1, "forgotten": 1}},
			{first.Add(-24 * time.Hour), map[string]int64{}},
		} {
			if got := must[map[string]int64](t)(b.Counts(t.Context(), want.at)); !maps.Equal(got, want.counts) {
				t.Errorf("counts of %v: %v, want %v", want.at, got, want.counts)
			}
		}
		for _, name := range []string{"", "Имя", "telegram 5512", "+77000000001", string(make([]byte, 65))} {
			if err := b.Count(t.Context(), name, 1); !errors.Is(err, store.ErrConfig) {
				t.Errorf("%q became a count: %v", name, err)
			}
		}
		if b.engine == "redis" {
			return // Redis deletes by itself, by its own clock
		}
		b.Add(400 * 24 * time.Hour)
		check(t, b.Sweep(t.Context()))
		if got := must[map[string]int64](t)(b.Counts(t.Context(), first)); len(got) != 0 {
			t.Errorf("counts of 401 days ago: %v", got)
		}
	})
}

func TestOneProcessLeads(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *bench) {
		other := b.Twin()
		lead := func(s *store.Store) bool {
			return must[bool](t)(s.Lead(t.Context(), "polling", time.Minute))
		}
		if !lead(b.Store) || lead(other) || !lead(b.Store) {
			t.Fatal("the first does not lead alone")
		}
		if !must[bool](t)(other.Lead(t.Context(), "digest", time.Minute)) {
			t.Fatal("one leadership blocks another")
		}
		check(t, other.Resign(t.Context(), "polling")) // it does not lead
		if lead(other) {
			t.Fatal("who does not lead cannot give the lead away")
		}
		b.Add(time.Minute)
		if !lead(other) || lead(b.Store) {
			t.Fatal("the lead of a dead process does not pass on")
		}
		check(t, other.Resign(t.Context(), "polling"))
		if !lead(b.Store) {
			t.Fatal("who resigned still leads")
		}
	})
}

func TestGoneChats(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *bench) {
		check(t, b.Gone(t.Context(), person))
		b.Add(time.Hour)
		if !must[bool](t)(b.IsGone(t.Context(), person)) || must[bool](t)(b.IsGone(t.Context(), "telegram:1")) {
			t.Fatal("the wrong chat is gone")
		}
		check(t, b.Back(t.Context(), person))
		if must[bool](t)(b.IsGone(t.Context(), person)) {
			t.Fatal("a chat that is back is gone")
		}
	})
}

func TestMovedChatsAreFollowed(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *bench) {
		const group, super, last = "telegram:-77", "telegram:-10077", "telegram:-10078"
		session := bot.Session{Lang: "kk", Checks: 2}
		check(t, b.Save(t.Context(), group, session))
		check(t, b.RememberVerdict(t.Context(), group, "a message", detector.Scam, "x"))
		check(t, b.Schedule(t.Context(), item("r", group, b.Now().Add(time.Hour))))
		b.put(t, update(group, 1))
		for range 2 { // a repetition changes nothing
			check(t, b.Moved(t.Context(), group, super))
		}
		check(t, b.Moved(t.Context(), super, last))
		check(t, b.Moved(t.Context(), last, last))
		for _, chat := range []string{group, super, last} {
			if got := must[string](t)(b.Follow(t.Context(), chat)); got != last {
				t.Errorf("%s leads to %s", chat, got)
			}
		}
		if got := must[bot.Session](t)(b.Load(t.Context(), last)); got != session {
			t.Errorf("session: %+v", got)
		}
		if got := must[bot.Session](t)(b.Load(t.Context(), group)); got != (bot.Session{}) {
			t.Errorf("the old name still has %+v", got)
		}
		if got := must[[]bot.PastVerdict](t)(b.Verdicts(t.Context(), last)); len(got) != 1 {
			t.Errorf("verdicts: %+v", got)
		}
		if got := b.ids(t, b.claimed(t, group)); !slices.Equal(got, []string{update(group, 1).ID}) {
			t.Errorf("what waited: %v", got)
		}
		b.Add(time.Hour)
		if got := b.due(t); len(got) != 1 || got[0].Person != last {
			t.Errorf("due: %+v", got)
		}
		check(t, b.Erase(t.Context(), last))
		if got := must[string](t)(b.Follow(t.Context(), super)); got != super {
			t.Errorf("a forgotten chat is followed to %s", got)
		}
	})
}

func TestClockSteps(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *bench) {
		allow := func() time.Duration {
			return must[time.Duration](t)(b.Allow(t.Context(), "person", 2, time.Minute))
		}
		b.put(t, update("a", 1))
		check(t, b.Save(t.Context(), person, bot.Session{Checks: 1}))
		allow()
		allow()
		claim := b.claimed(t, "a")
		b.Add(-3 * time.Hour)
		b.put(t, update("a", 2))
		if again := b.claimed(t, "a"); again.Fence < claim.Fence {
			t.Errorf("fence %d after %d", again.Fence, claim.Fence)
		} else if got := b.ids(t, again); !slices.Equal(got, []string{"telegram:a-1", "telegram:a-2"}) {
			t.Errorf("order after the clock was set back: %v", got)
		}
		if got := b.put(t, update("a", 1)); got[0] {
			t.Error("what was seen comes again after the clock was set back")
		}
		if wait := allow(); wait > time.Minute {
			t.Errorf("wait = %v after the clock was set back", wait)
		}
		check(t, b.Sweep(t.Context()))
		if got := must[bot.Session](t)(b.Load(t.Context(), person)); got.Checks != 1 {
			t.Error("the session is gone after the clock was set back")
		}
		b.Add(10 * time.Hour)
		check(t, b.Sweep(t.Context()))
		later := b.claimed(t, "a")
		if later.Fence <= claim.Fence {
			t.Errorf("fence %d after %d", later.Fence, claim.Fence)
		}
		if got := b.ids(t, later); len(got) != 0 {
			t.Errorf("waits after the clock was set forward: %v", got)
		}
		if wait := allow(); wait != 0 {
			t.Errorf("wait = %v after the clock was set forward", wait)
		}
	})
}
