package eval_test

import (
	"testing"

	"github.com/aldanba/aldanba/detector"
	"github.com/aldanba/aldanba/detector/eval"
)

// What a judge made worse is what whoever measures it has to read first.
func TestMistakesOfTheJudgeComeFirst(t *testing.T) {
	d := newDetector(t)
	examples := doubtful(d, heldOut(t))
	blind := opinionsOf(t, d, examples).changed(always(detector.NoSigns, 0.01))
	r := eval.RunJudged(t.Context(), d, blind, examples, eval.JudgedConfig{Together: 2, Mistakes: 1000})
	worse := 0
	for i, m := range r.Mistakes {
		if m.Worse {
			worse++
			if m.Judge == nil || m.Judge.Verdict != detector.NoSigns || m.Example.Label != "scam" || i != worse-1 {
				t.Errorf("mistake %d: %+v", i, m)
			}
		} else if m.Example.Label == "scam" && m.Verdict != string(detector.NoSigns) {
			t.Errorf("%+v is no mistake", m)
		}
	}
	if worse == 0 || worse != total(r.Worse) || worse == len(r.Mistakes) {
		t.Errorf("%d of %d mistakes were made worse, counted %v", worse, len(r.Mistakes), r.Worse)
	}
	few := eval.RunJudged(t.Context(), d, blind, examples, eval.JudgedConfig{Together: 2, Mistakes: 3})
	if len(few.Mistakes) != 3 || few.Mistakes[0].Example.ID != r.Mistakes[0].Example.ID {
		t.Errorf("asked for three: %+v", few.Mistakes)
	}
}
