package kazakh

import (
	_ "embed"
	"encoding/binary"
)

// rootTable holds what is known of roots and of words that are not taken apart. It is made of the lists in the
// directory roots, which say what they hold; a test writes the file anew from them (-update).
//
// The file holds two hash tables with linear probing, of roots and of words, then how much the last two letters
// of what is on no list speak for a word that stands bare and for a verbal root, and then the stems that words have in place of themselves,
// each filled up with zeros. A slot is a little-endian number: the lower byte is what is known,
// the others are a part of the hash that tells keys in one slot apart. An empty slot is zero.
//
//go:embed roots.bin
var rootTable []byte

const (
	rootSlots = 1 << 15
	wordSlots = 1 << 11
	slotSize  = 4
	wordsAt   = slotSize * rootSlots
	shapesAt  = wordsAt + slotSize*wordSlots
	shapeSize = letterCount * letterCount
	stemsAt   = shapesAt + 2*shapeSize
	stemSize  = 16
)

// hash is the hash of a key: of the letters before and then each one more.
type hash uint64

func (h hash) add(l letter) hash {
	return (h ^ hash(l+1)) * 0x9E3779B97F4A7C15
}

// find returns the lower byte of what a table of so many slots has for the hash, and whether it has it.
func (h hash) find(table []byte, slots uint) (known uint8, found bool) {
	mixed := uint64(h ^ h>>29)
	check := uint32(mixed>>8) &^ 0xFF
	for slot := uint(mixed >> 40); ; slot++ {
		v := binary.LittleEndian.Uint32(table[slot%slots*slotSize:])
		if v == 0 {
			return 0, false
		}
		if v&^0xFF == check {
			return uint8(v), true
		}
	}
}

// root is what the lists know of one spelling of a root: the harmony that its endings follow as a nominal in the lowest
// two bits and as a verb in the next two, 0 where it is none.
type root uint8

const (
	rootBare   root = 1 << 4 // may stand alone; not set for a form that an ending must follow
	rootRepair root = 3 << 5 // how the stem comes of the key, see repair
	rootRare   root = 1 << 7 // rather a form of a root that is not rare, where a word may be either
)

// repair tells how the stem comes of a root in the form that it has before an ending.
type repair uint8

const (
	asIs       repair = iota
	inserted          // ы stands before the last letter: орн-ы, орын
	appended          // ы stands at the end: тан-у, таны
	unvoiced          // п or к stands for the last letter: кітаб-ы, кітап
	repairStep = 5    // of its bits in a root
)

// listed returns what the lists know of a root with this hash, or 0.
func (h hash) listed() root {
	r, _ := h.find(rootTable[:wordsAt], rootSlots)
	return root(r)
}

// finding is a listed root in a place within a word.
type finding struct {
	listed, verb, rare bool
	how                repair // its stem comes of the letters
}

// as tells what the root is where the classes in left may stand and its harmony is wanted.
func (r root) as(left classes, want tone) finding {
	noun := left.has(rootNoun) && tone(r)&either&want != 0
	verb := left.has(rootVerb) && tone(r>>2)&either&want != 0
	return finding{listed: noun || verb, verb: !noun, rare: r&rootRare != 0}
}

// lookUp returns what the lists have for the first n letters where the classes in left may stand and their harmony is
// wanted.
func (p *parse) lookUp(n int, left classes, want tone) (found finding) {
	alone := n == p.n
	if r := p.hashes[n].listed(); r != 0 && (!alone || r&rootBare != 0) {
		if found = r.as(left, want); found.listed {
			found.how = repair(r&rootRepair) >> repairStep
			return found
		}
	}
	if alone {
		return found
	}
	// Before a vowel п and к have become б and г.
	h := p.hashes[n-1]
	switch p.letters[n-1] {
	case 'б' - 'а':
		h = h.add('п' - 'а')
	case 'г' - 'а':
		h = h.add('к' - 'а')
	default:
		return found
	}
	found = h.listed().as(left, want)
	found.how = unvoiced
	return found
}

// appendWhole appends the stem of a word that is not taken apart and tells whether this is one.
func (p *parse) appendWhole(dst, key []byte) ([]byte, bool) {
	number, found := p.hashes[p.n].find(rootTable[wordsAt:shapesAt], wordSlots)
	if !found {
		return dst, false
	}
	if number == 0 {
		return append(dst, key...), true
	}
	stem := rootTable[stemsAt+stemSize*int(number-1):][:stemSize]
	for i, c := range stem {
		if c == 0 {
			stem = stem[:i]
			break
		}
	}
	return append(dst, stem...), true
}

// ends names what roots their last two letters are weighed against.
type ends int

const (
	bareEnds ends = iota // of words that stand bare, for which those of nominals are taken
	verbEnds             // of verbs
)

// lastLetters weighs how much the last two of the first n letters speak for a root: how much more often the listed ones
// have them at their end than before it.
func (p *parse) lastLetters(n int, of ends) int {
	if n < 2 {
		return 0
	}
	at := shapesAt + int(of)*shapeSize + int(p.letters[n-2])*letterCount + int(p.letters[n-1])
	return int(int8(rootTable[at]))
}
