package scheme_test

import (
	"bytes"
	"os"
	"reflect"
	"testing"

	"github.com/aldanba/aldanba/detector/scheme"
	"github.com/aldanba/aldanba/detector/text"
)

func TestSnapshotIsWhatThePacksGive(t *testing.T) {
	var fresh bytes.Buffer
	if err := scheme.WriteSnapshot(&fresh, text.NewAnalyzer().StemRussian); err != nil {
		t.Fatal(err)
	}
	stored, err := os.ReadFile("packs.bin")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(stored, fresh.Bytes()) {
		t.Fatal("packs.bin is not what the packs give; write it anew: go run ./cmd/aldanba rules build")
	}
}

// TestSnapshotRulesAreThoseOfTheFiles compares field by field and in effect:
// every example wakes the same rules, at the same places.
func TestSnapshotRulesAreThoseOfTheFiles(t *testing.T) {
	analyzer := text.NewAnalyzer()
	snapshot, err := scheme.BuiltinPacks()
	if err != nil {
		t.Fatal(err)
	}
	files, err := scheme.ReadPacks(os.DirFS("packs"))
	if err != nil {
		t.Fatal(err)
	}
	fast, err := scheme.Compile(snapshot, analyzer.StemRussian)
	if err != nil {
		t.Fatal(err)
	}
	slow, err := scheme.Compile(files, analyzer.StemRussian)
	if err != nil {
		t.Fatal(err)
	}
	if len(snapshot) == 0 || len(fast.Rules()) != len(slow.Rules()) {
		t.Fatalf("%d packs with %d rules from the snapshot, %d rules from the files", len(snapshot), len(fast.Rules()), len(slow.Rules()))
	}
	for i, pack := range snapshot {
		if pack.Classes != nil {
			t.Errorf("%s did not come from the snapshot", pack.Name)
		}
		if pack.Name != files[i].Name {
			t.Errorf("pack %d is %s, not %s", i, pack.Name, files[i].Name)
		}
	}
	for i, rule := range slow.Rules() {
		if !reflect.DeepEqual(rule, fast.Rules()[i]) {
			t.Errorf("%s:%d: rule %s is another in the snapshot", rule.Pack, rule.Line, rule.ID)
		}
		for _, examples := range [][]string{rule.MatchRU, rule.MatchKK, rule.RejectRU, rule.RejectKK} {
			for _, message := range examples {
				if want, got := fires(slow, analyzer, message), fires(fast, analyzer, message); !reflect.DeepEqual(want, got) {
					t.Errorf("%q: %v from the snapshot, %v from the files", message, got, want)
				}
			}
		}
	}
}

// TestPacksAddToTheSnapshot reads a pack from a file beside the snapshot: it
// can use the classes of the program, and its mistakes have their lines.
func TestPacksAddToTheSnapshot(t *testing.T) {
	analyzer := text.NewAnalyzer()
	builtin, err := scheme.BuiltinPacks()
	if err != nil {
		t.Fatal(err)
	}
	const examples = `
match_ru = ["x"]
match_kk = ["x"]
reject_ru = ["x"]
reject_kk = ["x"]
`
	pack := func(pattern string) *scheme.Pack {
		added, err := scheme.ParsePack("own.toml", []byte(`
[class.relative]
ru = ["однополчанин*"]

[[rule]]
id = "story.own"
kind = "story"
weight = 1
ru = ["`+pattern+`"]`+examples))
		if err != nil {
			t.Fatal(err)
		}
		return added
	}
	m, err := scheme.Compile(append(builtin[:len(builtin):len(builtin)], pack("%relative & застрял")), analyzer.StemRussian)
	if err != nil {
		t.Fatal(err)
	}
	for message, want := range map[string]string{
		"Ваш однополчанин застрял": "однополчанин застрял", // a word that the pack adds to the class
		"Ваша внучка застрял":      "внучка застрял",       // a word that the class has
	} {
		if got := fires(m, analyzer, message)["story.own"]; got != want {
			t.Errorf("%q: the rule quotes %q, not %q", message, got, want)
		}
	}
	_, err = scheme.Compile(append(builtin[:len(builtin):len(builtin)], pack("%nobody")), analyzer.StemRussian)
	if want := "own.toml:9: rule story.own: class %nobody is not declared"; err == nil || err.Error() != want {
		t.Errorf("the mistake is %v, not %q", err, want)
	}
}
