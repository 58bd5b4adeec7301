package eval

import (
	"context"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/aldanba/aldanba/detector"
)

// Side is how one way of judging did on the same messages as the others.
type Side struct {
	Count
	Brier float64 `json:"brier"`
}

// JudgedReport compares the local detector, a judge and both together.
type JudgedReport struct {
	Messages int `json:"messages"`
	Asked    int `json:"asked"`    // about which the judge was asked
	Answered int `json:"answered"` // and gave an opinion
	// All compares over all messages, Doubtful over those with an opinion. In
	// All the judge counts with the local verdict where it gave none.
	All      []Side `json:"all"`
	Doubtful []Side `json:"doubtful"`
	// Better and Worse count the verdicts that the judge changed towards the
	// label and away from it, by the way in which it stood to the local one.
	Better map[detector.Agreement]int `json:"better"`
	Worse  map[detector.Agreement]int `json:"worse"`
}

// RunJudged judges every example alone and with the judge, so many side by side.
func RunJudged(ctx context.Context, d *detector.Detector, judge detector.Judge, examples []Example, together int) *JudgedReport {
	examples = slices.DeleteFunc(slices.Clone(examples), func(e Example) bool { return e.Label != "scam" && e.Label != "ham" })
	local := checkAll(d, examples)
	fused := make([]*detector.Verdict, len(examples))
	asked := make([]bool, len(examples))
	var group errgroup.Group
	group.SetLimit(together)
	for i, v := range local {
		group.Go(func() error {
			lang := "ru"
			if named := v.Lang.String(); named == "kk" || named == "mixed" {
				lang = "kk"
			}
			asked[i] = d.Asks(v)
			fused[i], _ = d.Consult(ctx, judge, v, lang, "") // without an opinion it is the local verdict
			return nil
		})
	}
	_ = group.Wait() // none returns an error
	r := &JudgedReport{Messages: len(examples), Better: map[detector.Agreement]int{}, Worse: map[detector.Agreement]int{}}
	judged := make([]*detector.Verdict, len(examples))
	for i, v := range fused {
		if asked[i] {
			r.Asked++
		}
		judged[i] = local[i]
		if o := v.Opinion; o != nil {
			r.Answered++
			judged[i] = &detector.Verdict{Level: o.Level, Score: o.Score, Schemes: o.Schemes}
			if len(o.Schemes) > 0 {
				judged[i].Scheme = o.Schemes[0]
			}
		}
		switch change := (danger(v.Level) - danger(local[i].Level)) * sign(examples[i]); {
		case change > 0:
			r.Better[v.Agreement]++
		case change < 0:
			r.Worse[v.Agreement]++
		}
	}
	always := func(int) bool { return true }
	heard := func(i int) bool { return fused[i].Opinion != nil }
	for _, way := range []struct {
		name     string
		verdicts []*detector.Verdict
	}{{"local", local}, {"judge", judged}, {"fused", fused}} {
		r.All = append(r.All, side(way.name, examples, way.verdicts, always))
		r.Doubtful = append(r.Doubtful, side(way.name, examples, way.verdicts, heard))
	}
	return r
}

// sign says in which direction a verdict on the example becomes better.
func sign(e Example) int {
	if e.Label == "scam" {
		return 1
	}
	return -1
}

func danger(level detector.Level) int {
	switch level {
	case detector.Scam:
		return 2
	case detector.Suspicious:
		return 1
	}
	return 0
}

func side(name string, examples []Example, verdicts []*detector.Verdict, counts func(int) bool) Side {
	s := Side{Count: Count{Name: name}}
	squares, n := 0.0, 0
	for i, e := range examples {
		if !counts(i) {
			continue
		}
		s.Count = *count(&s.Count, name, e, verdicts[i])
		truth := float64(1+sign(e)) / 2
		squares += (verdicts[i].Score - truth) * (verdicts[i].Score - truth)
		n++
	}
	s.Brier = squares / float64(max(n, 1))
	return s
}
