package entity

import (
	"strings"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
)

// maxLabels and maxLabel bound a host name; DNS allows no more.
const (
	maxLabels = 32
	maxLabel  = 63
)

// label is one part of a host name in view coordinates.
type label struct{ start, end int }

// isHostRune reports whether r may stand in a label of a host name.
func isHostRune(r rune) bool { return isAlnum(r) || r == '-' || r == '_' }

// dotAt returns the length of the dot at i, plain or defanged, or 0. A dot of
// spaces and words ("kaspi точка kz") counts, and so does a dot between spaces
// in front of a well-known ending.
func (v *view) dotAt(i int) int {
	switch v.at(i) {
	case '.':
		if isHostRune(v.at(i + 1)) {
			return 1
		}
		if v.at(i+1) == ' ' && v.wellKnownEnding(i+2) && v.at(i-1) == ' ' {
			return 2
		}
	case '[', '(', '{':
		return v.bracketDot(i)
	case ' ':
		for _, w := range [...]string{" точка ", " нүкте ", " dot "} {
			if v.hasPrefix(i, w) && v.wellKnownEnding(i+len([]rune(w))) {
				return len([]rune(w))
			}
		}
		if n := v.bracketDot(i + 1); n > 0 {
			if v.at(i+1+n) == ' ' {
				n++
			}
			return n + 1
		}
		if v.at(i+1) == '.' && v.at(i+2) == ' ' && v.wellKnownEnding(i+3) {
			return 3
		}
		if v.at(i+1) == '.' && isASCIIAlnum(v.at(i-1)) && v.wellKnownEnding(i+2) {
			return 2
		}
	}
	return 0
}

func (v *view) bracketDot(i int) int {
	var closing rune
	switch v.at(i) {
	case '[':
		closing = ']'
	case '(':
		closing = ')'
	case '{':
		closing = '}'
	default:
		return 0
	}
	for _, w := range [...]string{".", "dot", "точка", "нүкте"} {
		if n := len([]rune(w)); v.hasPrefix(i+1, w) && v.at(i+1+n) == closing {
			return n + 2
		}
	}
	return 0
}

// wellKnownEnding reports whether a whole label at i is one of the endings that
// people read out.
func (v *view) wellKnownEnding(i int) bool {
	for _, w := range [...]string{"kz", "кз", "com", "ком", "ru", "ру", "net", "org", "рф", "қаз", "top", "info", "site", "online", "xyz", "shop", "me"} {
		if v.hasPrefix(i, w) && !isHostRune(v.at(i+len([]rune(w)))) {
			return true
		}
	}
	return false
}

// hostAt reads a host name at i: labels joined by dots. It returns the number
// of labels and where the reading stopped.
func (v *view) hostAt(i int, labels *[maxLabels]label) (n, end int) {
	for n < maxLabels {
		j := i
		for j < len(v.low) && !v.used[j] && isHostRune(v.low[j]) {
			j++
		}
		if j == i {
			break
		}
		labels[n] = label{i, j}
		n, end = n+1, j
		d := v.dotAt(j)
		if d == 0 {
			break
		}
		i = j + d
	}
	return n, end
}

// hostText joins labels to a plain host name in lower case.
func (v *view) hostText(labels []label) string {
	var b strings.Builder
	for i, l := range labels {
		if i > 0 {
			b.WriteByte('.')
		}
		last := i == len(labels)-1
		if last {
			b.WriteString(v.ending(l))
			break
		}
		for _, r := range v.low[l.start:l.end] {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// ending returns the last label with its Cyrillic disguise undone: "кз" and
// "сom" are read as "kz" and "com".
func (v *view) ending(l label) string {
	s := string(v.low[l.start:l.end])
	switch s {
	case "кз":
		return "kz"
	case "ру":
		return "ru"
	}
	ascii, changed := make([]byte, 0, 8), false
	latin := false
	for _, r := range s {
		if r >= 'a' && r <= 'z' {
			latin = true
		}
		if c := latinCapital(r); r >= 0x80 && c != 0 {
			r, changed = c-'A'+'a', true
		}
		if r >= 0x80 {
			return s
		}
		ascii = append(ascii, byte(r))
	}
	if changed && latin {
		return string(ascii)
	}
	return s
}

// known reports whether the ending is a top-level domain under ICANN's rules.
func known(ending string) bool {
	for i := 0; i < len(ending); i++ {
		if ending[i] >= 0x80 {
			a, err := idna.ToASCII(ending)
			if err != nil {
				return false
			}
			ending = a
			break
		}
	}
	if len(ending) < 2 || isDigit(rune(ending[0])) {
		return false
	}
	suffix, icann := publicsuffix.PublicSuffix("x." + ending)
	return icann && suffix == ending
}
