package model

import "github.com/aldanba/aldanba/detector/text"

// lists holds for every kind of features their places in its table, as training
// wants them. To judge, their sums are enough: see sums.go.
type lists [kinds][]uint32

// list lists all features.
func (f *features) list(doc *text.Document) {
	f.listWords()
	f.listLetters(doc)
	f.listPairs()
	f.listForms()
	f.listContexts()
}

// listWords lists every stem, and it together with the next and the next but
// one.
func (f *features) listWords() {
	f.lists[words] = f.lists[words][:0]
	for i := range f.stems {
		for n := range min(3, len(f.stems)-i) {
			f.lists[words] = append(f.lists[words], wordPlace(f.stems[i], f.stems[i+n], n))
		}
	}
}

// listLetters lists the runs of letters of every word that counts.
func (f *features) listLetters(doc *text.Document) {
	f.lists[chars] = f.lists[chars][:0]
	for _, owner := range f.owners {
		f.lists[chars] = appendRuns(f.lists[chars], doc.Tokens[owner].Key)
	}
}

// listPairs lists every two concepts that occur together.
func (f *features) listPairs() {
	f.lists[pairs] = f.lists[pairs][:0]
	for i, a := range f.concepts {
		for _, b := range f.concepts[i+1:] {
			f.lists[pairs] = append(f.lists[pairs], pairPlace(a, b))
		}
	}
}

// listForms lists every word as it is written, and every stem with the endings
// of the words beside it.
func (f *features) listForms() {
	f.lists[forms] = f.lists[forms][:0]
	for i, form := range f.forms {
		f.lists[forms] = append(f.lists[forms], formPlace(form))
		if i > 0 {
			f.lists[forms] = append(f.lists[forms],
				besidePlace(seedBefore, f.endings[i-1], f.stems[i]), besidePlace(seedAfter, f.endings[i], f.stems[i-1]))
		}
	}
}

// listContexts lists every stem with every concept.
func (f *features) listContexts() {
	f.lists[contexts] = f.lists[contexts][:0]
	for _, stem := range f.stems {
		for _, concept := range f.concepts {
			f.lists[contexts] = append(f.lists[contexts], contextPlace(stem, concept))
		}
	}
}
