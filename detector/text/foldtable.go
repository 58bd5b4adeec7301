package text

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// buildFoldTable works out the fold of every character below tableSize.
func buildFoldTable() *[tableSize]folded {
	var t [tableSize]folded
	for r := rune(0); r < tableSize; r++ {
		t[r] = foldOne(r)
		t[r].count = countOf(&t[r])
	}
	return &t
}

func foldOne(r rune) folded {
	if c := plainSign(r); c != 0 {
		return entry(r, c, false)
	}
	if unicode.In(r, unicode.Mn, unicode.Me) {
		return entry(r, mark, false)
	}
	if smallCaps[r] != 0 {
		return folded{}
	}
	low := unicode.ToLower(r)
	switch r {
	case 'İ':
		low = 'i'
	case 'ς':
		low = 'σ'
	}
	upper := low != r
	if !keepsItsMark(low) {
		if p := norm.NFKD.PropertiesString(string(low)).Decomposition(); len(p) > 0 {
			base, n := utf8.DecodeRune(p)
			if next, _ := utf8.DecodeRune(p[n:]); n < len(p) && !unicode.In(next, unicode.Mn) {
				return folded{}
			}
			low = base
		}
	}
	if low >= tableSize {
		return folded{}
	}
	return entry(low, letterClass(low), upper)
}

func entry(r rune, c class, upper bool) folded {
	return folded{cell: cell{r: r, class: c, upper: upper}}
}

func countOf(f *folded) count {
	switch f.class {
	case rare, mark, hidden:
		return unfolded
	case cyrillic:
		return cyrillicCount
	case latin:
		if _, strong := cyrillicTwin(f.r, f.upper); strong {
			return twinCount
		}
		return latinCount
	}
	return otherSign
}

// keepsItsMark reports whether an accented letter is a letter of its own in Russian or Kazakh.
func keepsItsMark(r rune) bool {
	if r == 'й' {
		return true
	}
	for _, l := range latinKazakh {
		if l.r == r {
			return true
		}
	}
	return false
}

// plainSign returns the class of the signs and spaces below tableSize, or 0.
func plainSign(r rune) class {
	switch r {
	case '\n', '\r', '\v', '\f', 0x85:
		return newline
	case ' ', '\t', 0xA0:
		return space
	case '.':
		return dot
	case '!', '?', ';', '¡', '¿', 0x37E:
		return ender
	case '\'', '`', 0xB4, 0x2BC, 0x2BB, 0x2B9:
		return apostrophe
	case '-':
		return hyphen
	case '@', '$':
		return leet
	case 0xAD:
		return hidden
	}
	switch {
	case r < 0x20 || r >= 0x7F && r < 0xA0:
		return space
	case r < utf8.RuneSelf && !unicode.IsLetter(r) && !unicode.IsDigit(r):
		return punct
	case r >= 0xA0 && r < 0xC0 && r != 0xAA && r != 0xB2 && r != 0xB3 && r != 0xB5 && r != 0xB9 && r != 0xBA:
		return punct
	case r == 0xD7 || r == 0xF7:
		return punct
	}
	return 0
}
