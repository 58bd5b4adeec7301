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

// newTrie gives a trie of words and the node at which each ends. What ends at
// the nodes is for the caller to say.
func newTrie(words *vocabulary) (t *trie, nodes []int32) {
	t = &trie{symbols: map[rune]uint8{}}
	count := uint8(0) // symbol 0 stands for letters that no word has
	for _, w := range words.list {
		for _, r := range w.key {
			if t.symbol(r) != 0 || count == 255 {
				continue
			}
			count++
			if int(r) < len(t.table) {
				t.table[r] = count
			} else {
				t.symbols[r] = count
			}
		}
	}
	t.width = int(count) + 1
	room := 2*len(words.list) + 1 // a word has seldom two nodes that it does not share
	t.next, t.ends = make([]int32, t.width, room*t.width), make([][]int32, 1, room)
	nodes = make([]int32, len(words.list))
	for i, w := range words.list {
		nodes[i] = t.add(w.key)
	}
	return t, nodes
}

// add gives the node at the end of a key, made if there is none. A key with a
// letter beyond the symbols ends at a node that no text reaches.
func (t *trie) add(key string) int32 {
	node := int32(0)
	for _, r := range key {
		s := t.symbol(r)
		if s == 0 {
			return t.newNode()
		}
		at := int(node)*t.width + int(s)
		if t.next[at] == 0 {
			next := t.newNode()
			t.next[at] = next
		}
		node = t.next[at]
	}
	return node
}

func (t *trie) newNode() int32 {
	t.next = append(t.next, make([]int32, t.width)...)
	t.ends = append(t.ends, nil)
	return int32(len(t.ends) - 1)
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
