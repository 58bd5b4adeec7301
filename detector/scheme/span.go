package scheme

import (
	"cmp"
	"slices"

	"github.com/aldanba/aldanba/detector/text"
)

// sight is one occurrence of a class in the words from start to end, end
// excluded.
type sight struct {
	class      int32
	start, end int32
	negated    bool
}

// tally is what was counted of a class.
type tally struct {
	count int32 // how often it occurs; only of active classes
	end   int32 // where its spans end in sorted; only of wanted ones
	noted uint8 // which of its two numbers are among the concepts
}

// span is a sight with its place in the text.
type span struct {
	class      int32
	start, end int32 // words, end excluded
	sentence   int32
	from, to   int32 // bytes in the original
	negated    bool
}

// occur notes occurrences in the same words: a sight where patterns ask for the
// class, and the concept where it has a name. A negated word is another concept.
func (s *scratch) occur(occurs []occurrence, at sight) {
	tallies, sights := s.tallies, s.sights
	bit, flip := uint8(1), uint32(0)
	if at.negated {
		bit, flip = 2, ^uint32(0)
	}
	for _, o := range occurs {
		class, active := o.class, true
		if class < 0 {
			class, active = asleep(class), false
		}
		t := &tallies[class]
		if active {
			if t.count++; t.count == 1 {
				s.touch(class)
			}
			at.class = class
			sights = append(sights, at)
		}
		if o.concept != 0 && t.noted&bit == 0 {
			t.noted |= bit
			s.notes, s.concepts = append(s.notes, class), append(s.concepts, o.concept^flip)
		}
	}
	s.sights = sights
}

// touch notes that a class occurs that some pattern uses.
func (s *scratch) touch(class int32) {
	s.touched = append(s.touched, class)
	s.present.add(class)
}

// sort makes the spans of the wanted classes and groups them by class, within a
// class in the order of the text.
func (s *scratch) sort(doc *text.Document) {
	if len(s.candidates) == 0 {
		return
	}
	spans := int32(0)
	for _, class := range s.touched {
		if s.wanted.has(class) {
			s.tallies[class].end = spans
			spans += s.tallies[class].count
		}
	}
	s.sorted = slices.Grow(s.sorted[:0], int(spans))[:spans]
	for i := range s.marks {
		if s.wanted.has(s.marks[i].class) {
			s.put(s.marks[i])
		}
	}
	for i := range s.sights {
		at := &s.sights[i]
		if !s.wanted.has(at.class) {
			continue
		}
		first, last := &doc.Tokens[at.start], &doc.Tokens[at.end-1]
		s.put(span{
			class: at.class, start: at.start, end: at.end, sentence: int32(first.Sentence),
			from: int32(first.Start), to: int32(last.End), negated: at.negated,
		})
	}
	// Words come in the order of the text; only marks, which come first, need not.
	for _, mark := range s.marks {
		if !s.wanted.has(mark.class) {
			continue
		}
		byStart := func(a, b span) int { return cmp.Compare(a.start, b.start) }
		if group := s.of(mark.class); !slices.IsSortedFunc(group, byStart) {
			slices.SortStableFunc(group, byStart)
		}
	}
}

// put adds a span to those of its class.
func (s *scratch) put(at span) {
	end := &s.tallies[at.class].end
	s.sorted[*end] = at
	*end++
}

// of gives the spans of a wanted class in the order of the text.
func (s *scratch) of(class int32) []span {
	t := &s.tallies[class]
	return s.sorted[t.end-t.count : t.end]
}
