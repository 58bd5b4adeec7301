package scheme

import "math/bits"

// trie is the one automaton of all packs: every word of every pattern, keyed
// by the runes of its key. A step is one look at a node of sixteen bytes,
// however many rules there are; the nodes that a node goes on to stand together.
type trie struct {
	symbols map[rune]uint8 // beyond the table below
	table   [0x460]uint8   // ASCII to Cyrillic, straight
	nodes   []node
	far     map[farStep]int32 // by symbols for which no mask has room
	ends    []wordEnd         // of all nodes, one after the other
}

// node is a place in the trie.
type node struct {
	mask uint64 // symbols that go on from it
	next int32  // the node that the first of them leads to; the others follow it
	ends int32  // where its words begin among the ends; they reach to those of the next node
}

// maskSymbols is for how many symbols a mask has room; 0 stands for none.
const maskSymbols = 64

type farStep struct {
	node   int32
	symbol uint8
}

// wordEnd is a word that ends at a node.
type wordEnd struct {
	lexeme int32
	mode   wordMode
	lang   language
}

// sprout is a node while the trie grows: its children are linked by symbol.
type sprout struct {
	child, sibling int32 // 0 for none
	symbol         uint8
}

// newTrie gives a trie of words and the node at which each ends. What ends at
// the nodes is for the caller to say.
func newTrie(words *vocabulary) (t *trie, nodes []int32) {
	t = &trie{symbols: map[rune]uint8{}, far: map[farStep]int32{}}
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
	sprouts := make([]sprout, 1, 2*len(words.list)+1) // a word has seldom two nodes that it does not share
	nodes = make([]int32, len(words.list))
	for i, w := range words.list {
		sprouts, nodes[i] = t.add(sprouts, w.key)
	}
	places := t.grow(sprouts)
	for i := range nodes {
		nodes[i] = places[nodes[i]]
	}
	return t, nodes
}

// add gives the sprout at the end of a key, made if there is none. A key with a
// letter beyond the symbols ends at one that no text reaches.
func (t *trie) add(sprouts []sprout, key string) ([]sprout, int32) {
	at := int32(0)
	for _, r := range key {
		s := t.symbol(r)
		if s == 0 {
			return append(sprouts, sprout{}), int32(len(sprouts))
		}
		link := &sprouts[at].child
		for *link != 0 && sprouts[*link].symbol < s {
			link = &sprouts[*link].sibling
		}
		if at = *link; at == 0 || sprouts[at].symbol != s {
			next := sprout{sibling: at, symbol: s}
			at = int32(len(sprouts))
			*link = at
			sprouts = append(sprouts, next)
		}
	}
	return sprouts, at
}

// grow makes the nodes of the sprouts, level by level, and gives the place of
// each.
func (t *trie) grow(sprouts []sprout) (places []int32) {
	places = make([]int32, len(sprouts))
	order := make([]int32, 1, len(sprouts)+1)
	t.nodes = make([]node, len(sprouts)+1) // one more, at which the ends of the last end
	for at := 0; at < len(order); at++ {
		n := &t.nodes[at]
		n.next = int32(len(order))
		for child := sprouts[order[at]].child; child != 0; child = sprouts[child].sibling {
			places[child] = int32(len(order))
			if s := sprouts[child].symbol; s < maskSymbols {
				n.mask |= 1 << s
			} else {
				t.far[farStep{int32(at), s}] = places[child]
			}
			order = append(order, child)
		}
	}
	// Those that nothing leads to come last.
	for i := range places {
		if i > 0 && places[i] == 0 {
			places[i] = int32(len(order))
			order = append(order, int32(i))
		}
	}
	return places
}

// setEnds says at which node every lexeme ends. Those of a node keep their order.
func (t *trie) setEnds(at []int32, lexemes []lexeme) {
	for _, place := range at {
		t.nodes[place+1].ends++
	}
	for i := range t.nodes[1:] {
		t.nodes[i+1].ends += t.nodes[i].ends
	}
	t.ends = make([]wordEnd, len(at))
	filled := make([]int32, len(t.nodes))
	for id, place := range at {
		t.ends[t.nodes[place].ends+filled[place]] = wordEnd{lexeme: int32(id), mode: lexemes[id].mode, lang: lexemes[id].lang}
		filled[place]++
	}
}

func (t *trie) symbol(r rune) uint8 {
	if uint32(r) < uint32(len(t.table)) {
		return t.table[r]
	}
	return t.symbols[r]
}

// step follows one letter from a node; 0 means that nothing goes on.
func (t *trie) step(at int32, r rune) int32 {
	s := t.symbol(r)
	if s >= maskSymbols {
		return t.far[farStep{at, s}]
	}
	n, bit := &t.nodes[at], uint64(1)<<s
	if n.mask&bit == 0 {
		return 0
	}
	return n.next + int32(bits.OnesCount64(n.mask&(bit-1)))
}

// endsAt gives the words that end at a node.
func (t *trie) endsAt(at int32) []wordEnd { return t.ends[t.nodes[at].ends:t.nodes[at+1].ends] }

// find gives the words that end exactly at key.
func (t *trie) find(key string) []wordEnd {
	at := int32(0)
	for _, r := range key {
		if at = t.step(at, r); at == 0 {
			return nil
		}
	}
	return t.endsAt(at)
}
