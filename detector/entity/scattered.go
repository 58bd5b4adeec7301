package entity

// claimScattered claims the parts of identifiers that were written with
// something between them: "4242 пробел 4242 …", "4242<br>4242", "8 and then
// 700 …". Find does not report these; Redact must not let them out.
func claimScattered(v *view) {
	claimGlued(v)
	for i := 0; i < len(v.groups); i++ {
		j := v.scatteredAt(i)
		if j < 0 {
			j = v.accountAt(i)
		}
		if j > i {
			for k := i; k <= j; k++ {
				v.claimGroups(k, k, span{kind: leftover, suspect: true})
			}
			i = j
		}
	}
}

// maxBetween is how many runes may stand between two parts of one number.
const maxBetween = 24

// maxScattered is the length of the longest number that is put together.
const maxScattered = 19

// scatteredAt returns the last part of the number that starts with group i, or
// -1. Numbers of ordinary life stand that close too, so the parts must be equal
// in size or make up a number that passes its check. What only separators join
// is left to the finders of each kind.
func (v *view) scatteredAt(i int) int {
	last, total := -1, 0
	even, round, joined := true, true, true
	between := 0 // the same between all parts, else -1
	for j := i; j < len(v.groups) && v.free(j) && !v.groups[j].date; j++ {
		g := &v.groups[j]
		if j > i && g.start-v.groups[j-1].end > maxBetween {
			break
		}
		switch {
		case j == i+1:
			between = g.start - v.groups[i].end
		case j > i && g.start-v.groups[j-1].end != between:
			between = -1
		}
		if total += g.n; total > maxScattered {
			break
		}
		d := v.window(i, j)
		even = even && g.n == v.groups[i].n
		joined = joined && (j == i || g.gap != apart)
		round = round && d[len(d)-1] == '0'
		if single := even && g.n == 1 && len(d) >= 9; (!joined || single) && !round && v.isScattered(d, j-i+1, even, between > 0) ||
			!joined && len(d) <= 8 && v.cuesBefore(i, 1)&cueCode != 0 && isScatteredCode(d, j-i+1, even, between > 0) {
			last = j
		}
	}
	return last
}

// accountAt returns the last part of the IBAN whose digits start with group i,
// right behind "KZ", or -1.
func (v *view) accountAt(i int) int {
	at := v.groups[i].start
	if z, k := v.at(at-1), v.at(at-2); z != 'z' && z != 'з' || k != 'k' && k != 'к' && k != 'қ' {
		return -1
	}
	last, total := -1, 0
	for j := i; j < len(v.groups) && v.free(j) && (j == i || v.groups[j].start-v.groups[j-1].end <= maxBetween); j++ {
		if total += v.groups[j].n; total > ibanLen-2 {
			break
		}
		if total >= 10 {
			last = j
		}
	}
	return last
}

// isScattered reports whether digits in so many parts are a number of a kind
// that has to be hidden. even says that the parts are equal in size, regular
// that what stands between them is.
func (v *view) isScattered(d []byte, parts int, even, regular bool) bool {
	size := len(d) / parts
	switch n := len(d); {
	case n == 16 && even:
		return true
	case n == 16 || n == 15 && d[0] == '3':
		return d[0] >= '2' && d[0] <= '6' && luhn(d)
	case n == 12:
		return iinValid(d) && (month(number(d[2:4])) && day(number(d[4:6])) || even && regular)
	case n == 11:
		return (d[0] == '8' || d[0] == '7') && mobile(number(d[1:4]))
	case n == 10:
		return mobile(number(d[:3]))
	case n >= 4 && n <= 8:
		return even && regular && size == 1
	}
	return false
}

// isScatteredCode reports whether digits right behind the word "code" are one in
// equal parts: 48<b>29<b>13.
func isScatteredCode(d []byte, parts int, even, regular bool) bool {
	return len(d) >= 4 && parts > 1 && len(d)/parts <= 3 && even && regular
}

// claimGlued claims the digits of a run of letters and digits that holds many:
// an account without its country, digits with a letter between them, where some
// may have been taken for disguised letters.
func claimGlued(v *view) {
	for i := 0; i < len(v.low); i++ {
		j, digits, blocks := i, 0, 0
		for j < len(v.low) && !v.used[j] && isAlnum(v.low[j]) {
			if isDigit(v.low[j]) {
				digits++
				if j == i || !isDigit(v.low[j-1]) {
					blocks++
				}
			}
			j++
		}
		if digits >= 9 && blocks >= 3 {
			v.claim(span{kind: leftover, start: i, end: j, suspect: true})
		}
		i = max(i, j)
	}
	for i := 0; i < len(v.groups); {
		j, digits := i+1, v.groups[i].real
		for j < len(v.groups) && v.glues(v.groups[j-1].end, v.groups[j].start) {
			digits += v.groups[j].real
			j++
		}
		if j > i+1 && digits >= 9 {
			for k := i; k < j; k++ {
				v.claimGroups(k, k, span{kind: leftover, suspect: true})
			}
		}
		i = j
	}
}

// glues reports whether only letters stand from one group to the next, and few.
func (v *view) glues(from, to int) bool {
	if to-from > 4 {
		return false
	}
	for ; from < to; from++ {
		if !isLetter(v.low[from]) {
			return false
		}
	}
	return true
}
