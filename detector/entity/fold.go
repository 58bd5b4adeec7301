package entity

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// barrier stands in a view for a placeholder that an earlier Redact has left.
// It belongs to no word and no number, so that "[code] 345" does not read as a
// code beside the word "code".
const barrier = '\uE000'

// fold fills the view from s.
func (v *view) fold(s string) {
	v.src = s
	n := len(s)/2 + 8 // mostly letters of two bytes
	v.low, v.cased, v.pos, v.end = slices.Grow(v.low, n), slices.Grow(v.cased, n), slices.Grow(v.pos, n), slices.Grow(v.end, n)
	for i := 0; i < len(s); {
		if c := s[i]; c < utf8.RuneSelf {
			if c == '[' {
				if n := placeholderAt(s[i:]); n > 0 {
					v.add(barrier, i, i+n)
					i += n
					continue
				}
			}
			if c == '&' {
				if r, n := htmlReference(s[i:]); n > 0 {
					v.foldRune(r, i, i+n)
					i += n
					continue
				}
			}
			v.add(foldASCII(c), i, i+1)
			i++
			continue
		}
		if c := s[i]; c >= 0xD0 && c <= 0xD1 && i+1 < len(s) && s[i+1]&0xC0 == 0x80 { // the letters of Russian
			v.add(rune(c)&0x1F<<6|rune(s[i+1])&0x3F, i, i+2)
			i += 2
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		v.foldRune(r, i, i+n)
		i += n
	}
	v.used = slices.Grow(v.used, len(v.low))[:len(v.low)]
	clear(v.used)
}

// maxReference is the length of the longest character reference that is read.
const maxReference = 10

// htmlReference returns the character that s starts with as HTML writes it,
// "&#52;" or "&#x34;" or "&nbsp;", and how many bytes that takes, or 0.
func htmlReference(s string) (r rune, n int) {
	end := strings.IndexByte(s[:min(len(s), maxReference)], ';')
	if end < 3 {
		return 0, 0
	}
	switch name := s[1:end]; {
	case name == "nbsp":
		return ' ', end + 1
	case name[0] == '#':
		digits, base := name[1:], 10
		if digits[0]|0x20 == 'x' {
			digits, base = digits[1:], 16
		}
		code, err := strconv.ParseUint(digits, base, 21)
		if err != nil || !utf8.ValidRune(rune(code)) {
			return 0, 0
		}
		return rune(code), end + 1
	}
	return 0, 0
}

func foldASCII(c byte) rune {
	switch {
	case c == '\r' || c == '\v' || c == '\f':
		return '\n'
	case c == '\t' || c < ' ' && c != '\n':
		return ' '
	}
	return rune(c)
}

func (v *view) foldRune(r rune, start, end int) {
	if r < utf8.RuneSelf { // from a character reference
		v.add(foldASCII(byte(r)), start, end)
		return
	}
	if r >= 0x400 && r < 0x483 || r >= 0x48A && r < 0x530 { // Cyrillic letters, by far the most frequent
		v.add(r, start, end)
		return
	}
	if d := digitOf(r); d >= 0 {
		v.add('0'+rune(d), start, end)
		return
	}
	if p := plain(r); p != 0 {
		v.add(p, start, end)
		return
	}
	if invisible(r) {
		// It belongs to the rune before it, so that masking that rune masks it too.
		if n := len(v.end); n > 0 && int(v.end[n-1]) == start {
			v.end[n-1] = int32(end)
		}
		return
	}
	if r >= 0x2070 || r == 'ª' || r == 'º' {
		if d := norm.NFKC.PropertiesString(v.src[start:end]).Decomposition(); len(d) > 0 && len(d) <= 16 {
			for len(d) > 0 {
				r, n := utf8.DecodeRune(d)
				if r < utf8.RuneSelf {
					r = foldASCII(byte(r))
				}
				if !unicode.Is(unicode.Mn, r) {
					v.add(r, start, end)
				}
				d = d[n:]
			}
			return
		}
	}
	if r == barrier {
		r = utf8.RuneError
	}
	v.add(r, start, end)
}

// plain returns the ASCII character that a look-alike dot, dash or space
// stands for, or 0.
func plain(r rune) rune {
	switch {
	case r == '․' || r == '。' || r == '．' || r == '｡' || r == '﹒':
		return '.'
	case r >= 0x2010 && r <= 0x2015, r == '−', r == '⁃', r == '﹘', r == '﹣', r == '－':
		return '-'
	case r == 0x85 || r == 0x2028 || r == 0x2029:
		return '\n'
	case r == 0xA0, r >= 0x2000 && r <= 0x200A, r == 0x202F, r == 0x205F, r == 0x3000,
		r == 0x1680, r == 0x2800, r == 0x3164, r == 0x115F, r == 0x1160, r == 0xFFA0:
		return ' '
	case r == '⁄' || r == '∕':
		return '/'
	}
	return 0
}

// invisible reports whether r draws nothing of its own: format characters,
// combining marks (the keycap among them) and variation selectors.
func invisible(r rune) bool {
	switch {
	case r < 0xAD:
		return r >= 0x80 && r < 0xA0
	case r == 0xAD || r == 0xFEFF:
		return true
	case r >= 0x2070 && r < 0x20D0, r >= 0x2100 && r < 0x302A:
		return false
	}
	return unicode.In(r, unicode.Cf, unicode.Mn, unicode.Me)
}

// digitOf returns the value of a digit of any script, superscripts and circled
// digits included, or -1.
func digitOf(r rune) int {
	switch {
	case r < 0x80:
		if r >= '0' && r <= '9' {
			return int(r - '0')
		}
		return -1
	case r < 0x660:
		switch r {
		case '¹':
			return 1
		case '²':
			return 2
		case '³':
			return 3
		}
		return -1
	case r >= 0x2776 && r <= 0x2793: // dingbat circled digits, in three rows of ten
		if n := int(r-0x2776)%10 + 1; n < 10 {
			return n
		}
		return -1
	case r >= 0x24F5 && r <= 0x24FD:
		return int(r-0x24F5) + 1
	case r == 0x24FF || r == 0x1F10B || r == 0x1F10C:
		return 0
	case r >= 0x1369 && r <= 0x1371: // Ethiopic
		return int(r-0x1369) + 1
	}
	if !unicode.Is(unicode.Nd, r) {
		return -1
	}
	// Every range of the table starts at a zero and holds whole rows of ten.
	for _, rg := range unicode.Nd.R16 {
		if uint32(r) <= uint32(rg.Hi) {
			return (int(r) - int(rg.Lo)) % 10
		}
	}
	for _, rg := range unicode.Nd.R32 {
		if uint32(r) <= rg.Hi {
			return (int(r) - int(rg.Lo)) % 10
		}
	}
	return -1
}
