package text

// undoDigits replaces digits and signs that stand for letters inside a word. It changes nothing and returns
// false where the digits are digits: numbers, model names, dates, sizes.
func (w *scratch) undoDigits(word []cell) bool {
	if len(word) < 3 || len(word) > maxStem {
		return false
	}
	script := w.digitScript(word)
	if script == 0 {
		return false
	}
	count, signs := 0, 0
	vowels, consonants, worst := 0, 0, 0
	for i := range word {
		c := &word[i]
		r := c.r
		if c.class&(digit|leet) != 0 {
			if !standsForLetter(word, i, script) {
				return false
			}
			if r = letterFor(word, i, script); r == 0 {
				return false
			}
			count++
			if c.class == leet || c.r == '0' {
				signs++
			}
		}
		if isVowel(r) {
			if c.class&(letters|leet) != 0 || c.r == '0' {
				vowels++
			}
			consonants = 0
		} else {
			consonants++
			worst = max(worst, consonants)
		}
	}
	// A word reads as a word when it has vowels in the right measure and more letters than digits.
	n := len(word) - count
	if vowels == 0 || worst > 4 || n < 3 && count != signs {
		return false
	}
	if n < 2*count && !(count == signs && n > count) {
		return false
	}
	if script == latin && (n < 3 && word[1].r != '0' || w.nextToLink(word) || !evenCase(word)) {
		return false
	}
	for i := range word {
		c := &word[i]
		if c.class&(digit|leet) != 0 {
			r := letterFor(word, i, script)
			c.r, c.class, c.upper = r, script, word[max(i-1, 0)].upper
		}
	}
	return true
}

// digitScript returns the script that the digits of a word have to be read in, 0 where there is none.
func (w *scratch) digitScript(word []cell) class {
	var s scripts
	s.count(word)
	switch {
	case s.mask&(greek|otherLetter) != 0:
		return 0
	case s.cyrillic > 0 && s.latinOnly == 0:
		return cyrillic
	case s.cyrillic > 0 || s.latin == 0:
		return 0
	case s.latinOnly > 0:
		return latin
	}
	for i := range word {
		if word[i].r == '$' {
			return latin
		}
	}
	if w.cyrillic > 2*w.latinOnly {
		return cyrillic
	}
	// Letters with twins only: a 3 beside a vowel is no e, it is the Cyrillic з (KA3AK).
	for i := 1; i+1 < len(word); i++ {
		if word[i].r == '6' || word[i].r == '3' && (isVowel(word[i-1].r) || isVowel(word[i+1].r)) {
			return cyrillic
		}
	}
	return latin
}

// standsForLetter reports whether the digit at i stands where a letter can: between two letters of the word,
// a double zero between them, a last zero of a long Cyrillic word, a last sign after others, or the first letter of a common word.
func standsForLetter(word []cell, i int, script class) bool {
	if i == 0 {
		return script == cyrillic && startsCommonWord(word)
	}
	if i == len(word)-1 {
		if word[i].class == leet {
			return true
		}
		return script == cyrillic && word[i].r == '0' && i >= 4 && word[i-1].class&letters != 0
	}
	before, after := word[i-1].class&letters != 0, word[i+1].class&letters != 0
	if before && after {
		return true
	}
	if word[i].r != '0' {
		return false
	}
	if before {
		return word[i+1].r == '0' && i+2 < len(word) && word[i+2].class&letters != 0
	}
	return word[i-1].r == '0' && i >= 2 && word[i-2].class&letters != 0 && after
}

// letterFor returns the letter that the digit or sign at i stands for, 0 for none.
func letterFor(word []cell, i int, script class) rune {
	r := word[i].r
	beside := i > 0 && isVowel(word[i-1].r) || i+1 < len(word) && isVowel(word[i+1].r)
	if script == latin {
		switch r {
		case '0':
			return 'o'
		case '1':
			if beside {
				return 'l'
			}
			return 'i'
		case '3', '€':
			return 'e'
		case '4', '@':
			return 'a'
		case '5', '$':
			return 's'
		case '7':
			return 't'
		}
		return 0
	}
	switch r {
	case '0':
		return 'о'
	case '1':
		if beside {
			return 'л'
		}
		return 'и'
	case '3':
		if beside || i == 0 {
			return 'з'
		}
		return 'е'
	case '4':
		if beside || i == 0 {
			return 'ч'
		}
		return 'а'
	case '6':
		return 'б'
	case '8':
		return 'в'
	case '@':
		return 'а'
	case '$':
		return 'с'
	case '€':
		return 'е'
	}
	return 0
}

// startsCommonWord reports whether a word that begins with a digit reads, with the letter in its place, as
// the beginning of a word that scams disguise. Everything else that begins with a digit is a count (3дня).
func startsCommonWord(word []cell) bool {
	first := letterFor(word, 0, cyrillic)
next:
	for _, start := range digitStarts {
		i := 0
		for _, r := range start {
			if i >= len(word) {
				continue next
			}
			got := word[i].r
			if i == 0 {
				got = first
			} else if word[i].class == latin {
				got, _ = cyrillicTwin(got, word[i].upper)
			} else if word[i].class == digit {
				got = letterFor(word, i, cyrillic)
			}
			if got != r {
				continue next
			}
			i++
		}
		return true
	}
	return false
}

var digitStarts = []string{
	"заказ", "звон", "защит", "займ", "заявк", "заход", "зайд", "зарабо", "зарпл", "запис",
	"банк", "безоп", "бесплат", "бонус", "баланс", "блокир", "быстр",
	"оплат", "отправ", "откр", "операц", "обмен", "код",
	"что", "чек", "через", "выигр", "вклад", "вывод", "ваш",
}

// evenCase reports whether the letters are written as people write words: all small, all capitals, or
// one capital in front. Identifiers and random strings are not.
func evenCase(word []cell) bool {
	small, capital := 0, 0
	for i := range word {
		if word[i].class&letters == 0 {
			continue
		}
		if word[i].upper {
			if i > 0 {
				capital++
			}
		} else {
			small++
		}
	}
	return small == 0 || capital == 0
}
