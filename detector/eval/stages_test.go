package eval_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/aldanba/aldanba/detector"
)

// TestStagesAreHeard reads what people say has happened to them, in their own
// ways of saying it, and what sounds alike and has not happened: a question, a
// near miss, the news, a payment of every day.
func TestStagesAreHeard(t *testing.T) {
	d, err := detector.New(detector.Config{})
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile("../../testdata/stages.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	heard, told, calm, mistaken := 0, 0, 0, 0
	for line := range strings.Lines(string(data)) {
		var said struct {
			Text  string
			Stage detector.Stage
		}
		if err := json.Unmarshal([]byte(line), &said); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		got := d.Check(said.Text).Stage
		switch {
		case said.Stage == detector.NothingYet:
			calm++
			if got != detector.NothingYet {
				mistaken++
				t.Logf("%q is no emergency, heard %s", said.Text, got)
			}
		default:
			told++
			if got == said.Stage {
				heard++
			} else {
				t.Logf("%q is %s, heard %s", said.Text, said.Stage, got)
			}
		}
	}
	if part := float64(heard) / float64(told); part < 0.97 {
		t.Errorf("%.3f of what people say has happened is heard, the floor is 0.97", part)
	}
	if part := float64(mistaken) / float64(calm); part > 0.02 {
		t.Errorf("%.3f of what has not happened is taken for an emergency", part)
	}
}
