package scheme

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/aldanba/aldanba/detector/kazakh"
)

// relation says how a term must stand to the term before it.
type relation uint8

const (
	adjacent relation = iota // directly after, one word may stand between
	after                    // after it, up to four words between (~)
	near                     // either side, up to ten words away (&)
	anywhere                 // anywhere in the message (&&)

	relations = iota
)

// polarity says whether a term wants a plain, a negated or any hit.
type polarity uint8

const (
	plain polarity = iota
	negated
	either

	polarities = iota
)

// wordMode is how a word of a pattern is compared with a word of the text.
type wordMode uint8

const (
	byStem   wordMode = iota // код: the same stem
	byPrefix                 // код*: begins with it
	byExact                  // =код: the very word

	wordModes = iota
)

// language says in which words a word of a pattern may be found.
type language uint8

const (
	anyLanguage language = iota
	russian
	kazakhLang

	languageCount = iota
)

// word is one word of a phrase.
type word struct {
	key  string // in key space; the stem for byStem
	mode wordMode
	lang language
}

// term is one operand of a pattern.
type term struct {
	class  string // name of a class or, with angle brackets, of a mark
	phrase []word // set when the term is written out instead of naming a class
	rel    relation
	pol    polarity
}

// stemmer gives the stem of a Russian word in key space.
type stemmer func(string) string

// parsePattern reads one pattern. Its terms are words, %classes and <marks>,
// joined by nothing (side by side), ~ (in order, near), & (near, any order)
// or && (anywhere). -%class wants the class negated, ?%class does not mind.
func parsePattern(s string, lang language, stemRU stemmer) ([]term, error) {
	var terms []term
	rel := adjacent
	words := []word(nil)
	alone := "" // the last word as it is written
	flush := func() error {
		if words == nil {
			return nil
		}
		if len(words) == 1 {
			if err := words[0].tooWide(alone); err != nil {
				return err
			}
		}
		terms = append(terms, term{phrase: words, rel: rel})
		words, rel = nil, adjacent
		return nil
	}
	for field := range strings.FieldsSeq(splitHyphens(s)) {
		switch {
		case field == "&" || field == "&&" || field == "~":
			if err := flush(); err != nil {
				return nil, err
			}
			if len(terms) == 0 || rel != adjacent {
				return nil, fmt.Errorf("operator %q has nothing before it", field)
			}
			rel = map[string]relation{"~": after, "&": near, "&&": anywhere}[field]
		case strings.ContainsRune(field, '%') || field[0] == '<':
			if err := flush(); err != nil {
				return nil, err
			}
			t, err := parseReference(field)
			if err != nil {
				return nil, err
			}
			t.rel, rel = rel, adjacent
			terms = append(terms, t)
		default:
			w, err := parseWord(field, lang, stemRU)
			if err != nil {
				return nil, err
			}
			words, alone = append(words, w), field
		}
	}
	if err := flush(); err != nil {
		return nil, err
	}
	if rel != adjacent {
		return nil, errors.New("an operator at the end has nothing after it")
	}
	if len(terms) == 0 {
		return nil, errors.New("empty pattern")
	}
	return terms, nil
}

// splitHyphens parts hyphenated words as the text does. A hyphen before a class
// is its negation and stays.
func splitHyphens(s string) string {
	if !strings.Contains(s, "-") {
		return s
	}
	letters := []rune(s)
	for i := 1; i+1 < len(letters); i++ {
		if letters[i] == '-' && letters[i-1] != ' ' && letters[i+1] != '%' {
			letters[i] = ' '
		}
	}
	return string(letters)
}

// parseReference reads %class, -%class, ?%class or <mark>.
func parseReference(field string) (term, error) {
	pol := plain
	switch field[0] {
	case '-':
		pol, field = negated, field[1:]
	case '?':
		pol, field = either, field[1:]
	}
	if name, ok := strings.CutPrefix(field, "%"); ok && name != "" {
		return term{class: name, pol: pol}, nil
	}
	if len(field) > 2 && field[0] == '<' && strings.HasSuffix(field, ">") {
		return term{class: field, pol: either}, nil
	}
	return term{}, fmt.Errorf("%q is neither a %%class nor a <mark>", field)
}

// parseWord reads word, word* or =word.
func parseWord(field string, lang language, stemRU stemmer) (word, error) {
	w := word{lang: lang}
	s := strings.ToLower(field)
	switch {
	case strings.HasPrefix(s, "="):
		s, w.mode = s[1:], byExact
	case strings.HasSuffix(s, "*"):
		s, w.mode = s[:len(s)-1], byPrefix
	}
	if s == "" || strings.ContainsAny(s, "*=%<>&~|()") {
		return w, fmt.Errorf("%q is not a word", field)
	}
	w.key = kazakh.Key(s)
	if w.mode == byStem {
		switch lang {
		case russian:
			// Numbers and Latin words have no Russian stem and stand for themselves.
			if stem := stemRU(s); stem != "" {
				w.key = stem
			} else {
				w.mode = byExact
			}
		case kazakhLang:
			w.key = kazakh.Stem(s)
		default:
			// Where the language is not known there is no stem to compare.
			w.mode = byExact
		}
	}
	if w.key == "" {
		return w, fmt.Errorf("%q has no letters", field)
	}
	return w, nil
}

// leastPrefix is the shortest beginning, in letters of its key, that may have
// lost a letter on the way.
const leastPrefix = 4

// tooWide refuses a word, standing alone, whose doubled letter is meant to tell
// it from others: the key makes one letter of it, so "касс*" would catch
// "касаться" as well. Latin spellings lose letters by rule (zh is ж).
func (w word) tooWide(field string) error {
	letters, wrote := utf8.RuneCountInString(w.key), utf8.RuneCountInString(strings.Trim(field, "=*"))
	switch {
	case letters >= wrote || isLatin(field):
	case w.mode == byPrefix && letters < leastPrefix:
		return fmt.Errorf("%q: of doubled letters one counts, of signs none, so this catches every word that begins like %q; name whole words", field, w.key)
	case w.mode == byExact && letters == 1:
		return fmt.Errorf("%q: doubled letters count as one, so this is the word %q", field, w.key)
	}
	return nil
}

func isLatin(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r >= utf8.RuneSelf }) < 0
}

// parsePhrase reads an entry of a class: words only.
func parsePhrase(s string, lang language, stemRU stemmer) ([]word, error) {
	terms, err := parsePattern(s, lang, stemRU)
	if err != nil {
		return nil, err
	}
	if len(terms) != 1 || terms[0].phrase == nil {
		return nil, fmt.Errorf("%q: an entry of a class is a word or a phrase", s)
	}
	return terms[0].phrase, nil
}
