package detector

import (
	"slices"

	"github.com/aldanba/aldanba/detector/model"
	"github.com/aldanba/aldanba/detector/scheme"
)

// traits is what a rule says to the policy and to the model, worked out once:
// names are compared when the packs are read, not with every message.
type traits struct {
	group   int    // place of its kind among groups; -1 for one that weighs nothing
	stage   int    // place of its stage among Stages; -1 without one
	intent  Intent // none: empty
	schemes []int  // places in the catalogue
	fact    model.Fact
	tells   []string // the schemes that its reason explains; nil: any
	risky   bool     // it is enough to take a message for more than small talk
}

// groups are the kinds whose signals are summed up, each by itself.
var groups = [...]scheme.Kind{scheme.Identity, scheme.Story, scheme.Demand, scheme.Pressure, scheme.Evidence, scheme.Combo, scheme.Counter}

// traitsOf gives the traits of rules in their order.
func traitsOf(rules []*scheme.Rule, catalogue *scheme.Catalogue) []traits {
	all, stages := make([]traits, len(rules)), Stages()
	for i, rule := range rules {
		t := &all[i]
		*t = traits{
			group: slices.Index(groups[:], rule.Kind), stage: -1, intent: Intent(rule.Intent),
			fact: model.FactOf(rule.ID), risky: isRisky(rule),
		}
		if rule.Kind == scheme.Stage {
			t.stage = slices.Index(stages, Stage(rule.Stage))
		}
		if !rule.Added { // who adds a rule has chosen its reason for it
			t.tells = catalogue.Tells[rule.Reason]
		}
		for _, id := range rule.Schemes {
			t.schemes = append(t.schemes, catalogue.Index(id))
		}
	}
	return all
}

// riskyWeight is from which weight on a single signal is enough to take a
// message for more than small talk.
const riskyWeight = 1.0

// isRisky says that a rule hears a story, a demand or a trace.
func isRisky(rule *scheme.Rule) bool {
	switch rule.Kind {
	case scheme.Story, scheme.Demand, scheme.Evidence, scheme.Combo:
		return rule.Weight >= riskyWeight || rule.Floor != ""
	}
	return false
}
