package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/aldanba/aldanba/detector/eval"
)

type evalCommand struct {
	Files      []string `arg:"" name:"file" help:"Labelled messages, one JSON object a line: text, label (scam or ham), and if known lang, scheme, scheme_also."`
	JSON       bool     `name:"json" help:"Print one JSON object instead of tables."`
	Mistakes   int      `default:"10" placeholder:"N" help:"How many of the worst mistakes to print (default ${default})."`
	Judge      bool     `help:"Ask the judge of OPENAI_MODEL too, and compare."`
	Everywhere bool     `help:"With --judge: hear the judge on every message, also where it would not be asked; the verdicts do not change by that."`
	Record     string   `placeholder:"FILE" xor:"replies" help:"With --judge: keep the replies in this file; those that it holds are not asked for again."`
	Replay     string   `placeholder:"FILE" xor:"replies" help:"With --judge: take the replies from this file, without a network."`
	Split      string   `placeholder:"NAME" help:"Only lines of this split (train, test or exam)."`
}

func (c *evalCommand) Run(w *world) error {
	d, err := w.detector()
	if err != nil {
		return err
	}
	if !c.Judge && (c.Everywhere || c.Record+c.Replay != "") {
		return errors.New("--record, --replay and --everywhere are of the judge: they go with --judge")
	}
	var examples []eval.Example
	for _, name := range c.Files {
		more, err := readExamples(name)
		if err != nil {
			return err
		}
		for _, e := range more {
			if c.Split == "" || e.Split == c.Split {
				examples = append(examples, e)
			}
		}
	}
	if !slices.ContainsFunc(examples, eval.Example.Counted) {
		return fmt.Errorf("no message labelled scam or ham in %s%s", strings.Join(c.Files, ", "), prefixed(" of the split ", c.Split))
	}
	if c.Judge {
		return c.judged(w, d, examples)
	}
	report := eval.Run(d, examples, c.Mistakes)
	if c.JSON {
		encoder := json.NewEncoder(w.out)
		encoder.SetEscapeHTML(false)
		return encoder.Encode(report)
	}
	return printReport(w.out, report)
}

func readExamples(name string) ([]eval.Example, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return eval.Read(name, file)
}

func printReport(out io.Writer, r *eval.Report) error {
	table := tabwriter.NewWriter(out, 0, 4, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "group\tscams\tcaught\tnamed scam\tgenuine\talarms\tof them scam\tprecision\tscheme first\tscheme any\t")
	rows := append([]eval.Count{r.Overall}, r.ByLang...)
	for _, c := range append(rows, r.ByScheme...) {
		fmt.Fprintf(table, "%s\t%d\t%.1f %%\t%.1f %%\t%d\t%.1f %%\t%.1f %%\t%.1f %%\t%.1f %%\t%.1f %%\t\n", c.Name,
			c.Scams, 100*c.Recall(), 100*c.NamedRecall(), c.Genuine, 100*c.AlarmRate(), 100*c.StrongAlarmRate(), 100*c.Precision(),
			percent(c.SchemeFirst, c.SchemeKnown), percent(c.SchemeAny, c.SchemeKnown))
	}
	if err := table.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(out, "\nBrier score %.3f, %.0f messages a second\n", r.Brier, r.PerSecond)
	printMistakes(out, r.Mistakes)
	return nil
}

func printMistakes(out io.Writer, mistakes []eval.Mistake) {
	if len(mistakes) == 0 {
		return
	}
	fmt.Fprintln(out, "\nThe worst mistakes:")
	for _, m := range mistakes {
		fmt.Fprintf(out, "  %s is %s%s, judged %s (%.2f) by %s\n    %s\n", m.Example.ID, m.Example.Label, prefixed(" ", m.Example.Scheme),
			m.Verdict, m.Score, strings.Join(m.Signals, " "), strings.Join(strings.Fields(m.Example.Text), " "))
	}
}

func percent(part, whole int) float64 {
	return 100 * float64(part) / float64(max(whole, 1))
}

func prefixed(prefix, s string) string {
	if s == "" {
		return ""
	}
	return prefix + s
}
