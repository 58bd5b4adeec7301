// Package eval measures a detector against labelled messages.
package eval

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/aldanba/aldanba/detector"
)

// Example is one labelled message, one line of a corpus.
type Example struct {
	ID         string   `json:"id"`
	Text       string   `json:"text"`
	Label      string   `json:"label"` // "scam" or "ham"; anything else is not counted
	Lang       string   `json:"lang"`
	Scheme     string   `json:"scheme"`
	SchemeAlso []string `json:"scheme_also"`
	Split      string   `json:"split"`
	Hard       bool     `json:"hard"` // looks like the other side
}

// HeldOut says that nothing is to be learned from the example: it is there to
// measure.
func (e Example) HeldOut() bool { return e.Split == "test" || e.Split == "exam" }

// Counted tells whether the example is labelled scam or ham.
func (e Example) Counted() bool { return e.Label == "scam" || e.Label == "ham" }

// UnmarshalJSON takes an id of any kind, as check does: 7 is the id "7".
func (e *Example) UnmarshalJSON(data []byte) error {
	type plain Example
	line := struct {
		ID json.RawMessage `json:"id"`
		*plain
	}{plain: (*plain)(e)}
	if err := json.Unmarshal(data, &line); err != nil {
		return err
	}
	if json.Unmarshal(line.ID, &e.ID) != nil {
		e.ID = string(line.ID)
	}
	return nil
}

// Writer gives who wrote the example: the part of its id before the hyphen.
func (e Example) Writer() string {
	writer, _, _ := strings.Cut(e.ID, "-")
	return writer
}

// maxLine is the longest line of a corpus in bytes.
const maxLine = 1 << 20

// Read reads labelled lines. The error names the line of the first mistake.
func Read(name string, r io.Reader) ([]Example, error) {
	var examples []Example
	scanner := bufio.NewScanner(r)
	scanner.Buffer(make([]byte, 0, 64<<10), maxLine)
	line := 1
	for ; scanner.Scan(); line++ {
		data := scanner.Bytes()
		if line == 1 {
			data = bytes.TrimPrefix(data, []byte("\ufeff")) // the mark that some editors put before the first line
		}
		if len(bytes.TrimSpace(data)) == 0 {
			continue
		}
		var e Example
		if err := json.Unmarshal(data, &e); err != nil {
			return nil, fmt.Errorf("%s:%d: the line is not a labelled message: %w", name, line, err)
		}
		if e.Text == "" || e.Label == "" {
			return nil, fmt.Errorf("%s:%d: a labelled line has a text and a label", name, line)
		}
		examples = append(examples, e)
	}
	if err := scanner.Err(); errors.Is(err, bufio.ErrTooLong) {
		return nil, fmt.Errorf("%s:%d: the line is longer than 1 MiB", name, line)
	} else if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return examples, nil
}

// Count is how a detector did on a group of messages.
type Count struct {
	Name         string `json:"name"`
	Scams        int    `json:"scams"`
	Caught       int    `json:"caught"` // scams whose verdict is not no_signs
	Named        int    `json:"named"`  // scams whose verdict is scam
	Genuine      int    `json:"genuine"`
	Alarms       int    `json:"alarms"`        // genuine messages called scam or suspicious
	StrongAlarms int    `json:"strong_alarms"` // genuine messages called scam
	HardGenuine  int    `json:"hard_genuine"`  // genuine messages that look alarming
	HardAlarms   int    `json:"hard_alarms"`   // of them called scam or suspicious
	SchemeFirst  int    `json:"scheme_first"`  // scams whose leading scheme is the labelled one
	SchemeAny    int    `json:"scheme_any"`    // scams whose labelled scheme is among the schemes
	SchemeKnown  int    `json:"scheme_known"`  // scams with a labelled scheme
}

// Plus adds the counts of another group, under the name of the first.
func (c Count) Plus(other Count) Count {
	c.Scams += other.Scams
	c.Caught += other.Caught
	c.Named += other.Named
	c.Genuine += other.Genuine
	c.Alarms += other.Alarms
	c.StrongAlarms += other.StrongAlarms
	c.HardGenuine += other.HardGenuine
	c.HardAlarms += other.HardAlarms
	c.SchemeFirst += other.SchemeFirst
	c.SchemeAny += other.SchemeAny
	c.SchemeKnown += other.SchemeKnown
	return c
}

// Recall is the part of scams that was caught.
func (c Count) Recall() float64 { return ratio(c.Caught, c.Scams) }

// NamedRecall is the part of scams that was called scam.
func (c Count) NamedRecall() float64 { return ratio(c.Named, c.Scams) }

// AlarmRate is the part of genuine messages that raised an alarm.
func (c Count) AlarmRate() float64 { return ratio(c.Alarms, c.Genuine) }

// StrongAlarmRate is the part of genuine messages that were called scam.
func (c Count) StrongAlarmRate() float64 { return ratio(c.StrongAlarms, c.Genuine) }

// HardAlarmRate is the part of alarming genuine messages that raised an alarm.
func (c Count) HardAlarmRate() float64 { return ratio(c.HardAlarms, c.HardGenuine) }

// Precision is the part of alarms that were right.
func (c Count) Precision() float64 { return ratio(c.Caught, c.Caught+c.Alarms) }

// SchemeAccuracy is the part of scams with a known scheme that were led by it.
func (c Count) SchemeAccuracy() float64 { return ratio(c.SchemeFirst, c.SchemeKnown) }

