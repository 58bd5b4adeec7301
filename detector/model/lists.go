package model

// lists holds the places of words, letters and pairs of concepts in the tables.
// Where their sums are all that is wanted, sums.go finds these at once.
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

// listLetters lists the runs of three, four and five letters, over word borders.
func (f *features) listLetters() {
	f.lists.chars = f.lists.chars[:0]
	for i := range f.runes {
		h := seedChar
		for n, r := range f.runes[i:min(i+longestRun, len(f.runes))] {
			if h = mix(h, r); n+1 >= shortestRun {
				f.lists.chars = append(f.lists.chars, place(h, charBits))
			}
		}
	}
}

const (
	shortestRun = 3
	longestRun  = 5
)

// listPairs lists every two concepts that occur together.
func (f *features) listPairs() {
	f.lists.pairs = f.lists.pairs[:0]
	for i, a := range f.concepts {
		for _, b := range f.concepts[i+1:] {
			f.lists.pairs = append(f.lists.pairs, pairPlace(a, b))
		}
	}
}

// eachWord visits the features that begin with the stem of a token.
func (f *features) eachWord(visit func(places []uint32, owner int32)) {
	words := f.lists.words
	for i, owner := range f.stemOwner {
		n := min(3, len(f.stems)-i)
		visit(words[:n], owner)
		words = words[n:]
	}
}

// eachLetters visits the features of letters that belong to a token: it has
// their second letter.
func (f *features) eachLetters(visit func(places []uint32, owner int32)) {
	chars, runes, at := f.lists.chars, len(f.runes), 0
	for i, s := range f.starts {
		end := runes
		if i+1 < len(f.starts) {
			end = int(f.starts[i+1].rune)
		}
		n := 0
		for ; at+1 < end; at++ {
			n += max(0, min(3, runes-at-2))
		}
		visit(chars[:n], s.owner)
		chars = chars[n:]
	}
}
