package model

import (
	"slices"
	"unicode/utf8"

	"github.com/aldanba/aldanba/detector/text"
)

// Input is one message as the other parts of the detector have seen it.
type Input struct {
	Doc    *text.Document
	Hidden []bool // token → its word does not count (it belongs to an address)
	Facts  []Fact // rules that hold and marks
	// Concepts are the numbers of word classes that occur.
	Concepts []uint32
	Rules    float64 // log-odds that the rules give
	// Schemes is what the rules say for each scheme, in the order in which the
	// model was trained.
	Schemes []float64
}

// Fact is a rule or a mark as the model knows it.
type Fact uint32

// FactOf gives the fact of the id of a rule or the name of a mark.
func FactOf(name string) Fact { return Fact(place(hashString(seedFact, name), factBits)) }

// Features are hashed into tables of these sizes (powers of two). The sizes are
// part of the file format.
const (
	charBits = 18
	wordBits = 16
	pairBits = 18
	factBits = 13
)

// features is a message as numbers: its stems and letters with the token of
// each, its facts, its concepts.
type features struct {
	facts    []uint32
	named    int      // how many of facts are rules and marks; concepts follow
	concepts []uint32 // that are paired
	rules    float64
	schemes  []float64

	stems     []uint32
	stemOwner []int32
	runes     []uint32
	starts    []start

	lists lists
}

// start is where the letters of a token begin among the runes, with the blank
// in front of them.
type start struct{ owner, rune int32 }

// maxChars bounds the letters that count. What follows in a longer text is
// heard through rules alone.
const maxChars = 4096

// extract fills f with the features of a message.
func (f *features) extract(in Input) {
	f.facts, f.stems, f.stemOwner, f.runes, f.starts = f.facts[:0], f.stems[:0], f.stemOwner[:0], f.runes[:0], f.starts[:0]
	f.rules, f.schemes = max(-8, min(8, in.Rules)), in.Schemes
	for i := range in.Doc.Tokens {
		if len(f.runes) > maxChars {
			break
		}
		if !in.Hidden[i] {
			f.addToken(&in.Doc.Tokens[i], int32(i))
		}
	}
	for _, fact := range in.Facts {
		f.facts = append(f.facts, uint32(fact))
	}
	f.named = len(f.facts)
	for _, concept := range in.Concepts {
		f.facts = append(f.facts, place(mix(seedConcept, concept), factBits))
	}
	f.concepts = in.Concepts[:min(len(in.Concepts), maxConcepts)]
}

// maxConcepts bounds the concepts that are paired.
const maxConcepts = 32

// addToken adds the word by its stem and its letters to the run of letters.
// Numbers count by their length only: what matters is that there is one.
func (f *features) addToken(t *text.Token, owner int32) {
	f.starts = append(f.starts, start{owner: owner, rune: int32(len(f.runes))})
	f.runes = append(f.runes, ' ')
	if t.Key == "" {
		return
	}
	f.stemOwner = append(f.stemOwner, owner)
	if t.Key[0] >= '0' && t.Key[0] <= '9' {
		f.runes = append(f.runes, '0'+uint32(min(len(t.Key), 9)))
		f.stems = append(f.stems, mix(seedNumber, uint32(len(t.Key))))
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
	n := len(f.runes)
	f.runes = slices.Grow(f.runes, longestKey+1)
	runes := f.runes[:n+longestKey+1]
	for at := 0; at < len(t.Key) && at <= longestKey; {
		r, size := cyrillicAt(t.Key, at), 2
		if r == 0 {
			r, size = otherAt(t.Key, at)
		}
		runes[n] = r
		n, at = n+1, at+size
	}
	f.runes = runes[:n]
}

// longestKey is where the letters of a word stop to count, in bytes.
const longestKey = 48

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
func place(hash uint32, bits uint) uint32 { return hash * 0x9E3779B1 >> (32 - bits) }

// wordPlace gives the place of a stem together with the one so many words on;
// of the stem alone for none.
func wordPlace(stem, other uint32, on int) uint32 {
	switch on {
	case 1:
		stem = mix(mix(seedPair, stem), other)
	case 2:
		stem = mix(mix(seedSkip, stem), other)
	}
	return place(stem, wordBits)
}

// pairPlace gives the place of two concepts, whatever the order in which they
// occur.
func pairPlace(a, b uint32) uint32 { return place(mix(a^b, a+b), pairBits) }

// hashString hashes the runes of a string.
func hashString(h uint32, s string) uint32 {
	for i := 0; i < len(s); {
		r, size := cyrillicAt(s, i), 2
		if r == 0 {
			r, size = otherAt(s, i)
		}
		h = mix(h, r)
		i += size
	}
	h *= 0xC2B2AE35
	return h ^ h>>13
}

// cyrillicAt reads a letter of the main block of Cyrillic, as nearly all are, 0
// for anything else, which otherAt reads.
func cyrillicAt(s string, i int) uint32 {
	if c := s[i]; c&^1 == 0xD0 && i+1 < len(s) && s[i+1]&0xC0 == 0x80 {
		return uint32(c&0x1F)<<6 | uint32(s[i+1]&0x3F)
	}
	return 0
}

func otherAt(s string, i int) (r uint32, size int) {
	if s[i] < utf8.RuneSelf {
		return uint32(s[i]), 1
	}
	other, size := utf8.DecodeRuneInString(s[i:])
	return uint32(other), size
}
