package detector

import (
	"slices"

	"github.com/aldanba/aldanba/detector/entity"
	"github.com/aldanba/aldanba/detector/link"
	"github.com/aldanba/aldanba/detector/scheme"
)

// Advice gives the steps for a verdict: what has happened decides before what
// kind of scheme it is.
func (d *Detector) Advice(level Level, schemeID string, stage Stage, relative bool) []string {
	if stage != NothingYet {
		if entry, ok := d.catalogue.Stage(string(stage)); ok {
			if relative {
				return entry.StepsRelative
			}
			return entry.Steps
		}
	}
	if entry, ok := d.catalogue.Scheme(schemeID); ok {
		return entry.Steps
	}
	if level == Scam {
		level = Suspicious
	}
	return d.catalogue.Verdict[string(level)]
}

// steps gives the steps for a verdict on a message: those that answer what the
// message asks for come before those against what such swindlers ask otherwise,
// and nobody is warned of a link where there is none.
func (d *Detector) steps(v *Verdict) []string {
	steps := d.Advice(v.Level, v.Scheme, v.Stage, v.Relative)
	switch {
	case v.Stage != NothingYet:
		return steps
	case v.Level == NoSigns && slices.ContainsFunc(v.Entities, func(e entity.Entity) bool { return e.Kind == entity.Card }):
		return d.catalogue.Verdict["card"]
	case v.Level == NoSigns && slices.ContainsFunc(v.Signals, func(s Signal) bool { return s.Rule.Reason == codeNotice }):
		return d.catalogue.Verdict["code"]
	case v.Level.Danger() == 0:
		return steps
	}
	steps = slices.Clone(steps)
	if v.Scheme != linkScheme && !v.asks("open_link") {
		steps = slices.DeleteFunc(steps, func(id string) bool { return id == "open_no_link" })
	}
	v.askedFirst(steps)
	return v.evidenceFirst(steps)
}

// evidenceFirst puts what to do with a link or a file of the message before all
// other steps, where none of them tells it: whatever the story is, that is what
// a finger may touch next.
func (v *Verdict) evidenceFirst(steps []string) []string {
	if slices.ContainsFunc(v.Links, func(f link.Finding) bool { return f.Class != link.Official }) {
		steps = ensureFirst(steps, "open_no_link", "type_nothing")
	}
	if slices.ContainsFunc(v.Entities, func(e entity.Entity) bool { return e.Kind == entity.Installer }) {
		steps = ensureFirst(steps, "open_no_file", "install_nothing")
	}
	return steps
}

// ensureFirst puts a step in front unless it, or the other that says as much, is
// among the steps; the last one goes where they become too many.
func ensureFirst(steps []string, step, other string) []string {
	if slices.Contains(steps, step) || slices.Contains(steps, other) {
		return steps
	}
	steps = slices.Insert(steps, 0, step)
	return steps[:min(len(steps), scheme.MaxSteps)]
}

// asks says that a rule hears a demand in the message. A link asks to be opened.
func (v *Verdict) asks(want string) bool {
	return slices.ContainsFunc(v.Signals, func(s Signal) bool { return s.Rule.Wants == want && s.Rule.Weight > 0 }) ||
		want == "open_link" && slices.ContainsFunc(v.Entities, func(e entity.Entity) bool { return e.Kind == entity.Link })
}

// codeNotice is the reason of rules that know a code as services send it.
const codeNotice = "looks_code_notice"

// linkScheme is the scheme that is nothing but a link, told or sent.
const linkScheme = "phishing_link"

// answers are the steps that answer demands, with what they answer.
var answers = map[string][]string{
	"tell_no_code": {"tell_code"}, "give_no_card_data": {"card_data"}, "move_no_money": {"move_money", "pay_first"}, "install_nothing": {"install"},
	"open_no_link": {"open_link"}, "take_no_loan": {"take_loan"}, "give_no_cash": {"hand_cash"}, "link_no_device": {"scan_or_link_device"},
}

// askedFirst puts the steps that answer what the message asks for before those
// that answer what it does not, in the places that such steps have; the others
// stay where they are.
func (v *Verdict) askedFirst(steps []string) {
	var places [scheme.MaxSteps]int
	var first, then [scheme.MaxSteps]string
	asked, other := first[:0], then[:0]
	for i, id := range steps {
		demands, answersOne := answers[id]
		if !answersOne {
			continue
		}
		places[len(asked)+len(other)] = i
		if slices.ContainsFunc(demands, v.asks) {
			asked = append(asked, id)
		} else {
			other = append(other, id)
		}
	}
	for i, id := range append(asked, other...) {
		steps[places[i]] = id
	}
}
