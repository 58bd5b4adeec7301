package text

// unify brings a word of letters to one script and emits it. Words of two languages that were only written
// together (Kaspiден, SMSка) become two tokens.
func (d *Document) unify(word []cell, undone Disguise) {
	w := &d.work
	var s scripts
	s.count(word)
	switch {
	case s.mask == cyrillic || s.mask == greek || s.mask == otherLetter:
		d.emit(word, undone)
		return
	case s.mask == latin:
		if (s.latinOnly == 0 || spells(word, "cmc")) && w.cyrillicAround(word) {
			towardCyrillic(word)
			if len(word) > 1 {
				undone |= Homoglyph // a single letter is a slip of the keyboard: Latin c for с
			}
		}
		d.emit(word, undone)
		return
	case s.mask&(latin|cyrillic) == 0:
		d.emit(word, undone)
		return
	}
	if cut := s.seam(word); cut > 0 {
		d.unify(word[:cut], undone)
		d.unify(word[cut:], undone)
		return
	}
	if w.towards(s) == cyrillic {
		if towardCyrillic(word) {
			undone |= Homoglyph
		}
	} else if towardLatin(word) {
		undone |= Homoglyph
	}
	d.emit(word, undone)
}

// scripts sums up which scripts a word mixes.
type scripts struct {
	mask                    class
	latin, cyrillic         int
	latinOnly, cyrillicOnly int // letters without a twin in the other script
	changes, lastChange     int // places where Latin meets Cyrillic
}

func (s *scripts) count(word []cell) {
	var before class
	for i := range word {
		c := &word[i]
		s.mask |= c.class
		switch c.class {
		case latin:
			s.latin++
			if _, strong := cyrillicTwin(c.r, c.upper); !strong {
				s.latinOnly++
			}
		case cyrillic:
			s.cyrillic++
			if _, strong := latinTwin(c.r, c.upper); !strong {
				s.cyrillicOnly++
			}
		default:
			continue
		}
		if before != 0 && before != c.class {
			s.changes++
			s.lastChange = i
		}
		before = c.class
	}
}

// seam returns the index at which a word of two scripts is to be cut in two, or 0 where it is one disguised
// word: one change of script, and either each side has letters of its own, or a short name in capitals
// carries an ending in small letters.
func (s *scripts) seam(word []cell) int {
	cut := s.lastChange
	if s.changes != 1 || cut < 2 && len(word)-cut < 2 {
		return 0
	}
	if s.latinOnly > 0 && s.cyrillicOnly > 0 {
		return cut
	}
	latinSide := word[:cut]
	if word[0].class != latin {
		latinSide = word[cut:]
	}
	if len(latinSide) < 2 || len(latinSide) == len(word) {
		return 0
	}
	for i := range latinSide {
		if !latinSide[i].upper {
			return 0
		}
	}
	other := &word[cut]
	if word[0].class != latin {
		other = &word[cut-1]
	}
	if other.upper {
		return 0
	}
	return cut
}

// towards decides which script a mixed word belongs to.
func (w *scratch) towards(s scripts) class {
	switch {
	case s.cyrillicOnly > 0 && s.latinOnly == 0:
		return cyrillic
	case s.latinOnly > 0 && s.cyrillicOnly == 0 && s.cyrillic > 0:
		return latin
	case s.cyrillic == 0:
		return latin
	case s.latin == 0:
		return cyrillic
	case s.cyrillicOnly == 0 && w.cyrillic*4 < w.latin:
		// Nothing in the word decides: the text does.
		return latin
	case s.cyrillicOnly == 0:
		return cyrillic
	case s.latin > s.cyrillic:
		return latin
	}
	return cyrillic
}

