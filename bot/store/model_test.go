package store_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/aldanba/aldanba/bot"
	"github.com/aldanba/aldanba/bot/dispatch"
	"github.com/aldanba/aldanba/bot/duelist"
	"github.com/aldanba/aldanba/bot/store"
)

// model is what a store should remember, in plain maps.
type model struct {
	b         *bench
	processes []*store.Store
	now       time.Time

	sessions map[string]modelSession
	queues   map[string][]modelRecord
	seen     map[string]time.Time // until
	claims   map[string]modelClaim
	fences   map[string]uint64 // highest of each chat
	items    map[string]*modelItem
	leases   []modelLease
}

type modelSession struct {
	bot.Session
	until time.Time
}

type modelRecord struct {
	id    string
	step  dispatch.Step
	until time.Time
}

type modelClaim struct {
	dispatch.Claim
	process int
	until   time.Time
}

type modelItem struct {
	person     string
	due, order time.Time
	lease      *modelLease // the last one
	tries      int         // of the next lease
}

type modelLease struct {
	duelist.Lease
	of *modelItem
}

var (
	modelChats = []string{"a", "b", "c"}
	modelItems = []string{"i", "j", "k", "l"}
)

func chatOf(t *rapid.T) string { return rapid.SampledFrom(modelChats).Draw(t, "chat") }

func (m *model) tick(d time.Duration) {
	m.b.Add(d)
	m.now = m.b.Now()
}

// live drops what has expired from a chat's queue.
func (m *model) live(chat string) []modelRecord {
	m.queues[chat] = slices.DeleteFunc(m.queues[chat], func(r modelRecord) bool { return !m.now.Before(r.until) })
	return m.queues[chat]
}

// claim draws a claim, most often the one that holds. ok says whether it does.
func (m *model) claim(t *rapid.T) (c dispatch.Claim, ok bool) {
	chat := chatOf(t)
	held := m.claims[chat]
	c = dispatch.Claim{Chat: chat, Fence: held.Fence}
	if rapid.IntRange(0, 9).Draw(t, "stale") == 0 {
		c.Fence--
	}
	return c, held.Fence != 0 && c.Fence == held.Fence && m.now.Before(held.until)
}

func lost(t *rapid.T, what string, ok bool, err error) bool {
	if ok && err != nil || !ok && !errors.Is(err, dispatch.ErrLost) {
		t.Fatalf("%s = %v, the claim holds: %v", what, err, ok)
	}
	return !ok
}

func (m *model) process(t *rapid.T) (int, *store.Store) {
	i := rapid.IntRange(0, len(m.processes)-1).Draw(t, "process")
	return i, m.processes[i]
}

func (m *model) actions() map[string]func(*rapid.T) {
	return map[string]func(*rapid.T){
		"": m.compare,
		"tick": func(t *rapid.T) {
			m.tick(rapid.SampledFrom([]time.Duration{time.Millisecond, 20 * time.Second, 50 * time.Minute, 26 * time.Hour, 399 * 24 * time.Hour}).Draw(t, "time"))
		},
		"sweep": func(t *rapid.T) { fatal(t, m.b.Sweep(t.Context())) },
		"save":  m.save, "put": m.put, "take": m.take, "advance": m.advance, "done": m.done,
		"release": m.release, "erase": m.erase, "schedule": m.schedule, "lease": m.lease, "end": m.endLease,
		"restart": func(t *rapid.T) {
			if m.b.engine == "embedded" {
				fatal(t, m.b.Close())
				var err error
				m.b.Store, err = store.OpenIdle(t.Context(), m.b.cfg)
				fatal(t, err)
				m.processes = []*store.Store{m.b.Store, m.b.Twin()}
				clear(m.claims) // claims do not outlive the one process
			}
		},
	}
}

func fatal(t *rapid.T, err error) {
	if err != nil {
		t.Fatal(err)
	}
}

func (m *model) save(t *rapid.T) {
	person := chatOf(t)
	s := bot.Session{Checks: rapid.IntRange(1, 99).Draw(t, "checks")}
	fatal(t, m.b.Save(t.Context(), person, s))
	m.sessions[person] = modelSession{s, m.now.Add(400 * 24 * time.Hour)}
}

