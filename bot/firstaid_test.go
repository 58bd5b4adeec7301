package bot_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/aldanba/aldanba/bot"
	"github.com/aldanba/aldanba/bot/firstaid"
	"github.com/aldanba/aldanba/detector"
	"github.com/aldanba/aldanba/detector/scheme"
	"github.com/aldanba/aldanba/locales"
)

// mute is a detector for tests that send no message: it is made at once.
type mute struct{}

func (mute) Check(string) *detector.Verdict { return &detector.Verdict{Level: detector.NoSigns} }
func (mute) Advice(detector.Level, string, detector.Stage, bool) []string {
	return nil
}

// parts are the words and trees that every test of the first minutes needs.
func parts(t testing.TB, sessions bot.Sessions) bot.Config {
	t.Helper()
	config := bot.Config{Checker: mute{}, Sessions: sessions}
	var err error
	if config.Texts, err = locales.Load(); err != nil {
		t.Fatal(err)
	}
	if config.Contacts, err = locales.LoadContacts(""); err != nil {
		t.Fatal(err)
	}
	if config.Trees, err = firstaid.Load(); err != nil {
		t.Fatal(err)
	}
	return config
}

// press gives the only reply to a button.
func press(t testing.TB, b *bot.Bot, person, id string) bot.Reply {
	t.Helper()
	replies := say(t, b, bot.Event{Person: person, Choice: id})
	if len(replies) != 1 {
		t.Fatalf("%s is answered with %d replies", id, len(replies))
	}
	return replies[0]
}

// TestEveryScreenOfTheFirstMinutesIsWhole looks at every place of every tree,
// in both languages, for oneself and for somebody near.
func TestEveryScreenOfTheFirstMinutesIsWhole(t *testing.T) {
	sessions := bot.NewMemorySessions()
	config := parts(t, sessions)
	config.Reminders = &promises{}
	b := bot.New(config)
	seen := 0
	look := func(lang, id string, wanted ...string) bot.Reply {
		t.Helper()
		seen++
		reply := press(t, b, lang, id)
		switch n := utf8.RuneCountInString(reply.Text); {
		case n > 700:
			t.Errorf("%s/%s: %d letters:\n%s", lang, id, n, reply.Text)
		case strings.ContainsAny(reply.Text, "⟦{}") || strings.Contains(reply.Text, "<no value>") || strings.Contains(reply.Text, "\n\n\n"):
			t.Errorf("%s/%s is not whole:\n%s", lang, id, reply.Text)
		}
		all := ids(reply)
		for _, want := range append(wanted, bot.ChoiceCheck, bot.ChoiceHappened, bot.ChoiceHelp) {
			if !strings.Contains(" "+all+" ", " "+want+" ") {
				t.Errorf("%s/%s leaves no %s: %s", lang, id, want, all)
			}
		}
		for _, c := range reply.Choices {
			if len(c.ID) > 52 || c.Label == "" || strings.Contains(c.Label, "⟦") {
				t.Errorf("%s/%s: the choice %q is called %q", lang, id, c.ID, c.Label)
			}
		}
		return reply
	}
	for _, lang := range locales.Languages() {
		if err := sessions.Save(t.Context(), lang, bot.Session{Lang: lang, LangChosen: true}); err != nil {
			t.Fatal(err)
		}
		for _, tree := range config.Trees.All() {
			for _, relative := range []bool{false, true} {
				entry := firstaid.Place{Tree: tree.ID, Relative: relative}
				other := firstaid.Place{Tree: tree.ID, Relative: !relative}
				reply := look(lang, "aid:"+entry.Key(), "aid:"+other.Key())
				if relative == strings.Contains(reply.Text, config.Texts.Text(lang, "aid.lead_"+tree.ID, config.Contacts.Args())) {
					t.Errorf("%s/%s begins with the wrong words:\n%s", lang, tree.ID, reply.Text)
				}
				for _, way := range tree.Ways {
					p, _, _ := config.Trees.Parse(firstaid.Place{Tree: tree.ID, Way: way.ID, Relative: relative}.Key())
					for p.Step != "" {
						if tree.ThenMenu {
							break
						}
						look(lang, "aid:"+p.Key(), "aid:"+p.Answered(firstaid.Done), "aid:"+p.Answered(firstaid.Cannot))
						next := config.Trees.Next(p, firstaid.Cannot)
						if next.Step == "" { // nothing could be done, or everything but this
							look(lang, "aid:"+p.Answered(firstaid.Cannot), "remind:"+entry.Key()+":yes", "remind:no")
							p.Open = 1 << (len(way.Steps) - 1)
							look(lang, "aid:"+p.Answered(firstaid.Cannot))
							look(lang, "aid:"+p.Answered(firstaid.Done))
						}
						p = next
					}
				}
			}
		}
	}
	if seen < 1000 {
		t.Errorf("only %d screens", seen)
	}
}

