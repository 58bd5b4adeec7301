package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aldanba/aldanba/detector"
)

// marshal writes a value as encoding/json does without escapes for HTML.
func marshal(t testing.TB, value any) string {
	t.Helper()
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		t.Fatal(err)
	}
	return strings.TrimSuffix(out.String(), "\n")
}

// FuzzStringsAreWrittenAsJSON compares strings and whole results with the library.
func FuzzStringsAreWrittenAsJSON(f *testing.F) {
	for _, s := range []string{"", "код 12\n\t\"x\" \\ <b>&", "\x00\x1f\x7f\b\f\r", "\xff\xd0", "\xd0\xd0\xb0", "\u2028\u2029\u2027💳", "\ufffd", "a\xe2\x80"} {
		f.Add(s, 1.5)
	}
	f.Add("x", 1e-7)
	f.Add("x", -1e21)
	f.Add("x", 0.0001)
	f.Fuzz(func(t *testing.T, s string, number float64) {
		if math.IsNaN(number) || math.IsInf(number, 0) {
			return
		}
		r := result{
			ID: json.RawMessage(`"7"`), Verdict: detector.Scam, Score: number, Scheme: s, Schemes: []string{s, ""}, Stage: detector.Stage(s),
			Relative: len(s)%2 == 0, Lang: s, Signals: []resultSignal{{s, number, s}, {s, -number, ""}}, Entities: []resultEntity{{"card", s}, {"link", ""}},
			Advice: []string{}, Cut: len(s)%3 == 0,
		}
		if got, want := string(r.appendLine(nil)), marshal(t, r)+"\n"; got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	})
}

// FuzzPlainLines compares the reader of common lines with that of all lines.
func FuzzPlainLines(f *testing.F) {
	for _, line := range []string{
		`{"id":1,"text":"a"}`, ` { "text" : "б\n\"\\\/" , "id" : "x y" } `, `{"id":"\u0041","text":"a"}`, `{"text":"\ud83d\ude00"}`,
		`{"ID":1,"text":"a"}`, `{"tExt":"b","text":"a"}`, `{"text":"a","text":"b","id":2,"id":3}`, `{"text":"a","text":null}`,
		`{"id":null,"text":"a"}`, `{"id":[1, 2],"text":"a"}`, `{"text":"a","x":["b", 1 ,true],"y":[]}`, `{"text":"a","x":[1,]}`, `{"text":"a","x":[[1]]}`, `{"text":"a","x":["b"`, `{"id":-1.5e3,"text":"a","lang":"ru","hard":true,"n":{}}`, `{"text":"a"}x`,
		`{"text":"a",}`, `{"text":"a" "id":1}`, `{"text":"\q"}`, "{\"text\":\"\xff\"}", "{\"text\":\"a\tb\"}", `{"id":01,"text":"a"}`, `{"id":truer,"text":"a"}`,
		`{"text":5}`, `[]`, ``, `{`, `{"text"`, `{"text":"`, `{"text":"\`, `{"id":1}`,
	} {
		f.Add([]byte(line))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		id, text, ok := plainLine(line)
		if !ok {
			return
		}
		wantID, wantText, err := anyLine(line)
		if err != nil || text != wantText || !bytes.Equal(id, wantID) {
			t.Errorf("%q: got %q and %q, want %q and %q, %v", line, id, text, wantID, wantText, err)
		}
	})
}

// corpusLines gives the lines of the corpus as a program would send them.
func corpusLines(t testing.TB) []byte {
	t.Helper()
	names, err := filepath.Glob("../../testdata/corpus/*.jsonl")
	if err != nil || len(names) == 0 {
		t.Fatalf("no corpus: %v", err)
	}
	var lines []byte
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, data...)
	}
	return lines
}

func TestCommonLinesAreReadAtOnce(t *testing.T) {
	for line := range bytes.Lines(corpusLines(t)) {
		if _, _, ok := plainLine(bytes.TrimSpace(line)); !ok && !bytes.Contains(line, []byte(`\u`)) {
			t.Fatalf("%s is none of the common form", line)
		}
	}
}

func TestFilesAreReadOneByOne(t *testing.T) {
	dir := t.TempDir()
	var names []string
	for i, content := range []string{`{"id":1,"text":"добрый день, как дела"}`, "\ufeff" + `{"id":2,"text":"спасибо вам большое"}` + "\n", ""} {
		names = append(names, filepath.Join(dir, fmt.Sprint(i)))
		if err := os.WriteFile(names[i], []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	code, out, errOut := aldanba(t, "", append([]string{"check", "--jsonl"}, names...)...)
	if lines := strings.Split(out, "\n"); code != 0 || len(lines) != 3 || !strings.HasPrefix(lines[0], `{"id":1,"verdict"`) || !strings.HasPrefix(lines[1], `{"id":2,"verdict"`) {
		t.Errorf("exit %d: %s%s", code, out, errOut)
	}
}

// BenchmarkLines reads, judges and answers a line of JSON, on one core.
func BenchmarkLines(b *testing.B) {
	d, err := detector.New(detector.Config{})
	if err != nil {
		b.Fatal(err)
	}
	lines := bytes.Split(bytes.TrimSpace(corpusLines(b)), []byte("\n"))
	judged := batch{}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		judged.lines, judged.out = lines[i%len(lines):][:1], judged.out[:0]
		judged.judge(d)
	}
}
