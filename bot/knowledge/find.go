package knowledge

import (
	"strings"
	"unicode"
)

// What is made of likeness. The figures were chosen on the questions of
// testdata/knowledge/dev.tsv and off_dev.tsv.
const (
	sure   = 0.32 // from here on the best topic is what was asked
	apart  = 0.03 // if it stands out from the next by so much
	plain  = 0.36 // from here on it is meant even by who does not ask
	likely = 0.25 // from here on a topic is worth asking about
	maxAsk = 3    // topics that are asked about
)

// Found is what a question is about.
type Found struct {
	Topic Topic   // the zero topic where it is not certain
	Plain bool    // the topic is so certain that it need not be asked as a question
	Maybe []Topic // where it is not certain: topics that it may be, at most three
	Off   bool    // it is not our subject
}

// says tells words from one letter that somebody leant on.
func says(asked string) bool {
	first := rune(0)
	return strings.ContainsFunc(strings.ToLower(asked), func(r rune) bool {
		if !unicode.IsLetter(r) {
			return false
		}
		if first == 0 {
			first = r
		}
		return r != first
	})
}

// Find says what a question is about.
func (b *Base) Find(asked string) Found {
	if !says(asked) {
		return Found{}
	}
	hits := b.Search(asked)
	if len(hits) == 0 || hits[0].Score < likely {
		return Found{}
	}
	best, _ := b.Topic(hits[0].ID)
	if best.Off {
		return Found{Off: true}
	}
	if hits[0].Score >= sure && (len(hits) == 1 || hits[0].Score-hits[1].Score >= apart) {
		return Found{Topic: best, Plain: hits[0].Score >= plain}
	}
	var found Found
	for _, hit := range hits {
		if t, _ := b.Topic(hit.ID); hit.Score >= likely && !t.Off && len(found.Maybe) < maxAsk {
			found.Maybe = append(found.Maybe, t)
		}
	}
	return found
}
