package scheme

import (
	"math"
	"slices"
	"unicode/utf8"

	"github.com/aldanba/aldanba/detector/text"
)

// sighting is one word of the packs seen in one word of a text. Sixteen bytes:
// to read a word is to wait for memory.
type sighting struct {
	second uint64 // mask of the words that can go on with a phrase; 0 if it begins none
	lexeme int32
	from   uint16 // where its classes begin among the occurrences of the reading
	count  uint8  // how many they are
	ending ending
}

// mostClasses is how many classes one sighting has room for; the rest is told
// by another one.
const mostClasses = 255

// ending says what the ending of a Kazakh word, after the part that was
// matched, does to it.
type ending uint8

const (
	deniesVerb   ending = 1 << iota // it negates the verb
	leansOnOther                    // it leans on a helping verb, which may carry the negation
)

// occurrence is a class that occurs.
type occurrence struct {
	class   int32  // as asleep gives it where no pattern uses the class
	concept uint32 // number of its name, 0 if it has none
}

// asleep marks a class that no pattern uses, and takes the mark off again.
func asleep(class int32) int32 { return ^class }

func (m *Matcher) occurrence(class int32) occurrence {
	o := occurrence{class: class, concept: m.names[class]}
	if !m.active[class] {
		o.class = asleep(class)
	}
	return o
}

// reading is everything that can be told of one word without its neighbours.
// It depends on the word alone and on whether the text is Russian, as the stems
// of the word do, so it is noted there.
type reading struct {
	matcher  *Matcher     // that has read it
	mask     uint64       // a bit for every lexeme seen, by maskOf
	seen     []sighting   // in a language that the word may be of
	occurs   []occurrence // of all sightings, one after the other
	particle particle
}

// newReading gives an empty reading with room for so much. Where that is little,
// as for nearly all words, it is one piece of memory.
func newReading(seen, occurs int) *reading {
	switch {
	case seen <= 2 && occurs <= 4:
		r := &struct {
			reading
			seen   [2]sighting
			occurs [4]occurrence
		}{}
		r.reading.seen, r.reading.occurs = r.seen[:0], r.occurs[:0]
		return &r.reading
	case seen <= 6 && occurs <= 10:
		r := &struct {
			reading
			seen   [6]sighting
			occurs [10]occurrence
		}{}
		r.reading.seen, r.reading.occurs = r.seen[:0], r.occurs[:0]
		return &r.reading
	}
	return &reading{seen: make([]sighting, 0, seen), occurs: make([]occurrence, 0, occurs)}
}

// maskOf gives the bit of a lexeme: a quick way to see that a word is none of
// those that could go on with a phrase.
func maskOf(lexeme int32) uint64 { return 1 << (uint32(lexeme) % 64) }

// read works out what can be told of a word in a text of a language, and notes
// it with the word.
func (m *Matcher) read(token *text.Token, lang text.Lang, w *walker) *reading {
	*w = walker{matcher: m, key: token.Key, languages: languagesOf(token, lang), seen: w.seen[:0], sums: w.sums[:0], occurs: w.occurs[:0]}
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
	sums      []sighting
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
			w.after = endingOf(w.key[:rest], w.key[rest:])
		}
		s.ending = w.after
	}
	w.seen = append(w.seen, s)
}

// reading sums up what was seen. A class that several sightings give with the
// same ending counts once.
func (w *walker) reading(p particle) *reading {
	m := w.matcher
	if len(w.seen) == 0 {
		return &m.blank[p]
	}
	seen, occurs, mask := w.sums[:0], w.occurs, uint64(0)
	for _, s := range w.seen {
		l := &m.lexemes[s.lexeme]
		mask |= maskOf(s.lexeme)
		s.second, s.from = l.second, uint16(len(occurs))
		for _, class := range l.self {
			o := m.occurrence(class)
			if given(seen, occurs, o, s.ending) || len(occurs) == math.MaxUint16 {
				continue
			}
			if s.count == mostClasses {
				seen = append(seen, s)
				s.second, s.from, s.count = 0, uint16(len(occurs)), 0
			}
			occurs = append(occurs, o)
			s.count++
		}
		seen = append(seen, s)
	}
	w.sums, w.occurs = seen, occurs
	r := newReading(len(seen), len(occurs))
	r.matcher, r.mask, r.particle = m, mask, p
	r.seen, r.occurs = append(r.seen, seen...), append(r.occurs, occurs...)
	return r
}

// given says that a sighting with the same ending has given the class before.
func given(seen []sighting, occurs []occurrence, o occurrence, e ending) bool {
	for i := range seen {
		if seen[i].ending == e && slices.Contains(occurs[seen[i].from:][:seen[i].count], o) {
			return true
		}
	}
	return false
}
