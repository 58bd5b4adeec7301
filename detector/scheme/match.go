package scheme

import (
	"slices"
	"sort"
	"sync"

	"github.com/aldanba/aldanba/detector/text"
)

// How far apart the terms of a pattern may stand, in words.
const (
	adjacentWords = 2  // one word between
	afterWords    = 5  // four words between
	nearWords     = 10 // nine words between
	nearSentences = 1
)

// maxTries bounds the work on one pattern, so that a message made of the same
// word a thousand times costs no more than any other of its length.
const maxTries = 512

// scratch is the memory of one match, reused.
type scratch struct {
	hidden     []bool
	walker     walker
	words      []*reading // word → what can be told of it; unread for a hidden one
	marks      []span
	sights     []sight  // of active classes
	concepts   []uint32 // numbers of the named classes that occur
	notes      []int32  // classes whose concepts these are
	touched    []int32  // active classes that occur
	present    bitset   // the same
	tallies    []tally  // class → what was counted of it
	wanted     bitset   // classes of which patterns that may hold are made
	candidates []int32  // those patterns
	sorted     []span   // of the wanted classes
	fired      []span   // rule → where; class is 1 when it holds
	holding    bitset   // rules that hold
	firing     []int32  // rules that were set in fired
	waiting    bitset   // places in Matcher.order that are still to be decided
	tries      int
}

type scratchPool struct{ sync.Pool }

func (p *scratchPool) get() *scratch {
	if s, ok := p.Get().(*scratch); ok {
		return s
	}
	return &scratch{}
}

// Found is what the matcher found in a document. Its memory can be used again.
type Found struct {
	Hits []Hit // rules that hold, in the order of the packs
	// Concepts are the classes whose words occur, as numbers that stay the same
	// as long as the class keeps its name; a negated word counts apart.
	Concepts []uint32
	Hidden   []bool // token → it lies under a mark that hides words
}

// Match finds the rules that hold in the document. Marks need no order.
func (m *Matcher) Match(doc *text.Document, marks []Mark, found *Found) {
	s := m.pool.get()
	defer m.pool.Put(s)
	s.reset(len(doc.Tokens), m.classes, len(m.rules))
	for _, mark := range marks {
		s.mark(doc, m, mark)
	}
	m.readWords(doc, s)
	m.readPhrases(doc, s)
	m.sift(s)
	s.sort(doc)
	for _, p := range s.candidates {
		m.try(&m.patterns[p], s)
	}
	m.settle(s)
	found.Hits, found.Concepts = m.hits(s, found.Hits[:0]), append(found.Concepts[:0], s.concepts...)
	found.Hidden = append(found.Hidden[:0], s.hidden...)
}

// sift finds the patterns of which all classes occur.
func (m *Matcher) sift(s *scratch) {
	for _, class := range s.touched {
	next:
		for _, a := range m.anchors[m.anchored[class]:m.anchored[class+1]] {
			if !s.present.has(a.other) {
				continue
			}
			terms := m.patterns[a.pattern].terms
			for i := range terms {
				if !s.present.has(terms[i].class) {
					continue next
				}
			}
			for i := range terms {
				s.wanted.add(terms[i].class)
			}
			s.candidates = append(s.candidates, a.pattern)
		}
	}
}

// hits gives the rules that hold.
func (m *Matcher) hits(s *scratch, hits []Hit) []Hit {
	slices.Sort(s.firing)
	for _, rule := range s.firing {
		if at := s.fired[rule]; at.class == 1 {
			hits = append(hits, Hit{Rule: m.rules[rule], Place: int(rule), Start: int(at.from), End: int(at.to)})
		}
	}
	return hits
}

