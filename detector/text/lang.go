package text

// Lang is the language of a text.
type Lang uint8

// The languages that are told apart. Mixed is Russian and Kazakh in one text; loan words in Kazakh are Kazakh.
const (
	Other Lang = iota
	Russian
	Kazakh
	Mixed
)

// String returns "other", "ru", "kk" or "mixed".
func (l Lang) String() string {
	switch l {
	case Russian:
		return "ru"
	case Kazakh:
		return "kk"
	case Mixed:
		return "mixed"
	}
	return "other"
}

// language guesses the language of a text from its words.
func (w *scratch) language(tokens []Token) Lang {
	forms := w.forms
	kk, cyr := 0, 0
	for i := range tokens {
		if forms[i].special {
			kk++
		}
		if forms[i].class == cyrillic {
			cyr++
		}
	}
	switch {
	case kk > 0:
		return Kazakh
	case cyr > 0:
		return Russian
	}
	return Other
}
