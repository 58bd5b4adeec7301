package detector

import (
	"slices"

	"github.com/aldanba/aldanba/detector/entity"
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
	wanted := map[string]bool{}
	for _, s := range v.Signals {
		if s.Rule.Weight > 0 {
			wanted[s.Rule.Wants] = true
		}
	}
	if slices.ContainsFunc(v.Entities, func(e entity.Entity) bool { return e.Kind == entity.Link }) {
		wanted["open_link"] = true
	}
	steps = slices.Clone(steps)
	if !wanted["open_link"] && v.Scheme != linkScheme {
		steps = slices.DeleteFunc(steps, func(id string) bool { return id == answers["open_link"] })
	}
	return wantedFirst(steps, wanted)
}

// codeNotice is the reason of rules that know a code as services send it.
const codeNotice = "looks_code_notice"

// linkScheme is the scheme that is nothing but a link, told or sent.
const linkScheme = "phishing_link"

// answers are the steps that answer a demand, by what is wanted.
var answers = map[string]string{
	"tell_code": "tell_no_code", "card_data": "give_no_card_data", "move_money": "move_no_money", "pay_first": "move_no_money",
	"install": "install_nothing", "open_link": "open_no_link", "take_loan": "take_no_loan", "hand_cash": "give_no_cash",
	"give_documents": "give_no_documents", "scan_or_link_device": "link_no_device",
}

// wantedFirst puts the steps that answer what is wanted before those that answer
// what is not, in the places that such steps have; the others stay where they are.
func wantedFirst(steps []string, wanted map[string]bool) []string {
	answered := map[string]bool{} // step → whether its demand is heard
	for want, step := range answers {
		answered[step] = answered[step] || wanted[want]
	}
	var places []int
	var first, then []string
	for i, id := range steps {
		heard, answersOne := answered[id]
		if !answersOne {
			continue
		}
		places = append(places, i)
		if heard {
			first = append(first, id)
		} else {
			then = append(then, id)
		}
	}
	for i, id := range append(first, then...) {
		steps[places[i]] = id
	}
	return steps
}
