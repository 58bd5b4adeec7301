package scheme

import (
	"cmp"
	"slices"

	"github.com/aldanba/aldanba/detector/text"
)

// span is one occurrence of a class in the text.
type span struct {
	class      int32
	start, end int32 // words, end excluded
	sentence   int32
	from, to   int32 // bytes in the original
	negated    bool
}

// place gives the span of the words from start to end, end excluded.
func place(doc *text.Document, start, end int, isDenied bool) span {
	first, last := &doc.Tokens[start], &doc.Tokens[end-1]
	return span{
		start: int32(start), end: int32(end), sentence: int32(first.Sentence),
		from: int32(first.Start), to: int32(last.End), negated: isDenied,
	}
}

// occur notes an occurrence: a span where patterns ask for the class, and the
// concept where it has a name.
func (s *scratch) occur(o occurrence, at span) {
	if o.active {
		at.class = o.class
		s.add(at)
	}
	if o.concept != 0 {
		s.note(o.class, o.concept, at.negated)
	}
}

// add adds the span of a class.
func (s *scratch) add(at span) {
	if s.count[at.class] == 0 {
		s.touched = append(s.touched, at.class)
	}
	s.count[at.class]++
	s.spans = append(s.spans, at)
}

// note adds the concept of a class once; a negated word is another concept.
func (s *scratch) note(class int32, number uint32, isDenied bool) {
	bit := uint8(1)
	if isDenied {
		bit, number = 2, ^number
	}
	if s.noted[class]&bit == 0 {
		s.noted[class] |= bit
		s.notes, s.concepts = append(s.notes, class), append(s.concepts, number)
	}
}

// sort groups the spans by class, within a class in the order of the text.
func (s *scratch) sort() {
	offset := int32(0)
	for _, class := range s.touched {
		s.end[class] = offset
		offset += s.count[class]
	}
	s.sorted = slices.Grow(s.sorted[:0], len(s.spans))[:len(s.spans)]
	for i := range s.spans {
		sp := &s.spans[i]
		s.sorted[s.end[sp.class]] = *sp
		s.end[sp.class]++
	}
	// Words come in the order of the text; only marks, which come first, need not.
	for _, mark := range s.spans[:s.marks] {
		byStart := func(a, b span) int { return cmp.Compare(a.start, b.start) }
		if group := s.of(mark.class); !slices.IsSortedFunc(group, byStart) {
			slices.SortStableFunc(group, byStart)
		}
	}
}

// of gives the spans of a class in the order of the text.
func (s *scratch) of(class int32) []span {
	return s.sorted[s.end[class]-s.count[class] : s.end[class]]
}
