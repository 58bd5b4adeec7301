package bot_test

import (
	"context"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/aldanba/aldanba/bot"
	"github.com/aldanba/aldanba/detector"
	"github.com/aldanba/aldanba/locales"
)

// history remembers verdicts in a slice.
type history struct{ past []bot.PastVerdict }

func (h *history) RememberVerdict(_ context.Context, _, _ string, level detector.Level, scheme string) error {
	h.past = append([]bot.PastVerdict{{Level: level, Scheme: scheme, At: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)}}, h.past...)
	return nil
}

func (h *history) Verdicts(context.Context, string) ([]bot.PastVerdict, error) { return h.past, nil }

// newAskingBot makes a bot that remembers beyond the conversation.
func newAskingBot(t *testing.T, sessions bot.Sessions, h bot.History) *bot.Bot {
	t.Helper()
	config := newBot(t, sessions).Config
	config.AskConsent, config.History, config.SeesPictures, config.HearsVoice = true, h, true, true
	return bot.New(config)
}

func ids(reply bot.Reply) string {
	var ids []string
	for _, c := range reply.Choices {
		ids = append(ids, c.ID)
	}
	return strings.Join(ids, " ")
}

func TestUntilConsentOnlyTheLanguageIsRemembered(t *testing.T) {
	sessions, h := bot.NewMemorySessions(), &history{}
	b := newAskingBot(t, sessions, h)
	if first := handle(t, b, bot.Event{Person: "p", Messages: said(scam)}); len(first.Replies) != 1 || first.Level != detector.Scam {
		t.Fatalf("under a first alarm stands a question: %+v", first.Replies)
	}
	next := handle(t, b, bot.Event{Person: "p", Messages: said(scam)})
	if len(next.Replies) != 2 || next.Level != detector.Scam || ids(next.Replies[1]) != "remember:yes remember:no" {
		t.Fatalf("the verdict, then one question: %+v", next.Replies)
	}
	handle(t, b, bot.Event{Person: "p", Choice: "aid:money:m"})
	s, _ := sessions.Load(t.Context(), "p")
	if s != (bot.Session{Lang: "ru", ConsentAsked: true, Asked: "remember:"}) || len(h.past) != 0 {
		t.Errorf("without consent: %+v and %d verdicts", s, len(h.past))
	}
	if again := handle(t, b, bot.Event{Person: "p", Messages: said(scam)}); len(again.Replies) != 1 {
		t.Errorf("asked again: %+v", again.Replies[1])
	}
	handle(t, b, bot.Event{Person: "p", Choice: "remember:yes"})
	handle(t, b, bot.Event{Person: "p", Messages: said(scam)})
	handle(t, b, bot.Event{Person: "p", Choice: "aid:money:m"})
	s, _ = sessions.Load(t.Context(), "p")
	if s.Checks != 1 || s.Aid != "money:m" || s.Lost.IsZero() || len(h.past) != 1 {
		t.Errorf("with consent: %+v and %d verdicts", s, len(h.past))
	}
	if start := handle(t, b, bot.Event{Person: "p", Start: true}).Replies[0]; start.Choices[0].ID != "aid:money:m" {
		t.Errorf("who comes back cannot go on: %+v", start.Choices)
	}
}

// The answer to a message is found anew where the program died before all of it
// was sent.
func TestAQuestionThatWasLostWithTheProgramIsAskedAgain(t *testing.T) {
	sessions := bot.NewMemorySessions()
	event := func(id string) bot.Event {
		return bot.Event{Person: "p", Messages: []bot.Message{{ID: id, Text: scam, Forwarded: true}}}
	}
	letter, other := event("17"), event("18")
	for range 2 {
		if answer := handle(t, newAskingBot(t, sessions, &history{}), event("16")); len(answer.Replies) != 1 {
			t.Fatalf("under a first alarm stands a question: %+v", answer.Replies)
		}
	}
	for range 3 { // the memory outlives the bot
		answer := handle(t, newAskingBot(t, sessions, &history{}), letter)
		if len(answer.Replies) != 2 || ids(answer.Replies[1]) != "remember:yes remember:no" {
			t.Fatalf("the verdict, then one question: %+v", answer.Replies)
		}
	}
	b := newAskingBot(t, sessions, &history{})
	if answer := handle(t, b, other); len(answer.Replies) != 1 {
		t.Errorf("asked after another message: %+v", answer.Replies[1])
	}
	edited := letter
	edited.Edited = true
	if answer := handle(t, b, edited); len(answer.Replies) != 1 {
		t.Errorf("asked again after an edit: %+v", answer.Replies[1])
	}
	handle(t, b, bot.Event{Person: "p", Choice: "remember:no"})
	if answer := handle(t, b, letter); len(answer.Replies) != 1 {
		t.Errorf("asked although it was answered: %+v", answer.Replies[1])
	}
}

