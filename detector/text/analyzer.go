package text

import (
	"bytes"
	"sync"

	"github.com/aldanba/aldanba/detector/kazakh"
)

// Analyzer reads texts. It is safe for concurrent use and remembers Russian stems, so one is made and shared.
type Analyzer struct {
	memo *memo
	pool sync.Pool
}

// NewAnalyzer returns an Analyzer with an empty memory.
func NewAnalyzer() *Analyzer {
	a := &Analyzer{memo: newMemo()}
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
	w := &d.work
	for i := range w.forms {
		f := &w.forms[i]
		if !f.long && f.class&digit == 0 && f.class&(cyrillic|latin) != 0 && (f.special || d.Lang != Russian) {
			w.kazakhStem(f)
		}
	}
	keys := string(w.buf)
	for i := range d.Tokens {
		t, f := &d.Tokens[i], &w.forms[i]
		t.Key = keys[f.key[0]:f.key[1]]
		t.KK = keys[f.kk[0]:f.kk[1]]
		switch {
		case f.long:
		case f.class == cyrillic && isRussianWord(t.Norm):
			t.RU = d.home.memo.russianStem(t.Norm)
		case f.class == latin && (d.Lang == Russian || d.Lang == Mixed) && isRussianWord(t.Key):
			w.buf = translit(w.buf[:0], t.Key)
			t.RU = d.home.memo.russianStem(string(w.buf))
		}
	}
}

// kazakhStem appends the Kazakh stem of a word to the buffer. Mostly it is the beginning of the key, and
// then shares its bytes.
func (w *scratch) kazakhStem(f *form) {
	key := w.buf[f.key[0]:f.key[1]]
	start := len(w.buf)
	w.buf = kazakh.AppendStem(w.buf, key)
	stem := w.buf[start:]
	if bytes.HasPrefix(key, stem) {
		f.kk = [2]int32{f.key[0], f.key[0] + int32(len(stem))}
		w.buf = w.buf[:start]
		return
	}
	f.kk = [2]int32{int32(start), int32(len(w.buf))}
}
