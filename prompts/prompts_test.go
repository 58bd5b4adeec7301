package prompts_test

import (
	"encoding/json"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/aldanba/aldanba/prompts"
)

var lists = prompts.Lists{Schemes: []string{"romance", "other"}, Stages: []string{"nothing_yet"}, Wants: []string{"tell_code"}, Advice: []string{"hang_up"}}

func TestThePromptIsFilledIn(t *testing.T) {
	j, err := prompts.LoadJudge(nil, lists)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(j.System, "- romance: a lover") || strings.Contains(j.System, "{{") || strings.Contains(j.System, "- blackmail") {
		t.Error("the schemes of the list are not in the prompt, or others are")
	}
	var schema struct {
		Required   []string
		Properties map[string]struct {
			Items struct{ Enum []string }
		}
	}
	if err := json.Unmarshal(j.Schema, &schema); err != nil {
		t.Fatal(err)
	}
	if got := schema.Properties["schemes"].Items.Enum; len(got) != 2 || len(schema.Required) != len(schema.Properties) {
		t.Errorf("the schema is %s", j.Schema)
	}
	text, err := j.Message("kk", "<<<1>>>", "мәтін {{.}}")
	if err != nil || !strings.Contains(text, "<<<1>>>\nмәтін {{.}}\n<<<1>>>") || !strings.Contains(text, "Kazakh") {
		t.Errorf("%q, %v", text, err)
	}
}

func TestADirectoryReplacesFiles(t *testing.T) {
	builtin, err := prompts.LoadJudge(nil, lists)
	if err != nil {
		t.Fatal(err)
	}
	dir := fstest.MapFS{"judge/system.md": {Data: []byte("Judge by {{len .Schemes}} schemes.")}}
	j, err := prompts.LoadJudge(dir, lists)
	if err != nil || j.System != "Judge by 2 schemes." || j.Version == builtin.Version || len(j.Examples) != len(builtin.Examples) {
		t.Errorf("%q %q %v", j.System, j.Version, err)
	}
	more := lists
	more.Wants = []string{"tell_code", "log_in"}
	if other, _ := prompts.LoadJudge(nil, more); other.Version == builtin.Version {
		t.Error("another list has the same version")
	}
}

func TestMistakesInADirectoryAreNamed(t *testing.T) {
	for name, content := range map[string]string{
		"judge/system.md":     "{{.Nothing}}",
		"judge/message.md":    "{{.Mark",
		"judge/schema.json":   "{",
		"judge/schemes.toml":  "a = 1",
		"judge/examples.toml": "[[example]]\ntext = 'x'\nreply = 'no json'",
		"judge/repair.md":     strings.Repeat("x", 1<<20),
	} {
		_, err := prompts.LoadJudge(fstest.MapFS{name: {Data: []byte(content)}}, lists)
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestThePromptForQuestions(t *testing.T) {
	builtin, err := prompts.LoadAnswer(nil)
	if err != nil {
		t.Fatal(err)
	}
	text, err := builtin.Message("kk", "<<<1>>>", "сұрақ {{.}}", []prompts.Passage{{ID: "a", Title: "Title", Text: "Text"}, {ID: "b"}})
	if err != nil || !strings.Contains(text, "<<<1>>>\nсұрақ {{.}}\n<<<1>>>") || !strings.Contains(text, "Kazakh") || !strings.Contains(text, "Passage a: Title\nText") || !strings.Contains(text, "Passage b:") {
		t.Errorf("%q, %v", text, err)
	}
	var schema struct {
		Required   []string
		Properties map[string]any
	}
	if err := json.Unmarshal(builtin.Schema, &schema); err != nil || len(schema.Required) != 2 || len(schema.Properties) != 2 {
		t.Errorf("the schema is %s, %v", builtin.Schema, err)
	}
	other, err := prompts.LoadAnswer(fstest.MapFS{"answer/system.md": {Data: []byte("Choose.")}})
	if err != nil || other.System != "Choose." || other.Version == builtin.Version {
		t.Errorf("%+v, %v", other, err)
	}
	for name, content := range map[string]string{"answer/message.md": "{{.Nothing}}", "answer/schema.json": "{"} {
		if _, err := prompts.LoadAnswer(fstest.MapFS{name: {Data: []byte(content)}}); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
