package eval_test

import (
	"testing"

	"github.com/aldanba/aldanba/detector/eval"
)

// TestASecondOpinionSteadiesAWorseJudge asks a second model, as bad as the
// first, where the local verdict is unsure: fewer genuine messages are called
// scam, and no scam is lost by it.
func TestASecondOpinionSteadiesAWorseJudge(t *testing.T) {
	if testing.Short() {
		t.Skip("left out of a short run: under the race detector it takes long, and only one goroutine is at work")
	}
	const draws = 8
	d := newDetector(t)
	examples := doubtful(d, heldOut(t))
	var recall, alarms, strong, brier float64 // with the second opinion, less than without
	for seed := range uint64(draws) {
		first, second := turnedRound(0.2, seed+1), turnedRound(0.2, seed+101)
		one, _ := recordedJudge(t, d, first)
		two, _ := recordedJudge(t, d, first, second)
		_, alone := sides(eval.RunJudged(t.Context(), d, one, examples, eval.JudgedConfig{Together: 4}))
		_, both := sides(eval.RunJudged(t.Context(), d, two, examples, eval.JudgedConfig{Together: 4}))
		recall += (both.Recall() - alone.Recall()) / draws
		alarms += (both.AlarmRate() - alone.AlarmRate()) / draws
		strong += (both.StrongAlarmRate() - alone.StrongAlarmRate()) / draws
		brier += (both.Brier - alone.Brier) / draws
	}
	t.Logf("recall %+.3f, alarms %+.3f, of them scam %+.3f, Brier %+.3f", recall, alarms, strong, brier)
	if recall < -0.015 || alarms > 0.015 || strong > 0.005 || brier > 0.002 {
		t.Errorf("a second opinion makes it worse: recall %+.3f, alarms %+.3f, of them scam %+.3f, Brier %+.3f", recall, alarms, strong, brier)
	}
}
