// Package hear tells by a few words what a person says to the bot itself: that
// they ask, that they contest what it said, or that their life is in danger.
//
// What is listened for is data (hear.toml): classes of words, compared by stem
// in every spelling, and phrases made of classes. It judges no message and holds
// no words for people.
package hear

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"github.com/aldanba/aldanba/detector/text"
)

//go:embed hear.toml
var file []byte

// Meaning is what a phrase says.
type Meaning string

// The meanings.
const (
	Asking    Meaning = "asking"     // a question
	Opens     Meaning = "opens"      // it begins as questions do
	Wonders   Meaning = "wonders"    // what would be, or how to find out: nothing has happened
	Happened  Meaning = "happened"   // something has been done, and it is not said what
	Nothing   Meaning = "nothing"    // nothing has been done
	Calls     Meaning = "calls"      // they are calling, or call again
	Doubts    Meaning = "doubts"     // is it really fraud?
	WhatNow   Meaning = "what_now"   // what to do
	ToRussian Meaning = "to_russian" // they want Russian
	ToKazakh  Meaning = "to_kazakh"  // they want Kazakh
	Disputed  Meaning = "disputed"   // what the bot said is contested, or it is told what to say
	Danger    Meaning = "danger"     // life is in danger
)

const (
	// maxRead is how many bytes are read: who says more tells a story.
	maxRead = 1 << 10
	// step is how far apart the classes of a phrase may stand, in words.
	step = 4
)

// Ear hears phrases. It never changes and is safe for concurrent use.
type Ear struct {
	analyzer *text.Analyzer
	stems    map[string]classes
	words    map[string]classes // whole ones
	phrases  []phrase
}

// phrase is a row of classes, each within a few words of the one before.
type phrase struct {
	means   Meaning
	classes []int // their numbers
	needs   classes
	most    int  // words that the whole text may have; 0: any number
	first   bool // it stands at the beginning of the text
}

// classes are those that a word belongs to, one bit each.
type classes [2]uint64

// maxClasses is how many classes there may be.
const maxClasses = 128

func (c classes) has(class int) bool { return c[class/64]&(1<<(class%64)) != 0 }

func (c *classes) add(other classes) { c[0], c[1] = c[0]|other[0], c[1]|other[1] }

func (c classes) hasAll(other classes) bool {
	return c[0]&other[0] == other[0] && c[1]&other[1] == other[1]
}

func one(class int) (c classes) {
	c[class/64] = 1 << (class % 64)
	return c
}

// New reads what is listened for. The analyzer may be shared with others, nil
// makes one. The error joins all mistakes in the data.
func New(analyzer *text.Analyzer) (*Ear, error) {
	if analyzer == nil {
		analyzer = text.NewAnalyzer()
	}
	var data struct {
		Class []struct {
			Name string   `toml:"name"`
			RU   []string `toml:"ru"`
			KK   []string `toml:"kk"`
		} `toml:"class"`
		Phrase []struct {
			Means Meaning  `toml:"means"`
			Most  int      `toml:"most"`
			First bool     `toml:"first"`
			Any   []string `toml:"any"` // rows of names of classes
		} `toml:"phrase"`
	}
	if err := toml.NewDecoder(bytes.NewReader(file)).DisallowUnknownFields().Decode(&data); err != nil {
		return nil, fmt.Errorf("hear.toml: %w", err)
	}
	e := &Ear{analyzer: analyzer, stems: make(map[string]classes), words: make(map[string]classes)}
	numbers := make(map[string]int)
	var mistakes []error
	for i, class := range data.Class {
		if _, twice := numbers[class.Name]; i >= maxClasses || twice {
			mistakes = append(mistakes, fmt.Errorf("hear.toml: class %s stands twice or is one too many", class.Name))
			continue
		}
		numbers[class.Name] = i
		e.learn(class.RU, "это слово написано по-русски", i)
		e.learn(class.KK, "бұл сөз қазақша жазылған", i)
	}
	for _, p := range data.Phrase {
		for _, row := range p.Any {
			heard := phrase{means: p.Means, most: p.Most, first: p.First}
			for name := range strings.FieldsSeq(row) {
				number, ok := numbers[name]
				if !ok {
					mistakes = append(mistakes, fmt.Errorf("hear.toml: there is no class %s", name))
				}
				heard.classes = append(heard.classes, number)
				heard.needs.add(one(number))
			}
			if len(heard.classes) == 0 {
				mistakes = append(mistakes, errors.New("hear.toml: a phrase is empty"))
			}
			e.phrases = append(e.phrases, heard)
		}
	}
	return e, errors.Join(mistakes...)
}

// learn puts words of one language into a class. They are read after a sentence
// of that language, so that it is certain which. A word that begins with "=" is
// meant as it stands.
func (e *Ear) learn(words []string, sentence string, class int) {
	for _, word := range words {
		whole, exact := strings.CutPrefix(word, "=")
		doc := e.analyzer.Parse(sentence + "\n" + whole)
		t := doc.Tokens[len(doc.Tokens)-1]
		key, in := t.Key, e.stems
		switch {
		case exact:
			in = e.words
		case doc.Lang == text.Russian && t.RU != "":
			key = t.RU
		case t.KK != "":
			key = t.KK
		}
		all := in[key]
		all.add(one(class))
		in[key] = all
		doc.Release()
	}
}

// Hear gives what is said, each meaning once, and how many words were read.
func (e *Ear) Hear(said string) (meanings []Meaning, words int) {
	doc := e.analyzer.Parse(text.Prefix(said, maxRead))
	defer doc.Release()
	spoken := make([]classes, len(doc.Tokens))
	var all classes
	for i := range doc.Tokens {
		t := &doc.Tokens[i]
		spoken[i] = e.words[t.Key]
		spoken[i].add(e.stems[t.RU])
		spoken[i].add(e.stems[t.KK])
		all.add(spoken[i])
	}
	for i := range e.phrases {
		p := &e.phrases[i]
		if all.hasAll(p.needs) && (p.most == 0 || len(spoken) <= p.most) && !slices.Contains(meanings, p.means) && p.in(spoken) {
			meanings = append(meanings, p.means)
		}
	}
	if strings.ContainsRune(said, '?') && !slices.Contains(meanings, Asking) {
		meanings = append(meanings, Asking)
	}
	return meanings, len(spoken)
}

// in says that the classes of the phrase stand in the text in their order. From
// every beginning the nearest next is taken.
func (p *phrase) in(spoken []classes) bool {
	for i := range spoken {
		if spoken[i].has(p.classes[0]) && follow(spoken[i+1:], p.classes[1:]) {
			return true
		}
		if p.first {
			return false
		}
	}
	return false
}

// follow says that the rest of a phrase stands in the rest of a text.
func follow(spoken []classes, rest []int) bool {
	for _, class := range rest {
		next := slices.IndexFunc(spoken[:min(step, len(spoken))], func(c classes) bool { return c.has(class) })
		if next < 0 {
			return false
		}
		spoken = spoken[next+1:]
	}
	return true
}
