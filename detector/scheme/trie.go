package scheme

// trie is the one automaton of all packs: every word of every pattern, keyed
// by the runes of its key. It is dense over the few letters that keys have, so
// that a step is one look-up however many rules there are.
type trie struct {
	symbols map[rune]uint8 // beyond the table below
	table   [0x460]uint8   // ASCII to Cyrillic, straight
	width   int
	next    []int32   // node*width + symbol → node; 0 is none
	ends    [][]int32 // node → words that end there
}

// trieBuilder collects words and lays them out densely once.
type trieBuilder struct {
	edges [][]edge // node → letters that go on; few, so a list is quicker than a map
	ends  [][]int32
}

type edge struct {
	letter rune
	next   int32
}

func newTrieBuilder() *trieBuilder {
	return &trieBuilder{edges: [][]edge{nil}, ends: [][]int32{nil}}
}

// add puts the word id at the end of key.
func (b *trieBuilder) add(key string, id int32) {
	node := int32(0)
	for _, r := range key {
		node = b.child(node, r)
	}
	b.ends[node] = append(b.ends[node], id)
}

func (b *trieBuilder) child(node int32, r rune) int32 {
	for _, e := range b.edges[node] {
		if e.letter == r {
			return e.next
		}
	}
	next := int32(len(b.edges))
	b.edges[node] = append(b.edges[node], edge{r, next})
	b.edges, b.ends = append(b.edges, nil), append(b.ends, nil)
	return next
}

// build lays the trie out. Symbol 0 stands for letters that no pattern has.
func (b *trieBuilder) build() *trie {
	t := &trie{symbols: map[rune]uint8{}, ends: b.ends}
	count := uint8(0)
	for _, edges := range b.edges {
		for _, e := range edges {
			if t.symbol(e.letter) != 0 || count == 255 {
				continue
			}
			count++
			if int(e.letter) < len(t.table) {
				t.table[e.letter] = count
			} else {
				t.symbols[e.letter] = count
			}
		}
	}
	t.width = int(count) + 1
	t.next = make([]int32, len(b.edges)*t.width)
	for node, edges := range b.edges {
		for _, e := range edges {
			if s := t.symbol(e.letter); s != 0 {
				t.next[node*t.width+int(s)] = e.next
			}
		}
	}
	return t
}

func (t *trie) symbol(r rune) uint8 {
	if uint32(r) < uint32(len(t.table)) {
		return t.table[r]
	}
	return t.symbols[r]
}

// step follows one letter from a node; 0 means that nothing goes on.
func (t *trie) step(node int32, r rune) int32 {
	s := t.symbol(r)
	if s == 0 {
		return 0
	}
	return t.next[int(node)*t.width+int(s)]
}

// find gives the words that end exactly at key.
func (t *trie) find(key string) []int32 {
	node := int32(0)
	for _, r := range key {
		if node = t.step(node, r); node == 0 {
			return nil
		}
	}
	return t.ends[node]
}
