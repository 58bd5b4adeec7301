package text

// maxGap is the number of characters that may stand between two letters that were set apart.
const maxGap = 3

// apart returns the end of a word written as single letters from cell i on (к о д, к.о.д, к🔥о🔥д), or i
// where there is none: three letters at least, the same separator between all of them, and for spaces more
// evidence, since prepositions and conjunctions are single letters too.
func (w *scratch) apart(i int) int {
	if i < w.apartDone || w.cells[i].class&letters == 0 || i > 0 && w.cells[i-1].class&inWord != 0 {
		return i
	}
	if i+1 < len(w.cells) && w.cells[i+1].class&inWord != 0 {
		return i
	}
	n, end, gap := 1, i+1, i+1
	gapEnd := gap
	last := i
	for {
		k := w.gapFrom(end)
		if k == end || k >= len(w.cells) || !w.single(k) || w.dotted(k) && w.cells[end].class == space {
			break
		}
		if n == 1 {
			gapEnd = k
		} else if !w.sameGap(gap, gapEnd, end, k) {
			break
		}
		n++
		last = k
		end = k + 1
	}
	spaced := w.cells[gap:gapEnd]
	ok := n >= 3 && w.cells[last].class&letters != 0
	if ok && len(spaced) > 0 && spaced[0].class == space {
		ok = w.spelled(i, last, gapEnd-gap)
	}
	if ok && w.isAlphabet(i, last, gapEnd-gap) {
		ok = false
	}
	if !ok {
		w.apartDone = max(last, i+1)
		return i
	}
	return end
}

// gapFrom returns the end of the separator that begins at cell i.
func (w *scratch) gapFrom(i int) int {
	k := i
	for k < len(w.cells) && k-i <= maxGap {
		c := &w.cells[k]
		if c.class&(inWord|newline) != 0 || c.r == '/' || c.r == ',' || c.r == ':' || c.r == '@' || c.r == '!' || c.r == '?' {
			break
		}
		k++
	}
	if k-i > maxGap || k-i > 1 && w.cells[i].class == dot {
		return i // too far, or abbreviations and initials: т. д.
	}
	return k
}

// single reports whether the cell is a letter that stands alone, or a digit that may stand for one.
func (w *scratch) single(k int) bool {
	c := &w.cells[k]
	if c.class&letters == 0 && c.r != '0' && c.r != '3' {
		return false
	}
	return k+1 >= len(w.cells) || w.cells[k+1].class&inWord == 0
}

// dotted reports whether a dot and another letter follow cell k, as where the next word begins that was
// spelled with dots.
func (w *scratch) dotted(k int) bool {
	return k+2 < len(w.cells) && w.cells[k+1].class == dot && w.cells[k+2].class&letters != 0
}

// sameGap compares two separators; any picture is as good as another.
func (w *scratch) sameGap(a, aEnd, b, bEnd int) bool {
	if w.cells[a].class == symbol {
		return w.cells[b].class == symbol
	}
	if aEnd-a != bEnd-b {
		return false
	}
	for k := 0; k < aEnd-a; k++ {
		if w.cells[a+k].r != w.cells[b+k].r {
			return false
		}
	}
	return true
}

// spelled looks for evidence that letters between spaces spell a word and are not words themselves: a letter
// that is no word, or a preposition followed by another small word. An abbreviation after a preposition at
// the end (в г. Алматы) is no evidence.
func (w *scratch) spelled(i, last, gap int) bool {
	var before rune
	step := gap + 1
	evidence := 0
	for k := i; k <= last; k += step {
		c := &w.cells[k]
		if c.class == digit {
			if c.r != '0' {
				return false
			}
			before = 'о'
			continue
		}
		r := c.r
		if twin, _ := cyrillicTwin(r, c.upper); c.class == latin && w.cyrillic > w.latin && twin != 0 {
			r = twin
		}
		preposition := before == 'в' || before == 'к' || before == 'о' || before == 'с' || before == 'у'
		switch {
		case isSmallWord(r):
			if preposition {
				evidence++
			}
		case k == last && preposition:
		default:
			evidence++
		}
		before = r
	}
	return evidence > 0
}

// isSmallWord reports whether the letter is a word by itself.
func isSmallWord(r rune) bool {
	switch r {
	case 'и', 'а', 'в', 'о', 'у', 'к', 'с', 'я', 'е', 'a', 'i', 'u', 'y', 'o', 'v', 'k', 's':
		return true
	}
	return false
}

// isAlphabet reports whether the letters are a list: consecutive letters (а б в) or sizes (S M L).
func (w *scratch) isAlphabet(i, last, gap int) bool {
	consecutive, sizes := true, true
	var seen [128]bool
	for k := i; k <= last; k += gap + 1 {
		c := &w.cells[k]
		if k > i && c.r != w.cells[k-gap-1].r+1 {
			consecutive = false
		}
		sizes = sizes && (c.r == 's' || c.r == 'm' || c.r == 'l' || c.r == 'x') && !seen[c.r]
		if sizes {
			seen[c.r] = true
		}
		if !consecutive && !sizes {
			return false
		}
	}
	return true
}

// emojiInside returns the end of a word that has pictures between its letters, or j where there is none:
// cell j follows the first part. One part at least must be too short to be a word.
func (w *scratch) emojiInside(i, j int) int {
	if i < w.joinDone || j >= len(w.cells) || w.cells[j].class != symbol {
		return j
	}
	end := j
	short := w.isScrap(i, j)
	for {
		k := end
		for k < len(w.cells) && k-end <= maxGap && w.cells[k].class == symbol {
			k++
		}
		if k == end || k-end > maxGap || k >= len(w.cells) || w.cells[k].class&letters == 0 {
			break
		}
		m := k + 1
		for m < len(w.cells) && w.cells[m].class&inWord != 0 {
			m++
		}
		short = short || w.isScrap(k, m)
		end = m
	}
	if end == j || !short || w.cells[i].class&letters == 0 {
		w.joinDone = end
		return j
	}
	return end
}

// isScrap reports whether cells [i,j) are one or two letters that make no word.
func (w *scratch) isScrap(i, j int) bool {
	switch j - i {
	case 1:
		return !isSmallWord(w.cells[i].r)
	case 2:
		return !shortWords[[2]rune{w.cells[i].r, w.cells[i+1].r}]
	}
	return false
}

var shortWords = pairs("да не ни на но по за из до от об со во вы мы ты он то ну уж ли же бы их ее ей ок " +
	"ма ме ба бе па пе де та те ал ол бұ ия ту от ай үй ет ат су")

func pairs(list string) map[[2]rune]bool {
	set := map[[2]rune]bool{}
	for word := range wordSet(list) {
		r := []rune(word)
		set[[2]rune{r[0], r[1]}] = true
	}
	return set
}

// isStretched reports whether a word has a letter three times in a row for emphasis. Words of one letter
// only (www), abbreviations without a vowel (СССР) and Roman numbers are left alone.
func isStretched(word []cell) bool {
	triple, vowel, other, roman := false, false, false, true
	for i := range word {
		r := word[i].r
		if word[i].class == digit {
			return false
		}
		if i >= 2 && word[i-1].r == r && word[i-2].r == r {
			triple = true
		}
		vowel = vowel || isVowel(r)
		other = other || r != word[0].r
		roman = roman && (r == 'i' || r == 'v' || r == 'x' || r == 'l' || r == 'c')
	}
	return triple && vowel && other && !roman
}
