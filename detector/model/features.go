package model

import (
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

// features is a message as numbers: places in the three tables, and for words
// and letters the token that each came from.
type features struct {
	named                      int // how many of facts are rules and marks; concepts follow
	chars, words, pairs, facts []uint32
	charOwner, wordOwner       []int32
	rules                      float64
	schemes                    []float64

	stems     []uint32
	stemOwner []int32
	runes     []rune
	owners    []int32 // of runes
}

// maxChars bounds the letters that count. What follows in a longer text is
// heard through rules alone.
const maxChars = 4096

// extract fills f with the features of a message.
func (f *features) extract(in Input) {
	f.chars, f.words, f.pairs, f.facts = f.chars[:0], f.words[:0], f.pairs[:0], f.facts[:0]
	f.charOwner, f.wordOwner = f.charOwner[:0], f.wordOwner[:0]
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
		f.facts = append(f.facts, hashString(seedFact, fact)*0x9E3779B1>>(32-factBits))
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
		f.runes = append(f.runes, '0'+rune(min(len(t.Key), 9)))
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
		if at > 48 {
			break
		}
		f.runes = append(f.runes, r)
		f.owners = append(f.owners, owner)
	}
}

// addPairs adds every stem, and it together with the next and the next but one.
func (f *features) addPairs() {
	for i, stem := range f.stems {
		f.addWord(stem, i)
		if i+1 < len(f.stems) {
			f.addWord(mix(mix(seedPair, stem), f.stems[i+1]), i)
		}
		if i+2 < len(f.stems) {
			f.addWord(mix(mix(seedSkip, stem), f.stems[i+2]), i)
		}
	}
}

func (f *features) addWord(hash uint32, stem int) {
	f.words = append(f.words, hash*0x9E3779B1>>(32-wordBits))
	f.wordOwner = append(f.wordOwner, f.stemOwner[stem])
}

// addLetters adds runs of three, four and five letters over word borders.
func (f *features) addLetters() {
	for i := 0; i+2 < len(f.runes); i++ {
		h := mix(mix(mix(seedChar, uint32(f.runes[i])), uint32(f.runes[i+1])), uint32(f.runes[i+2]))
		f.addChar(h, f.owners[i+1])
		if i+3 < len(f.runes) {
			h = mix(h, uint32(f.runes[i+3]))
			f.addChar(h, f.owners[i+1])
		}
		if i+4 < len(f.runes) {
			h = mix(h, uint32(f.runes[i+4]))
			f.addChar(h, f.owners[i+1])
		}
	}
}

func (f *features) addChar(hash uint32, owner int32) {
	f.chars = append(f.chars, hash*0x9E3779B1>>(32-charBits))
	f.charOwner = append(f.charOwner, owner)
}

// maxConcepts bounds the concepts that are paired.
const maxConcepts = 32

// addConcepts adds every concept, and every two that occur together.
func (f *features) addConcepts(concepts []uint32) {
	for _, concept := range concepts {
		f.facts = append(f.facts, mix(seedConcept, concept)*0x9E3779B1>>(32-factBits))
	}
	concepts = concepts[:min(len(concepts), maxConcepts)]
	for i, a := range concepts {
		for _, b := range concepts[i+1:] {
			// The order in which two concepts occur does not matter.
			f.pairs = append(f.pairs, mix(a^b, a+b)*0x9E3779B1>>(32-pairBits))
		}
	}
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

func hashString(h uint32, s string) uint32 {
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		h = mix(h, uint32(r))
		i += size
	}
	h *= 0xC2B2AE35
	return h ^ h>>13
}
