package knowledge_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aldanba/aldanba/bot/knowledge"
	"github.com/aldanba/aldanba/locales"
)

func load(t testing.TB) *knowledge.Base {
	t.Helper()
	texts, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	base, err := knowledge.Load(texts, nil)
	if err != nil {
		t.Fatal(err)
	}
	return base
}

// lines reads the fields of a file of labelled questions.
func lines(t testing.TB, name string) (rows [][]string) {
	t.Helper()
	data, err := os.ReadFile("../../testdata/knowledge/" + name)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		rows = append(rows, strings.Split(strings.TrimSpace(line), "\t"))
	}
	return rows
}

// TestQuestionsFindTheirPassage holds floors on questions in people's own words.
// Those of test.tsv were written when nothing could be fitted to them any more.
func TestQuestionsFindTheirPassage(t *testing.T) {
	base := load(t)
	for _, set := range []struct {
		file                       string
		least                      int
		first, three, told, misled float64
	}{
		{"dev.tsv", 250, 0.95, 0.99, 0.90, 0.04},
		{"test.tsv", 140, 0.85, 0.95, 0.65, 0.06},
	} {
		rows := lines(t, set.file)
		if len(rows) < set.least {
			t.Fatalf("%s: only %d questions", set.file, len(rows))
		}
		var first, three, told, misled float64
		for _, row := range rows {
			right := strings.Split(row[0], "|")
			for _, id := range right {
				if topic, ok := base.Topic(id); !ok || topic.Off {
					t.Fatalf("%s: there is no topic %s", set.file, id)
				}
			}
			at := slices.IndexFunc(base.Search(row[2]), func(h knowledge.Hit) bool { return slices.Contains(right, h.ID) })
			if at == 0 {
				first++
			}
			if at >= 0 && at < 3 {
				three++
			}
			switch found := base.Find(row[2]); {
			case slices.Contains(right, found.Topic.ID):
				told++
			case found.Topic.ID != "" || found.Off:
				misled++
			}
		}
		n := float64(len(rows))
		t.Logf("%s: %d questions, first %.3f, in three %.3f; told %.3f, misled %.3f", set.file, len(rows), first/n, three/n, told/n, misled/n)
		if first/n < set.first || three/n < set.three || told/n < set.told || misled/n > set.misled {
			t.Errorf("%s: below the floors %+v", set.file, set)
		}
	}
}

// TestWhatIsNotOurSubjectHasNoPassage: neither the weather nor a message to be
// checked is answered by a passage.
func TestWhatIsNotOurSubjectHasNoPassage(t *testing.T) {
	base := load(t)
	for _, file := range []string{"off_dev.tsv", "off_test.tsv"} {
		answered := 0
		rows := lines(t, file)
		for _, row := range rows {
			if base.Find(row[1]).Topic.ID != "" {
				answered++
			}
		}
		t.Logf("%s: %d of %d answered", file, answered, len(rows))
		if len(rows) < 40 || float64(answered) > 0.03*float64(len(rows)) {
			t.Errorf("%s: %d of %d are answered", file, answered, len(rows))
		}
	}
}

func TestMessagesToCheckHaveNoPassage(t *testing.T) {
	base := load(t)
	files, err := filepath.Glob("../../testdata/corpus/*.jsonl")
	if err != nil || len(files) == 0 {
		t.Fatalf("no corpus: %v", err)
	}
	answered, all := 0, 0
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(data)) {
			var message struct{ Text, Form string }
			if err := json.Unmarshal([]byte(line), &message); err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			if message.Form == "question" {
				continue
			}
			all++
			if base.Find(message.Text).Topic.ID != "" {
				answered++
			}
		}
	}
	t.Logf("%d of %d messages answered", answered, all)
	if all < 5000 || float64(answered) > 0.03*float64(all) {
		t.Errorf("%d of %d messages are answered", answered, all)
	}
}

func TestEverySchemeAndStageCanBeAskedAbout(t *testing.T) {
	base := load(t)
	texts, _ := locales.Load()
	schemes, stages := 0, 0
	for _, topic := range base.Topics() {
		if topic.Scheme != "" {
			schemes++
			for _, lang := range locales.Languages() {
				if _, ok := texts.Scheme(lang, topic.Scheme); !ok {
					t.Errorf("%s: no scheme %s in %s", topic.ID, topic.Scheme, lang)
				}
			}
		}
		if topic.Stage != "" {
			stages++
		}
	}
	if schemes != 31 || stages != 8 {
		t.Errorf("%d schemes and %d stages", schemes, stages)
	}
}

func TestAnythingMayBeAsked(t *testing.T) {
	base := load(t)
	for _, asked := range []string{"", " \n", "???", "\xff\xfe", "🙂", strings.Repeat("код ", 100000), strings.Repeat("я", 1<<20)} {
		if hits := base.Search(asked); len(hits) > 5 {
			t.Errorf("%d hits", len(hits))
		}
	}
	var group sync.WaitGroup
	want := base.Search("что такое безопасный счёт")
	for range 8 {
		group.Go(func() {
			for range 50 {
				if got := base.Search("что такое безопасный счёт"); !slices.Equal(got, want) {
					t.Errorf("%v, want %v", got, want)
				}
			}
		})
	}
	group.Wait()
}

func FuzzSearch(f *testing.F) {
	base := load(f)
	f.Add("что такое безопасный счёт")
	f.Add("қауіпсіз шот деген не")
	f.Add("\xff код \x00 k0d")
	f.Fuzz(func(t *testing.T, asked string) {
		hits := base.Search(asked)
		for i, hit := range hits {
			if !(hit.Score > 0 && hit.Score < 2) || i > 0 && hit.Score > hits[i-1].Score {
				t.Errorf("%q: %v", asked, hits)
			}
		}
	})
}

func BenchmarkLoad(b *testing.B) {
	texts, err := locales.Load()
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := knowledge.Load(texts, nil); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSearch(b *testing.B) {
	base := load(b)
	b.ReportAllocs()
	for b.Loop() {
		base.Search("мне позвонили из банка и просят код, маған не істеу керек?")
	}
}
