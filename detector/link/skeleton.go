package link

import (
	"unicode"
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

// push appends one shape. A letter that a pair can imitate becomes that pair,
// rather than the pair the letter, so that words still begin and end where
// they meet: "egov" and "vyplata" in "egovvyplata".
func (s *skel) push(c byte) {
	switch c {
	case 0:
	case 'm':
		s.put('r')
		s.put('n')
	case 'w':
		s.put('v')
		s.put('v')
	default:
		s.put(c)
	}
}

func (s *skel) put(c byte) {
	if s.n < maxLabel {
		s.b[s.n] = c
		s.n++
	}
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

// shapeOf gives the Latin look of a letter of another alphabet; accents and
// styles fall away. Cyrillic letters without a Latin twin get their sound, so
// that both of a pair such as "банк" and "бaнк" end alike.
func shapeOf(r rune) string {
	if r >= 'а' && r <= 'я' {
		return russianShape[r-'а']
	}
	if unicode.Is(unicode.Mn, r) {
		return ""
	}
	if s, ok := otherShape[r]; ok {
		return s
	}
	plain, _ := utf8.DecodeRuneInString(norm.NFKD.String(string(r)))
	if plain < utf8.RuneSelf && asciiShape[plain] != 0 {
		return string(rune(asciiShape[plain]))
	}
	if plain != r {
		if s, ok := otherShape[plain]; ok {
			return s
		}
		if plain >= 'а' && plain <= 'я' {
			return russianShape[plain-'а']
		}
	}
	return "?"
}

// russianShape holds the letters from а to я.
var russianShape = [...]string{
	"a", "b", "b", "r", "d", "e", "zh", "e", "u", "u", "k", "ji", "m", "h", "o", "n", "p", "c", "t", "y", "f", "x", "ts", "ch", "w", "w", "b", "bi", "b", "e",
	"io", "ya",
}

var otherShape = map[rune]string{
	'ё': "e", 'і': "i", 'ї': "i", 'ј': "j", 'ѕ': "s", 'є': "e", 'ґ': "r", 'ў': "y", 'ѵ': "v", 'ѡ': "w",
	'ә': "a", 'ғ': "r", 'қ': "k", 'ҡ': "k", 'ҝ': "k", 'ң': "h", 'ө': "o", 'ү': "y", 'ұ': "y", 'һ': "h", 'ҳ': "x", 'ҷ': "ch",
	'ӏ': "i", 'ԛ': "q", 'ԝ': "w", 'ԁ': "d", 'ҽ': "e", 'ӕ': "ae", 'ӊ': "h", 'ӄ': "k", 'ԍ': "g",
	'ı': "i", 'ł': "i", 'ŀ': "i", 'ø': "o", 'đ': "d", 'ð': "d", 'ħ': "h", 'ŧ': "t", 'ß': "b", 'æ': "ae", 'œ': "oe", 'þ': "p", 'ĸ': "k",
	'ŋ': "n", 'ɑ': "a", 'ɡ': "g", 'ɩ': "i", 'ɪ': "i", 'ʏ': "y", 'ᴀ': "a", 'ᴋ': "k", 'ꜱ': "s", 'ə': "e", 'ƙ': "k", 'ǥ': "g",
	'ʟ': "i", 'ɴ': "n", 'ɢ': "g", 'ᴏ': "o", 'ᴇ': "e", 'ᴛ': "t", 'ᴍ': "m", 'ᴘ': "p", 'ɓ': "b", 'ɗ': "d", 'ƅ': "b", 'ɛ': "e", 'ƒ': "f", 'ƿ': "p",
	'α': "a", 'β': "b", 'γ': "y", 'ε': "e", 'η': "n", 'ι': "i", 'κ': "k", 'ν': "v", 'ο': "o", 'ρ': "p", 'σ': "o", 'τ': "t", 'υ': "u", 'χ': "x", 'ω': "w",
	'օ': "o", 'ո': "n", 'ս': "u", 'հ': "h", 'ց': "g", 'զ': "q", 'ք': "p", 'ե': "t", 'յ': "j", 'ւ': "i",
}
