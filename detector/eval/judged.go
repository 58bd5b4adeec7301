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
	// All compares over all messages, Doubtful over those about which the judge
	// was asked and gave an opinion, Sure over those about which it would not
	// have been asked and was heard nevertheless. In All the judge counts with
	// the local verdict where it gave none.
	All      []Side `json:"all"`
	Doubtful []Side `json:"doubtful"`
	Sure     []Side `json:"sure,omitempty"`
	// Better and Worse count the verdicts that the judge changed towards the
	// label and away from it, by the way in which it stood to the local one.
	Better map[detector.Agreement]int `json:"better"`
	Worse  map[detector.Agreement]int `json:"worse"`
}

// RunJudged judges every example alone and with the judge, so many side by side.
// Everywhere has the judge heard on all of them: what it says where it is not
// asked is compared, and changes no verdict.
func RunJudged(ctx context.Context, d *detector.Detector, judge detector.Judge, examples []Example, together int, everywhere bool) *JudgedReport {
	examples = slices.DeleteFunc(slices.Clone(examples), func(e Example) bool { return e.Label != "scam" && e.Label != "ham" })
	local := checkAll(d, examples)
	opinions := make([]*detector.Opinion, len(examples))
	var group errgroup.Group
	group.SetLimit(together)
	for i, v := range local {
		if !everywhere && !d.Asks(v) {
			continue
		}
		group.Go(func() error {
			lang := "ru"
			if named := v.Lang.String(); named == "kk" || named == "mixed" {
				lang = "kk"
			}
			if o, err := judge.Judge(ctx, d.Inquiry(v, lang, "")); err == nil {
				opinions[i] = &o
			}
			return nil
		})
	}
	_ = group.Wait() // none returns an error
	r := &JudgedReport{Messages: len(examples), Better: map[detector.Agreement]int{}, Worse: map[detector.Agreement]int{}}
	judged, fused := slices.Clone(local), slices.Clone(local)
	for i, v := range local {
		asks, o := d.Asks(v), opinions[i]
		if asks {
			r.Asked++
		}
		if o == nil {
			continue
		}
		judged[i] = &detector.Verdict{Level: o.Level, Score: o.Score, Schemes: o.Schemes}
		if len(o.Schemes) > 0 {
			judged[i].Scheme = o.Schemes[0]
		}
		if !asks {
			continue
		}
		r.Answered++
		fused[i] = d.Fuse(v, *o)
		switch change := (danger(fused[i].Level) - danger(v.Level)) * sign(examples[i]); {
		case change > 0:
			r.Better[fused[i].Agreement]++
		case change < 0:
			r.Worse[fused[i].Agreement]++
		}
	}
	sides := func(counts func(i int) bool) []Side {
		return []Side{side("local", examples, local, counts), side("judge", examples, judged, counts), side("fused", examples, fused, counts)}
	}
	r.All = sides(func(int) bool { return true })
	r.Doubtful = sides(func(i int) bool { return fused[i].Opinion != nil })
	if everywhere {
		r.Sure = sides(func(i int) bool { return opinions[i] != nil && fused[i].Opinion == nil })
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
