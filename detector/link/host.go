package link

import (
	"net/netip"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
	"golang.org/x/text/unicode/norm"
)

// host is the name of a machine, in the two forms in which it can be written.
type host struct {
	ascii    string // lower case, punycode
	shown    string // lower case, as a browser shows it; equals ascii for plain names
	domain   string // registrable domain, ASCII
	suffix   string // public suffix, ASCII
	punycode bool   // it was written as xn--…
	ip       bool
	known    bool // the suffix stands in the public suffix list
}

// profile maps like a browser but forgives what a registry would refuse: a
// malformed look-alike is still a look-alike.
var profile = idna.New(idna.MapForLookup(), idna.Transitional(false), idna.StrictDomainName(false), idna.BidiRule())

func parseHost(p parts) host {
	var h host
	if ip, ok := parseIP(p); ok {
		h.ascii, h.shown, h.domain, h.ip = ip, ip, ip, true
		return h
	}
	name := shorten(p.host)
	if name == "" || name[0] == '[' || strings.IndexByte(name, '.') < 0 && !p.schemed {
		return h
	}
	h.ascii, h.shown = name, name
	h.punycode = strings.HasPrefix(name, "xn--") || strings.Contains(name, ".xn--")
	if h.punycode || !isASCII(name) {
		if a, err := profile.ToASCII(name); err == nil && a != "" {
			h.ascii = a
		}
		if h.shown = norm.NFKC.String(name); h.punycode {
			if u, err := profile.ToUnicode(h.ascii); err == nil && u != "" {
				h.shown = u
			}
		}
	}
	var icann bool
	h.suffix, icann = publicsuffix.PublicSuffix(h.ascii)
	h.known = icann || strings.IndexByte(h.suffix, '.') >= 0
	h.domain = h.ascii
	if cut := len(h.ascii) - len(h.suffix) - 1; cut > 0 {
		h.domain = h.ascii[strings.LastIndexByte(h.ascii[:cut], '.')+1:]
	}
	return h
}

// shorten keeps the right end of an overlong host, which decides who owns it.
func shorten(s string) string {
	if len(s) <= maxHost {
		return s
	}
	s = strings.ToValidUTF8(s[len(s)-maxHost:], "")
	if i := strings.IndexByte(s, '.'); i >= 0 && i+1 < len(s) {
		s = s[i+1:]
	}
	return s
}

// parseIP reads an address in any form a browser takes: dotted, with fewer
// parts, decimal, octal, hexadecimal, IPv6. A bare number is an address only
// where a scheme says that a host stands here.
func parseIP(p parts) (string, bool) {
	s := p.host
	if strings.HasPrefix(s, "[") {
		ip, err := netip.ParseAddr(strings.Trim(s, "[]"))
		if err != nil {
			return "", false
		}
		return ip.Unmap().WithZone("").String(), true
	}
	if s == "" || s[len(s)-1] > 'f' || s[0] < '0' || s[0] > '9' || len(s) > 64 {
		return "", false
	}
	fields := strings.Split(s, ".")
	if len(fields) > 4 || len(fields) < 4 && !p.schemed {
		return "", false
	}
	var value uint64
	for i, field := range fields {
		n, ok := ipNumber(field)
		last := i == len(fields)-1
		if !ok || !last && n > 255 || last && n >= 1<<(8*uint(5-len(fields))) {
			return "", false
		}
		if last {
			value |= n
		} else {
			value |= n << (8 * uint(3-i))
		}
	}
	return netip.AddrFrom4([4]byte{byte(value >> 24), byte(value >> 16), byte(value >> 8), byte(value)}).String(), true
}

func ipNumber(s string) (uint64, bool) {
	base := 10
	switch {
	case strings.HasPrefix(s, "0x"):
		s, base = s[2:], 16
		if s == "" {
			return 0, true
		}
	case len(s) > 1 && s[0] == '0':
		s, base = s[1:], 8
	}
	n, err := strconv.ParseUint(s, base, 64)
	return n, err == nil
}

func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// mixesScripts reports whether one label has letters of more than one alphabet.
func mixesScripts(label string) bool {
	var latin, cyrillic, other bool
	for _, r := range label {
		switch {
		case r >= 'a' && r <= 'z' || r >= utf8.RuneSelf && unicode.Is(unicode.Latin, r):
			latin = true
		case r >= utf8.RuneSelf && unicode.Is(unicode.Cyrillic, r):
			cyrillic = true
		case r >= utf8.RuneSelf && unicode.IsLetter(r):
			other = true
		}
	}
	return latin && cyrillic || latin && other || cyrillic && other
}

// mixedLabel reports whether any label of a host mixes alphabets.
func mixedLabel(host string) bool {
	if isASCII(host) {
		return false
	}
	for label := range strings.SplitSeq(host, ".") {
		if mixesScripts(label) {
			return true
		}
	}
	return false
}

// looksLikeHost reports whether text before "@" poses as a site.
func looksLikeHost(s string) bool {
	i := strings.IndexByte(s, '.')
	return i > 0 && i+2 < len(s) && strings.IndexByte(s, ' ') < 0
}
