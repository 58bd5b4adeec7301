package scheme

import (
	"unicode/utf8"

	"github.com/aldanba/aldanba/detector/text"
)

// sighting is one word of the packs seen in one word of a text.
type sighting struct {
	lexeme   int32
	lang     language
	denied   bool   // the ending after the part that was matched negates a Kazakh verb
	leans    bool   // that ending leans on a helping verb, which may carry the negation
	second   uint64 // mask of the words that can go on with a phrase; 0 if it begins none
	from, to int32  // its classes among the occurrences of the reading
}

// occurrence says what a class that occurs is good for.
type occurrence struct {
	class   int32
	concept uint32 // number of its name, 0 if it has none
	active  bool   // some pattern uses it
}

func (m *Matcher) occurrence(class int32) occurrence {
	return occurrence{class: class, concept: m.names[class], active: m.active[class]}
}

// reading is everything that can be told of one word without its neighbours.
// It depends on the word alone, so it is noted there.
type reading struct {
	matcher  *Matcher // that has read it
	seen     []sighting
	occurs   []occurrence // of all sightings, one after the other
	mask     uint64       // a bit for every lexeme seen, by maskOf
	particle particle
	letters  letters
	kazakh   bool // it may be Kazakh in a Russian text
}

// maskOf gives the bit of a lexeme: a quick way to see that a word is none of
// those that could go on with a phrase.
func maskOf(lexeme int32) uint64 { return 1 << (uint32(lexeme) % 64) }

// read gives what can be told of a word.
func (m *Matcher) read(token *text.Token) *reading {
	if r, ok := token.Note.Load().(*reading); ok && r.matcher == m {
		return r
	}
	r := &reading{
		matcher: m, seen: m.walk(token), particle: particles[token.Norm], letters: lettersOf(token.Norm), kazakh: token.KK != "",
	}
	for i := range r.seen {
		seen := &r.seen[i]
		l := &m.lexemes[seen.lexeme]
		r.mask |= maskOf(seen.lexeme)
		seen.second, seen.from = l.second, int32(len(r.occurs))
		for _, class := range l.self {
			r.occurs = append(r.occurs, m.occurrence(class))
		}
		seen.to = int32(len(r.occurs))
	}
	token.Note.Store(r)
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
	s := sighting{lexeme: id, lang: m.lexemes[id].lang}
	if s.lang != russian && rest < len(key) {
		s.denied = deniedBySuffix(key[:rest], key[rest:])
		s.leans = isConverb(key[rest:])
	}
	return s
}
