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

// words draws texts of few different words, so that they have some in common.
func words(most int) *rapid.Generator[[]string] {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) string {
		return fmt.Sprint("w", rapid.IntRange(0, 40).Draw(t, "word"))
	}), 0, most)
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
	if all := len(inA) + len(inB) - both; all > 0 {
		return float64(both) / float64(all)
	}
	return 0
}

func TestLikenessOfShortTextsIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := words(32).Draw(t, "a"), words(32).Draw(t, "b")
		p, q := similar.Of(key, a), similar.Of(key, b)
		if got, want := p.Likeness(q), jaccard(a, b); math.Abs(got-want) > 1e-9 {
			t.Fatalf("%v, want %v", got, want)
		}
		if p.Likeness(q) != q.Likeness(p) {
			t.Fatal("likeness has a direction")
		}
		if len(a) > 0 && p.Likeness(p) != 1 {
			t.Fatal("a text is not like itself")
		}
	})
}

func TestLikenessOfLongTextsIsEstimated(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, changed := range []int{0, 20, 100, 300, 600} {
		var a []string
		for range 600 {
			a = append(a, fmt.Sprint(random.Uint32()))
		}
		b := slices.Clone(a)
		for i := range changed {
			b[i] = fmt.Sprint("other", i)
		}
		p, q := similar.Of(key, a), similar.Of(key, b)
		// The standard deviation of 128 samples is at most 0.045.
		if got, want := p.Likeness(q), jaccard(a, b); math.Abs(got-want) > 0.15 {
			t.Errorf("%d words of 600 changed: %.2f, want %.2f", changed, got, want)
		}
	}
}

func TestWhatIsAlikeSharesABand(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	text := func() (out []string) {
		for range 16 {
			out = append(out, fmt.Sprint(random.IntN(5000)))
		}
		return out
	}
	share := func(p, q similar.Print) bool {
		a, b := p.Bands(), q.Bands()
		for i := range a {
			if a[i] == b[i] {
				return true
			}
		}
		return false
	}
	const tries = 2000
	found, joined := 0, 0
	for range tries {
		a := text()
		b := slices.Clone(a)
		b[random.IntN(len(b))] = "other"
		if share(similar.Of(key, a), similar.Of(key, b)) {
			found++
		}
		if share(similar.Of(key, a), similar.Of(key, text())) {
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
	p, q := similar.Of(key, text), similar.Of([]byte("another key"), text)
	if p.Likeness(q) > 0 || p.Bands() == q.Bands() {
		t.Error("prints of two keys have something in common")
	}
	if again := similar.Of(key, append(text, text...)); again.Likeness(p) < 0.9 {
		t.Errorf("the same words again are another text: %v", again.Likeness(p))
	}
}

func TestPrintsOfNothing(t *testing.T) {
	var nothing similar.Print
	if len(similar.Of(key, nil)) != 0 || nothing.Likeness(nothing) != 0 || nothing.Likeness(similar.Of(key, []string{"a"})) != 0 {
		t.Error("nothing is like something")
	}
	nothing.Bands()
}

func TestPrintsAreWrittenAndRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := similar.Of(key, words(200).Draw(t, "text"))
		data, err := p.MarshalBinary()
		var q similar.Print
		if err != nil || q.UnmarshalBinary(data) != nil || !slices.Equal(p, q) || len(data) > 512 {
			t.Fatalf("%v became %v, %v", p, q, err)
		}
	})
}

func FuzzUnmarshal(f *testing.F) {
	for _, seed := range [][]byte{nil, {1}, {0, 0, 0, 1}, {0, 0, 0, 2, 0, 0, 0, 1}, {0, 0, 0, 1, 0, 0, 0, 1}, make([]byte, 516)} {
		f.Add(seed)
	}
	good, _ := similar.Of(key, []string{"a", "b", "c"}).MarshalBinary()
	f.Add(good)
	f.Fuzz(func(t *testing.T, data []byte) {
		var p similar.Print
		if p.UnmarshalBinary(data) != nil {
			return
		}
		if !slices.IsSorted(p) || len(slices.Compact(slices.Clone(p))) != len(p) {
			t.Fatalf("%v is no print", p)
		}
		if len(p) > 0 && p.Likeness(p) != 1 {
			t.Fatal("a print is not like itself")
		}
		p.Bands()
		if again, _ := p.MarshalBinary(); string(again) != string(data) {
			t.Fatalf("%x became %x", data, again)
		}
	})
}

func text(n int) (out []string) {
	for i := range n {
		out = append(out, fmt.Sprint("слово", i))
	}
	return out
}

func BenchmarkOf(b *testing.B) {
	for _, n := range []int{16, 200} {
		b.Run(fmt.Sprint(n, " words"), func(b *testing.B) {
			words := text(n)
			b.ReportAllocs()
			for b.Loop() {
				similar.Of(key, words)
			}
		})
	}
}

func BenchmarkBands(b *testing.B) {
	for _, n := range []int{16, 200} {
		b.Run(fmt.Sprint(n, " words"), func(b *testing.B) {
			p := similar.Of(key, text(n))
			b.ReportAllocs()
			for b.Loop() {
				p.Bands()
			}
		})
	}
}

func BenchmarkLikeness(b *testing.B) {
	p, q := similar.Of(key, text(200)), similar.Of(key, text(220))
	b.ReportAllocs()
	for b.Loop() {
		p.Likeness(q)
	}
}

// A look-up costs the same whatever number of prints is kept.
func BenchmarkLookup(b *testing.B) {
	for _, n := range []int{1_000, 30_000} {
		b.Run(fmt.Sprint(n, " prints"), func(b *testing.B) {
			random := rand.New(rand.NewPCG(5, 6))
			kept := map[string]similar.Print{}
			at := func(i int, band uint64) string {
				return string(binary.BigEndian.AppendUint64([]byte{byte(i)}, band))
			}
			var asked similar.Print
			for range n {
				var words []string
				for range 16 {
					words = append(words, fmt.Sprint(random.IntN(5000)))
				}
				asked = similar.Of(key, words)
				for i, band := range asked.Bands() {
					kept[at(i, band)] = asked
				}
			}
			b.ReportAllocs()
			for b.Loop() {
				best := 0.0
				for i, band := range asked.Bands() {
					best = max(best, asked.Likeness(kept[at(i, band)]))
				}
				if best != 1 {
					b.Fatal("it is not found")
				}
			}
		})
	}
}
