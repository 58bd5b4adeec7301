package text

// Disguise is a set of bit flags that tell what was undone on a token.
type Disguise uint8

// The disguises that are recognised and undone.
const (
	Homoglyph Disguise = 1 << iota // a letter of another script that looks the same: cyкa, КAЗAК
	Digit                          // a digit or sign in place of a letter: к0д, KA3AK, k@spi
	Apart                          // letters set apart: к о д, к.о.д
	Hidden                         // invisible characters or stray combining marks inside the word
	Stretched                      // a letter repeated three times or more: сроооочно
	Styled                         // letters from the decorative ranges of Unicode: 𝐤𝐚𝐬𝐩𝐢, ⓚⓞⓓ
	Emoji                          // pictures inside the word: ко🔥д
)

// Token is one word or one number of a text.
type Token struct {
	Start, End int      // byte span in Document.Original; a disguised word spans all that it was written with
	Norm       string   // NFKC, lower case, ё as е, disguise undone; Kazakh letters are kept, Latin words stay Latin
	Key        string   // kazakh.Key of Norm: one form for every spelling of the word
	RU         string   // Russian stem of Norm in key space; "" where the token cannot be Russian
	KK         string   // Kazakh stem in key space; "" where the token cannot be Kazakh
	Sentence   int      // 0-based number of the sentence
	Undone     Disguise // what had to be undone to read the word
	Notes      *Notes   // kept with the word as long as it is remembered
}

// Document is a text after Parse.
type Document struct {
	Original string   // the text as it was given
	Tokens   []Token  // words and numbers in the order of the text; their spans do not overlap
	Lang     Lang     // language of the whole text
	Undone   Disguise // all that was undone on any token

	home *Analyzer
	work scratch
}

// scratch holds the buffers of one Parse. They live with the pooled Document, so that a warm Parse allocates
// nothing but the strings it hands out.
type scratch struct {
	text   string // what is being read
	cells  []cell
	word   []cell
	buf    []byte     // the norms of all tokens, one after the other
	norms  [][2]int32 // token → its norm in buf
	forms  []form     // token → what its letters are
	hashes []uint64   // token → hash of its norm
	words  []*word    // token → what is known of it

	cyrillic, latin, latinOnly int // letters in the whole text: of each script, and Latin without a Cyrillic twin

	apartDone int  // cells before this index were already tried as the start of a run of single letters
	joinDone  int  // cells before this index were already tried as a word with emoji inside
	sentence  int  // number of the current sentence
	ended     bool // an end of sentence was seen since the last token
}

// norm gives the norm of token i.
func (w *scratch) norm(i int) []byte { return w.buf[w.norms[i][0]:w.norms[i][1]] }

// form remembers what kind of letters a token was made of.
type form struct {
	class   class
	special bool // holds letters that only Kazakh has
	long    bool // too long to be worth stemming
}

// maxText bounds what one Parse reads; what lies beyond is left unread. Callers cap messages far below.
const maxText = 16 << 20

// maxStem is the number of letters beyond which a word is not stemmed: no word of either language is longer.
const maxStem = 64

// scan cuts the folded text into tokens.
func (d *Document) scan() {
	w := &d.work
	for i := 0; i < len(w.cells); {
		if w.cells[i].class&inWord == 0 {
			w.punctuation(d, i)
			i++
			continue
		}
		if end := d.plain(i); end > i {
			i = end
			continue
		}
		if end := w.apart(i); end > i {
			d.joined(i, end, Apart)
			i = end
			continue
		}
		j, joiners := w.chunk(i)
		if end := w.emojiInside(i, j); end > j {
			d.joined(i, end, Emoji)
			i = end
			continue
		}
		if end := w.broken(i, j); end > j {
			undone := Apart
			if w.cells[j].class == symbol {
				undone = Emoji
			}
			d.joined(i, end, undone)
			i = end
			continue
		}
		if joiners {
			d.joined(i, j, 0)
		} else {
			d.resolve(w.cells[i:j], 0)
		}
		i = j
	}
}

// plain emits the word that begins at cell i if it is an ordinary one, as nearly all are: two Cyrillic letters of
// Russian or Kazakh or more, nothing disguised, nothing before the next word that could belong to it. It returns
// the end of the word, or i where the word has to be looked at more closely.
func (d *Document) plain(i int) int {
	w := &d.work
	cells, buf := w.cells, w.buf
	f := form{class: cyrillic}
	start := len(buf)
	j := i
	var last, beforeLast rune
	for ; j < len(cells) && cells[j].class == cyrillic; j++ {
		c := &cells[j]
		if c.r < 'а' || c.r > 'я' {
			if !isKazakhLetter(c.r) {
				return i
			}
			f.special = true
		}
		if c.undone != 0 || c.after && j > i || c.r == last && c.r == beforeLast {
			return i
		}
		last, beforeLast = c.r, last
		buf = append(buf, 0xC0|byte(c.r>>6), 0x80|byte(c.r)&0x3F)
	}
	if j-i < 2 || j-i > maxStem || j < len(cells) && (cells[j].class&(space|newline|dot|ender|punct) == 0 || w.breaks(j)) {
		return i
	}
	w.buf = buf
	d.add(cells[i:j], start, f, 0)
	return j
}

