package dispatch_test

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"github.com/aldanba/aldanba/bot"
	"github.com/aldanba/aldanba/bot/dispatch"
)

// move is something that happens to the processes of the model.
type move struct {
	what string // "say", "pass", "kill", "drain", "start", "fail"
	who  int    // process
	chat string
	word string        // kind of the update, or operation that fails
	d    time.Duration // that passes, or that the operation fails
}

func moves() *rapid.Generator[move] {
	return rapid.Custom(func(t *rapid.T) move {
		m := move{
			what: rapid.SampledFrom([]string{"say", "say", "say", "say", "say", "say", "pass", "pass", "kill", "drain", "start", "fail"}).Draw(t, "what"),
			who:  rapid.IntRange(0, 1).Draw(t, "who"),
		}
		switch m.what {
		case "say":
			m.chat = rapid.SampledFrom([]string{"anna", "bota", "dana"}).Draw(t, "chat")
			m.word = rapid.SampledFrom([]string{"text", "text", "press", "edit", "picture"}).Draw(t, "kind")
		case "pass":
			m.d = time.Duration(rapid.IntRange(1, 3000).Draw(t, "ms")) * time.Millisecond
		case "fail":
			m.word = rapid.SampledFrom([]string{"claim", "pending", "release", "waiting"}).Draw(t, "operation")
			m.d = time.Duration(rapid.IntRange(1, 5000).Draw(t, "ms")) * time.Millisecond
		}
		return m
	})
}

// judge watches over what the processes do together.
type judge struct {
	mu       sync.Mutex
	faults   []string
	steps    map[string]dispatch.Step // as recorded, by update
	done     map[string]bool
	said     map[string]*witness // who said a reply last
	failed   map[string]int      // by reply
	accepted map[string][]string // updates by chat, in order
	order    map[string][]string // updates by chat, in the order of their first reply
	replies  map[string][]string // to be sent, by update
	delays   []time.Duration
	failures []bool
	calls    int
}

func (j *judge) fault(format string, args ...any) {
	j.faults = append(j.faults, fmt.Sprintf(format, args...))
}

// witness is a process whose records and replies the judge sees.
type witness struct {
	*process
	*messenger
	j *judge
}

func (w *witness) Advance(ctx context.Context, claim dispatch.Claim, ids []string, step dispatch.Step) error {
	err := w.process.Advance(ctx, claim, ids, step)
	w.j.mu.Lock()
	defer w.j.mu.Unlock()
	for _, id := range ids {
		if err == nil {
			w.j.steps[id] = step
		}
	}
	return err
}

func (w *witness) Done(ctx context.Context, claim dispatch.Claim, ids []string) error {
	err := w.process.Done(ctx, claim, ids)
	w.noteDone(ids, err)
	return err
}

func (w *witness) Release(ctx context.Context, claim dispatch.Claim, ids []string, seen int) (bool, error) {
	more, err := w.process.Release(ctx, claim, ids, seen)
	w.noteDone(ids, err)
	return more, err
}

func (w *witness) noteDone(ids []string, err error) {
	w.j.mu.Lock()
	defer w.j.mu.Unlock()
	for _, id := range ids {
		w.j.done[id] = w.j.done[id] || err == nil
	}
}

func (w *witness) Send(ctx context.Context, chat string, r bot.Reply) (string, error) {
	return "#", w.say(ctx, chat, r)
}

func (w *witness) Replace(ctx context.Context, chat, _ string, r bot.Reply) error {
	return w.say(ctx, chat, r)
}

// say takes a while before and after the reply arrives.
func (w *witness) say(ctx context.Context, chat string, r bot.Reply) error {
	w.j.mu.Lock()
	w.j.calls++
	delay := w.j.delays[w.j.calls%len(w.j.delays)]
	// Fewer failures in a row than let others overtake.
	fails := w.j.failures[w.j.calls%len(w.j.failures)] && w.j.failed[r.Text] < 2
	if fails {
		w.j.failed[r.Text]++
	}
	w.j.mu.Unlock()
	pause(ctx, delay)
	if w.killed() {
		return errKilled
	}
	if !fails {
		w.arrived(chat, r.Text)
	}
	pause(ctx, delay)
	switch {
	case w.killed():
		return errKilled
	case fails:
		return errNetwork
	}
	return nil
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}

func (w *witness) killed() bool {
	w.state.Lock()
	defer w.state.Unlock()
	return w.process.killed
}

// arrived judges a reply that a person sees.
func (w *witness) arrived(chat, text string) {
	j := w.j
	j.mu.Lock()
	defer j.mu.Unlock()
	if before := j.said[text]; before != nil && !before.killed() {
		j.fault("%q was said twice, and who said it first lives", text)
	}
	j.said[text] = w
	phase, rest, _ := strings.Cut(text, " ")
	var index int
	ids, nth, _ := strings.Cut(rest, " ")
	fmt.Sscan(nth, &index)
	for id := range strings.SplitSeq(ids, "+") {
		sent := j.steps[id].Sent
		if phase == "final" {
			sent = j.steps[id].Final
		}
		if j.done[id] || sent > index {
			j.fault("%q was recorded as sent and is sent again", text)
		}
		if !slices.Contains(j.order[chat], id) {
			j.order[chat] = append(j.order[chat], id)
		}
		reply := fmt.Sprint(phase, " ", index)
		if !slices.Contains(j.replies[id], reply) {
			j.replies[id] = append(j.replies[id], reply)
		}
	}
}

