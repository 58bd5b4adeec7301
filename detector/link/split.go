package link

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	maxRaw  = 64 << 10 // bytes of a link that are read at all
	maxHost = 253      // longest host name that DNS allows
)

// parts are the pieces of a link as a browser would cut it.
type parts struct {
	scheme  string // lower case, "" where none was written
	schemed bool   // a scheme or "//" was written
	user    string // everything before the last "@" of the authority
	host    string // lower case, dots unified, not yet judged
	port    string
	path    string // with its leading "/", may be ""
	query   string // without "?"
}

// split undoes defanging and cuts a link as lenient browsers do: backslashes
// count as slashes, any number of slashes follows the scheme, and the host is
// what stands after the last "@".
func split(raw string) parts {
	if len(raw) > maxRaw {
		raw = strings.ToValidUTF8(raw[:maxRaw], "")
	}
	if !isPrintable(raw) {
		raw = strings.Map(visible, raw)
	}
	s := refang(trim(raw))
	var p parts
	s = p.takeScheme(s)
	authority := s
	if p.hasAuthority() {
		if i := strings.IndexAny(s, `/\?#`); i >= 0 {
			authority, s = s[:i], s[i:]
		} else {
			s = ""
		}
	} else {
		authority = ""
	}
	p.takeAuthority(authority)
	if i := strings.IndexByte(s, '#'); i >= 0 {
		s = s[:i]
	}
	if i := strings.IndexByte(s, '?'); i >= 0 {
		s, p.query = s[:i], s[i+1:]
	}
	p.path = s
	return p
}

// hasAuthority reports whether a host follows the scheme. Links of programs
// (tg:, whatsapp:, mailto:, …) have none.
func (p *parts) hasAuthority() bool {
	switch p.scheme {
	case "", "http", "https", "ftp", "ws", "wss":
		return true
	}
	return false
}

