package text

import (
	"hash/maphash"
	"sync/atomic"

	"github.com/aldanba/aldanba/detector/kazakh"
)

// clues is what one word tells of the language of its text, in bits: how much it speaks for Kazakh, for Russian
// (three bits each), and what else it is.
type clues uint16

const (
	knownWord      clues = 1 << (6 + iota) // a function word of Kazakh
	englishWord                            // a function word of English
	russianLetters                         // letters that Kazakh only has in loan words
	remembered                             // set on every word that a memo holds
)

func (c clues) kazakh() int         { return int(c & 7) }
func (c clues) russian() int        { return int(c >> 3 & 7) }
func (c clues) has(what clues) bool { return c&what != 0 }

// cluesOf looks a word up in the lists; key is its spelling-neutral form.
func cluesOf(norm string, key []byte, f form) clues {
	var c clues
	if kazakhWords[string(key)] {
		c |= knownWord
	}
	if englishWords[norm] {
		c |= englishWord
	}
	if hasRussianLetter(norm) {
		c |= russianLetters
	}
	if norm == "я" { // its key is also that of the Kazakh иә
		return c | sign<<3
	}
	return c | clues(kazakhWeight(norm, key, c, f)) | clues(russianWeight(key, f))<<3
}

// clueMemo remembers the clues of words where nothing else of them is wanted: in a table so small that it stays near
// the processor. A word is told by a hash of more than sixty bits under a seed that nobody knows; in a full set a new
// word takes the place of an old one.
type clueMemo struct {
	seed maphash.Seed
	sets [memoSets][memoWays]atomic.Uint64 // hash, and the clues in its last bits
}

func (m *clueMemo) of(norm []byte, f form) clues {
	hash := maphash.Bytes(m.seed, norm) ^ uint64(f.class)<<20
	set := &m.sets[hash%memoSets]
	empty := int(hash >> 60 % memoWays)
	const tag = ^uint64(1<<16 - 1)
	for i := range set {
		switch entry := set[i].Load(); {
		case entry == 0:
			empty = i
		case (entry^hash)&tag == 0:
			return clues(entry)
		}
	}
	var memory [2 * maxStem]byte
	word := string(norm)
	c := cluesOf(word, kazakh.AppendKey(memory[:0], word), f) | remembered
	set[empty].Store(hash&tag | uint64(c))
	return c
}