// modelTalker gives two replies, each with the updates that it is about.
func modelTalker(_ context.Context, e bot.Event) (bot.Answer, error) {
	ids := []string{e.Choice}
	if e.Choice == "" {
		ids = nil
	}
	files := 0
	for _, m := range e.Messages {
		files += len(m.Files)
		if !slices.Contains(ids, m.ID) {
			ids = append(ids, m.ID)
		}
	}
	phase := "first"
	if e.Earlier != nil {
		phase = "final"
	}
	about := strings.Join(ids, "+")
	return bot.Answer{Reading: files > 0, Replies: []bot.Reply{
		{Text: fmt.Sprint(phase, " ", about, " 0"), Replace: phase == "final"}, {Text: fmt.Sprint(phase, " ", about, " 1")},
	}}, nil
}

// TestNothingIsLostAndNothingIsSaidTwice lets two processes on one inbox take
// updates, be killed, end in good order and start again at random.
func TestNothingIsLostAndNothingIsSaidTwice(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		script := rapid.SliceOfN(moves(), 5, 40).Draw(rt, "moves")
		j := &judge{
			steps: map[string]dispatch.Step{}, done: map[string]bool{}, said: map[string]*witness{}, failed: map[string]int{},
			accepted: map[string][]string{}, order: map[string][]string{}, replies: map[string][]string{},
			failures: rapid.SliceOfN(rapid.Bool(), 1, 7).Draw(rt, "failures"),
		}
		if !slices.Contains(j.failures, false) {
			j.failures = []bool{false}
		}
		for _, ms := range rapid.SliceOfN(rapid.IntRange(0, 900), 1, 5).Draw(rt, "delays") {
			j.delays = append(j.delays, time.Duration(ms)*time.Millisecond)
		}
		synctest.Test(t, func(t *testing.T) { play(t, script, j) })
		for _, fault := range j.faults {
			rt.Error(fault)
		}
	})
}

// play is one run of the model.
func play(t *testing.T, script []move, j *judge) {
	stage := &stage{t: t, judge: j, inbox: newInbox()}
	stage.start(0)
	for _, m := range script {
		stage.do(m)
	}
	stage.start(0)
	time.Sleep(10 * time.Minute)
	synctest.Wait()
	stage.verdict()
	for i := range stage.processes {
		stage.drain(i)
	}
}

type actor struct {
	*bench
	witness *witness
}

type stage struct {
	t         *testing.T
	judge     *judge
	inbox     *inbox
	processes [2]*actor
	born      int
	updates   int
}

func (s *stage) start(i int) {
	if s.processes[i] != nil {
		return
	}
	s.born++
	b := newBenchOn(s.t, s.inbox, fmt.Sprint("process", s.born), &messenger{began: time.Now(), typed: map[string]int{}})
	w := &witness{process: b.inbox, messenger: b.messenger, j: s.judge}
	b.talker.handle = modelTalker
	b.cfg.Inbox, b.cfg.Messenger, b.cfg.PersonRate = w, w, -1
	b.run()
	s.processes[i] = &actor{b, w}
}

func (s *stage) drain(i int) {
	if s.processes[i] != nil {
		s.processes[i].end()
		s.processes[i] = nil
	}
}

func (s *stage) do(m move) {
	p := cmp.Or(s.processes[m.who], s.processes[1-m.who])
	switch m.what {
	case "pass":
		time.Sleep(m.d)
		synctest.Wait()
	case "start":
		s.start(m.who)
	case "drain":
		s.drain(m.who)
	case "kill":
		if s.processes[m.who] == nil {
			return
		}
		synctest.Wait()
		s.processes[m.who].crash()
		s.processes[m.who] = nil
	case "say":
		if p == nil {
			return
		}
		s.updates++
		id := fmt.Sprint("u", s.updates)
		payload := m.word + " " + id
		u := dispatch.Update{ID: id, Chat: m.chat, At: time.Now(), Payload: []byte(payload)}
		if err := p.Accept(s.t.Context(), []dispatch.Update{u}); err != nil {
			s.judge.fault("Accept: %v", err)
		}
		s.judge.accepted[m.chat] = append(s.judge.accepted[m.chat], id)
	case "fail":
		if p != nil {
			p.inbox.fail(m.word, fmt.Errorf("%s fails", m.word))
			time.AfterFunc(m.d, func() { p.inbox.fail(m.word, nil) })
		}
	}
}

// verdict is what must hold when all is at rest.
func (s *stage) verdict() {
	j := s.judge
	j.mu.Lock()
	defer j.mu.Unlock()
	for chat, ids := range j.accepted {
		if !slices.Equal(j.order[chat], ids) {
			j.fault("%s: answered in the order %v, want %v", chat, j.order[chat], ids)
		}
		for _, id := range ids {
			for _, reply := range []string{"first 0", "first 1"} {
				if !slices.Contains(j.replies[id], reply) {
					j.fault("%s lacks the reply %q", id, reply)
				}
			}
			if !j.done[id] {
				j.fault("%s is not done", id)
			}
		}
	}
	if n := s.inbox.left(); n != 0 {
		j.fault("%d records are left", n)
	}
}
