package entity

// findRemoteIDs claims nine or ten digits beside the name of a program of
// remote access.
func findRemoteIDs(v *view) {
	for i := 0; i < len(v.groups); i++ {
		if !v.free(i) || v.plusBefore(i) || v.cuesAround(i, i, 5, 2)&cueRemote == 0 {
			continue
		}
		total, last := 0, -1
		for j := i; j < len(v.groups) && v.free(j) && (j == i || v.groups[j].gap != apart); j++ {
			if total += v.groups[j].n; total > 10 {
				break
			}
			if total >= 9 {
				last = j
			}
		}
		if last >= 0 {
			v.claimGroups(i, last, span{kind: RemoteID, value: string(v.window(i, last)), masked: "••• ••• •••"})
			i = last
		}
	}
}

// maxMMI is the longest call-forwarding code that is read.
const maxMMI = 48

// findForwarding claims the star and hash codes that a telephone obeys
// (3GPP TS 22.030, 6.5.2): one of * # ** ## *#, two or three digits, further
// parts behind stars, and a hash, which people forget behind a single *21*.
func findForwarding(v *view) {
	for i := 0; i < len(v.low); i++ {
		if r := v.low[i]; r != '*' && r != '#' || v.used[i] {
			continue
		}
		if v.at(i-1) == '*' || v.at(i-1) == '#' || isAlnum(v.at(i-1)) {
			continue
		}
		if end := v.mmiEnd(i); end > 0 {
			v.claim(span{kind: Forwarding, start: i, end: end, value: v.compact(i, end), masked: v.maskMMI(i, end)})
			i = end - 1
		}
	}
}

// mmiEnd returns where the code that starts at i ends, or 0.
func (v *view) mmiEnd(i int) int {
	j := i
	for j < len(v.low) && j-i < 2 && (v.low[j] == '*' || v.low[j] == '#') {
		j++
	}
	lead := j - i
	service := 0
	for isDigit(v.at(j)) {
		j++
		if service++; service > 3 {
			return 0
		}
	}
	if service < 2 && !(lead == 2 && service == 1) {
		return 0
	}
	if v.at(j) == '#' {
		return j + 1
	}
	if v.at(j) != '*' {
		return 0
	}
	end := j + 1 // "*21*" counts as it stands
	for j++; j < len(v.low) && j-i < maxMMI; j++ {
		switch r := v.low[j]; {
		case r == '#':
			return j + 1
		case isDigit(r) || r == '*' || r == barrier:
			end = j + 1
		case r == '+' || r == ' ' || r == '-' || r == '(' || r == ')':
		case lookalike(v.cased[j]) != 0 && isDigit(v.at(j-1)):
			end = j + 1
		default:
			return end
		}
	}
	return end
}

// compact returns the runes from i to j without spaces and dashes.
func (v *view) compact(i, j int) string {
	out := make([]rune, 0, j-i)
	for _, r := range v.low[i:j] {
		if r != ' ' && r != '-' && r != '(' && r != ')' && r != '\n' && r != barrier {
			out = append(out, r)
		}
	}
	return string(out)
}

// maskMMI hides the number that calls would be sent to.
func (v *view) maskMMI(i, end int) string {
	out := make([]rune, 0, end-i)
	stars := 0
	for k := i; k < end; k++ {
		r := v.low[k]
		if r == '*' || r == '#' {
			stars++
		}
		if isDigit(r) && k > i+4 && stars > 1 {
			if n := len(out); n > 0 && out[n-1] == '…' {
				continue
			}
			r = '…'
		}
		out = append(out, r)
	}
	return string(out)
}
