package scheme

import (
	"math/bits"
	"slices"
)

// bitset is a set of numbers (rules, classes, places), a bit for each.
type bitset []uint64

func newBitset(numbers int) bitset { return make(bitset, numbers/64+1) }

// empty gives an empty set for so many numbers in the memory of this one.
func (b bitset) empty(numbers int) bitset {
	words := numbers/64 + 1
	b = slices.Grow(b[:0], words)[:words]
	clear(b)
	return b
}

func (b bitset) add(n int32)      { b[uint32(n)/64] |= 1 << (uint32(n) % 64) }
func (b bitset) remove(n int32)   { b[uint32(n)/64] &^= 1 << (uint32(n) % 64) }
func (b bitset) has(n int32) bool { return b[uint32(n)/64]&(1<<(uint32(n)%64)) != 0 }

// meets says that the sets have a number in common.
func (b bitset) meets(other bitset) bool {
	for i, word := range b {
		if word&other[i] != 0 {
			return true
		}
	}
	return false
}

// members gives the numbers of the set.
func (b bitset) members() []int32 {
	var numbers []int32
	for i, word := range b {
		for ; word != 0; word &= word - 1 {
			numbers = append(numbers, int32(i*64+bits.TrailingZeros64(word)))
		}
	}
	return numbers
}
