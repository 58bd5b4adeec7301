// Package model is a small linear model that hears what rules do not say.
//
// It looks at stems, pairs of stems, words, endings, runs of letters and
// concepts of the folded text together with the rules that hold, and gives the
// log-odds that the message is a scam and how well each scheme fits. Its weights
// are learned from the corpus (see Train) and embedded. It can name the words
// that moved it most.
package model

import (
	_ "embed"
	"math"
	"slices"
	"sync"
)

//go:embed model.bin
var embedded []byte

// Model is a trained model. It is immutable and safe for concurrent use.
type Model struct {
	Schemes []string // ids of the schemes that it tells apart

	bias, slope float64 // of the calibration
	rules       float64
	tables      [kinds]table
	facts       []float32
	scheme      schemeTable
	pool        sync.Pool
}

// table holds hashed weights in one byte each.
type table struct {
	scale   float32
	weights []int8
}

// value gives what the sum of n weights counts. It is damped by the root of
// their number, so that a long text is not louder than a short one.
func (t *table) value(sum, n int) float64 { return float64(sum) * float64(t.scale) * damp(n) }

// Load reads the embedded model.
func Load() (*Model, error) { return Read(embedded) }

// Opinion is what the model thinks of one message. It is to be released.
type Opinion struct {
	// LogOdds are the calibrated log-odds that the message is a scam.
	LogOdds float64

	model  *Model
	f      features
	weight []float64 // of every token, for Strongest
}

// Judge gives the opinion on a message.
func (m *Model) Judge(in Input) *Opinion {
	o, ok := m.pool.Get().(*Opinion)
	if !ok {
		o = &Opinion{model: m}
	}
	o.f.extract(in, m)
	o.LogOdds = m.bias + m.slope*m.raw(&o.f)
	return o
}

// Release gives the memory of the opinion back.
func (o *Opinion) Release() { o.model.pool.Put(o) }

// Schemes appends the probability of each scheme of Model.Schemes, given that
// the message is a scam.
func (o *Opinion) Schemes(to []float64) []float64 { return o.model.scheme.probabilities(&o.f, to) }

// raw is the uncalibrated sum.
func (m *Model) raw(f *features) float64 {
	z := m.rules * f.rules
	z += m.tables[chars].value(f.sum, f.runs)
	z += m.tables[words].value(f.sumWords((*[1 << wordBits]int8)(m.tables[words].weights)))
	z += m.tables[pairs].value(f.sumPairs((*[1 << pairBits]int8)(m.tables[pairs].weights)))
	z += m.tables[forms].value(f.sumForms((*[1 << formBits]int8)(m.tables[forms].weights)))
	z += m.tables[contexts].value(f.sumContexts((*[1 << contextBits]int8)(m.tables[contexts].weights)))
	for _, p := range f.facts {
		z += float64(m.facts[p])
	}
	return z
}

// fewFeatures is added to their number: what a handful of words says by chance
// is not to be as loud as a sentence.
const fewFeatures = 40

func damp(n int) float64 { return 1 / math.Sqrt(float64(n+fewFeatures)) }

// strongestWords is how many words an explanation quotes.
const strongestWords = 5

// Strongest finds the run of words that speaks most for a scam, as tokens of
// the document, last excluded. They are equal where nothing stands out.
func (o *Opinion) Strongest(tokens int) (first, last int) {
	m, f := o.model, &o.f
	o.weight = slices.Grow(o.weight[:0], tokens)[:tokens]
	clear(o.weight)
	letters, stems, beside := &m.tables[chars], &m.tables[words], &m.tables[contexts]
	for i, owner := range f.owners {
		sum := 0
		for n := range min(3, len(f.stems)-i) {
			sum += int(stems.weights[wordPlace(f.stems[i], f.stems[i+n], n)])
		}
		o.weight[owner] = letters.value(int(f.letters[i]), f.runs) + stems.value(sum, 3*len(f.stems)) +
			beside.value(int(f.contexts[i]), len(f.stems)*len(f.concepts))
	}
	best := 0.0
	for i := range o.weight {
		sum := 0.0
		for j := i; j < min(i+strongestWords, tokens); j++ {
			if sum += o.weight[j]; sum > best {
				best, first, last = sum, i, j+1
			}
		}
	}
	return first, last
}
