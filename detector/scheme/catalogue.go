package scheme

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"slices"

	"github.com/pelletier/go-toml/v2"
)

//go:embed catalogue.toml
var catalogueFile []byte

// Entry is one scheme of the catalogue. How it works, its red flags and its
// name are sentences for people and live in locales under the same id.
type Entry struct {
	ID    string   `toml:"id"`
	Rank  int      `toml:"rank"`  // the lower leads when several fit: the story outranks the demand
	Wants []string `toml:"wants"` // what the fraudster is after
	Steps []string `toml:"steps"` // advice when nothing has happened yet, most urgent first
}

// StageEntry says what to do once something has happened.
type StageEntry struct {
	ID            string   `toml:"id"`
	Steps         []string `toml:"steps"`          // for oneself
	StepsRelative []string `toml:"steps_relative"` // when it happened to a relative
}

// Catalogue is every scheme and stage with the advice that belongs to it.
type Catalogue struct {
	Schemes []Entry      `toml:"scheme"`
	Stages  []StageEntry `toml:"stage"`
	// Verdict gives the advice of a verdict that names no scheme.
	Verdict map[string][]string `toml:"verdict"`
	// Tells gives, for a reason that belongs to some stories only, the schemes
	// that it explains. A reason that is not named may be told of any.
	Tells map[string][]string `toml:"tells"`

	index map[string]int
}

// MaxSteps is how many steps a frightened person can follow.
const MaxSteps = 5

// LoadCatalogue reads the embedded catalogue.
func LoadCatalogue() (*Catalogue, error) {
	c := &Catalogue{index: map[string]int{}}
	if err := toml.NewDecoder(bytes.NewReader(catalogueFile)).DisallowUnknownFields().Decode(c); err != nil {
		return nil, fmt.Errorf("catalogue.toml:%s", tomlMistake(err))
	}
	var mistakes []error
	for i, entry := range c.Schemes {
		if _, taken := c.index[entry.ID]; taken {
			mistakes = append(mistakes, fmt.Errorf("catalogue.toml: scheme %s stands twice", entry.ID))
		}
		c.index[entry.ID] = i
		if len(entry.Steps) == 0 || len(entry.Steps) > MaxSteps {
			mistakes = append(mistakes, fmt.Errorf("catalogue.toml: scheme %s has %d steps, not 1 to %d", entry.ID, len(entry.Steps), MaxSteps))
		}
	}
	for _, stage := range c.Stages {
		if len(stage.Steps) > MaxSteps || len(stage.StepsRelative) > MaxSteps {
			mistakes = append(mistakes, fmt.Errorf("catalogue.toml: stage %s has more than %d steps", stage.ID, MaxSteps))
		}
	}
	for reason, schemes := range c.Tells {
		for _, id := range schemes {
			if _, ok := c.index[id]; !ok {
				mistakes = append(mistakes, fmt.Errorf("catalogue.toml: reason %s: unknown scheme %q", reason, id))
			}
		}
	}
	return c, errors.Join(mistakes...)
}

// Scheme gives the entry of an id.
func (c *Catalogue) Scheme(id string) (Entry, bool) {
	i, ok := c.index[id]
	if !ok {
		return Entry{}, false
	}
	return c.Schemes[i], true
}

// Stage gives the entry of a stage id.
func (c *Catalogue) Stage(id string) (StageEntry, bool) {
	i := slices.IndexFunc(c.Stages, func(e StageEntry) bool { return e.ID == id })
	if i < 0 {
		return StageEntry{}, false
	}
	return c.Stages[i], true
}

// Index gives the place of a scheme among all; -1 for an id that is not known.
func (c *Catalogue) Index(id string) int {
	if i, ok := c.index[id]; ok {
		return i
	}
	return -1
}

// IDs gives the ids of all schemes in the order of the catalogue.
func (c *Catalogue) IDs() []string {
	ids := make([]string, len(c.Schemes))
	for i, entry := range c.Schemes {
		ids[i] = entry.ID
	}
	return ids
}

// Check finds rules that name schemes or stages that the catalogue lacks.
func (c *Catalogue) Check(rules []*Rule) error {
	var mistakes []error
	for _, rule := range rules {
		for _, id := range rule.Schemes {
			if _, ok := c.index[id]; !ok {
				mistakes = append(mistakes, fmt.Errorf("%s:%d: rule %s: unknown scheme %q", rule.Pack, rule.Line, rule.ID, id))
			}
		}
		if rule.Stage != "" {
			if _, ok := c.Stage(rule.Stage); !ok {
				mistakes = append(mistakes, fmt.Errorf("%s:%d: rule %s: unknown stage %q", rule.Pack, rule.Line, rule.ID, rule.Stage))
			}
		}
	}
	return errors.Join(mistakes...)
}