func (m *model) put(t *rapid.T) {
	_, s := m.process(t)
	var updates []dispatch.Update
	var want []bool
	for range rapid.IntRange(1, 4).Draw(t, "updates") {
		u := update(chatOf(t), rapid.IntRange(0, 11).Draw(t, "n"))
		updates = append(updates, u)
		fresh := !m.now.Before(m.seen[u.ID])
		want = append(want, fresh)
		if fresh {
			m.seen[u.ID] = m.now.Add(48 * time.Hour)
			m.queues[u.Chat] = append(m.live(u.Chat), modelRecord{id: u.ID, until: m.now.Add(2 * time.Hour)})
		}
	}
	if got, err := s.Put(t.Context(), updates); err != nil || !slices.Equal(got, want) {
		t.Fatalf("Put = %v, %v; want %v", got, err, want)
	}
}

func (m *model) take(t *rapid.T) {
	i, s := m.process(t)
	chat := chatOf(t)
	held := m.claims[chat]
	most := rapid.IntRange(0, 4).Draw(t, "most")
	c, got, err := s.Claim(t.Context(), chat, time.Minute, most)
	live := held.Fence != 0 && m.now.Before(held.until)
	switch {
	case live && held.process != i:
		if !errors.Is(err, dispatch.ErrTaken) {
			t.Fatalf("Claim = %v, another process holds the chat", err)
		}
		return
	case err != nil:
		t.Fatal(err)
	case live && c.Fence != held.Fence:
		t.Fatalf("fence %d of a renewed claim, was %d", c.Fence, held.Fence)
	case !live && c.Fence <= m.fences[chat]:
		t.Fatalf("fence %d after %d", c.Fence, m.fences[chat])
	}
	m.fences[chat] = c.Fence
	m.claims[chat] = modelClaim{c, i, m.now.Add(time.Minute)}
	want := m.live(chat)
	sameRecords(t, chat, got, want[:min(most, len(want))])
}

// sameRecords compares records of a chat, in order.
func sameRecords(t *rapid.T, chat string, got []dispatch.Record, want []modelRecord) {
	var have, expect []string
	for _, r := range got {
		have = append(have, fmt.Sprint(r.ID, r.Step.Case, r.Step.Sent))
	}
	for _, r := range want {
		expect = append(expect, fmt.Sprint(r.id, r.step.Case, r.step.Sent))
	}
	if !slices.Equal(have, expect) {
		t.Fatalf("pending in %s: %v, want %v", chat, have, expect)
	}
}

func (m *model) advance(t *rapid.T) {
	_, s := m.process(t)
	c, ok := m.claim(t)
	id := update(c.Chat, rapid.IntRange(0, 11).Draw(t, "n")).ID
	step := dispatch.Step{Case: id, Sent: rapid.IntRange(0, 9).Draw(t, "sent")}
	if lost(t, "Advance", ok, s.Advance(t.Context(), c, []string{id}, step)) {
		return
	}
	for i, r := range m.live(c.Chat) {
		if r.id == id {
			m.queues[c.Chat][i].step = step
		}
	}
}

func (m *model) done(t *rapid.T) {
	_, s := m.process(t)
	c, ok := m.claim(t)
	id := update(c.Chat, rapid.IntRange(0, 11).Draw(t, "n")).ID
	if lost(t, "Done", ok, s.Done(t.Context(), c, []string{id})) {
		return
	}
	m.queues[c.Chat] = slices.DeleteFunc(m.queues[c.Chat], func(r modelRecord) bool { return r.id == id })
}

func (m *model) release(t *rapid.T) {
	_, s := m.process(t)
	c, ok := m.claim(t)
	seen := rapid.IntRange(0, 4).Draw(t, "seen")
	var ids []string
	for _, n := range rapid.SliceOfN(rapid.IntRange(0, 11), 0, 3).Draw(t, "done") {
		ids = append(ids, update(c.Chat, n).ID)
	}
	more, err := s.Release(t.Context(), c, ids, seen)
	if lost(t, "Release", ok, err) {
		return
	}
	m.queues[c.Chat] = slices.DeleteFunc(m.queues[c.Chat], func(r modelRecord) bool { return slices.Contains(ids, r.id) })
	if want := len(m.live(c.Chat)) > seen; more != want {
		t.Fatalf("Release = %v, want %v", more, want)
	}
	if !more {
		delete(m.claims, c.Chat)
	}
}

func (m *model) erase(t *rapid.T) {
	person := chatOf(t)
	fatal(t, m.b.Erase(t.Context(), person))
	delete(m.sessions, person)
	delete(m.queues, person)
	maps.DeleteFunc(m.items, func(_ string, i *modelItem) bool { return i.person == person })
}

