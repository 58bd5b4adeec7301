package detector

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/aldanba/aldanba/detector/entity"
)

const (
	// reach is how far, in bytes, the end of a clause is looked for.
	reach = 80
	// rest is how many letters more than the place the beginning or the end of a
	// long excerpt may hold, so that it begins and ends with the clause.
	rest = 14
	// headLetters and tailLetters are shown of a place that is too long.
	headLetters, tailLetters = 28, 30
)

// Excerpt gives what a person is shown of a signal, identifiers masked and links
// defanged. A rule is found at a few words; the excerpt reaches to the end of
// their clause on both sides where that is short enough, so that it makes sense.
// Of a long place its beginning and its end are shown: a rule has found
// something at both. It is empty for a signal without a place.
func (v *Verdict) Excerpt(s Signal) string {
	if s.Start >= s.End || s.End > len(v.text) {
		return ""
	}
	start, end := v.clauseStart(s.Start), v.clauseEnd(s.End)
	if v.isEntity(s) {
		start, end = s.Start, s.End // a link needs no more words
	}
	for _, part := range [][2]int{{start, end}, {start, s.End}, {s.Start, end}, {s.Start, s.End}} {
		if text := v.shown(part[0], part[1]); utf8.RuneCountInString(text) <= maxQuote {
			return tidy(text)
		}
	}
	if utf8.RuneCountInString(v.text[start:s.Start]) > rest {
		start = s.Start
	}
	if utf8.RuneCountInString(v.text[s.End:end]) > rest {
		end = s.End
	}
	text := v.shown(start, end)
	head, tail := shorten(text, headLetters), lastLetters(text, tailLetters)
	if tail == "" {
		return tidy(head)
	}
	return tidy(strings.TrimRight(head, "…") + " … " + tail)
}

// isEntity says that a signal stands in one identifier and in nothing else.
func (v *Verdict) isEntity(s Signal) bool {
	return slices.ContainsFunc(v.Entities, func(e entity.Entity) bool { return e.Start <= s.Start && s.End <= e.End })
}

// longestClause gives the part of a place that lies in the clause that holds most
// of it.
func (v *Verdict) longestClause(start, end int) (int, int) {
	first, last := start, start
	for from := start; from < end; {
		to := min(v.clauseEnd(from), end)
		if to-from > last-first {
			first, last = from, to
		}
		_, size := utf8.DecodeRuneInString(v.text[to:])
		from = to + max(size, 1)
	}
	return first, last
}

// clauseStart gives where the clause begins in which the text at i stands, or i
// where that is far away.
func (v *Verdict) clauseStart(i int) int {
	for at := i; at > 0; {
		r, size := utf8.DecodeLastRuneInString(v.text[:at])
		if ends(r, v.text[at:]) {
			return at
		}
		if at -= size; i-at > reach {
			return i
		}
	}
	return 0
}

// clauseEnd gives where the clause ends in which the text before i stands.
func (v *Verdict) clauseEnd(i int) int {
	for at := i; at < len(v.text); {
		r, size := utf8.DecodeRuneInString(v.text[at:])
		if ends(r, v.text[at+size:]) {
			return at
		}
		if at += size; at-i > reach {
			return i
		}
	}
	return len(v.text)
}

// ends says that a sign before the rest of a text ends a clause. A point within
// a number or an address does not.
func ends(r rune, after string) bool {
	switch r {
	case '\n', '«', '»', '“', '”', '„', '—', '–', '•':
		return true
	case '.', ',', '!', '?', '…', ';', ':':
		next, _ := utf8.DecodeRuneInString(after)
		return after == "" || unicode.IsSpace(next)
	}
	return false
}

// lastLetters gives the last words of a text, of at most so many letters
// together.
func lastLetters(s string, letters int) string {
	words := strings.Fields(s)
	first := len(words)
	for sum := -1; first > 0; first-- {
		if sum += 1 + utf8.RuneCountInString(words[first-1]); sum > letters {
			break
		}
	}
	return strings.Join(words[first:], " ")
}

// tidy trims what is no word from the ends of an excerpt and makes its quotation
// marks those of a quotation within another, where they are pairs.
func tidy(s string) string {
	s = strings.TrimFunc(s, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(",;:.-–—•·", r) })
	open, shut := strings.Count(s, "«"), strings.Count(s, "»")
	switch {
	case open == 0 && shut == 0:
		return s
	case open == shut && strings.Index(s, "«") < strings.Index(s, "»"):
		return strings.NewReplacer("«", "„", "»", "“").Replace(s)
	}
	return strings.NewReplacer("«", "", "»", "").Replace(s)
}
