package scheme

import (
	"hash/maphash"
	"strings"
	"sync/atomic"
	"unicode/utf8"

	"github.com/aldanba/aldanba/detector/text"
)

// sighting is one word of the packs seen in one word of a text.
type sighting struct {
	lexeme int32
	rest   int32 // where the key of the word goes on after the part that was matched
	lang   language
	denied bool // the ending after that part negates a Kazakh verb
	leans  bool // the ending leans on a helping verb, which may carry the negation
}

// reading is everything that can be told of one word without its neighbours.
// It depends on the word alone, so it is remembered.
type reading struct {
	norm, ru, kk string
	seen         []sighting
	mask         uint64 // a bit for every lexeme seen, by maskOf
	particle     particle
	letters      letters
}

// maskOf gives the bit of a lexeme: a quick way to see that a word is none of
// those that could go on with a phrase.
func maskOf(lexeme int32) uint64 { return 1 << (uint32(lexeme) % 64) }

const (
	memoSlots   = 1 << 16
	longestWord = 64 // bytes; longer ones are read anew each time
)

// memo remembers readings in a table of fixed size. A newcomer takes the place
// of whoever hashes like it: a flood of unknown words costs time, never memory.
type memo struct {
	seed  maphash.Seed
	slots [memoSlots]atomic.Pointer[reading]
}

func newMemo() *memo { return &memo{seed: maphash.MakeSeed()} }

// read gives what can be told of a word.
func (m *Matcher) read(token *text.Token) *reading {
	if len(token.Norm) > longestWord {
		return m.readAnew(token)
	}
	slot := &m.memo.slots[maphash.String(m.memo.seed, token.Norm)%memoSlots]
	if r := slot.Load(); r != nil && r.norm == token.Norm && r.ru == token.RU && r.kk == token.KK {
		return r
	}
	r := m.readAnew(token)
	slot.Store(r)
	return r
}

// readAnew keeps own copies: the strings of a token hold on to the whole text.
func (m *Matcher) readAnew(token *text.Token) *reading {
	r := &reading{
		norm: strings.Clone(token.Norm), ru: strings.Clone(token.RU), kk: strings.Clone(token.KK),
		seen: m.walk(token), particle: particles[token.Norm], letters: lettersOf(token.Norm),
	}
	for _, seen := range r.seen {
		r.mask |= maskOf(seen.lexeme)
	}
	return r
}

// walk takes a word and its stems through the automaton.
func (m *Matcher) walk(token *text.Token) []sighting {
	var seen []sighting
	node := int32(0)
	for at, r := range token.Key {
		if node = m.trie.step(node, r); node == 0 {
			break
		}
		rest := at + utf8.RuneLen(r)
		for _, id := range m.trie.ends[node] {
			if l := &m.lexemes[id]; l.mode == byPrefix || l.mode == byExact && rest == len(token.Key) {
				seen = append(seen, m.sighting(id, token.Key, rest))
			}
		}
	}
	seen = m.walkStem(seen, token.RU, russian, token.Key)
	return m.walkStem(seen, token.KK, kazakhLang, token.Key)
}

// walkStem adds the lexemes that are compared by stem.
func (m *Matcher) walkStem(seen []sighting, stem string, lang language, key string) []sighting {
	if stem == "" {
		return seen
	}
	for _, id := range m.trie.find(stem) {
		if l := &m.lexemes[id]; l.mode == byStem && l.lang == lang {
			seen = append(seen, m.sighting(id, key, min(len(stem), len(key))))
		}
	}
	return seen
}

func (m *Matcher) sighting(id int32, key string, rest int) sighting {
	s := sighting{lexeme: id, rest: int32(rest), lang: m.lexemes[id].lang}
	if s.lang != russian && rest < len(key) {
		s.denied = deniedBySuffix(key[:rest], key[rest:])
		s.leans = isConverb(key[rest:])
	}
	return s
}
