package telegramtest

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// scanner walks JSON without reflection. The hot calls carry small objects, and
// encoding/json took most of the time of answering them. A scanner that met
// something wrong stays broken and gives zero values.
type scanner struct {
	data   []byte
	pos    int
	broken bool
}

// maxDepth bounds the nesting of what is skipped.
const maxDepth = 64

// peek gives the next byte that is not white space, 0 at the end.
func (s *scanner) peek() byte {
	for s.pos < len(s.data) {
		switch c := s.data[s.pos]; c {
		case ' ', '\t', '\r', '\n':
			s.pos++
		default:
			return c
		}
	}
	return 0
}

func (s *scanner) fail() { s.broken = true }

// take steps over a byte that has to come next.
func (s *scanner) take(c byte) bool {
	if s.broken || s.peek() != c {
		s.fail()
		return false
	}
	s.pos++
	return true
}

// end says whether everything was read and nothing was wrong.
func (s *scanner) end() bool { return !s.broken && s.peek() == 0 && s.pos == len(s.data) }

// object calls field for each field of an object; it has to read the value.
func (s *scanner) object(field func(name string)) {
	s.list('{', '}', func() {
		name := s.str()
		if s.take(':') {
			field(name)
		}
	})
}

// array calls element for each element of an array; it has to read it.
func (s *scanner) array(element func()) { s.list('[', ']', element) }

func (s *scanner) list(opening, closing byte, element func()) {
	if !s.take(opening) {
		return
	}
	if s.peek() == closing {
		s.pos++
		return
	}
	for !s.broken {
		element()
		if s.broken {
			return
		}
		if s.peek() == closing {
			s.pos++
			return
		}
		s.take(',')
	}
}

// str reads a string.
func (s *scanner) str() string {
	raw := s.quoted()
	if s.broken {
		return ""
	}
	if inner := raw[1 : len(raw)-1]; bytes.IndexByte(inner, '\\') < 0 && utf8.Valid(inner) {
		return string(inner)
	}
	var text string
	if json.Unmarshal(raw, &text) != nil {
		s.fail()
	}
	return text
}

// quoted steps over a string and gives it with its quotes.
func (s *scanner) quoted() []byte {
	if !s.take('"') {
		return nil
	}
	start := s.pos - 1
	for ; s.pos < len(s.data); s.pos++ {
		switch c := s.data[s.pos]; {
		case c == '"':
			s.pos++
			return s.data[start:s.pos]
		case c == '\\':
			s.pos++
		case c < ' ':
			s.fail()
			return nil
		}
	}
	s.fail()
	return nil
}

// raw steps over any value and gives its bytes.
func (s *scanner) raw() []byte {
	s.peek()
	start := s.pos
	s.skip(0)
	if s.broken {
		return nil
	}
	return s.data[start:s.pos]
}

func (s *scanner) skip(depth int) {
	if depth > maxDepth {
		s.fail()
		return
	}
	switch c := s.peek(); c {
	case '{':
		s.list('{', '}', func() {
			s.quoted()
			s.take(':')
			s.skip(depth + 1)
		})
	case '[':
		s.list('[', ']', func() { s.skip(depth + 1) })
	case '"':
		s.quoted()
	default:
		start := s.pos
		for s.pos < len(s.data) && strings.IndexByte(",]} \t\r\n", s.data[s.pos]) < 0 {
			s.pos++
		}
		if !json.Valid(s.data[start:s.pos]) {
			s.fail() // neither a number nor true, false or null
		}
	}
}

// optional reads a string field that may be null.
func (s *scanner) optional() string {
	if s.peek() == 'n' {
		s.skip(0)
		return ""
	}
	return s.str()
}

// truth reads a truth value.
func (s *scanner) truth() bool { return string(s.raw()) == "true" }
