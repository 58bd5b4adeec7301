package eval

import (
	"cmp"
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
	// Mistakes are those of both together: first what the judge made worse, then
	// the surest.
	Mistakes []JudgedMistake `json:"mistakes"`
}

// JudgedMistake is a message that was judged wrongly with the judge.
type JudgedMistake struct {
	Mistake
	Local Judgement  `json:"local"`
	Judge *Judgement `json:"judge,omitempty"` // nil: it gave no opinion
	Worse bool       `json:"worse"`           // the judge changed the verdict, away from the label
}

// Judgement is one of the verdicts that were put together.
type Judgement struct {
	Verdict detector.Level `json:"verdict"`
	Score   float64        `json:"score"`
}

// JudgedConfig says how to measure with a judge.
type JudgedConfig struct {
	Together   int  // how many messages are judged side by side
	Everywhere bool // the judge is heard on every message: where it is not asked it is compared, and changes nothing
	Mistakes   int  // how many are given at most
}

// RunJudged judges every example alone and with the judge.
func RunJudged(ctx context.Context, d *detector.Detector, judge detector.Judge, examples []Example, c JudgedConfig) *JudgedReport {
	examples = slices.DeleteFunc(slices.Clone(examples), func(e Example) bool { return e.Label != "scam" && e.Label != "ham" })
	local := checkAll(d, examples)
	opinions := make([]*detector.Opinion, len(examples))
	var group errgroup.Group
	group.SetLimit(c.Together)
	for i, v := range local {
		if !c.Everywhere && !d.Asks(v) {
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
		switch change := changed(examples[i], v, fused[i]); {
		case change > 0:
			r.Better[fused[i].Agreement]++
		case change < 0:
			r.Worse[fused[i].Agreement]++
		}
	}
	r.Mistakes = judgedMistakes(examples, local, fused)
	r.Mistakes = r.Mistakes[:max(0, min(c.Mistakes, len(r.Mistakes)))]
	sides := func(counts func(i int) bool) []Side {
		return []Side{side("local", examples, local, counts), side("judge", examples, judged, counts), side("fused", examples, fused, counts)}
	}
	r.All = sides(func(int) bool { return true })
	r.Doubtful = sides(func(i int) bool { return fused[i].Opinion != nil })
	if c.Everywhere {
		r.Sure = sides(func(i int) bool { return opinions[i] != nil && fused[i].Opinion == nil })
	}
	return r
}

// judgedMistakes gives all mistakes of the fused verdicts in their order.
func judgedMistakes(examples []Example, local, fused []*detector.Verdict) []JudgedMistake {
	list := []JudgedMistake{}
	for i, e := range examples {
		worse := changed(e, local[i], fused[i]) < 0
		if !worse && !mistaken(e, fused[i]) {
			continue
		}
		m := JudgedMistake{Mistake: mistake(e, fused[i]), Local: Judgement{local[i].Level, local[i].Score}, Worse: worse}
		if o := fused[i].Opinion; o != nil {
			m.Judge = &Judgement{o.Level, o.Score}
		}
		list = append(list, m)
	}
	slices.SortStableFunc(list, func(a, b JudgedMistake) int {
		if a.Worse != b.Worse {
			return map[bool]int{true: -1, false: 1}[a.Worse]
		}
		return cmp.Compare(badness(b.Mistake), badness(a.Mistake))
	})
	return list
}

// changed says by how many levels a verdict was changed towards the label.
func changed(e Example, from, to *detector.Verdict) int {
	return (to.Level.Danger() - from.Level.Danger()) * sign(e)
}

// sign says in which direction a verdict on the example becomes better.
func sign(e Example) int {
	if e.Label == "scam" {
		return 1
	}
	return -1
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
