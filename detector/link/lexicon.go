package link

import (
	"fmt"
	"math/bits"
	"unicode/utf8"
)

// sort says what a word of the lexicon is good for; a word can be of several sorts.
type sort uint8

const (
	affix    sort = 1 << iota // stands beside names and proves nothing
	bait                      // lures or presses
	country                   // ties a name to Kazakhstan
	bankWord                  // ties a name to a bank
	distinct                  // a name found in any dress
	exact                     // a name that counts as a whole part only
	common                    // a name that is also an ordinary word: needs company
)

const (
	named   = distinct | exact | common
	company = bait | country | bankWord
)

// entry is one word of the lexicon.
type entry struct {
	sorts     sort
	brand     int32    // index of the brand where sorts has a name
	spellings []string // how the table spells it
	n         int      // length of its skeleton
	short     bool     // it has two letters
}

// lexicon holds words by skeleton: one trie whose cost to walk does not
// depend on how many words it holds, and shelves of distinctive names by
// length and first letter for misspellings.
type lexicon struct {
	nodes   []node
	entries []entry
	shelves [maxLabel + 3][26][]misspelt // by length and class of the first letter
}

type node struct {
	next  [26]uint16
	entry uint16 // index in entries plus one
}

// misspelt is a name whose misspellings are looked for.
type misspelt struct {
	text    string
	letters uint32 // set of letters, to refuse most strangers at once
	entry   uint16
	slips   int // how many slips of the pen are forgiven
}

func newLexicon() *lexicon {
	return &lexicon{nodes: make([]node, 1)}
}

// put adds a word. A name that already belongs to another brand is an error.
func (l *lexicon) put(word string, sorts sort, brand int32) error {
	s := skeleton(word)
	if s.n < 2 || s.n != min(s.n, maxLabel-1) {
		return fmt.Errorf("word %q is too short or too long", word)
	}
	at := uint16(0)
	for _, c := range s.bytes() {
		if c < 'a' || c > 'z' {
			return fmt.Errorf("word %q has a letter that cannot be compared", word)
		}
		if l.nodes[at].next[c-'a'] == 0 {
			if len(l.nodes) == 1<<16-1 {
				return fmt.Errorf("word %q: too many words", word)
			}
			l.nodes = append(l.nodes, node{})
			l.nodes[at].next[c-'a'] = uint16(len(l.nodes) - 1)
		}
		at = l.nodes[at].next[c-'a']
	}
	if l.nodes[at].entry == 0 {
		l.entries = append(l.entries, entry{brand: -1, n: s.n, short: utf8.RuneCountInString(word) == 2})
		l.nodes[at].entry = uint16(len(l.entries))
	}
	index := l.nodes[at].entry - 1
	e := &l.entries[index]
	if sorts&named != 0 {
		if e.brand >= 0 && e.brand != brand {
			return fmt.Errorf("word %q already belongs to another brand", word)
		}
		e.brand = brand
		e.spellings = append(e.spellings, word)
	}
	if sorts&distinct != 0 && e.sorts&distinct == 0 && s.n >= 5 {
		l.shelve(string(s.bytes()), index)
	}
	e.sorts |= sorts
	return nil
}

func (l *lexicon) shelve(text string, index uint16) {
	slips := 1
	if len(text) >= 8 {
		slips = 2
	}
	shelf := &l.shelves[len(text)][firstClass(text[0])-'a']
	*shelf = append(*shelf, misspelt{text, letterSet([]byte(text)), index, slips})
}

// firstClass joins first letters that sound alike: people and swindlers
// exchange them, while any other first letter makes another word.
func firstClass(c byte) byte {
	switch c {
	case 'c', 'q':
		return 'k'
	case 'h':
		return 'x'
	case 'w':
		return 'v'
	case 'y', 'j':
		return 'i'
	case 'z':
		return 's'
	}
	return c
}

func letterSet(s []byte) uint32 {
	var set uint32
	for _, c := range s {
		set |= 1 << (c & 31)
	}
	return set
}

// positions is a set of places between the letters of a part.
type positions uint64

func (p positions) has(i int) bool { return p>>uint(i)&1 == 1 }
func (p *positions) set(i int)     { *p |= 1 << uint(i) }

// reading is what the lexicon makes of one part of a name.
type reading struct {
	sorts    sort // sorts of all words of complete readings
	best     int  // index of the longest name of a complete reading, -1
	from, to int  // where it stands
}

// read finds the ways in which a part falls apart into words of the lexicon
// and digits, without a rest: "kaspibonus24" does, "fortepiano" does not.
func (l *lexicon) read(s *skel) reading {
	r := reading{best: -1}
	fwd := l.forward(s)
	if !fwd.has(s.n) {
		return r
	}
	bwd, _ := l.backward(s)
	for p := range s.n {
		if !fwd.has(p) {
			continue
		}
		at := uint16(0)
		for e := p; e < s.n; e++ {
			if at = l.step(at, s.b[e]); at == 0 {
				break
			}
			if index := l.word(at, p, e+1, s.n); index >= 0 && bwd.has(e+1) {
				l.note(&r, index, p, e+1)
			}
		}
	}
	return r
}

