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

// evidence adds up what speaks for each language.
type evidence struct {
	kazakh  int // words and endings of Kazakh
	russian int // function words and grammatical endings of Russian
	loans   int // Russian by its look only: nouns that Kazakh borrows
	foreign int // function words of English, and Latin words that look like neither language
	words   int

	cyrillicText bool // Latin words are names among Cyrillic ones
	runs         int  // pairs of neighbouring words that are both grammatical Russian
	before       bool // the word before was
}

// sign is the weight of one certain word.
const sign = 4

// maxLangTokens is the number of words after which the language of a text is clear.
const maxLangTokens = 2000

// evidence starts to weigh the language of the text: by letters that only Kazakh has, by function words and by
// endings. Words are compared by key, so that every spelling of Kazakh and translit count alike.
func (w *scratch) evidence() evidence {
	return evidence{cyrillicText: w.cyrillic > 0 && 2*w.cyrillic >= w.latin}
}

// counts reports whether a word of that form tells anything of a language.
func (f form) counts() bool { return f.class&digit == 0 && !f.long }

// add weighs one word.
func (e *evidence) add(f form, c clues) {
	e.words++
	grammatical := false
	switch {
	case f.special:
		e.kazakh += sign
	case f.class == latin && c.has(englishWord):
		e.foreign += sign
	case f.class&(cyrillic|latin) == 0:
		e.foreign += 2
	case f.class == latin && e.cyrillicText:
		if c.has(knownWord) {
			e.kazakh += sign
		}
	case c.kazakh() > c.russian():
		e.kazakh += c.kazakh()
	case c.russian() > 0:
		e.russian += c.russian()
		grammatical = true
	case f.class == latin:
		e.foreign++
	case c.has(russianLetters):
		e.loans++
	}
	if grammatical && e.before {
		e.runs++
	}
	e.before = grammatical
}

// decide turns the evidence into a language.
func (e *evidence) decide() Lang {
	switch {
	case e.words == 0, e.foreign > 2*(e.kazakh+e.russian+e.loans):
		return Other
	case e.kazakh == 0:
		if e.russian+e.loans == 0 && e.foreign > 0 {
			return Other
		}
		return Russian
	case e.russian == 0 && e.loans > 3*e.kazakh:
		return Russian
	case e.russian == 0:
		return Kazakh
	// One word of the other language is a name, a loan or a chance likeness.
	case e.kazakh <= sign && e.russian > sign, e.russian+e.loans/2 >= 4*e.kazakh:
		return Russian
	case e.russian <= sign && e.kazakh > sign, e.kazakh >= 4*e.russian && e.runs == 0, e.kazakh >= 10*e.russian:
		return Kazakh
	}
	return Mixed
}

// kazakhWeight returns how much a word without Kazakh letters speaks for Kazakh; c tells whether it is a function
// word.
func kazakhWeight(norm string, key []byte, c clues, f form) int {
	if c.has(knownWord) {
		return sign
	}
	if f.class == latin && hasKazakhLatin(norm) {
		return 3
	}
	if f.class == cyrillic && c.has(russianLetters) {
		return 0
	}
	if hasEnding(key, kazakhEndings) {
		return 3
	}
	return 0
}

// russianWeight returns how much a word speaks for Russian by its function or its grammar.
func russianWeight(key []byte, f form) int {
	if russianWords[string(key)] {
		return sign
	}
	if hasEnding(key, russianEndings) {
		if f.class == latin {
			return 2
		}
		return 3
	}
	return 0
}

// hasEnding looks the last two to four letters of a key up in a list of endings; two letters at least have
// to be left for a root.
func hasEnding(key []byte, endings map[string]bool) bool {
	for n := 4; n >= 2; n-- {
		if cut := len(key) - 2*n; cut >= 4 && endings[string(key[cut:])] {
			return true
		}
	}
	return false
}

// hasRussianLetter reports whether a word has letters that Kazakh only has in loan words.
func hasRussianLetter(norm string) bool {
	for _, r := range norm {
		switch r {
		case 'в', 'ф', 'ц', 'ч', 'щ', 'ъ', 'ь', 'э', 'ю':
			return true
		}
	}
	return false
}

// hasKazakhLatin reports whether a Latin word has letters of the Kazakh alphabets.
func hasKazakhLatin(norm string) bool {
	for i, r := range norm {
		switch r {
		case 'ı', 'ğ', 'ş', 'ñ', 'ń', 'ū', 'á', 'ä', 'ö', 'ú', 'ý', 'ó':
			return true
		case 'q':
			if i+1 >= len(norm) || norm[i+1] != 'u' {
				return true
			}
		}
	}
	return false
}
