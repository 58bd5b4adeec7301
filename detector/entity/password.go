package entity

// claimPasswords claims what letters and digits make up together behind a word
// for a code: "Qwerty123", "K7P-9QX". Find does not report it; its letters are
// as secret as its digits, so Redact hides it whole.
func claimPasswords(v *view) {
	for i := 0; i < len(v.groups); i++ {
		if !v.free(i) {
			continue
		}
		start, end := v.passwordAt(v.groups[i].start)
		if end == 0 {
			continue
		}
		v.claim(span{kind: Code, start: start, end: end, suspect: true})
		for i+1 < len(v.groups) && v.groups[i+1].start < end {
			i++
		}
	}
}

// maxPassword is the longest password in runes that is looked for.
const maxPassword = 64

// passwordAt returns the span of the password that the digit at i belongs to;
// its end is 0 where it is none.
func (v *view) passwordAt(i int) (start, end int) {
	start, end = i, i+1
	for start > 0 && i-start < maxPassword && v.passwordRune(start-1) {
		start--
	}
	for end < len(v.low) && end-start < maxPassword && v.passwordRune(end) {
		end++
	}
	mixed := false
	for k := start; k < end; k++ {
		mixed = mixed || v.low[k] >= 'a' && v.low[k] <= 'z'
	}
	if !mixed || isAlnum(v.at(start-1)) || isAlnum(v.at(end)) {
		return 0, 0
	}
	said := cue(0) // by the words in front of it
	for k, left := v.wordBefore(start), passwordWords; k >= 0 && left > 0 && start-v.words[k].end <= reach; k-- {
		said |= v.cuesOf(k)
		left--
	}
	if said&cueCode == 0 {
		return 0, 0
	}
	for k := v.wordBefore(start) + 1; k < len(v.words) && v.words[k].start < end; k++ {
		if v.cuesOf(k)&(cueCode|cueCodeWeak|cueCVV) != 0 {
			return 0, 0 // "code4512" names it
		}
	}
	return start, end
}

// passwordWords is how many words before a password may speak of one.
const passwordWords = 3

// passwordRune reports whether an unclaimed rune may stand in a password: a
// Latin letter, a digit, a hyphen or an underscore between them.
func (v *view) passwordRune(i int) bool {
	if v.used[i] {
		return false
	}
	if r := v.low[i]; r == '-' || r == '_' {
		return isASCIIAlnum(v.at(i-1)) && isASCIIAlnum(v.at(i+1))
	}
	return isASCIIAlnum(v.low[i])
}

// wordBefore returns the last word that ends before the rune at i, or -1.
func (v *view) wordBefore(i int) int {
	lo, hi := 0, len(v.words)
	for lo < hi {
		if mid := (lo + hi) / 2; v.words[mid].end <= i {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo - 1
}

// trails reports whether group j goes on with the code before it: one separator
// away, short, and counting nothing itself.
func (v *view) trails(j int) bool {
	return j < len(v.groups) && v.free(j) && v.groups[j].gap == tight && v.groups[j].n <= 3 && !v.groups[j].date &&
		!v.unitBehind(j) && v.cuesBehind(j, 1)&cueSpan == 0
}
