package bot_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/aldanba/aldanba/bot"
	"github.com/aldanba/aldanba/detector"
)

func TestQuestionsAreAnswered(t *testing.T) {
	config := newConfig(t, nil)
	for _, tt := range []struct{ lang, asked, told, button string }{
		{"ru", "что такое безопасный счёт?", "«безопасных счетов» у банков нет", "topic:bank_called"},
		{"kk", "қауіпсіз шот деген не?", "«қауіпсіз шот» деген жоқ", "topic:bank_called"},
		{"kk", "каупсиз шот деген не", "«қауіпсіз шот» деген жоқ", "topic:bank_called"},
		{"ru", "а если они знают моё имя?", "Верьте не имени", "topic:verify_bank"},
		{"kk", "олар менің атымды білсе ше?", "тексеруге сеніңіз", "topic:verify_bank"},
		{"ru", "вернёт ли банк деньги", "102", "topic:police_statement"},
		{"ru", "что будет, если сказать код?", "ключ от входа", "topic:told_code"},
		{"ru", "кто такой дроппер?", "232-1", "topic:lend_account_why"},
		{"kk", "бот тегін бе?", "ақша алмаймыз", "topic:bot_safe"},
		{"ru", "звонят и угрожают", "102", "topic:"},
		{"ru", "мне стыдно перед детьми", "нечего стыдиться", "topic:elder_help"},
		{"ru", "какая погода завтра?", "«Проверить сообщение»", "check"},
		{"kk", "палау қалай пісіреді?", "«Хабарламаны тексеру»", "check"},
	} {
		config.Sessions = bot.NewMemorySessions()
		b := bot.New(config)
		handle(t, b, bot.Event{Person: "p", Choice: "language:" + tt.lang})
		answer := handle(t, b, bot.Event{Person: "p", Messages: said(tt.asked)})
		reply := answer.Replies[0]
		has := false
		for _, c := range reply.Choices {
			has = has || strings.HasPrefix(c.ID, tt.button)
		}
		if !strings.Contains(reply.Text, tt.told) || !has {
			t.Errorf("%q is told %+v", tt.asked, reply)
		}
	}
}

// TestWhoOnlyWondersIsAnswered: a question what would be, or how to find out, is
// no report and no message, whatever words it holds.
func TestWhoOnlyWondersIsAnswered(t *testing.T) {
	config := newConfig(t, nil)
	for _, tt := range []struct{ lang, asked, topic string }{
		{"ru", "если я назову им только последние четыре цифры карты это страшно?", "know_card"},
		{"ru", "а если я им только дату рождения скажу ничего не будет?", "told_facts"},
		{"ru", "сын дал карту другу за 10 тысяч что ему будет", "scheme_dropper_recruitment"},
		{"ru", "как узнать есть ли на мне кредит", "check_loan"},
		{"ru", "как отличить настоящий сайт егов", "fake_site"},
		{"ru", "ты человек или робот", "who_answers"},
		{"ru", "у меня давление поднялось от этих звонков", "afraid"},
		{"kk", "картамның нөмірін ғана айтсам ақшамды ала ала ма", "know_card"},
		{"kk", "картаның артындағы үш санды айтсам не болады", "card_code"},
		{"kk", "каспиді өшіріп тастасам ақшам қала ма", "app_delete"},
		{"kk", "акшамды кайтарып ала аламын ба", "money_back"},
		{"kk", "сен адамсың ба әлде роботсың ба", "who_answers"},
	} {
		config.Sessions = bot.NewMemorySessions()
		b := bot.New(config)
		handle(t, b, bot.Event{Person: "p", Choice: "language:" + tt.lang})
		want := handle(t, b, bot.Event{Person: "p", Choice: "topic:" + tt.topic}).Replies[0].Text
		if got := handle(t, b, bot.Event{Person: "p", Messages: said(tt.asked)}).Replies[0].Text; got != want {
			t.Errorf("%q is told:\n%s", tt.asked, got)
		}
	}
}

