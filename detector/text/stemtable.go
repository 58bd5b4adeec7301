package text

import (
	_ "embed"
	"encoding/binary"
	"math/bits"
)

// stemTable holds what the library says of frequent words, because it takes microseconds for a word: frequent stems,
// and with each those of the frequent endings after which it says that this is the stem. The words come from the
// corpus and the rule packs; a test asks the library about every entry and writes the file anew (-update).
//
// The file is, little-endian: the endings; the number of the stem in each slot of a hash table, from one, 0 where it is
// empty (linear probing); then the stems, each with a bit for every ending. Letters are one byte, their place in а…я
// from one, filled up with zeros.
//
//go:embed stems_ru.bin
var stemTable []byte

const (
	tableEndings    = 64 // of eight bytes
	tableSlots      = 1 << 15
	tableLetters    = 16 // of the longest word
	tableLongestEnd = 6
	slotsAt         = 8 * tableEndings
	stemsAt         = slotsAt + 2*tableSlots
	stemSize        = 8 + tableLetters
)

// packed is a word or a part of one, a byte for each letter.
type packed struct{ first, second uint64 }

// cut returns the first n letters of a word, which has at least so many.
func (p packed) cut(n int) packed {
	if n <= 8 {
		return packed{first: p.first & (1<<(8*n) - 1)}
	}
	return packed{p.first, p.second & (1<<(8*(n-8)) - 1)}
}

// after returns what follows the first n letters, the first eight letters of it.
func (p packed) after(n int) uint64 {
	if n >= 8 {
		return p.second >> (8 * (n - 8))
	}
	return p.first>>(8*n) | p.second<<(8*(8-n))
}

// slot returns where the search for a stem begins.
func (p packed) slot() int {
	high, low := bits.Mul64(p.first^0x9E3779B97F4A7C15, p.second^0xD6E8FEB86659FD93)
	return int((high ^ low) % tableSlots)
}

// endingBits gives the bit of each ending of the table.
var endingBits = func() map[uint64]uint64 {
	of := make(map[uint64]uint64, tableEndings)
	for i := range tableEndings {
		of[binary.LittleEndian.Uint64(stemTable[8*i:])] = 1 << i
	}
	return of
}()

// tableStem returns how many letters of a lower-case Russian word are its stem as far as the table knows it, else 0.
func tableStem(word string) int {
	n := len(word) / 2
	if n > tableLetters {
		return 0
	}
	var p packed
	for i := range min(n, 8) {
		p.first |= uint64(letterCode(word[2*i:])) << (8 * i)
	}
	for i := 8; i < n; i++ {
		p.second |= uint64(letterCode(word[2*i:])) << (8 * (i - 8))
	}
	for cut := n; cut > 0 && n-cut <= tableLongestEnd; cut-- {
		if endings := endingsOf(p.cut(cut)); endings != 0 && endings&endingBits[p.after(cut)] != 0 {
			return cut
		}
	}
	return 0
}

// letterCode returns the place of the Cyrillic letter at the start of s in а…я, from one.
func letterCode(s string) byte { return s[0]&1<<6 + s[1]&0x3F - 0x2F }

// endingsOf returns the bits of the endings that the table has for a stem, 0 for one that it has not.
func endingsOf(stem packed) uint64 {
	for slot := stem.slot(); ; slot = (slot + 1) % tableSlots {
		number := binary.LittleEndian.Uint16(stemTable[slotsAt+2*slot:])
		if number == 0 {
			return 0
		}
		at := stemTable[stemsAt+stemSize*(int(number)-1):]
		if binary.LittleEndian.Uint64(at[8:]) == stem.first && binary.LittleEndian.Uint64(at[16:]) == stem.second {
			return binary.LittleEndian.Uint64(at)
		}
	}
}
