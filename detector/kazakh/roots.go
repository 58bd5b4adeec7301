package kazakh

import "strings"

// root is what the list knows of one spelling of a root.
type root struct {
	noun, verb string // the root as a nominal and as a verb, "" where it is none
	bare       bool   // may stand alone; false for a form that an ending must follow
	whole      string // the stem of the word that is spelled like this
}

// roots holds the lists by key.
var roots = readRoots()

func readRoots() map[string]root {
	m := make(map[string]root, 4096)
	add := func(list string, put func(r *root, stem string)) {
		for _, word := range strings.Fields(list) {
			word, bound, _ := strings.Cut(word, "/")
			stem := Key(word)
			r := m[stem]
			r.bare = true
			put(&r, stem)
			m[stem] = r
			if bound != "" {
				b := m[Key(bound)]
				put(&b, stem)
				m[Key(bound)] = b
			}
		}
	}
	add(nounRoots, func(r *root, stem string) {
		if r.noun == "" {
			r.noun = stem
		}
	})
	add(verbRoots, func(r *root, stem string) {
		if r.verb == "" {
			r.verb = stem
		}
	})
	for _, word := range strings.Fields(wholeWords) {
		word, stem, found := strings.Cut(word, "=")
		if !found {
			stem = word
		}
		r := m[Key(word)]
		r.whole = Key(stem)
		m[Key(word)] = r
	}
	return m
}

// lookUp returns the listed root that the letters of key spell, where one of
// the classes in left may stand there, or "". alone tells that nothing follows.
func lookUp(key []byte, left classes, alone bool) string {
	if r, ok := roots[string(key)]; ok && (!alone || r.bare) {
		if left.has(rootNoun) && r.noun != "" {
			return r.noun
		}
		if left.has(rootVerb) && r.verb != "" {
			return r.verb
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
		copy(voiced[:], key[:n])
		copy(voiced[n:], "п")
	case "г":
		copy(voiced[:], key[:n])
		copy(voiced[n:], "к")
	default:
		return ""
	}
	if r, ok := roots[string(voiced[:n+2])]; ok {
		if left.has(rootNoun) && r.noun != "" {
			return r.noun
		}
		if left.has(rootVerb) && r.verb != "" {
			return r.verb
		}
	}
	return ""
}