func TestWhereNothingAlarmsConsentIsAskedAtOnce(t *testing.T) {
	b := newAskingBot(t, bot.NewMemorySessions(), &history{})
	answer := handle(t, b, bot.Event{Person: "p", Messages: said(harmless)})
	if len(answer.Replies) != 2 || ids(answer.Replies[1]) != "remember:yes remember:no" {
		t.Errorf("the verdict, then one question: %+v", answer.Replies)
	}
}

func TestNobodyInTroubleIsAskedForConsent(t *testing.T) {
	b := newAskingBot(t, bot.NewMemorySessions(), &history{})
	answer := handle(t, b, bot.Event{Person: "p", Messages: said("Я перевела деньги мошенникам, что делать")})
	for _, reply := range answer.Replies {
		if strings.Contains(ids(reply), "remember:") {
			t.Errorf("asked in an emergency: %s", reply.Text)
		}
	}
}

func TestWarningsAreOfferedOnceAndLate(t *testing.T) {
	sessions := bot.NewMemorySessions()
	b := newAskingBot(t, sessions, &history{})
	handle(t, b, bot.Event{Person: "p", Choice: "remember:yes"})
	var offered []int
	for i := range 6 {
		answer := handle(t, b, bot.Event{Person: "p", Messages: said(harmless)})
		if strings.Contains(ids(answer.Replies[len(answer.Replies)-1]), "warnings:yes") {
			offered = append(offered, i)
		}
	}
	if len(offered) != 1 || offered[0] != 2 {
		t.Fatalf("offered after checks %v", offered)
	}
	if s, _ := sessions.Load(t.Context(), "p"); s.Warnings == bot.Agreed {
		t.Error("silence is taken for consent")
	}
	regions := handle(t, b, bot.Event{Person: "p", Choice: "warnings:yes"}).Replies[0]
	if len(regions.Choices) != len(locales.Regions()) || strings.Contains(regions.Text, "⟦") {
		t.Errorf("%+v", regions)
	}
	handle(t, b, bot.Event{Person: "p", Choice: "region:atyrau"})
	if s, _ := sessions.Load(t.Context(), "p"); s.Region != "atyrau" || s.Warnings != bot.Agreed {
		t.Errorf("%+v", s)
	}
}

func TestPrivacyNamesTheServicesAndDataIsShownAndErased(t *testing.T) {
	for _, lang := range locales.Languages() {
		sessions, h := bot.NewMemorySessions(), &history{}
		b := newAskingBot(t, sessions, h)
		for _, choice := range []string{"language:" + lang, "remember:yes", "picture:yes"} {
			handle(t, b, bot.Event{Person: "p", Choice: choice})
		}
		privacy := handle(t, b, bot.Event{Person: "p", Choice: bot.ChoicePrivacy}).Replies[0]
		texts := newBot(t, sessions).Texts
		for _, want := range []string{texts.Text(lang, "privacy_pictures", nil), texts.Text(lang, "privacy_voice", nil)} {
			if !strings.Contains(privacy.Text, want) {
				t.Errorf("%s: %q is not told", lang, want)
			}
		}
		if got := ids(privacy); !strings.Contains(got, "picture:no") || !strings.Contains(got, "voice:yes") || !strings.Contains(got, "remember:no") {
			t.Errorf("%s: choices %s", lang, got)
		}
		handle(t, b, bot.Event{Person: "p", Messages: said(scamKK)})
		data := handle(t, b, bot.Event{Person: "p", Choice: bot.ChoiceMyData}).Replies[0].Text
		for _, key := range []string{"mydata_remember", "mydata_picture"} {
			if want := texts.Text(lang, key, map[string]any{"Answer": texts.Text(lang, "choice_yes", nil)}); !strings.Contains(data, want) {
				t.Errorf("%s: %q is not told: %s", lang, want, data)
			}
		}
		if !strings.Contains(data, "23.11.2026") || strings.Contains(data, "⟦") || strings.Contains(data, "SMS") {
			t.Errorf("%s: %s", lang, data)
		}
		if answer := handle(t, b, bot.Event{Person: "p", Choice: bot.ChoiceForget}); !answer.Erased {
			t.Errorf("%s: %+v", lang, answer)
		}
		if s, _ := sessions.Load(t.Context(), "p"); s != (bot.Session{}) {
			t.Errorf("%s: still remembered: %+v", lang, s)
		}
	}
}

