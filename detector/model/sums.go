package model

// The sums below are those of the weights at the places that lists.go lists;
// n is how many these are. A test holds the two together.

func (f *features) sumWords(weights *[1 << wordBits]int8) (sum, n int) {
	for i, stem := range f.stems {
		for k := range min(3, len(f.stems)-i) {
			sum, n = sum+int(weights[wordPlace(stem, f.stems[i+k], k)]), n+1
		}
	}
	return sum, n
}

func (f *features) sumLetters(weights *[1 << charBits]int8) (sum, n int) {
	runes := f.runes
	if whole := len(runes) - longestRun + 1; whole > 0 {
		a, b, c, d := runes[0], runes[1], runes[2], runes[3]
		for _, e := range runes[4:] {
			three := mix(mix(mix(seedChar, a), b), c)
			four := mix(three, d)
			five := mix(four, e)
			sum += int(weights[place(three, charBits)]) + int(weights[place(four, charBits)]) + int(weights[place(five, charBits)])
			a, b, c, d = b, c, d, e
		}
		runes, n = runes[whole:], 3*whole
	}
	for ; len(runes) >= shortestRun; runes = runes[1:] {
		h := mix(mix(seedChar, runes[0]), runes[1])
		for _, r := range runes[2:] {
			h = mix(h, r)
			sum, n = sum+int(weights[place(h, charBits)]), n+1
		}
	}
	return sum, n
}

// sumPairs stays a function of its own: in a larger one its variables would not
// find room in registers.
//
//go:noinline
func (f *features) sumPairs(weights *[1 << pairBits]int8) (sum, n int) {
	for i, a := range f.concepts {
		others := f.concepts[i+1:]
		for _, b := range others {
			sum += int(weights[pairPlace(a, b)])
		}
		n += len(others)
	}
	return sum, n
}
