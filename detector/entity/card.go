package entity

import "strings"

// The lengths of a card number, the usual ones first.
var cardLengths = [...]int{16, 15, 19, 18, 17, 14, 13}

// findCards claims the windows of 13 to 19 digits that pass Luhn and are
// written like a card: unbroken, in groups of one size, or alone in a chain.
func findCards(v *view) {
	v.cardsFrom = len(v.spans)
	v.chains(func(from, to int) {
		start := from // of the unclaimed rest of the chain
		for i := from; i < to; i++ {
			if j := v.cardAt(i, start, to); j >= 0 {
				d := v.window(i, j)
				v.claimGroups(i, j, span{kind: Card, value: v.writeDigits(d), masked: v.maskCard(d)})
				i, start = j, j+1
			}
		}
	})
	v.cardsTo = len(v.spans)
}

// cardAt returns the last group of the card that starts with group i, or -1.
func (v *view) cardAt(i, from, to int) int {
	if d := v.digits[v.groups[i].off]; d < '2' || d == '7' || v.plusBefore(i) {
		return -1
	}
	best, rank := -1, len(cardLengths)
	total, real := 0, 0
	for j := i; j < to && total < 19; j++ {
		total += v.groups[j].n
		real += v.groups[j].real
		if total < 13 || total > 19 || total-real > 3 || !luhn(v.window(i, j)) {
			continue
		}
		if !v.shaped(i, j, from, to) && !v.americanExpress(i, j) && !(total == 16 && i == from) {
			continue
		}
		for r, n := range cardLengths {
			if n == total && r < rank {
				best, rank = j, r
			}
		}
	}
	return best
}

// americanExpress reports whether the groups are written 4-6-5 or, as Diners
// Club does, 4-6-4.
func (v *view) americanExpress(i, j int) bool {
	g := v.groups
	return j-i == 2 && g[i].n == 4 && g[i+1].n == 6 && (g[j].n == 5 || g[j].n == 4)
}