// cyrillicAround reports whether a Latin word, all of whose letters have Cyrillic twins, stands for a Cyrillic
// word: the text is mostly Cyrillic, the word is no known Latin one and reads as a word, or as a preposition,
// or is the СМС of every bank.
func (w *scratch) cyrillicAround(word []cell) bool {
	if len(word) == 2 || len(word) > maxStem || w.cyrillic <= 2*w.latinOnly || w.nextToLink(word) {
		return false
	}
	var ascii [maxStem]byte
	vowels := 0
	for i := range word {
		r := word[i].r
		if r >= 0x80 {
			return false
		}
		ascii[i] = byte(r)
		twin, _ := cyrillicTwin(r, word[i].upper)
		if isKazakhLetter(twin) {
			return false // Choco, XIII: і and һ are rare, i and h are not
		}
		if isVowel(twin) {
			vowels++
		}
	}
	switch name := string(ascii[:len(word)]); {
	case len(word) == 1:
		return name == "a" || name == "c" || name == "o" || name == "y" || name == "k"
	case name == "cmc":
		return true
	default:
		return vowels > 0 && !latinWords[name]
	}
}

// latinWords holds the words and names that consist of letters with Cyrillic twins and still are Latin.
var latinWords = wordSet(`
	ace ai amex app apex ape ah ape atm atp bet bmx bot box btc cam camp cap cape cat cco ceo chat cbt
	coach com coe copy cpa cpc cpm cto cbp eth exe expo epay epic ex hack hah hex hey hoax home hope hot
	hp hype http ico imac ip ipo key keep kia kpi kyc make map max mac mb maxim mex mmm mtc mt oa oac ok okay
	okx one oppo opec otp otc pace pack pc pay papa pct pet phi pi pic pip pix poco poe pop pma ppc proxy
	tax team tech tcp text the tie time tik tim tip tmb to toe top tp type txt xbet xbox xmax xp xxx yoyo
	hamachi tokyo bybit bitbit yahoo apache api
`)

// nextToLink reports whether the word is glued to signs that make it a part of a link, an address or a name.
func (w *scratch) nextToLink(word []cell) bool {
	first, last := word[0].start, word[len(word)-1].end
	if w.text == "" {
		return false
	}
	if first > 0 && isLinkSign(w.text[first-1]) {
		return true
	}
	if int(last) < len(w.text) && isLinkSign(w.text[last]) {
		return w.text[last] != '.' || int(last)+1 < len(w.text) && w.text[last+1] > ' '
	}
	return false
}

func isLinkSign(b byte) bool {
	switch b {
	case '.', '/', '@', '_', '=', '&', '#', '%', '\\', '~':
		return true
	}
	return false
}

// towardCyrillic replaces every letter of another script that looks like a Cyrillic one. It reports whether
// that undid a disguise: Latin і, һ, ә or ө in a Kazakh word only come from a poor keyboard.
func towardCyrillic(word []cell) bool {
	changed := false
	for i := range word {
		c := &word[i]
		var twin rune
		switch c.class {
		case latin:
			twin, _ = cyrillicTwin(c.r, c.upper)
		case greek, otherLetter:
			twin = foreignTwin(c.r).cyrillic
		}
		if twin == 0 {
			continue
		}
		if c.class != latin || !isKazakhLetter(twin) {
			changed = true
		}
		c.r, c.class, c.borrowed = twin, cyrillic, c.class == latin
	}
	return changed
}

// paintsLatin reports whether a Cyrillic word is a Latin one in disguise (каѕрі): it has a letter that neither
// Russian nor Kazakh writes, and every letter has a Latin twin.
func paintsLatin(word []cell) bool {
	foreign := false
	for i := range word {
		switch word[i].r {
		case 'ѕ', 'ј', 'ԁ', 'ԛ', 'ԝ', 'ѵ', 'ӏ':
			foreign = true
		}
	}
	if !foreign {
		return false
	}
	for i := range word {
		if twin, _ := latinTwin(word[i].r, word[i].upper); twin == 0 {
			return false
		}
	}
	return true
}

// towardLatin is the reverse of towardCyrillic.
func towardLatin(word []cell) bool {
	changed := false
	for i := range word {
		c := &word[i]
		var twin rune
		switch c.class {
		case cyrillic:
			twin, _ = latinTwin(c.r, c.upper)
		case greek, otherLetter:
			twin = foreignTwin(c.r).latin
		}
		if twin != 0 {
			c.r, c.class = twin, latin
			changed = true
		}
	}
	return changed
}
