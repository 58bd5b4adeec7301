package model

import (
	"slices"
	"unicode/utf8"

	"github.com/aldanba/aldanba/detector/text"
)

// Input is one message as the other parts of the detector have seen it.
type Input struct {
	Doc    *text.Document
	Hidden []bool   // token → its word does not count (it belongs to an address)
	Facts  []string // ids of rules that hold and names of marks
	// Concepts are the numbers of word classes that occur.
	Concepts []uint32
	Rules    float64 // log-odds that the rules give
	// Schemes is what the rules say for each scheme, in the order in which the
	// model was trained.
	Schemes []float64
}

// Features are hashed into tables of these sizes (powers of two). The sizes are
// part of the file format.
const (
	charBits = 17
	wordBits = 16
	pairBits = 17
	factBits = 13
)

// features is a message as numbers: places in the tables, and the stems and
// letters that they come from with the token of each.
type features struct {
	named                      int // how many of facts are rules and marks; concepts follow
	chars, words, pairs, facts []uint32
	rules                      float64
	schemes                    []float64

	stems     []uint32
	stemOwner []int32
	runes     []uint32
	owners    []int32 // of runes
}

// maxChars bounds the letters that count. What follows in a longer text is
// heard through rules alone.
const maxChars = 4096

// extract fills f with the features of a message.
func (f *features) extract(in Input) {
	f.chars, f.words, f.pairs, f.facts = f.chars[:0], f.words[:0], f.pairs[:0], f.facts[:0]
	f.stems, f.stemOwner, f.runes, f.owners = f.stems[:0], f.stemOwner[:0], f.runes[:0], f.owners[:0]
	f.rules, f.schemes = max(-8, min(8, in.Rules)), in.Schemes
	for i := range in.Doc.Tokens {
		if len(f.runes) > maxChars {
			break
		}
		if !in.Hidden[i] {
			f.addToken(&in.Doc.Tokens[i], int32(i))
		}
	}
	f.addPairs()
	f.addLetters()
	for _, fact := range in.Facts {
		f.facts = append(f.facts, place(hashString(seedFact, fact), factBits))
	}
	f.named = len(f.facts)
	f.addConcepts(in.Concepts)
}

// addToken adds the word by its stem and its letters to the run of letters.
// Numbers count by their length only: what matters is that there is one.
func (f *features) addToken(t *text.Token, owner int32) {
	f.runes = append(f.runes, ' ')
	f.owners = append(f.owners, owner)
	if t.Key == "" {
		return
	}
	if t.Key[0] >= '0' && t.Key[0] <= '9' {
		f.runes = append(f.runes, '0'+uint32(min(len(t.Key), 9)))
		f.owners = append(f.owners, owner)
		f.stems = append(f.stems, mix(seedNumber, uint32(len(t.Key))))
		f.stemOwner = append(f.stemOwner, owner)
		return
	}
	stem := t.KK
	if stem == "" || t.RU != "" && len(t.RU) < len(stem) {
		stem = t.RU
	}
	if stem == "" {
		stem = t.Key
	}
	f.stems = append(f.stems, hashString(seedStem, stem))
	f.stemOwner = append(f.stemOwner, owner)
	for at, r := range t.Key {
		if at > longestKey {
			break
		}
		f.runes = append(f.runes, uint32(r))
		f.owners = append(f.owners, owner)
	}
}

// longestKey is where the letters of a word stop to count, in bytes.
const longestKey = 48

// addPairs adds every stem, and it together with the next and the next but one.
func (f *features) addPairs() {
	for i, stem := range f.stems {
		f.words = append(f.words, place(stem, wordBits))
		if i+1 < len(f.stems) {
			f.words = append(f.words, place(mix(mix(seedPair, stem), f.stems[i+1]), wordBits))
		}
		if i+2 < len(f.stems) {
			f.words = append(f.words, place(mix(mix(seedSkip, stem), f.stems[i+2]), wordBits))
		}
	}
}

// eachWord visits the features of words with the token of each.
func (f *features) eachWord(visit func(place uint32, owner int32)) {
	k := 0
	for i, owner := range f.stemOwner {
		for range min(3, len(f.stems)-i) {
			visit(f.words[k], owner)
			k++
		}
	}
}

// addLetters adds runs of three, four and five letters over word borders.
func (f *features) addLetters() {
	chars, runes := slices.Grow(f.chars, 3*len(f.runes)), f.runes
	for ; len(runes) >= 5; runes = runes[1:] {
		three := mix(mix(mix(seedChar, runes[0]), runes[1]), runes[2])
		four := mix(three, runes[3])
		five := mix(four, runes[4])
		chars = append(chars, place(three, charBits), place(four, charBits), place(five, charBits))
	}
	for ; len(runes) >= 3; runes = runes[1:] {
		h := mix(mix(seedChar, runes[0]), runes[1])
		for _, r := range runes[2:] {
			h = mix(h, r)
			chars = append(chars, place(h, charBits))
		}
	}
	f.chars = chars
}

// eachLetters visits the features of letters with the token of each: that of
// their second letter.
func (f *features) eachLetters(visit func(place uint32, owner int32)) {
	k := 0
	for i := 0; i+2 < len(f.runes); i++ {
		for range min(3, len(f.runes)-i-2) {
			visit(f.chars[k], f.owners[i+1])
			k++
		}
	}
}

// maxConcepts bounds the concepts that are paired.
const maxConcepts = 32

// addConcepts adds every concept, and every two that occur together.
func (f *features) addConcepts(concepts []uint32) {
	for _, concept := range concepts {
		f.facts = append(f.facts, place(mix(seedConcept, concept), factBits))
	}
	concepts = concepts[:min(len(concepts), maxConcepts)]
	pairs := slices.Grow(f.pairs, len(concepts)*len(concepts)/2)
	for i, a := range concepts {
		for _, b := range concepts[i+1:] {
			// The order in which two concepts occur does not matter.
			pairs = append(pairs, place(mix(a^b, a+b), pairBits))
		}
	}
	f.pairs = pairs
}

// Seeds keep the kinds of features apart.
const (
	seedStem uint32 = 0x811C9DC5 + iota*0x01000193
	seedPair
	seedSkip
	seedNumber
	seedChar
	seedFact
	seedConcept
)

// mix folds one more number into a hash.
func mix(h, v uint32) uint32 {
	h ^= v
	h *= 0x85EBCA6B
	return h ^ h>>15
}

// place turns a hash into a place in a table of 1<<bits.
func place(hash uint32, bits int) uint32 { return hash * 0x9E3779B1 >> (32 - bits) }

// hashString hashes the runes of a string.
func hashString(h uint32, s string) uint32 {
	for i := 0; i < len(s); {
		c, size := uint32(s[i]), 1
		switch {
		case c < utf8.RuneSelf:
		case c&^1 == 0xD0 && i+1 < len(s) && s[i+1]&0xC0 == 0x80: // a Cyrillic letter, as nearly all are
			c, size = c&0x1F<<6|uint32(s[i+1]&0x3F), 2
		default:
			var r rune
			r, size = utf8.DecodeRuneInString(s[i:])
			c = uint32(r)
		}
		h = mix(h, c)
		i += size
	}
	h *= 0xC2B2AE35
	return h ^ h>>13
}
