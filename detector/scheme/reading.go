package scheme

import (
	"slices"
	"unicode/utf8"

	"github.com/aldanba/aldanba/detector/text"
)

// sighting is one word of the packs seen in one word of a text.
type sighting struct {
	lexeme int32
	ending
	second   uint64 // mask of the words that can go on with a phrase; 0 if it begins none
	from, to int32  // its classes among the occurrences of the reading
}

// ending says what the ending of a Kazakh word, after the part that was
// matched, does to it.
type ending struct {
	denied bool // it negates the verb
	leans  bool // it leans on a helping verb, which may carry the negation
}

// occurrence says what a class that occurs is good for.
type occurrence struct {
	class   int32
	concept uint32 // number of its name, 0 if it has none
	active  bool   // some pattern uses it
	ending
}

func (m *Matcher) occurrence(class int32, e ending) occurrence {
	return occurrence{class: class, concept: m.names[class], active: m.active[class], ending: e}
}

// reading is everything that can be told of one word without its neighbours.
// It depends on the word alone and on whether the text is Russian, as the stems
// of the word do, so it is noted there.
type reading struct {
	matcher  *Matcher     // that has read it
	seen     []sighting   // in a language that the word may be of
	occurs   []occurrence // of all sightings, one after the other
	mask     uint64       // a bit for every lexeme seen, by maskOf
	particle particle
}

// maskOf gives the bit of a lexeme: a quick way to see that a word is none of
// those that could go on with a phrase.
func maskOf(lexeme int32) uint64 { return 1 << (uint32(lexeme) % 64) }

// read gives what can be told of a word in a text of a language.
func (m *Matcher) read(token *text.Token, lang text.Lang, w *walker) *reading {
	if r, ok := token.Notes.Rules.Load().(*reading); ok && r.matcher == m {
		return r
	}
	*w = walker{matcher: m, key: token.Key, languages: languagesOf(token, lang), seen: w.seen[:0], occurs: w.occurs[:0]}
	w.walk(token)
	r := w.reading(particles[token.Norm])
	token.Notes.Rules.Store(r)
	return r
}

// walker takes a word and its stems through the automaton.
type walker struct {
	matcher   *Matcher
	key       string
	languages languages
	seen      []sighting
	occurs    []occurrence
	rest      int // where the part ends of which after tells
	after     ending
}

func (w *walker) walk(token *text.Token) {
	trie, at := w.matcher.trie, int32(0)
	for i, r := range w.key {
		if at = trie.step(at, r); at == 0 {
			break
		}
		rest := i + utf8.RuneLen(r)
		for _, end := range trie.endsAt(at) {
			if end.mode == byPrefix || end.mode == byExact && rest == len(w.key) {
				w.see(end, rest)
			}
		}
	}
	w.walkStem(token.RU, russian)
	w.walkStem(token.KK, kazakhLang)
}

// walkStem sees the lexemes that are compared by stem.
func (w *walker) walkStem(stem string, lang language) {
	if stem == "" {
		return
	}
	for _, end := range w.matcher.trie.find(stem) {
		if end.mode == byStem && end.lang == lang {
			w.see(end, min(len(stem), len(w.key)))
		}
	}
}

// see adds a lexeme that the key has up to rest.
func (w *walker) see(end wordEnd, rest int) {
	if !w.languages.has(end.lang) {
		return
	}
	s := sighting{lexeme: end.lexeme}
	if end.lang != russian && rest < len(w.key) {
		if rest != w.rest {
			w.rest = rest
			w.after = ending{denied: deniedBySuffix(w.key[:rest], w.key[rest:]), leans: isConverb(w.key[rest:])}
		}
		s.ending = w.after
	}
	w.seen = append(w.seen, s)
}

// reading sums up what was seen. A class that several sightings give in the
// same way counts once.
func (w *walker) reading(p particle) *reading {
	m := w.matcher
	if len(w.seen) == 0 {
		return &m.blank[p]
	}
	r := &reading{matcher: m, particle: p, seen: slices.Clone(w.seen)}
	occurs := w.occurs
	for i := range r.seen {
		seen := &r.seen[i]
		l := &m.lexemes[seen.lexeme]
		r.mask |= maskOf(seen.lexeme)
		seen.second, seen.from = l.second, int32(len(occurs))
		for _, class := range l.self {
			if o := m.occurrence(class, seen.ending); !slices.Contains(occurs, o) {
				occurs = append(occurs, o)
			}
		}
		seen.to = int32(len(occurs))
	}
	w.occurs, r.occurs = occurs, slices.Clone(occurs)
	return r
}
