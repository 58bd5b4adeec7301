package kazakh

import "strings"

// Stem returns the stem of a word, in key letters.
func Stem(word string) string {
	key := AppendKey(nil, strings.ToLower(word))
	return string(AppendStem(nil, key))
}

// AppendStem appends the stem of the word with the given key to dst and returns
// the extended slice.
func AppendStem(dst, key []byte) []byte {
	return append(dst, key...)
}
