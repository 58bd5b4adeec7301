package link

import (
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxLabel bounds the part of one label that is compared with names; DNS
// allows 63 bytes, and a set of positions then fits one word.
const maxLabel = 63

// skel is a name reduced to the letters that the eye takes it for.
type skel struct {
	b     [maxLabel]byte
	n     int
	digit uint64 // bit i: letter i was written as a digit
}

// skeleton reduces a label. Names of the table and names under suspicion go
// through the same reduction, so it only has to be consistent, not readable:
// "каsрі", "kasp1" and "KASPI" become equal, and so do "rn" and "m".
func skeleton(label string) skel {
	var s skel
	if !isASCII(label) {
		label = norm.NFKD.String(label)
	}
	for i := 0; i < len(label) && s.n < maxLabel; {
		c := label[i]
		if c < utf8.RuneSelf {
			i++
			if c >= '0' && c <= '9' {
				s.digit |= 1 << uint(s.n)
			}
			s.push(asciiShape[c])
			continue
		}
		r, size := utf8.DecodeRuneInString(label[i:])
		i += size
		for _, c := range []byte(shapeOf(r)) {
			s.push(c)
		}
	}
	return s
}

// push appends one shape and joins the pairs that look like one letter.
func (s *skel) push(c byte) {
	if c == 0 || s.n == maxLabel {
		return
	}
	if s.n > 0 {
		switch last := s.b[s.n-1]; {
		case last == 'r' && c == 'n':
			s.b[s.n-1] = 'm'
			return
		case last == 'v' && c == 'v':
			s.b[s.n-1] = 'w'
			return
		}
	}
	s.b[s.n] = c
	s.n++
}

func (s *skel) bytes() []byte { return s.b[:s.n] }

func (s *skel) isDigit(i int) bool { return s.digit>>uint(i)&1 == 1 }

// asciiShape maps ASCII to shapes: i, l and 1 are one, 0 is o, and so on.
// Marks between words vanish.
var asciiShape = func() (t [utf8.RuneSelf]byte) {
	for c := byte('a'); c <= 'z'; c++ {
		t[c], t[c-'a'+'A'] = c, c
	}
	t['l'], t['L'] = 'i', 'i'
	copy(t['0':], "oizeasbtbg")
	t['|'], t['!'], t['$'], t['@'] = 'i', 'i', 's', 'a'
	return t
}()

// shapeOf gives the Latin look of a letter of another alphabet. Cyrillic
// letters without a Latin twin get their sound, so that both of a pair such as
// "банк" and "бaнк" end alike.
func shapeOf(r rune) string {
	switch {
	case r >= 0x300 && r <= 0x36F:
		return "" // combining mark
	case r >= 'Ѐ' && r <= 'ӿ':
		return cyrillicShape(r)
	}
	if s, ok := otherShape[r]; ok {
		return s
	}
	return "?"
}

func cyrillicShape(r rune) string {
	if s, ok := cyrillic[r]; ok {
		return s
	}
	return "?"
}

var cyrillic = map[rune]string{
	'а': "a", 'б': "b", 'в': "b", 'г': "r", 'д': "d", 'е': "e", 'ж': "zh", 'з': "e", 'и': "u", 'й': "u", 'к': "k", 'л': "ji",
	'м': "m", 'н': "h", 'о': "o", 'п': "n", 'р': "p", 'с': "c", 'т': "t", 'у': "y", 'ф': "f", 'х': "x", 'ц': "ts", 'ч': "ch",
	'ш': "w", 'щ': "w", 'ъ': "b", 'ы': "bi", 'ь': "b", 'э': "e", 'ю': "io", 'я': "ya",
	'і': "i", 'ї': "i", 'ј': "j", 'ѕ': "s", 'є': "e", 'ґ': "r", 'ў': "y", 'ѵ': "v", 'ѡ': "w",
	'ә': "a", 'ғ': "r", 'қ': "k", 'ҡ': "k", 'ҝ': "k", 'ң': "h", 'ө': "o", 'ү': "y", 'ұ': "y", 'һ': "h", 'ҳ': "x", 'ҷ': "ch",
	'ӏ': "i", 'ԛ': "q", 'ԝ': "w", 'ԁ': "d", 'ҽ': "e", 'ӕ': "ae", 'ӊ': "h", 'ӄ': "k", 'ԍ': "g",
}

var otherShape = map[rune]string{
	'ı': "i", 'ł': "i", 'ŀ': "i", 'ø': "o", 'đ': "d", 'ð': "d", 'ħ': "h", 'ŧ': "t", 'ß': "b", 'æ': "ae", 'œ': "oe", 'þ': "p", 'ĸ': "k",
	'ŋ': "n", 'ɑ': "a", 'ɡ': "g", 'ɩ': "i", 'ɪ': "i", 'ʏ': "y", 'ᴀ': "a", 'ᴋ': "k", 'ꜱ': "s", 'ə': "e", 'ƙ': "k", 'ǥ': "g",
	'ʟ': "i", 'ɴ': "n", 'ɢ': "g", 'ᴏ': "o", 'ᴇ': "e", 'ᴛ': "t", 'ᴍ': "m", 'ᴘ': "p", 'ɓ': "b", 'ɗ': "d", 'ƅ': "b", 'ɛ': "e", 'ƒ': "f", 'ƿ': "p",
	'α': "a", 'β': "b", 'γ': "y", 'ε': "e", 'η': "n", 'ι': "i", 'κ': "k", 'ν': "v", 'ο': "o", 'ρ': "p", 'σ': "o", 'τ': "t", 'υ': "u", 'χ': "x", 'ω': "w",
	'օ': "o", 'ո': "n", 'ս': "u", 'հ': "h", 'ց': "g", 'զ': "q", 'ք': "p", 'ե': "t", 'յ': "j", 'ւ': "i",
}
