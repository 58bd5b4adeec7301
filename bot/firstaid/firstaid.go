// Package firstaid leads through the first minutes after a loss: trees of steps
// as data, and the place where a person stands in them.
//
// It knows ids only: no words, no messenger, no store. Where a person stands is
// said in full by a short key, so it survives a restart in a button.
package firstaid

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"regexp"
	"slices"

	"github.com/pelletier/go-toml/v2"
)

//go:embed trees.toml
var treesFile []byte

const (
	// MaxKey is how many bytes a key may have: it must fit into a button
	// together with the name of the question.
	MaxKey = 48
	// maxSteps is how many steps of a way a frightened person goes.
	maxSteps = 6
	// Reminders is how many times a person is reminded of a tree, or none.
	Reminders = 4
)

// Trees are all trees. They never change and are safe for concurrent use.
type Trees struct {
	trees []Tree
	steps map[string]Step
}

// Tree is one thing that may have happened.
type Tree struct {
	ID       string   `toml:"id"`
	Stage    string   `toml:"stage"`     // the detector's name for it, or empty
	Loss     bool     `toml:"loss"`      // money or data may be lost
	OwnLead  bool     `toml:"own_lead"`  // who helps somebody near is greeted in words of this tree
	Urgent   string   `toml:"urgent"`    // step that is shown while it is asked how it happened
	Remind   []string `toml:"remind"`    // what is reminded of, in the order of time
	Closing  []string `toml:"closing"`   // sentences that end the report
	ThenMenu bool     `toml:"then_menu"` // after the last step it is asked what else has happened
	Ways     []Way    `toml:"way"`
}

// Way is one way in which it may have happened, with what is to be done.
type Way struct {
	ID    string   `toml:"id"` // empty where there is only one
	Steps []string `toml:"steps"`
}

// Step is one thing to be done.
type Step struct {
	ID          string   `toml:"id"`
	Words       string   `toml:"words"`        // key of its words
	Say         string   `toml:"say"`          // key of what is read aloud, or empty
	SayRelative string   `toml:"say_relative"` // the same for a helper
	Instead     []string `toml:"instead"`      // steps for when it cannot be done, in their order
}

// Load reads the embedded trees. The error joins all mistakes in them.
func Load() (*Trees, error) { return load(treesFile) }

func load(data []byte) (*Trees, error) {
	var file struct {
		Trees []Tree `toml:"tree"`
		Steps []Step `toml:"step"`
	}
	if err := toml.NewDecoder(bytes.NewReader(data)).DisallowUnknownFields().Decode(&file); err != nil {
		return nil, fmt.Errorf("trees.toml: %w", err)
	}
	t := &Trees{trees: file.Trees, steps: make(map[string]Step)}
	var mistakes []error
	wrong := func(format string, args ...any) {
		mistakes = append(mistakes, fmt.Errorf("trees.toml: "+format, args...))
	}
	for _, s := range file.Steps {
		if _, twice := t.steps[s.ID]; twice || !name.MatchString(s.ID) {
			wrong("step %q stands twice or is no name", s.ID)
		}
		if s.Words == "" {
			s.Words = s.ID
		}
		if s.SayRelative == "" {
			s.SayRelative = s.Say
		}
		t.steps[s.ID] = s
	}
	for _, s := range t.steps {
		for _, id := range s.Instead {
			if other, ok := t.steps[id]; !ok || len(other.Instead) > 0 {
				wrong("step %s: %q cannot stand instead of it", s.ID, id)
			}
		}
	}
	for i, tree := range t.trees {
		if slices.ContainsFunc(t.trees[:i], func(before Tree) bool { return before.ID == tree.ID }) || !name.MatchString(tree.ID) {
			wrong("tree %q stands twice or is no name", tree.ID)
		}
		for _, problem := range t.problems(tree) {
			wrong("tree %s: %s", tree.ID, problem)
		}
	}
	return t, errors.Join(mistakes...)
}

// name is what an id may look like.
var name = regexp.MustCompile(`^[a-z][a-z_]*$`)

// problems says what is wrong with a tree.
func (t *Trees) problems(tree Tree) (problems []string) {
	wrong := func(format string, args ...any) { problems = append(problems, fmt.Sprintf(format, args...)) }
	if len(tree.Ways) == 0 {
		wrong("it has no way")
	}
	if n := len(tree.Remind); n != 0 && n != Reminders {
		wrong("%d reminders", n)
	}
	if _, known := t.steps[tree.Urgent]; (len(tree.Ways) > 1) != known {
		wrong("the urgent step %q does not belong to the number of ways", tree.Urgent)
	}
	ways := map[string]bool{}
	for _, way := range tree.Ways {
		if ways[way.ID] || (len(tree.Ways) > 1) != name.MatchString(way.ID) {
			wrong("way %q stands twice or is no name", way.ID)
		}
		ways[way.ID] = true
		if len(way.Steps) == 0 || len(way.Steps) > maxSteps {
			wrong("way %q has %d steps", way.ID, len(way.Steps))
		}
		seen := map[string]bool{}
		for _, id := range way.Steps {
			step, ok := t.steps[id]
			if !ok {
				wrong("way %q: no step %q", way.ID, id)
			}
			for _, id := range append([]string{id}, step.Instead...) {
				if seen[id] {
					wrong("way %q: %s is shown twice", way.ID, id)
				}
				seen[id] = true
				longest := Place{Tree: tree.ID, Way: way.ID, Step: id, Open: 1<<maxSteps - 1}.Answered(Cannot)
				if len(longest) > MaxKey {
					wrong("way %q: the key %s is too long", way.ID, longest)
				}
			}
		}
	}
	return problems
}

// All gives every tree, the one that leaves least time first.
func (t *Trees) All() []Tree { return slices.Clone(t.trees) }

// Tree gives the tree with an id.
func (t *Trees) Tree(id string) (Tree, bool) {
	return t.find(func(tree Tree) bool { return tree.ID == id })
}

// ForStage gives the tree for a stage of the detector.
func (t *Trees) ForStage(stage string) (Tree, bool) {
	return t.find(func(tree Tree) bool { return stage != "" && tree.Stage == stage })
}

func (t *Trees) find(is func(Tree) bool) (Tree, bool) {
	i := slices.IndexFunc(t.trees, is)
	if i < 0 {
		return Tree{}, false
	}
	return t.trees[i], true
}

// Step gives the step with an id, the zero step if there is none.
func (t *Trees) Step(id string) Step { return t.steps[id] }
