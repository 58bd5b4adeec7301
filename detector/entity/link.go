package entity

import (
	"bytes"
	"net/netip"
	"strings"
	"unicode/utf8"
)

// findSchemeLinks claims what starts with a scheme: http(s), hxxp, tg,
// whatsapp, intent and every other word in front of "://".
func findSchemeLinks(v *view) {
	for i := 1; i < len(v.low); i++ {
		if v.low[i] != ':' || v.used[i] {
			continue
		}
		after := v.schemeEnd(i)
		if after == 0 {
			continue
		}
		start := i
		if v.at(start-1) == '[' { // https[:]//
			start--
		}
		from := start
		for start > 0 && from-start < 16 && !v.used[start-1] && (isASCIIAlnum(v.low[start-1]) || v.low[start-1] == '+' || v.low[start-1] == '*') {
			start--
		}
		for start < from && !isASCIIAlnum(v.low[start]) {
			start++
		}
		for _, known := range [...]string{"https", "http", "hxxps", "hxxp"} { // glued to a word
			if n := len(known); from-start > n && v.hasPrefix(from-n, known) {
				start = from - n
				break
			}
		}
		if start == from {
			continue
		}
		v.linkAt(start, from, after)
	}
}

// schemeEnd returns where the text behind "://" starts, or 0.
func (v *view) schemeEnd(i int) int {
	j := i + 1
	if v.at(j) == ']' {
		j++
	}
	slash := func(r rune) bool { return r == '/' || r == '\\' }
	if !slash(v.at(j)) || !slash(v.at(j+1)) {
		return 0
	}
	return j + 2
}

// linkAt claims the link whose scheme stands from start to schemeEnd and whose
// rest starts at after.
func (v *view) linkAt(start, schemeEnd, after int) {
	var labels [maxLabels]label
	body := after
	// User info ends at the last @ before the path.
	for j := after; j < len(v.low) && j-after < 256 && !v.used[j] && !isSpace(v.low[j]) && !strings.ContainsRune(`/\?#<>"`, v.low[j]); j++ {
		if v.low[j] == '@' {
			body = j + 1
		}
	}
	n, _ := v.hostAt(body, &labels)
	hostEnd := body
	if n > 0 {
		labels[n-1] = v.withoutCase(labels[n-1])
		hostEnd = labels[n-1].end
	}
	end := v.pathEnd(hostEnd)
	if end <= after {
		return
	}
	from := len(v.out)
	v.addScheme(v.low[start:schemeEnd])
	v.out = append(v.out, "://"...)
	masked := v.piece(from)
	v.addRunes(v.cased[after:body])
	var host piece
	if n > 0 {
		host = v.writeHost(labels[:n])
	}
	v.addRunes(v.cased[hostEnd:end])
	value := v.piece(from)
	if n > 0 {
		masked = v.maskHost(host)
	} else {
		masked = v.write(string(v.out[masked.from:masked.to]) + "…")
	}
	v.claim(span{kind: Link, start: start, end: end, host: body, hostTo: hostEnd, value: value, masked: masked})
}

// addScheme appends a scheme, whole again where it was written to be harmless.
func (v *view) addScheme(low []rune) {
	switch from := len(v.out); {
	case len(low) >= 4 && low[0] == 'h' && low[3] == 'p' && (low[1] == 'x' || low[1] == '*') && low[2] == low[1]:
		v.addRunes(low)
		v.out[from+1], v.out[from+2] = 't', 't'
	default:
		v.addRunes(low)
	}
}

// maskHost writes what may be shown of a host that was written before: not
// clickable, and without the digits of a phone.
func (v *view) maskHost(host piece) piece {
	from := len(v.out)
	v.out = append(v.out, v.out[host.from:host.to]...)
	name := v.out[from:]
	digits := 0
	for _, c := range name {
		if c >= '0' && c <= '9' {
			digits++
		}
	}
	if digits >= maxHostDigits && !isIP(name) {
		for i, c := range name {
			if c >= '0' && c <= '9' {
				name[i] = 'x'
			}
		}
	}
	if dot := bytes.LastIndexByte(name, '.'); dot >= 0 {
		v.out = append(v.out, "[]"...)
		name = v.out[from:]
		copy(name[dot+3:], name[dot+1:])
		copy(name[dot:], "[.]")
	}
	return v.piece(from)
}

// maxHostDigits is the number of digits from which a host or a handle no
// longer is just a name: a phone may hide in it. An IP address is exempt.
const maxHostDigits = 6

// isIP reports whether a host is an IPv4 address.
func isIP(host []byte) bool {
	if len(host) < 7 || len(host) > 15 {
		return false
	}
	for _, c := range host {
		if (c < '0' || c > '9') && c != '.' {
			return false
		}
	}
	a, err := netip.ParseAddr(string(host))
	return err == nil && a.Is4()
}

// pathEnd returns where the link ends whose host ends at i: port, path, query
// and fragment up to a space, a quote or an angle bracket, without the
// punctuation of the sentence and without a bracket that opened before it.
func (v *view) pathEnd(i int) int {
	switch v.at(i) {
	case '/', '\\', '?', '#', ':':
	default:
		return i
	}
	if v.at(i) == ':' && !isDigit(v.at(i+1)) {
		return i
	}
	open, j := 0, i
scan:
	for ; j < len(v.low) && !v.used[j]; j++ {
		switch r := v.low[j]; r {
		case ' ', '\n', '<', '>', '"', '«', '»', '“', '”', '`', '|', barrier:
			break scan
		case '(':
			open++
		case ')':
			if open--; open < 0 {
				break scan
			}
		}
	}
	for j > i && strings.ContainsRune(".,;:!?…'’*_~]}([{", v.low[j-1]) {
		j--
	}
	return j
}

