package entity

// A group is an unbroken run of digits; a chain is a row of groups with
// nothing but separators between them. Cards, phones and the other numbers are
// windows over a chain.
type group struct {
	start, end int  // view runes
	off, n     int  // its digits in view.digits
	real       int  // how many of them were digits and not look-alike letters
	gap        gap  // what stands between it and the group before
	sep        rune // the separator, where the gap is tight
	date       bool // part of a date or a time of day
	word       int  // index of the first word behind it
}

type gap uint8

const (
	apart gap = iota // letters, a plus, a currency sign, a claimed entity
	loose            // up to three separators
	tight            // one separator
)

// word is a run of letters and the cues it gives, which are looked up when a
// number close by asks for them.
type word struct {
	start, end int
	cues       cue
	known      bool // the cues have been looked up
}

// cuesOf returns the cues of word k.
func (v *view) cuesOf(k int) cue {
	w := &v.words[k]
	if !w.known {
		w.cues, w.known = v.cues.classify(v.low[w.start:w.end]), true
	}
	return w.cues
}

// group splits the unclaimed text into digit groups and words.
func (v *view) group() {
	sinceGroup := false // a word or a claimed rune since the last group
	for i := 0; i < len(v.low); {
		if v.used[i] || v.low[i] == barrier {
			sinceGroup = true
			i++
			continue
		}
		if !isAlnum(v.low[i]) {
			i++
			continue
		}
		j, digits, alike := i, 0, 0
		for j < len(v.low) && !v.used[j] {
			class := classOf(v.low[j])
			if class&alnumRune == 0 {
				break
			}
			if class&digitRune != 0 {
				digits++
			} else if classOf(v.cased[j])&alikeRune != 0 {
				alike++
			}
			j++
		}
		switch {
		case digits == 0 && alike == j-i && j-i >= 2 && j-i <= 4 && onlyRound(v.low[i:j]) && v.nextTo(i, sinceGroup):
			v.addGroup(i, j, sinceGroup)
			sinceGroup = false
		case digits == 0:
			v.words = append(v.words, word{start: i, end: j})
			sinceGroup = true
		case digits+alike == j-i && (digits >= alike || digits > 0 && (j-i >= 9 || v.nextTo(i, sinceGroup))):
			v.addGroup(i, j, sinceGroup)
			sinceGroup = false
		default:
			sinceGroup = v.splitRun(i, j, sinceGroup)
		}
		i = j
	}
}

// splitRun takes apart a run of letters and digits such as "код4512" or
// "45к". A look-alike letter inside the digits counts as a digit, one at
// their edge as a letter.
func (v *view) splitRun(i, j int, sinceGroup bool) bool {
	for i < j {
		k := i
		if isDigit(v.low[i]) {
			last := i
			for k < j && (isDigit(v.low[k]) || lookalike(v.cased[k]) != 0 && k-last <= 2) {
				if isDigit(v.low[k]) {
					last = k
				}
				k++
			}
			k = last + 1
			v.addGroup(i, k, sinceGroup)
			sinceGroup = false
		} else {
			// A digit between two letters is a disguised letter: "к0д".
			for k < j && (!isDigit(v.low[k]) || k > i && k+1 < j && !isDigit(v.low[k+1]) && (v.low[k] == '0' || v.low[k] == '3')) {
				k++
			}
			v.words = append(v.words, word{start: i, end: k})
			sinceGroup = true
		}
		i = k
	}
	return sinceGroup
}

func (v *view) addGroup(i, j int, broken bool) {
	g := group{start: i, end: j, off: len(v.digits), word: len(v.words)}
	for k := i; k < j; k++ {
		r := v.cased[k]
		if isDigit(r) {
			g.real++
		} else {
			r = lookalike(r)
		}
		v.digits = append(v.digits, byte(r))
	}
	g.n = len(v.digits) - g.off
	if len(v.groups) > 0 && !broken {
		g.gap, g.sep = v.gapBetween(v.groups[len(v.groups)-1].end, i)
	}
	v.groups = append(v.groups, g)
}