func (s *scratch) reset(tokens, classes, rules int) {
	s.hidden = slices.Grow(s.hidden[:0], tokens)[:tokens]
	clear(s.hidden)
	if len(s.fired) < rules {
		s.fired = make([]span, rules)
	}
	for _, rule := range s.firing {
		s.fired[rule] = span{}
	}
	if len(s.tallies) < classes {
		s.tallies = make([]tally, classes)
	}
	for _, class := range s.touched {
		s.tallies[class] = tally{}
	}
	for _, class := range s.notes {
		s.tallies[class] = tally{}
	}
	s.present, s.wanted, s.holding = s.present.empty(classes), s.wanted.empty(classes), s.holding.empty(rules)
	s.words, s.marks, s.sights, s.concepts, s.notes = s.words[:0], s.marks[:0], s.sights[:0], s.concepts[:0], s.notes[:0]
	s.touched, s.candidates, s.firing, s.tries = s.touched[:0], s.candidates[:0], s.firing[:0], 0
}

// mark turns a mark into a span and hides the words under it.
func (s *scratch) mark(doc *text.Document, m *Matcher, mark Mark) {
	first := sort.Search(len(doc.Tokens), func(i int) bool { return doc.Tokens[i].End > mark.Start })
	last := first
	for last < len(doc.Tokens) && doc.Tokens[last].Start < mark.End {
		if mark.Hide {
			s.hidden[last] = true
		}
		last++
	}
	class, ok := m.marks[mark.Name]
	if !ok {
		return
	}
	sentence := 0
	if len(doc.Tokens) > 0 {
		sentence = doc.Tokens[min(first, len(doc.Tokens)-1)].Sentence
	}
	if t := &s.tallies[class]; t.count == 0 {
		s.touch(class)
	}
	s.tallies[class].count++
	s.marks = append(s.marks, span{
		class: class, start: int32(first), end: int32(last), sentence: int32(sentence),
		from: int32(mark.Start), to: int32(mark.End),
	})
}

// unread stands for a word that is hidden.
var unread = &reading{}

// readWords reads every word that is not hidden. What was noted is gathered
// before any of it is looked at: so the waits for memory overlap.
func (m *Matcher) readWords(doc *text.Document, s *scratch) {
	for i := range doc.Tokens {
		r := unread
		if !s.hidden[i] {
			r, _ = doc.Tokens[i].Notes.Rules.Load().(*reading)
		}
		s.words = append(s.words, r)
	}
	for i, r := range s.words {
		if r == nil || r.matcher != m && r != unread {
			s.words[i] = m.read(&doc.Tokens[i], doc.Lang, &s.walker)
		}
	}
}

// readPhrases finds the classes that occur.
func (m *Matcher) readPhrases(doc *text.Document, s *scratch) {
	for i, word := range s.words {
		if len(word.seen) == 0 {
			continue
		}
		next := uint64(0)
		if i+1 < len(s.words) {
			next = s.words[i+1].mask
		}
		isDenied := s.deniedBefore(doc, i)
		for k := range word.seen {
			seen := &word.seen[k]
			if seen.count > 0 {
				at := sight{start: int32(i), end: int32(i + 1), negated: isDenied || s.denied(doc, i, i, seen.ending)}
				s.occur(word.occurs[seen.from:][:seen.count], at)
			}
			if seen.second&next != 0 {
				m.readFrom(s, doc, seen.lexeme, i, isDenied)
			}
		}
	}
}

// readFrom looks for the phrases that begin with a lexeme at word i. They are
// sorted by their second word, so only those that the next word allows are
// looked at, however many begin alike.
func (m *Matcher) readFrom(s *scratch, doc *text.Document, first int32, i int, isDenied bool) {
	l, word := &m.lexemes[first], s.words[i+1]
	for n := range word.seen {
		next := &word.seen[n]
		if !m.begins.has(pairBit(first, next.lexeme)) {
			continue
		}
		for k := firstPhrase(l.from, next.lexeme); k < len(l.from) && l.from[k].second == next.lexeme; k++ {
			if end, e := s.follow(l.from[k].rest, i+1, next.ending); end > 0 {
				at := sight{start: int32(i), end: int32(end), negated: isDenied || s.denied(doc, i, end-1, e)}
				for _, class := range l.from[k].classes {
					s.occur([]occurrence{m.occurrence(class)}, at)
				}
			}
		}
	}
}

