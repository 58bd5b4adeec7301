package text_test

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"encoding/json"
	"flag"
	"maps"
	"math/bits"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/kljensen/snowball/russian"

	"github.com/aldanba/aldanba/detector/kazakh"
	"github.com/aldanba/aldanba/detector/text"
)

var update = flag.Bool("update", false, "write the table of frequent stems anew from the corpus")

// The layout of stems_ru.bin.
const (
	stemFile    = "stems_ru.bin"
	endingCount = 64
	slotCount   = 1 << 15
	longestWord = 16
	longestEnd  = 6
	slotStart   = 8 * endingCount
	stemStart   = slotStart + 2*slotCount
	recordSize  = 8 + longestWord
)

// TestTheTableOfStemsSaysWhatTheLibrarySays asks the library about every word of the table.
func TestTheTableOfStemsSaysWhatTheLibrarySays(t *testing.T) {
	if *update {
		if err := os.WriteFile(stemFile, buildStemTable(t, corpusWords(t)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	table, err := os.ReadFile(stemFile)
	if err != nil {
		t.Fatal(err)
	}
	if slot := len(table); slot < stemStart || (slot-stemStart)%recordSize != 0 {
		t.Fatalf("%s has %d bytes", stemFile, len(table))
	}
	step := 1
	if raceEnabled {
		step = 16 // the library is slow enough without it
	}
	words := 0
	for at := stemStart; at < len(table); at += step * recordSize {
		record := table[at : at+recordSize]
		stem := letters(record[8:])
		for endings := binary.LittleEndian.Uint64(record); endings != 0; endings &= endings - 1 {
			word := stem + letters(table[8*bits.TrailingZeros64(endings):][:8])
			words++
			if got := russian.Stem(word, true); got != stem {
				t.Errorf("the table gives %q as the stem of %q, the library %q", stem, word, got)
			}
		}
	}
	if words*step < 100_000 {
		t.Errorf("the table has %d words only", words)
	}
}

// TestRussianStemsAreThoseOfTheLibrary looks at words that the table knows and at such that it does not.
func TestRussianStemsAreThoseOfTheLibrary(t *testing.T) {
	a := text.NewAnalyzer()
	for word := range corpusWords(t) {
		sameStem(t, a, word)
	}
}

func FuzzRussianStem(f *testing.F) {
	for _, word := range []string{"я", "ею", "перевести", "переведённого", "безопасностью", "кодыққа", "человекоподобнейшими", "подтвердившимися"} {
		f.Add(word)
	}
	a := text.NewAnalyzer()
	f.Fuzz(func(t *testing.T, word string) {
		word = strings.Map(func(r rune) rune { return 'а' + max(r, -r)%32 }, word)
		if word != "" && len(word) <= 100 {
			sameStem(t, a, word)
		}
	})
}

func sameStem(t *testing.T, a *text.Analyzer, word string) {
	t.Helper()
	if got, want := a.StemRussian(word), kazakh.Key(russian.Stem(word, true)); got != want {
		t.Errorf("the stem of %q is %q, the library gives %q", word, got, want)
	}
}

// corpusWords gives the Russian words of the corpus and of the rule packs, all of them in lower-case letters from а to я.
func corpusWords(t *testing.T) map[string]bool {
	words, a := map[string]bool{}, text.NewAnalyzer()
	for _, pattern := range []string{"../../testdata/corpus/*.jsonl", "../scheme/packs/*.toml"} {
		names, err := filepath.Glob(pattern)
		if err != nil || len(names) == 0 {
			t.Fatalf("nothing is called %s: %v", pattern, err)
		}
		for _, name := range names {
			file, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for line := range bytes.Lines(file) {
				message := struct{ Text string }{string(line)}
				if strings.HasSuffix(name, ".jsonl") {
					if err := json.Unmarshal(line, &message); err != nil {
						t.Fatal(err)
					}
				}
				addWords(words, a.Parse(message.Text))
			}
		}
	}
	return words
}

// addWords adds the Russian words of a document and releases it.
func addWords(words map[string]bool, doc *text.Document) {
	for _, token := range doc.Tokens {
		if !strings.ContainsFunc(token.Norm, func(r rune) bool { return r < 'а' || r > 'я' }) {
			words[strings.Clone(token.Norm)] = true
		}
	}
	doc.Release()
}

// buildStemTable makes the table of the stems of words and of the endings that most of them have: a stem gets an ending
// if a word has it behind the same two letters, and the library parts the two there.
func buildStemTable(t *testing.T, words map[string]bool) []byte {
	stems, counts, behind := map[string]bool{}, map[string]int{}, map[string]bool{}
	for word := range words {
		stem := russian.Stem(word, true)
		ending := word[len(stem):]
		stems[stem] = true
		counts[ending]++
		behind[lastTwo(stem)+"|"+ending] = true
	}
	endings := slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
	})
	endings = slices.DeleteFunc(endings, func(e string) bool { return len(e) > 2*longestEnd })[:endingCount]
	table := make([]byte, stemStart)
	for i, ending := range endings {
		copy(table[8*i:], codes(ending))
	}
	for _, stem := range slices.Sorted(maps.Keys(stems)) {
		record := make([]byte, recordSize)
		mask := uint64(0)
		for i, ending := range endings {
			word := stem + ending
			if len(word) <= 2*longestWord && stem != "" && behind[lastTwo(stem)+"|"+ending] && russian.Stem(word, true) == stem {
				mask |= 1 << i
			}
		}
		if mask == 0 {
			continue
		}
		binary.LittleEndian.PutUint64(record, mask)
		copy(record[8:], codes(stem))
		table = append(table, record...)
	}
	if stems := (len(table) - stemStart) / recordSize; stems > slotCount*2/3 {
		t.Fatalf("%d stems are too many for the slots", stems)
	}
	for at := stemStart; at < len(table); at += recordSize {
		first, second := binary.LittleEndian.Uint64(table[at+8:]), binary.LittleEndian.Uint64(table[at+16:])
		high, low := bits.Mul64(first^0x9E3779B97F4A7C15, second^0xD6E8FEB86659FD93)
		slot := (high ^ low) % slotCount
		for binary.LittleEndian.Uint16(table[slotStart+2*slot:]) != 0 {
			slot = (slot + 1) % slotCount
		}
		binary.LittleEndian.PutUint16(table[slotStart+2*slot:], uint16((at-stemStart)/recordSize+1))
	}
	return table
}

func lastTwo(stem string) string {
	return stem[max(0, len(stem)-4):]
}

// codes and letters turn а…я into 1…32 and back.
func codes(word string) []byte {
	var out []byte
	for _, r := range word {
		out = append(out, byte(r-'а'+1))
	}
	return out
}

func letters(codes []byte) string {
	var out []rune
	for _, c := range codes {
		if c == 0 {
			break
		}
		out = append(out, rune(c)+'а'-1)
	}
	return string(out)
}
