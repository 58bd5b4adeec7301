package similar_test

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/aldanba/aldanba/detector/similar"
)

var key = []byte("a key for tests")

func print(words []string) similar.Print {
	p, _ := similar.Of(key, words)
	return p
}

// jaccard is likeness by its definition: words and pairs of neighbours in both,
// of those in either.
func jaccard(a, b []string) float64 {
	set := func(words []string) map[string]bool {
		out := map[string]bool{}
		for i, w := range words {
			out[w] = true
			if i+1 < len(words) {
				out[w+" "+words[i+1]] = true
			}
		}
		return out
	}
	inA, inB := set(a), set(b)
	both := 0
	for w := range inA {
		if inB[w] {
			both++
		}
	}
	return float64(both) / float64(len(inA)+len(inB)-both)
}

// changed gives a text of n words and a copy with some of them changed.
func changed(random *rand.Rand, n, words int) (a, b []string) {
	for range n {
		a = append(a, fmt.Sprint(random.IntN(5000)))
	}
	b = slices.Clone(a)
	for range words {
		b[random.IntN(n)] = fmt.Sprint("other", random.Uint32())
	}
	return a, b
}

func TestLikenessIsEstimated(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{8, 16, 100, 1000} {
		for _, part := range []int{0, 10, 25, 50, 100} {
			sum, worst := 0.0, 0.0
			const tries = 20
			for range tries {
				a, b := changed(random, n, n*part/100)
				off := math.Abs(print(a).Likeness(print(b)) - jaccard(a, b))
				sum, worst = sum+off, max(worst, off)
			}
			if sum/tries > 0.08 || worst > 0.25 {
				t.Errorf("%d words, %d %% changed: off by %.3f, at worst %.3f", n, part, sum/tries, worst)
			}
		}
	}
}

func TestLikenessHasNoDirection(t *testing.T) {
	words := rapid.SliceOfN(rapid.StringN(1, 8, -1), 1, 40)
	rapid.Check(t, func(t *rapid.T) {
		a, b := words.Draw(t, "a"), words.Draw(t, "b")
		p, q := print(a), print(b)
		if p.Likeness(q) != q.Likeness(p) || p.Likeness(p) != 1 {
			t.Fatal("likeness is not symmetric, or a text is not like itself")
		}
		if l := p.Likeness(q); l < 0 || l > 1 {
			t.Fatalf("a likeness of %v", l)
		}
	})
}

func FuzzLikeness(f *testing.F) {
	f.Add([]byte("k"), "тез ақша салып жібер", "тез ақша салып жіберіңізші")
	f.Add([]byte(nil), "", " ")
	f.Fuzz(func(t *testing.T, key []byte, a, b string) {
		p, first := similar.Of(key, strings.Fields(a))
		q, _ := similar.Of(key, strings.Fields(b))
		if l := p.Likeness(q); l < 0 || l > 1 || l != q.Likeness(p) || p.Likeness(p) != 1 {
			t.Fatalf("a likeness of %v", l)
		}
		if again, bands := similar.Of(key, strings.Fields(a)); again != p || bands != first {
			t.Fatal("a text has two prints")
		}
	})
}

func TestWhatIsAlikeSharesABand(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	share := func(a, b []string) bool {
		_, x := similar.Of(key, a)
		_, y := similar.Of(key, b)
		for i := range x {
			if x[i] == y[i] {
				return true
			}
		}
		return false
	}
	const tries = 1000
	found, joined := 0, 0
	for range tries {
		a, b := changed(random, 16, 1)
		if share(a, b) {
			found++
		}
		if other, _ := changed(random, 16, 0); share(a, other) {
			joined++
		}
	}
	if found < tries*99/100 {
		t.Errorf("of %d copies with another word %d share a band", tries, found)
	}
	if joined > tries/200 {
		t.Errorf("of %d texts that have nothing in common %d share a band", tries, joined)
	}
}

func TestTheKeyDecides(t *testing.T) {
	text := strings.Fields("апа мин карта тез акша салип жибер кеин тусиндир")
	p, first := similar.Of(key, text)
	q, second := similar.Of([]byte("another key"), text)
	if p.Likeness(q) > 0.4 || first == second {
		t.Error("prints of two keys have something in common")
	}
	if again := print(append(text, text...)); again.Likeness(p) < 0.8 {
		t.Errorf("the same words again are another text: %v", again.Likeness(p))
	}
}

func words(n int) (out []string) {
	for i := range n {
		out = append(out, fmt.Sprint("слово", i))
	}
	return out
}

func BenchmarkOf(b *testing.B) {
	for _, n := range []int{16, 200, 1000} {
		b.Run(fmt.Sprint(n, " words"), func(b *testing.B) {
			text := words(n)
			b.ReportAllocs()
			for b.Loop() {
				similar.Of(key, text)
			}
		})
	}
}

func BenchmarkLikeness(b *testing.B) {
	p, q := print(words(16)), print(words(18))
	b.ReportAllocs()
	for b.Loop() {
		p.Likeness(q)
	}
}

// A look-up costs the same whatever number of prints is kept.
func BenchmarkLookup(b *testing.B) {
	for _, n := range []int{300, 10_000} {
		b.Run(fmt.Sprint(n, " prints"), func(b *testing.B) {
			random := rand.New(rand.NewPCG(5, 6))
			kept := map[string]similar.Print{}
			at := func(i int, band uint64) string {
				return string(binary.BigEndian.AppendUint64([]byte{byte(i)}, band))
			}
			var asked similar.Print
			var bands [similar.Bands]uint64
			for range n {
				text, _ := changed(random, 16, 0)
				asked, bands = similar.Of(key, text)
				for i, band := range bands {
					kept[at(i, band)] = asked
				}
			}
			b.ReportAllocs()
			for b.Loop() {
				best := 0.0
				for i, band := range bands {
					best = max(best, asked.Likeness(kept[at(i, band)]))
				}
				if best != 1 {
					b.Fatal("it is not found")
				}
			}
		})
	}
}
