package kazakh

// What tells for and against a root that is not on the list.
const (
	bareWord    = -8 // the whole word, besides its last letters
	twoLetters  = -19
	oneSyllable = 3
	oddCluster  = -4 // two consonants at its end that no root ends in
	oddEnd      = -5 // see usualEnd
	shortVerb   = -3 // a verb of one syllable
	derivedVerb = 1  // a verb in -ла, -да, -та and what comes of it
	otherVerb   = -4
)

// shape weighs how much the first n letters look like a root that is not on the list.
func (p *parse) shape(n int, left classes) int {
	if n == p.n {
		return bareWord + p.lastLetters(n, bareEnds)
	}
	s := 0
	verb := !left.has(rootNoun)
	if verb {
		s = p.lastLetters(n, verbEnds)
	}
	if n == 2 {
		s = twoLetters
	}
	if p.vowels[n] == 1 {
		s += oneSyllable
	}
	if n > 2 && !p.pronounceable(n) {
		s += oddCluster
	}
	if !p.usualEnd(n) {
		s += oddEnd
	}
	if verb {
		s += p.verbShape(n)
	}
	return s
}

// verbShape weighs the first n letters as a verb that is not on the list. Verbs
// of one syllable nearly all are; most others are made of a noun with -ла, -да,
// -та, which -н, -с, -т or -дыр may follow.
func (p *parse) verbShape(n int) int {
	if p.vowels[n] == 1 {
		return shortVerb
	}
	m := n
	switch p.letters[n-1] {
	case 'н' - 'а', 'с' - 'а', 'т' - 'а':
		m--
	case 'р' - 'а':
		if p.letters[n-2] == 'и'-'а' && (p.letters[n-3] == 'д'-'а' || p.letters[n-3] == 'т'-'а') {
			return derivedVerb
		}
	}
	if v := p.letters[m-1]; v == 0 /* а */ || v == 'е'-'а' {
		switch p.letters[m-2] {
		case 'л' - 'а', 'д' - 'а', 'т' - 'а':
			return derivedVerb
		}
	}
	return otherVerb
}

// usualEnd tells whether roots often end like the first n letters. Few end in д,
// and of those in ы or і most have ш, к or г before it (жұмысшы, түлкі), so that
// облысы is облыс+ы rather than облы+сы.
func (p *parse) usualEnd(n int) bool {
	switch p.letters[n-1] {
	case 'д' - 'а':
		return false
	case 'и' - 'а':
		if p.place[n] != vowel {
			return true
		}
		switch p.letters[n-2] {
		case 'ш' - 'а', 'к' - 'а', 'г' - 'а':
			return true
		}
		return false
	}
	return true
}

// pronounceable tells whether the first n letters end as a Kazakh root may: in
// a vowel, in one consonant, or in two of which the first is sonorous. Loans may
// end in two before -а (карточка).
func (p *parse) pronounceable(n int) bool {
	if p.place[n]&(vowel|glideI) != 0 || p.place[n-1]&(vowel|sonorant) != 0 {
		return true
	}
	return p.place[n] == soundK || p.place[n-1] == soundS && p.place[n] == soundT
}

// appendEven writes a root that is not on the list so that its readings meet:
// without the final vowel (алматы, алматыда) and with the consonant it has when
// no vowel follows (кітабы, кітап).
func appendEven(dst, root []byte) []byte {
	n := len(root) / 2
	last := string(root[2*n-2:])
	if last == "и" && n >= 4 && !vowelLetter(root[2*n-4:2*n-2]) || (last == "а" || last == "е") && n >= 5 {
		n--
	}
	dst = append(dst, root[:2*n]...)
	dst = appendUnvoiced(dst)
	if n >= 3 && n == len(root)/2 && droppedVowel(string(dst[len(dst)-4:])) {
		last := string(dst[len(dst)-2:])
		dst = append(append(dst[:len(dst)-2], "и"...), last...)
	}
	return dst
}

// appendUnvoiced puts п and к in place of a final б and г.
func appendUnvoiced(word []byte) []byte {
	rest := word[:len(word)-2]
	switch string(word[len(word)-2:]) {
	case "б":
		return append(rest, "п"...)
	case "г":
		return append(rest, "к"...)
	}
	return word
}

// droppedVowel tells whether no root ends in the two letters, so that an ending
// has driven ы out between them: мұрны, қалпы.
func droppedVowel(letters string) bool {
	return letters == "рн" || letters == "лп"
}

func vowelLetter(b []byte) bool {
	switch string(b) {
	case "а", "е", "и", "о", "у":
		return true
	}
	return false
}
