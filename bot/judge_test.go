package bot_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/aldanba/aldanba/bot"
	"github.com/aldanba/aldanba/detector"
	"github.com/aldanba/aldanba/locales"
)

// salon is a message that newDoubting is not sure about.
const salon = "Айжан, запись к Лейле в субботу на 14:00. Возьмите семнадцать бантов, звоните +7 700 000 00 12"

// judging answers as it is told.
type judging struct {
	opinion detector.Opinion
	err     error
	asked   []detector.Inquiry
}

func (j *judging) Judge(_ context.Context, q detector.Inquiry) (detector.Opinion, error) {
	j.asked = append(j.asked, q)
	return j.opinion, j.err
}

func newJudged(t *testing.T, j *judging) *bot.Bot {
	t.Helper()
	d := newDoubting(t)
	parts := newConfig(t, bot.NewMemorySessions())
	parts.Checker, parts.Judge, parts.Adviser = d, j, d
	return bot.New(parts)
}

func phraseOf(t *testing.T, lang, key string) string {
	t.Helper()
	texts, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(texts.Text(lang, key, nil))
}

// fraud is the opinion of a judge that sees a scam.
func fraud() detector.Opinion {
	return detector.Opinion{Level: detector.Scam, Score: 0.97, Schemes: []string{"prize_lottery"}, Explanation: "Обещают приз, чтобы узнать данные."}
}

func TestAnAnswerThatAJudgeMayChangeSaysSo(t *testing.T) {
	checking := phraseOf(t, "ru", "still_judging")
	for name, c := range map[string]struct {
		opinion  detector.Opinion
		err      error
		marks    []string // of the replies after the judge was heard
		replaces []bool
		says     string
	}{
		"lower":    {detector.Opinion{Level: detector.NoSigns, Score: 0.03}, nil, []string{"⚪"}, []bool{true}, ""},
		"the same": {detector.Opinion{Level: detector.Suspicious, Score: 0.5}, nil, []string{"🟡"}, []bool{true}, ""},
		"higher":   {fraud(), nil, []string{phraseOf(t, "ru", "read_below"), "🔴"}, []bool{true, false}, "Это написал искусственный интеллект: Обещают приз"},
		"none":     {detector.Opinion{}, errors.New("down"), []string{"🟡"}, []bool{true}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			j := &judging{opinion: c.opinion, err: c.err}
			b := newJudged(t, j)
			event := bot.Event{Person: "p", Messages: said(salon)}
			first, err := b.Handle(t.Context(), event)
			if err != nil || !first.Judging || !strings.HasPrefix(first.Replies[0].Text, checking+"\n🟡") || !first.Replies[0].Verdict {
				t.Fatalf("%+v, %v", first, err)
			}
			if len(j.asked) > 0 {
				t.Error("the person waited for the judge")
			}
			event.Earlier = &bot.Earlier{Level: first.Level, Judged: true, Opinion: b.Opinion(t.Context(), event)}
			if q := j.asked[0]; q.Person != "p" || q.Lang != "ru" || strings.Contains(q.Text, "00 12") {
				t.Errorf("asked %+v", q)
			}
			last, err := b.Handle(t.Context(), event)
			if err != nil || last.Judging || len(last.Replies) != len(c.marks) {
				t.Fatalf("%+v, %v", last, err)
			}
			for i, r := range last.Replies {
				if !strings.HasPrefix(r.Text, c.marks[i]) || r.Replace != c.replaces[i] || strings.Contains(r.Text, checking) {
					t.Errorf("reply %d: %+v", i, r)
				}
			}
			if text := last.Replies[len(last.Replies)-1].Text; c.says != "" && !strings.Contains(text, c.says) {
				t.Errorf("%q does not say %q", text, c.says)
			}
		})
	}
}

func TestWhereAnAnswerCannotChangeTheJudgeIsHeardFirst(t *testing.T) {
	b := newJudged(t, &judging{opinion: fraud()})
	b.JudgeFirst = true
	answer, err := b.Handle(t.Context(), bot.Event{Messages: said(salon)})
	if err != nil || answer.Judging || len(answer.Replies) != 1 || !strings.HasPrefix(answer.Replies[0].Text, "🔴") {
		t.Errorf("%+v, %v", answer, err)
	}
}

func TestNoJudgeHearsOfWhatIsNoneOfItsBusiness(t *testing.T) {
	for name, event := range map[string]bot.Event{
		"a group":       {Group: true, Messages: said(salon)},
		"a greeting":    {Messages: said("Привет")},
		"an emergency":  {Messages: said("Я назвала им код из смс")},
		"danger":        {Messages: said("не хочу больше жить")},
		"a wish":        {Messages: said("забудь меня")},
		"files to come": {Messages: []bot.Message{{Text: salon, Files: []bot.File{{Kind: bot.Picture}}}}},
	} {
		j := &judging{}
		b := newJudged(t, j)
		answer, _ := b.Handle(t.Context(), event)
		if answer.Judging {
			t.Errorf("%s is judged", name)
		}
		if event.Group && (b.Opinion(t.Context(), event) != nil || len(j.asked) > 0) {
			t.Error("a group's words went to a judge")
		}
	}
}

func TestPrivacyNamesTheJudge(t *testing.T) {
	for _, lang := range locales.Languages() {
		b := newJudged(t, &judging{})
		reply := say(t, b, bot.Event{Lang: lang, Choice: bot.ChoicePrivacy})[0]
		if !strings.Contains(reply.Text, phraseOf(t, lang, "privacy_judge")) {
			t.Errorf("%s: %q", lang, reply.Text)
		}
	}
}
