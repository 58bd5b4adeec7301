package bot_test

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aldanba/aldanba/bot"
)

// promises keeps reminders of one person by id.
type promises struct {
	kept map[string]bot.Reminder
	err  error
}

func (p *promises) Schedule(_ context.Context, _ string, r bot.Reminder) error {
	if p.kept == nil {
		p.kept = map[string]bot.Reminder{}
	}
	if p.err == nil {
		p.kept[r.ID] = r
	}
	return p.err
}

func (p *promises) Cancel(_ context.Context, _, id string) error {
	if p.err == nil {
		delete(p.kept, id)
	}
	return p.err
}

// reminded makes a bot with reminders, on a clock that stands still.
func reminded(t *testing.T, p *promises) (*bot.Bot, *bot.MemorySessions, time.Time) {
	t.Helper()
	sessions, now := bot.NewMemorySessions(), time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	config := parts(t, sessions)
	config.AskConsent, config.Reminders, config.Clock = true, p, func() time.Time { return now }
	if err := sessions.Save(t.Context(), "p", bot.Session{Lang: "ru"}); err != nil {
		t.Fatal(err)
	}
	return bot.New(config), sessions, now
}

func TestRemindersAreScheduledWithConsentOnly(t *testing.T) {
	p := &promises{}
	b, sessions, now := reminded(t, p)
	end := press(t, b, "p", "aid:card:m:stop_credit:10:done")
	if len(p.kept) != 0 || !strings.HasPrefix(ids(end), "remind:card:m:yes remind:no") {
		t.Fatalf("before the answer %v, offered %s", p.kept, ids(end))
	}
	press(t, b, "p", "remind:no")
	if s, _ := sessions.Load(t.Context(), "p"); len(p.kept) != 0 || s != (bot.Session{Lang: "ru"}) {
		t.Fatalf("after a no: %v, %+v", p.kept, s)
	}
	for range 2 { // twice the same, not twice as many
		press(t, b, "p", "remind:card:m:yes")
	}
	want := map[string]time.Duration{"hour": time.Hour, "day": 24 * time.Hour, "week": 7 * 24 * time.Hour, "month": 30 * 24 * time.Hour}
	if got := slices.Sorted(maps.Keys(p.kept)); len(got) != len(want) {
		t.Fatalf("scheduled: %v", got)
	}
	for id, after := range want {
		r := p.kept[id]
		if urgent := id == "hour"; !r.Due.Equal(now.Add(after)) || r.Night != urgent || r.Merge == urgent || r.Grace <= 0 || len(r.Say) > 100 {
			t.Errorf("%s: %+v", id, r)
		}
	}
	if s, _ := sessions.Load(t.Context(), "p"); s.Consent != bot.Agreed || s.Reminders != bot.Agreed || !s.Lost.Equal(now) {
		t.Errorf("after a yes: %+v", s)
	}
}

func TestAReminderSaysWhatIsToBeDoneAndHowToStop(t *testing.T) {
	p := &promises{}
	b, sessions, _ := reminded(t, p)
	for _, tree := range b.Trees.All() {
		if len(tree.Remind) == 0 {
			continue
		}
		for _, lang := range []string{"ru", "kk"} {
			if err := sessions.Save(t.Context(), "p", bot.Session{Lang: lang}); err != nil {
				t.Fatal(err)
			}
			press(t, b, "p", "remind:"+tree.ID+":r:yes")
			for id, r := range p.kept {
				reply, ok, err := b.Remind(t.Context(), "p", r.Say)
				if err != nil || !ok || strings.ContainsAny(reply.Text, "⟦{}") || len([]rune(reply.Text)) > 200 {
					t.Errorf("%s/%s/%s: %v %v %q", lang, tree.ID, id, ok, err, reply.Text)
				}
				if !strings.HasPrefix(ids(reply), "aid:"+tree.ID+":r remind:stop check") {
					t.Errorf("%s/%s/%s offers %s", lang, tree.ID, id, ids(reply))
				}
			}
		}
	}
}

func TestOneTapStopsAllReminders(t *testing.T) {
	p := &promises{}
	b, _, _ := reminded(t, p)
	press(t, b, "p", "remind:money:m:yes")
	say := p.kept["day"].Say
	press(t, b, "p", "remind:stop")
	if len(p.kept) != 0 {
		t.Errorf("still scheduled: %v", p.kept)
	}
	if _, ok, err := b.Remind(t.Context(), "p", say); ok || err != nil {
		t.Errorf("one that slipped through is said: %v %v", ok, err)
	}
}

func TestNobodyIsRemindedWhoIsForgotten(t *testing.T) {
	p := &promises{}
	b, _, _ := reminded(t, p)
	press(t, b, "p", "remind:money:m:yes")
	press(t, b, "p", bot.ChoiceForget)
	if _, ok, err := b.Remind(t.Context(), "p", p.kept["hour"].Say); ok || err != nil {
		t.Errorf("said: %v %v", ok, err)
	}
}

func TestAReminderThatCannotBeKeptIsNotPromised(t *testing.T) {
	p := &promises{err: errors.New("the store is away")}
	b, sessions, _ := reminded(t, p)
	answer, err := b.Handle(t.Context(), bot.Event{Person: "p", Choice: "remind:money:m:yes"})
	if err == nil || strings.Contains(answer.Replies[0].Text, "напомним") {
		t.Errorf("%v: %s", err, answer.Replies[0].Text)
	}
	if s, _ := sessions.Load(t.Context(), "p"); s.Reminders != bot.NotAsked || s.Consent != bot.NotAsked {
		t.Errorf("%+v", s)
	}
}

func TestRemindersOfAnotherVersionAreNotSaid(t *testing.T) {
	p := &promises{}
	b, _, _ := reminded(t, p)
	press(t, b, "p", "remind:money:m:yes")
	for _, say := range []string{"", "9:money:m", "-1:money:m", "0:flood:m", "0:call:m", "x:money:m", "0"} {
		if _, ok, err := b.Remind(t.Context(), "p", say); ok || err != nil {
			t.Errorf("%q is said: %v", say, err)
		}
	}
	broken := parts(t, brokenSessions{})
	if _, ok, err := bot.New(broken).Remind(t.Context(), "p", "0:money:m"); ok || !errors.Is(err, errAway) {
		t.Errorf("without memory: %v %v", ok, err)
	}
}

func TestWithoutADueListNoReminderIsOffered(t *testing.T) {
	b := bot.New(parts(t, bot.NewMemorySessions()))
	if end := press(t, b, "p", "aid:card:m:stop_credit:10:done"); strings.Contains(ids(end), "remind:") || strings.Contains(end.Text, "Напомнить") {
		t.Errorf("offered: %s\n%s", ids(end), end.Text)
	}
}
