package text_test

import (
	"bufio"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/kljensen/snowball/russian"

	"github.com/aldanba/aldanba/detector/kazakh"
	"github.com/aldanba/aldanba/detector/text"
)

// TestRussianStemsAreThoseOfSnowball compares the stemmer with the library, over
// every word of the corpus and every ending behind a few roots.
func TestRussianStemsAreThoseOfSnowball(t *testing.T) {
	names, err := filepath.Glob("../../testdata/corpus/*.jsonl")
	if err != nil || len(names) == 0 {
		t.Fatalf("no corpus: %v", err)
	}
	for _, name := range names {
		file, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		for lines := bufio.NewScanner(file); lines.Scan(); {
			for word := range strings.FieldsFuncSeq(strings.ToLower(lines.Text()), func(r rune) bool { return r < 0x80 }) {
				compareStem(t, word)
			}
		}
	}
	endings := strings.Fields("ившись вшись ив в ся сь ими его ему ее ивш ывш ующ ем нн вш ющ щ уйте ейте ыть нно йте ишь ете ны ла й л ость ост ейше ейш нн ь и")
	for _, root := range strings.Fields("а ба стра читая") {
		for _, a := range endings {
			for _, b := range endings {
				for _, c := range endings {
					compareStem(t, root+a+b+c)
				}
			}
		}
	}
}

// FuzzRussianStem compares on anything.
func FuzzRussianStem(f *testing.F) {
	f.Add("переводились")
	f.Add("наилучшейшеннь")
	f.Add("крыша’сь")
	f.Fuzz(func(t *testing.T, word string) {
		if word = strings.ToLower(strings.TrimSpace(strings.ToValidUTF8(word, "?"))); utf8.RuneCountInString(word) <= 64 {
			compareStem(t, word)
		}
	})
}

// stemmer remembers nothing that a test could leave behind.
var stemmer = text.NewAnalyzer()

func compareStem(t *testing.T, word string) {
	t.Helper()
	word = strings.ReplaceAll(word, "ё", "е")
	want := russian.Stem(word, true)
	if strings.Trim(word, "абвгдежзийклмнопрстуфхцчшщъыьэюя") == "" {
		// StemOfRussian would look at irregular forms first.
		if got := stemmer.StemRussian(word); got != kazakh.Key(want) {
			t.Errorf("the stem of %q is %q, want %q", word, got, kazakh.Key(want))
		}
	} else if got := text.StemOfRussian(word); got != want {
		t.Errorf("the stem of %q is %q, want %q", word, got, want)
	}
}
