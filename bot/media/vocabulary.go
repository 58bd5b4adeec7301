package media

import (
	_ "embed"
	"regexp"
	"strings"
	"unicode"
)

//go:embed vocabulary.txt
var vocabularyFile string

// vocabulary knows the words by which interfaces, receipts and exports of chats
// are told from what people write. A phrase is kept as its skeleton.
type vocabulary struct {
	screen  []string // whole lines of interfaces
	opening []string // how lines of interfaces begin that go on with names and times
	heading []string // how receipts begin
	label   []string // what stands beside the values of a receipt
	omitted []string // what an export puts in the place of something that is not text
	demand  []string // beginnings of words of one who wants something
}

func parseVocabulary(file string) *vocabulary {
	v := &vocabulary{}
	sections := map[string]*[]string{
		"screen": &v.screen, "opening": &v.opening, "heading": &v.heading, "label": &v.label, "omitted": &v.omitted, "demand": &v.demand}
	var section *[]string
	for line := range strings.Lines(file) {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || line[0] == '#':
		case line[0] == '[':
			section = sections[strings.Trim(line, "[]")]
		default:
			*section = append(*section, skeleton(line))
		}
	}
	return v
}

// dayLine is a date that stands by itself between the messages of two days, or
// behind a weekday, as on a locked screen. A number before any other word than
// a month is somebody's: "2 миллиона".
var dayLine = regexp.MustCompile(`(?i)^[^\pL\pN]*(?:\pL{2,14},?\s)?(?:\d{1,2}\s` + month + `\.?(?:,?\s\d{4})?|\d{4}\sж?\.?\s?\d{1,2}\s` + month + `|\d{1,2}[./]\d{1,2}[./]\d{2,4})(?:\s?[гж]\.?)?[^\pL\pN]*$`)

// month is one, written out or shortened, in any case.
const month = `(?:янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек|қаң|ақп|нау|сәу|мам|мау|шіл|там|қыр|қаз|қар|жел|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\pL{0,7}`

// statusLine is the top of a screen: a clock, then signs, at most a network's
// name and a percentage.
var statusLine = regexp.MustCompile(`(?i)^[^\pL\pN]*(?:[01]?\d|2[0-3])[:.][0-5]\d(?:[^\pL\pN].{0,30})?$`)

// barSign are what a status bar holds behind its clock.
var barSign = regexp.MustCompile(`(?i)\d{1,3}\s?%|\b(?:lte|4g|5g|3g|wi-?fi|volte|vo)\b`)

// isInterface reports whether a line is the interface's and nobody's words.
func (v *vocabulary) isInterface(line string) bool {
	if dayLine.MatchString(line) || statusLine.MatchString(line) && (barSign.MatchString(line) || len([]rune(line)) < 14) {
		return true
	}
	s := skeleton(line)
	return anyAlike(s, v.screen) || len([]rune(line)) < 60 && beginning(s, v.opening) != ""
}

// A receipt has a heading and some labels, or many labels. Labels count at the
// beginning of a line only, for a message may well name a commission.
const (
	headingWeight = 2
	receiptWeight = 4
	leastLabels   = 2
)

// isReceipt reports whether lines are those of a receipt of a payment.
func (v *vocabulary) isReceipt(lines []string) bool {
	headings, labels := map[string]bool{}, map[string]bool{}
	for _, line := range lines[:min(len(lines), 200)] {
		s := skeleton(line)
		if p := beginning(s, v.heading); p != "" {
			headings[p] = true
		}
		if p := beginning(s, v.label); p != "" {
			labels[p] = true
		}
	}
	return len(labels) >= leastLabels && headingWeight*len(headings)+len(labels) >= receiptWeight
}

// beginning returns the longest phrase that the line begins with, or nothing.
func beginning(line string, phrases []string) (longest string) {
	for _, phrase := range phrases {
		if len(phrase) > len(longest) && len(line) >= len(phrase) && alike(line[:runeEdge(line, len(phrase))], phrase) {
			longest = phrase
		}
	}
	return longest
}

// runeEdge is the first start of a rune at n or after.
func runeEdge(s string, n int) int {
	for n < len(s) && s[n]&0xc0 == 0x80 {
		n++
	}
	return n
}

// skeleton is what is left of a line when letters that are taken for one
// another on pictures (Latin and Cyrillic, Kazakh and Russian, digits and
// letters) count as one and all else but letters and digits goes.
func skeleton(line string) string {
	var b strings.Builder
	for _, r := range line {
		r = unicode.ToLower(r)
		if to, ok := twins[r]; ok {
			r = to
		}
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// twins are letters that pictures confuse, each with the one it counts as.
var twins = map[rune]rune{
	'a': 'а', 'ә': 'а', 'b': 'в', 'c': 'с', 'e': 'е', 'ё': 'е', 'h': 'н', 'ң': 'н', 'һ': 'н', 'k': 'к', 'қ': 'к', 'm': 'м',
	'o': 'о', 'ө': 'о', '0': 'о', 'p': 'р', 't': 'т', 'x': 'х', 'y': 'у', 'ұ': 'у', 'ү': 'у', 'ғ': 'г', 'й': 'и', 'u': 'и',
	'i': 'і', 'l': 'і', '1': 'і', '|': 'і', 'ь': 'ы', 'ъ': 'ы', '3': 'з', 'щ': 'ш',
}

const (
	shortPhrase = 6    // letters; shorter ones must be the same
	likeness    = 0.72 // share of common letter triples, of both together
)

// alike compares two skeletons: the same, or nearly so when they are long
// enough to be told apart with mistakes.
func alike(a, b string) bool {
	if a == b {
		return true
	}
	if len(a) < len(b)/2 || len(a) > 2*len(b) {
		return false // which is clear without counting letters
	}
	x, y := []rune(a), []rune(b)
	if len(y) < shortPhrase || len(x) < len(y)*3/4 || len(x) > len(y)*4/3 {
		return false
	}
	have := make(map[[3]rune]int, len(x))
	for i := 2; i < len(x); i++ {
		have[[3]rune(x[i-2:i+1])]++
	}
	common := 0
	for i := 2; i < len(y); i++ {
		if key := [3]rune(y[i-2 : i+1]); have[key] > 0 {
			have[key]--
			common++
		}
	}
	return float64(2*common) >= likeness*float64(len(x)+len(y)-4)
}

func anyAlike(s string, phrases []string) bool {
	for _, p := range phrases {
		if alike(s, p) {
			return true
		}
	}
	return false
}
