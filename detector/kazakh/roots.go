package kazakh

import "strings"

// root is what the lists know of one spelling of a root.
type root struct {
	noun, verb sense
	bare       bool   // may stand alone; false for a form that an ending must follow
	whole      string // the stem of the word that is spelled like this
}

// sense is a root as a nominal or as a verb.
type sense struct {
	stem string // "" where it is none
	tone tone   // the harmony that its endings follow
}

// roots holds the lists by key.
var roots = readRoots()

func readRoots() map[string]root {
	m := make(map[string]root, 4096)
	add := func(list string, of func(r *root) *sense) {
		for _, entry := range strings.Fields(list) {
			word, bound, _ := strings.Cut(entry, "/")
			for i, form := range []string{word, bound} {
				if form == "" {
					continue
				}
				r := m[Key(form)]
				s := of(&r)
				if s.stem == "" {
					s.stem = Key(word)
				}
				s.tone |= harmony(word)
				r.bare = r.bare || i == 0
				m[Key(form)] = r
			}
		}
	}
	add(nounRoots, func(r *root) *sense { return &r.noun })
	add(verbRoots, func(r *root) *sense { return &r.verb })
	for _, entry := range strings.Fields(wholeWords) {
		word, stem, found := strings.Cut(entry, "=")
		if !found {
			stem = word
		}
		r := m[Key(word)]
		r.whole = Key(stem)
		m[Key(word)] = r
	}
	return m
}

// harmony tells which endings a word in Kazakh letters takes.
func harmony(word string) tone {
	t := either
	for _, r := range word {
		switch r {
		case 'а', 'о', 'ұ', 'ы', 'я':
			t = back
		case 'ә', 'ө', 'ү', 'і', 'е':
			t = front
		case 'ь':
			t = either
		}
	}
	return t
}

// lookUp returns the listed root that the letters of key spell, where one of
// the classes in left may stand there and its harmony is wanted, or "". alone
// tells that nothing follows.
func lookUp(key []byte, left classes, want tone, alone bool) string {
	if r, ok := roots[string(key)]; ok && (!alone || r.bare) {
		if stem := r.as(left, want); stem != "" {
			return stem
		}
	}
	if alone {
		return ""
	}
	// Before a vowel п and к have become б and г.
	n := len(key) - 2
	var voiced [2 * maxLetters]byte
	switch string(key[n:]) {
	case "б":
		copy(voiced[n:], "п")
	case "г":
		copy(voiced[n:], "к")
	default:
		return ""
	}
	copy(voiced[:], key[:n])
	r := roots[string(voiced[:n+2])]
	return r.as(left, want)
}

func (r *root) as(left classes, want tone) string {
	if left.has(rootNoun) && r.noun.tone&want != 0 {
		return r.noun.stem
	}
	if left.has(rootVerb) && r.verb.tone&want != 0 {
		return r.verb.stem
	}
	return ""
}