// nextTo reports whether the run at i stands one separator behind a group.
func (v *view) nextTo(i int, broken bool) bool {
	if broken || len(v.groups) == 0 {
		return false
	}
	g, _ := v.gapBetween(v.groups[len(v.groups)-1].end, i)
	return g == tight
}

func (v *view) gapBetween(i, j int) (gap, rune) {
	units := 0
	sep := rune(0)
	for i < j {
		r := v.low[i]
		switch r {
		case '+', '₸', '$', '€', '₽', '%', '#', '@', '<', '>', '&', '*':
			return apart, 0
		}
		if sep == 0 || sep == ' ' || sep == '\n' {
			sep = r
		}
		units++
		i++
		for isSpace(r) && i < j && isSpace(v.low[i]) {
			i++
		}
	}
	switch {
	case units <= 1:
		return tight, sep
	case units <= 3:
		return loose, sep
	}
	return apart, 0
}

// lookalike returns the digit that a letter is misread as, or 0.
func lookalike(r rune) rune {
	switch r {
	case 'o', 'O', 'о', 'О':
		return '0'
	case 'l', 'I', 'i', 'І', 'і':
		return '1'
	case 'з', 'З':
		return '3'
	case 's', 'S':
		return '5'
	case 'б', 'b':
		return '6'
	case 'B', 'В':
		return '8'
	}
	return 0
}

// onlyRound reports whether the letters are all O and l, which no short word
// of these languages is.
func onlyRound(low []rune) bool {
	for _, r := range low {
		if r != 'o' && r != 'о' && r != 'l' && r != 'i' && r != 'і' {
			return false
		}
	}
	return true
}

// window returns the digits of the groups i to j, both included.
func (v *view) window(i, j int) []byte {
	return v.digits[v.groups[i].off : v.groups[j].off+v.groups[j].n]
}

// free reports whether group i is unclaimed.
func (v *view) free(i int) bool { return !v.used[v.groups[i].start] }

// plusBefore reports whether a plus sign leads the group, perhaps through a
// space or an opening bracket.
func (v *view) plusBefore(i int) bool {
	p := v.groups[i].start - 1
	for n := 0; n < 2 && (v.at(p) == ' ' || v.at(p) == '('); n++ {
		p--
	}
	return v.at(p) == '+'
}

// chains calls fn for every row of unclaimed groups joined to one another.
func (v *view) chains(fn func(from, to int)) {
	for i := 0; i < len(v.groups); {
		if !v.free(i) {
			i++
			continue
		}
		j := i + 1
		for j < len(v.groups) && v.groups[j].gap != apart && v.free(j) {
			j++
		}
		fn(i, j)
		i = j
	}
}

// claimGroups claims the runes of the groups i to j, both included.
func (v *view) claimGroups(i, j int, s span) bool {
	s.start, s.end = v.groups[i].start, v.groups[j].end
	return v.claim(s)
}

// shaped reports whether the groups i to j of the chain [from, to) look like
// one number: unbroken, in groups of one size that the neighbours do not
// share, or the whole chain. Groups of four need no look at the neighbours:
// cards stand in rows.
func (v *view) shaped(i, j, from, to int) bool {
	if i == j {
		return true
	}
	size, even := v.groups[i].n, true
	for k := i; k < j; k++ {
		even = even && v.groups[k].n == size && !v.groups[k].date
	}
	even = even && v.groups[j].n <= size && !v.groups[j].date
	if even {
		if size == 4 && j-i >= 3 {
			return true
		}
		return (i == from || v.groups[i-1].n != size) && (j+1 == to || v.groups[j+1].n != size)
	}
	if i != from || j+1 != to {
		return false
	}
	for k := i; k <= j; k++ {
		if v.groups[k].date {
			return false
		}
	}
	return true
}
