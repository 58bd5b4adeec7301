// Package locales holds everything that a person reads, in Russian and in Kazakh: the phrases of the conversation,
// the reasons of a verdict, the schemes, the steps, the first minutes after a loss, the interview and the papers for the police and the
// bank, the answers to questions, and the reviewed tables of telephone numbers and facts.
//
// The words are data (ru/*.toml and kk/*.toml, with the same keys and placeholders in both), so a translator never
// meets Go. Plural forms follow the Unicode plural rules by way of go-i18n. No text holds a telephone number: numbers
// come from contacts.toml through placeholders, and only those that were checked are shown.
package locales

import (
	"embed"
	"errors"
	"fmt"
	"path"
	"slices"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"github.com/pelletier/go-toml/v2"
	"golang.org/x/text/language"
)

// The languages a person can choose. Russian also answers for any language that has no texts.
const (
	Russian = "ru"
	Kazakh  = "kk"
)

//go:embed ru/*.toml kk/*.toml contacts.toml facts.toml
var files embed.FS

// Texts are the words of all languages. They never change after Load and are safe for concurrent use.
type Texts struct {
	localizers map[string]*i18n.Localizer
	patterns   map[string]map[string]pattern // by language and key: texts that need no template
	schemes    map[string]map[string]Scheme
	topics     map[string]map[string]Topic
}

// Scheme is what a person may read about one scheme of the catalogue.
type Scheme struct {
	ID    string   `toml:"-"`
	Name  string   `toml:"name"`  // a few words, fit to stand in quotation marks
	How   string   `toml:"how"`   // how it works, one or two sentences
	Flags []string `toml:"flags"` // red flags, a few words each
	Wants string   `toml:"wants"` // what it demands, one sentence
}

// Message ids of the template files: messages keep their own key, the others get the name of their file in front
// so that a reason and an advice may share a name.
const (
	AidPrefix    = "aid."
	AskPrefix    = "ask."
	PaperPrefix  = "paper."
	reasonPrefix = "reason."
	advicePrefix = "advice."
)

// Load reads the embedded texts. An error means that the build itself holds a broken file.
func Load() (*Texts, error) {
	bundle := i18n.NewBundle(language.Russian)
	texts := &Texts{
		localizers: make(map[string]*i18n.Localizer),
		patterns:   make(map[string]map[string]pattern),
		schemes:    make(map[string]map[string]Scheme),
		topics:     make(map[string]map[string]Topic),
	}
	for _, lang := range Languages() {
		templates := []struct{ file, prefix string }{
			{"messages.toml", ""}, {"story.toml", ""}, {"messenger.toml", ""}, {"firstaid.toml", AidPrefix}, {"interview.toml", AskPrefix}, {"papers.toml", PaperPrefix}, {"reasons.toml", reasonPrefix}, {"advice.toml", advicePrefix},
		}
		for _, t := range templates {
			if err := texts.addTemplates(bundle, lang, t.file, t.prefix); err != nil {
				return nil, err
			}
		}
		schemes, err := loadSchemes(lang)
		if err != nil {
			return nil, err
		}
		texts.schemes[lang] = schemes
		if texts.topics[lang], err = loadTopics(bundle, lang); err != nil {
			return nil, err
		}
		texts.localizers[lang] = i18n.NewLocalizer(bundle, lang)
	}
	return texts, nil
}

// Languages returns the languages that have texts, Russian first.
func Languages() []string { return []string{Russian, Kazakh} }

func (t *Texts) addTemplates(bundle *i18n.Bundle, lang, file, prefix string) error {
	name := path.Join(lang, file)
	data, err := files.ReadFile(name)
	if err != nil {
		return err
	}
	messages, err := i18n.ParseMessageBytes(data, toml.Unmarshal)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if t.patterns[lang] == nil {
		t.patterns[lang] = make(map[string]pattern)
	}
	for _, m := range messages {
		m.ID = prefix + m.ID
		if p, ok := patternOf(m); ok {
			t.patterns[lang][m.ID] = p
		}
	}
	return bundle.AddMessages(language.Make(lang), messages...)
}

func loadSchemes(lang string) (map[string]Scheme, error) {
	name := path.Join(lang, "schemes.toml")
	data, err := files.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var schemes map[string]Scheme
	if err := toml.Unmarshal(data, &schemes); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	for id, s := range schemes {
		s.ID = id
		schemes[id] = s
	}
	return schemes, nil
}

// Text returns the phrase of the conversation with this key ("aid."+key for one of firstaid.toml, "ask."+key for one of interview.toml, "paper."+key for one of papers.toml), its placeholders filled from args. A language without
// texts is answered in Russian. A key that does not exist comes back as ⟦key⟧: visible to a tester, and no silence.
func (t *Texts) Text(lang, key string, args map[string]any) string {
	if p, ok := t.patterns[t.known(lang)][key]; ok {
		if text, ok := p.fill(args); ok {
			return text
		}
	}
	return t.localize(lang, &i18n.LocalizeConfig{MessageID: key, TemplateData: args})
}

// Plural is Text for a phrase that counts: it chooses the form of the language for n and fills {{.N}} with n.
func (t *Texts) Plural(lang, key string, n int, args map[string]any) string {
	data := map[string]any{"N": n}
	for k, v := range args {
		data[k] = v
	}
	return t.localize(lang, &i18n.LocalizeConfig{MessageID: key, PluralCount: n, TemplateData: data})
}

// Reason returns why a signal matters: a clause without a full stop, so that the quotation of the person's own message
// can follow it (see the phrases reason_quoted and reason_plain).
func (t *Texts) Reason(lang, id string, args map[string]any) string {
	return t.Text(lang, reasonPrefix+id, args)
}

// HasReason tells whether there is a sentence for a reason; the languages have the same ones.
func (t *Texts) HasReason(id string) bool {
	_, err := t.localizers[Russian].Localize(&i18n.LocalizeConfig{MessageID: reasonPrefix + id})
	_, missing := errors.AsType[*i18n.MessageNotFoundErr](err)
	return !missing
}

// Advice returns one step in the imperative. A number is part of it only where c may show it; c must not be nil.
func (t *Texts) Advice(lang, id string, c *Contacts) string {
	return t.Text(lang, advicePrefix+id, c.placeholders)
}

// Scheme describes the scheme with this id. The second result tells whether the catalogue of texts has it.
func (t *Texts) Scheme(lang, id string) (Scheme, bool) {
	s, ok := t.schemes[t.known(lang)][id]
	s.Flags = slices.Clone(s.Flags)
	return s, ok
}

func (t *Texts) localize(lang string, config *i18n.LocalizeConfig) string {
	text, err := t.localizers[t.known(lang)].Localize(config)
	if err != nil {
		return "⟦" + config.MessageID + "⟧"
	}
	return text
}

func (t *Texts) known(lang string) string {
	if _, ok := t.localizers[lang]; ok {
		return lang
	}
	return Russian
}
