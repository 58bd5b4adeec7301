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
		{"ru", "мне сегодня звонили из банка, зачем?", []string{"Нет", "Нет"}, "Подозрительного меньше"},
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

// TestAQuestionOfTheJudge: where we have no better one, the judge's is asked,
// marked as its own. Its answers raise the verdict, or leave it; alone they calm
// nobody.
func TestAQuestionOfTheJudge(t *testing.T) {
	question := "Вы сами записывались к этому мастеру?"
	opinion := detector.Opinion{Level: detector.Suspicious, Score: 0.5, Question: question, AlarmingNo: true}
	marked := strings.ReplaceAll(phraseOf(t, "ru", "judge_asks"), "<no value>", "") + question
	for _, tt := range []struct {
		answer, want string
		more         bool // one question of ours follows
	}{
		{"Нет", "🔴", false},
		{"Да", "🟡", true},
		{"Не знаю", "🟡", true},
	} {
		b := newJudged(t, &judging{opinion: opinion})
		b.JudgeFirst = true
		first := handle(t, b, bot.Event{Person: "p", Messages: said(salon)}).Replies[0]
		if !strings.HasSuffix(first.Text, marked) {
			t.Fatalf("the question is not asked as the judge's:\n%s", first.Text)
		}
		reply := pressLabel(t, b, first, tt.answer)
		if !strings.HasPrefix(reply.Text, tt.want) || strings.HasPrefix(reply.Choices[0].ID, "clarify:") != tt.more || strings.Contains(reply.Text, question) {
			t.Errorf("%s is told:\n%s\n%v", tt.answer, reply.Text, reply.Choices)
		}
	}
}

// TestOurOwnQuestionIsBetter: a scheme that is known has questions of its own.
func TestOurOwnQuestionIsBetter(t *testing.T) {
	opinion := detector.Opinion{Level: detector.Suspicious, Score: 0.5, Schemes: []string{"rental_prepayment"}, Question: "Вы сами записывались к этому мастеру?"}
	b := newJudged(t, &judging{opinion: opinion})
	b.JudgeFirst = true
	reply := handle(t, b, bot.Event{Person: "p", Messages: said(salon)}).Replies[0]
	if !strings.Contains(reply.Text, phraseOf(t, "ru", "clarify_money")) || strings.Contains(reply.Text, opinion.Question) {
		t.Errorf("it is asked:\n%s", reply.Text)
	}
}

// TestAStageThatOnlyTheJudgeHasHeardIsAsked: it leads to the first minutes, and
// is never taken for certain.
func TestAStageThatOnlyTheJudgeHasHeardIsAsked(t *testing.T) {
	for _, lang := range []string{"ru", "kk"} {
		for _, stage := range detector.Stages() {
			opinion := detector.Opinion{Level: detector.Suspicious, Score: 0.5, Stage: stage, Question: "Вы сами записывались?"}
			b := newJudged(t, &judging{opinion: opinion})
			b.JudgeFirst = true
			handle(t, b, bot.Event{Person: "p", Choice: "language:" + lang})
			answer := handle(t, b, bot.Event{Person: "p", Messages: said(salon)})
			first := answer.Replies[0]
			if stage == detector.NothingYet {
				if strings.HasPrefix(first.Choices[0].ID, "aid:") {
					t.Errorf("nothing has happened, and it is asked:\n%s", first.Text)
				}
				continue
			}
			if ask := phraseOf(t, lang, "ask_if_"+string(stage)); first.Urgent || !strings.HasPrefix(first.Text, "🟡") || !strings.HasSuffix(first.Text, ask) {
				t.Errorf("%s: not asked:\n%s", stage, first.Text)
			}
			if yes := pressLabel(t, b, first, phraseOf(t, lang, "choice_yes")); !strings.HasPrefix(yes.Choices[0].ID, "aid:") {
				t.Errorf("%s: yes leads to\n%s", stage, yes.Text)
			}
			if no := pressLabel(t, b, first, phraseOf(t, lang, "choice_no")); !strings.HasPrefix(no.Text, phraseOf(t, lang, "stage_lead_nothing_yet")) {
				t.Errorf("%s: no leads to\n%s", stage, no.Text)
			}
		}
	}
}

func TestForgedAnswersAreStale(t *testing.T) {
	b := newBot(t, bot.NewMemorySessions())
	stale := handle(t, b, bot.Event{Person: "p", Choice: "no_such_choice"}).Replies[0].Text
	for _, id := range []string{"clarify:", "clarify:..", "clarify:romance..", "clarify:romance..xy", "clarify:romance..mymymy", "clarify:romance..mz", "clarify:nothing..my", "clarify:romance.j.", "clarify:..jyjy"} {
		if got := handle(t, b, bot.Event{Person: "p", Choice: id}).Replies[0].Text; got != stale {
			t.Errorf("%s is told:\n%s", id, got)
		}
	}
}
