package entity

import "unicode/utf8"

// unitWord is a word behind a number: a multiplier or a currency.
type unitWord struct {
	word     string // Kazakh letters in their Russian form
	begins   bool   // longer words that start with it count too
	factor   float64
	currency string
}

var unitWords = []unitWord{
	{"тыс", false, 1e3, ""}, {"тысяч", true, 1e3, ""}, {"тысч", true, 1e3, ""}, {"тыщ", true, 1e3, ""},
	{"мын", false, 1e3, ""}, {"мынга", false, 1e3, ""}, {"мынды", false, 1e3, ""}, {"мыннан", false, 1e3, ""},
	{"мыннын", false, 1e3, ""}, {"мынын", false, 1e3, ""}, {"мындык", false, 1e3, ""}, {"мындай", false, 1e3, ""},
	{"myn", false, 1e3, ""}, {"myng", true, 1e3, ""}, {"mynga", false, 1e3, ""}, {"mynnan", false, 1e3, ""},
	{"mıń", true, 1e3, ""}, {"myń", true, 1e3, ""}, {"mıng", true, 1e3, ""}, {"ming", false, 1e3, ""}, {"mingga", false, 1e3, ""},
	{"mıñ", true, 1e3, ""}, {"myñ", true, 1e3, ""}, {"tys", false, 1e3, ""}, {"tysyach", true, 1e3, ""}, {"tis", false, 1e3, ""},
	{"млн", true, 1e6, ""}, {"миллион", true, 1e6, ""}, {"милион", true, 1e6, ""}, {"лям", true, 1e6, ""},
	{"mln", true, 1e6, ""}, {"million", true, 1e6, ""}, {"млрд", true, 1e9, ""}, {"миллиард", true, 1e9, ""}, {"mlrd", true, 1e9, ""},
	{"тыстг", false, 1e3, "KZT"}, {"тыстенге", false, 1e3, "KZT"}, {"мынтг", false, 1e3, "KZT"}, {"мынтенге", false, 1e3, "KZT"}, {"млнтг", false, 1e6, "KZT"},
	{"тенге", true, 0, "KZT"}, {"тг", false, 0, "KZT"}, {"тнг", false, 0, "KZT"}, {"тгге", false, 0, "KZT"},
	{"tenge", true, 0, "KZT"}, {"teńge", true, 0, "KZT"}, {"teñge", true, 0, "KZT"}, {"tg", false, 0, "KZT"},
	{"tng", false, 0, "KZT"}, {"kzt", false, 0, "KZT"}, {"теньге", true, 0, "KZT"}, {"тенгэ", false, 0, "KZT"},
	{"доллар", true, 0, "USD"}, {"долл", false, 0, "USD"}, {"бакс", true, 0, "USD"}, {"usd", false, 0, "USD"}, {"dollar", true, 0, "USD"},
	{"usdt", false, 0, "USDT"}, {"юсдт", false, 0, "USDT"},
	{"евро", false, 0, "EUR"}, {"eur", false, 0, "EUR"}, {"euro", false, 0, "EUR"},
	{"руб", true, 0, "RUB"}, {"rub", true, 0, "RUB"},
}

// unit reads a word behind a number. Single letters count only where they are
// glued to it ("45к"); "т" is a thousand below a thousand and tenge above.
// abbreviated says that a dot and another letter follow, as in "45т.р.".
func unit(low []rune, glued bool, value float64, abbreviated bool) (factor float64, currency string) {
	if len(low) == 1 {
		switch low[0] {
		case 'k', 'к':
			if glued {
				return 1e3, ""
			}
		case 't', 'т':
			switch {
			case glued && (abbreviated || value < 1000):
				return 1e3, ""
			case !abbreviated && value >= 1000:
				return 0, "KZT"
			}
		case 'р', 'p', 'r':
			if glued {
				return 0, "RUB"
			}
		}
		return 0, ""
	}
	for _, u := range unitsByFirst[toCyrillic(russianKey(low[0]), true)] {
		if u.matches(low) {
			return u.factor, u.currency
		}
	}
	return 0, ""
}

// unitsByFirst files the words under their first letter, Latin look-alikes
// with the Cyrillic letter.
var unitsByFirst = func() map[rune][]unitWord {
	m := make(map[rune][]unitWord)
	for _, u := range unitWords {
		r, _ := utf8.DecodeRuneInString(u.word)
		first := toCyrillic(russianKey(r), true)
		m[first] = append(m[first], u)
	}
	return m
}()

func (u *unitWord) matches(low []rune) bool {
	rest := u.word
	for _, r := range low {
		if rest == "" {
			return u.begins
		}
		w, n := utf8.DecodeRuneInString(rest)
		if russianKey(r) != russianKey(w) && !(r < 0x80 && toCyrillic(r, true) == w) {
			return false
		}
		rest = rest[n:]
	}
	return rest == ""
}
