package bot_test

import (
	"strings"
	"testing"

	"github.com/aldanba/aldanba/bot"
	"github.com/aldanba/aldanba/detector"
)

// pressLabel answers the question under a reply with the button of a label.
func pressLabel(t *testing.T, b *bot.Bot, r bot.Reply, label string) bot.Reply {
	t.Helper()
	for _, c := range r.Choices {
		if c.Label == label {
			return handle(t, b, bot.Event{Person: "p", Choice: c.ID}).Replies[0]
		}
	}
	t.Fatalf("no %q under %+v", label, r)
	return bot.Reply{}
}

// TestOneQuestionAtATimeAfterASuspicion: the answers raise the verdict or make it
// less suspicious, never harmless, and after two questions it is asked what has
// happened.
func TestOneQuestionAtATimeAfterASuspicion(t *testing.T) {
	config := newConfig(t, nil)
	for _, tt := range []struct {
		lang, message string
		answers       []string
		want          string
	}{
		{"ru", "мне позвонили из банка, что делать?", []string{"Да"}, "🔴"},
		{"ru", "звонили из банка сегодня что мне делать", []string{"Нет", "Нет"}, "Подозрительного меньше"},
		{"ru", "мне позвонили из банка, что делать?", []string{"Не знаю", "Не знаю"}, "🟡 Подозрительно, похоже"},
		{"kk", "маған банктен қоңырау шалды, не істеймін?", []string{"Иә"}, "🔴"},
		{"kk", "Біреу банктенмін деп телефон соқты", []string{"Жоқ", "Жоқ"}, "Күмәнді белгі азайды"},
	} {
		config.Sessions = bot.NewMemorySessions()
		b := bot.New(config)
		handle(t, b, bot.Event{Person: "p", Choice: "language:" + tt.lang})
		answer := handle(t, b, bot.Event{Person: "p", Messages: said(tt.message)})
		if answer.Level != detector.Suspicious {
			t.Fatalf("%q is %s", tt.message, answer.Level)
		}
		reply := answer.Replies[0]
		for _, label := range tt.answers {
			b = bot.New(config) // a restart in between
			reply = pressLabel(t, b, reply, label)
		}
		if !strings.HasPrefix(reply.Text, tt.want) && !strings.Contains(strings.SplitN(reply.Text, "\n", 2)[0], tt.want) || strings.Contains(reply.Text, "⚪") {
			t.Errorf("%q after %v:\n%s", tt.message, tt.answers, reply.Text)
		}
		for _, c := range reply.Choices {
			if strings.HasPrefix(c.ID, "clarify:") {
				t.Errorf("%q after %v: one more question %s", tt.message, tt.answers, reply.Text)
			}
		}
	}
}

func TestForgedAnswersAreStale(t *testing.T) {
	b := newBot(t, bot.NewMemorySessions())
	stale := handle(t, b, bot.Event{Person: "p", Choice: "no_such_choice"}).Replies[0].Text
	for _, id := range []string{"clarify:", "clarify:..", "clarify:romance..", "clarify:romance..xy", "clarify:romance..mymymy", "clarify:romance..mz", "clarify:nothing..my"} {
		if got := handle(t, b, bot.Event{Person: "p", Choice: id}).Replies[0].Text; got != stale {
			t.Errorf("%s is told:\n%s", id, got)
		}
	}
}