// TestAQuestionNeverHidesWhatHasHappened: money that has gone and a code that was
// told are the first minutes, however it is asked.
func TestAQuestionNeverHidesWhatHasHappened(t *testing.T) {
	config := newConfig(t, nil)
	for _, said1 := range []string{
		"если я уже перевела деньги мошенникам банк вернёт?", "я назвала код из смс, что будет?", "что делать если я дала данные карты мошенникам",
		"ақшаны аударып жібердім, қайтарып алсам бола ма?", "кодты айтып қойдым, енді не болады?", "сейчас говорю с ними по телефону, что будет если бросить трубку?",
		"с моего ватсапа пишут знакомым, просят денег, что делать",
	} {
		config.Sessions = bot.NewMemorySessions()
		answer := handle(t, bot.New(config), bot.Event{Person: "p", Messages: said(said1)})
		steps := answer.Replies[0].Urgent
		for _, c := range answer.Replies[0].Choices {
			steps = steps || strings.HasPrefix(c.ID, "aid:money") || strings.HasPrefix(c.ID, "aid:code") || strings.HasPrefix(c.ID, "aid:card")
		}
		if !steps {
			t.Errorf("%q is told:\n%s", said1, answer.Replies[0].Text)
		}
	}
}

// TestACallToldAsAQuestionGetsBoth: the verdict with its steps, and the answer
// one button away.
func TestACallToldAsAQuestionGetsBoth(t *testing.T) {
	config := newConfig(t, nil)
	for _, asked := range []string{
		"маған банктен қоңырау шалды, не істеймін?", "Маған банктен звондап, код сұрады, не істеймін?",
		"мне позвонили из банка и сказали назвать код, что делать?",
	} {
		config.Sessions = bot.NewMemorySessions()
		answer := handle(t, bot.New(config), bot.Event{Person: "p", Messages: said(asked)})
		reply := answer.Replies[0]
		if answer.Level != detector.Scam && answer.Level != detector.Suspicious || !strings.Contains(reply.Text, "\n1. ") {
			t.Errorf("%q is told %s:\n%s", asked, answer.Level, reply.Text)
		}
		topic := false
		for _, c := range reply.Choices {
			topic = topic || strings.HasPrefix(c.ID, "topic:")
		}
		if !topic {
			t.Errorf("%q has no answer at hand: %+v", asked, reply.Choices)
		}
	}
}

func TestWhatAQuestionMayMeanStandsBesideAVerdictWithoutAlarm(t *testing.T) {
	b := newBot(t, bot.NewMemorySessions())
	answer := handle(t, b, bot.Event{Person: "p", Messages: said("позвонили из банка, могут ли забрать деньги если знают номер карты?")})
	topics := 0
	for _, c := range answer.Replies[0].Choices {
		if strings.HasPrefix(c.ID, "topic:") {
			topics++
		}
	}
	if topics == 0 {
		t.Errorf("nothing is offered: %+v", answer)
	}
}

// TestDangerIsNeverMissed: who speaks of a danger to life hears 112 first, in
// whatever words; who does not is not frightened.
func TestDangerIsNeverMissed(t *testing.T) {
	config := newConfig(t, nil)
	for file, danger := range map[string]bool{"danger.tsv": true, "calm.tsv": false} {
		data, err := os.ReadFile(filepath.Join("../testdata/knowledge", file))
		if err != nil {
			t.Fatal(err)
		}
		lines := 0
		for line := range strings.Lines(string(data)) {
			lang, text, _ := strings.Cut(strings.TrimSpace(line), "\t")
			lines++
			config.Sessions = bot.NewMemorySessions()
			first := handle(t, bot.New(config), bot.Event{Person: "p", Lang: lang, Messages: said(text)}).Replies[0]
			if hears := first.Urgent && strings.Contains(first.Text, "112"); hears != danger {
				t.Errorf("%q: the first reply is %q", text, first.Text)
			}
		}
		if lines < 20 {
			t.Errorf("%s: only %d lines", file, lines)
		}
	}
}

