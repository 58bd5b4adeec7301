package detector

import (
	"math"
	"slices"

	"github.com/aldanba/aldanba/detector/link"
	"github.com/aldanba/aldanba/detector/scheme"
)

// judgePolicy says when a judge is asked and what its opinion weighs;
// policy.toml explains the fields.
type judgePolicy struct {
	AskFrom    float64 `toml:"ask_from"`
	AskTo      float64 `toml:"ask_to"`
	UnsureFrom float64 `toml:"unsure_from"`
	UnsureTo   float64 `toml:"unsure_to"`
	Local      float64 `toml:"local"`
	Judge      float64 `toml:"judge"`
	Bias       float64 `toml:"bias"`
	Bound      float64 `toml:"bound"`
	LowerBelow float64 `toml:"lower_below"`
}

// Agreement says how a judge's opinion stands to the local verdict.
type Agreement string

// The agreements. Empty: no judge was heard.
const (
	Agreed    Agreement = "agreed"    // the level stays
	Raised    Agreement = "raised"    // the judge sees more danger
	Lowered   Agreement = "lowered"   // the judge sees less, and nothing hard stands against it
	Overruled Agreement = "overruled" // the judge sees less, but hard evidence stands
	Disagreed Agreement = "disagreed" // one sees a scam, the other nothing: caution
)

// Fuse gives what a verdict and an opinion on the same message say together.
// The verdict is left as it is. This is the policy:
//
//	local \ judge   no_signs              suspicious            scam
//	no_signs        no_signs              by weight             suspicious, disagreed
//	suspicious      by weight; held or    suspicious            by weight
//	                grave: suspicious
//	scam            suspicious,           by weight, unless     scam
//	                disagreed; held: scam held: scam
//
// "By weight": both probabilities are weighed together (policy.toml) and the
// level is the one of the two in which the sum lies. "Grave": the suspicion is
// so strong that no opinion alone dispels it. "Held": the judge may not
// lower the verdict, because hard evidence stands (a rule with a floor, a
// demand for a code, card data, money or an installation, a look-alike site, a
// hidden part of the text), the message gives orders to its checker or talks
// about checkers, or the judge has not seen all of it or only one that is nearly
// the same. So whatever a message
// makes a judge say, the worst is that the judge is of no use.
func (d *Detector) Fuse(v *Verdict, o Opinion) *Verdict {
	fused := *v
	fused.Signals = slices.Clone(v.Signals)
	fused.Opinion = &o
	held := d.held(v, o)
	fused.Level, fused.Agreement = d.policy.fuse(v, o, held)
	fused.Score = d.policy.within(fused.Level, d.policy.together(v.Score, o.Score))
	if fused.Level == v.Level && held {
		fused.Score = max(fused.Score, v.Score)
	}
	if grave := fused.Level == Scam || fused.Level == Suspicious; grave && o.Level != NoSigns {
		d.adoptOpinion(&fused, v, o)
	} else if !grave {
		fused.Scheme, fused.Schemes = "", nil
		// What made the learned model suspicious is no longer worth a word.
		fused.Signals = slices.DeleteFunc(fused.Signals, func(s Signal) bool { return s.Rule.Kind == scheme.Learned })
	}
	fused.Advice = d.fusedAdvice(&fused, o)
	return &fused
}

// fuse is the table of Fuse.
func (p *policy) fuse(v *Verdict, o Opinion, held bool) (Level, Agreement) {
	local, judge := v.Level.Danger(), o.Level.Danger()
	switch {
	case judge == local:
		return v.Level, Agreed
	case judge < local && held:
		return v.Level, Overruled
	case judge-local == 2 || local-judge == 2:
		return Suspicious, Disagreed
	case v.Level == Suspicious && judge < local && v.Score >= p.Judge.LowerBelow:
		return Suspicious, Agreed
	}
	level := p.levelOf(p.together(v.Score, o.Score))
	if level.Danger() > max(local, judge) {
		level = levels[max(local, judge)]
	}
	if level.Danger() < min(local, judge) {
		level = levels[min(local, judge)]
	}
	switch {
	case level.Danger() > local:
		return level, Raised
	case level.Danger() < local:
		return level, Lowered
	}
	return level, Agreed
}

