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

// roots holds the lists by the code of the key.
var roots = readRoots()

func readRoots() map[uint64]*root {
	m := make(map[uint64]*root, 4096)
	memory, key := make([]root, 0, 4096), []byte(nil)
	at := func(form string) *root {
		key = AppendKey(key[:0], form)
		var code uint64
		for _, l := range string(key) {
			code = pack(code, letter(l-'а'))
		}
		r := m[code]
		if r == nil {
			memory = append(memory, root{})
			r = &memory[len(memory)-1]
			m[code] = r
		}
		return r
	}
	add := func(list string, of func(r *root) *sense) {
		for entry := range strings.FieldsSeq(list) {
			word, bound, _ := strings.Cut(entry, "/")
			stem, harmony := Key(word), harmony(word)
			put := func(form string, bare bool) {
				r := at(form)
				s := of(r)
				if s.stem == "" {
					s.stem = stem
				}
				s.tone |= harmony
				r.bare = r.bare || bare
			}
			put(word, true)
			if bound != "" {
				put(bound, false)
			}
		}
	}
	add(nounRoots, func(r *root) *sense { return &r.noun })
	add(verbRoots, func(r *root) *sense { return &r.verb })
	for entry := range strings.FieldsSeq(wholeWords) {
		word, stem, found := strings.Cut(entry, "=")
		if !found {
			stem = word
		}
		at(word).whole = Key(stem)
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

// listed returns what the lists know of the first n letters, or nil.
func (p *parse) listed(n int) *root {
	if n > packedLetters {
		return nil
	}
	if !p.sought[n] {
		p.sought[n] = true
		p.found[n] = roots[p.codes[n]]
	}
	return p.found[n]
}

// lookUp returns the listed root that the first n letters spell, where one of
// the classes in left may stand there and its harmony is wanted, or "", and
// whether it is a verb.
func (p *parse) lookUp(n int, left classes, want tone) (stem string, verb bool) {
	alone := n == p.n
	if r := p.listed(n); r != nil && (!alone || r.bare) {
		if stem, verb = r.as(left, want); stem != "" {
			return stem, verb
		}
	}
	if alone || n > packedLetters {
		return "", false
	}
	// Before a vowel п and к have become б and г.
	code := p.codes[n-1]
	switch p.letters[n-1] {
	case 'б' - 'а':
		code = pack(code, 'п'-'а')
	case 'г' - 'а':
		code = pack(code, 'к'-'а')
	default:
		return "", false
	}
	if r := roots[code]; r != nil {
		return r.as(left, want)
	}
	return "", false
}

func (r *root) as(left classes, want tone) (stem string, verb bool) {
	if left.has(rootNoun) && r.noun.tone&want != 0 {
		return r.noun.stem, false
	}
	if left.has(rootVerb) && r.verb.tone&want != 0 {
		return r.verb.stem, true
	}
	return "", false
}
