package knowledge

import (
	"math"
	"slices"
	"strings"
	"sync"

	"github.com/aldanba/aldanba/detector/text"
)

// index finds the known questions that share words with another.
type index struct {
	terms     map[string]int32 // stem → its term; words that mean the same share one
	prefixes  map[string]int32 // beginning of a stem → its commonest term
	weights   []float32        // term → how much it tells
	postings  [][]int32        // term → the questions that hold it, rising
	in        [][]inTopic      // term → the topics that know it, rising
	questions []question
	topics    int
	pool      sync.Pool // of *scratch
}

// question is one way to ask.
type question struct {
	topic  int32
	weight float32 // of all its words
}

// inTopic says how much a topic speaks of a term.
type inTopic struct {
	topic int32
	share float32 // of the term's weight: nearly all of it where most questions hold it
}

// builder collects the known questions.
type builder struct {
	terms     map[string]int32
	count     int32
	questions []question
	words     [][]int32 // question → its terms, each once
}

func newBuilder(same map[string]int32) *builder {
	b := &builder{terms: same}
	for _, term := range same {
		b.count = max(b.count, term+1)
	}
	return b
}

// stemsOf gives the stems of every question. They are of one language, and read
// together, so that it is certain which.
func stemsOf(analyzer *text.Analyzer, asked []string) [][]string {
	doc := analyzer.Parse(strings.Join(asked, "\n"))
	defer doc.Release()
	stems := make([][]string, len(asked))
	next, end := 0, 0
	for i, q := range asked {
		end += len(q) + 1
		for ; next < len(doc.Tokens) && doc.Tokens[next].Start < end; next++ {
			stems[i] = append(stems[i], stemOf(&doc.Tokens[next], doc.Lang))
		}
	}
	return stems
}

// add takes the questions about a topic.
func (b *builder) add(topic int, questions [][]string) {
	for _, stems := range questions {
		var words []int32
		for _, stem := range stems {
			if term := b.term(stem); !slices.Contains(words, term) {
				words = append(words, term)
			}
		}
		b.words = append(b.words, words)
		b.questions = append(b.questions, question{topic: int32(topic)})
	}
}

// stemOf gives the one stem by which a word of a known language is found.
func stemOf(t *text.Token, lang text.Lang) string {
	first, second := t.RU, t.KK
	if lang == text.Kazakh || lang == text.Mixed {
		first, second = second, first
	}
	switch {
	case first != "":
		return first
	case second != "":
		return second
	}
	return t.Key
}

func (b *builder) term(stem string) int32 {
	term, ok := b.terms[stem]
	if !ok {
		term = b.count
		b.count++
		b.terms[stem] = term
	}
	return term
}

// index weighs the terms: the fewer topics know a word, the more it tells.
func (b *builder) index(topics int) *index {
	x := &index{
		terms: b.terms, weights: make([]float32, b.count), postings: make([][]int32, b.count),
		in: make([][]inTopic, b.count), questions: b.questions, topics: topics,
	}
	for q, words := range b.words {
		for _, term := range words {
			x.postings[term] = append(x.postings[term], int32(q))
		}
	}
	for term, questions := range x.postings {
		var in []inTopic
		for _, q := range questions {
			topic := b.questions[q].topic
			if n := len(in); n > 0 && in[n-1].topic == topic {
				in[n-1].share++
			} else {
				in = append(in, inTopic{topic, 1})
			}
		}
		for i := range in {
			in[i].share /= in[i].share + often
		}
		x.in[term] = in
		if len(in) == 0 {
			continue
		}
		x.weights[term] = float32(math.Log((float64(topics) + 1) / (float64(len(x.in[term])) + 0.5)))
	}
	for q, words := range b.words {
		for _, term := range words {
			x.questions[q].weight += x.weights[term]
		}
	}
	x.prefixes = make(map[string]int32)
	for stem, term := range x.terms {
		p, ok := prefixOf(stem)
		if !ok || len(x.in[term]) == 0 {
			continue
		}
		if other, taken := x.prefixes[p]; !taken || x.weights[term] < x.weights[other] || x.weights[term] == x.weights[other] && term < other {
			x.prefixes[p] = term
		}
	}
	x.pool.New = func() any {
		return &scratch{shared: make([]float32, len(x.questions)), topics: make([]likeness, topics)}
	}
	return x
}

// sameWords reads which words mean the same.
func (b *Base) sameWords() (map[string]int32, error) {
	var file struct {
		Same []struct {
			RU []string `toml:"ru"`
			KK []string `toml:"kk"`
		} `toml:"same"`
	}
	if err := decode("words.toml", wordsFile, &file); err != nil {
		return nil, err
	}
	same := make(map[string]int32)
	for i, line := range file.Same {
		for _, stem := range append(b.stems(line.RU, russianFrame), b.stems(line.KK, kazakhFrame)...) {
			if _, taken := same[stem]; !taken {
				same[stem] = int32(i)
			}
		}
	}
	return same, nil
}

// Words among which the language of single words is certain.
const (
	russianFrame = "это слово написано по-русски"
	kazakhFrame  = "бұл сөз қазақша жазылған"
)

// stems gives the stems of words of a language.
func (b *Base) stems(words []string, frame string) []string {
	doc := b.analyzer.Parse(frame + "\n" + strings.Join(words, "\n"))
	defer doc.Release()
	var stems []string
	for i := range doc.Tokens {
		if t := &doc.Tokens[i]; t.Start > len(frame) {
			stems = append(stems, stemOf(t, doc.Lang))
		}
	}
	return stems
}

// prefixOf gives the beginning by which a stem that nobody has used is likened
// to a known one.
func prefixOf(stem string) (string, bool) {
	n := 0
	for i := range stem {
		if n == prefixLetters {
			return stem[:i], true
		}
		n++
	}
	return stem, n == prefixLetters
}
