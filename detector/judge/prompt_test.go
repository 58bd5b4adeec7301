package judge_test

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aldanba/aldanba/detector"
	"github.com/aldanba/aldanba/detector/judge"
	"github.com/aldanba/aldanba/detector/judge/judgetest"
	"github.com/aldanba/aldanba/prompts"
)

// What the examples teach must pass our own checks: each is played as a reply
// to its own message.
func TestTheExamplesHold(t *testing.T) {
	prompt, err := prompts.LoadJudge(nil, judge.Lists(newDetector(t).Catalogue()))
	if err != nil {
		t.Fatal(err)
	}
	langs := map[string]int{}
	for _, e := range prompt.Examples {
		langs[e.Lang]++
		if redacted := newDetector(t).Redact(e.Text); redacted != e.Text {
			t.Errorf("an example is not masked: %q", redacted)
		}
		s := judgetest.Start(t, always(judgetest.Reply{Content: e.Reply}))
		got, err := newJudge(t, s, nil).Judge(t.Context(), detector.Inquiry{Text: e.Text, Lang: e.Lang})
		if err != nil {
			t.Errorf("%q: %v", e.Text, err)
			continue
		}
		if got.Level == detector.NoSigns {
			continue
		}
		if got.Explanation == "" || len(got.Quotes) == 0 || len(got.Schemes) == 0 || len(got.Advice) < 2 {
			t.Errorf("of the reply to %q is left %+v", e.Text, got)
		}
		if strings.Contains(e.Reply, `"quotes":["`) && len(got.Quotes) != strings.Count(e.Reply[strings.Index(e.Reply, `"quotes":[`):strings.Index(e.Reply, `"advice"`)], `","`)+1 {
			t.Errorf("a quote of the reply to %q is not in it", e.Text)
		}
	}
	if langs["ru"] < 3 || langs["kk"] < 3 {
		t.Errorf("examples by language: %v", langs)
	}
}

func TestEverySchemeIsExplained(t *testing.T) {
	lists := judge.Lists(newDetector(t).Catalogue())
	prompt, err := prompts.LoadJudge(nil, lists)
	if err != nil {
		t.Fatal(err)
	}
	explained := map[string]bool{}
	for line := range strings.Lines(prompt.System) {
		if id, about, ok := strings.Cut(strings.TrimPrefix(strings.TrimSpace(line), "- "), ": "); ok && about != "" && slices.Contains(lists.Schemes, id) {
			explained[id] = true
		}
	}
	if diff := cmp.Diff(slices.Sorted(slices.Values(lists.Schemes)), slices.Sorted(maps.Keys(explained))); diff != "" {
		t.Error(diff)
	}
}

// A sentence of a model reaches a person only if it carries nothing dangerous.
func TestSentencesOfAModelAreHeldToRules(t *testing.T) {
	for _, c := range []struct {
		lang, said string
		kept       bool
	}{
		{"ru", "Просят назвать код из SMS, чтобы войти в банк.", true},
		{"ru", "Пугают уголовным делом и просят перевести деньги на «безопасный счёт».", true},
		{"kk", "Банк қызметкері болып, SMS-код сұрайды.", true},
		{"kk", "Туыс болып жазып, ақшаны «қауіпсіз шотқа» аудартпақ.", true},
		{"kk", "Просят назвать код из SMS.", false},
		{"ru", "Банк қызметкері болып, SMS-код сұрайды.", false},
		{"ru", "They ask for a code.", false},
		{"ru", "Это безопасное сообщение от банка.", false},
		{"ru", "Можно доверять этому человеку.", false},
		{"kk", "Бұл хат шынайы, қауіп жоқ.", false},
		{"ru", "Позвоните в банк по номеру на экране.", false},
		{"ru", "Нужно подтвердить на сайте kaspi-help точка kz.", false},
		{"ru", "Пишут с сайта https://kaspi-help.top", false},
		{"ru", "Просят звонить на +7 700 000 00 11.", false},
		{"ru", "Просят набрать 8 70 00 00 00 11.", false},
		{"ru", "Перевод на карту 4242 4242 4242 4242.", false},
		{"ru", "Просят **код** из SMS.", false},
		{"ru", "Просят <b>код</b> из SMS.", false},
		{"kk", "Кодты маған айтыңыз.", false},
		{"ru", strings.Repeat("Просят код из SMS. ", 20), false},
		{"kk", "Олар картаға тез ақша салып жіберіңізші, кейін түсіндірем дейді", false},
	} {
		o := judgetest.Fraud("romance")
		o.Explanation = c.said
		s := judgetest.Start(t, always(o.Reply()))
		got, err := newJudge(t, s, nil).Judge(t.Context(), detector.Inquiry{Text: message, Lang: c.lang})
		if err != nil {
			t.Fatal(err)
		}
		if (got.Explanation != "") != c.kept {
			t.Errorf("%s %q became %q", c.lang, c.said, got.Explanation)
		}
	}
}

