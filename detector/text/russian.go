package text

import "strings"

// The Russian stemmer of the Snowball project (https://snowballstem.org/algorithms/russian/stemmer.html), over
// letters of one byte: a stem is always a beginning of its word, so all that is worked out is its length. A test
// compares it with the library that follows the same description.

// ruLetter is the place of a letter in а…я; what is none of them is otherRune.
type ruLetter = uint8

const (
	otherRune   ruLetter = 63
	letterWidth          = 6 // bits that a letter takes up in a code

	lastLetter uint64 = 1<<letterWidth - 1 // mask of the last letter of a code
)

// ending is one ending of a word.
type ending struct {
	code, mask uint64 // its letters, as they stand at the end of a code
	n          int
	afterA     bool // counts behind а or я only
}

// endings files a list of endings under their last letter, the longest first.
type endings [32][]ending

// newEndings reads a list of endings that goes from long to short; those marked with + count behind а or я only.
func newEndings(list string) *endings {
	var table endings
	for word := range strings.FieldsSeq(list) {
		var e ending
		word, e.afterA = strings.CutSuffix(word, "+")
		for _, r := range word {
			e.code = e.code<<letterWidth | uint64(r-'а')
			e.mask = e.mask<<letterWidth | lastLetter
			e.n++
		}
		last := e.code & lastLetter
		table[last] = append(table[last], e)
	}
	return &table
}

var (
	perfectiveGerunds = newEndings("ившись ывшись вшись+ ивши ывши вши+ ив ыв в+")
	reflexives        = newEndings("ся сь")
	adjectives        = newEndings("ими ыми его ого ему ому ее ие ые ое ей ий ый ой ем им ым ом их ых ую юю ая яя ою ею")
	participles       = newEndings("ивш ывш ующ ем+ нн+ вш+ ющ+ щ+")
	verbs             = newEndings("уйте ейте ыть ыло ыли ыла уют ует нно+ йте+ ишь ить ите ило или ила ешь+ ете+ ены ено ена " +
		"ят ют+ ыт ым ыл ую уй ть+ ны+ но+ на+ ло+ ли+ ла+ ит им ил ет+ ен ем+ ей ю н+ л+ й+")
	nouns = newEndings("иями ями иях иям ием ией ами ях ям ья ью ье ом ой ов ия ию ий ии ие ем ей еи ев ах ам " +
		"я ю ь ы у о й и е а")
	derivational = newEndings("ость ост")
	superlatives = newEndings("ейше ейш")
	softI        = newEndings("и")
)

// stemmed is a word on its way to its stem.
type stemmed struct {
	n     int
	codes [maxStem + 1]uint64 // codes[i] packs the letters that end at i
	rv    int                 // the region behind the first vowel
	r2    int                 // the region behind the second vowel with a consonant after it
}

// stemLength returns how many of the letters are left as the stem of a word; at most maxStem are looked at.
func stemLength(word []ruLetter) int {
	if len(word) <= 2 || len(word) > maxStem {
		return len(word)
	}
	var s stemmed
	s.read(word)
	s.inflection()
	s.strip(softI, s.rv)
	s.strip(derivational, s.r2)
	doubled := s.ends('н', 'н')
	switch {
	case doubled:
		s.n--
	case s.strip(superlatives, 0):
		if s.ends('н', 'н') {
			s.n--
		}
	case s.n > 0 && s.codes[s.n]&(1<<letterWidth-1) == 'ь'-'а':
		s.n--
	}
	return s.n
}

// read takes the word apart into codes and regions.
func (s *stemmed) read(word []ruLetter) {
	s.n, s.rv, s.r2 = len(word), len(word), len(word)
	before, borders := false, 0
	for i, l := range word {
		s.codes[i+1] = s.codes[i]<<letterWidth | uint64(l)
		vowel := ruVowels>>l&1 != 0
		if vowel && s.rv == len(word) {
			s.rv = i + 1
		}
		if before && !vowel {
			// The second region begins behind the second vowel with a consonant after it.
			if borders++; borders == 2 {
				s.r2 = i + 1
			}
		}
		before = vowel
	}
}

// ruVowels has the bit of every vowel.
const ruVowels uint64 = 1<<('а'-'а') | 1<<('е'-'а') | 1<<('и'-'а') | 1<<('о'-'а') | 1<<('у'-'а') | 1<<('ы'-'а') |
	1<<('э'-'а') | 1<<('ю'-'а') | 1<<('я'-'а')

// inflection takes the ending of a gerund off, or else of a reflexive and of an adjective, a verb or a noun.
func (s *stemmed) inflection() {
	if s.strip(perfectiveGerunds, s.rv) {
		return
	}
	s.strip(reflexives, s.rv)
	if s.strip(adjectives, s.rv) {
		s.strip(participles, s.rv)
		return
	}
	if !s.strip(verbs, s.rv) {
		s.strip(nouns, s.rv)
	}
}

// strip takes off the longest ending of a list that lies behind from. An ending that would have to stand behind
// а or я and does not is none, and no shorter one is tried.
func (s *stemmed) strip(list *endings, from int) bool {
	if s.n <= from {
		return false
	}
	code := s.codes[s.n]
	last := code & lastLetter
	if last >= uint64(len(list)) {
		return false
	}
	for i := range list[last] {
		e := &list[last][i]
		if code&e.mask != e.code || s.n-e.n < from {
			continue
		}
		if e.afterA {
			before := s.n - e.n
			if l := s.codes[before] & lastLetter; before <= from || l != 0 && l != 'я'-'а' {
				return false
			}
		}
		s.n -= e.n
		return true
	}
	return false
}

// ends reports whether the word ends in two letters.
func (s *stemmed) ends(a, b rune) bool {
	return s.n >= 2 && s.codes[s.n]&(1<<(2*letterWidth)-1) == uint64(a-'а')<<letterWidth|uint64(b-'а')
}

// snowball returns the Russian stem of a lower-case word without ё, in its own letters. What is no Russian letter
// counts as a consonant; a word of more than maxStem letters is its own stem.
func snowball(word string) string {
	var letters [maxStem]ruLetter
	var at [maxStem + 1]int
	n := 0
	for i, r := range word {
		if n == maxStem {
			return word
		}
		letters[n], at[n] = otherRune, i
		if r >= 'а' && r <= 'я' {
			letters[n] = ruLetter(r - 'а')
		}
		n++
	}
	at[n] = len(word)
	return word[:at[stemLength(letters[:n])]]
}