// TestAMessageGoesBeforeAQuestion: what somebody else wrote, what has happened
// and a danger to life are never answered by a passage.
func TestAMessageGoesBeforeAQuestion(t *testing.T) {
	config := newConfig(t, nil)
	config.Sessions = bot.NewMemorySessions()
	b := bot.New(config)
	question := "что такое безопасный счёт?"
	forwarded := handle(t, b, bot.Event{Person: "p", Messages: []bot.Message{{Text: question, Forwarded: true}}})
	if forwarded.Level == "" {
		t.Errorf("a forwarded question is told: %+v", forwarded)
	}
	handle(t, b, bot.Event{Person: "p", Choice: bot.ChoiceCheck})
	if answer := handle(t, b, bot.Event{Person: "p", Messages: said(question)}); answer.Level == "" {
		t.Errorf("what was asked for is not judged: %+v", answer)
	}
	if answer := handle(t, b, bot.Event{Person: "p", Messages: said(question)}); answer.Level != "" {
		t.Errorf("every further question is judged: %+v", answer)
	}
	for _, emergency := range []string{"я назвала код, вернёт ли банк деньги?", "алаяқтарға ақша аударып жібердім, банк қайтара ма?"} {
		if answer := handle(t, b, bot.Event{Person: "p", Messages: said(emergency)}); !answer.Replies[0].Urgent {
			t.Errorf("%q is told %+v", emergency, answer)
		}
	}
}

// TestHardlyAnyScamIsAnsweredByAPassage types every scam of the corpus as if the
// person had written it.
func TestHardlyAnyScamIsAnsweredByAPassage(t *testing.T) {
	config := newConfig(t, bot.NewMemorySessions())
	b := bot.New(config)
	files, err := filepath.Glob("../testdata/corpus/*.jsonl")
	if err != nil || len(files) == 0 {
		t.Fatalf("no corpus: %v", err)
	}
	scams, unjudged, contested := 0, 0, 0
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(data)) {
			var m struct{ Text, Label, Form, Stage string }
			if err := json.Unmarshal([]byte(line), &m); err != nil {
				t.Fatal(err)
			}
			if m.Label != "scam" || m.Form == "question" || m.Stage != "nothing_yet" {
				continue
			}
			scams++
			answer := handle(t, b, bot.Event{Person: "p", Messages: said(m.Text)})
			first := answer.Replies[0]
			if answer.Level == "" && !first.Urgent {
				if strings.Contains(first.Text, "Понимаем вас") || strings.Contains(first.Text, "Сізді түсінеміз") {
					contested++
					continue
				}
				unjudged++
				t.Logf("%s", m.Text)
			}
		}
	}
	t.Logf("of %d scams %d were answered as questions, %d as contests", scams, unjudged, contested)
	if scams < 2000 || float64(unjudged) > 0.005*float64(scams) || float64(contested) > 0.002*float64(scams) {
		t.Errorf("of %d scams %d were answered as questions, %d as contests", scams, unjudged, contested)
	}
}

func TestEveryPassageFits(t *testing.T) {
	config := newConfig(t, bot.NewMemorySessions())
	b := bot.New(config)
	for _, lang := range []string{"ru", "kk"} {
		handle(t, b, bot.Event{Person: "p", Choice: "language:" + lang})
		for _, topic := range config.Knowledge.Topics() {
			if topic.Off {
				continue
			}
			reply := handle(t, b, bot.Event{Person: "p", Choice: "topic:" + topic.ID}).Replies[0]
			if n := utf8.RuneCountInString(reply.Text); n < 80 || n > 700 || strings.ContainsAny(reply.Text, "⟦{}<") {
				t.Errorf("%s/%s: %d letters:\n%s", lang, topic.ID, n, reply.Text)
			}
			for _, c := range reply.Choices {
				if c.Label == "" || len(c.ID) > 52 {
					t.Errorf("%s/%s: choice %+v", lang, topic.ID, c)
				}
			}
		}
	}
}

// TestDangerToLifeGoesFirst in many words of both languages.
func TestDangerToLifeGoesFirst(t *testing.T) {
	config := newConfig(t, nil)
	for _, said1 := range dangers {
		config.Sessions = bot.NewMemorySessions()
		reply := handle(t, bot.New(config), bot.Event{Person: "p", Messages: said(said1)}).Replies[0]
		if !reply.Urgent || !strings.Contains(reply.Text, "112") || !strings.Contains(reply.Text, "103") {
			t.Errorf("%q is told:\n%s", said1, reply.Text)
		}
	}
}

