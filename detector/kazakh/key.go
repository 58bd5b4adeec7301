package kazakh

import "unicode/utf8"

// Key returns the spelling-neutral key of one lower-case word: ақша, акша,
// aqsha and aksha all give "акша". See AppendKey.
func Key(word string) string {
	return string(AppendKey(make([]byte, 0, len(word)+8), word))
}

// AppendKey appends the key of one lower-case word to dst and returns the
// extended slice. Disguise (look-alike letters, digits for letters) must have
// been undone before. The key is written in plain Russian letters: Kazakh
// letters lose their marks, Latin letters and digraphs become Cyrillic, soft
// and hard signs and apostrophes disappear, doubled letters become one. What is
// no letter of either alphabet (digits, hyphens, other scripts) stays as it is.
// A byte that is no valid UTF-8 becomes U+FFFD.
func AppendKey(dst []byte, word string) []byte {
	w := keyWriter{dst: dst}
	for i := 0; i < len(word); {
		c := word[i]
		if c < utf8.RuneSelf {
			i++
			if c < 'a' || c > 'z' {
				if c != '\'' && c != '`' {
					w = w.copy(rune(c))
				}
				continue
			}
			if i < len(word) && word[i] == 'h' {
				if out := latinWithH[c-'a']; out != 0 {
					w = w.letter(out)
					i++
					continue
				}
			}
			w = w.letter(latin[c-'a'])
			continue
		}
		r, size := utf8.DecodeRuneInString(word[i:])
		i += size
		if r >= 'а' && r <= 'я' {
			w = w.russian(r)
		} else {
			w = w.other(r)
		}
	}
	return w.dst
}

// keyWriter appends letters and drops the second of two equal ones. It is passed
// by value, so that what it appends to may stay on the stack.
type keyWriter struct {
	dst  []byte
	last rune // the letter written last, 0 after anything else
}

func (w keyWriter) letter(r rune) keyWriter {
	if r == w.last {
		return w
	}
	// Every letter of a key is one of а…я, two bytes in UTF-8.
	return keyWriter{append(w.dst, byte(0xC0|r>>6), byte(0x80|r&0x3F)), r}
}

func (w keyWriter) copy(r rune) keyWriter {
	return keyWriter{utf8.AppendRune(w.dst, r), 0}
}

func (w keyWriter) russian(r rune) keyWriter {
	switch r {
	case 'я':
		return w.letter('и').letter('а')
	case 'ю':
		return w.letter('и').letter('у')
	case 'ц':
		return w.letter('т').letter('с')
	case 'ь', 'ъ':
		return w
	}
	return w.letter(cyrillic[r-'а'])
}

func (w keyWriter) other(r rune) keyWriter {
	fold := OnRussianKeyboard
	if r < 0x0250 || r > 0x04FF {
		fold = accented
	}
	if out := fold(r); out != 0 {
		return w.letter(out)
	}
	if apostrophe(r) {
		return w
	}
	return w.copy(r)
}

// OnRussianKeyboard gives the letter from а to я that people type for a lower-case
// Cyrillic letter outside that range, 0 for any other rune.
func OnRussianKeyboard(r rune) rune {
	switch r {
	case 'ә':
		return 'а'
	case 'ғ':
		return 'г'
	case 'қ':
		return 'к'
	case 'ң':
		return 'н'
	case 'ө':
		return 'о'
	case 'ұ', 'ү':
		return 'у'
	case 'һ':
		return 'х'
	case 'і', 'ї':
		return 'и'
	case 'ё':
		return 'е'
	}
	return 0
}

// accented folds the letters of the Kazakh Latin alphabets (2018, 2019, 2021)
// and the Turkish ones that people borrow.
func accented(r rune) rune {
	switch r {
	case 'á', 'ä', 'ə':
		return 'а'
	case 'é':
		return 'е'
	case 'ı', 'í', 'ý', 'ï':
		return 'и'
	case 'ó', 'ö':
		return 'о'
	case 'ú', 'ü', 'ū', 'ŭ':
		return 'у'
	case 'ñ', 'ń', 'ŋ':
		return 'н'
	case 'ğ', 'ǵ':
		return 'г'
	case 'ş':
		return 'ш'
	case 'ç':
		return 'ч'
	}
	return 0
}

// apostrophe tells the marks that people write for ь and ъ.
func apostrophe(r rune) bool {
	return r == '’' || r == '‘' || r == 'ʼ' || r == 'ʹ'
}

// cyrillic folds а…ь; я, ю, ц, ь and ъ never reach it.
var cyrillic = [32]rune{
	'а', 'б', 'в', 'г', 'д', 'е', 'ж', 'з', 'и', 'и', 'к', 'л', 'м', 'н', 'о', 'п',
	'р', 'с', 'т', 'у', 'ф', 'х', 'т', 'ч', 'ш', 'ш', 'ъ', 'и', 'ь', 'е', 'ю', 'я',
}

// latin folds a…z: q, k and c sound alike to people who write without a rule,
// so do w and u, y and i, x and h.
var latin = [26]rune{
	'а', 'б', 'к', 'д', 'е', 'ф', 'г', 'х', 'и', 'ж', 'к', 'л', 'м',
	'н', 'о', 'п', 'к', 'р', 'с', 'т', 'у', 'в', 'у', 'х', 'и', 'з',
}

// latinWithH folds a letter followed by h.
var latinWithH = [26]rune{
	's' - 'a': 'ш', 'c' - 'a': 'ч', 'z' - 'a': 'ж', 'k' - 'a': 'х', 'g' - 'a': 'г',
}
