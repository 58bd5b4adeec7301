package entity

// findCodes claims one-time codes: three to eight digits, in one piece or in
// equal parts, where the words around speak of a code. With closed set the
// words may stand farther away or only tell of something said or sent, and that
// they speak of another code is no excuse; a number alone is a code too.
func findCodes(v *view, closed bool) {
	heard := false // the words of the text were asked, which most texts with numbers need not be
	for i := 0; i < len(v.groups); i++ {
		if !v.free(i) {
			continue
		}
		j := v.codeShape(i, closed)
		if j >= 0 && !heard {
			cues := v.allCues()
			if cues&(cueCode|cueCodeWeak) == 0 && !(closed && (cues&cueTold != 0 || len(v.words) == 0)) {
				return
			}
			heard = true
		}
		if j >= 0 && v.codeWords(i, j, closed) {
			v.claimGroups(i, j, span{kind: Code, value: v.writeDigits(v.window(i, j)), masked: v.write("••••")})
			for closed && v.trails(j+1) { // 88-41-77-3, 4829 13
				j++
				v.claimGroups(j, j, span{kind: leftover, suspect: true})
			}
		}
		if j > i {
			i = j
		}
	}
}

// allCues returns the cues of the whole text.
func (v *view) allCues() cue {
	var c cue
	for i := range v.words {
		c |= v.cuesOf(i)
	}
	return c
}

// codeShape returns the last group of what has the shape of a code and starts
// with group i, or -1. With closed set it may hold misread digits.
func (v *view) codeShape(i int, closed bool) int {
	g := v.groups
	if g[i].date || g[i].real != g[i].n && !(closed && g[i].n >= 4) || g[i].n > 8 {
		return -1
	}
	if g[i].n == 1 {
		if j := v.oneByOne(i, 8); j-i >= 2 {
			return j
		}
		return -1
	}
	// Two to four equal parts: 12-34, 123 456, 12 34 56.
	if g[i].n <= 4 {
		j := i
		anyhow := closed && v.cuesBefore(i, 1)&cueCode != 0 // 48 / 29 / 13
		for j+1 < len(g) && (g[j+1].gap == tight || anyhow && g[j+1].gap == loose) && g[j+1].n == g[i].n && g[j+1].real == g[i].n && v.free(j+1) &&
			!g[j+1].date && (anyhow || g[j+1].sep == ' ' || g[j+1].sep == '-' || g[j+1].sep == '\n' || g[j+1].sep == '_') {
			j++
		}
		if total := (j - i + 1) * g[i].n; j > i && total <= 8 {
			return j
		}
	}
	if g[i].n >= 3 {
		return i
	}
	return -1
}

// codeWords reports whether the words around the groups i to j make them a code.
func (v *view) codeWords(i, j int, closed bool) bool {
	if v.unitBehind(j) || i == j && v.serviceNumber(i) {
		return false
	}
	before := v.at(v.groups[i].start - 1)
	if before == '*' || before == '•' || before == '₸' || before == '$' || before == '%' || v.percent(j) {
		return false
	}
	if v.cuesBehind(j, 1)&cueSpan != 0 && v.wordTouches(j) {
		return false
	}
	if closed && !(i == j && v.groups[i].n == 4 && year(number(v.window(i, i)))) {
		return v.mayBeCode(i, j)
	}
	if v.cuesBefore(i, 1)&(cuePlace|cuePhone) != 0 && v.cuesBefore(i, 1)&cueCode == 0 {
		return false
	}
	if v.cuesBefore(i, 3)&cueNotCode != 0 || v.cuesBehind(j, 3)&cueNotCode != 0 {
		return false
	}
	if v.groups[i].n == 4 && i == j && v.cuesBehind(j, 1)&cueYear != 0 {
		return false
	}
	return v.cuesAround(i, j, 7, 5)&cueCode != 0 || v.cuesAround(i, j, 3, 3)&cueCodeWeak != 0
}

// mayBeCode is codeWords for Redact, which rather masks too much.
func (v *view) mayBeCode(i, j int) bool {
	digits := len(v.window(i, j))
	switch {
	case digits <= 4 && i == j && v.cuesBefore(i, 1)&cuePhone != 0 && v.cuesWithin(i, farReach)&(cueTold|cueCode) == 0:
		return false
	case len(v.words) == 0:
		return digits >= 4 && j-i == len(v.groups)-1
	case v.cuesAround(i, j, 9, 7)&(cueCode|cueCodeWeak) != 0:
		return true
	case digits >= 4 && v.cuesWithin(i, farReach)&cueCode != 0:
		return true
	}
	return digits >= 4 && v.cuesAround(i, j, 5, 3)&cueTold != 0
}

// farReach is how far, in runes, Redact looks back for the word "code".
const farReach = 250

// serviceNumber reports whether group i is a short number that people are told
// to call: 102, 112, 1414, the four-digit lines of banks and operators. Right
// behind the word "code" it is a code all the same.
func (v *view) serviceNumber(i int) bool {
	switch d := v.window(i, i); len(d) {
	case 3:
		return d[0] == '1' && (d[1] == '0' || d[1] == '1')
	case 4:
		switch string(d) {
		case "0611", "1400", "1402", "1414", "1432", "1477", "1499", "2552", "3030", "5030", "5050", "7111", "7575", "7711", "7777", "7888", "7979", "9090", "9999":
			return v.cuesAround(i, i, 1, 0)&cueCode == 0
		}
	}
	return false
}

func (v *view) percent(j int) bool {
	p := v.groups[j].end
	return v.at(p) == '%' || v.at(p) == ' ' && v.at(p+1) == '%'
}

// wordTouches reports whether the next word follows group j after one space
// or at once.
func (v *view) wordTouches(j int) bool {
	k := v.groups[j].word
	return k < len(v.words) && v.words[k].start-v.groups[j].end <= 1
}
