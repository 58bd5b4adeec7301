package entity

import (
	"strings"
	"unicode/utf8"

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
	case '\\': // a dot that Markdown was kept from reading
		if v.at(i+1) == '.' && isHostRune(v.at(i+2)) {
			return 2
		}
	case '[', '(', '{':
		return v.bracketDot(i)
	case ' ':
		switch v.at(i + 1) {
		case 'т', 'н', 'd', '.', '[', '(', '{':
		default:
			return 0
		}
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

// writeHost appends a host name of labels in lower case to v.out.
func (v *view) writeHost(labels []label) piece {
	from := len(v.out)
	for _, l := range labels[:len(labels)-1] {
		v.addRunes(v.low[l.start:l.end])
		v.out = append(v.out, '.')
	}
	var buf [maxEnding]byte
	v.out = append(v.out, v.ending(labels[len(labels)-1], &buf)...)
	return v.piece(from)
}

// maxEnding bounds what is looked at as a top-level domain, in bytes.
const maxEnding = 64

// ending returns the last label with its Cyrillic disguise undone: "кз" and
// "сom" are read as "kz" and "com". It is empty where the label is too long.
func (v *view) ending(l label, buf *[maxEnding]byte) []byte {
	if 2*(l.end-l.start) > len(buf) {
		return nil
	}
	plain, undone := buf[:0], true
	latin, changed := false, false
	for _, r := range v.low[l.start:l.end] {
		if r < utf8.RuneSelf {
			latin = latin || r >= 'a' && r <= 'z'
		} else if c := latinCapital(r); c != 0 {
			r, changed = c-'A'+'a', true
		} else {
			undone = false
		}
		plain = utf8.AppendRune(plain, r)
	}
	if undone && (latin || !changed) {
		return plain
	}
	plain = buf[:0]
	for _, r := range v.low[l.start:l.end] {
		if len(plain)+utf8.RuneLen(r) > len(buf) {
			return nil
		}
		plain = utf8.AppendRune(plain, r)
	}
	switch string(plain) {
	case "кз":
		return append(buf[:0], "kz"...)
	case "ру":
		return append(buf[:0], "ru"...)
	}
	return plain
}

// withoutCase cuts the ending of a Russian or Kazakh case from the last label
// of a host name: "kaspi.kz-тен", "egov.kz-ке", "stat.gov.kz-ten".
func (v *view) withoutCase(l label) label {
	hyphen := l.start
	for hyphen < l.end && v.low[hyphen] != '-' {
		hyphen++
	}
	suffix := v.low[min(hyphen+1, l.end):l.end]
	if len(suffix) == 0 || len(suffix) > maxCase {
		return l
	}
	cyrillic := true
	for _, r := range suffix {
		cyrillic = cyrillic && r >= 0x400 && r < 0x530
	}
	if cyrillic || latinCases[string(suffix)] {
		l.end = hyphen
	}
	return l
}

// maxCase is the length of the longest ending in letters: "-дағылар".
const maxCase = 8

// latinCases are the endings of the Kazakh cases in Latin letters.
var latinCases = func() map[string]bool {
	set := map[string]bool{}
	for _, s := range strings.Fields("ga ge ka ke qa gha ghe na ne da de ta te nda nde dan den tan ten nan nen ndan nden " +
		"dy di ty ti ny ni dyn din tyn tin nyn nin men ben pen dagy degi tagy tegi") {
		set[s] = true
	}
	return set
}()

// known reports whether the ending is a top-level domain under ICANN's rules.
func known(ending []byte) bool {
	if len(ending) < 2 || isDigit(rune(ending[0])) {
		return false
	}
	switch string(ending) { // what nearly all links end in, without asking the list
	case "kz", "ru", "com", "net", "org", "top", "xyz", "site", "online", "info", "shop", "me", "link", "click", "app", "pro", "рф", "қаз":
		return true
	}
	name := "x." + string(ending)
	if ending[0] >= utf8.RuneSelf {
		ascii, err := idna.ToASCII(name)
		if err != nil {
			return false
		}
		name = ascii
	}
	suffix, icann := publicsuffix.PublicSuffix(name)
	return icann && suffix == name[2:]
}
