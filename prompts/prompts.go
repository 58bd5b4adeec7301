// Package prompts holds what is said to language models: instructions, the
// schema of the reply and examples, as files. They can be replaced from a
// directory, and every change of a file changes their version.
package prompts

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"text/template"

	"github.com/pelletier/go-toml/v2"
)

//go:embed judge answer
var builtin embed.FS

// judgeFiles are all files that the judge's prompt is made of.
var judgeFiles = []string{"system.md", "message.md", "repair.md", "schema.json", "schemes.toml", "examples.toml"}

// maxFile bounds a file from a directory, in bytes.
const maxFile = 256 << 10

// Lists are what a reply may name: ids of the catalogue, so that prompt and
// catalogue never drift apart.
type Lists struct {
	Schemes, Stages, Wants, Advice []string
}

// Example is a message with the reply that is wanted.
type Example struct {
	Lang  string `toml:"lang"` // "ru" or "kk": the reply language
	Text  string `toml:"text"`
	Reply string `toml:"reply"` // the JSON object
}

// Judge is the prompt of the judge, with the lists filled in.
type Judge struct {
	System   string          // instructions, the same for every message
	Schema   json.RawMessage // JSON schema of the reply
	Examples []Example
	Version  string // changes with every change of a file or a list

	message, repair *template.Template
}

// LoadJudge reads the prompt of the judge: the built-in files, each replaced by
// the one of the same path in dir where there is one; dir may be nil. The error
// names the file that cannot be used.
func LoadJudge(dir fs.FS, lists Lists) (*Judge, error) {
	files := map[string][]byte{}
	version := sha256.New()
	for _, name := range judgeFiles {
		data, err := read(dir, "judge/"+name)
		if err != nil {
			return nil, err
		}
		files[name] = data
		fmt.Fprintf(version, "%s %d\n%s", name, len(data), data)
	}
	fmt.Fprintf(version, "%q", lists)
	j := &Judge{Version: hex.EncodeToString(version.Sum(nil))[:16]}
	var about map[string]string
	var examples struct{ Example []Example }
	err := errors.Join(
		strict("schemes.toml", files["schemes.toml"], &about),
		strict("examples.toml", files["examples.toml"], &examples),
	)
	if err != nil {
		return nil, err
	}
	j.Examples = examples.Example
	for i, e := range j.Examples {
		if e.Text == "" || !json.Valid([]byte(e.Reply)) {
			return nil, fmt.Errorf("prompts: judge/examples.toml: example %d has no text or a reply that is no JSON", i+1)
		}
	}
	if j.System, err = system(files["system.md"], lists, about); err != nil {
		return nil, err
	}
	if j.Schema, err = fill(files["schema.json"], lists); err != nil {
		return nil, err
	}
	if j.message, err = parse("judge/message.md", files["message.md"]); err != nil {
		return nil, err
	}
	if j.repair, err = parse("judge/repair.md", files["repair.md"]); err != nil {
		return nil, err
	}
	// What a file from a directory asks for must be there before the first message.
	if _, err = j.Message("ru", "<<<mark>>>", "text"); err != nil {
		return nil, err
	}
	_, err = j.Repair("problem")
	return j, err
}

// Message gives what is sent for one message: its text between two marks that
// do not occur in it. lang is the language of the reply, "ru" or "kk".
func (j *Judge) Message(lang, mark, text string) (string, error) {
	return render(j.message, map[string]string{"Language": languageName(lang), "Mark": mark, "Text": text})
}

// languageName names the language of a reply to a model.
func languageName(lang string) string {
	if lang == "kk" {
		return "Kazakh (Қазақ тілі)"
	}
	return "Russian (русский)"
}

// Repair asks for a reply anew that could not be used.
func (j *Judge) Repair(problem string) (string, error) {
	return render(j.repair, map[string]string{"Problem": problem})
}

func system(file []byte, lists Lists, about map[string]string) (string, error) {
	type scheme struct{ ID, About string }
	var schemes []scheme
	for _, id := range lists.Schemes {
		schemes = append(schemes, scheme{id, about[id]})
	}
	t, err := parse("judge/system.md", file)
	if err != nil {
		return "", err
	}
	return render(t, map[string]any{"Schemes": schemes, "Stages": lists.Stages, "Wants": lists.Wants, "Advice": lists.Advice})
}

// fill puts the lists in the places of the schema that name them.
func fill(schema []byte, lists Lists) (json.RawMessage, error) {
	named := map[string][]string{"@schemes": lists.Schemes, "@stages": lists.Stages, "@wants": lists.Wants, "@advice": lists.Advice}
	out := string(schema)
	for name, ids := range named {
		list, err := json.Marshal(ids)
		if err != nil {
			return nil, err
		}
		out = strings.ReplaceAll(out, `"`+name+`"`, string(list))
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, []byte(out)); err != nil {
		return nil, fmt.Errorf("prompts: judge/schema.json: %w", err)
	}
	return compact.Bytes(), nil
}

func parse(name string, data []byte) (*template.Template, error) {
	t, err := template.New(name).Option("missingkey=error").Funcs(template.FuncMap{"join": strings.Join}).Parse(string(data))
	if err != nil {
		return nil, fmt.Errorf("prompts: %s: %w", name, err)
	}
	return t, nil
}

func render(t *template.Template, data any) (string, error) {
	var b strings.Builder
	if err := t.Execute(&b, data); err != nil {
		return "", fmt.Errorf("prompts: %s: %w", t.Name(), err)
	}
	return strings.TrimSpace(b.String()), nil
}

func strict(name string, data []byte, into any) error {
	if err := toml.NewDecoder(bytes.NewReader(data)).DisallowUnknownFields().Decode(into); err != nil {
		return fmt.Errorf("prompts: judge/%s: %w", name, err)
	}
	return nil
}

// read gives a file of the directory, or the built-in one.
func read(dir fs.FS, name string) ([]byte, error) {
	if dir != nil {
		info, err := fs.Stat(dir, name)
		switch {
		case err == nil && info.Size() > maxFile:
			return nil, fmt.Errorf("prompts: %s is larger than %d KB", name, maxFile>>10)
		case err == nil:
			return fs.ReadFile(dir, name)
		case !errors.Is(err, fs.ErrNotExist):
			return nil, fmt.Errorf("prompts: %w", err)
		}
	}
	return builtin.ReadFile(name)
}
