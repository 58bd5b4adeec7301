package locales

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"github.com/pelletier/go-toml/v2"
	"golang.org/x/text/language"
)

// Topic is something that people ask about.
type Topic struct {
	ID    string   `toml:"-"`
	Title string   `toml:"title"` // what a button that leads to the passage says; empty for a scheme, which is called by its name
	Text  string   `toml:"text"`  // the passage as it is written, see Passage
	Ask   []string `toml:"ask"`   // how people ask, for the search: nobody reads it
}

const topicPrefix = "topic."

// loadTopics reads the topics of a language and makes their passages templates of the bundle.
func loadTopics(bundle *i18n.Bundle, lang string) (map[string]Topic, error) {
	name := path.Join(lang, "knowledge.toml")
	data, err := files.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var topics map[string]Topic
	if err := toml.Unmarshal(data, &topics); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	var messages []*i18n.Message
	for id, t := range topics {
		t.ID = id
		topics[id] = t
		if t.Text != "" {
			messages = append(messages, &i18n.Message{ID: topicPrefix + id, Other: t.Text})
		}
	}
	return topics, bundle.AddMessages(language.Make(lang), messages...)
}

// Topics returns all topics of a language in the order of their ids.
func (t *Texts) Topics(lang string) []Topic {
	topics := t.topics[t.known(lang)]
	all := make([]Topic, 0, len(topics))
	for _, id := range slices.Sorted(maps.Keys(topics)) {
		all = append(all, topics[id])
	}
	return all
}

// Topic returns the topic with this id.
func (t *Texts) Topic(lang, id string) (Topic, bool) {
	topic, ok := t.topics[t.known(lang)][id]
	return topic, ok
}

// Passage returns what is told of a topic, with numbers and facts as far as c may tell them; it is empty where the topic
// has no passage of its own. c must not be nil.
func (t *Texts) Passage(lang, id string, c *Contacts) string {
	if topic, ok := t.Topic(lang, id); !ok || topic.Text == "" {
		return ""
	}
	config := &i18n.LocalizeConfig{MessageID: topicPrefix + id, TemplateData: c.ArgsWithFacts(t.known(lang))}
	return strings.TrimSpace(t.localize(lang, config))
}
