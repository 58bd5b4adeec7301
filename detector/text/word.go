package text

import (
	"hash/maphash"
	"strings"
	"sync/atomic"

	"github.com/aldanba/aldanba/detector/kazakh"
)

// word is everything that is known of a word by itself, whatever text it stands in.
type word struct {
	norm string
	form form // what the text saw of its letters; the same letters may come in another disguise

	key      string
	russian  string // Russian stem of a word in Cyrillic letters, in key space
	translit string // Russian stem of a word in Latin letters
	kazakh   string // Kazakh stem

	speaksKazakh, speaksRussian int  // how much it speaks for a language
	known                       bool // a function word of Kazakh
	english                     bool // a function word of English
	russianLetters              bool // letters that Kazakh only has in loan words
}

// memoSlots is the number of words that are remembered; a power of two. A full memo takes about twenty megabytes.
const memoSlots = 1 << 16

// memo remembers words. It is a table of slots in which a word has one place: a new word takes the place of
// the old one, so that it never grows, and readers and writers share no lock.
type memo struct {
	seed  maphash.Seed
	slots [memoSlots]atomic.Pointer[word]
}

func newMemo() *memo { return &memo{seed: maphash.MakeSeed()} }

// of returns what is known of a word.
func (m *memo) of(norm string, f form) *word {
	if f.long {
		return newWord(norm, f)
	}
	slot := &m.slots[maphash.String(m.seed, norm)&(memoSlots-1)]
	if w := slot.Load(); w != nil && w.norm == norm && w.form == f {
		return w
	}
	w := newWord(strings.Clone(norm), f) // norm is a part of a whole text, which must not be kept
	slot.Store(w)
	return w
}

func newWord(norm string, f form) *word {
	w := &word{norm: norm, form: f, key: kazakh.Key(norm)}
	if f.long || f.class&digit != 0 {
		return w
	}
	w.known, w.english, w.russianLetters = kazakhWords[w.key], englishWords[norm], hasRussianLetter(norm)
	w.speaksKazakh, w.speaksRussian = kazakhWeight(norm, w.key, f), russianWeight(norm, w.key, f)
	if f.class&(cyrillic|latin) == 0 {
		return w
	}
	w.kazakh = string(kazakh.AppendStem(nil, []byte(w.key)))
	switch {
	case f.class == cyrillic && isRussianWord(norm):
		w.russian = russianStem(norm)
	case f.class == cyrillic && !f.special && isRussianWord(w.key):
		// A Latin i in a Russian word (пiн) was read as the Kazakh letter.
		if fixed := strings.ReplaceAll(norm, "і", "и"); isRussianWord(fixed) {
			w.russian = russianStem(fixed)
		}
	case f.class == latin && isRussianWord(w.key):
		w.translit = russianStem(string(translit(nil, w.key)))
	}
	return w
}
