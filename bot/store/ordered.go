package store

import (
	"iter"
	"slices"
	"strings"
)

// ordered is a map in the order of its keys: sorted blocks of bounded length,
// so that adding moves little.
type ordered struct {
	blocks [][]pair // none is empty
}

type pair struct {
	key   string
	value []byte
}

const maxBlock = 256

// find gives the block and the place in it where the key is or belongs.
func (o *ordered) find(key string) (block, at int, found bool) {
	block, found = slices.BinarySearchFunc(o.blocks, key, func(b []pair, key string) int { return strings.Compare(b[0].key, key) })
	if found {
		return block, 0, true
	}
	if block > 0 {
		block--
	}
	if block < len(o.blocks) {
		at, found = slices.BinarySearchFunc(o.blocks[block], key, func(p pair, key string) int { return strings.Compare(p.key, key) })
	}
	return block, at, found
}

func (o *ordered) get(key string) ([]byte, bool) {
	block, at, found := o.find(key)
	if !found {
		return nil, false
	}
	return o.blocks[block][at].value, true
}

func (o *ordered) put(key string, value []byte) {
	block, at, found := o.find(key)
	switch {
	case found:
		o.blocks[block][at].value = value
	case len(o.blocks) == 0:
		o.blocks = [][]pair{{{key, value}}}
	default:
		b := slices.Insert(o.blocks[block], at, pair{key, value})
		o.blocks[block] = b
		if len(b) > maxBlock {
			half := slices.Clone(b[maxBlock/2:])
			clear(b[maxBlock/2:])
			o.blocks[block] = b[:maxBlock/2]
			o.blocks = slices.Insert(o.blocks, block+1, half)
		}
	}
}

func (o *ordered) remove(key string) {
	block, at, found := o.find(key)
	if !found {
		return
	}
	if len(o.blocks[block]) == 1 {
		o.blocks = slices.Delete(o.blocks, block, block+1)
		return
	}
	o.blocks[block] = slices.Delete(o.blocks[block], at, at+1)
}

// from walks the keys from the given one on.
func (o *ordered) from(key string) iter.Seq2[string, []byte] {
	return func(yield func(string, []byte) bool) {
		block, at, _ := o.find(key)
		for ; block < len(o.blocks); block, at = block+1, 0 {
			for _, p := range o.blocks[block][min(at, len(o.blocks[block])):] {
				if !yield(p.key, p.value) {
					return
				}
			}
		}
	}
}