// pairBit gives the number of two words that follow each other in the set of
// those with which phrases begin. Few of the others share one with them.
func pairBit(first, second int32) int32 {
	return int32((uint32(first)*0x9E3779B1 ^ uint32(second)*0x85EBCA6B) >> (32 - pairBits))
}

// pairBits makes the set 16 KB large.
const pairBits = 17

// firstPhrase finds the first phrase whose second word is not before lexeme.
func firstPhrase(phrases []phrase, lexeme int32) int {
	lo, hi := 0, len(phrases)
	for lo < hi {
		if mid := (lo + hi) / 2; phrases[mid].second < lexeme {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

// follow checks the words of a phrase after word i, whose ending is given. It
// gives the word after the phrase and the ending of its last; 0 if the phrase
// does not hold.
func (s *scratch) follow(rest []int32, i int, e ending) (int, ending) {
next:
	for _, want := range rest {
		if i++; i >= len(s.words) || s.words[i].mask&maskOf(want) == 0 {
			return 0, e
		}
		for k := range s.words[i].seen {
			if seen := &s.words[i].seen[k]; seen.lexeme == want {
				e = seen.ending
				continue next
			}
		}
		return 0, e
	}
	return i + 1, e
}

// try fires the rule of a pattern, all classes of which occur, if the pattern
// holds somewhere.
func (m *Matcher) try(p *pattern, s *scratch) {
	if s.fired[p.rule].class == 1 {
		return
	}
	s.tries = 0
	tightest := span{}
	for _, first := range s.of(p.terms[0].class) {
		if !agrees(p.terms[0].pol, first.negated) {
			continue
		}
		if whole, ok := s.extend(p.terms[1:], first, first); ok && (tightest.to == 0 || whole.to-whole.from < tightest.to-tightest.from) {
			tightest = whole
		}
	}
	if tightest.to > 0 {
		s.fire(p.rule, tightest)
	}
}

// fire notes that a rule holds.
func (s *scratch) fire(rule int32, at span) {
	at.class = 1
	s.fired[rule] = at
	s.firing = append(s.firing, rule)
	s.holding.add(rule)
}

// extend looks for the remaining terms around the term before them.
func (s *scratch) extend(terms []operand, before, whole span) (span, bool) {
	if len(terms) == 0 {
		return whole, true
	}
	group := s.of(terms[0].class)
	i := 0
	if terms[0].rel != anywhere {
		earliest := before.start - nearWords - 4
		i = sort.Search(len(group), func(k int) bool { return group[k].start >= earliest })
	}
	for ; i < len(group); i++ {
		next := group[i]
		if terms[0].rel != anywhere && next.start > before.end+nearWords {
			break
		}
		if s.tries++; s.tries > maxTries {
			return whole, false
		}
		if !agrees(terms[0].pol, next.negated) || !stands(terms[0].rel, before, next) {
			continue
		}
		joined := whole
		joined.from, joined.to = min(whole.from, next.from), max(whole.to, next.to)
		if result, ok := s.extend(terms[1:], next, joined); ok {
			return result, true
		}
	}
	return whole, false
}

func agrees(p polarity, isNegated bool) bool {
	return p == either || (p == negated) == isNegated
}

// stands says whether b stands to a as the relation wants. Terms never overlap.
func stands(rel relation, a, b span) bool {
	if a.from < b.to && b.from < a.to {
		return false
	}
	switch rel {
	case adjacent:
		return b.start >= a.end && b.start < a.end+adjacentWords
	case after:
		return b.start >= a.end && b.start < a.end+afterWords
	case near:
		apart := max(b.start-a.end, a.start-b.end)
		return apart < nearWords && max(a.sentence-b.sentence, b.sentence-a.sentence) <= nearSentences
	}
	return true
}