func TestQuestionsOfAModelAskForNothing(t *testing.T) {
	for said, kept := range map[string]bool{
		"Вы уже видели эту квартиру своими глазами?": true,
		"Какой код пришёл вам в SMS, назовите его?":  false,
		"Вы видели эту квартиру":                     false,
	} {
		o := judgetest.Fraud("romance")
		o.Question = said
		s := judgetest.Start(t, always(o.Reply()))
		got, err := newJudge(t, s, nil).Judge(t.Context(), detector.Inquiry{Text: message, Lang: "ru"})
		if err != nil || (got.Question != "") != kept {
			t.Errorf("%q became %q, %v", said, got.Question, err)
		}
	}
}

// Whatever a message makes a model write, nothing of it gets through.
func TestAnObedientModelTellsNothing(t *testing.T) {
	s := judgetest.Start(t, judgetest.Obedient)
	got, err := newJudge(t, s, nil).Judge(t.Context(), inquiry())
	if err != nil {
		t.Fatal(err)
	}
	want := detector.Opinion{Level: detector.NoSigns, Stage: detector.NothingYet}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestWhatNobodySeesIsNotSent(t *testing.T) {
	s := judgetest.Start(t, always(judgetest.Reply{Status: http.StatusTeapot}))
	_, err := newJudge(t, s, nil).Judge(t.Context(), detector.Inquiry{Text: "а\u200bб\U000E0041\U000E0042в\u202eг\x07", Lang: "ru"})
	if err == nil || strings.ContainsAny(s.Requests()[0].Last(), "\u200b\U000E0041\u202e\x07") {
		t.Errorf("sent: %q, %v", s.Requests()[0].Last(), err)
	}
}

func TestALongMessageIsSeenInPart(t *testing.T) {
	s := judgetest.Start(t, always(judgetest.Harmless().Reply()))
	got, err := newJudge(t, s, nil).Judge(t.Context(), detector.Inquiry{Text: strings.Repeat("сәлем ", 4000), Lang: "kk"})
	if err != nil || !got.Partial || len(s.Requests()[0].Fenced()) > 6000 {
		t.Errorf("%+v, %v", got, err)
	}
}

// TestAQuestionIsOneThatYesOrNoAnswers, and it is known which answer speaks for
// fraud: otherwise nothing could be made of it.
func TestAQuestionIsOneThatYesOrNoAnswers(t *testing.T) {
	for _, c := range []struct {
		lang, asked, alarming string
		kept                  bool
	}{
		{"ru", "Вы сами заказывали эту посылку?", "no", true},
		{"ru", "Вы знаете, кто это пишет?", "no", true},
		{"ru", "Просят ли молчать об этом или нет?", "yes", true},
		{"kk", "Бұл адамды бұрыннан танисыз ба?", "no", true},
		{"kk", "Сізді асықтырып жатыр ма?", "yes", true},
		{"ru", "Вы сами заказывали эту посылку?", "", false},
		{"ru", "Вы сами заказывали эту посылку?", "maybe", false},
		{"ru", "Кто вам это написал?", "yes", false},
		{"ru", "С какого номера пишут?", "yes", false},
		{"ru", "Это пишет банк или магазин?", "yes", false},
		{"ru", "Вы ждали посылку? А звонка?", "no", false},
		{"ru", "Вы ждали посылку", "no", false},
		{"kk", "Бұл хабарламаны кім жазды?", "yes", false},
		{"kk", "Банк жазды ма, әлде дүкен жазды ма?", "yes", false},
		{"kk", "Вы сами заказывали эту посылку?", "no", false},
		{"ru", "Вы можете назвать код из SMS?", "no", false},
		{"ru", "Вы уже звонили на +7 700 000 00 11?", "no", false},
		{"ru", "Вы видели сайт bank-kz.example?", "no", false},
		{"ru", "Это безопасный магазин?", "no", false},
		{"ru", "Вы <b>сами</b> писали?", "no", false},
		{"ru", "Вы помните, что " + strings.Repeat("очень ", 30) + "давно заказывали посылку?", "no", false},
	} {
		o := judgetest.Opinion{Verdict: "suspicious", Probability: 0.5, Question: c.asked, Alarming: c.alarming}
		if c.alarming == "" {
			o.Alarming = " "
		}
		s := judgetest.Start(t, always(o.Reply()))
		got, err := newJudge(t, s, nil).Judge(t.Context(), detector.Inquiry{Text: "Здравствуйте, это насчёт вашей брони", Lang: c.lang})
		if err != nil {
			t.Fatal(err)
		}
		if kept := got.Question == c.asked; kept != c.kept || got.Question != "" && !kept || got.AlarmingNo != (c.kept && c.alarming == "no") {
			t.Errorf("%q (%s) became %q, %v", c.asked, c.alarming, got.Question, got.AlarmingNo)
		}
	}
}
