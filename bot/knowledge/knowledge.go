// Package knowledge finds what a question is about.
//
// A question is compared with the ways in which people have been heard to ask
// (locales/<lang>/knowledge.toml), by the stems of its words, each word counting
// by how few topics it speaks of. Languages and spellings are not kept apart: a
// question may mix them. The package holds no words for people and answers
// nothing itself: it gives the ids of topics.
package knowledge

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"

	"github.com/pelletier/go-toml/v2"

	"github.com/aldanba/aldanba/detector/text"
	"github.com/aldanba/aldanba/locales"
)

//go:embed topics.toml
var topicsFile []byte

//go:embed words.toml
var wordsFile []byte

// Topic is something that people ask about.
type Topic struct {
	ID     string   `toml:"id"`
	Scheme string   `toml:"scheme"` // the scheme of the catalogue that it tells, or empty
	Stage  string   `toml:"stage"`  // the stage whose first minutes it leads to, or empty
	Off    bool     `toml:"off"`    // not our subject
	Next   []string `toml:"next"`   // ids of topics that are offered next
}

// Base is what can be asked. It never changes and is safe for concurrent use.
type Base struct {
	analyzer *text.Analyzer
	topics   []Topic
	places   map[string]int // id → place in topics
	index    *index
}

// maxNext is how many topics are offered below a passage.
const maxNext = 3

// Load reads the topics and learns from the texts how people ask about them.
// The analyzer may be shared with others, nil makes one. The error joins all
// mistakes in the data.
func Load(texts *locales.Texts, analyzer *text.Analyzer) (*Base, error) {
	if analyzer == nil {
		analyzer = text.NewAnalyzer()
	}
	var file struct {
		Topics []Topic `toml:"topic"`
	}
	if err := decode("topics.toml", topicsFile, &file); err != nil {
		return nil, err
	}
	b := &Base{analyzer: analyzer, topics: file.Topics, places: make(map[string]int)}
	for i, t := range b.topics {
		b.places[t.ID] = i
	}
	if err := b.mistakes(texts); err != nil {
		return nil, err
	}
	same, err := b.sameWords()
	if err != nil {
		return nil, err
	}
	build := newBuilder(same)
	for i, stems := range b.readAll(texts) {
		build.add(i, stems)
	}
	b.index = build.index(len(b.topics))
	return b, nil
}

// readAll gives the stems of the questions about every topic, in all languages.
// Reading is most of the work, and is shared out.
func (b *Base) readAll(texts *locales.Texts) [][][]string {
	read := make([][][]string, len(b.topics))
	var group sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for first := range workers {
		group.Go(func() {
			for i := first; i < len(b.topics); i += workers {
				for _, lang := range locales.Languages() {
					topic, _ := texts.Topic(lang, b.topics[i].ID)
					read[i] = append(read[i], stemsOf(b.analyzer, topic.Ask)...)
				}
			}
		})
	}
	group.Wait()
	return read
}

func decode(name string, data []byte, into any) error {
	if err := toml.NewDecoder(bytes.NewReader(data)).DisallowUnknownFields().Decode(into); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// mistakes says what is wrong with the topics.
func (b *Base) mistakes(texts *locales.Texts) error {
	var all []error
	wrong := func(format string, args ...any) { all = append(all, fmt.Errorf("topics.toml: "+format, args...)) }
	for i, t := range b.topics {
		if b.places[t.ID] != i {
			wrong("topic %s stands twice", t.ID)
		}
		if len(t.Next) > maxNext {
			wrong("topic %s: %d topics follow", t.ID, len(t.Next))
		}
		for _, id := range t.Next {
			if next, ok := b.Topic(id); !ok || next.Off || id == t.ID {
				wrong("topic %s: %q cannot follow", t.ID, id)
			}
		}
		for _, lang := range locales.Languages() {
			if topic, ok := texts.Topic(lang, t.ID); !ok || len(topic.Ask) == 0 || !t.Off && t.Scheme == "" && (topic.Text == "" || topic.Title == "") {
				wrong("topic %s has no words in %s", t.ID, lang)
			}
		}
	}
	for _, lang := range locales.Languages() {
		for _, topic := range texts.Topics(lang) {
			if _, ok := b.places[topic.ID]; !ok {
				wrong("%s/knowledge.toml tells of %s, which is no topic", lang, topic.ID)
			}
		}
	}
	return errors.Join(all...)
}

// Topics gives all topics in their order.
func (b *Base) Topics() []Topic { return slices.Clone(b.topics) }

// Topic gives the topic with an id.
func (b *Base) Topic(id string) (Topic, bool) {
	i, ok := b.places[id]
	if !ok {
		return Topic{}, false
	}
	return b.topics[i], true
}
