package link

import (
	"fmt"
	"math/bits"
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
}

// lexicon holds all words by skeleton: one trie whose cost to walk does not
// depend on how many words it holds, and shelves of distinctive names by
// length and first letter for misspellings.
type lexicon struct {
	nodes   []node
	entries []entry
	shelves map[shelf][]misspelt
}

type node struct {
	next  [26]uint16
	entry uint16 // index in entries plus one
}

// shelf is where names of one length and one class of first letter stand.
type shelf struct {
	n     uint8
	first byte
}

type misspelt struct {
	text    string
	letters uint32 // set of letters, to refuse most strangers at once
	entry   uint16
	slips   int // how many slips of the pen are forgiven
}

func newLexicon() *lexicon {
	return &lexicon{nodes: make([]node, 1), shelves: map[shelf][]misspelt{}}
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
		l.entries = append(l.entries, entry{brand: -1, n: s.n})
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
	key := shelf{uint8(len(text)), firstClass(text[0])}
	l.shelves[key] = append(l.shelves[key], misspelt{text, letterSet([]byte(text)), index, slips})
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
	fwd, bwd positions // reachable from the left, from the right, by whole words and digits
	sorts    sort      // sorts of all words of complete readings
	best     int       // index of the best name of a complete reading, -1
	from, to int       // where it stands
	loose    int       // index of a distinctive name with something unknown beside it, -1
}

// read finds the ways in which a part falls apart into words of the lexicon
// and digits, without a rest: "kaspibonus24" does, "fortepiano" does not.
func (l *lexicon) read(s *skel) reading {
	r := reading{best: -1, loose: -1}
	r.bwd.set(s.n)
	for q := s.n - 1; q >= 0; q-- {
		if s.isDigit(q) && r.bwd.has(q+1) {
			r.bwd.set(q)
		}
		at := uint16(0)
		for e := q; e < s.n; e++ {
			if at = l.step(at, s.b[e]); at == 0 {
				break
			}
			index := int(l.nodes[at].entry) - 1
			if index < 0 {
				continue
			}
			if r.bwd.has(e + 1) {
				r.bwd.set(q)
			}
			l.noteLoose(&r, index, q, e+1, s.n)
		}
	}
	r.fwd.set(0)
	for p := 0; p < s.n; p++ {
		if !r.fwd.has(p) {
			continue
		}
		if s.isDigit(p) {
			r.fwd.set(p + 1)
		}
		at := uint16(0)
		for e := p; e < s.n; e++ {
			if at = l.step(at, s.b[e]); at == 0 {
				break
			}
			index := int(l.nodes[at].entry) - 1
			if index < 0 {
				continue
			}
			r.fwd.set(e + 1)
			if r.bwd.has(e + 1) {
				l.noteBest(&r, index, p, e+1)
			}
		}
	}
	return r
}

func (l *lexicon) step(at uint16, c byte) uint16 {
	if c < 'a' || c > 'z' {
		return 0
	}
	return l.nodes[at].next[c-'a']
}

func (l *lexicon) noteBest(r *reading, index, from, to int) {
	e := &l.entries[index]
	r.sorts |= e.sorts
	if e.sorts&named == 0 {
		return
	}
	if r.best < 0 || to-from > r.to-r.from {
		r.best, r.from, r.to = index, from, to
	}
}

// noteLoose remembers a long distinctive name anywhere, or a shorter one at
// either end with a short unknown rest.
func (l *lexicon) noteLoose(r *reading, index, from, to, n int) {
	if l.entries[index].sorts&distinct == 0 {
		return
	}
	size := to - from
	atEnd := (from == 0 || to == n) && size >= 5 && n-size <= 6
	if (size >= 8 || atEnd) && (r.loose < 0 || size > l.entries[r.loose].n) {
		r.loose = index
	}
}

// misread looks for a distinctive name with a slip of the pen, standing alone
// or between known words. It returns the index of its entry, or -1.
func (l *lexicon) misread(s *skel, r *reading, innocent map[string]struct{}) int {
	tries := 16
	for p := r.fwd; p != 0; p &= p - 1 {
		from := bits.TrailingZeros64(uint64(p))
		for q := r.bwd >> uint(from) << uint(from); q != 0; q &= q - 1 {
			to := bits.TrailingZeros64(uint64(q))
			if to-from < 5 || to-from > 24 {
				continue
			}
			if tries--; tries < 0 {
				return -1
			}
			middle := s.b[from:to]
			if _, ok := innocent[string(middle)]; ok {
				return -1
			}
			if index := l.nearest(middle); index >= 0 {
				return index
			}
		}
	}
	return -1
}

// nearest finds a shelved name within its allowance of slips.
func (l *lexicon) nearest(s []byte) int {
	set := letterSet(s)
	first := firstClass(s[0])
	for n := len(s) - 2; n <= len(s)+2; n++ {
		for _, m := range l.shelves[shelf{uint8(n), first}] {
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
func within(s []byte, m misspelt) bool {
	d := distance(s, m.text, m.slips)
	if d == 2 {
		return s[0] == m.text[0] && s[len(s)-1] == m.text[len(m.text)-1]
	}
	return d <= m.slips
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
