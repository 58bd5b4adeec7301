package text

import (
	"slices"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// class is the part a character plays; the values are bits so that a word's classes can be summed up.
type class uint16

const (
	latin class = 1 << iota
	cyrillic
	greek
	otherLetter
	digit
	space
	newline
	dot
	ender // ends a sentence: ! ? ; … and bullet marks
	apostrophe
	hyphen
	leet   // a sign that can stand for a letter: @ $ €
	symbol // emoji and other pictures
	punct
	mark   // combining mark: not a cell of its own
	hidden // invisible character: not a cell of its own
)

const (
	letters = latin | cyrillic | greek | otherLetter
	inWord  = letters | digit
)

// rare marks table entries that need the slow path.
const rare class = 0

// cell is one folded character with its byte span in the original text.
type cell struct {
	r          rune
	start, end int32
	class      class
	undone     Disguise
	upper      bool // was a capital letter
	after      bool // follows an invisible character
	borrowed   bool // a Latin letter that was read as Cyrillic
}

// folded is an entry of the table: a cell without its place.
type folded struct {
	cell
	count count // as what it is counted
}

// count is what is counted while a text is folded.
type count uint8

const (
	unfolded      count = iota // the entry needs the slow path: nothing is counted
	otherSign                  // of no interest
	cyrillicCount              // a Cyrillic letter
	twinCount                  // a Latin letter with a Cyrillic twin
	latinCount                 // a Latin letter without
	counts
)

// tableSize covers ASCII, Latin, Greek and Cyrillic: all that ordinary messages are written in.
const tableSize = 0x530

var foldTable = buildFoldTable()

// fold fills w.cells from s.
func (w *scratch) fold(s string) {
	w.cells = slices.Grow(w.cells, len(s)/2+8) // mostly letters of two bytes
	afterHidden := false
	var counted [counts]int
	for i := 0; i < len(s); {
		n := len(w.cells)
		w.cells = slices.Grow(w.cells, 1)
		room := w.cells[n:cap(w.cells)]
		folded, end := foldPlain(room, s, i, &counted)
		if w.cells = w.cells[:n+folded]; folded > 0 {
			room[0].after, afterHidden, i = afterHidden, false, end
		}
		if i == len(s) || folded == len(room) {
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		switch c := rareClass(r, size); c {
		case hidden:
			afterHidden = true
		case mark:
			w.combine(r, i, i+size)
		default:
			w.foldRare(s, i, r, size, c, afterHidden)
			afterHidden = false
		}
		i += size
	}
	w.cyrillic += counted[cyrillicCount]
	w.latin += counted[twinCount] + counted[latinCount]
	w.latinOnly += counted[latinCount]
}

// foldPlain folds the characters from i on that the table has, as far as there is room. It returns how many these are
// and where they end. Nothing is called here, because most of the time of fold is spent in this loop.
func foldPlain(room []cell, s string, i int, counted *[counts]int) (n, end int) {
	for i < len(s) && n < len(room) {
		r, size := rune(s[i]), 1
		if r >= utf8.RuneSelf {
			if r < 0xC2 || r >= 0xD5 || i+1 >= len(s) || s[i+1]&0xC0 != 0x80 { // not of two bytes, as all of Cyrillic is
				break
			}
			r, size = r&0x1F<<6|rune(s[i+1])&0x3F, 2
		}
		if r >= tableSize {
			break
		}
		f := &foldTable[r]
		if f.count == unfolded {
			break
		}
		counted[f.count]++
		c := &room[n]
		*c = f.cell
		c.start, c.end = int32(i), int32(i+size)
		n, i = n+1, i+size
	}
	return n, i
}

// rareClass tells invisible characters and combining marks from all others, for which it returns 0.
func rareClass(r rune, size int) class {
	switch {
	case r < tableSize:
		return foldTable[r].class & (mark | hidden)
	case r == utf8.RuneError && size == 1:
		return 0
	case r >= 0xFE00 && r <= 0xFE0F, r >= 0xE0000 && r <= 0xE0FFF, // variation selectors, tags
		r >= 0x200B && r <= 0x200F, r >= 0x202A && r <= 0x202E, r >= 0x2060 && r <= 0x206F, r == 0xFEFF,
		r == 0x115F, r == 0x1160, r == 0x3164, r == 0xFFA0, r >= 0x180B && r <= 0x180F: // blank letters
		return hidden
	case unicode.In(r, unicode.Mn, unicode.Me):
		return mark
	case unicode.Is(unicode.Cf, r):
		return hidden
	}
	return 0
}

// combine puts a combining mark on the letter before it: й and the Latin letters of Kazakh are composed,
// every other mark is dropped.
func (w *scratch) combine(r rune, start, end int) {
	if len(w.cells) == 0 {
		return
	}
	c := &w.cells[len(w.cells)-1]
	if int(c.end) != start {
		return
	}
	c.end = int32(end)
	if c.class&letters == 0 {
		return
	}
	if composed := compose(c.r, r); composed != 0 {
		c.r = composed
		return
	}
	switch r {
	case 0x0301, 0x0300: // stress marks of dictionaries and news
	case 0x0308: // ё, ї
		if c.class != cyrillic {
			c.undone |= Hidden
		}
	default:
		if c.class&(latin|cyrillic|greek) != 0 {
			c.undone |= Hidden
		}
	}
}

// compose returns the letter that a base and a mark make where the letter is one of ours, else 0.
func compose(base, mark rune) rune {
	switch {
	case base == 'и' && mark == 0x0306:
		return 'й'
	case base >= 0x80:
		return 0
	}
	for _, l := range latinKazakh {
		if l.base == base && l.mark == mark {
			return l.r
		}
	}
	return 0
}

// latinKazakh lists the accented letters of the Latin alphabets for Kazakh (2017 to 2021), with their parts.
var latinKazakh = []struct{ r, base, mark rune }{
	{'á', 'a', 0x301}, {'é', 'e', 0x301}, {'í', 'i', 0x301}, {'ó', 'o', 0x301}, {'ú', 'u', 0x301}, {'ý', 'y', 0x301}, {'ń', 'n', 0x301},
	{'ä', 'a', 0x308}, {'ö', 'o', 0x308}, {'ü', 'u', 0x308}, {'ñ', 'n', 0x303}, {'ğ', 'g', 0x306}, {'ū', 'u', 0x304},
	{'ş', 's', 0x327}, {'ç', 'c', 0x327}, {'ş', 's', 0x326},
}

// foldRare appends the cells of a character outside the table: decorative letters as what they show.
func (w *scratch) foldRare(s string, i int, r rune, size int, c class, after bool) {
	base := cell{r: r, start: int32(i), end: int32(i + size), after: after}
	if r == utf8.RuneError {
		base.class = punct
		w.cells = append(w.cells, base)
		return
	}
	if plain := undecorate(r, s[i+size:], w.cells); plain != 0 {
		base.undone = Styled
		w.addFolded(base, plain)
		return
	}
	if base.class = signClass(r); base.class != 0 {
		w.cells = append(w.cells, base)
		return
	}
	if decomposed := norm.NFKD.PropertiesString(s[i : i+size]).Decomposition(); len(decomposed) > 0 {
		before := len(w.cells)
		for len(decomposed) > 0 && len(w.cells)-before < maxExpansion {
			p, n := utf8.DecodeRune(decomposed)
			decomposed = decomposed[n:]
			if unicode.IsLetter(p) || unicode.IsDigit(p) {
				base.undone = 0
				if isDecorative(r) && unicode.IsLetter(p) {
					base.undone = Styled
				}
				w.addFolded(base, p)
			}
		}
		if len(w.cells) == before {
			base.class, base.undone = punct, 0
			w.cells = append(w.cells, base)
		}
		return
	}
	w.addFolded(base, r)
}

// maxExpansion is the number of letters that one character may stand for; a few Arabic ligatures are whole
// phrases.
const maxExpansion = 4

// isDecorative reports whether a character that NFKC replaces is one that people do not type: accented letters
// and the ligatures of printed matter are no disguise.
func isDecorative(r rune) bool {
	return (r >= 0x2000 || r >= 0x1D00 && r < 0x1DC0) && !(r >= 0xFB00 && r <= 0xFB06)
}

// addFolded appends base as the plain character p.
func (w *scratch) addFolded(base cell, p rune) {
	if p < tableSize && foldTable[p].class != rare {
		f := &foldTable[p]
		base.r, base.class, base.upper = f.r, f.class, f.upper
	} else {
		base.r = unicode.ToLower(p)
		base.upper = base.r != p
		base.class = letterClass(p)
		if base.class == digit {
			base.r = digitValue(p)
		}
	}
	switch base.class {
	case cyrillic:
		w.cyrillic++
	case latin:
		w.latin++
	}
	w.cells = append(w.cells, base)
}

// signClass returns the class of a character that is neither letter, digit nor decoration, or 0.
func signClass(r rune) class {
	switch r {
	case 0x2018, 0x2019, 0x201B, 0x02BC, 0x02BB, 0x2032:
		return apostrophe
	case 0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015, 0x2212:
		return hyphen
	case 0x2022, 0x2023, 0x2043, 0x25E6, 0x25AA, 0x25AB, 0x25CF, 0x25CB, 0x25BA, 0x25B6, 0x2705, 0x2611, 0x2714,
		0x1F539, 0x1F538, 0x2026, 0x203C, 0x2047, 0x2048, 0x2049, 0x3002, 0xFF01, 0xFF1F, 0x061F, 0x061B, 0x0964:
		return ender
	case 0x2024, 0xFF0E:
		return dot
	case 0x2028, 0x2029:
		return newline
	case 0x2800:
		return space
	case 0x20AC:
		return leet
	case 0x2100, 0x2101, 0x2105, 0x2106, 0x2116, 0x2120, 0x2121, 0x2122:
		return symbol
	}
	switch {
	case r >= 0x2190 && r <= 0x21FF:
		return punct
	case unicode.IsSpace(r):
		return space
	case unicode.In(r, unicode.So, unicode.Sk, unicode.Co, unicode.Cn) && norm.NFKD.PropertiesString(string(r)).Decomposition() == nil:
		return symbol
	}
	return 0
}

// letterClass returns the class of a character by its script.
func letterClass(r rune) class {
	switch {
	case unicode.IsDigit(r):
		return digit
	case !unicode.IsLetter(r) && !unicode.Is(unicode.Mc, r):
		if unicode.IsPunct(r) || unicode.Is(unicode.Sm, r) {
			return punct
		}
		return symbol
	case unicode.Is(unicode.Latin, r):
		return latin
	case unicode.Is(unicode.Cyrillic, r):
		return cyrillic
	case unicode.Is(unicode.Greek, r):
		return greek
	}
	return otherLetter
}

// digitValue returns the ASCII digit for a decimal digit of any script: they stand in blocks of ten.
func digitValue(r rune) rune {
	for _, b := range unicode.Nd.R16 {
		if r >= rune(b.Lo) && r <= rune(b.Hi) {
			return '0' + (r-rune(b.Lo))%10
		}
	}
	for _, b := range unicode.Nd.R32 {
		if r >= rune(b.Lo) && r <= rune(b.Hi) {
			return '0' + (r-rune(b.Lo))%10
		}
	}
	return '0'
}

// appendRune appends r in UTF-8; most letters here take two bytes.
func appendRune(dst []byte, r rune) []byte {
	switch {
	case r < utf8.RuneSelf:
		return append(dst, byte(r))
	case r < 0x800:
		return append(dst, 0xC0|byte(r>>6), 0x80|byte(r)&0x3F)
	}
	return utf8.AppendRune(dst, r)
}
