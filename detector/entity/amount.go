package entity

import (
	"math"
	"strconv"
)

// maxSumDigits is the longest number that counts as a sum: longer ones are
// numbers of something.
const maxSumDigits = 9

// sum is a number with its unit as read from the text.
type sum struct {
	last     int // the last group
	end      int // the rune behind the unit
	value    float64
	factor   float64 // of the multiplier, 0 where none was named
	currency string
	named    bool // the currency was
	unit     bool // a multiplier or a currency was named
}

// findSums claims the numbers that name a multiplier or a currency.
func findSums(v *view) {
	var before sum
	for i := 0; i < len(v.groups); i++ {
		if !v.free(i) || v.at(v.groups[i].start-1) == '+' && v.groups[i].n > 4 {
			continue
		}
		s, ok := v.sumAt(i)
		if !ok || !s.unit {
			continue
		}
		start := v.groups[i].start
		if n := v.currencyBefore(i); n > 0 {
			start -= n
		}
		v.claimSum(start, s, v.addsTo(before, s, i))
		before, i = s, s.last
	}
}

// addsTo reports whether the sum at group i is said in the next smaller unit,
// right behind a whole number of a larger one: "1 млн 200 тыс", "3 мың 500 тг".
func (v *view) addsTo(before, s sum, i int) bool {
	return before.factor > 0 && !before.named && before.end+1 == v.groups[i].start && v.at(before.end) == ' ' && v.currencyBefore(i) == 0 &&
		s.factor < before.factor && s.value < before.factor && math.Mod(before.value, before.factor) == 0 && math.Mod(s.value, 1) == 0
}

// findRoundSums claims round numbers written with spaces, such as 300 000.
func findRoundSums(v *view) {
	for i := 0; i < len(v.groups); i++ {
		if !v.free(i) || v.groups[i].gap == tight && v.groups[i].sep != '-' || v.at(v.groups[i].start-1) == '+' {
			continue
		}
		s, ok := v.sumAt(i)
		if !ok || s.last == i || number(v.window(s.last, s.last)) != 0 || v.groups[s.last].n != 3 {
			continue
		}
		if n := s.last + 1; n < len(v.groups) && v.groups[n].gap == tight && v.groups[n].sep != '-' {
			continue
		}
		if v.cuesBehind(s.last, 1)&cueCrowd != 0 && v.wordTouches(s.last) {
			continue
		}
		v.claimSum(v.groups[i].start, s, false)
		i = s.last
	}
}

func (v *view) claimSum(start int, s sum, adds bool) {
	masked := v.write(v.src[v.pos[start]:v.end[s.end-1]])
	from := len(v.out)
	v.out = strconv.AppendInt(v.out, int64(math.Round(s.value*100)/100), 10)
	v.out = append(append(v.out, ' '), s.currency...)
	v.claim(span{kind: Amount, start: start, end: s.end, value: v.piece(from), masked: masked, adds: adds})
}

// unitBehind reports whether group j is the number of a sum with a unit.
func (v *view) unitBehind(j int) bool {
	s, ok := v.sumAt(j)
	return ok && s.unit
}

// sumAt reads the number that starts with group i: thousands in groups of
// three with one separator throughout, a decimal part, a unit.
func (v *view) sumAt(i int) (sum, bool) {
	g := v.groups
	if before := v.at(g[i].start - 1); g[i].real != g[i].n || g[i].n > maxSumDigits || g[i].date ||
		before >= 'a' && before <= 'z' || g[i].n == 3 && g[i].gap == tight && g[i].sep == ' ' && number(v.window(i, i)) == 0 {
		return sum{}, false
	}
	value, total, j := float64(number(v.window(i, i))), g[i].n, i
	if g[i].n <= 3 {
		for j+1 < len(g) && v.continues(j+1, 3) && v.thousands(i, j+1) && v.longer(total, j+1) {
			j++
			total += 3
			value = value*1000 + float64(number(v.window(j, j)))
		}
	}
	whole := j
	if j+1 < len(g) && g[j+1].n <= 2 && v.continues(j+1, g[j+1].n) && (g[j+1].sep == ',' || g[j+1].sep == '.') && !g[j+1].date {
		part := float64(number(v.window(j+1, j+1))) / math.Pow10(g[j+1].n)
		s := sum{last: j + 1, value: value + part, currency: "KZT"}
		if v.readUnit(i, &s); s.unit {
			return s, true
		}
	}
	if j == i && j+1 < len(g) && g[j+1].n == 3 && v.continues(j+1, 3) && (g[j+1].sep == ',' || g[j+1].sep == '.') {
		// 1,525 млн has three decimals, 1,525 тг thousands; thousands were tried above.
		return sum{}, false
	}
	s := sum{last: whole, value: value, currency: "KZT"}
	v.readUnit(i, &s)
	return s, true
}

