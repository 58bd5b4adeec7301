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
	'а' - 'а': vowel, 'е' - 'а': vowel, 'о' - 'а': vowel, 'и' - 'а': vowel, 'у' - 'а': glideU,
	'р' - 'а': soundR, 'л' - 'а': soundL, 'м' - 'а': soundM, 'н' - 'а': soundN,
	'ж' - 'а': soundZ, 'з' - 'а': soundZ,
	'к' - 'а': soundK, 'п' - 'а': soundP, 'т' - 'а': soundT, 'с' - 'а': soundS,
	'ф' - 'а': voiceless, 'х' - 'а': voiceless, 'ч' - 'а': voiceless, 'ш' - 'а': voiceless,
	'б' - 'а': stop, 'в' - 'а': stop, 'г' - 'а': stop, 'д' - 'а': stop,
}

// ending is a suffix ready for matching: A written out, letters as numbers.
type ending struct {
	letters [8]letter
	n       uint8
	tone    tone
	class   class
	after   place
	weight  int16
}

// doubled tells after which sound the first letter of a suffix is lost in a key.
var doubled = map[rune]place{
	'т': soundT, 'к': soundK, 'п': soundP, 'с': soundS, 'м': soundM, 'н': soundN, 'л': soundL, 'и': glideI,
}

// lostWeight is what an ending weighs less for having lost its first letter.
const lostWeight = 5

// suffixesByEnd holds the endings by their last letter.
var suffixesByEnd = endings()

func endings() (byEnd [letterCount][]*ending) {
	add := func(text string, t tone, s suffix) {
		e := &ending{tone: either, class: s.class, after: s.after, weight: s.weight}
		for _, r := range text {
			if r == 'A' {
				e.tone = t
				r = 'а'
				if t == front {
					r = 'е'
				}
			}
			e.letters[e.n] = letter(r - 'а')
			e.n++
		}
		if e.tone == either && t == front {
			return // the same as with back
		}
		last := e.letters[e.n-1]
		byEnd[last] = append(byEnd[last], e)
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