var dangers = []string{
	"я больше не хочу жить", "не вижу смысла жить дальше", "лучше бы я умерла", "хочу покончить с собой", "как мне умереть?", "жить не хочется после обмана",
	"наглотаюсь таблеток и всё", "я повешусь", "меня убьют если не заплачу?", "они угрожают убить моего сына", "муж бьёт меня, что делать?", "ко мне ломятся в дверь",
	"что делать если не хочу жить?", "отдал все деньги, жить незачем",
	"өмір сүргім келмейді", "өлгім келеді", "өзімді өлтіремін", "өзіме қол жұмсағым келеді", "өмірдің мәні қалмады, өлсем екен", "мені өлтіреміз деп жатыр",
	"балаңды өлтіреміз деп қорқытты", "күйеуім ұрып жатыр, не істеймін?", "есігімді бұзып жатыр", "омир сургим келмейди", "olgim keledi", "ақшамды алдатып, енді өлгім келіп тұр",
}

// answerer answers always the same, and keeps what it was asked.
type answerer struct {
	id, words string
	err       error
	asked     []detector.Passage
}

func (a *answerer) Answer(_ context.Context, _, _, _ string, passages []detector.Passage) (string, string, error) {
	a.asked = passages
	return a.id, a.words, a.err
}

// TestAnUnclearQuestionIsSettledByAModel, which can choose only what was found.
func TestAnUnclearQuestionIsSettledByAModel(t *testing.T) {
	config := newConfig(t, nil)
	for choice, told := range map[string]string{"check_number": "Один номер ничего не доказывает", "": "Вы об этом?", "sent_money": "Вы об этом?"} {
		config.Sessions, config.Answerer = bot.NewMemorySessions(), &answerer{id: choice}
		b := bot.New(config)
		handle(t, b, bot.Event{Person: "p", Choice: "language:ru"})
		reply := handle(t, b, bot.Event{Person: "p", Messages: said("вы можете проверить номер 87000000012?")}).Replies[0]
		if !strings.Contains(reply.Text, told) {
			t.Errorf("%q is told:\n%s", choice, reply.Text)
		}
	}
}

// TestWhatAModelSaysStandsAboveThePassage, marked, and never in its place.
func TestWhatAModelSaysStandsAboveThePassage(t *testing.T) {
	const words = "Имя ничего не доказывает, проверяйте сами."
	config := newConfig(t, nil)
	passage := phrasePassage(t, config, "know_name")
	marked := strings.Replace(phraseOf(t, "ru", "judge_explains"), "<no value>", "", 1) + words + "\n\n"
	for _, tt := range []struct {
		name, told string
		model      answerer
		group      bool
		passages   int
	}{
		{"words", marked + passage, answerer{id: "know_name", words: words}, false, 1},
		{"no words", passage, answerer{id: "know_name"}, false, 1},
		{"another passage", passage, answerer{id: "bank_called", words: words}, false, 1},
		{"no passage", passage, answerer{words: words}, false, 1},
		{"down", passage, answerer{id: "know_name", words: words, err: errors.New("down")}, false, 1},
		{"a group", passage, answerer{id: "know_name", words: words}, true, 0},
		{"too long", passage, answerer{id: "know_name", words: strings.Repeat("а", 600)}, false, 1},
	} {
		config.Sessions, config.Answerer = bot.NewMemorySessions(), &tt.model
		b := bot.New(config)
		handle(t, b, bot.Event{Person: "p", Choice: "language:ru"})
		reply := handle(t, b, bot.Event{Person: "p", Group: tt.group, Messages: said("а если они знают моё имя?")}).Replies[0]
		if reply.Text != tt.told || len(tt.model.asked) != tt.passages {
			t.Errorf("%s: %d passages went out, and it is told:\n%s", tt.name, len(tt.model.asked), reply.Text)
		}
	}
}

// phrasePassage gives the Russian text of a topic as it is shown.
func phrasePassage(t *testing.T, config bot.Config, id string) string {
	t.Helper()
	config.Sessions = bot.NewMemorySessions()
	b := bot.New(config)
	handle(t, b, bot.Event{Person: "p", Choice: "language:ru"})
	return handle(t, b, bot.Event{Person: "p", Choice: "topic:" + id}).Replies[0].Text
}
