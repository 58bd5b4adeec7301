package detector_test

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/aldanba/aldanba/detector"
)

// corpus gives the texts of all messages of the corpus.
func corpus(t testing.TB) []string {
	t.Helper()
	names, err := filepath.Glob("../testdata/corpus/*.jsonl")
	if err != nil || len(names) == 0 {
		t.Fatalf("no corpus: %v", err)
	}
	var texts []string
	for _, name := range names {
		file, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		for lines := bufio.NewScanner(file); lines.Scan(); {
			var line struct{ Text string }
			if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
				t.Fatal(err)
			}
			texts = append(texts, line.Text)
		}
	}
	return texts
}

// BenchmarkCheckVaried judges messages none of which has been seen before: a
// new detector after every pass over the corpus remembers no word of it.
func BenchmarkCheckVaried(b *testing.B) {
	texts := corpus(b)
	var d *detector.Detector
	letters := 0
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if i%len(texts) == 0 {
			b.StopTimer()
			d = newDetector(b)
			b.StartTimer()
		}
		d.Check(texts[i%len(texts)])
		letters += len(texts[i%len(texts)])
	}
	b.ReportMetric(float64(letters)/float64(b.N), "bytes/message")
}
