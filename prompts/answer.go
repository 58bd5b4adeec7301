package prompts

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"
	"text/template"
)

// answerFiles are all files that the prompt for questions is made of.
var answerFiles = []string{"system.md", "message.md", "schema.json"}

// Passage is a ready answer that a model may choose.
type Passage struct{ ID, Title, Text string }

// Answer is the prompt for questions: which of the ready passages answers one,
// and what it says to it.
type Answer struct {
	System  string          // instructions, the same for every question
	Schema  json.RawMessage // JSON schema of the reply
	Version string          // changes with every change of a file

	message *template.Template
}

// LoadAnswer reads the prompt for questions: the built-in files, each replaced by
// the one of the same path in dir where there is one; dir may be nil. The error
// names the file that cannot be used.
func LoadAnswer(dir fs.FS) (*Answer, error) {
	files := map[string][]byte{}
	version := sha256.New()
	for _, name := range answerFiles {
		data, err := read(dir, "answer/"+name)
		if err != nil {
			return nil, err
		}
		files[name] = data
		fmt.Fprintf(version, "%s %d\n%s", name, len(data), data)
	}
	a := &Answer{System: strings.TrimSpace(string(files["system.md"])), Version: hex.EncodeToString(version.Sum(nil))[:16]}
	var compact bytes.Buffer
	if err := json.Compact(&compact, files["schema.json"]); err != nil {
		return nil, fmt.Errorf("prompts: answer/schema.json: %w", err)
	}
	a.Schema = compact.Bytes()
	var err error
	if a.message, err = parse("answer/message.md", files["message.md"]); err != nil {
		return nil, err
	}
	// What a file from a directory asks for must be there before the first question.
	_, err = a.Message("ru", "<<<mark>>>", "text", []Passage{{ID: "id", Title: "title", Text: "text"}})
	return a, err
}

// Message gives what is sent for one question: the passages, and the question
// between two marks that do not occur in it. lang is the language of the reply,
// "ru" or "kk".
func (a *Answer) Message(lang, mark, question string, passages []Passage) (string, error) {
	return render(a.message, map[string]any{"Language": languageName(lang), "Mark": mark, "Text": question, "Passages": passages})
}
