package model

import "github.com/aldanba/aldanba/detector/text"

// lists holds the places of words, letters and pairs of concepts in the tables,
// as training wants them. To judge, their sums are enough: see sums.go.
type lists struct{ words, chars, pairs []uint32 }

// listWords lists every stem, and it together with the next and the next but
// one.
func (f *features) listWords() {
	f.lists.words = f.lists.words[:0]
	for i := range f.stems {
		for n := range min(3, len(f.stems)-i) {
			f.lists.words = append(f.lists.words, wordPlace(f.stems[i], f.stems[i+n], n))
		}
	}
}

// listLetters lists the runs of letters of every word that counts.
func (f *features) listLetters(doc *text.Document) {
	f.lists.chars = f.lists.chars[:0]
	for _, owner := range f.owners {
		f.lists.chars = appendRuns(f.lists.chars, doc.Tokens[owner].Key)
	}
}

// listPairs lists every two concepts that occur together.
func (f *features) listPairs() {
	f.lists.pairs = f.lists.pairs[:0]
	for i, a := range f.concepts {
		for _, b := range f.concepts[i+1:] {
			f.lists.pairs = append(f.lists.pairs, pairPlace(a, b))
		}
	}
}
