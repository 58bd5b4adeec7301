package entity

import (
	"unicode"
	"unicode/utf8"
)

// view is the folded text: one entry a visible rune.
type view struct {
	cues   *cueTable
	src    string
	low    []rune  // folded, lower case
	cased  []rune  // folded, case kept
	pos    []int32 // first byte of the rune in src
	end    []int32 // byte after the rune and the invisible ones behind it
	used   []bool  // claimed by an entity
	spans  []span
	groups []group
	digits []byte // ASCII digits of all groups, one after another
	out    []byte // values and masks of all spans: Find makes one string of it
	words  []word
	checks int // calls to the phone library so far

	cardsFrom, cardsTo int // the spans that findCards added
}

func (v *view) reset() {
	v.src = ""
	v.low, v.cased = v.low[:0], v.cased[:0]
	v.pos, v.end, v.used = v.pos[:0], v.end[:0], v.used[:0]
	clear(v.spans)
	v.spans, v.groups, v.digits, v.words, v.out = v.spans[:0], v.groups[:0], v.digits[:0], v.words[:0], v.out[:0]
	v.checks, v.cardsFrom, v.cardsTo = 0, 0, 0
}

func (v *view) add(r rune, start, end int) {
	l := r
	switch {
	case r < 0x80:
		if r >= 'A' && r <= 'Z' {
			l += 'a' - 'A'
		}
	case r >= 0x410 && r < 0x430: // А to Я, by far the most frequent capitals
		l += 0x20
	case r < 0x430 || r >= 0x450:
		l = unicode.ToLower(r)
	}
	v.low = append(v.low, l)
	v.cased = append(v.cased, r)
	v.pos = append(v.pos, int32(start))
	v.end = append(v.end, int32(end))
}

// at returns the lower-case rune at i, or 0 outside the text.
func (v *view) at(i int) rune {
	if i < 0 || i >= len(v.low) {
		return 0
	}
	return v.low[i]
}

// hasPrefix reports whether the lower-case text at i starts with p.
func (v *view) hasPrefix(i int, p string) bool {
	for _, r := range p {
		if v.at(i) != r {
			return false
		}
		i++
	}
	return true
}

// claim records an entity over runes that nobody has claimed.
func (v *view) claim(s span) bool {
	for i := s.start; i < s.end; i++ {
		if v.used[i] {
			return false
		}
	}
	for i := s.start; i < s.end; i++ {
		v.used[i] = true
	}
	v.spans = append(v.spans, s)
	return true
}

// piece is a part of view.out.
type piece struct{ from, to int }

// piece returns what was written to v.out since it had the length from.
func (v *view) piece(from int) piece { return piece{from, len(v.out)} }

// write appends s to v.out as a piece of its own.
func (v *view) write(s string) piece {
	from := len(v.out)
	v.out = append(v.out, s...)
	return v.piece(from)
}

// writeDigits does the same with ASCII digits.
func (v *view) writeDigits(d []byte) piece {
	from := len(v.out)
	v.out = append(v.out, d...)
	return v.piece(from)
}

// addRunes appends runes to v.out.
func (v *view) addRunes(runes []rune) {
	for _, r := range runes {
		if r < utf8.RuneSelf {
			v.out = append(v.out, byte(r))
		} else {
			v.out = utf8.AppendRune(v.out, r)
		}
	}
}

// addMasked appends runes, with every digit hidden if there are too many for
// a name: a phone may hide in it.
func (v *view) addMasked(runes []rune) {
	digits := 0
	for _, r := range runes {
		if isDigit(r) {
			digits++
		}
	}
	from := len(v.out)
	v.addRunes(runes)
	if digits < maxHostDigits {
		return
	}
	for i, c := range v.out[from:] {
		if c >= '0' && c <= '9' {
			v.out[from+i] = 'x'
		}
	}
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

// What a rune is, for all that ordinary messages are written in.
const (
	letterRune = 1 << iota
	digitRune
	hostRune  // may stand in a label of a host name
	alikeRune // is misread as a digit: see lookalike

	alnumRune   = letterRune | digitRune
	commonRunes = 0x530 // ASCII, Latin, Greek and Cyrillic
)

var runeClass = func() (t [commonRunes]uint8) {
	for r := range rune(commonRunes) {
		switch {
		case isDigit(r):
			t[r] = digitRune | hostRune
		case r >= 0x400 && r < 0x483 || r >= 0x48A || unicode.IsLetter(r):
			t[r] = letterRune | hostRune
		case r == '-' || r == '_':
			t[r] = hostRune
		}
		if lookalike(r) != 0 {
			t[r] |= alikeRune
		}
	}
	return t
}()

// classOf gives what a rune is.
func classOf(r rune) uint8 {
	switch {
	case uint32(r) < commonRunes:
		return runeClass[r]
	case unicode.IsLetter(r) && r != barrier:
		return letterRune | hostRune
	}
	return 0
}

func isLetter(r rune) bool { return classOf(r)&letterRune != 0 }

func isAlnum(r rune) bool { return classOf(r)&alnumRune != 0 }

// isHostRune reports whether r may stand in a label of a host name.
func isHostRune(r rune) bool { return classOf(r)&hostRune != 0 }

func isASCIIAlnum(r rune) bool { return uint32(r) < 0x80 && runeClass[r]&alnumRune != 0 }

func isSpace(r rune) bool { return r == ' ' || r == '\n' }
