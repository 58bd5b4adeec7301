package text

// punctuation notes the end of a sentence at cell i.
func (w *scratch) punctuation(d *Document, i int) {
	switch w.cells[i].class {
	case newline, ender:
		w.ended = true
	case dot:
		if w.dotEnds(i) {
			w.ended = true
		}
	}
}

// dotEnds reports whether the dot at cell i ends a sentence: not inside a number, a link or a word spelled
// with dots, and not after an abbreviation or an initial.
func (w *scratch) dotEnds(i int) bool {
	var next class
	if i+1 < len(w.cells) {
		next = w.cells[i+1].class
	}
	if next == dot || i > 0 && w.cells[i-1].class == dot {
		return true
	}
	start := i
	for start > 0 && i-start <= maxAbbreviation && w.cells[start-1].class&inWord != 0 {
		start--
	}
	before := w.cells[start:i]
	if next&inWord != 0 {
		// No space behind: the end of a sentence only between two Cyrillic words of some length.
		return len(before) > 2 && before[len(before)-1].class == cyrillic && next == cyrillic && !w.isDomainEnd(i+1)
	}
	if len(before) == 0 || len(before) > maxAbbreviation {
		return true
	}
	if len(before) == 1 && before[0].class&letters != 0 {
		return false
	}
	var buf [2 * maxAbbreviation]byte
	name := buf[:0]
	for k := range before {
		name = appendRune(name, before[k].r)
		if len(name) > 2*maxAbbreviation-4 {
			return true
		}
	}
	return !abbreviations[string(name)]
}

// isDomainEnd reports whether the word at cell i is a Cyrillic spelling of a domain's last label.
func (w *scratch) isDomainEnd(i int) bool {
	j := i
	for j < len(w.cells) && j-i < 4 && w.cells[j].class&inWord != 0 {
		j++
	}
	word := w.cells[i:j]
	return spells(word, "кз") || spells(word, "рф") || spells(word, "ру") || spells(word, "ком") || spells(word, "қаз")
}

// maxAbbreviation is the number of letters of the longest abbreviation.
const maxAbbreviation = 6

// abbreviations are written with a dot that ends no sentence.
var abbreviations = wordSet(`
	тг тнг тыс млн млрд руб коп долл ул кв стр тел др пр просп пер пос обл окр пл бул гор дер им св см мин сек час
	т.д т.п т.е т.к т.н и.о мкр р-н рис табл изд проф акад доц гл ст уч нач зам моб раб доб вн обр комн
	мың мыс млрд қ көш даң ауд обл жж ғ т.б шт кг гр км л dr mr mrs st no tel min max vs etc inc ltd
`)
