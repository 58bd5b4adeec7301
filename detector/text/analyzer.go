package text

import (
	"hash/maphash"
	"sync"
)

// Analyzer reads texts. It is safe for concurrent use and remembers words, so one is made and shared.
type Analyzer struct {
	words *memo
	clues *clueMemo
	pool  sync.Pool
}

// NewAnalyzer returns an Analyzer with an empty memory.
func NewAnalyzer() *Analyzer {
	a := &Analyzer{words: newMemo(), clues: &clueMemo{seed: maphash.MakeSeed()}}
	a.pool.New = func() any { return &Document{home: a} }
	return a
}

// Parse reads a text of any content, valid UTF-8 or not. The document is to be given back with Release.
func (a *Analyzer) Parse(s string) *Document {
	d := a.scan(s)
	d.readWords()
	e := d.work.evidence()
	for _, w := range d.work.words[:min(len(d.work.words), maxLangTokens)] {
		if w.form.counts() {
			e.add(w.form, w.clues)
		}
	}
	d.Lang = e.decide()
	d.stems()
	return d
}

// Language guesses the language of a text as Parse does, without working out more of its words.
func (a *Analyzer) Language(s string) Lang {
	d := a.scan(s)
	defer d.Release()
	w := &d.work
	e := w.evidence()
	for i, f := range w.forms[:min(len(w.forms), maxLangTokens)] {
		if f.counts() {
			e.add(f, a.clues.of(w.norm(i), f))
		}
	}
	return e.decide()
}

// scan cuts a text into tokens.
func (a *Analyzer) scan(s string) *Document {
	d := a.pool.Get().(*Document)
	d.Original = s
	if len(s) > maxText {
		s = s[:maxText]
	}
	d.work.text = s
	d.work.fold(s)
	d.scan()
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
	clear(w.words)
	*w = scratch{cells: w.cells[:0], word: w.word[:0], forms: w.forms[:0], norms: w.norms[:0], hashes: w.hashes[:0], words: w.words[:0], buf: w.buf[:0]}
	if cap(w.cells) > keptCells || cap(d.Tokens) > keptCells || cap(w.buf) > 8*keptCells {
		*w, d.Tokens = scratch{}, nil
	}
	d.Original, d.Tokens, d.Lang, d.Undone = "", d.Tokens[:0], Other, 0
	d.home.pool.Put(d)
}

// readWords looks up what is known of every token. It goes over them in short rounds of which each does one thing, so
// that the waits for memory, which are most of the work, overlap.
func (d *Document) readWords() {
	w, memo := &d.work, d.home.words
	for i := range w.norms {
		w.hashes = append(w.hashes, maphash.Bytes(memo.seed, w.norm(i)))
	}
	for _, hash := range w.hashes {
		w.words = append(w.words, memo.guess(hash))
	}
	for i, guess := range w.words {
		known := guess
		if guess == nil || !guess.is(w.norm(i), w.forms[i]) {
			known = memo.of(w.norm(i), w.forms[i], w.hashes[i])
			w.words[i] = known
		}
		d.Tokens[i].Norm = known.norm()
	}
}

// stems gives every token its Key and its stems; the language is known by now.
func (d *Document) stems() {
	for i := range d.Tokens {
		t, w := &d.Tokens[i], d.work.words[i]
		t.Key, t.RU = w.part(keyPart), w.part(russianPart)
		way := withoutKazakh
		if w.form.special || d.Lang != Russian {
			t.KK, way = w.part(kazakhPart), withKazakh
		}
		if d.Lang == Russian || d.Lang == Mixed {
			if stem := w.part(translitPart); stem != "" {
				t.RU = stem
				if d.Lang == Mixed {
					way = withBoth
				}
			}
		}
		t.Notes = &w.notes[way]
	}
}
