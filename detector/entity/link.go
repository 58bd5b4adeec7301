package entity

import (
	"net/netip"
	"strings"
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
		v.linkAt(start, after, scheme(string(v.low[start:from])))
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

func scheme(s string) string {
	switch s {
	case "hxxp", "h**p":
		return "http"
	case "hxxps", "h**ps":
		return "https"
	}
	return s
}

// linkAt claims the link whose scheme starts at start and whose rest starts at
// after.
func (v *view) linkAt(start, after int, scheme string) {
	var labels [maxLabels]label
	body := after
	// User info ends at the last @ before the path.
	for j := after; j < len(v.low) && j-after < 256 && !v.used[j] && !isSpace(v.low[j]) && !strings.ContainsRune(`/\?#<>"`, v.low[j]); j++ {
		if v.low[j] == '@' {
			body = j + 1
		}
	}
	n, hostEnd := v.hostAt(body, &labels)
	if n == 0 {
		hostEnd = body
	}
	end := v.pathEnd(hostEnd)
	if end <= after {
		return
	}
	host := ""
	if n > 0 {
		host = v.hostText(labels[:n])
	}
	value := scheme + "://" + string(v.cased[after:body]) + host + string(v.cased[hostEnd:end])
	v.claim(span{kind: Link, start: start, end: end, host: body, hostTo: hostEnd, value: value, masked: maskLink(host, scheme)})
}

// maskLink returns what may be shown of a link: its host, not clickable.
func maskLink(host, scheme string) string {
	if host == "" {
		return scheme + "://…"
	}
	if i := strings.LastIndexByte(host, '.'); i >= 0 {
		host = host[:i] + "[.]" + host[i+1:]
	}
	return hideDigits(host)
}

// maxHostDigits is the number of digits from which a host or a handle no
// longer is just a name: a phone may hide in it. An IP address is exempt.
const maxHostDigits = 6

// hideDigits hides the digits of a name that has too many of them.
func hideDigits(host string) string {
	n := 0
	for _, r := range host {
		if isDigit(r) {
			n++
		}
	}
	if n < maxHostDigits || isIP(host) {
		return host
	}
	return strings.Map(func(r rune) rune {
		if isDigit(r) {
			return 'x'
		}
		return r
	}, host)
}

// isIP reports whether a host is an IPv4 address.
func isIP(host string) bool {
	if len(host) < 7 || !isDigit(rune(host[0])) || !isDigit(rune(host[len(host)-1])) {
		return false
	}
	a, err := netip.ParseAddr(host)
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
		} else if n == 1 && v.isInstaller(labels[:1]) {
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
	if n := len(labels); n == 4 && isIP(v.hostText(labels)) {
		last := labels[3].end
		if end := v.pathEnd(last); end > last {
			host := v.hostText(labels)
			v.claim(span{kind: Link, start: start, end: end, host: start, hostTo: last, value: host + string(v.cased[last:end]), masked: maskLink(host, "")})
		}
		return
	}
	for n := len(labels); n > 1; n-- {
		last := labels[n-1]
		if v.isInstaller(labels[:n]) {
			v.claimInstaller(labels[:n])
			return
		}
		if !v.endsHost(labels[:n]) {
			continue
		}
		if n == len(labels) || v.at(last.end) == '.' {
			end := v.pathEnd(last.end)
			host := v.hostText(labels[:n])
			v.claim(span{kind: Link, start: start, end: end, host: start, hostTo: last.end,
				value: host + string(v.cased[last.end:end]), masked: maskLink(host, "")})
		}
		return
	}
}

// endsHost reports whether the last label ends a host name here.
func (v *view) endsHost(labels []label) bool {
	last, before := labels[len(labels)-1], labels[len(labels)-2]
	if last.end-last.start > 24 || before.end-before.start > maxLabel || v.low[before.start] == '-' {
		return false
	}
	ending := v.ending(last)
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
	case fileEndings[ending], wordEndings[ending] && plain && len(labels) == 2:
		return false
	case plain && len(labels) == 2 && before.end-before.start == 1 && ending != "me" && v.low[before.start] >= 0x400:
		return false // "т.е", "г.рф"
	}
	// "Сказал.Онлайн", "сказал.Net": a capital behind a small letter starts a
	// sentence, except in the endings that people capitalise like a name.
	first := v.cased[last.start]
	if first != v.low[last.start] && v.cased[before.end-1] == v.low[before.end-1] && isLetter(v.low[before.end-1]) {
		switch ending {
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
