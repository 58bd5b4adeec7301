package metrics

import "github.com/aldanba/aldanba/detector/judge"

// Judged counts a question to the judge, what it cost and how long it took.
func (m *Metrics) Judged(e judge.Event) {
	m.opinions.WithLabelValues(e.Model, string(e.Result)).Observe(e.Took.Seconds())
	m.tokens.WithLabelValues(e.Model, "in").Add(float64(e.Usage.In))
	m.tokens.WithLabelValues(e.Model, "out").Add(float64(e.Usage.Out))
	m.cost.WithLabelValues(e.Model).Add(e.Cost)
}