func TestTheTelephoneTakesOneScreen(t *testing.T) {
	b := bot.New(parts(t, bot.NewMemorySessions()))
	reply := press(t, b, "p", "aid:call:m")
	for _, want := range []string{"Положите трубку", "Код никому", "в свой банк", "102"} {
		if !strings.Contains(reply.Text, want) {
			t.Errorf("%q is missing:\n%s", want, reply.Text)
		}
	}
	if after := press(t, b, "p", "aid:call:m:hang_up:1:done"); !strings.Contains(ids(after), "aid:money:m") || !strings.Contains(ids(after), "aid:code:m") {
		t.Errorf("nobody asks what was told: %s", ids(after))
	}
}

func TestOldAndForgedButtonsOfTheFirstMinutesAreRefused(t *testing.T) {
	b := bot.New(parts(t, bot.NewMemorySessions()))
	want := press(t, b, "p", "no such choice").Text
	for _, id := range []string{"aid:", "aid:flood:m", "aid:money.phone:m:gone_step:f:done", "aid:money.phone:m:bank_stop:ff:done", "remind:money:m:yes", "remind:"} {
		if got := press(t, b, "p", id).Text; got != want {
			t.Errorf("%s is answered:\n%s", id, got)
		}
	}
}

func TestWordsLeadIntoTheTree(t *testing.T) {
	b := newBot(t, bot.NewMemorySessions())
	for words, want := range map[string]string{
		"Я перевела деньги мошенникам, что делать":                  "aid:money.phone:m",
		"Мама перевела деньги мошенникам, что делать":               "aid:money.phone:r",
		"Кодты айтып қойдым, енді не істеймін?":                     "aid:code.egov:m",
		"Я установил приложение, которое они прислали, что теперь?": "aid:app:m:offline:3f:done",
	} {
		reply := say(t, b, bot.Event{Person: words, Messages: said(words)})[0]
		if !reply.Urgent || !strings.Contains(ids(reply), want) {
			t.Errorf("%q leads to %s", words, ids(reply))
		}
	}
}

func TestWhoComesBackGoesOnWhereTheyStopped(t *testing.T) {
	for consent, remembered := range map[bot.Consent]bool{bot.Agreed: true, bot.Refused: false, bot.NotAsked: false} {
		sessions := bot.NewMemorySessions()
		config := parts(t, sessions)
		config.AskConsent = true
		if err := sessions.Save(t.Context(), "p", bot.Session{Lang: "ru", Consent: consent}); err != nil {
			t.Fatal(err)
		}
		b := bot.New(config)
		press(t, b, "p", "aid:money.phone:m")
		police := press(t, b, "p", "aid:money.phone:m:bank_stop:f:done")
		for name, replies := range map[string][]bot.Reply{
			"/start": say(t, bot.New(config), bot.Event{Person: "p", Start: true}), "/sos": say(t, bot.New(config), bot.Event{Person: "p", Choice: bot.ChoiceHappened}),
		} {
			first := replies[0].Choices[0]
			if (first.ID == "aid:money.phone:m:police:e") != remembered {
				t.Errorf("consent %d, %s offers %+v", consent, name, first)
			}
			if again := press(t, b, "p", first.ID); remembered && again.Text != police.Text {
				t.Errorf("it goes on with\n%s\nnot with\n%s", again.Text, police.Text)
			}
		}
	}
}

func TestWhatIsDoneIsNotOfferedAgain(t *testing.T) {
	sessions := bot.NewMemorySessions()
	b := bot.New(parts(t, sessions))
	press(t, b, "p", "aid:form.nothing:m:card_check:3:done")
	if s, _ := sessions.Load(t.Context(), "p"); s.Aid != "form.nothing:m:close_page:1" {
		t.Errorf("stands at %q, the page is still open", s.Aid)
	}
	press(t, b, "p", "aid:form.nothing:m:close_page:1:done")
	if s, _ := sessions.Load(t.Context(), "p"); s.Aid != "" {
		t.Errorf("stands at %q though all is done", s.Aid)
	}
}

// sure is a detector that says the same of every message.
type sure struct {
	mute
	verdict detector.Verdict
}

func (s sure) Check(string) *detector.Verdict { v := s.verdict; return &v }

