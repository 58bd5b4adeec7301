package bot

import (
	"strings"
	"unicode/utf8"

	"github.com/aldanba/aldanba/bot/interview"
	"github.com/aldanba/aldanba/locales"
)

const (
	maxTold    = 120 // letters of an answer that are shown again
	maxSummary = 45  // letters of each when all are shown
)

// screen shows the question before the person, or all answers when there is no
// further question. before is said above.
func (t *turn) screen(d *interview.Draft, before string) Reply {
	q := d.Ask
	if q == "" {
		return t.summary(d)
	}
	var lines []string
	if before != "" {
		lines = append(lines, before, "")
	}
	lines = append(lines, t.askText("progress", map[string]any{"N": q.Number(), "Total": interview.Total()}), t.askText(t.whose("q_"+string(q), d), nil))
	told, noted := t.shown(q, d.Told(q)), t.shown(q, d.Suggested(q))
	var choices []Choice
	switch {
	case noted != "":
		lines = append(lines, "", t.askText("noted", map[string]any{"Answer": cutTo(noted, maxTold)}))
		choices = append(choices, t.toAsk("ready", q, "choice_right"), t.toAsk("wrong", q, "choice_wrong"))
	case told != "":
		lines = append(lines, "", t.askText("told", map[string]any{"Answer": cutTo(told, maxTold)}))
		choices = append(choices, t.toAsk("ready", q, "choice_keep"))
	case q == interview.Originals:
		if n := len(d.Case.Messages); n > 0 {
			lines = append(lines, "", t.Texts.Plural(t.lang(), locales.AskPrefix+"kept", n, nil))
		}
		choices = append(choices, t.toAsk("ready", q, "choice_ready"))
	}
	for _, option := range q.Options() {
		choices = append(choices, Choice{ID: prefixAsk + "pick:" + string(q) + ":" + option, Label: t.askText(string(q)+"_"+option, nil)})
	}
	return Reply{Text: strings.Join(lines, "\n"), Choices: append(append(choices, t.ways(q)...), t.always()...)}
}

// screenOfOriginals acknowledges what was forwarded.
func (t *turn) screenOfOriginals(d *interview.Draft) Reply {
	q := interview.Originals
	return Reply{
		Text:    t.Texts.Plural(t.lang(), locales.AskPrefix+"kept", len(d.Case.Messages), nil),
		Choices: append(append([]Choice{t.toAsk("ready", q, "choice_ready")}, t.ways(q)...), t.always()...),
	}
}

// ways are the choices under every question.
func (t *turn) ways(q interview.Question) []Choice {
	choices := []Choice{t.toAsk("skip", q, "choice_skip")}
	if q.Number() > 1 {
		choices = append(choices, t.toAsk("back", q, "choice_back"))
	}
	return append(choices, Choice{ID: prefixAsk + "stop", Label: t.askText("choice_stop", nil)})
}

func (t *turn) toAsk(what string, q interview.Question, label string) Choice {
	return Choice{ID: prefixAsk + what + ":" + string(q), Label: t.askText(label, nil)}
}

// whose chooses the words for who helps somebody near.
func (t *turn) whose(key string, d *interview.Draft) string {
	if d.Case.Relative {
		return key + relativeWords
	}
	return key
}

// shown gives an answer as a person reads it.
func (t *turn) shown(q interview.Question, answer string) string {
	switch {
	case answer == "":
		return ""
	case q == interview.Way:
		return t.askText("way_"+answer, nil)
	case q == interview.Amount && strings.Trim(answer, "0123456789") == "":
		return grouped(answer) + " " + t.say(locales.PaperPrefix+"currency_KZT", nil)
	}
	return strings.Join(strings.Fields(answer), " ")
}

// summary shows all answers before the papers are made.
func (t *turn) summary(d *interview.Draft) Reply {
	lines := []string{t.askText("check", nil)}
	for _, q := range interview.Questions() {
		answer := cutTo(t.shown(q, d.Told(q)), maxSummary)
		switch {
		case q == interview.Originals && len(d.Case.Messages) == 0:
			answer = t.askText("no_originals", nil)
		case q == interview.Originals:
			answer = t.Texts.Plural(t.lang(), locales.AskPrefix+"pieces", len(d.Case.Messages), nil)
		case q == interview.Amount && d.NoMoney:
			answer = t.askText("amount_none", nil)
		case q == interview.Way && d.NoMoney:
			continue
		case answer == "":
			answer = t.askText("left_blank", nil)
		}
		lines = append(lines, "• "+t.askText("label_"+string(q), nil)+": "+answer)
	}
	choices := []Choice{
		{ID: prefixAsk + "make", Label: t.askText("choice_make", nil)},
		t.toAsk("back", "", "choice_back"),
		{ID: prefixAsk + "stop", Label: t.askText("choice_stop", nil)},
	}
	return Reply{Text: strings.Join(lines, "\n"), Choices: append(choices, t.always()...)}
}

// cutTo cuts a text to so many letters.
func cutTo(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return strings.TrimSpace(string([]rune(s)[:most-1])) + "…"
}

// grouped sets the digits of a sum in threes.
func grouped(digits string) string {
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + " " + digits[i:]
	}
	return digits
}
