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
	var words [1 << wordBits]int8
	var pairs [1 << pairBits]int8
	for _, weights := range [][]int8{words[:], pairs[:]} {
		for i := range weights {
			weights[i] = int8(random.Uint32())
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
		f := features{stems: numbers(n), concepts: numbers(n)}
		f.listWords()
		f.listPairs()
		check := func(what string, sum, count int, list []uint32, weights []int8) {
			want := 0
			for _, p := range list {
				want += int(weights[p])
			}
			if sum != want || count != len(list) {
				t.Errorf("%s of %d: the sum is %d of %d, by the list %d of %d", what, n, sum, count, want, len(list))
			}
		}
		sum, count := f.sumWords(&words)
		check("words", sum, count, f.lists.words, words[:])
		sum, count = f.sumPairs(&pairs)
		check("pairs", sum, count, f.lists.pairs, pairs[:])
	}
}

// TestLettersAreSummedByWords does the same for letters, of which the model
// keeps the sum of every word.
func TestLettersAreSummedByWords(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	m := &Model{chars: table{weights: make([]int8, 1<<charBits)}}
	for i := range m.chars.weights {
		m.chars.weights[i] = int8(random.Uint32())
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
			for _, p := range f.lists.chars {
				want += int(m.chars.weights[p])
			}
			if f.sum != want || f.runs != len(f.lists.chars) {
				t.Errorf("%q: the sum is %d of %d, by the list %d of %d", message, f.sum, f.runs, want, len(f.lists.chars))
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
