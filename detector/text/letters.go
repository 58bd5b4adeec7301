package text

import "strings"

// isVowel reports whether r is a vowel of Russian, Kazakh or a Latin spelling of them.
func isVowel(r rune) bool {
	switch r {
	case 'а', 'е', 'и', 'о', 'у', 'ы', 'э', 'ю', 'я', 'ә', 'ө', 'ұ', 'ү', 'і',
		'a', 'e', 'i', 'o', 'u', 'y', 'á', 'é', 'í', 'ó', 'ú', 'ý', 'ä', 'ö', 'ü', 'ū', 'ı', 'ə', 'ɵ':
		return true
	}
	return false
}

// isKazakhLetter reports whether r is a Cyrillic letter that Kazakh has and Russian has not.
func isKazakhLetter(r rune) bool {
	switch r {
	case 'ә', 'ғ', 'қ', 'ң', 'ө', 'ұ', 'ү', 'һ', 'і':
		return true
	}
	return false
}

// wordSet makes a set of the words in a list.
func wordSet(list string) map[string]bool {
	set := map[string]bool{}
	for _, word := range strings.Fields(list) {
		set[word] = true
	}
	return set
}

// spells reports whether the cells read as s.
func spells(word []cell, s string) bool {
	n := 0
	for _, r := range s {
		if n >= len(word) || word[n].r != r {
			return false
		}
		n++
	}
	return n == len(word)
}
