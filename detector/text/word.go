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
	letters string // norm, key and Russian stem, one after the other: to look a word up is to wait for memory
	keyAt   uint32 // where the key begins in letters
	stemAt  uint32 // where the stem begins
	form    form   // what the text saw of its letters; the same letters may come in another disguise
	clues   clues
	// Worked out when a text asks for them: few words need both, and some neither.
	kazakh   atomic.Pointer[string] // Kazakh stem
	translit atomic.Pointer[string] // Russian stem of a word in Latin letters

	notes [readings]Notes
}

func (w *word) norm() string { return w.letters[:w.keyAt] }
func (w *word) key() string  { return w.letters[w.keyAt:w.stemAt] }

// russian returns the Russian stem of a word in Cyrillic letters, in key space.
func (w *word) russian() string { return w.letters[w.stemAt:] }

// hasStems reports whether the word may have stems at all.
func (w *word) hasStems() bool {
	return !w.form.long && w.form.class&digit == 0 && w.form.class&(cyrillic|latin) != 0
}

// kazakhStem returns the Kazakh stem of the word, "" where it has none.
func (w *word) kazakhStem() string {
	if !w.hasStems() {
		return ""
	}
	if s := w.kazakh.Load(); s != nil {
		return *s
	}
	var key, stem [2 * maxStem]byte
	return keep(&w.kazakh, kazakh.AppendStem(stem[:0], append(key[:0], w.key()...)))
}

// translitStem returns the Russian stem of a word in Latin letters, "" where it has none.
func (w *word) translitStem() string {
	if w.form.class != latin || w.form.long || !isRussianWord(w.key()) {
		return ""
	}
	if s := w.translit.Load(); s != nil {
		return *s
	}
	return keep(&w.translit, appendRussianStem(nil, string(translit(nil, w.key()))))
}

// keep remembers a stem. Two that ask for it at the same time both work it out.
func keep(known *atomic.Pointer[string], stem []byte) string {
	s := string(stem)
	known.Store(&s)
	return s
}

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

// of returns what is known of a word. It keeps no part of norm.
func (m *memo) of(norm []byte, f form) *word {
	if f.long {
		return newWord(norm, f)
	}
	hash := maphash.Bytes(m.seed, norm)
	s, tag := &m.sets[hash%memoSets], uint32(hash>>32)
	for i := range s.tags {
		if s.tags[i].Load() == tag {
			if w := s.words[i].Load(); w != nil && w.form == f && w.norm() == string(norm) {
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

func newWord(letters []byte, f form) *word {
	var memory [4 * maxStem]byte
	norm := string(letters)
	buf := kazakh.AppendKey(append(memory[:0], norm...), norm)
	w := &word{form: f, keyAt: uint32(len(norm)), stemAt: uint32(len(buf))}
	if !f.long && f.class&digit == 0 {
		w.clues = cluesOf(norm, buf[len(norm):], f)
	}
	if f.class == cyrillic && !f.long {
		buf = appendRussian(buf, norm, f)
	}
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
