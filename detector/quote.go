package detector

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/aldanba/aldanba/detector/entity"
	"github.com/aldanba/aldanba/detector/link"
)

// maxQuote is the longest quote in letters: a person must see it at a glance.
const maxQuote = 60

// Quote gives what the person sees of a signal: their own words, identifiers
// masked and links defanged. It is empty for a signal without a place.
func (v *Verdict) Quote(s Signal) string {
	if s.Start >= s.End || s.End > len(v.text) {
		return ""
	}
	if plain := v.text[s.Start:s.End]; !v.hasEntity(s) && isQuotable(plain) {
		return plain
	}
	return shorten(v.shown(s.Start, s.End), maxQuote)
}

// shown gives a part of the text as it may be shown: identifiers masked, links
// defanged, one space between words.
func (v *Verdict) shown(start, end int) string {
	var b strings.Builder
	at := start
	for _, e := range v.Entities {
		shown := e.Masked
		switch e.Kind {
		case entity.Link:
			if shown = link.Defang(v.text[e.Start:e.End]); !strings.Contains(shown, "[") {
				shown = link.Defang(e.Value) // "site dot top": what it says in letters is no address
			}
		case entity.Installer: // "pay.example.apk" leads to a site, too
			if last := strings.LastIndexByte(shown, '.'); last > 0 {
				shown = strings.ReplaceAll(shown[:last], ".", "[.]") + shown[last:]
			}
		}
		if e.End <= at || e.Start >= end {
			continue
		}
		if e.Start > at {
			b.WriteString(v.text[at:e.Start])
		}
		b.WriteString(shown)
		at = e.End
	}
	if at < end {
		b.WriteString(v.text[at:end])
	}
	return oneSpace(strings.Map(harmless, b.String()))
}

// harmless drops what steers a screen instead of being read: escapes of a
// terminal, and marks that turn the direction of the text behind the quote.
func harmless(r rune) rune {
	switch {
	case r == '\n' || r == '\t' || r == '\r':
		return ' '
	case unicode.IsControl(r), r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069:
		return -1
	}
	return r
}

// hasEntity says that a part of an entity lies within the signal.
func (v *Verdict) hasEntity(s Signal) bool {
	for i := range v.Entities {
		if e := &v.Entities[i]; e.End > s.Start && e.Start < s.End {
			return true
		}
	}
	return false
}

// isQuotable says that a text can be quoted as it stands: a few words of ASCII
// and Cyrillic with one space between them.
func isQuotable(s string) bool {
	letters, space := 0, true
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == ' ' && !space:
			space = true
		case c > ' ' && c < 0x7F:
			space = false
		case c >= 0xD0 && c <= 0xD3 && i+1 < len(s) && s[i+1]&0xC0 == 0x80:
			space = false
			i++
		default:
			return false
		}
		letters++
	}
	return !space && letters <= maxQuote
}

// oneSpace puts one space between words, whatever stood there, and none around
// them.
func oneSpace(s string) string {
	space := true
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == ' ' && !space:
			space = true
		case c <= ' ' || c == 0xC2 || c >= 0xE1 && c <= 0xE3: // with these bytes other spaces begin
			return strings.Join(strings.Fields(s), " ")
		default:
			space = false
		}
	}
	return strings.TrimSuffix(s, " ")
}

// shorten cuts a quote at a word, with an ellipsis.
func shorten(s string, letters int) string {
	end := 0
	for range letters {
		if end == len(s) {
			return s
		}
		_, size := utf8.DecodeRuneInString(s[end:])
		end += size
	}
	if end == len(s) {
		return s
	}
	head := s[:end]
	if !utf8.ValidString(head) {
		head = string([]rune(head))
	}
	if cut := strings.LastIndexByte(head, ' '); cut >= len(head)/2 {
		head = head[:cut]
	}
	return head + "…"
}
