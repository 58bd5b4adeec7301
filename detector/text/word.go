package text

import (
	"hash/maphash"
	"strings"
	"sync/atomic"

	"github.com/aldanba/aldanba/detector/kazakh"
)

// Notes is where the readers of tokens keep what they have worked out about a word, to find it there in the next text.
type Notes struct {
	Rules Note // what the rules see in it
	Model Note // what the learned model makes of it
}

// Note holds what one reader has noted. It must depend on nothing but Key, RU, KK and Norm of the token.
type Note struct{ value atomic.Value }

// Load returns what was noted last, nil for nothing.
func (n *Note) Load() any { return n.value.Load() }

// Store notes a value. All values must be of one type.
func (n *Note) Store(value any) { n.value.Store(value) }

// A word is read in one of these ways, by the language of the text around it.
const (
	withoutKazakh = iota // without its Kazakh stem
	withKazakh
	withBoth // with its Kazakh stem and the Russian one of its Latin letters
	readings
)

// word is everything that is known of a word by itself, whatever text it stands in.
type word struct {
	letters string // norm, key and stems, one after the other: to look a word up is to wait for memory
	ends    [parts]uint32
	form    form // what the text saw of its letters; the same letters may come in another disguise
	clues   clues

	notes [readings]Notes
}

// The parts of the letters of a word, in their order. All but the norm are in key space.
const (
	normPart     = iota
	keyPart      // kazakh.Key of the norm
	russianPart  // Russian stem of a word in Cyrillic letters
	kazakhPart   // Kazakh stem
	translitPart // Russian stem of a word in Latin letters
	parts
)

// part returns a part of the word, "" where it has none such.
func (w *word) part(p int) string { return w.letters[w.ends[p-1]:w.ends[p]] }

func (w *word) norm() string { return w.letters[:w.ends[normPart]] }

const (
	memoSets = 1 << 14 // sets of words in a memo; a power of two
	memoWays = 4       // words of a set
)

// memo remembers words. It is a table of small sets, of which a word belongs to one: in a full set a new word takes
// the place of an old one. So it never grows (a full one takes some fifty megabytes, with all that is noted of the
// words), and readers and writers share no lock.
type memo struct {
	seed maphash.Seed
	sets *[memoSets]set // apart from the seed, so that a set begins where a cache line does
}

// set holds words with a part of the hash of each, so that only the word that is looked for is looked at.
type set struct {
	tags  [memoWays]atomic.Uint32
	words [memoWays]atomic.Pointer[word]
	_     [16]byte // to a whole cache line
}

func newMemo() *memo { return &memo{seed: maphash.MakeSeed(), sets: new([memoSets]set)} }

// is says that w is the word that is written so.
func (w *word) is(norm []byte, f form) bool { return w.form == f && w.norm() == string(norm) }

// guess returns the first word whose hash may be this one, nil for none.
func (m *memo) guess(hash uint64) *word {
	s, tag := &m.sets[hash%memoSets], uint32(hash>>32)
	for i := range s.tags {
		if s.tags[i].Load() == tag {
			return s.words[i].Load()
		}
	}
	return nil
}

// of returns what is known of a word. It keeps no part of norm.
func (m *memo) of(norm []byte, f form, hash uint64) *word {
	if f.long {
		return newWord(norm, f)
	}
	s, tag := &m.sets[hash%memoSets], uint32(hash>>32)
	for i := range s.tags {
		if s.tags[i].Load() == tag {
			if w := s.words[i].Load(); w != nil && w.is(norm, f) {
				return w
			}
		}
	}
	w := newWord(norm, f)
	i := s.place(int(hash >> 16 % memoWays))
	// A reader that meets the new word beside the old tag, or the other way round, sees that it is not its own.
	s.words[i].Store(w)
	s.tags[i].Store(tag)
	return w
}

// place returns an empty place of the set, or else that of the victim.
func (s *set) place(victim int) int {
	for i := range s.words {
		if s.words[i].Load() == nil {
			return i
		}
	}
	return victim
}

// newWord works out what is known of a word. The string made of its letters is not kept, so it needs no memory.
func newWord(letters []byte, f form) *word {
	var memory [6 * maxStem]byte
	w, norm := &word{form: f}, string(letters)
	buf := append(memory[:0], norm...)
	w.ends[normPart] = uint32(len(buf))
	buf = kazakh.AppendKey(buf, norm)
	w.ends[keyPart] = uint32(len(buf))
	key := buf[len(norm):]
	stemmed := !f.long && f.class&digit == 0
	if stemmed {
		w.clues = cluesOf(norm, key, f)
	}
	if stemmed && f.class == cyrillic {
		buf = appendRussian(buf, norm, f)
	}
	w.ends[russianPart] = uint32(len(buf))
	if stemmed && f.class&(cyrillic|latin) != 0 {
		buf = kazakh.AppendStem(buf, key)
	}
	w.ends[kazakhPart] = uint32(len(buf))
	if stemmed && f.class == latin && isRussianWord(string(key)) {
		var memory [2 * maxStem]byte
		buf = appendRussianStem(buf, string(translit(memory[:0], string(key))))
	}
	w.ends[translitPart] = uint32(len(buf))
	w.letters = string(buf)
	return w
}

// appendRussian appends the Russian stem of a Cyrillic word in key space, nothing where it cannot be Russian.
func appendRussian(dst []byte, norm string, f form) []byte {
	if isRussianWord(norm) {
		return appendRussianStem(dst, norm)
	}
	if !f.special && strings.Contains(norm, "і") {
		// A Latin i in a Russian word (пiн) was read as the Kazakh letter.
		if fixed := strings.ReplaceAll(norm, "і", "и"); isRussianWord(fixed) {
			return appendRussianStem(dst, fixed)
		}
	}
	return dst
}
