package story

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

//go:embed plots.toml
var plotsFile []byte

// Plots are all plots of long frauds. They never change and are safe for
// concurrent use.
type Plots struct {
	plots []plot
	shown map[string][]string // id of a rule, or the beginning of one → steps that it shows
}

// plot is one kind of long fraud.
type plot struct {
	ID     string   `toml:"id"`
	Scheme string   `toml:"scheme"` // of the catalogue of schemes
	Fits   []string `toml:"fits"`   // schemes that name the plot as well
	Opens  []string `toml:"opens"`  // steps of which one must be there
	Sure   []string `toml:"sure"`   // steps that leave no doubt together
	Same   bool     `toml:"same"`   // all steps come from one sender, who is known
	Steps  []step   `toml:"step"`
}

// step is one thing that happens in a plot.
type step struct {
	ID       string   `toml:"id"`
	Phase    int      `toml:"phase"`
	Decisive bool     `toml:"decisive"` // what the plot leads to
	Stranger bool     `toml:"stranger"` // comes from somebody else as a rule
	Scheme   string   `toml:"scheme"`   // where the step is a scheme of its own
	Rules    []string `toml:"rules"`    // ids of rules, or their beginnings
	name     string   // unique among all plots: what a piece keeps of it
}

// Load reads the embedded plots. The error joins all mistakes in them.
func Load() (*Plots, error) {
	var file struct {
		Plots []plot `toml:"plot"`
	}
	if err := toml.NewDecoder(bytes.NewReader(plotsFile)).DisallowUnknownFields().Decode(&file); err != nil {
		return nil, fmt.Errorf("plots.toml: %w", err)
	}
	var mistakes []error
	plots := &Plots{plots: file.Plots, shown: make(map[string][]string)}
	for _, p := range file.Plots {
		if err := p.check(); err != nil {
			mistakes = append(mistakes, fmt.Errorf("plots.toml: plot %s: %w", p.ID, err))
		}
		for i := range p.Steps {
			s := &p.Steps[i]
			s.name = p.ID + "." + s.ID
			for _, rule := range s.Rules {
				plots.shown[rule] = append(plots.shown[rule], s.name)
			}
		}
	}
	return plots, errors.Join(mistakes...)
}

func (p *plot) check() error {
	if p.ID == "" || p.Scheme == "" || len(p.Opens) == 0 {
		return errors.New("it needs an id, a scheme and steps that open it")
	}
	for _, s := range p.Steps {
		if s.ID == "" || s.Phase < 1 || s.Phase > 6 || len(s.Rules) == 0 {
			return fmt.Errorf("step %q needs an id, a phase from 1 to 6 and rules", s.ID)
		}
	}
	for _, id := range slices.Concat(p.Opens, p.Sure) {
		if !slices.ContainsFunc(p.Steps, func(s step) bool { return s.ID == id }) {
			return fmt.Errorf("there is no step %q", id)
		}
	}
	return nil
}

// Key names the words for a step.
func key(plot, step string) string { return "story_" + plot + "_" + step }

// Keys gives the names of the words for all steps.
func (p *Plots) Keys() []string {
	var keys []string
	for i := range p.plots {
		for _, s := range p.plots[i].Steps {
			keys = append(keys, key(p.plots[i].ID, s.ID))
		}
	}
	return keys
}

// Rules gives the rules that steps ask for, each an id or the beginning of one.
func (p *Plots) Rules() []string {
	return slices.Sorted(maps.Keys(p.shown))
}

// Schemes gives the schemes that a finding may name.
func (p *Plots) Schemes() []string {
	var schemes []string
	for i := range p.plots {
		schemes = append(append(schemes, p.plots[i].Scheme), p.plots[i].Fits...)
		for _, s := range p.plots[i].Steps {
			if s.Scheme != "" {
				schemes = append(schemes, s.Scheme)
			}
		}
	}
	return schemes
}

// Steps gives the steps that the rules show which held in a message, each once,
// in the form that a piece keeps.
func (p *Plots) Steps(rules []string) []string {
	var steps []string
	for _, id := range rules {
		for end := 0; end < len(id); end++ {
			if next := strings.IndexByte(id[end:], '.'); next >= 0 {
				end += next
			} else {
				end = len(id)
			}
			for _, step := range p.shown[id[:end]] {
				if !slices.Contains(steps, step) {
					steps = append(steps, step)
				}
			}
		}
	}
	return steps
}
