package model

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/aldanba/aldanba/detector/text"
)

// TestSumsAreThoseOfTheLists compares the ways in which the model and the
// training look at the same features.
func TestSumsAreThoseOfTheLists(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	tables := [kinds][]int8{}
	for k := range tables {
		tables[k] = make([]int8, sizes[k])
		for i := range tables[k] {
			tables[k][i] = int8(random.Uint32())
		}
	}
	numbers := func(n int) []uint32 {
		list := make([]uint32, n)
		for i := range list {
			list[i] = random.Uint32()
		}
		return list
	}
	for n := range 40 {
		f := features{stems: numbers(n), forms: numbers(n), endings: numbers(n), concepts: numbers(n)}
		f.listWords()
		f.listPairs()
		f.listForms()
		f.listContexts()
		check := func(what string, kind, sum, count int) {
			want := 0
			for _, p := range f.lists[kind] {
				want += int(tables[kind][p])
			}
			if sum != want || count != len(f.lists[kind]) {
				t.Errorf("%s of %d: the sum is %d of %d, by the list %d of %d", what, n, sum, count, want, len(f.lists[kind]))
			}
		}
		sum, count := f.sumWords((*[1 << wordBits]int8)(tables[words]))
		check("words", words, sum, count)
		sum, count = f.sumPairs((*[1 << pairBits]int8)(tables[pairs]))
		check("pairs", pairs, sum, count)
		sum, count = f.sumForms((*[1 << formBits]int8)(tables[forms]))
		check("forms", forms, sum, count)
		sum, count = f.sumContexts((*[1 << contextBits]int8)(tables[contexts]))
		check("contexts", contexts, sum, count)
	}
}

// TestLettersAreSummedByWords does the same for letters, of which the model
// keeps the sum of every word.
func TestLettersAreSummedByWords(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	m := &Model{tables: [kinds]table{chars: {weights: make([]int8, sizes[chars])}}}
	for i := range m.tables[chars].weights {
		m.tables[chars].weights[i] = int8(random.Uint32())
	}
	analyzer := text.NewAnalyzer()
	for _, message := range []string{
		"", "а", "Код 4512 никому не говорите, ақшаны аударыңыз 5 тг", "2.5 kaspi gold А4 p2p",
		strings.Repeat("непереводимоепереводимоедлинноеслово", 3) + " " + strings.Repeat("4", 80),
	} {
		for range 2 { // the second time from what was noted
			doc := analyzer.Parse(message)
			var f features
			f.extract(Input{Doc: doc, Hidden: make([]bool, len(doc.Tokens))}, m)
			f.listLetters(doc)
			want := 0
			for _, p := range f.lists[chars] {
				want += int(m.tables[chars].weights[p])
			}
			if f.sum != want || f.runs != len(f.lists[chars]) {
				t.Errorf("%q: the sum is %d of %d, by the list %d of %d", message, f.sum, f.runs, want, len(f.lists[chars]))
			}
			doc.Release()
		}
	}
}

// TestAnEndlessWordSilencesNothing puts one in front of a message.
func TestAnEndlessWordSilencesNothing(t *testing.T) {
	doc := text.NewAnalyzer().Parse(strings.Repeat("абвгд", 4000) + " переведите деньги")
	defer doc.Release()
	var f features
	f.extract(Input{Doc: doc, Hidden: make([]bool, len(doc.Tokens))}, nil)
	if len(f.stems) != len(doc.Tokens) {
		t.Errorf("%d of %d words are heard", len(f.stems), len(doc.Tokens))
	}
}
