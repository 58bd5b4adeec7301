package model

import (
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

// The kinds of features that have tables of weights of their own.
const (
	chars    = iota // runs of letters
	words           // stems, alone and with the next and the next but one
	pairs           // two concepts that occur together
	forms           // words as they are written, and stems with the endings of their neighbours
	contexts        // stems with the concepts that occur
	kinds
)

// Features are hashed into tables of these sizes (powers of two). The sizes are
// part of the file format.
const (
	charBits    = 18
	wordBits    = 18
	pairBits    = 18
	formBits    = 18
	contextBits = 18
	factBits    = 13
)

// sizes are those of the tables of all kinds.
var sizes = [kinds]int{chars: 1 << charBits, words: 1 << wordBits, pairs: 1 << pairBits, forms: 1 << formBits, contexts: 1 << contextBits}

// features is a message as numbers: its stems with the token of each, its
// facts, its concepts.
type features struct {
	facts    []uint32 // rules, marks and concepts
	concepts []uint32 // that are paired
	rules    float64
	schemes  []float64

	stems   []uint32
	forms   []uint32 // stem → its word as it is written
	endings []uint32 // stem → the last letters of its word
	owners  []int32  // stem → its token
	words   []*word  // stem → what was noted of it, while the features are extracted
	// What the weights of the letters of each word come to, and of how many
	// runs of letters that is.
	letters []int32
	sum     int
	runs    int

	// What the weights of each stem with the concepts come to.
	contexts []int32

	lists lists
	spare []word // memory for words not met before
}

// wordsAtOnce is for how many new words memory is taken at a time. What is noted
// with one of them keeps the memory of all, so they are few.
const wordsAtOnce = 8

// maxChars bounds the letters that count, in bytes of keys. What follows in a
// longer text is heard through rules alone.
const maxChars = 8192

// extract fills f with the features of a message. The weights of letters are
// those of m, which may be nil.
func (f *features) extract(in Input, m *Model) {
	f.facts, f.stems, f.forms, f.endings, f.owners = f.facts[:0], f.stems[:0], f.forms[:0], f.endings[:0], f.owners[:0]
	f.words, f.letters, f.sum, f.runs = f.words[:0], f.letters[:0], 0, 0
	f.rules, f.schemes = max(-8, min(8, in.Rules)), in.Schemes
	chars := 0
	for i := range in.Doc.Tokens {
		t := &in.Doc.Tokens[i]
		// One endless word must not silence what follows it.
		if chars += min(len(t.Key), 2*longestKey); chars > maxChars {
			break
		}
		if t.Key == "" || in.Hidden[i] {
			continue
		}
		w, _ := t.Notes.Model.Load().(*word)
		f.owners, f.words = append(f.owners, int32(i)), append(f.words, w)
	}
	// What was noted is gathered before any of it is looked at: so the waits for
	// memory overlap.
	for i, w := range f.words {
		if w == nil || w.model != m {
			w = f.read(&in.Doc.Tokens[f.owners[i]], m)
		}
		f.stems, f.letters = append(f.stems, w.stem), append(f.letters, w.letters)
		f.forms, f.endings = append(f.forms, w.form), append(f.endings, w.ending)
		f.sum, f.runs = f.sum+int(w.letters), f.runs+int(w.runs)
	}
	clear(f.words)
	for _, fact := range in.Facts {
		f.facts = append(f.facts, uint32(fact))
	}
	for _, concept := range in.Concepts {
		f.facts = append(f.facts, place(mix(seedConcept, concept), factBits))
	}
	f.concepts = in.Concepts[:min(len(in.Concepts), maxConcepts)]
}

// maxConcepts bounds the concepts that are paired with each other and with stems.
const maxConcepts = 32

// word is what a model makes of one word by itself. It is noted with the word,
// to be found there in the next text.
type word struct {
	model   *Model
	stem    uint32 // hash, as the two below
	form    uint32
	ending  uint32
	letters int32 // sum of the weights of its runs of letters
	runs    int32 // how many these are
}

// read works out what m makes of a word, and notes it with the word.
func (f *features) read(t *text.Token, m *Model) *word {
	if len(f.spare) == 0 {
		f.spare = make([]word, wordsAtOnce)
	}
	w := &f.spare[0]
	f.spare = f.spare[1:]
	*w = word{model: m, stem: stemOf(t)}
	w.form, w.ending = w.stem, w.stem
	if !isNumber(t.Key) {
		w.form, w.ending = hashString(seedForm, t.Key), hashString(seedEnding, endingOf(t.Key))
	}
	if m != nil {
		var memory [maxRuns]uint32
		runs := appendRuns(memory[:0], t.Key)
		w.runs = int32(len(runs))
		for _, p := range runs {
			w.letters += int32(m.tables[chars].weights[p])
		}
	}
	t.Notes.Model.Store(w)
	return w
}

// stemOf hashes the shorter stem of a word. Numbers count by their length only:
// what matters is that there is one.
func stemOf(t *text.Token) uint32 {
	if isNumber(t.Key) {
		return mix(seedNumber, uint32(len(t.Key)))
	}
	stem := t.KK
	if stem == "" || t.RU != "" && len(t.RU) < len(stem) {
		stem = t.RU
	}
	if stem == "" {
		stem = t.Key
	}
	return hashString(seedStem, stem)
}

// endingLetters is how many letters tell who does what to whom: an order, a
// report, a question, whose it is.
const endingLetters = 3

func endingOf(key string) string {
	at := len(key)
	for range endingLetters {
		_, size := utf8.DecodeLastRuneInString(key[:at])
		at -= size
	}
	return key[at:]
}

func isNumber(key string) bool { return key[0] >= '0' && key[0] <= '9' }

// The runs of letters that are looked at.
const (
	shortestRun = 2
	longestRun  = 6
	// longestKey is where the letters of a word stop to count.
	longestKey = 24
	maxRuns    = (longestKey + 2) * (longestRun - shortestRun + 1)
)

// appendRuns appends the places of the runs of letters of a word, with the
// blanks before and behind it.
func appendRuns(places []uint32, key string) []uint32 {
	var memory [longestKey + 2]uint32
	runes := append(memory[:0], ' ')
	if isNumber(key) {
		runes = append(runes, '0'+uint32(min(len(key), 9)))
	} else {
		for at := 0; at < len(key) && len(runes) <= longestKey; {
			r, size := cyrillicAt(key, at), 2
			if r == 0 {
				r, size = otherAt(key, at)
			}
			runes, at = append(runes, r), at+size
		}
	}
	runes = append(runes, ' ')
	for i := range runes {
		h := seedChar
		for n, r := range runes[i:min(i+longestRun, len(runes))] {
			if h = mix(h, r); n+1 >= shortestRun {
				places = append(places, place(h, charBits))
			}
		}
	}
	return places
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
	seedForm
	seedEnding
	seedBefore
	seedAfter
	seedContext
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

// formPlace gives the place of a word as it is written.
func formPlace(form uint32) uint32 { return place(form, formBits) }

// besidePlace gives the place of a stem with the ending of the word before it or
// after it, as the seed says.
func besidePlace(seed, ending, stem uint32) uint32 {
	return place(mix(mix(seed, ending), stem), formBits)
}

// contextPlace gives the place of a stem with a concept.
func contextPlace(stem, concept uint32) uint32 {
	return place(mix(stem^seedContext, concept), contextBits)
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
