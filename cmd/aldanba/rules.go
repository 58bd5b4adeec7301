package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"

	"github.com/aldanba/aldanba/detector/scheme"
	"github.com/aldanba/aldanba/detector/text"
)

type rulesCommand struct {
	Test  rulesTestCommand  `cmd:"" help:"Check every rule against its own examples."`
	List  rulesListCommand  `cmd:"" help:"List all rules."`
	Show  rulesShowCommand  `cmd:"" help:"Show one rule with its patterns and examples."`
	Build rulesBuildCommand `cmd:"" help:"Write the snapshot of the built-in packs, from which the program starts sooner."`
}

type rulesTestCommand struct{}

func (rulesTestCommand) Run(w *world) error {
	d, err := w.detector()
	if err != nil {
		return err
	}
	failures := d.TestRules()
	for _, failure := range failures {
		fmt.Fprintln(w.out, failure)
	}
	fmt.Fprintf(w.out, "%d rules, %d examples failed\n", len(d.Rules()), len(failures))
	if len(failures) > 0 {
		return errTold
	}
	return nil
}

type rulesListCommand struct{}

func (rulesListCommand) Run(w *world) error {
	d, err := w.detector()
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(w.out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(table, "ID\tKIND\tWEIGHT\tSCHEMES\tPACK")
	for _, r := range d.Rules() {
		fmt.Fprintf(table, "%s\t%s\t%+.1f\t%s\t%s:%d\n", r.ID, r.Kind, r.Weight, strings.Join(r.Schemes, " "), r.Pack, r.Line)
	}
	return table.Flush()
}

type rulesShowCommand struct {
	ID string `arg:"" help:"Id of the rule, as rules list prints it."`
}

func (c *rulesShowCommand) Run(w *world) error {
	d, err := w.detector()
	if err != nil {
		return err
	}
	for _, r := range d.Rules() {
		if r.ID == c.ID {
			showRule(w.out, r)
			return nil
		}
	}
	return fmt.Errorf("there is no rule %q; \"aldanba rules list\" prints all", c.ID)
}

type rulesBuildCommand struct {
	Out string `default:"detector/scheme/packs.bin" placeholder:"FILE" help:"Where to write the snapshot (default ${default})."`
}

// Run writes the snapshot. The same packs give the same file.
func (c *rulesBuildCommand) Run(*world) error {
	file, err := os.Create(c.Out)
	if err != nil {
		return err
	}
	if err := scheme.WriteSnapshot(file, text.NewAnalyzer().StemRussian); err != nil {
		file.Close()
		return err
	}
	return file.Close()
}

func showRule(out io.Writer, r *scheme.Rule) {
	fmt.Fprintf(out, "%s  (%s, weight %+.1f)  %s:%d\n", r.ID, r.Kind, r.Weight, r.Pack, r.Line)
	for _, field := range []struct {
		name   string
		values []string
	}{
		{"schemes", r.Schemes}, {"reason", one(r.Reason)}, {"wants", one(r.Wants)}, {"stage", one(r.Stage)}, {"intent", one(r.Intent)}, {"floor", one(r.Floor)},
		{"needs", r.Needs}, {"unless", r.Unless}, {"ru", r.RU}, {"kk", r.KK}, {"any", r.Any},
		{"must match", append(r.MatchRU[:len(r.MatchRU):len(r.MatchRU)], r.MatchKK...)},
		{"must not match", append(r.RejectRU[:len(r.RejectRU):len(r.RejectRU)], r.RejectKK...)},
	} {
		if len(field.values) > 0 {
			fmt.Fprintf(out, "%s:\n    %s\n", field.name, strings.Join(field.values, "\n    "))
		}
	}
}

func one(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}
