package knowledge

import (
	"cmp"
	"slices"

	"github.com/aldanba/aldanba/detector/text"
)

const (
	// maxQuestion is how many bytes of a question are read: more is no question.
	maxQuestion = 1 << 10
	// maxWords is how many of its words are looked at.
	maxWords = 64
	// maxHits is how many topics are given.
	maxHits = 5
)

// How likeness is weighed. The figures were chosen by leaving out one in eight
// of the known questions and looking for them.
const (
	// unknownWord is what a word counts that no known question holds.
	unknownWord = 4.0
	// askedShare is how much of the weight by which the likeness to one known
	// question is divided comes from the words asked; the rest comes from the
	// known ones.
	askedShare = 0.3
	// longest bounds the weight of a question against the known one: who tells a
	// story before asking is to be understood, too.
	longest = 3
	// coverShare is how much counts what the topic speaks of as a whole; the rest
	// is the likeness to its nearest question.
	coverShare = 0.75
	// often is how many questions of a topic hold a word of which the topic is
	// half full.
	often = 2
	// A word that nobody has used is likened to one that begins with the same
	// letters, and counts this much of it.
	prefixShare   = 0.7
	prefixLetters = 5
)

// Hit is a topic that a question may be about.
type Hit struct {
	ID    string
	Score float64 // likeness: 0 nothing in common, 1 all that can be
}

// likeness is what a topic shares with what is asked.
type likeness struct {
	best    float32 // with its nearest question
	covered float32 // weight of the words that it speaks of, by how much it does
}

// scratch is the memory of one search, reused.
type scratch struct {
	terms   []int32
	shared  []float32 // question → weight of the words that it shares
	touched []int32   // questions that share any
	topics  []likeness
	found   []int32 // topics that share any
}

// Search gives the topics that a question may be about, the likeliest first, at
// most five.
func (b *Base) Search(asked string) []Hit {
	doc := b.analyzer.Parse(text.Prefix(asked, maxQuestion))
	defer doc.Release()
	x := b.index
	s := x.pool.Get().(*scratch)
	defer x.pool.Put(s)
	weight := x.share(s, doc)
	for _, q := range s.touched {
		known := x.questions[q]
		like := &s.topics[known.topic]
		if like.best == 0 {
			s.found = append(s.found, known.topic)
		}
		like.best = max(like.best, s.shared[q]/(askedShare*min(weight, longest*known.weight)+(1-askedShare)*known.weight))
		s.shared[q] = 0
	}
	var hits best
	for _, topic := range s.found {
		like := s.topics[topic]
		hits.put(Hit{
			ID:    b.topics[topic].ID,
			Score: float64((1-coverShare)*like.best + coverShare*like.covered/weight),
		})
		s.topics[topic] = likeness{}
	}
	s.touched, s.found = s.touched[:0], s.found[:0]
	return hits
}

// best are the likeliest topics of those that were put, in order, at most
// maxHits.
type best []Hit

func (b *best) put(h Hit) {
	if len(*b) == maxHits && compare((*b)[maxHits-1], h) < 0 { // as most are
		return
	}
	if *b == nil {
		*b = make(best, 0, maxHits+1)
	}
	at, _ := slices.BinarySearchFunc(*b, h, compare)
	*b = slices.Insert(*b, at, h)
	*b = (*b)[:min(len(*b), maxHits)]
}

// compare orders by likeness, the greatest first.
func compare(a, b Hit) int {
	return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.ID, b.ID))
}

// share adds up, for every known question, the weight of the words that it
// shares with the document, and gives the weight of all words of the document.
func (x *index) share(s *scratch, doc *text.Document) (weight float32) {
	s.terms = s.terms[:0]
	for i := range doc.Tokens[:min(len(doc.Tokens), maxWords)] {
		weight += x.shareWord(s, &doc.Tokens[i])
	}
	return weight
}

// shareWord does so for one word. A word that could be of either language counts
// in both.
func (x *index) shareWord(s *scratch, t *text.Token) (weight float32) {
	known := false
	for i, stem := range [...]string{t.RU, t.KK, t.Key} {
		term, ok := x.terms[stem]
		if !ok || len(x.postings[term]) == 0 || known && i == 2 {
			continue
		}
		known = true
		weight = max(weight, x.shareTerm(s, term, 1))
	}
	if known {
		return weight
	}
	for _, stem := range [...]string{t.RU, t.KK} {
		start, _ := prefixOf(stem)
		if term, ok := x.prefixes[start]; ok {
			known = true
			weight = max(weight, x.shareTerm(s, term, prefixShare))
		}
	}
	if !known {
		return unknownWord
	}
	return weight
}

// shareTerm does so for a part of one term, and gives its weight. A term that
// stood before counts no more.
func (x *index) shareTerm(s *scratch, term int32, part float32) float32 {
	if slices.Contains(s.terms, term) {
		return 0
	}
	s.terms = append(s.terms, term)
	weight := x.weights[term] * part
	for _, q := range x.postings[term] {
		if s.shared[q] == 0 {
			s.touched = append(s.touched, q)
		}
		s.shared[q] += weight
	}
	for _, in := range x.in[term] {
		s.topics[in.topic].covered += weight * in.share
	}
	return x.weights[term]
}