// chunk returns the end of the run of letters and digits that begins at cell i, and whether the run has
// signs inside: apostrophes, or signs that stand for letters.
func (w *scratch) chunk(i int) (end int, joiners bool) {
	j, signs := i+1, false
	for j < len(w.cells) {
		c := w.cells[j].class
		if c&inWord != 0 {
			j++
			continue
		}
		if c&(apostrophe|leet) == 0 {
			break
		}
		if signs && c == leet && (j+1 >= len(w.cells) || w.cells[j+1].class == space) {
			return j + 1, true
		}
		if j+1 >= len(w.cells) {
			break
		}
		before, after := w.cells[j-1].class, w.cells[j+1].class
		if before&letters == 0 || after&letters == 0 {
			break
		}
		if c == leet && (before != after || w.looksLikeAddress(j)) {
			break
		}
		joiners = true
		signs = signs || c == leet
		j++
	}
	return j, joiners
}

// looksLikeAddress reports whether the sign at cell j belongs to an address such as name@host.kz.
func (w *scratch) looksLikeAddress(j int) bool {
	for k := j + 1; k < len(w.cells) && k < j+maxStem; k++ {
		c := w.cells[k].class
		if c&inWord != 0 || c == hyphen {
			continue
		}
		return c == dot && k+1 < len(w.cells) && w.cells[k+1].class&letters != 0
	}
	return false
}

// joined reads cells [i,j) as one word, leaving out what is neither a letter, a digit nor a sign for a letter.
func (d *Document) joined(i, j int, undone Disguise) {
	w := &d.work
	keep := inWord
	if undone == 0 {
		keep |= leet
	}
	word := w.word[:0]
	for _, c := range w.cells[i:j] {
		if c.class&keep != 0 {
			word = append(word, c)
		}
	}
	w.word = word
	d.resolve(word, undone)
}

// resolve undoes what is left of the disguise in one word and emits it, as several tokens where words of
// two scripts or words and numbers were written together. It changes the cells of the word.
func (d *Document) resolve(word []cell, undone Disguise) {
	var mask class
	for i := range word {
		mask |= word[i].class
	}
	switch {
	case mask == digit:
		d.emit(word, undone)
	case mask&(digit|leet) != 0 && d.work.undoDigits(word):
		d.unify(word, undone|Digit)
	case mask&leet != 0:
		d.splitSigns(word, undone)
	case mask&digit != 0:
		d.splitNumbers(word, undone)
	case mask == cyrillic:
		if paintsLatin(word) {
			towardLatin(word)
			undone |= Homoglyph
		}
		d.emit(word, undone)
	default:
		d.unify(word, undone)
	}
}

// splitSigns emits what stands between signs that are no letters.
func (d *Document) splitSigns(word []cell, undone Disguise) {
	start := 0
	for i := range word {
		if word[i].class != leet {
			continue
		}
		if i > start {
			d.resolve(word[start:i], undone)
		}
		start = i + 1
	}
	if start < len(word) {
		d.resolve(word[start:], undone)
	}
}

// splitNumbers emits a word in which digits are digits: the number and the words around it apart where
// every word has two letters or more (5000тенге, kz2030), else as one token (A4, 5G, p2p).
func (d *Document) splitNumbers(word []cell, undone Disguise) {
	whole := false
	for i := 0; i < len(word); {
		j := i + 1
		for j < len(word) && word[j].class&digit == word[i].class&digit {
			j++
		}
		if word[i].class&digit == 0 && j-i < 2 {
			whole = true
			break
		}
		i = j
	}
	if whole {
		d.emit(word, undone)
		return
	}
	for i := 0; i < len(word); {
		j := i + 1
		for j < len(word) && word[j].class&digit == word[i].class&digit {
			j++
		}
		if word[i].class&digit != 0 {
			d.emit(word[i:j], undone)
		} else {
			d.unify(word[i:j], undone)
		}
		i = j
	}
}

// emit writes one token.
func (d *Document) emit(word []cell, undone Disguise) {
	w := &d.work
	f := form{long: len(word) > maxStem}
	start := len(w.buf)
	stretched := isStretched(word)
	var last rune
	for i := range word {
		c := &word[i]
		f.class |= c.class
		if i > 0 && c.after {
			undone |= Hidden
		}
		undone |= c.undone
		if stretched && c.r == last {
			// A doubled letter tells nothing either: the key collapses it anyway.
			if i+1 < len(word) && word[i+1].r == c.r || i > 1 && word[i-2].r == c.r {
				undone |= Stretched
				continue
			}
		}
		last = c.r
		f.special = f.special || !c.borrowed && isKazakhLetter(c.r)
		w.buf = appendRune(w.buf, c.r)
	}
	d.add(word, start, f, undone)
}

// add adds a token of the word, whose norm was written to w.buf from start on.
func (d *Document) add(word []cell, start int, f form, undone Disguise) {
	w := &d.work
	if w.ended {
		if len(d.Tokens) > 0 {
			w.sentence++
		}
		w.ended = false
	}
	w.norms, w.forms = append(w.norms, [2]int32{int32(start), int32(len(w.buf))}), append(w.forms, f)
	d.Undone |= undone
	d.Tokens = append(d.Tokens, Token{
		Start:    int(word[0].start),
		End:      int(word[len(word)-1].end),
		Sentence: w.sentence,
		Undone:   undone,
	})
}
