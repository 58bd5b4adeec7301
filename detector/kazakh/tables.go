package kazakh

import "unicode/utf8"

// tone is the vowel harmony that a stretch of letters asks for, as far as a key
// still shows it: а may be а or ә, е is always front, и, о and у may be either.
type tone uint8

const (
	back tone = 1 << iota
	front
	either = back | front
)

// sounds tells the place of each letter a…я; и after a vowel is a glide.
var sounds = [letterCount]place{
	0 /* а */ : vowel, 'е' - 'а': vowel, 'о' - 'а': vowel, 'и' - 'а': vowel, 'у' - 'а': glideU,
	'р' - 'а': soundR, 'л' - 'а': soundL, 'м' - 'а': soundM, 'н' - 'а': soundN,
	'ж' - 'а': soundZ, 'з' - 'а': soundZ,
	'к' - 'а': soundK, 'п' - 'а': soundP, 'т' - 'а': soundT, 'с' - 'а': soundS,
	'ф' - 'а': voiceless, 'х' - 'а': voiceless, 'ш' - 'а': voiceless, 'ч' - 'а': foreign,
	'б' - 'а': stop, 'в' - 'а': stop, 'г' - 'а': stop, 'д' - 'а': stop,
}

// ending is a suffix ready for matching: A written out, letters packed.
type ending struct {
	code, mask uint64
	n          uint8
	tone       tone
	class      class
	member     classes // the set of class alone
	after      place
	weight     int16
}

// doubled tells after which sound the first letter of a suffix is lost in a key.
var doubled = map[rune]place{
	'т': soundT, 'к': soundK, 'п': soundP, 'с': soundS, 'м': soundM, 'н': soundN, 'л': soundL, 'и': glideI,
}

// lostWeight is what an ending weighs less for having lost its first letter.
const lostWeight = 4

// suffixesByEnd holds the endings by their last two letters, the last one first;
// those of one letter are under letterCount.
var suffixesByEnd = endings()

func endings() (byEnd [letterCount][letterCount + 1][]ending) {
	add := func(text string, t tone, s suffix) {
		e := ending{tone: either, class: s.class, member: setOf(s.class), after: s.after, weight: s.weight}
		last, before := letter(0), letter(letterCount)
		for _, r := range text {
			if r == 'A' {
				e.tone = t
				r = 'а'
				if t == front {
					r = 'е'
				}
			}
			if e.n > 0 {
				before = last
			}
			last = letter(r - 'а')
			e.code = pack(e.code, last)
			e.mask = e.mask<<letterBits | (1<<letterBits - 1)
			e.n++
		}
		if e.tone == either && t == front {
			return // the same as with back
		}
		byEnd[last][before] = append(byEnd[last][before], e)
	}
	for _, s := range suffixes {
		first, size := utf8.DecodeRuneInString(s.text)
		shorter := s
		shorter.after = s.after & doubled[first]
		if first != 'и' {
			shorter.weight -= lostWeight
		}
		for _, t := range []tone{back, front} {
			add(s.text, t, s)
			if len(s.text) > size && shorter.after != 0 {
				add(s.text[size:], t, shorter)
			}
		}
	}
	return byEnd
}

// packedLetters is how many letters fit into the code of a stretch of letters.
const (
	packedLetters = 12
	letterBits    = 5
)

// pack adds a letter to a code; of more than packedLetters the first are lost.
func pack(code uint64, l letter) uint64 {
	return (code<<letterBits | uint64(l+1)) & (1<<(packedLetters*letterBits) - 1)
}
