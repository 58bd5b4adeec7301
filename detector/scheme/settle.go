package scheme

import "math/bits"

// leaningOrder sorts the rules that lean on others so that each comes after
// the ones it leans on. Rules that lean on each other in a circle keep the
// order of the file: each then sees the other as not holding yet.
func (m *Matcher) leaningOrder() []int32 {
	const white, grey, black = 0, 1, 2
	colour := make([]uint8, len(m.rules))
	var order []int32
	var visit func(int32)
	visit = func(i int32) {
		if colour[i] != white {
			return
		}
		colour[i] = grey
		for _, need := range m.needs[i] {
			for _, j := range need.members() {
				visit(j)
			}
		}
		for _, j := range m.unless[i].members() {
			visit(j)
		}
		colour[i] = black
		if len(m.needs[i]) > 0 || m.unless[i] != nil {
			order = append(order, i)
		}
	}
	for i := range m.rules {
		visit(int32(i))
	}
	return order
}

// wakeLists turns the order round: what has to be decided when a rule holds. A
// rule with a pattern of its own is decided when that has been found. Any other
// waits for the need that the fewest rules can meet: without it, it cannot hold.
// A rule that needs one that comes after it (a circle) sees it as not holding.
func (m *Matcher) wakeLists() [][]int32 {
	wakes, places := make([][]int32, len(m.rules)), make([]int, len(m.rules))
	for i := range places {
		places[i] = -1 // it leans on none and is never in the order
	}
	for place, i := range m.order {
		places[i] = place
	}
	for place, i := range m.order {
		if m.rules[i].hasPattern() {
			wakes[i] = append(wakes[i], int32(place))
			continue
		}
		for _, need := range m.rarestNeed(i, places) {
			for _, j := range need.members() {
				if places[j] < place {
					wakes[j] = addOnce(wakes[j], int32(place))
				}
			}
		}
	}
	return wakes
}

// rarestNeed gives the need of a rule that the fewest rules can meet. In a
// circle, where a rule may hold that wakes nobody, it gives all needs.
func (m *Matcher) rarestNeed(rule int32, places []int) []bitset {
	rarest, fewest := -1, len(m.rules)+1
	for k, need := range m.needs[rule] {
		members := need.members()
		for _, j := range members {
			if places[j] >= places[rule] {
				return m.needs[rule]
			}
		}
		if len(members) < fewest {
			rarest, fewest = k, len(members)
		}
	}
	if rarest < 0 {
		return nil
	}
	return m.needs[rule][rarest : rarest+1]
}

// hasPattern says that words or marks of the text decide, not other rules alone.
func (r *Rule) hasPattern() bool { return len(r.RU)+len(r.KK)+len(r.Any) > 0 }

// settle decides the rules that lean on other rules. Only those are looked at
// of which something that they need, or their own pattern, has been found.
func (m *Matcher) settle(s *scratch) {
	s.waiting = s.waiting.empty(len(m.order))
	for _, rule := range s.firing {
		m.wake(rule, s)
	}
	for w := range s.waiting {
		for s.waiting[w] != 0 {
			bit := bits.TrailingZeros64(s.waiting[w])
			s.waiting[w] &^= 1 << bit
			m.decide(m.order[w*64+bit], s)
		}
	}
}

// wake marks the rules that have to be decided because a rule holds: itself if
// it leans on others, and those that wait for it. Those come later in the order.
func (m *Matcher) wake(rule int32, s *scratch) {
	for _, place := range m.wakes[rule] {
		s.waiting.add(place)
	}
}

// decide says whether a leaning rule holds. Its own pattern, if it has one,
// must have been found before.
func (m *Matcher) decide(i int32, s *scratch) {
	rule, found := m.rules[i], s.fired[i].class == 1
	if !found && rule.hasPattern() {
		return
	}
	where, holds := m.leans(i, s)
	switch {
	case !holds:
		s.fired[i].class = 0
		s.holding.remove(i)
	case !found:
		s.fire(i, where)
		m.wake(i, s)
	}
}

// leans says whether all that a rule needs holds and nothing that it excludes.
// where is the place of a needed rule that gives the same reason, so that a
// quote shows what the reason says; without one there is no place.
func (m *Matcher) leans(i int32, s *scratch) (where span, holds bool) {
	if m.unless[i].meets(s.holding) {
		return where, false
	}
	for _, need := range m.needs[i] {
		if !need.meets(s.holding) {
			return where, false
		}
	}
	for _, j := range m.places[i] {
		if s.holding.has(j) {
			where = s.fired[j]
		}
	}
	return where, true
}