// luhn checks the last digit of a card number (ISO/IEC 7812-1, annex B).
func luhn(digits []byte) bool {
	sum, zeros := 0, true
	for k := range digits {
		d := int(digits[len(digits)-1-k] - '0')
		zeros = zeros && d == 0
		if k%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0 && !zeros
}

func (v *view) maskCard(d []byte) piece {
	from := len(v.out)
	v.out = append(v.out, d[0])
	v.out = append(v.out, "••• •••• •••• "...)
	v.out = append(v.out, d[len(d)-4:]...)
	return v.piece(from)
}

// reach is how far, in runes, a CVV or an expiry date may stand from its card.
const reach = 60

// findCardSides claims the security code and the expiry date beside a card or
// beside words that ask for them. With closed set any three digits near a card
// will do.
func findCardSides(v *view, closed bool) {
	for i := range v.groups {
		if !v.free(i) {
			continue
		}
		near := v.cardNear(i)
		if v.expiryAt(i, near, closed) {
			continue
		}
		v.cvvAt(i, near, closed)
	}
}

// cardNear reports whether a card stands within reach of group i. Claimed
// groups between them (an expiry date) do not count as a card.
func (v *view) cardNear(i int) bool {
	s := v.groups[i].start
	for k := i - 1; k >= 0 && k >= i-19 && s-v.groups[k].end <= reach; k-- {
		if v.isCard(k) {
			return true
		}
	}
	for k := i + 1; k < len(v.groups) && k <= i+5 && v.groups[k].start-v.groups[i].end <= reach; k++ {
		if v.isCard(k) {
			return true
		}
	}
	return false
}

// isCard reports whether group k belongs to a card. The cards of a view are
// its spans from cardsFrom to cardsTo, in order of place.
func (v *view) isCard(k int) bool {
	if v.free(k) {
		return false
	}
	at := v.groups[k].start
	lo, hi := v.cardsFrom, v.cardsTo
	for lo < hi {
		mid := (lo + hi) / 2
		switch s := &v.spans[mid]; {
		case at < s.start:
			hi = mid
		case at >= s.end:
			lo = mid + 1
		default:
			return true
		}
	}
	return false
}

func (v *view) expiryAt(i int, near, closed bool) bool {
	if d := v.window(i, i); near && len(d) == 4 && v.groups[i].real == 4 && month(number(d[:2])) &&
		(v.cuesBefore(i, 1)&cueExpiry != 0 || closed && validYear(d[2:]) && !v.unitBehind(i)) {
		return v.claimGroups(i, i, v.expiry(d[:2], d[2:]))
	}
	if i+1 >= len(v.groups) || !v.free(i+1) || v.groups[i+1].gap == apart {
		return false
	}
	m, y := v.groups[i], v.groups[i+1]
	if m.n != 2 || y.n != 2 && y.n != 4 || m.real+y.real != m.n+y.n || !month(number(v.window(i, i))) {
		return false
	}
	if !validYear(v.window(i+1, i+1)) {
		return false
	}
	joined := i > 0 && m.gap == tight && v.isCard(i-1) // card|12|27|123
	if y.sep != ' ' && (m.gap == tight && m.sep == y.sep && !joined ||
		i+2 < len(v.groups) && v.groups[i+2].gap == tight && v.groups[i+2].sep == y.sep && v.groups[i+2].n != 3) {
		return false // a date of three parts
	}
	switch {
	case near && strings.ContainsRune("/.-\\ ", y.sep):
	case joined && strings.ContainsRune("|;:,", y.sep):
	case (y.sep == '/' || y.sep == '.' || y.sep == '-') && v.cuesAround(i, i+1, 4, 3)&cueExpiry != 0:
	default:
		return false
	}
	return v.claimGroups(i, i+1, v.expiry(v.window(i, i), v.window(i+1, i+1)[y.n-2:]))
}

// validYear reports whether two or four digits are a year in which a card ends.
func validYear(d []byte) bool {
	n := number(d)
	return len(d) == 2 && n >= 15 && n <= 60 || len(d) == 4 && n >= 2015 && n <= 2060
}

func (v *view) expiry(month, year []byte) span {
	from := len(v.out)
	v.out = append(append(append(v.out, month...), '/'), year...)
	return span{kind: Expiry, value: v.piece(from), masked: v.write("••/••")}
}

func (v *view) cvvAt(i int, near, closed bool) {
	j := v.oneByOne(i, 4)
	if n := i + 1; closed && j == i && v.groups[i].n < 3 && n < len(v.groups) && v.free(n) && v.groups[n].gap == tight && v.groups[i].n+v.groups[n].n == 3 &&
		v.cuesAround(i, n, 5, 3)&cueCVV != 0 {
		j = n // 73 7
	}
	d := v.window(i, j)
	if len(d) != 3 && len(d) != 4 || v.unitBehind(j) || v.groups[i].date {
		return
	}
	if v.at(v.groups[i].start-1) == '+' || v.at(v.groups[i].start-1) == '*' {
		return
	}
	cues := v.cuesAround(i, j, 5, 3)
	switch {
	case cues&cueCVV != 0 && (len(d) == 3 || v.cuesAround(i, j, 2, 1)&cueCVV != 0):
	case cues&cueBack != 0 && len(d) == 3:
	case near && len(d) == 3 && (closed || v.joinedToClaimed(i)):
	default:
		return
	}
	v.claimGroups(i, j, span{kind: CVV, value: v.writeDigits(d), masked: v.write("•••")})
}

// joinedToClaimed reports whether nothing but separators stands between group
// i and the claimed group before or behind it.
func (v *view) joinedToClaimed(i int) bool {
	clear := func(a, b int) bool {
		if b-a > 4 {
			return false
		}
		for ; a < b; a++ {
			if isAlnum(v.low[a]) || v.low[a] == '+' {
				return false
			}
		}
		return true
	}
	if i > 0 && !v.free(i-1) && clear(v.groups[i-1].end, v.groups[i].start) {
		return true
	}
	return i+1 < len(v.groups) && !v.free(i+1) && clear(v.groups[i].end, v.groups[i+1].start)
}

// oneByOne returns the last group of a number written digit by digit from
// group i on, at most limit digits; i itself where it is written otherwise.
func (v *view) oneByOne(i, limit int) int {
	if v.groups[i].n != 1 {
		return i
	}
	j := i
	for j+1 < len(v.groups) && v.groups[j+1].n == 1 && v.groups[j+1].gap != apart && v.free(j+1) {
		if j++; j-i >= limit {
			return i
		}
	}
	return j
}
