package text

import (
	_ "embed"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/aldanba/aldanba/detector/kazakh"
	"github.com/kljensen/snowball/russian"
)

// StemOfRussian returns the stem that all forms of a lower-case Russian word share, in its own letters: by the
// snowball algorithm, and for irregular words of the field by a short list.
func StemOfRussian(word string) string {
	word = strings.ReplaceAll(word, "ё", "е")
	if lemma, ok := irregular[word]; ok {
		word = lemma
	}
	return russian.Stem(word, true)
}

//go:embed irregular_ru.txt
var irregularFile string

// irregular gives the dictionary form of an irregular word.
var irregular = func() map[string]string {
	lemmas := map[string]string{}
	for line := range strings.Lines(irregularFile) {
		forms := strings.Fields(line)
		if len(forms) < 2 || forms[0] == "#" {
			continue
		}
		for _, form := range forms[1:] {
			lemmas[form] = forms[0]
		}
	}
	return lemmas
}()

// appendRussianStem appends the key of the stem of a lower-case Russian word without ё. It leaves irregular forms
// apart: rules must tell a request (назовите) from a report (назвала).
func appendRussianStem(dst []byte, word string) []byte {
	if n := tableStem(word); n > 0 {
		return kazakh.AppendKey(dst, word[:2*n])
	}
	// The library keeps what it is given, the callers' words are on the stack.
	return kazakh.AppendKey(dst, russian.Stem(strings.Clone(word), true))
}

// StemRussian returns the Russian stem of one word in key space, as Token.RU holds it, or "" where the word
// cannot be Russian.
func (a *Analyzer) StemRussian(word string) string {
	buf := make([]byte, 0, 64)
	n := 0
	for _, r := range word {
		r = unicode.ToLower(r)
		if r == 'ё' {
			r = 'е'
		}
		if r < 'а' || r > 'я' {
			return ""
		}
		if n++; n > maxStem {
			return ""
		}
		buf = appendRune(buf, r)
	}
	if n == 0 {
		return ""
	}
	return string(appendRussianStem(nil, string(buf)))
}

// isRussianWord reports whether s holds lower-case letters of the Russian alphabet only.
func isRussianWord(s string) bool {
	for _, r := range s {
		if r < 'а' || r > 'я' {
			return false
		}
	}
	return s != ""
}

// translit turns the key of a Latin word back towards Russian spelling as far as its endings need it: the
// key writes я and ю as two letters.
func translit(dst []byte, key string) []byte {
	for i := 0; i < len(key); {
		r, n := utf8.DecodeRuneInString(key[i:])
		if r == 'и' {
			next, m := utf8.DecodeRuneInString(key[i+n:])
			switch next {
			case 'а':
				dst = appendRune(dst, 'я')
				i += n + m
				continue
			case 'у':
				dst = appendRune(dst, 'ю')
				i += n + m
				continue
			}
		}
		dst = append(dst, key[i:i+n]...)
		i += n
	}
	return dst
}