func (l *lexicon) note(r *reading, index, from, to int) {
	e := &l.entries[index]
	r.sorts |= e.sorts
	if e.sorts&named != 0 && (r.best < 0 || to-from > r.to-r.from) {
		r.best, r.from, r.to = index, from, to
	}
}

// forward gives the places that whole words and digits reach from the left.
func (l *lexicon) forward(s *skel) positions {
	var fwd positions
	fwd.set(0)
	for p := range s.n {
		if !fwd.has(p) {
			continue
		}
		if s.isDigit(p) {
			fwd.set(p + 1)
		}
		at := uint16(0)
		for e := p; e < s.n; e++ {
			if at = l.step(at, s.b[e]); at == 0 {
				break
			}
			if l.word(at, p, e+1, s.n) >= 0 {
				fwd.set(e + 1)
			}
		}
	}
	return fwd
}

// backward gives the places from which whole words and digits reach the right
// end, and the index of a distinctive name with something unknown beside it.
func (l *lexicon) backward(s *skel) (bwd positions, loose int) {
	loose = -1
	bwd.set(s.n)
	for q := s.n - 1; q >= 0; q-- {
		if s.isDigit(q) && bwd.has(q+1) {
			bwd.set(q)
		}
		at := uint16(0)
		for e := q; e < s.n; e++ {
			if at = l.step(at, s.b[e]); at == 0 {
				break
			}
			index := l.word(at, q, e+1, s.n)
			if index < 0 {
				continue
			}
			if bwd.has(e + 1) {
				bwd.set(q)
			}
			if l.isLoose(index, q, e+1, s.n) && (loose < 0 || l.entries[index].n > l.entries[loose].n) {
				loose = index
			}
		}
	}
	return bwd, loose
}

// word gives the index of the word that ends at a node, or -1. Two letters
// make a word only alone or where they name the country: "walk" is not "wa"
// and "lk".
func (l *lexicon) word(at uint16, from, to, n int) int {
	index := int(l.nodes[at].entry) - 1
	if index >= 0 && to-from != n && l.entries[index].short && l.entries[index].sorts&(named|bait) != 0 {
		return -1
	}
	return index
}

// isLoose accepts a long distinctive name anywhere, and a shorter one at
// either end with a short unknown rest.
func (l *lexicon) isLoose(index, from, to, n int) bool {
	if l.entries[index].sorts&distinct == 0 {
		return false
	}
	size := to - from
	return size >= 8 || (from == 0 || to == n) && size >= 5 && n-size <= 6
}

// misread looks for a distinctive name with a slip of the pen, standing alone
// or between known words. It returns the index of its entry, or -1, and
// whether it fills the part.
func (l *lexicon) misread(s *skel, fwd, bwd positions, innocent map[string]struct{}) (index int, whole bool) {
	tries := 16
	for p := fwd; p != 0; p &= p - 1 {
		from := bits.TrailingZeros64(uint64(p))
		for q := bwd >> uint(from) << uint(from); q != 0; q &= q - 1 {
			to := bits.TrailingZeros64(uint64(q))
			if to-from < 5 || to-from > 24 {
				continue
			}
			if tries--; tries < 0 {
				return -1, false
			}
			middle := s.b[from:to]
			if _, ok := innocent[string(middle)]; ok {
				return -1, false
			}
			if index := l.nearest(middle); index >= 0 {
				return index, to-from == s.n
			}
		}
	}
	return -1, false
}

// nearest finds a shelved name within its allowance of slips.
func (l *lexicon) nearest(s []byte) int {
	set := letterSet(s)
	first := firstClass(s[0])
	if first < 'a' || first > 'z' {
		return -1
	}
	for n := len(s) - 2; n <= len(s)+2; n++ {
		for i := range l.shelves[n][first-'a'] {
			m := &l.shelves[n][first-'a'][i]
			if abs(n-len(s)) <= m.slips && bits.OnesCount32(set^m.letters) <= 2*m.slips && within(s, m) {
				return int(m.entry)
			}
		}
	}
	if at := l.find(s[1:]); len(s) > 5 && at >= 0 { // one letter put in front
		return at
	}
	if len(s) >= 6 { // the first two letters exchanged
		swapped := [maxLabel]byte{s[1], s[0]}
		copy(swapped[2:], s[2:])
		return l.find(swapped[:len(s)])
	}
	return -1
}

// within applies the allowance: two slips are forgiven only where both ends
// of a long name are right.
func within(s []byte, m *misspelt) bool {
	switch d := distance(s, m.text, m.slips); {
	case d > m.slips:
		return false
	case d == 2:
		return s[0] == m.text[0] && s[len(s)-1] == m.text[len(m.text)-1]
	}
	return true
}

// find looks a distinctive name up exactly.
func (l *lexicon) find(s []byte) int {
	at := uint16(0)
	for _, c := range s {
		if at = l.step(at, c); at == 0 {
			return -1
		}
	}
	index := int(l.nodes[at].entry) - 1
	if index >= 0 && l.entries[index].sorts&distinct == 0 {
		return -1
	}
	return index
}

func abs(n int) int { return max(n, -n) }

func (l *lexicon) step(at uint16, c byte) uint16 {
	if c < 'a' || c > 'z' {
		return 0
	}
	return l.nodes[at].next[c-'a']
}
