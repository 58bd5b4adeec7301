package model

import (
	"math/rand/v2"
	"testing"
)

// TestSumsAreThoseOfTheLists compares the ways in which the model and the
// training look at the same features.
func TestSumsAreThoseOfTheLists(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	var words [1 << wordBits]int8
	var chars [1 << charBits]int8
	var pairs [1 << pairBits]int8
	for _, weights := range [][]int8{words[:], chars[:], pairs[:]} {
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
		f := features{stems: numbers(n), runes: numbers(n), concepts: numbers(n)}
		f.listWords()
		f.listLetters()
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
		sum, count = f.sumLetters(&chars)
		check("letters", sum, count, f.lists.chars, chars[:])
		sum, count = f.sumPairs(&pairs)
		check("pairs", sum, count, f.lists.pairs, pairs[:])
	}
}