func (m *model) schedule(t *rapid.T) {
	id := rapid.SampledFrom(modelItems).Draw(t, "item")
	if rapid.Bool().Draw(t, "cancel") {
		fatal(t, m.b.Cancel(t.Context(), id))
		delete(m.items, id)
		return
	}
	due := m.now.Add(time.Duration(rapid.IntRange(-100, 100).Draw(t, "due")) * time.Second)
	person := chatOf(t)
	fatal(t, m.b.Schedule(t.Context(), item(id, person, due)))
	m.items[id] = &modelItem{person: person, due: due, order: due}
}

func (m *model) lease(t *rapid.T) {
	_, s := m.process(t)
	got, err := s.Due(t.Context(), m.now, 10, time.Minute)
	fatal(t, err)
	due := 0
	for _, i := range m.items {
		if !i.order.After(m.now) {
			due++
		}
	}
	if len(got) != due {
		t.Fatalf("%d items are due instead of %d", len(got), due)
	}
	for n, l := range got {
		i := m.items[l.ID]
		if i == nil || i.order.After(m.now) || !l.Due.Equal(i.due) || l.Tries != i.tries || l.Person != i.person {
			t.Fatalf("lease %+v of %+v", l, i)
		}
		if n > 0 && l.Due.Before(got[n-1].Due) {
			t.Fatalf("%v after %v", l.Due, got[n-1].Due)
		}
		i.tries++
		i.order = m.now.Add(time.Minute)
		i.lease = &modelLease{l, i}
		m.leases = append(m.leases, *i.lease)
	}
}

// endLease ends one of all leases that ever were.
func (m *model) endLease(t *rapid.T) {
	if len(m.leases) == 0 {
		return
	}
	l := rapid.SampledFrom(m.leases).Draw(t, "lease")
	i := m.items[l.ID]
	holds := i != nil && i == l.of && i.lease != nil && i.lease.Fence == l.Fence
	if rapid.Bool().Draw(t, "finish") {
		fatal(t, m.b.Finish(t.Context(), l.Lease))
		if holds {
			delete(m.items, l.ID)
		}
		return
	}
	due := m.now.Add(time.Duration(rapid.IntRange(0, 100).Draw(t, "due")) * time.Second)
	fatal(t, m.b.Postpone(t.Context(), l.Lease, due))
	if holds {
		i.due, i.order, i.lease = due, due, nil
	}
}

// compare looks at all that can be looked at without changing it.
func (m *model) compare(t *rapid.T) {
	for _, chat := range modelChats {
		want := bot.Session{}
		if s := m.sessions[chat]; m.now.Before(s.until) {
			want = s.Session
		}
		if got, err := m.b.Load(t.Context(), chat); err != nil || got != want {
			t.Fatalf("Load = %+v, %v; want %+v", got, err, want)
		}
		held := m.claims[chat]
		if held.Fence == 0 || !m.now.Before(held.until) {
			continue
		}
		got, err := m.b.Pending(t.Context(), held.Claim, 100)
		fatal(t, err)
		sameRecords(t, chat, got, m.live(chat))
	}
	got, _, err := m.b.Waiting(t.Context(), "", 10)
	fatal(t, err)
	slices.Sort(got)
	var want []string
	for _, chat := range modelChats {
		if len(m.live(chat)) > 0 {
			want = append(want, chat)
		}
	}
	if !slices.Equal(got, want) {
		t.Fatalf("waits: %v, want %v", got, want)
	}
}

// TestEnginesBehaveLikePlainMaps walks all engines through random histories,
// two processes included.
func TestEnginesBehaveLikePlainMaps(t *testing.T) {
	for _, engine := range []string{"memory", "embedded", "redis"} {
		t.Run(engine, func(t *testing.T) {
			rapid.Check(t, func(r *rapid.T) {
				b := newBench(t, engine)
				var err error
				b.Store, err = store.OpenIdle(r.Context(), b.cfg)
				fatal(r, err)
				defer func() { b.Close() }()
				m := &model{
					b: b, processes: []*store.Store{b.Store, b.Twin()}, now: b.Now(),
					sessions: map[string]modelSession{}, queues: map[string][]modelRecord{}, seen: map[string]time.Time{},
					claims: map[string]modelClaim{}, fences: map[string]uint64{}, items: map[string]*modelItem{},
				}
				r.Repeat(m.actions())
			})
		})
	}
}