// Whatever is switched on, what is told of privacy stays as short as any answer,
// and names what is kept without consent.
func TestPrivacyIsShortAndTrue(t *testing.T) {
	for lang, kept := range map[string]string{locales.Russian: "сутки считаем ваши сообщения", locales.Kazakh: "бір тәуліктік хабар санын"} {
		memory := bot.NewMemorySessions()
		config := newJudged(t, &judging{}).Config
		config.Sessions, config.Drafts, config.AskConsent, config.SeesPictures, config.HearsVoice = memory, memory, true, true, true
		b := bot.New(config)
		handle(t, b, bot.Event{Person: "p", Choice: "language:" + lang})
		text := handle(t, b, bot.Event{Person: "p", Choice: bot.ChoicePrivacy}).Replies[0].Text
		if n := utf8.RuneCountInString(text); n > 700 || strings.Contains(text, "⟦") {
			t.Errorf("%s: %d letters: %s", lang, n, text)
		}
		for _, key := range []string{"privacy_aid", "privacy_draft", "privacy_judge", "privacy_pictures", "privacy_voice"} {
			if !strings.Contains(text, config.Texts.Text(lang, key, nil)) {
				t.Errorf("%s: %s is not told: %s", lang, key, text)
			}
		}
		if !strings.Contains(text, kept) {
			t.Errorf("%s: what is counted is not told: %s", lang, text)
		}
	}
}

func TestNotRememberingTakesBackWhatWasRemembered(t *testing.T) {
	sessions := bot.NewMemorySessions()
	b := newAskingBot(t, sessions, &history{})
	handle(t, b, bot.Event{Person: "p", Choice: "remember:yes"})
	handle(t, b, bot.Event{Person: "p", Messages: said(scam)})
	handle(t, b, bot.Event{Person: "p", Choice: "remember:no"})
	if s, _ := sessions.Load(t.Context(), "p"); s.Checks != 0 || s.Aid != "" {
		t.Errorf("%+v", s)
	}
}

func TestWhoSpeaksOfDeathIsAskedForNothing(t *testing.T) {
	b := newAskingBot(t, bot.NewMemorySessions(), &history{})
	for _, words := range []string{"Я всё потеряла, не хочу больше жить", "Бәрінен айырылдым, өмір сүргім келмейді"} {
		answer := handle(t, b, bot.Event{Person: words, Messages: said(words)})
		if len(answer.Replies) != 1 || !strings.Contains(answer.Replies[0].Text, "112") {
			t.Errorf("%s: %+v", words, answer.Replies)
		}
	}
}

func TestNobodyAgreesForAGroup(t *testing.T) {
	sessions := bot.NewMemorySessions()
	b := newAskingBot(t, sessions, &history{})
	answer := handle(t, b, bot.Event{Person: "g", Group: true, Messages: []bot.Message{{ID: "7", Text: scam, Forwarded: true}}})
	if len(answer.Replies) != 1 || answer.Replies[0].About != "7" {
		t.Errorf("the verdict on the message and nothing else: %+v", answer.Replies)
	}
	if privacy := handle(t, b, bot.Event{Person: "g", Group: true, Choice: bot.ChoicePrivacy}).Replies[0]; strings.Contains(ids(privacy), "remember:") {
		t.Errorf("%+v", privacy.Choices)
	}
	handle(t, b, bot.Event{Person: "g", Group: true, Choice: "remember:yes"})
	if s, _ := sessions.Load(t.Context(), "g"); s.Consent != bot.NotAsked || s.Checks != 0 {
		t.Errorf("of a group is remembered: %+v", s)
	}
}
