package detector

import (
	"bytes"
	"cmp"
	_ "embed"
	"fmt"
	"math"
	"slices"

	"github.com/pelletier/go-toml/v2"

	"github.com/aldanba/aldanba/detector/scheme"
)

//go:embed policy.toml
var policyFile []byte

// policy turns signals into a verdict; policy.toml explains the fields.
type policy struct {
	Bias         float64                 `toml:"bias"`
	Scam         float64                 `toml:"scam"`
	Suspicious   float64                 `toml:"suspicious"`
	SchemeWeight float64                 `toml:"scheme_weight"`
	SchemeShare  float64                 `toml:"scheme_share"`
	SchemeLikely float64                 `toml:"scheme_likely"`
	SchemeMost   int                     `toml:"scheme_most"`
	Prior        float64                 `toml:"prior"`
	Alone        float64                 `toml:"alone"`
	FewWords     int                     `toml:"few_words"`
	Cap          map[scheme.Kind]float64 `toml:"cap"`
	Judge        judgePolicy             `toml:"judge"`

	caps [len(groups)]float64 // Cap in the order of groups
}

func loadPolicy() (*policy, error) {
	p := &policy{}
	if err := toml.NewDecoder(bytes.NewReader(policyFile)).DisallowUnknownFields().Decode(p); err != nil {
		return nil, fmt.Errorf("policy.toml: %w", err)
	}
	for i, kind := range groups {
		p.caps[i] = p.Cap[kind]
	}
	return p, nil
}

// fade is what each further signal of a group counts against the one before.
const fade = 0.5

// weigh gives the log-odds of signals sorted by weight, the heaviest first, and
// the probability below which hard evidence (a rule with a floor) keeps the
// score whatever stands against it.
func (p *policy) weigh(signals []Signal) (logOdds, floor float64) {
	var sums [len(groups)]struct{ sum, share float64 }
	for _, s := range signals {
		switch s.Rule.Floor {
		case "scam":
			floor = max(floor, p.Scam)
		case "suspicious", "doubt":
			floor = max(floor, p.Suspicious)
		}
		k := s.traits.group
		if k < 0 {
			continue
		}
		if sums[k].share == 0 {
			sums[k].share = 1
		}
		sums[k].sum += s.Rule.Weight * sums[k].share
		sums[k].share *= fade
	}
	logOdds = p.Bias
	for k, limit := range p.caps {
		logOdds += min(max(sums[k].sum, -limit), limit)
	}
	return logOdds, floor
}

// added sums the weights of rules from directories, within the cap of a story.
func (p *policy) added(signals []Signal) float64 {
	sum := 0.0
	for _, s := range signals {
		if s.Rule.Added {
			sum += s.Rule.Weight
		}
	}
	limit := p.Cap[scheme.Story]
	return min(max(sum, -limit), limit)
}

// learned gives what the model's log-odds count: less where the rules have heard
// nothing, so that words by themselves have to speak louder.
func (p *policy) learned(logOdds float64, heard bool) float64 {
	if heard {
		return logOdds + p.Prior
	}
	return logOdds + p.Prior - p.Alone
}

// judge gives the probability and the level.
func (p *policy) judge(logOdds, floor float64) (float64, Level) {
	score := max(1/(1+math.Exp(-logOdds)), floor)
	switch {
	case score >= p.Scam:
		return score, Scam
	case score >= p.Suspicious:
		return score, Suspicious
	}
	return score, NoSigns
}

// schemes gives the schemes that the evidence of the rules speaks for, in the
// order of the catalogue, the leading one first.
func (p *policy) schemes(evidence []float64, catalogue *scheme.Catalogue) []string {
	best := slices.Max(evidence)
	var places []int
	for k, weight := range evidence {
		if weight >= p.SchemeWeight && weight >= p.SchemeShare*best {
			places = append(places, k)
		}
	}
	slices.SortStableFunc(places, func(a, b int) int {
		return cmp.Or(cmp.Compare(catalogue.Schemes[a].Rank, catalogue.Schemes[b].Rank), cmp.Compare(evidence[b], evidence[a]))
	})
	return namesOf(places, catalogue.IDs())
}

// stageOf orders stages by how little time they leave; the first that a rule
// names wins.
func stageOf(signals []Signal) (stage Stage, found bool) {
	order := Stages()
	best := len(order)
	for _, s := range signals {
		if i := s.traits.stage; i >= 0 && i < best {
			best = i
		}
	}
	if best == len(order) {
		return NothingYet, false
	}
	return order[best], order[best] != NothingYet
}

type shortIntent struct {
	intent Intent
	words  int
}

// shortIntents are what a person may want of the bot itself, with the longest
// message, in words, that can be no more than that.
var shortIntents = []shortIntent{{Person, 14}, {Help, 10}, {Question, 25}, {Thanks, 8}, {Goodbye, 6}, {Greeting, 5}, {ShowsCard, 14}}

// small says that the person only talks with the bot: there is nothing to judge.
func (i Intent) small() bool {
	return i == Forget || slices.ContainsFunc(shortIntents, func(s shortIntent) bool { return s.intent == i })
}

// polite says that the intent lies in words that every notice may hold.
func (i Intent) polite() bool { return i == Thanks || i == Goodbye || i == Greeting }

// intentOf gives what the person wants. Danger to life goes before all; a
// message in which the rules have seen risk, or a long one, is content whatever
// polite words stand in it.
func intentOf(signals []Signal, risk bool, words int, stageFound bool) Intent {
	has := func(want Intent) bool {
		return slices.ContainsFunc(signals, func(s Signal) bool { return s.traits.intent == want })
	}
	switch {
	case has(Danger):
		return Danger
	case stageFound:
		return Emergency
	case has(Forget) && words <= 12:
		return Forget
	case has(OwnStory):
		return OwnStory
	case risk:
		return Content
	}
	for _, short := range shortIntents {
		if words <= short.words && has(short.intent) {
			return short.intent
		}
	}
	return Content
}