// levels are the levels that are weighed, in the order of their danger.
var levels = [...]Level{NoSigns, Suspicious, Scam}

// together weighs two probabilities.
func (p *policy) together(local, judge float64) float64 {
	odds := func(probability float64) float64 {
		probability = min(max(probability, 1e-6), 1-1e-6)
		return min(max(math.Log(probability/(1-probability)), -p.Judge.Bound), p.Judge.Bound)
	}
	return 1 / (1 + math.Exp(-(p.Judge.Bias + p.Judge.Local*odds(local) + p.Judge.Judge*odds(judge))))
}

func (p *policy) levelOf(score float64) Level {
	switch {
	case score >= p.Scam:
		return Scam
	case score >= p.Suspicious:
		return Suspicious
	}
	return NoSigns
}

// within brings a score into the band of its level.
func (p *policy) within(level Level, score float64) float64 {
	switch level {
	case Scam:
		return max(score, p.Scam)
	case Suspicious:
		return min(max(score, p.Suspicious), math.Nextafter(p.Scam, 0))
	}
	return min(score, math.Nextafter(p.Suspicious, 0))
}

// held says that an opinion may not lower the verdict.
func (d *Detector) held(v *Verdict, o Opinion) bool {
	switch {
	case o.Manipulates, o.Partial, o.Alike, v.Cut, manipulates(v), hasFloor(v.Signals, Scam), hasFloor(v.Signals, Suspicious):
		return true
	case slices.ContainsFunc(v.Links, func(l link.Finding) bool { return l.Class == link.Lookalike }):
		return true
	case slices.ContainsFunc(v.Signals, func(s Signal) bool { return s.Rule.Kind == scheme.Demand && s.Rule.Weight >= riskyWeight }):
		return true
	}
	return d.speaksToChecker(v)
}

func hasFloor(signals []Signal, level Level) bool {
	return slices.ContainsFunc(signals, func(s Signal) bool { return s.Rule.Floor == string(level) })
}

// adoptOpinion takes over what an opinion adds to a verdict that is no less
// grave: schemes and quotes. What the rules have found stays in front.
func (d *Detector) adoptOpinion(fused, v *Verdict, o Opinion) {
	if v.Level == NoSigns {
		fused.Schemes = nil // they were for nothing
	} else {
		fused.Schemes = slices.Clone(v.Schemes)
	}
	for _, id := range o.Schemes {
		if !slices.Contains(fused.Schemes, id) && len(fused.Schemes) < d.policy.SchemeMost {
			fused.Schemes = append(fused.Schemes, id)
		}
	}
	// The judge reads the story as a whole: where it names a scheme that the
	// local verdict thinks possible too, none led, or it was right to see more
	// danger, its choice leads.
	graver := fused.Agreement == Raised || o.Level.Danger() > v.Level.Danger()
	if len(o.Schemes) > 0 && (graver || v.Scheme == "" || v.Scheme == "other" || v.Level == NoSigns || slices.Contains(v.Schemes, o.Schemes[0])) {
		fused.Schemes = slices.DeleteFunc(fused.Schemes, func(id string) bool { return id == o.Schemes[0] })
		fused.Schemes = slices.Insert(fused.Schemes, 0, o.Schemes[0])
	}
	fused.Scheme = ""
	if len(fused.Schemes) > 0 {
		fused.Scheme = fused.Schemes[0]
	}
	fused.Signals = slices.DeleteFunc(fused.Signals, func(s Signal) bool { return s.Rule == &learnedRule && len(o.Quotes) > 0 })
	fused.Signals = append(fused.Signals, d.quoted(d.finder.Mask(v.text), o.Quotes)...)
}

// fusedAdvice gives the steps: those of the catalogue for the scheme and stage;
// only where no scheme leads, the judge's choice.
func (d *Detector) fusedAdvice(fused *Verdict, o Opinion) []string {
	grave := fused.Level == Scam || fused.Level == Suspicious
	if grave && fused.Stage == NothingYet && (fused.Scheme == "" || fused.Scheme == "other") && len(o.Advice) > 1 && o.Level != NoSigns {
		return o.Advice
	}
	return d.steps(fused)
}
