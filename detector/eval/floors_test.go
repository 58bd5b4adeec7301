package eval_test

import (
	"testing"

	"github.com/aldanba/aldanba/detector"
	"github.com/aldanba/aldanba/detector/eval"
)

// ofSplit gives the messages of a split.
func ofSplit(t *testing.T, split string, least int) []eval.Example {
	t.Helper()
	var examples []eval.Example
	for _, l := range readCorpus(t) {
		if l.Split == split {
			examples = append(examples, l.example())
		}
	}
	if len(examples) < least {
		t.Fatalf("only %d messages are of the split %s", len(examples), split)
	}
	return examples
}

// heldOut gives the messages that neither the authors of rules nor the learned
// model have seen.
func heldOut(t *testing.T) []eval.Example { return ofSplit(t, "test", 600) }

// floor is a figure with the least that it may be.
type floor struct {
	name       string
	value, min float64
}

func holdFloors(t *testing.T, floors []floor) {
	t.Helper()
	for _, f := range floors {
		if f.value < f.min {
			t.Errorf("%s is %.3f, the floor is %.3f", f.name, f.value, f.min)
		}
	}
}

// TestQualityHoldsItsFloors keeps quality from falling unnoticed. The floors
// stand a little below what was measured; raise them when quality rises.
func TestQualityHoldsItsFloors(t *testing.T) {
	d, err := detector.New(detector.Config{})
	if err != nil {
		t.Fatal(err)
	}
	report := eval.Run(d, heldOut(t), 0)
	c := report.Overall
	holdFloors(t, []floor{
		{"recall", c.Recall(), 0.875},
		{"recall of the verdict scam", c.NamedRecall(), 0.745},
		{"genuine messages without alarm", 1 - c.AlarmRate(), 0.87},
		{"genuine messages not called scam", 1 - c.StrongAlarmRate(), 0.945},
		{"leading scheme", float64(c.SchemeFirst) / float64(c.SchemeKnown), 0.73},
		{"any scheme", float64(c.SchemeAny) / float64(c.SchemeKnown), 0.82},
		{"one less the Brier score", 1 - report.Brier, 0.91},
	})
	t.Logf("recall %.3f, named %.3f, alarms %.3f, of them scam %.3f, Brier %.3f",
		c.Recall(), c.NamedRecall(), c.AlarmRate(), c.StrongAlarmRate(), report.Brier)
}

// TestTheExamIsPassed measures on messages of which only the totals were ever
// looked at, also when numbers of the learning were chosen.
func TestTheExamIsPassed(t *testing.T) {
	d, err := detector.New(detector.Config{})
	if err != nil {
		t.Fatal(err)
	}
	c := eval.Run(d, ofSplit(t, "exam", 200), 0).Overall
	holdFloors(t, []floor{
		{"recall", c.Recall(), 0.84},
		{"recall of the verdict scam", c.NamedRecall(), 0.68},
		{"genuine messages without alarm", 1 - c.AlarmRate(), 0.90},
		{"genuine messages not called scam", 1 - c.StrongAlarmRate(), 0.98},
	})
}

// TestEveryLanguageIsCaught keeps Kazakh from falling behind in any spelling.
func TestEveryLanguageIsCaught(t *testing.T) {
	d, err := detector.New(detector.Config{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range eval.Run(d, heldOut(t), 0).ByLang {
		if c.Scams >= 20 && c.Recall() < 0.80 {
			t.Errorf("%s: recall %.3f of %d scams", c.Name, c.Recall(), c.Scams)
		}
	}
}

// TestRulesAloneHoldTheirFloor keeps the rules useful without the learned model.
func TestRulesAloneHoldTheirFloor(t *testing.T) {
	d, err := detector.New(detector.Config{RulesOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	c := eval.Run(d, heldOut(t), 0).Overall
	if c.Recall() < 0.66 || c.AlarmRate() > 0.165 {
		t.Errorf("rules alone: recall %.3f, alarms %.3f", c.Recall(), c.AlarmRate())
	}
}
