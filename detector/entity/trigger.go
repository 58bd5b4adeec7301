package entity

import (
	"strings"
	"unicode/utf8"
)

// What a byte may announce. Most bytes of most messages announce nothing.
const (
	quiet = iota
	digit
	dot
	at
	colon
	bracket
	space
	other // the first byte of a rune that may be a digit or a dot
)

var byteClass = func() (t [256]byte) {
	for c := '0'; c <= '9'; c++ {
		t[c] = digit
	}
	t['.'], t['@'], t[':'] = dot, at, colon
	t['['], t['('], t['{'] = bracket, bracket, bracket
	t[' '] = space
	for c := 0xC0; c <= 0xFF; c++ {
		t[c] = other
	}
	// Latin and Cyrillic letters, except the block of the superscripts.
	for _, c := range []byte{0xC3, 0xC4, 0xC5, 0xD0, 0xD1, 0xD2, 0xD3} {
		t[c] = quiet
	}
	return t
}()

// hasTrigger reports whether s can hold an entity at all: a digit, an at sign,
// a dot between two things, a scheme, a defanged dot. It may err towards yes.
func hasTrigger(s string) bool {
	for i := 0; i < len(s); i++ {
		switch byteClass[s[i]] {
		case quiet:
		case digit, at:
			return true
		case dot:
			if dotted(s, i) {
				return true
			}
		case colon:
			if i+2 < len(s) && (s[i+1] == '/' || s[i+1] == '\\' || s[i+1] == ']') {
				return true
			}
		case space:
			if spokenDot(s[i+1:]) {
				return true
			}
		case bracket:
			if i+1 < len(s) && (s[i+1] == '.' || s[i+1]|0x20 == 'd' || s[i+1] == 0xD1 || s[i+1] == 0xD0) &&
				defangedDot(s[i+1:]) {
				return true
			}
		case other:
			r, n := utf8.DecodeRuneInString(s[i:])
			if digitOf(r) >= 0 || plain(r) == '.' || styled(r) {
				return true
			}
			i += n - 1
		}
	}
	return false
}

// dotted reports whether the dot at i stands between two visible characters,
// or behind a space.
func dotted(s string, i int) bool {
	if i == 0 || i+1 == len(s) {
		return false
	}
	before, after := s[i-1], s[i+1]
	if before == ' ' {
		return after != '.'
	}
	return before != '.' && after > ' ' && after != '.' && after != ')' && after != '"'
}

// spokenDot reports whether s starts with a dot written as a word.
func spokenDot(s string) bool {
	if len(s) < 5 {
		return false
	}
	switch s[0] {
	case 'd', 'D':
		return s[3] == ' ' && strings.EqualFold(s[:3], "dot")
	case 0xD0, 0xD1:
		if s[1] != 0x82 && s[1] != 0xA2 && s[1] != 0xBD && s[1] != 0x9D { // т Т н Н
			return false
		}
		for _, w := range [...]string{"точка ", "Точка ", "ТОЧКА ", "нүкте ", "Нүкте ", "НҮКТЕ "} {
			if strings.HasPrefix(s, w) {
				return true
			}
		}
	}
	return false
}

func defangedDot(s string) bool {
	if len(s) > 10 {
		s = s[:10]
	}
	s = strings.ToLower(s)
	return strings.HasPrefix(s, ".") || strings.HasPrefix(s, "dot") || strings.HasPrefix(s, "точка")
}

// styled reports whether r folds to several characters or to ASCII, a digit or
// a dot perhaps among them.
func styled(r rune) bool {
	return r >= 0x2460 && r < 0x2500 || r >= 0x2070 && r < 0x20A0 || r >= 0xFF00 && r < 0xFFEF ||
		r >= 0x1D400 && r < 0x1D800 || r >= 0x1F100 && r < 0x1F130
}
