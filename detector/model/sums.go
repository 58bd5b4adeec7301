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

func (f *features) sumForms(weights *[1 << formBits]int8) (sum, n int) {
	for i, form := range f.forms {
		sum += int(weights[formPlace(form)])
		if i > 0 {
			sum += int(weights[besidePlace(seedBefore, f.endings[i-1], f.stems[i])]) + int(weights[besidePlace(seedAfter, f.endings[i], f.stems[i-1])])
		}
	}
	return sum, max(0, 3*len(f.forms)-2)
}

// sumContexts keeps what each stem comes to, for Strongest.
//
//go:noinline
func (f *features) sumContexts(weights *[1 << contextBits]int8) (sum, n int) {
	f.contexts = f.contexts[:0]
	concepts := f.concepts
	for _, stem := range f.stems {
		own := 0
		for _, concept := range concepts {
			own += int(weights[contextPlace(stem, concept)])
		}
		f.contexts = append(f.contexts, int32(own))
		sum += own
	}
	return sum, len(f.stems) * len(concepts)
}
