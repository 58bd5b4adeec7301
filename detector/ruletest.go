package detector

import (
	"fmt"
	"slices"

	"github.com/aldanba/aldanba/detector/scheme"
)

// TestRules checks every rule against its own examples and gives a sentence,
// with file and line, for each example that does not behave.
func (d *Detector) TestRules() []string {
	var failures []string
	for _, rule := range d.matcher.Rules() {
		for _, group := range []struct {
			examples []string
			want     bool
		}{{rule.MatchRU, true}, {rule.MatchKK, true}, {rule.RejectRU, false}, {rule.RejectKK, false}} {
			for _, example := range group.examples {
				if d.holds(rule, example) != group.want {
					failures = append(failures, fmt.Sprintf("%s:%d: rule %s: %s %q",
						rule.Pack, rule.Line, rule.ID, verb(group.want), example))
				}
			}
		}
	}
	return failures
}

func verb(want bool) string {
	if want {
		return "must match but does not:"
	}
	return "must not match but does:"
}

func (d *Detector) holds(rule *scheme.Rule, example string) bool {
	return slices.ContainsFunc(d.Check(example).Signals, func(s Signal) bool { return s.Rule == rule })
}
