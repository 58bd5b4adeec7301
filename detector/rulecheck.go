package detector

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aldanba/aldanba/detector/entity"
	"github.com/aldanba/aldanba/detector/scheme"
)

// The marks beside the kinds of entities and what is known of links.
const (
	markForeign  = "phone.foreign"
	markShort    = "short"
	markBareLink = "link.bare"
	markDisguise = "disguise"
)

// intentRelative is the intent of relativeRule; no verdict has it.
const intentRelative = "relative"

// checkNames finds the names in rules that stand for nothing: a rule with a
// misspelt mark would never hold, and nobody would know.
func (d *Detector) checkNames(rules []*scheme.Rule) error {
	marks := map[string]bool{markForeign: true, markShort: true, markBareLink: true, markDisguise: true}
	for _, kind := range entity.Kinds() {
		marks[string(kind)] = true
	}
	for _, name := range d.linkMarks {
		marks[name] = true
	}
	wants := map[string]bool{"": true}
	for _, s := range d.catalogue.Schemes {
		for _, want := range s.Wants {
			wants[want] = true
		}
	}
	var mistakes []error
	for _, r := range rules {
		report := func(what, name string) {
			mistakes = append(mistakes, fmt.Errorf("%s:%d: rule %s: unknown %s %q", r.Pack, r.Line, r.ID, what, name))
		}
		for _, patterns := range [...][]string{r.RU, r.KK, r.Any} {
			for _, pattern := range patterns {
				for name := range marksIn(pattern) {
					if !marks[name] {
						report("mark", name)
					}
				}
			}
		}
		if !wants[r.Wants] {
			report("wants", r.Wants)
		}
		if r.Intent != "" && r.Intent != intentRelative && !slices.Contains(Intents(), Intent(r.Intent)) {
			report("intent", r.Intent)
		}
	}
	return errors.Join(mistakes...)
}

// marksIn gives the names in angle brackets of a pattern.
func marksIn(pattern string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for {
			_, rest, ok := strings.Cut(pattern, "<")
			if !ok {
				return
			}
			name, rest, ok := strings.Cut(rest, ">")
			if !ok || !yield(name) {
				return
			}
			pattern = rest
		}
	}
}
