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
			v.claimGroups(i, last, span{kind: RemoteID, value: v.writeDigits(v.window(i, last)), masked: v.write("••• ••• •••")})
			i = last
		}
	}
}

// forwardingServices are the service codes of call forwarding (3GPP TS 22.030,
// annex B): always, without an answer, out of reach, busy, all, all conditional.
var forwardingServices = [...]string{"21", "61", "62", "67", "002", "004"}

// maxMMI is the longest call-forwarding code that is read.
const maxMMI = 48

// findForwarding claims the star and hash codes that send calls elsewhere
// (3GPP TS 22.030, 6.5.2): one of * # ** ## *#, a service of call forwarding,
// further parts behind stars, and a hash, which people forget behind *21*.
// Codes of other services, such as the balance, are none.
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
	service := 0
	for _, s := range forwardingServices {
		if v.hasPrefix(j, s) && !isDigit(v.at(j+len(s))) {
			service = len(s)
			break
		}
	}
	if service == 0 {
		return 0
	}
	j += service
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

// compact writes the runes from i to j without spaces and dashes.
func (v *view) compact(i, j int) piece {
	from := len(v.out)
	for k := i; k < j; k++ {
		if r := v.low[k]; r != ' ' && r != '-' && r != '(' && r != ')' && r != '\n' && r != barrier {
			v.addRunes(v.low[k : k+1])
		}
	}
	return v.piece(from)
}

// maskMMI hides the number that calls would be sent to.
func (v *view) maskMMI(i, end int) piece {
	from := len(v.out)
	stars, hidden := 0, false
	for k := i; k < end; k++ {
		r := v.low[k]
		if r == '*' || r == '#' {
			stars++
		}
		switch {
		case !isDigit(r) || k <= i+4 || stars < 2:
			v.addRunes(v.low[k : k+1])
			hidden = false
		case !hidden:
			v.out = append(v.out, "…"...)
			hidden = true
		}
	}
	return v.piece(from)
}
