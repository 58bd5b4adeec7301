package detector

import (
	"cmp"
	"slices"

	"github.com/aldanba/aldanba/detector/model"
	"github.com/aldanba/aldanba/detector/scheme"
	"github.com/aldanba/aldanba/detector/text"
)

// learnedRule stands for the learned model among the signals: it quotes the
// words that moved the model most.
var learnedRule = scheme.Rule{ID: "model.words", Kind: scheme.Learned, Reason: "story_other"}

// input tells the model what the other parts have seen. It lives as long as
// the scratch and the document.
func (d *Detector) input(s *scratch, doc *text.Document, v *Verdict, logOdds float64) model.Input {
	s.facts = s.facts[:0]
	for _, signal := range v.Signals {
		if signal.Rule.Kind != scheme.Beat { // it belongs to other days' messages, too
			s.facts = append(s.facts, signal.traits.fact)
		}
	}
	for _, mark := range s.marks {
		s.facts = append(s.facts, model.FactOf(mark.Name))
	}
	s.evidence = d.policy.evidence(s.evidence, v.Signals, d.catalogue)
	return model.Input{Doc: doc, Hidden: s.found.Hidden, Facts: s.facts, Concepts: s.found.Concepts, Rules: logOdds, Schemes: s.evidence}
}

// Sample gives a labelled message as the model learns it.
func (d *Detector) Sample(message string, scam bool, schemeID, group string) model.Sample {
	s := d.scratch.Get().(*scratch)
	defer d.scratch.Put(s)
	v := &Verdict{text: message}
	doc := d.read(s, v)
	defer doc.Release()
	logOdds, _ := d.policy.weigh(v.Signals)
	return model.NewSample(d.input(s, doc, v, logOdds), scam, schemeID, group)
}

// explain takes the schemes from the model and puts the words that speak most
// for a scam among the signals.
func (d *Detector) explain(o *model.Opinion, tokens []text.Token, v *Verdict) {
	var memory [64]float64
	v.Schemes = d.policy.likely(d.model.Schemes, o.Schemes(memory[:0]))
	for _, signal := range v.Signals {
		for _, id := range signal.Rule.Schemes {
			if signal.Rule.Added && !slices.Contains(v.Schemes, id) {
				v.Schemes = slices.Insert(v.Schemes, 0, id)
			}
		}
	}
	if reasons(v.Signals) >= enoughReasons {
		return
	}
	if first, last := o.Strongest(len(tokens)); first < last {
		start, end := v.longestClause(tokens[first].Start, tokens[last-1].End)
		v.Signals = append(v.Signals, Signal{Rule: &learnedRule, Start: start, End: end})
	}
}

// enoughReasons is how many signals with a reason of their own make the words
// that moved the model needless.
const enoughReasons = 3

func reasons(signals []Signal) int {
	n := 0
	for _, s := range signals {
		if s.Rule.Reason != "" && s.Rule.Weight > 0 {
			n++
		}
	}
	return n
}

// evidence sums what the rules say for every scheme of the catalogue, in its
// order, in memory of the caller.
func (p *policy) evidence(memory []float64, signals []Signal, catalogue *scheme.Catalogue) []float64 {
	memory = slices.Grow(memory[:0], len(catalogue.Schemes))[:len(catalogue.Schemes)]
	clear(memory)
	for _, s := range signals {
		for _, place := range s.traits.schemes {
			memory[place] += s.Rule.Weight
		}
	}
	return memory
}

// likely gives the schemes that are probable enough, the most probable first.
func (p *policy) likely(ids []string, probabilities []float64) []string {
	var memory [64]int
	places := memory[:0]
	for k, probability := range probabilities {
		if probability >= p.SchemeLikely {
			places = append(places, k)
		}
	}
	slices.SortFunc(places, func(a, b int) int { return cmp.Compare(probabilities[b], probabilities[a]) })
	places = places[:min(len(places), p.SchemeMost)]
	return namesOf(places, ids)
}

// namesOf gives the ids at the places, in their order.
func namesOf(places []int, ids []string) []string {
	names := make([]string, len(places))
	for i, k := range places {
		names[i] = ids[k]
	}
	return names
}
