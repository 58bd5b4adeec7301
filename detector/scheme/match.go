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
	hidden    []bool
	words     []*reading  // word → what can be told of it; unread for a hidden one
	languages []languages // word → languages that it may be of
	spans     []span
	marks     int      // how many of spans are marks; they are the first
	concepts  []uint32 // numbers of the named classes that occur
	noted     []uint8  // class → which of its two numbers are among the concepts
	notes     []int32  // classes that are set in noted
	touched   []int32  // active classes that occur
	end       []int32  // class → end of its spans in sorted
	count     []int32  // class → how many
	sorted    []span
	fired     []span   // rule → where; class is 1 when it holds
	holding   ruleSet  // rules that hold
	firing    []int32  // rules that were set in fired
	waiting   []uint64 // bits of places in Matcher.order that are still to be decided
	tries     int
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
	s.marks = len(s.spans)
	m.readWords(doc, s)
	m.readPhrases(doc, s)
	s.sort()
	for _, class := range s.touched {
		for i := range m.anchored[class] {
			if p := &m.anchored[class][i]; s.count[p.other] > 0 {
				m.try(p, s)
			}
		}
	}
	m.settle(s)
	found.Hits, found.Concepts = m.hits(s, found.Hits[:0]), append(found.Concepts[:0], s.concepts...)
	found.Hidden = append(found.Hidden[:0], s.hidden...)
	for _, class := range s.touched {
		s.count[class] = 0
	}
}

// hits gives the rules that hold.
func (m *Matcher) hits(s *scratch, hits []Hit) []Hit {
	slices.Sort(s.firing)
	for _, rule := range s.firing {
		if at := s.fired[rule]; at.class == 1 {
			hits = append(hits, Hit{Rule: m.rules[rule], Start: int(at.from), End: int(at.to)})
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
	s.holding = slices.Grow(s.holding[:0], rules/64+1)[:rules/64+1]
	clear(s.holding)
	if len(s.count) < classes {
		s.count, s.end, s.noted = make([]int32, classes), make([]int32, classes), make([]uint8, classes)
	}
	for _, class := range s.notes {
		s.noted[class] = 0
	}
	s.concepts, s.notes = s.concepts[:0], s.notes[:0]
	s.words, s.languages = s.words[:0], s.languages[:0]
	s.spans, s.touched, s.firing, s.tries = s.spans[:0], s.touched[:0], s.firing[:0], 0
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
	s.add(span{
		class: class, start: int32(first), end: int32(last), sentence: int32(sentence),
		from: int32(mark.Start), to: int32(mark.End),
	})
}

// unread stands for a word that is hidden.
var unread = &reading{}

// readWords reads every word that is not hidden.
func (m *Matcher) readWords(doc *text.Document, s *scratch) {
	for i := range doc.Tokens {
		r := unread
		if !s.hidden[i] {
			r = m.read(&doc.Tokens[i])
		}
		s.words, s.languages = append(s.words, r), append(s.languages, r.languages(doc.Lang))
	}
}

// readPhrases turns sightings into spans of classes.
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
			if !s.languages[i].has(seen.lang) {
				continue
			}
			if seen.from < seen.to {
				at := place(doc, i, i+1, isDenied || s.denied(doc, i, i, seen))
				for _, o := range word.occurs[seen.from:seen.to] {
					s.occur(o, at)
				}
			}
			if seen.second&next != 0 {
				m.readFrom(s, doc, &m.lexemes[seen.lexeme], i, isDenied)
			}
		}
	}
}

// readFrom looks for the phrases that begin with a lexeme at word i. They are
// sorted by their second word, so only those that the next word allows are
// looked at, however many begin alike.
func (m *Matcher) readFrom(s *scratch, doc *text.Document, l *lexeme, i int, isDenied bool) {
	word := s.words[i+1]
	for n := range word.seen {
		next := &word.seen[n]
		if l.second&maskOf(next.lexeme) == 0 || !s.languages[i+1].has(next.lang) {
			continue
		}
		for k := firstPhrase(l.from, next.lexeme); k < len(l.from) && l.from[k].rest[0] == next.lexeme; k++ {
			if end, last := s.follow(l.from[k].rest[1:], i+1, next); end > 0 {
				at := place(doc, i, end, isDenied || s.denied(doc, i, end-1, last))
				for _, class := range l.from[k].classes {
					s.occur(m.occurrence(class), at)
				}
			}
		}
	}
}

// firstPhrase finds the first phrase whose second word is not before lexeme.
func firstPhrase(phrases []phrase, lexeme int32) int {
	lo, hi := 0, len(phrases)
	for lo < hi {
		if mid := (lo + hi) / 2; phrases[mid].rest[0] < lexeme {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

// follow checks the words of a phrase after word i. It gives the word after the
// phrase and the last sighting; 0 if the phrase does not hold.
func (s *scratch) follow(rest []int32, i int, last *sighting) (int, *sighting) {
next:
	for _, want := range rest {
		if i++; i >= len(s.words) || s.words[i].mask&maskOf(want) == 0 {
			return 0, last
		}
		for k := range s.words[i].seen {
			if seen := &s.words[i].seen[k]; seen.lexeme == want && s.languages[i].has(seen.lang) {
				last = seen
				continue next
			}
		}
		return 0, last
	}
	return i + 1, last
}

// try fires the rule of a pattern if the pattern holds somewhere.
func (m *Matcher) try(p *pattern, s *scratch) {
	if s.fired[p.rule].class == 1 {
		return
	}
	for _, t := range p.terms {
		if s.count[t.class] == 0 {
			return
		}
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
