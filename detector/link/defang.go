package link

import (
	"strings"
	"unicode/utf8"
)

// maxShown bounds a defanged link, in bytes of its host.
const maxShown = 120

// Defang writes a link so that it can be read but not followed:
// "https://kaspi-bonus.top/pay?id=1" becomes "kaspi-bonus[.]top/…". Scheme,
// user info, path and query are dropped, since they may carry secrets; of an
// overlong host the right end stays, which tells who owns it. The result holds
// no "://" and no dot outside brackets, and defanging it again changes nothing.
// Where raw has no host the answer is "…".
func Defang(raw string) string {
	p := split(raw)
	if !p.hasAuthority() {
		return p.scheme + "[:]//…"
	}
	host := p.host
	if strings.HasPrefix(host, "[") {
		ip, ok := parseIP(p)
		if !ok {
			return "…"
		}
		host = "[" + ip + "]"
	}
	host = shown(host)
	if host == "" {
		return "…"
	}
	out := strings.ReplaceAll(host, ".", "[.]")
	if p.port != "" && strings.ContainsAny(host, ".[") { // a bare word and a colon would read as a scheme
		out += "[:]" + p.port
	}
	if strings.Trim(p.path, `/\`) != "" || p.query != "" {
		out += "/…"
	}
	return out
}

// shown keeps the whole labels at the right end that fit.
func shown(host string) string {
	if len(host) <= maxShown {
		return host
	}
	cut := len(host) - maxShown
	if i := strings.IndexByte(host[cut:], '.'); i >= 0 && cut+i+1 < len(host) {
		return strings.Trim(host[cut+i+1:], ".-")
	}
	for !utf8.RuneStart(host[cut]) {
		cut++
	}
	return strings.Trim(host[cut:], ".-")
}
