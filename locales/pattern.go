package locales

import (
	"strconv"
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n"
)

// pattern is a text whose placeholders are names and nothing else, as nearly all are: an answer is made of some
// twenty texts, and running a template for each would take as long as finding the verdict.
type pattern struct {
	parts []string // the words before, between and after the placeholders
	names []string
}

// patternOf reads a text. ok is false for one that needs the template language, or has plural forms.
func patternOf(m *i18n.Message) (p pattern, ok bool) {
	if m.Zero+m.One+m.Two+m.Few+m.Many != "" {
		return p, false
	}
	rest := m.Other
	for {
		before, after, more := strings.Cut(rest, "{{")
		p.parts = append(p.parts, before)
		if !more {
			return p, m.Other != ""
		}
		inside, after, closed := strings.Cut(after, "}}")
		name, dotted := strings.CutPrefix(inside, ".")
		if !closed || !dotted || !isName(name) {
			return p, false
		}
		p.names = append(p.names, name)
		rest = after
	}
}

func isName(s string) bool {
	for _, c := range []byte(s) {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') {
			return false
		}
	}
	return s != ""
}

// fill puts texts and numbers in the places of the names. ok is false where one is missing or something else.
func (p pattern) fill(args map[string]any) (text string, ok bool) {
	if len(p.names) == 0 {
		return p.parts[0], true
	}
	var b strings.Builder
	for i, name := range p.names {
		b.WriteString(p.parts[i])
		switch v := args[name].(type) {
		case string:
			b.WriteString(v)
		case int:
			b.WriteString(strconv.Itoa(v))
		default:
			return "", false
		}
	}
	b.WriteString(p.parts[len(p.names)])
	return b.String(), true
}
