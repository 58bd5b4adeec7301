package text

import "unicode/utf8"

// smallCaps pairs the small capitals, which NFKC leaves as they are, with their letters.
var smallCaps = map[rune]rune{
	'ᴀ': 'a', 'ʙ': 'b', 'ᴄ': 'c', 'ᴅ': 'd', 'ᴇ': 'e', 'ꜰ': 'f', 'ɢ': 'g', 'ʜ': 'h', 'ɪ': 'i', 'ᴊ': 'j',
	'ᴋ': 'k', 'ʟ': 'l', 'ᴍ': 'm', 'ɴ': 'n', 'ᴏ': 'o', 'ᴘ': 'p', 'ʀ': 'r', 'ꜱ': 's', 'ᴛ': 't', 'ᴜ': 'u',
	'ᴠ': 'v', 'ᴡ': 'w', 'ʏ': 'y', 'ᴢ': 'z', 'ᴫ': 'л', 'ᴨ': 'п', 'ᴦ': 'г', 'ᴧ': 'л', 'ɑ': 'a', 'ɡ': 'g',
}

// undecorate returns the plain letter of a decorative character that NFKC does not cover, or 0. rest is the
// text behind it and before the cells in front: two regional indicators together are a flag and no letters.
func undecorate(r rune, rest string, before []cell) rune {
	switch {
	case r < 0x1F100:
		return smallCaps[r]
	case r >= 0x1F150 && r <= 0x1F169: // negative circled
		return 'a' + r - 0x1F150
	case r >= 0x1F170 && r <= 0x1F189: // negative squared
		return 'a' + r - 0x1F170
	case isRegional(r):
		if next, _ := utf8.DecodeRuneInString(rest); isRegional(next) {
			return 0
		}
		if n := len(before); n > 0 && isRegional(before[n-1].r) {
			return 0
		}
		return 'a' + r - 0x1F1E6
	}
	return 0
}

// isRegional reports whether r is one half of a flag.
func isRegional(r rune) bool { return r >= 0x1F1E6 && r <= 0x1F1FF }
