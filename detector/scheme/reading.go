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

// reading is everything that the automaton sees in one word. It depends on the
// word alone, so it is remembered.
type reading struct {
	key, ru, kk string
	seen        []sighting
}

const (
	memoSlots   = 1 << 14
	longestWord = 64 // bytes of a key; longer ones are read anew each time
)

// memo remembers readings in a table of fixed size. A newcomer takes the place
// of whoever hashes like it: a flood of unknown words costs time, never memory.
type memo struct {
	seed  maphash.Seed
	slots [memoSlots]atomic.Pointer[reading]
}

func newMemo() *memo { return &memo{seed: maphash.MakeSeed()} }

// read gives what the automaton sees in a word.
func (m *Matcher) read(token *text.Token) []sighting {
	if len(token.Key) > longestWord {
		return m.walk(token)
	}
	slot := &m.memo.slots[maphash.String(m.memo.seed, token.Key)%memoSlots]
	if r := slot.Load(); r != nil && r.key == token.Key && r.ru == token.RU && r.kk == token.KK {
		return r.seen
	}
	r := &reading{seen: m.walk(token)}
	// Own copies: the strings of a token hold on to the whole text.
	r.key, r.ru, r.kk = strings.Clone(token.Key), strings.Clone(token.RU), strings.Clone(token.KK)
	slot.Store(r)
	return r.seen
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