// findHosts claims links without a scheme. What decides is the ending: it must
// be a top-level domain, and not one that is a word or a file ending where it
// stands.
func findHosts(v *view) {
	var labels [maxLabels]label
	for i := 0; i < len(v.low); {
		if v.used[i] || !isAlnum(v.low[i]) {
			i++
			continue
		}
		n, end := v.hostAt(i, &labels)
		if n > 1 {
			v.bareLink(i, labels[:n])
		} else if n == 1 && v.at(i-1) == '.' && v.isInstaller(labels[:1]) {
			if start := v.numberedCopy(i); start >= 0 {
				labels[0].start = start
				v.claimInstaller(labels[:1])
			}
		}
		i = end
	}
}

func (v *view) bareLink(start int, labels []label) {
	if v.at(start-1) == '@' || v.at(start-1) == '-' {
		return
	}
	if n := len(labels); n == 4 {
		if host := v.writeHost(labels); isIP(v.out[host.from:host.to]) {
			if last := labels[3].end; v.pathEnd(last) > last {
				v.claimBare(start, labels)
			}
			return
		}
	}
	for n := len(labels); n > 1; n-- {
		labels[n-1] = v.withoutCase(labels[n-1])
		last := labels[n-1]
		if v.isInstaller(labels[:n]) {
			v.claimInstaller(labels[:n])
			return
		}
		if !v.endsHost(labels[:n]) {
			continue
		}
		// What goes on is no site that anybody runs, but it must not be taken for the
		// known site in front of it: "kaspi.kz.example".
		for n < len(labels) && v.goesOn(labels[n]) {
			n, last = n+1, labels[n]
		}
		if n == len(labels) || v.at(last.end) == '.' || v.at(last.end) == '-' {
			v.claimBare(start, labels[:n])
		}
		return
	}
}

// goesOn reports whether a label continues a host name, rather than being the
// first word of a sentence after a missing space.
func (v *view) goesOn(l label) bool {
	for _, r := range v.cased[l.start:l.end] {
		if r >= utf8.RuneSelf || r >= 'A' && r <= 'Z' {
			return false
		}
	}
	return l.end-l.start > 1
}

// claimBare claims the link from start on whose host the labels are.
func (v *view) claimBare(start int, labels []label) {
	hostEnd := labels[len(labels)-1].end
	end := v.pathEnd(hostEnd)
	host := v.writeHost(labels)
	v.addRunes(v.cased[hostEnd:end])
	value := v.piece(host.from)
	v.claim(span{kind: Link, start: start, end: end, host: start, hostTo: hostEnd, value: value, masked: v.maskHost(host)})
}

// endsHost reports whether the last label ends a host name here.
func (v *view) endsHost(labels []label) bool {
	last, before := labels[len(labels)-1], labels[len(labels)-2]
	if last.end-last.start > 24 || before.end-before.start > maxLabel || v.low[before.start] == '-' {
		return false
	}
	var buf [maxEnding]byte
	ending := v.ending(last, &buf)
	if !known(ending) {
		return false
	}
	if v.at(last.end) == '/' && v.at(last.end+1) != ' ' || v.hasPrefix(labels[0].start, "www") && len(labels) > 2 {
		return true
	}
	if v.longNumber(labels[0]) && len(labels) == 2 {
		return false
	}
	plain := true
	for _, r := range v.low[before.start:before.end] {
		plain = plain && isLetter(r)
	}
	switch {
	case fileEndings[string(ending)], wordEndings[string(ending)] && plain && len(labels) == 2:
		return false
	case plain && len(labels) == 2 && before.end-before.start == 1 && string(ending) != "me" && v.low[before.start] >= 0x400:
		return false // "т.е", "г.рф"
	}
	// "Сказал.Онлайн", "сказал.Net": a capital behind a small letter starts a
	// sentence, except in the endings that people capitalise like a name.
	first := v.cased[last.start]
	if first != v.low[last.start] && v.cased[before.end-1] == v.low[before.end-1] && isLetter(v.low[before.end-1]) {
		switch string(ending) {
		case "kz", "ru", "com", "рф", "қаз":
		default:
			return false
		}
	}
	return true
}

func (v *view) longNumber(l label) bool {
	for _, r := range v.low[l.start:l.end] {
		if !isDigit(r) {
			return false
		}
	}
	return l.end-l.start >= 6
}

// fileEndings are top-level domains that a bare name.ending in a message means
// as a file.
var fileEndings = map[string]bool{
	"zip": true, "mov": true, "py": true, "sh": true, "md": true, "rs": true, "pl": true, "ps": true, "cab": true,
}

// wordEndings are top-level domains that are words of everyday Kazakh or
// Russian in Latin letters ("keldim.men", "barma.bar").
var wordEndings = map[string]bool{
	"men": true, "bar": true, "kim": true, "ma": true, "ba": true, "da": true, "de": true, "no": true, "na": true, "mi": true, "it": true, "as": true, "at": true,
}
