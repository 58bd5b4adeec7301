package eval_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aldanba/aldanba/detector"
	"github.com/aldanba/aldanba/detector/eval"
)

// line is one line of the corpus with all its fields.
type line struct {
	ID         string   `json:"id"`
	Text       string   `json:"text"`
	Label      string   `json:"label"`
	Lang       string   `json:"lang"`
	Scheme     string   `json:"scheme"`
	SchemeAlso []string `json:"scheme_also"`
	Form       string   `json:"form"`
	Spelling   string   `json:"spelling"`
	Stage      string   `json:"stage"`
	Hard       bool     `json:"hard"`
	Voice      string   `json:"voice"`
	Split      string   `json:"split"`
}

func (l line) example() eval.Example {
	return eval.Example{ID: l.ID, Text: l.Text, Label: l.Label, Lang: l.Lang, Scheme: l.Scheme, SchemeAlso: l.SchemeAlso, Split: l.Split, Hard: l.Hard}
}

func readCorpus(t *testing.T) []line {
	t.Helper()
	files, err := filepath.Glob("../../testdata/corpus/*.jsonl")
	if err != nil || len(files) == 0 {
		t.Fatalf("no corpus: %v", err)
	}
	var lines []line
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for text := range strings.Lines(string(data)) {
			decoder := json.NewDecoder(strings.NewReader(text))
			decoder.DisallowUnknownFields()
			var l line
			if err := decoder.Decode(&l); err != nil {
				t.Fatalf("%s: %v: %.80s", file, err, text)
			}
			lines = append(lines, l)
		}
	}
	return lines
}

func TestCorpusFieldsAreInOrder(t *testing.T) {
	d, err := detector.New(detector.Config{})
	if err != nil {
		t.Fatal(err)
	}
	known := func(id string) bool { _, ok := d.Catalogue().Scheme(id); return ok }
	ids := map[string]bool{}
	for _, l := range readCorpus(t) {
		if ids[l.ID] || l.ID == "" {
			t.Errorf("id %q is missing or stands twice", l.ID)
		}
		ids[l.ID] = true
		for field, values := range map[string][]string{
			l.Label: {"scam", "ham"}, l.Lang: {"ru", "kk", "mixed", "kk-latn", "en"}, l.Split: {"train", "test", "exam"},
			l.Spelling: {"standard", "ru_keyboard", "latin", "translit", "disguised", "errors"},
			l.Form:     {"sms", "chat", "dialogue", "retold_call", "question", "advertisement", "chain_letter", "ocr", "speech", "exported_chat", "disguised", "call_script"},
		} {
			if !slices.Contains(values, field) {
				t.Errorf("%s: %q is none of %v", l.ID, field, values)
			}
		}
		if _, ok := d.Catalogue().Stage(l.Stage); !ok {
			t.Errorf("%s: unknown stage %q", l.ID, l.Stage)
		}
		if (l.Label == "scam") != known(l.Scheme) {
			t.Errorf("%s: a %s with the scheme %q", l.ID, l.Label, l.Scheme)
		}
		for _, also := range l.SchemeAlso {
			if !known(also) {
				t.Errorf("%s: unknown scheme %q", l.ID, also)
			}
		}
		if strings.TrimSpace(l.Text) == "" || l.Voice == "" {
			t.Errorf("%s: an empty text or voice", l.ID)
		}
	}
}

// testCards are the numbers that payment systems publish for tests.
var testCards = []string{"4242424242424242", "4111111111111111", "5454545454545454", "4000000000000002", "5555555555554444"}

func TestCorpusHoldsNobodysIdentifiers(t *testing.T) {
	if testing.Short() {
		t.Skip("left out of a short run: under the race detector it takes long, and only one goroutine is at work")
	}
	d, err := detector.New(detector.Config{})
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range readCorpus(t) {
		for _, e := range d.Check(l.Text).Entities {
			switch {
			case e.Kind == "card" && !slices.Contains(testCards, e.Value):
				t.Errorf("%s: the card is no published test card", l.ID)
			case e.Kind == "phone" && !e.Foreign && !strings.HasPrefix(e.Value, "+770000000"):
				t.Errorf("%s: the phone %s is not of the reserved kind +7 700 000 00 xx", l.ID, e.Masked)
			}
		}
	}
}

// Two messages may share this part of their three-word runs, within a split
// and across splits.
const (
	mostOverlap       = 0.6
	mostOverlapAcross = 0.4
)

func TestCorpusHasNoNearDuplicates(t *testing.T) {
	if testing.Short() {
		t.Skip("left out of a short run: under the race detector it takes long, and only one goroutine is at work")
	}
	lines := readCorpus(t)
	shingles := make([][]string, len(lines))
	where := map[string][]int{}
	for i, l := range lines {
		shingles[i] = shinglesOf(l.Text)
		for _, s := range shingles[i] {
			where[s] = append(where[s], i)
		}
	}
	for i := range lines {
		shared := map[int]int{}
		for _, s := range shingles[i] {
			for _, j := range where[s] {
				if j < i {
					shared[j]++
				}
			}
		}
		for j, n := range shared {
			limit := mostOverlap
			if lines[i].Split != lines[j].Split {
				limit = mostOverlapAcross
			}
			if overlap := float64(n) / float64(min(len(shingles[i]), len(shingles[j]))); overlap > limit && n > 2 {
				t.Errorf("%s and %s share %.0f %% of their runs of three words", lines[j].ID, lines[i].ID, 100*overlap)
			}
		}
	}
}

// shinglesOf gives the distinct runs of three words.
func shinglesOf(text string) []string {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return r < '0' || r > '9' && r < 'A' || r == '«' || r == '»' || r == '—' })
	var runs []string
	for i := 0; i+3 <= len(words); i++ {
		runs = append(runs, strings.Join(words[i:i+3], " "))
	}
	slices.Sort(runs)
	return slices.Compact(runs)
}
