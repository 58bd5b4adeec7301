package eval_test

import (
	"math"
	"os"
	"testing"

	"github.com/pelletier/go-toml/v2"

	"github.com/aldanba/aldanba/detector/eval"
)

// weights are those of the policy: bias + local × log-odds of ours + judge ×
// log-odds of the judge.
type weights struct{ Local, Judge, Bias, Bound float64 }

func (w weights) together(local, judge float64) float64 {
	return 1 / (1 + math.Exp(-(w.Bias + w.Local*w.odds(local) + w.Judge*w.odds(judge))))
}

func (w weights) odds(probability float64) float64 {
	probability = min(max(probability, 1e-6), 1-1e-6)
	return min(max(math.Log(probability/(1-probability)), -w.Bound), w.Bound)
}

// pair is what both say of a message, and the truth.
type pair struct{ local, judge, truth float64 }

// fitted gives the weights under which the truth is likeliest.
func fitted(pairs []pair, bound float64) weights {
	const steps, rate = 1500, 0.2
	w := weights{Bound: bound}
	for range steps {
		var local, judge, bias float64
		for _, p := range pairs {
			missed := p.truth - w.together(p.local, p.judge)
			local, judge, bias = local+missed*w.odds(p.local), judge+missed*w.odds(p.judge), bias+missed
		}
		step := rate / float64(len(pairs))
		w.Local, w.Judge, w.Bias = w.Local+step*local, w.Judge+step*judge, w.Bias+step*bias
	}
	return w
}

func (w weights) brier(pairs []pair) (squares float64) {
	for _, p := range pairs {
		missed := p.truth - w.together(p.local, p.judge)
		squares += missed * missed / float64(len(pairs))
	}
	return squares
}

// TestWeightsOfTheJudgeAreFitted fits the weights on one half of the messages
// about which a judge is asked and looks at the other half: there those of
// policy.toml must do about as well. After a change of the recording or of the
// model that fails it, take over the weights that it logs.
func TestWeightsOfTheJudgeAreFitted(t *testing.T) {
	if testing.Short() {
		t.Skip("left out of a short run: under the race detector it takes long, and only one goroutine is at work")
	}
	data, err := os.ReadFile("../policy.toml")
	if err != nil {
		t.Fatal(err)
	}
	var policy struct{ Judge weights }
	if err := toml.Unmarshal(data, &policy); err != nil || policy.Judge.Bound == 0 {
		t.Fatalf("%+v, %v", policy, err)
	}
	d := newDetector(t)
	examples := doubtful(d, heldOut(t))
	recorded := opinionsOf(t, d, examples)
	var halves [2][]pair
	var messages [2][]eval.Example
	judges := []opinions{recorded, recorded.changed(turnedRound(0.1, 1)), recorded.changed(turnedRound(0.2, 2))}
	for _, e := range examples {
		v := d.Check(e.Text)
		place := numberOf(e.Text) % 2
		messages[place] = append(messages[place], e)
		truth := map[string]float64{"scam": 1}[e.Label]
		for _, j := range judges {
			if o, err := j.Judge(t.Context(), d.Inquiry(v, "ru", "")); err == nil {
				halves[place] = append(halves[place], pair{v.Score, o.Score, truth})
			}
		}
	}
	for i, half := range halves {
		other := halves[1-i]
		if len(half) < 100 {
			t.Fatalf("only %d opinions in a half", len(half))
		}
		best := fitted(half, policy.Judge.Bound)
		own, apart := policy.Judge.brier(other), best.brier(other)
		t.Logf("fitted on %d opinions of half %d: %+v; on the other half Brier %.4f, with the policy %.4f, local alone %.4f, judge alone %.4f",
			len(half), i, best, apart, own, weights{Local: 1, Bound: 20}.brier(other), weights{Judge: 1, Bound: 20}.brier(other))
		if own > apart+0.015 {
			t.Errorf("on half %d the policy has the Brier score %.4f, weights fitted on the other half %.4f: %+v", 1-i, own, apart, best)
		}
		for name, judge := range map[string]opinions{"as recorded": judges[0], "wrong in a tenth": judges[1], "wrong in two tenths": judges[2]} {
			r := eval.RunJudged(t.Context(), d, judge, messages[i], eval.JudgedConfig{Together: 4})
			for _, side := range r.Doubtful {
				t.Logf("half %d, %s, %s: caught %.1f %% of %d, named %.1f %%, alarms %.1f %% of %d, hard %.1f %%, scam %.1f %%, Brier %.3f; better %d, worse %d", i, name, side.Name,
					100*side.Recall(), side.Scams, 100*side.NamedRecall(), 100*side.AlarmRate(), side.Genuine, 100*side.HardAlarmRate(), 100*side.StrongAlarmRate(), side.Brier, total(r.Better), total(r.Worse))
			}
			if local, fused := sides(r); fused.Recall() < local.Recall()-0.03 {
				t.Errorf("half %d, %s: recall %.3f, locally %.3f", i, name, fused.Recall(), local.Recall())
			}
		}
	}
	both := fitted(append(halves[0], halves[1]...), policy.Judge.Bound)
	t.Logf("fitted on all: %+v", both)
	if math.Abs(both.Local-policy.Judge.Local) > 0.3 || math.Abs(both.Judge-policy.Judge.Judge) > 0.3 || math.Abs(both.Bias-policy.Judge.Bias) > 0.7 {
		t.Errorf("the policy has %+v, the recording speaks for %+v", policy.Judge, both)
	}
}
