package entity

// markDates marks the groups that form a date or a time of day, so that
// "12.05.2026 14:30" is not read as a twelve-digit number.
func markDates(v *view) {
	for i := 0; i+1 < len(v.groups); i++ {
		n := v.dateAt(i)
		for k := 0; k < n; k++ {
			v.groups[i+k].date = true
		}
		if n > 0 {
			i += n - 1
		}
	}
}

// dateAt returns how many groups from i on form a date or a time, 0 for none.
func (v *view) dateAt(i int) int {
	g := v.groups
	sep := g[i+1].sep
	if g[i+1].gap != tight || g[i].gap == tight && g[i].sep == sep {
		return 0
	}
	n := 2
	for i+n < len(g) && g[i+n].gap == tight && g[i+n].sep == sep {
		if n++; n > 3 {
			return 0
		}
	}
	for k := i; k < i+n; k++ {
		if g[k].real != g[k].n || g[k].n > 4 {
			return 0
		}
	}
	num := func(k int) int { return number(v.window(i+k, i+k)) }
	short := func(k int) bool { return g[i+k].n <= 2 }
	switch {
	case sep == ':':
		if short(0) && g[i+1].n == 2 && num(0) < 24 && num(1) < 60 && (n == 2 || g[i+2].n == 2 && num(2) < 60) {
			return n
		}
	case sep != '.' && sep != '/' && sep != '-':
	case n == 2:
		if sep == '.' && short(0) && g[i+1].n == 2 && day(num(0)) && month(num(1)) {
			return n
		}
	case g[i].n == 4:
		if year(num(0)) && short(1) && short(2) && month(num(1)) && day(num(2)) {
			return n
		}
	case short(0) && short(1) && day(num(0)) && month(num(1)):
		if g[i+2].n == 4 && year(num(2)) || sep != '-' && g[i+2].n == 2 {
			return n
		}
	}
	return 0
}

func day(n int) bool   { return n >= 1 && n <= 31 }
func month(n int) bool { return n >= 1 && n <= 12 }
func year(n int) bool  { return n >= 1900 && n <= 2100 }

// number returns the value of up to nine ASCII digits.
func number(digits []byte) int {
	n := 0
	for _, d := range digits {
		n = n*10 + int(d-'0')
	}
	return n
}
