package scheme

import (
	"cmp"
	"slices"
	"sort"
	"sync"
	"unicode/utf8"

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

// span is one occurrence of a class in the text.
type span struct {
	class      int32
	start, end int32 // words, end excluded
	sentence   int32
	from, to   int32 // bytes in the original
	negated    bool
}

// scratch is the memory of one match, reused.
type scratch struct {
	hidden    []bool
	words     []int32 // lexemes, word after word
	rests     []int32 // where in the key the lexeme ended, parallel to words
	first     []int32 // word → its first entry in words
	particles []particle
	spans     []span
	touched   []int32
	begin     []int32 // class → its first span
	count     []int32 // class → how many
	sorted    []span
	fired     []span // rule → where; class is 1 when it holds
	tries     int
}

type scratchPool struct{ sync.Pool }

func (p *scratchPool) get() *scratch {
	if s, ok := p.Get().(*scratch); ok {
		return s
	}
	return &scratch{}
}

// Match gives the rules that hold in the document, in the order of the packs,
// appended to hits. Marks need no order.
func (m *Matcher) Match(doc *text.Document, marks []Mark, hits []Hit) []Hit {
	s := m.pool.get()
	defer m.pool.Put(s)
	s.reset(len(doc.Tokens), m.classes, len(m.rules))
	for _, mark := range marks {
		s.mark(doc, m, mark)
	}
	m.readWords(doc, s)
	s.readParticles(doc)
	m.readPhrases(doc, s)
	s.sort(m.classes)
	for _, class := range s.touched {
		for i := range m.anchored[class] {
			m.try(&m.anchored[class][i], s)
		}
	}
	m.settle(s)
	for i, at := range s.fired {
		if at.class == 1 {
			hits = append(hits, Hit{Rule: m.rules[i], Start: int(at.from), End: int(at.to)})
		}
	}
	for _, class := range s.touched {
		s.count[class] = 0
	}
	return hits
}

func (s *scratch) reset(tokens, classes, rules int) {
	s.hidden = slices.Grow(s.hidden[:0], tokens)[:tokens]
	clear(s.hidden)
	s.fired = slices.Grow(s.fired[:0], rules)[:rules]
	clear(s.fired)
	if len(s.count) < classes {
		s.count, s.begin = make([]int32, classes), make([]int32, classes)
	}
	s.words, s.rests, s.first = s.words[:0], s.rests[:0], s.first[:0]
	s.spans, s.touched, s.tries = s.spans[:0], s.touched[:0], 0
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
	s.spans = append(s.spans, span{
		class: class, start: int32(first), end: int32(last), sentence: int32(sentence),
		from: int32(mark.Start), to: int32(mark.End),
	})
}

// readWords walks every word through the automaton once.
func (m *Matcher) readWords(doc *text.Document, s *scratch) {
	for i := range doc.Tokens {
		s.first = append(s.first, int32(len(s.words)))
		if s.hidden[i] {
			continue
		}
		token := &doc.Tokens[i]
		languages := languagesOf(token, doc.Lang)
		node := int32(0)
		for at, r := range token.Key {
			if node = m.trie.step(node, r); node == 0 {
				break
			}
			rest := at + utf8.RuneLen(r)
			whole := rest == len(token.Key)
			for _, id := range m.trie.ends[node] {
				l := &m.lexemes[id]
				if languages.has(l.lang) && (l.mode == byPrefix || l.mode == byExact && whole) {
					s.add(id, rest)
				}
			}
		}
		m.readStem(s, token.RU, russian, token)
		m.readStem(s, token.KK, kazakhLang, token)
	}
	s.first = append(s.first, int32(len(s.words)))
}

// readStem adds the lexemes that are compared by stem.
func (m *Matcher) readStem(s *scratch, stem string, lang language, token *text.Token) {
	if stem == "" {
		return
	}
	for _, id := range m.trie.find(stem) {
		if l := &m.lexemes[id]; l.mode == byStem && l.lang == lang {
			s.add(id, min(len(stem), len(token.Key)))
		}
	}
}

func (s *scratch) add(id int32, rest int) {
	s.words = append(s.words, id)
	s.rests = append(s.rests, int32(rest))
}

// at gives the lexemes of a word.
func (s *scratch) at(i int) []int32 { return s.words[s.first[i]:s.first[i+1]] }

// readPhrases turns lexemes into spans of classes.
func (m *Matcher) readPhrases(doc *text.Document, s *scratch) {
	for i := range doc.Tokens {
		ids := s.at(i)
		for k, id := range ids {
			l := &m.lexemes[id]
			if len(l.self) > 0 {
				isDenied := s.denied(doc, i, i, int(s.rests[int(s.first[i])+k]), l.lang)
				for _, class := range l.self {
					s.addSpan(doc, class, i, i+1, isDenied)
				}
			}
			for _, p := range l.from {
				if end, last := s.follow(p, i); end > 0 {
					s.addSpan(doc, p.class, i, end, s.denied(doc, i, end-1, last, l.lang))
				}
			}
		}
	}
}

// follow checks the words of a phrase after its first. It gives the word after
// the phrase and where the key of the last word went on; 0 if it does not hold.
func (s *scratch) follow(p phrase, i int) (end, rest int) {
	for _, want := range p.rest {
		i++
		if i+1 >= len(s.first) {
			return 0, 0
		}
		k := slices.Index(s.at(i), want)
		if k < 0 {
			return 0, 0
		}
		rest = int(s.rests[int(s.first[i])+k])
	}
	return i + 1, rest
}

func (s *scratch) addSpan(doc *text.Document, class int32, start, end int, isDenied bool) {
	s.spans = append(s.spans, span{
		class: class, start: int32(start), end: int32(end), sentence: int32(doc.Tokens[start].Sentence),
		from: int32(doc.Tokens[start].Start), to: int32(doc.Tokens[end-1].End), negated: isDenied,
	})
}

// sort groups the spans by class, within a class in the order of the text.
func (s *scratch) sort(classes int) {
	for _, sp := range s.spans {
		if s.count[sp.class] == 0 {
			s.touched = append(s.touched, sp.class)
		}
		s.count[sp.class]++
	}
	offset := int32(0)
	for _, class := range s.touched {
		s.begin[class] = offset
		offset += s.count[class]
		s.count[class] = 0
	}
	s.sorted = slices.Grow(s.sorted[:0], len(s.spans))[:len(s.spans)]
	for _, sp := range s.spans {
		s.sorted[s.begin[sp.class]+s.count[sp.class]] = sp
		s.count[sp.class]++
	}
	for _, class := range s.touched {
		group := s.of(class)
		byStart := func(a, b span) int { return cmp.Compare(a.start, b.start) }
		if !slices.IsSortedFunc(group, byStart) {
			slices.SortStableFunc(group, byStart)
		}
	}
}

// of gives the spans of a class in the order of the text.
func (s *scratch) of(class int32) []span {
	return s.sorted[s.begin[class] : s.begin[class]+s.count[class]]
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
	for _, first := range s.of(p.terms[0].class) {
		if !agrees(p.terms[0].pol, first.negated) {
			continue
		}
		if whole, ok := s.extend(p.terms[1:], first, first); ok {
			whole.class = 1
			s.fired[p.rule] = whole
			return
		}
	}
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

// settle decides the rules that lean on other rules.
func (m *Matcher) settle(s *scratch) {
	for _, i := range m.order {
		rule := m.rules[i]
		if len(rule.RU)+len(rule.KK)+len(rule.Any) > 0 && s.fired[i].class == 0 {
			continue
		}
		holds := true
		for _, need := range m.needs[i] {
			k := slices.IndexFunc(need, func(j int32) bool { return s.fired[j].class == 1 })
			if k < 0 {
				holds = false
				break
			}
			if at := s.fired[need[k]]; s.fired[i].to == 0 {
				s.fired[i] = at
			}
		}
		if holds && slices.ContainsFunc(m.unless[i], func(j int32) bool { return s.fired[j].class == 1 }) {
			holds = false
		}
		if holds {
			s.fired[i].class = 1
		} else {
			s.fired[i] = span{}
		}
	}
}
