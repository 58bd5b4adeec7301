package text

import (
	"hash/maphash"
	"sync/atomic"
	"unicode"
	"unicode/utf8"

	"github.com/aldanba/aldanba/detector/kazakh"
	"github.com/kljensen/snowball/russian"
)

// memoSlots is the number of words whose Russian stems are remembered; a power of two. A full memo takes
// about five megabytes.
const memoSlots = 1 << 15

// memo remembers Russian stems. It is a table of slots in which a word has one place: a new word takes the
// place of the old one, so that it never grows, and readers and writers share no lock.
type memo struct {
	seed  maphash.Seed
	slots []atomic.Pointer[stemmed]
}

type stemmed struct{ word, stem string }

func newMemo() *memo {
	return &memo{seed: maphash.MakeSeed(), slots: make([]atomic.Pointer[stemmed], memoSlots)}
}

// russianStem returns the stem of word in key space. The word is lower-case Russian without ё.
func (m *memo) russianStem(word string) string {
	slot := &m.slots[maphash.String(m.seed, word)&(memoSlots-1)]
	if s := slot.Load(); s != nil && s.word == word {
		return s.stem
	}
	s := &stemmed{word: string([]byte(word))} // a copy of its own: word is a part of a whole text
	s.stem = kazakh.Key(russian.Stem(s.word, true))
	slot.Store(s)
	return s.stem
}

// StemRussian returns the Russian stem of one word in key space, as Token.RU holds it, or "" where the word
// cannot be Russian.
func (a *Analyzer) StemRussian(word string) string {
	buf := make([]byte, 0, 64)
	n := 0
	for _, r := range word {
		r = unicode.ToLower(r)
		if r == 'ё' {
			r = 'е'
		}
		if r < 'а' || r > 'я' {
			return ""
		}
		if n++; n > maxStem {
			return ""
		}
		buf = appendRune(buf, r)
	}
	if n == 0 {
		return ""
	}
	return a.memo.russianStem(string(buf))
}

// isRussianWord reports whether s holds lower-case letters of the Russian alphabet only.
func isRussianWord(s string) bool {
	for _, r := range s {
		if r < 'а' || r > 'я' {
			return false
		}
	}
	return s != ""
}

// translit turns the key of a Latin word back towards Russian spelling as far as its endings need it: the
// key writes я and ю as two letters.
func translit(dst []byte, key string) []byte {
	for i := 0; i < len(key); {
		r, n := utf8.DecodeRuneInString(key[i:])
		if r == 'и' {
			next, m := utf8.DecodeRuneInString(key[i+n:])
			switch next {
			case 'а':
				dst = appendRune(dst, 'я')
				i += n + m
				continue
			case 'у':
				dst = appendRune(dst, 'ю')
				i += n + m
				continue
			}
		}
		dst = append(dst, key[i:i+n]...)
		i += n
	}
	return dst
}
