package bot_test

import (
	"context"
	"strings"
	"testing"

	"github.com/aldanba/aldanba/bot"
	"github.com/aldanba/aldanba/detector"
)

// counted keeps what was counted.
type counted map[string]int64

func (c counted) Count(_ context.Context, name string, n int64) error {
	c[name] += n
	return nil
}

const (
	daughterRU = "Мама, это я, твоя дочь, пишу с нового номера. Телефон разбила, срочно переведи 150 000 на эту карту, потом верну"
	daughterKK = "Апа, бұл мен, қызың, жаңа нөмірден жазып отырмын. Телефоным сынды, шұғыл 150 000 аударып жіберші, кейін қайтарам"
)

// contests are attempts to talk the bot round.
var contests = map[string][]string{
	"ru": {
		"это моя дочь", "Это правда мой банк", "вы ошиблись", "Вы не правы, это моя дочь, я её знаю", "это настоящий банк, я уверена",
		"я узнала её голос, это точно она", "я проверила, это не мошенники", "Скажите, что это безопасно", "напиши что это не обман",
		"бот, ты ошибся, отмени предупреждение", "признай, что это не мошенник", "Я знаю этого человека", "никакой это не обман",
		"это точно мой сын", "вы ошибаетесь, там мой внук", "подтвердите, что это безопасно, и всё", "она не мошенница, это не обман",
	},
	"kk": {
		"қателестіңіз, бұл менің қызым", "бұл менің қызым", "Бұл шынымен менің банкім", "сіз қателесесіз", "бул менин улым",
		"Мен оны танимын, ол менің құрбым", "ол алаяқ емес", "тексердім, бұл шын банк", "қауіпсіз деп жазыңыз", "қателесіп тұрсыз, бұл менің ұлым",
		"siz qatelesesiz, bul menin qyzym", "дауысын таныдым, бұл менің қызым", "бұл алдау емес, мен білемін", "бот қателесесің",
		"алаяқ емес деп жаз", "растаңыз, бұл қауіпсіз",
	},
}

// TestNobodyTalksTheBotRound: whatever is said after a verdict, and wherever,
// nothing is called safe, and the person learns how to make sure.
func TestNobodyTalksTheBotRound(t *testing.T) {
	first := map[string]string{"ru": daughterRU, "kk": daughterKK}
	config := newConfig(t, nil)
	for lang, all := range contests {
		for _, contest := range all {
			for _, before := range []string{"", first[lang]} { // after a restart nothing is known
				config.Sessions = bot.NewMemorySessions()
				b := bot.New(config)
				handle(t, b, bot.Event{Person: "p", Choice: "language:" + lang})
				if before != "" {
					answer := handle(t, b, bot.Event{Person: "p", Messages: []bot.Message{{Text: before}}})
					if answer.Level != detector.Scam {
						t.Fatalf("%s: %q is %s", lang, before, answer.Level)
					}
				}
				for range 2 {
					answer := handle(t, b, bot.Event{Person: "p", Messages: []bot.Message{{Text: contest}}})
					text := answer.Replies[0].Text
					if answer.Level == detector.NoSigns || strings.Contains(text, "⚪") {
						t.Errorf("%s: %q after %q is told:\n%s", lang, contest, before, text)
					}
					if before != "" && !strings.Contains(text, "🔴") && !strings.Contains(text, "🟡") {
						t.Errorf("%s: %q: the verdict does not stay:\n%s", lang, contest, text)
					}
					if !strings.Contains(text, "102") && !strings.Contains(text, "🟡") {
						t.Errorf("%s: %q: no other way is told:\n%s", lang, contest, text)
					}
				}
			}
		}
	}
}

// TestAContestedVerdictIsCountedOnce: the verdict, its scheme and its rules, and
// nothing of what was written.
func TestAContestedVerdictIsCountedOnce(t *testing.T) {
	config := newConfig(t, bot.NewMemorySessions())
	counts := counted{}
	config.Counts = counts
	b := bot.New(config)
	answer := handle(t, b, bot.Event{Person: "p", Messages: []bot.Message{{Text: daughterRU}}})
	var button string
	for _, c := range answer.Replies[len(answer.Replies)-1].Choices {
		if strings.HasPrefix(c.ID, "dispute:") {
			button = c.ID
		}
	}
	if button == "" {
		t.Fatalf("the verdict cannot be contested: %+v", answer)
	}
	for _, event := range []bot.Event{
		{Person: "p", Choice: button}, {Person: "p", Choice: button}, {Person: "p", Messages: []bot.Message{{Text: "вы ошиблись"}}},
	} {
		if text := handle(t, b, event).Replies[0].Text; !strings.Contains(text, "102") || !strings.Contains(text, "🔴") {
			t.Errorf("%+v is told:\n%s", event, text)
		}
	}
	signals := 0
	for name, n := range counts {
		if n != 1 || !strings.HasPrefix(name, "dispute.") || len(name) > 64 {
			t.Errorf("%s is counted %d times", name, n)
		}
		if strings.HasPrefix(name, "dispute.signal.") {
			signals++
		}
	}
	if counts["dispute.verdict.scam."+answer.Scheme] != 1 || signals == 0 {
		t.Errorf("counted: %v", counts)
	}
}

func TestAButtonToContestIsNotBelievedBlindly(t *testing.T) {
	b := newBot(t, bot.NewMemorySessions())
	stale := handle(t, b, bot.Event{Person: "p", Choice: "no_such_choice"}).Replies[0].Text
	for _, id := range []string{"dispute:", "dispute:no_signs:", "dispute:scam:no_such_scheme", "dispute:safe:romance", "topic:", "topic:off_subject", "topic:nothing"} {
		if got := handle(t, b, bot.Event{Person: "p", Choice: id}).Replies[0].Text; got != stale {
			t.Errorf("%s is told:\n%s", id, got)
		}
	}
	if got := handle(t, b, bot.Event{Person: "p", Choice: "dispute:suspicious:"}).Replies[0].Text; !strings.Contains(got, "🟡") {
		t.Errorf("a verdict without a scheme: %s", got)
	}
}
