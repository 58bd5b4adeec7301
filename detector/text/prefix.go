package text

import "unicode/utf8"

// Prefix gives the beginning of s that is at most n bytes long and does not end
// within a letter.
func Prefix(s string, n int) string {
	if n >= len(s) {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:max(n, 0)]
}