func TestAfterALossOffersOfRescueAreJudgedMoreStrictly(t *testing.T) {
	now, day := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC), 24*time.Hour
	signal := func(weight float64, schemes ...string) []detector.Signal {
		return []detector.Signal{{Rule: &scheme.Rule{ID: "test", Kind: scheme.Story, Weight: weight, Schemes: schemes}}}
	}
	no := detector.NoSigns
	for _, test := range []struct {
		name    string
		verdict detector.Verdict
		since   time.Duration // the loss; 0: there was none
		want    detector.Level
		scheme  string
	}{
		{"a rule hints, never lost", detector.Verdict{Level: no, Score: 0.1, Signals: signal(0.4, "fake_lawyer_recovery")}, 0, no, ""},
		{"a rule hints after a loss", detector.Verdict{Level: no, Score: 0.1, Signals: signal(0.4, "fake_lawyer_recovery")}, day, detector.Suspicious, "fake_lawyer_recovery"},
		{"a rule hints on the last day", detector.Verdict{Level: no, Signals: signal(0.4, "investment", "fake_lawyer_recovery")}, 90*day - time.Minute, detector.Suspicious, "fake_lawyer_recovery"},
		{"a rule hints when the time is over", detector.Verdict{Level: no, Signals: signal(0.4, "fake_lawyer_recovery")}, 90 * day, no, ""},
		{"the score hints after a loss", detector.Verdict{Level: no, Score: 0.35}, day, detector.Suspicious, ""},
		{"the score hints, never lost", detector.Verdict{Level: no, Score: 0.35}, 0, no, ""},
		{"too little of a score", detector.Verdict{Level: no, Score: 0.2}, day, no, ""},
		{"a rule of another scheme", detector.Verdict{Level: no, Score: 0.2, Signals: signal(0.4, "fake_delivery")}, day, no, ""},
		{"a rule that speaks against it", detector.Verdict{Level: no, Signals: signal(-1, "fake_lawyer_recovery")}, day, no, ""},
		{"what is suspicious stays so", detector.Verdict{Level: detector.Suspicious, Score: 0.5, Scheme: "romance"}, day, detector.Suspicious, "romance"},
		{"a scam stays a scam", detector.Verdict{Level: detector.Scam, Score: 0.9, Scheme: "romance"}, day, detector.Scam, "romance"},
	} {
		t.Run(test.name, func(t *testing.T) {
			lost := time.Time{}
			if test.since > 0 {
				lost = now.Add(-test.since)
			}
			sessions := bot.NewMemorySessions()
			if err := sessions.Save(t.Context(), "p", bot.Session{Lost: lost}); err != nil {
				t.Fatal(err)
			}
			config := parts(t, sessions)
			test.verdict.Intent, test.verdict.Stage = detector.Content, detector.NothingYet
			config.Checker, config.Clock = sure{verdict: test.verdict}, func() time.Time { return now }
			answer := handle(t, bot.New(config), bot.Event{Person: "p", Messages: said("сообщение")})
			if answer.Level != test.want || answer.Scheme != test.scheme {
				t.Errorf("it is %q %q, want %q %q", answer.Level, answer.Scheme, test.want, test.scheme)
			}
			stricter := test.want != test.verdict.Level
			if text := answer.Replies[0].Text; strings.Contains(text, "часто пишут снова") != stricter {
				t.Errorf("the reason is told: %v\n%s", !stricter, text)
			}
			if s, _ := sessions.Load(t.Context(), "p"); s.Lost.IsZero() != (test.since == 0 || test.since >= 90*day) {
				t.Errorf("the loss of %v is remembered as %v", lost, s.Lost)
			}
		})
	}
}

// TestALossIsRememberedWithConsentOnly: the loss is remembered with consent only, from the first screen on.
func TestALossIsRememberedWithConsentOnly(t *testing.T) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for _, consent := range []bot.Consent{bot.NotAsked, bot.Refused, bot.Agreed} {
		for tree, loss := range map[string]bool{"money": true, "loan": true, "card": true, "recovery": true, "call": false, "mule": false} {
			sessions := bot.NewMemorySessions()
			config := parts(t, sessions)
			config.AskConsent, config.Clock = true, func() time.Time { return now }
			person := fmt.Sprint(tree, consent)
			if err := sessions.Save(t.Context(), person, bot.Session{Lang: "ru", Consent: consent}); err != nil {
				t.Fatal(err)
			}
			press(t, bot.New(config), person, "aid:"+tree+":m")
			s, _ := sessions.Load(t.Context(), person)
			if want := loss && consent == bot.Agreed; s.Lost.Equal(now) != want || want == s.Lost.IsZero() {
				t.Errorf("consent %d, %s: lost at %v", consent, tree, s.Lost)
			}
		}
	}
}