// takeScheme cuts "https://" and its broken or defanged kin from the front.
func (p *parts) takeScheme(s string) string {
	rest := strings.TrimLeft(s, `/\`)
	if len(s)-len(rest) >= 2 {
		p.schemed = true
		return rest
	}
	i := strings.IndexAny(s, `:/\?#.@`)
	if i <= 0 || s[i] != ':' || i > 16 {
		return s
	}
	name := strings.ToLower(s[:i])
	if !isScheme(name) {
		return s
	}
	after := s[i+1:]
	rest = strings.TrimLeft(after, `/\`)
	known := fixScheme(name)
	if known == "" && len(after)-len(rest) < 2 && !bareScheme(name) {
		return s // "example:8080" is a host and a port
	}
	if known == "" {
		known = name
	}
	p.scheme, p.schemed = known, true
	return rest
}

func isScheme(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		letter := c >= 'a' && c <= 'z'
		if !letter && (i == 0 || (c < '0' || c > '9') && c != '+' && c != '-' && c != '*') {
			return false
		}
	}
	return true
}

// fixScheme names the web scheme that a written or defanged one stands for.
func fixScheme(s string) string {
	switch s {
	case "http", "hxxp", "h**p", "htxp", "hxtp", "htp", "ttp":
		return "http"
	case "https", "hxxps", "h**ps", "htxps", "hxtps", "htps", "ttps":
		return "https"
	case "ftp", "fxp", "ws", "wss":
		return s
	}
	return ""
}

// bareScheme names the schemes that are written without slashes.
func bareScheme(s string) bool {
	switch s {
	case "tg", "whatsapp", "viber", "sgnl", "tel", "sms", "mailto", "javascript", "data", "intent", "market":
		return true
	}
	return false
}

func (p *parts) takeAuthority(s string) {
	if i := strings.LastIndexByte(s, '@'); i >= 0 {
		p.user, s = s[:i], s[i+1:]
	}
	if strings.HasPrefix(s, "[") {
		if i := strings.IndexByte(s, ']'); i > 0 {
			p.port = portOf(s[i+1:])
			p.host = strings.ToLower(s[:i+1])
			return
		}
	}
	if i := strings.IndexByte(s, ':'); i >= 0 {
		p.port = portOf(s[i:])
		s = s[:i]
	}
	p.host = cleanHost(s)
}

// portOf reads the digits behind a colon; leading zeros do not count.
func portOf(s string) string {
	if !strings.HasPrefix(s, ":") {
		return ""
	}
	end := 1
	for end < len(s) && s[end] >= '0' && s[end] <= '9' {
		end++
	}
	port := strings.TrimLeft(s[1:end], "0")
	if len(port) > 5 {
		port = port[:5]
	}
	return port
}

// cleanHost decodes percent escapes, unifies dots and case, and cuts the host
// at the first character that no host has.
func cleanHost(s string) string {
	if strings.IndexByte(s, '%') >= 0 {
		s = unescape(s, 4*maxHost)
	}
	if plainHost(s) {
		return strings.Trim(s, ".-")
	}
	var b strings.Builder
	for _, r := range s {
		switch {
		case isDot(r):
			r = '.'
		case isHidden(r):
			continue
		case !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) && r != '-' && r != '_':
			if b.Len() > 0 {
				return tidyDots(b.String())
			}
			continue
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return tidyDots(b.String())
}

func tidyDots(s string) string {
	for strings.Contains(s, "..") {
		s = strings.ReplaceAll(s, "..", ".")
	}
	return strings.Trim(s, ".-")
}

// plainHost reports that nothing about s needs cleaning.
func plainHost(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '_' {
			continue
		}
		if c != '.' || i+1 < len(s) && s[i+1] == '.' {
			return false
		}
	}
	return true
}

func isDot(r rune) bool {
	switch r {
	case '.', '。', '．', '｡', '․', '‧', '﹒', '·', '•', '∙':
		return true
	}
	return false
}

func isHidden(r rune) bool {
	return r == 0xAD || r == 0x34F || r == 0x61C || r == 0xFEFF || r >= 0x200B && r <= 0x200F || r >= 0x202A && r <= 0x202E ||
		r >= 0x2060 && r <= 0x206F || r >= 0xFE00 && r <= 0xFE0F || r < 0x20 || r == 0x7F
}

// isPrintable reports that s is plain ASCII, in which nothing can hide.
func isPrintable(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < 0x20 || s[i] >= 0x7F {
			return false
		}
	}
	return true
}

// visible drops hidden characters.
func visible(r rune) rune {
	if isHidden(r) {
		return -1
	}
	return r
}

// unescape decodes percent escapes in at most limit bytes of s; broken ones stay.
func unescape(s string, limit int) string {
	if len(s) > limit {
		s = s[:limit]
	}
	if strings.IndexByte(s, '%') < 0 {
		return s
	}
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			hi, lo := unhex(s[i+1]), unhex(s[i+2])
			if hi >= 0 && lo >= 0 {
				b = append(b, byte(hi<<4|lo))
				i += 2
				continue
			}
		}
		b = append(b, s[i])
	}
	return strings.ToValidUTF8(string(b), "")
}

func unhex(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

// trim takes off the white space and punctuation that surround a link in prose.
func trim(s string) string {
	s = strings.TrimFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || isHidden(r) || r == utf8.RuneError || strings.ContainsRune("<>\"'`«»„“”‘’‚‹›,;!*|~", r)
	})
	s = strings.TrimLeft(s, "({")
	s = strings.TrimRight(s, ".:?")
	if strings.IndexByte(s, ')') >= 0 && strings.IndexByte(s, '(') < 0 {
		s = strings.TrimRight(s, ").,:;?!")
	}
	if strings.IndexByte(s, '}') >= 0 && strings.IndexByte(s, '{') < 0 {
		s = strings.TrimRight(s, "}")
	}
	return s
}

// refang undoes the ways in which people make a link safe to show.
func refang(s string) string {
	if !strings.ContainsAny(s, `[({\`) {
		return s
	}
	return refanger.Replace(s)
}

var refanger = strings.NewReplacer(
	"[.]", ".", "(.)", ".", "{.}", ".", `\.`, ".", "[,]", ".",
	"[dot]", ".", "(dot)", ".", "{dot}", ".", "[DOT]", ".", "(DOT)", ".", "[Dot]", ".", "(Dot)", ".",
	"[точка]", ".", "(точка)", ".", "[нүкте]", ".", "(нүкте)", ".",
	"[:]", ":", "[://]", "://", "[:/]", ":/", "[/]", "/", "[@]", "@", "(at)", "@", "[at]", "@",
)
