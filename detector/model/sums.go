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
