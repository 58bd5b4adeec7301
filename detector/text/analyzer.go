package text

import (
	"strings"
	"sync"

	"github.com/aldanba/aldanba/detector/kazakh"
)

// Analyzer reads texts. It is safe for concurrent use and remembers stems, so one is made and shared.
type Analyzer struct {
	russian  *memo // by Norm
	translit *memo // by Key
	kazakh   *memo // by Key
	pool     sync.Pool
}

// NewAnalyzer returns an Analyzer with an empty memory.
func NewAnalyzer() *Analyzer {
	a := &Analyzer{russian: newMemo(russianStem), translit: newMemo(translitStem), kazakh: newMemo(kazakhStem)}
	a.pool.New = func() any { return &Document{home: a} }
	return a
}

// Parse reads a text of any content, valid UTF-8 or not. The document is to be given back with Release.
func (a *Analyzer) Parse(s string) *Document {
	d := a.read(s)
	d.stems()
	return d
}

// Language guesses the language of a text without stemming it.
func (a *Analyzer) Language(s string) Lang {
	d := a.read(s)
	defer d.Release()
	return d.Lang
}

func (a *Analyzer) read(s string) *Document {
	d := a.pool.Get().(*Document)
	d.Original = s
	if len(s) > maxText {
		s = s[:maxText]
	}
	d.work.text = s
	d.work.fold(s)
	d.scan()
	d.normsAndKeys()
	d.Lang = d.work.language(d.Tokens)
	return d
}

// keptCells is the size of the buffers that are kept for the next text; larger ones, made by the rare giant
// text, go back to the garbage collector.
const keptCells = 16 << 10

// Release gives the document back for reuse. Neither it nor its Tokens may be used afterwards; the strings
// taken from them stay valid.
func (d *Document) Release() {
	w := &d.work
	clear(d.Tokens)
	*w = scratch{cells: w.cells[:0], word: w.word[:0], forms: w.forms[:0], buf: w.buf[:0]}
	if cap(w.cells) > keptCells || cap(d.Tokens) > keptCells || cap(w.buf) > 8*keptCells {
		*w, d.Tokens = scratch{}, nil
	}
	d.Original, d.Tokens, d.Lang, d.Undone = "", d.Tokens[:0], Other, 0
	d.home.pool.Put(d)
}

// normsAndKeys gives every token its Norm, all of them parts of one string, and leaves the keys in the buffer.
func (d *Document) normsAndKeys() {
	w := &d.work
	norms := string(w.buf)
	w.buf = w.buf[:0]
	for i := range d.Tokens {
		t, f := &d.Tokens[i], &w.forms[i]
		t.Norm = norms[f.norm[0]:f.norm[1]]
		f.key[0] = int32(len(w.buf))
		w.buf = kazakh.AppendKey(w.buf, t.Norm)
		f.key[1] = int32(len(w.buf))
	}
}

// stems gives every token its Key and its stems; the language is known by now.
func (d *Document) stems() {
	w, a := &d.work, d.home
	keys := string(w.buf)
	for i := range d.Tokens {
		t, f := &d.Tokens[i], &w.forms[i]
		t.Key = keys[f.key[0]:f.key[1]]
		if f.long || f.class&digit != 0 || f.class&(cyrillic|latin) == 0 {
			continue
		}
		if f.special || d.Lang != Russian {
			t.KK = a.kazakh.of(t.Key)
		}
		switch {
		case f.class == cyrillic && isRussianWord(t.Norm):
			t.RU = a.russian.of(t.Norm)
		case f.class == cyrillic && !f.special && isRussianWord(t.Key):
			// A Latin i in a Russian word (пiн) was read as the Kazakh letter.
			if norm := strings.ReplaceAll(t.Norm, "і", "и"); isRussianWord(norm) {
				t.RU = a.russian.of(norm)
			}
		case f.class == latin && (d.Lang == Russian || d.Lang == Mixed) && isRussianWord(t.Key):
			t.RU = a.translit.of(t.Key)
		}
	}
}
