package main

import (
	"slices"
	"testing"
	"time"

	"github.com/aldanba/aldanba/bot"
	"github.com/aldanba/aldanba/bot/store"
	tgt "github.com/aldanba/aldanba/bot/telegram/telegramtest"
	"github.com/aldanba/aldanba/locales"
)

// remembered is what the memory of a bot that has ended holds of a person.
type remembered struct {
	Session  bot.Session
	Verdicts int
	Pieces   int  // of a possible long fraud
	Draft    bool // of a statement
	Due      int  // reminders
	Waiting  int  // chats with messages that are not answered
}

// remembers looks into the memory of a bot, which ends with that.
func remembers(t *testing.T, b *running, person string) (r remembered) {
	t.Helper()
	b.stops(t)
	inMemory(t, b.data, func(memory *store.Store) {
		ctx := t.Context()
		must := func(err error) {
			if err != nil {
				t.Error(err)
			}
		}
		var err error
		r.Session, err = memory.Load(ctx, person)
		must(err)
		verdicts, err := memory.Verdicts(ctx, person)
		must(err)
		pieces, err := memory.Pieces(ctx, person)
		must(err)
		draft, err := memory.LoadDraft(ctx, person)
		must(err)
		due, err := memory.Due(ctx, time.Now().AddDate(2, 0, 0), 100, time.Second)
		must(err)
		waiting, _, err := memory.Waiting(ctx, "", 100)
		must(err)
		r.Verdicts, r.Pieces, r.Draft, r.Due, r.Waiting = len(verdicts), len(pieces), draft != nil, len(due), len(waiting)
	})
	return r
}

// talked is a bot with which a person has talked of much: messages, files, what
// has happened. agrees says what they answer when they are asked whether more
// than their language may be remembered; empty: nothing.
func talked(t *testing.T, agrees string) *cast {
	t.Helper()
	c := &cast{T: t, telegram: startTelegram(t, tgt.Options{}), lang: locales.Russian}
	c.bot = startBot(t, c.telegram, with(quick, "ALDANBA_TRANSCRIBE_CMD", transcriber(t)))
	c.person = c.telegram.User(700, c.lang)
	forwarded := tgt.Forwarded(tgt.FromUser(902, "Ержан", "", "yerzhan_bank"))
	c.tells(1, codeRU, codeKK)
	c.tells(2, moneyRU, moneyKK)
	if agrees != "" {
		c.presses("choice_" + agrees)
	}
	c.posts(1, tgt.Text("Здравствуйте! Вы выиграли приз, оплатите налог 20 000 тенге на карту."), forwarded)
	c.posts(1, tgt.Voice(voice(moneyRU), 5*time.Second), forwarded)
	c.hears(1)
	c.tells(1, "/happened", "/happened")
	c.presses("aid.tree_code")
	c.presses("aid.way_code_bank")
	c.presses("aid.choice_done")
	return c
}

// Until somebody agrees to more, their language is remembered, that they were
// asked, and nothing else. Who says no has answered, and that is all.
func TestWithoutConsentTheMemoryHoldsTheLanguageAlone(t *testing.T) {
	t.Parallel()
	for agrees, want := range map[string]bot.Session{
		"":   {Lang: "ru", ConsentAsked: true},
		"no": {Lang: "ru", ConsentAsked: true, Consent: bot.Refused},
	} {
		c := talked(t, agrees)
		got := remembers(t, c.bot, "telegram:700")
		got.Session.Asked = "" // the name of the message that the question came after
		if got != (remembered{Session: want}) {
			t.Errorf("answered %q: %+v", agrees, got)
		}
	}
}

// With consent there is more, of every kind, and all of it goes at a word.
func TestForgetLeavesNothingOfThePerson(t *testing.T) {
	t.Parallel()
	for _, forget := range []bool{false, true} {
		c := talked(t, "yes")
		// Reminders and the draft of a statement, too.
		c.asksForReminders()
		c.begins()
		if forget {
			c.tells(1, "/forget", "/forget")
		}
		got := remembers(t, c.bot, "telegram:700")
		if forget {
			if got != (remembered{}) {
				t.Errorf("after all was forgotten: %+v", got)
			}
			continue
		}
		kept := []bool{got.Session.Checks > 0, got.Session.Consent == bot.Agreed, got.Verdicts > 0, got.Pieces > 0, got.Draft, got.Due > 0}
		if slices.Contains(kept, false) {
			t.Errorf("there was too little to be forgotten: %+v", got)
		}
	}
}
