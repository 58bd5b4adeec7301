package kazakh

import (
	"os"
	"strings"
	"testing"
)

// paradigm is a word of testdata/unseen.tsv with some of its forms.
type paradigm struct {
	kind, lemma string
	forms       []string
}

func readUnseen(t *testing.T) []paradigm {
	t.Helper()
	file, err := os.ReadFile("testdata/unseen.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var all []paradigm
	for line := range strings.Lines(string(file)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		fields := strings.Split(strings.TrimSpace(line), "\t")
		if len(fields) != 3 {
			t.Fatalf("not three fields: %q", line)
		}
		all = append(all, paradigm{fields[0], fields[1], strings.Fields(fields[2])})
	}
	return all
}

// TestUnseenWords holds what the stemmer does with words that no list of its roots names: how many of the pairs of forms
// that belong together it unites (recall), how many of the pairs that it unites belong together (precision), and F1.
func TestUnseenWords(t *testing.T) {
	floors := map[string]float64{"noun": 0.90, "loan": 0.92, "name": 0.90, "verb": 0.89}
	words := readUnseen(t)
	for kind, floor := range floors {
		together, united, right := 0, 0, 0
		stems := map[string]int{}
		for _, w := range words {
			if w.kind != kind {
				continue
			}
			own := map[string]int{}
			for _, form := range w.forms {
				own[Stem(form)]++
			}
			together += pairs(len(w.forms))
			for stem, n := range own {
				right += pairs(n)
				stems[stem] += n
			}
		}
		for _, n := range stems {
			united += pairs(n)
		}
		precision, recall := float64(right)/float64(united), float64(right)/float64(together)
		f1 := 2 * precision * recall / (precision + recall)
		t.Logf("%s: pairwise precision %.3f, recall %.3f, F1 %.3f", kind, precision, recall, f1)
		if f1 < floor {
			t.Errorf("%s: pairwise F1 is %.3f, the floor %.3f", kind, f1, floor)
		}
	}
}

func pairs(n int) int { return n * (n - 1) / 2 }

func TestUnseenWordsAreOnNoList(t *testing.T) {
	listed := map[string]bool{}
	for _, name := range rootLists {
		for _, entry := range readList(t, name) {
			word, _, _ := strings.Cut(strings.ReplaceAll(entry, "=", "/"), "/")
			listed[word] = true
		}
	}
	for _, w := range readUnseen(t) {
		if listed[w.lemma] {
			t.Errorf("%q is on a list of roots: the measure is of words that are not", w.lemma)
		}
	}
}

// TestUnseenWordsMeetInAnySpelling writes every form on a Russian keyboard and in the habits of Latin letters.
func TestUnseenWordsMeetInAnySpelling(t *testing.T) {
	spellings := map[string]*strings.Replacer{
		"Russian keyboard": strings.NewReplacer("ә", "а", "ғ", "г", "қ", "к", "ң", "н", "ө", "о", "ұ", "у", "ү", "у", "і", "и", "һ", "х"),
		"Latin, digraphs": strings.NewReplacer("ә", "a", "а", "a", "б", "b", "в", "v", "г", "g", "ғ", "gh", "д", "d", "е", "e", "ж", "zh",
			"з", "z", "и", "i", "й", "y", "к", "k", "қ", "q", "л", "l", "м", "m", "н", "n", "ң", "n", "о", "o", "ө", "o", "п", "p", "р", "r",
			"с", "s", "т", "t", "у", "u", "ұ", "u", "ү", "u", "ф", "f", "х", "kh", "һ", "h", "ц", "ts", "ч", "ch", "ш", "sh", "ы", "y", "і",
			"i", "э", "e", "ю", "yu", "я", "ya", "ь", ""),
		"Latin of 2021": strings.NewReplacer("ә", "ä", "а", "a", "б", "b", "в", "v", "г", "g", "ғ", "ğ", "д", "d", "е", "e", "ж", "j",
			"з", "z", "и", "i", "й", "i", "к", "k", "қ", "q", "л", "l", "м", "m", "н", "n", "ң", "ñ", "о", "o", "ө", "ö", "п", "p", "р", "r",
			"с", "s", "т", "t", "у", "u", "ұ", "ū", "ү", "ü", "ф", "f", "х", "h", "һ", "h", "ц", "ts", "ч", "ç", "ш", "ş", "ы", "y", "і",
			"ı", "э", "e", "ю", "iu", "я", "ia", "ь", ""),
	}
	for _, w := range readUnseen(t) {
		for _, form := range w.forms {
			want := Stem(form)
			for name, spelling := range spellings {
				if written := spelling.Replace(form); Stem(written) != want {
					t.Errorf("%s: Stem(%q) = %q, but Stem(%q) = %q", name, written, Stem(written), form, want)
				}
			}
		}
	}
}
