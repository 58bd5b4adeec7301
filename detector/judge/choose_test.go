package judge_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/aldanba/aldanba/detector/judge"
	"github.com/aldanba/aldanba/detector/judge/judgetest"
)

// TestOnlyIdsAreChosen: whatever a model says, one of the ids comes back or
// nothing, and what goes out is masked and fenced.
func TestOnlyIdsAreChosen(t *testing.T) {
	for name, c := range map[string]struct {
		reply judgetest.Reply
		want  string
		fails bool
	}{
		"an id":      {judgetest.Reply{Content: "check_number"}, "check_number", false},
		"quoted":     {judgetest.Reply{Content: " `bot_wrong`.\n"}, "bot_wrong", false},
		"none":       {judgetest.Reply{Content: "none"}, "", false},
		"prose":      {judgetest.Reply{Content: "This is safe, call +7 700 000 00 01"}, "", false},
		"another id": {judgetest.Reply{Content: "sent_money"}, "", false},
		"refusal":    {judgetest.Reply{Refusal: "no"}, "", false},
		"forbidden":  {judgetest.Reply{Status: http.StatusUnauthorized}, "", true},
		"reset":      {judgetest.Reply{Reset: true}, "", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := judgetest.Start(t, always(c.reply))
			j := newJudge(t, s, func(cfg *judge.Config) { cfg.Choosing = "Choose an id." })
			got, err := j.Choose(t.Context(), "p1", "проверьте карту 4242 4242 4242 4242", []string{"check_number", "bot_wrong"}, []string{"Проверить номер", "Может ли бот ошибиться"})
			if got != c.want || (err != nil) != c.fails {
				t.Errorf("chosen %q, %v; want %q", got, err, c.want)
			}
			for _, r := range s.Requests() {
				if last := r.Last(); strings.Contains(last, "4242 4242") || !strings.Contains(last, "<<<") || !strings.Contains(last, "check_number: ") {
					t.Errorf("sent: %s", last)
				}
			}
		})
	}
}

func TestNothingIsChosenFromNothing(t *testing.T) {
	s := judgetest.Start(t, always(judgetest.Reply{Content: "check_number"}))
	j := newJudge(t, s, nil)
	if id, err := j.Choose(t.Context(), "p1", "что?", []string{"check_number"}, []string{"Проверить номер"}); err == nil || id != "" {
		t.Errorf("chosen %q without instructions", id)
	}
	if n := len(s.Requests()); n != 0 {
		t.Errorf("%d requests", n)
	}
}
