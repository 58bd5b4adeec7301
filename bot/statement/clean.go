package statement

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Bounds of what stands in a paper, in letters or items. What is beyond is cut
// with a word that says so.
const (
	maxStory      = 6000
	maxParagraphs = 60 // of a story; the rest is one
	maxLine       = 600
	maxPayments   = 20
	maxMarks      = 40
	maxBanks      = 10
)

// clean makes text fit to stand in a paper: valid, composed, without
// characters that steer a display. Lines stay lines. What is beyond limit
// letters is replaced by cut.
func clean(s string, limit int, cut string) string {
	// Composing costs time for every byte, so bytes are bounded first: a
	// letter takes at most four, and few have more than one mark.
	whole := len(s) <= 8*limit
	if !whole {
		s = strings.ToValidUTF8(s[:8*limit], "")
	}
	s = norm.NFC.String(strings.ToValidUTF8(s, "\uFFFD"))
	s = strings.TrimSpace(strings.Map(plain, strings.ReplaceAll(s, "\r\n", "\n")))
	for strings.Contains(s, "\n\n\n") {
		s = strings.ReplaceAll(s, "\n\n\n", "\n\n")
	}
	if utf8.RuneCountInString(s) > limit {
		s, whole = strings.TrimSpace(string([]rune(s)[:limit])), false
	}
	if !whole {
		s = strings.TrimSpace(s + " " + cut)
	}
	return s
}

// line is clean for what stands on one line.
func line(s string, cut string) string {
	return clean(strings.Join(strings.Fields(headOf(s, 8*maxLine+1)), " "), maxLine, cut)
}

// headOf returns at most n bytes of s.
func headOf(s string, n int) string {
	if len(s) > n {
		return s[:n]
	}
	return s
}

// plain maps what is not written: controls, and marks that turn the direction
// or join and select glyphs. A file called "photo\u202Egpj.exe" thus shows its
// true ending.
func plain(r rune) rune {
	switch {
	case r == '\n':
		return r
	case r == '\t' || r == '\r' || r == '\u2028' || r == '\u2029':
		return ' '
	case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs, unicode.Variation_Selector):
		return -1
	}
	return r
}
