package kazakh

import "strings"

// maxLetters bounds the work on one word; nothing longer is Kazakh.
const maxLetters = 32

// maxSteps bounds the search within one word.
const maxSteps = 200

// What a root on the list weighs.
const (
	knownLetter = 7  // for each letter of it
	bareNoun    = 6  // added to a nominal that stands bare
	bareVerb    = 12 // taken off a verb in а, е, ы or і that stands bare
	rareRoot    = 17 // taken off a root that is rare
)

// Stem returns the stem of a word, in key letters.
func Stem(word string) string {
	key := AppendKey(nil, strings.ToLower(word))
	return string(AppendStem(nil, key))
}

// AppendStem appends the stem of the word with the given key to dst and returns
// the extended slice. A key with anything but letters in it, or longer than any
// Kazakh word, is its own stem.
func AppendStem(dst, key []byte) []byte {
	var p parse
	if !p.read(key) {
		return append(dst, key...)
	}
	if dst, whole := p.appendWhole(dst, key); whole {
		return dst
	}
	p.best.score = -1 << 15
	p.walk(p.n, atEnd, either, 0)
	return p.best.append(dst, key)
}

// letter is the position of a letter in а…ш.
type letter = uint8

// letterCount counts the letters that a key can hold: а…ш.
const letterCount = 'ш' - 'а' + 1

// parse is the search for the best reading of one word as root and endings.
type parse struct {
	n       int                    // letters
	letters [maxLetters]letter     // letters[i] is letter i
	place   [maxLetters + 1]place  // place[i] is the sound at the end of the first i letters
	tone    [maxLetters + 1]tone   // tone[i] is the harmony of the first i letters
	vowels  [maxLetters + 1]uint8  // vowels[i] counts syllables of the first i letters
	codes   [maxLetters + 1]uint64 // codes[i] packs the first i letters
	hashes  [maxLetters + 1]hash   // hashes[i] is the hash of the first i letters
	steps   int
	best    reading
}

// reading is a root found in a word.
type reading struct {
	score int
	n     int    // letters of the key that the root takes up
	known bool   // the root is on a list,
	how   repair // and so its stem comes of it
}

// read takes the key apart; false means that it is no Kazakh word.
func (p *parse) read(key []byte) bool {
	n := len(key) / 2
	if len(key)%2 != 0 || n == 0 || n > maxLetters {
		return false
	}
	p.n = n
	p.tone[0] = either
	for i := range n {
		hi, lo := key[2*i], key[2*i+1]
		r := rune(hi&0x1F)<<6 | rune(lo&0x3F)
		if hi&0xE0 != 0xC0 || lo&0xC0 != 0x80 || r < 'а' || r > 'ш' {
			return false
		}
		l := letter(r - 'а')
		p.letters[i] = l
		pl := sounds[l]
		p.codes[i+1] = pack(p.codes[i], l)
		p.hashes[i+1] = p.hashes[i].add(l)
		p.tone[i+1] = p.tone[i]
		p.vowels[i+1] = p.vowels[i]
		switch r {
		case 'а':
			p.tone[i+1] = back
			if p.vowels[i] == 0 { // ә stands in first syllables
				p.tone[i+1] = either
			}
		case 'е':
			p.tone[i+1] = front
		case 'о':
			if p.vowels[i] > 0 { // a loan: телефонға, парольге
				p.tone[i+1] = either
			}
		case 'и':
			// й after a vowel; after a lone consonant or у it may be й or ы.
			switch {
			case i == 1 && p.place[i] == glideU, i > 0 && p.place[i] == vowel:
				pl = glideI
			case p.place[i] == glideU, i == 1:
				pl = vowel | glideI
			}
			if p.tone[i] == back {
				p.tone[i+1] = either
			}
		case 'у':
			if p.tone[i] == back && p.place[i]&(vowel|glide) == 0 {
				p.tone[i+1] = either
			}
		}
		p.place[i+1] = pl
		if pl&vowel != 0 || r == 'у' {
			p.vowels[i+1]++
		}
	}
	return true
}

// walk reads the first n letters as root and endings, given that only the
// classes in left may end there and that the endings to the right want the
// harmony want; score is what they weigh.
func (p *parse) walk(n int, left classes, want tone, score int) {
	p.steps++
	if p.steps > maxSteps {
		return
	}
	if left&(1<<rootNoun|1<<rootVerb) != 0 {
		p.root(n, left, want, score)
	}
	if left.has(poss3) && p.place[n]&glideI != 0 && n < p.n {
		// After й the possessive -ы is lost in a key: ой+ы+на is "оина".
		p.walk(n, leftOf[poss3], want, score)
	}
	if n < 3 {
		return
	}
	last := &suffixesByEnd[p.letters[n-1]]
	p.strip(last[p.letters[n-2]], n, left, want, score)
	p.strip(last[letterCount], n, left, want, score)
}

// strip walks on from every ending in list that may end at letter n.
func (p *parse) strip(list []ending, n int, left classes, want tone, score int) {
	code := p.codes[n]
	for i := range list {
		s := &list[i]
		if code&s.mask != s.code || left&s.member == 0 {
			continue
		}
		m := n - int(s.n)
		agreed := want & s.tone
		if m < 2 || p.vowels[m] == 0 || p.place[m]&s.after == 0 || p.tone[m]&agreed == 0 {
			continue
		}
		p.walk(m, leftOf[s.class], agreed, score+int(s.weight))
	}
}

// root weighs the first n letters as a root.
func (p *parse) root(n int, left classes, want tone, score int) {
	r := reading{n: n}
	if f := p.lookUp(n, left, want); f.listed {
		r.known, r.how = true, f.how
		r.score = score + knownLetter*n
		switch alone := n == p.n; {
		case f.rare:
			r.score -= rareRoot
		case alone && !f.verb:
			r.score += bareNoun
		case alone && p.place[n] == vowel:
			// орында is "in the place" far more often than "carry out!".
			r.score -= bareVerb
		}
	} else {
		r.score = score + p.shape(n, left)
	}
	if r.score > p.best.score {
		p.best = r
	}
}

// append writes the stem: a known root as listed, any other evened out at its end.
func (r *reading) append(dst, key []byte) []byte {
	root := key[:2*r.n]
	if !r.known {
		return appendEven(dst, root)
	}
	dst = append(dst, root...)
	switch r.how {
	case inserted:
		dst = append(append(dst[:len(dst)-2], "и"...), root[len(root)-2:]...)
	case appended:
		dst = append(dst, "и"...)
	case unvoiced:
		dst = appendUnvoiced(dst)
	}
	return dst
}
