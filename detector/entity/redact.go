package entity

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// placeholders are what Redact writes. A view treats them as barriers.
var placeholders = [...]string{
	"[card]", "[cvv]", "[expiry]", "[iban]", "[iin]", "[phone]", "[code]", "[wallet]", "[remote_id]", "[email]", "[name]", "[number]",
}

// placeholderAt returns the length of the placeholder that s starts with, or 0.
func placeholderAt(s string) int {
	for _, p := range placeholders {
		if strings.HasPrefix(s, p) {
			return len(p)
		}
	}
	return 0
}

// maxRounds bounds how often Redact looks at its own output. What is masked
// changes what stands beside what, so a second look can find more; in
// practice it never finds anything in the third.
const maxRounds = 4

// Redact returns s fit for storage, logs and other people's machines: the one
// door through which text leaves. No digit of a card, a code, an IIN, an IBAN
// or a phone survives, nor any other run of six digits that is not a sum of
// money; e-mail addresses, wallets and the names of people that the lists know
// are replaced; links keep their host and lose user info, query, fragment and
// the digits of the path. It rather masks too much than too little, and
// redacting twice changes nothing.
func (f *Finder) Redact(s string) string { return f.redact(s, nil) }

// redact masks; with m it also notes what became of what.
func (f *Finder) redact(s string, m *Mask) string {
	for round := 0; round < maxRounds; round++ {
		out := f.redactOnce(s, m.round())
		if out == s {
			return s
		}
		s = out
	}
	return hideAllDigits(s, m.round())
}

func (f *Finder) redactOnce(s string, m *cuts) string {
	v := f.view(s)
	defer f.release(v)
	f.scan(v, true)
	closeRest(v)
	f.findNames(v)
	if len(v.spans) == 0 {
		return s
	}
	slices.SortFunc(v.spans, func(a, b span) int { return a.start - b.start })
	var b strings.Builder
	b.Grow(len(s))
	last := 0
	for i := range v.spans {
		sp := &v.spans[i]
		from, to := int(v.pos[sp.start]), int(v.end[sp.end-1])
		if from < last { // two runes of one ligature
			from = last
		}
		if to <= last {
			continue
		}
		b.WriteString(s[last:from])
		last = to
		written := b.Len()
		switch sp.kind {
		case Amount:
			b.WriteString(s[from:to])
		case Link:
			v.writeLink(&b, sp)
		case Telegram, WhatsApp, Installer:
			writeHidden(&b, v.cased[sp.start:sp.end], maxHostDigits)
		case Forwarding:
			v.writeForwarding(&b, sp)
		default:
			b.WriteString("[" + string(sp.kind) + "]")
		}
		if b.String()[written:] != s[from:to] {
			m.add(from, to, written, b.Len())
		}
	}
	b.WriteString(s[last:])
	return b.String()
}

// leftover is the kind of a number that is none of the known ones.
const (
	leftover Kind = "number"
	name     Kind = "name"
)

// closeRest claims what no finder wanted and still may identify somebody: runs
// of six digits and more, chains of nine and more that are no dates, the last
// digits of a card behind asterisks.
func closeRest(v *view) {
	v.chains(func(from, to int) {
		total, dated := 0, 0
		for k := from; k < to; k++ {
			total += v.groups[k].n
			if v.groups[k].date {
				dated += v.groups[k].n
			}
		}
		if total-dated >= 9 || total >= 12 && total-dated >= 3 || v.localPhone(from, to) {
			v.claimGroups(from, to-1, span{kind: leftover, suspect: true})
			return
		}
		for k := from; k < to; k++ {
			before := v.at(v.groups[k].start - 1)
			tail := v.groups[k].n == 4 && (before == '*' || before == '•')
			if v.groups[k].real >= 6 || tail {
				v.claimGroups(k, k, span{kind: leftover, suspect: true})
			}
		}
	})
}

// localPhone reports whether the chain is written like the number of a town:
// 329-39-39, 72-72-72, with spaces too where the words speak of a phone.
func (v *view) localPhone(from, to int) bool {
	if to-from != 3 {
		return false
	}
	g := v.groups[from:to]
	return (g[0].n == 3 || g[0].n == 2) && g[1].n == 2 && g[2].n == 2 && !g[0].date &&
		(g[1].sep == '-' && g[2].sep == '-' || v.cuesBefore(from, 5)&cuePhone != 0)
}

// writeLink writes a link without user info, query and fragment, and with the
// digits of its path hidden.
func (v *view) writeLink(b *strings.Builder, sp *span) {
	runes := v.cased
	scheme := sp.start
	for scheme < sp.host && runes[scheme] != '/' && runes[scheme] != '\\' {
		scheme++
	}
	if scheme < sp.host { // a scheme with its two slashes, as it was written
		writeHidden(b, runes[sp.start:scheme], 1)
		b.WriteString("//")
	}
	hostLimit, first := maxHostDigits, sp.host
	for first < sp.hostTo && isDigit(runes[first]) {
		first++
	}
	switch {
	case isIP([]byte(string(runes[sp.host:sp.hostTo]))):
		hostLimit = sp.hostTo // an address of a machine keeps its digits
	case first < sp.hostTo && !isHostRune(runes[first]):
		hostLimit = 3 // a name of digits may be the rest of a number: "4242 4242 4242 4242 точка kz"
	}
	writeHidden(b, runes[sp.host:sp.hostTo], hostLimit)
	end := sp.hostTo
	for end < sp.end && runes[end] != '?' && runes[end] != '#' && runes[end] != '@' {
		end++
	}
	writeHidden(b, runes[sp.hostTo:end], 1)
}

// writeHidden writes the runes, with every digit hidden if there are at least
// limit of them.
func writeHidden(b *strings.Builder, runes []rune, limit int) {
	digits := 0
	for _, r := range runes {
		if isDigit(r) {
			digits++
		}
	}
	for _, r := range runes {
		switch {
		case r == barrier:
			r = 'x'
		case isDigit(r) && digits >= limit:
			r = 'x'
		}
		b.WriteRune(r)
	}
}

// writeForwarding writes a forwarding code with the number it sends calls to
// replaced.
func (v *view) writeForwarding(b *strings.Builder, sp *span) {
	code := v.low[sp.start:sp.end]
	for i := 0; i < len(code); {
		j := i
		for j < len(code) && code[j] != '*' && code[j] != '#' {
			j++
		}
		digits := 0
		for _, r := range code[i:j] {
			if isDigit(r) {
				digits++
			}
		}
		if digits > 3 || j > i && code[i] == barrier {
			b.WriteString("[phone]")
		} else {
			b.WriteString(string(code[i:j]))
		}
		if j < len(code) {
			b.WriteRune(code[j])
			j++
		}
		i = j
	}
}

// hideAllDigits is the last resort.
func hideAllDigits(s string, m *cuts) string {
	var b strings.Builder
	b.Grow(len(s))
	for i, r := range s {
		if r == utf8.RuneError || digitOf(r) < 0 {
			_, size := utf8.DecodeRuneInString(s[i:])
			b.WriteString(s[i : i+size])
			continue
		}
		written := b.Len()
		b.WriteRune('•')
		m.add(i, i+utf8.RuneLen(r), written, b.Len())
	}
	return b.String()
}
