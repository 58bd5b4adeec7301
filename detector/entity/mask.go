package entity

import "sort"

// Mask is a redacted text that remembers where its parts come from.
type Mask struct {
	Text string

	rounds []*cuts
}

// Mask redacts like Redact.
func (f *Finder) Mask(s string) *Mask {
	m := &Mask{}
	m.Text = f.redact(s, m)
	return m
}

// Source gives the bytes of the original text that the bytes from start to end
// of the redacted one stand for. What was masked is taken whole.
func (m *Mask) Source(start, end int) (from, to int) {
	from, to = start, end
	for i := len(m.rounds) - 1; i >= 0; i-- {
		from, to = m.rounds[i].before(from, false), m.rounds[i].before(to, true)
	}
	return from, to
}

// round begins to note the cuts of one more look at the text; nil notes none.
func (m *Mask) round() *cuts {
	if m == nil {
		return nil
	}
	m.rounds = append(m.rounds, &cuts{})
	return m.rounds[len(m.rounds)-1]
}

// cuts are the parts of a text that one look has replaced, in their order.
type cuts []cut

// cut is a replaced part: its bytes before and after.
type cut struct{ from, to, outFrom, outTo int }

func (c *cuts) add(from, to, outFrom, outTo int) {
	if c != nil {
		*c = append(*c, cut{from, to, outFrom, outTo})
	}
}

// before gives the place in the text before the look of a place after it. A
// place within a replaced part becomes its beginning or its end.
func (c *cuts) before(place int, end bool) int {
	all := *c
	i := sort.Search(len(all), func(i int) bool { return all[i].outTo > place || all[i].outTo == place && end })
	shift := 0
	if i > 0 {
		shift = all[i-1].to - all[i-1].outTo
	}
	if i < len(all) && (place > all[i].outFrom || place == all[i].outFrom && !end) {
		if end {
			return all[i].to
		}
		return all[i].from
	}
	return place + shift
}