// MarshalJSON writes the rates beside the counts that they are made of.
func (c Count) MarshalJSON() ([]byte, error) {
	type counts Count
	return json.Marshal(struct {
		counts
		Recall          float64 `json:"recall"`
		NamedRecall     float64 `json:"named_recall"`
		AlarmRate       float64 `json:"alarm_rate"`
		StrongAlarmRate float64 `json:"strong_alarm_rate"`
		Precision       float64 `json:"precision"`
		SchemeAccuracy  float64 `json:"scheme_accuracy"`
	}{counts(c), c.Recall(), c.NamedRecall(), c.AlarmRate(), c.StrongAlarmRate(), c.Precision(), c.SchemeAccuracy()})
}

func ratio(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

// Mistake is a message that was judged wrongly.
type Mistake struct {
	Example Example  `json:"example"`
	Verdict string   `json:"verdict"`
	Score   float64  `json:"score"`
	Signals []string `json:"signals"`
}

// Report is the outcome of one run.
type Report struct {
	Overall   Count     `json:"overall"`
	ByLang    []Count   `json:"by_lang"`
	ByScheme  []Count   `json:"by_scheme"`
	Brier     float64   `json:"brier"`      // mean squared error of the score
	PerSecond float64   `json:"per_second"` // messages a second, all cores
	Mistakes  []Mistake `json:"mistakes"`   // the worst first
}

// Run judges every example and counts. Mistakes are given up to most.
func Run(d *detector.Detector, examples []Example, most int) *Report {
	start := time.Now()
	verdicts := checkAll(d, examples)
	took := time.Since(start)

	report := &Report{Overall: Count{Name: "overall"}, Mistakes: []Mistake{}}
	langs, schemes := map[string]*Count{}, map[string]*Count{}
	counted, squares := 0, 0.0
	for i, e := range examples {
		if !e.Counted() {
			continue
		}
		counted++
		truth := 0.0
		if e.Label == "scam" {
			truth = 1
			if e.Scheme != "" {
				schemes[e.Scheme] = count(schemes[e.Scheme], e.Scheme, e, verdicts[i])
			}
		}
		squares += (verdicts[i].Score - truth) * (verdicts[i].Score - truth)
		report.Overall = *count(&report.Overall, "overall", e, verdicts[i])
		if e.Lang != "" {
			langs[e.Lang] = count(langs[e.Lang], e.Lang, e, verdicts[i])
		}
		if mistaken(e, verdicts[i]) {
			report.Mistakes = append(report.Mistakes, mistake(e, verdicts[i]))
		}
	}
	report.Brier = squares / float64(max(counted, 1))
	report.PerSecond = float64(len(examples)) / max(took.Seconds(), 1e-9)
	report.ByLang, report.ByScheme = sorted(langs), sorted(schemes)
	slices.SortStableFunc(report.Mistakes, func(a, b Mistake) int { return cmp.Compare(badness(b), badness(a)) })
	report.Mistakes = report.Mistakes[:max(0, min(most, len(report.Mistakes)))]
	return report
}

// checkAll judges on all cores; the order of the answers is that of the examples.
func checkAll(d *detector.Detector, examples []Example) []*detector.Verdict {
	verdicts := make([]*detector.Verdict, len(examples))
	var group errgroup.Group
	workers := runtime.GOMAXPROCS(0)
	for w := range workers {
		group.Go(func() error {
			for i := w; i < len(examples); i += workers {
				verdicts[i] = d.Check(examples[i].Text)
			}
			return nil
		})
	}
	_ = group.Wait() // the workers return no error
	return verdicts
}

func count(c *Count, name string, e Example, v *detector.Verdict) *Count {
	if c == nil {
		c = &Count{Name: name}
	}
	alarm := v.Level == detector.Scam || v.Level == detector.Suspicious
	if e.Label == "ham" {
		c.Genuine++
		if alarm {
			c.Alarms++
		}
		if v.Level == detector.Scam {
			c.StrongAlarms++
		}
		if e.Hard {
			c.HardGenuine++
		}
		if e.Hard && alarm {
			c.HardAlarms++
		}
		return c
	}
	c.Scams++
	if v.Level != detector.NoSigns {
		c.Caught++
	}
	if v.Level == detector.Scam {
		c.Named++
	}
	if e.Scheme == "" {
		return c
	}
	c.SchemeKnown++
	if v.Scheme == e.Scheme {
		c.SchemeFirst++
	}
	if slices.Contains(v.Schemes, e.Scheme) {
		c.SchemeAny++
	}
	return c
}

func mistaken(e Example, v *detector.Verdict) bool {
	alarm := v.Level == detector.Scam || v.Level == detector.Suspicious
	return e.Label == "scam" && v.Level == detector.NoSigns || e.Label == "ham" && alarm
}

func mistake(e Example, v *detector.Verdict) Mistake {
	m := Mistake{Example: e, Verdict: string(v.Level), Score: v.Score}
	for _, s := range v.Signals {
		m.Signals = append(m.Signals, s.Rule.ID)
	}
	return m
}

// badness puts the surest mistakes first.
func badness(m Mistake) float64 {
	if m.Example.Label == "scam" {
		return 1 - m.Score
	}
	return m.Score
}

func sorted(counts map[string]*Count) []Count {
	list := make([]Count, 0, len(counts))
	for _, c := range counts {
		list = append(list, *c)
	}
	slices.SortFunc(list, func(a, b Count) int { return cmp.Compare(a.Name, b.Name) })
	return list
}