// longer reports whether group j may lengthen a number of so many digits:
// beyond the limit only round numbers grow.
func (v *view) longer(total, j int) bool {
	return total+3 <= maxSumDigits || total+3 <= maxSumDigits+3 && number(v.window(j, j)) == 0
}

// continues reports whether group j has n true digits and stands one separator
// behind a group.
func (v *view) continues(j, n int) bool {
	g := &v.groups[j]
	return g.gap == tight && g.n == n && g.real == n && v.free(j)
}

// thousands reports whether group j is joined with a separator of thousands,
// the same as between the groups i and i+1.
func (v *view) thousands(i, j int) bool {
	s := v.groups[j].sep
	if s != v.groups[i+1].sep || v.groups[j].start-v.groups[j-1].end != 1 {
		return false
	}
	return s == ' ' || s == '.' || s == ',' || s == '\'' || s == '’'
}

// glued reports whether the word from q to to belongs to the number that ends
// at end even if it is a single letter: it touches the number, it is the
// "т" of "45 т.р." or the "р" of it.
func (v *view) glued(k, q, to, end int) bool {
	if k > 0 {
		return v.at(q-1) == '.'
	}
	return q == end || v.hasPrefix(to, ".р") || v.hasPrefix(to, ".тг")
}

// currencyBefore returns how many runes before group i a currency sign takes.
func (v *view) currencyBefore(i int) int {
	p, n := v.groups[i].start-1, 1
	if v.at(p) == ' ' {
		p, n = p-1, 2
	}
	if currencySign(v.at(p)) != "" && !v.used[p] {
		return n
	}
	return 0
}

func currencySign(r rune) string {
	switch r {
	case '₸':
		return "KZT"
	case '$':
		return "USD"
	case '€':
		return "EUR"
	case '₽':
		return "RUB"
	}
	return ""
}

// readUnit reads the multiplier and the currency around a number whose first
// group is i and whose last is s.last.
func (v *view) readUnit(i int, s *sum) {
	s.end = v.groups[s.last].end
	if n := v.currencyBefore(i); n > 0 {
		s.currency, s.named, s.unit = currencySign(v.at(v.groups[i].start-n)), true, true
	}
	p := s.end
	for k := 0; k < 2; k++ { // a multiplier, then a currency
		q := p
		for n := 0; n < 2 && (v.at(q) == ' ' || v.at(q) == '.' && k > 0); n++ {
			q++
		}
		if c := currencySign(v.at(q)); c != "" {
			s.currency, s.named, s.unit, s.end = c, true, true, q+1
			return
		}
		to := q
		for to-q < 16 && isLetter(v.at(to)) {
			to++
		}
		if to == q {
			return
		}
		factor, currency := unit(v.low[q:to], v.glued(k, q, to, s.end), s.value, v.at(to) == '.' && isLetter(v.at(to+1)))
		switch {
		case currency != "":
			s.currency, s.named, s.unit, s.end = currency, true, true, to
			if factor > 0 { // in one word: "100мыңтг"
				s.value *= factor
			}
			return
		case factor > 0 && k == 0:
			s.value *= factor
			s.factor, s.unit, s.end, p = factor, true, to, to
		default:
			return
		}
	}
}
