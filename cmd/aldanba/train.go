package main

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"text/tabwriter"

	"github.com/aldanba/aldanba/detector"
	"github.com/aldanba/aldanba/detector/eval"
	"github.com/aldanba/aldanba/detector/model"
)

type trainCommand struct {
	Files    []string `arg:"" name:"file" help:"Labelled messages, one JSON object a line. Lines of the splits test and exam are left out."`
	Out      string   `default:"detector/model/model.bin" placeholder:"FILE" help:"Where to write the model (default ${default})."`
	Report   bool     `help:"Write no model; print how it does on writers, languages and schemes left out while it learns."`
	Mistakes int      `placeholder:"N" help:"With --report: how many mistakes on writers left out to print (default none)."`
}

// Run learns the model from the corpus. The same corpus and the same rules
// give the same file.
func (c *trainCommand) Run(w *world) error {
	d, err := w.buildDetector(true, nil)
	if err != nil {
		return err
	}
	var examples []eval.Example
	var samples []model.Sample
	for _, name := range c.Files {
		more, err := readExamples(name)
		if err != nil {
			return err
		}
		for _, e := range more {
			if !e.HeldOut() && e.Counted() {
				examples = append(examples, e)
				samples = append(samples, d.Sample(e.Text, e.Label == "scam", e.Scheme, e.Writer()))
			}
		}
	}
	if len(samples) == 0 {
		return errors.New("there is nothing to learn from")
	}
	scale := model.Calibrate(samples)
	if c.Report {
		return c.crossValidate(w.out, examples, samples, scale, d.Catalogue().IDs())
	}
	file, err := os.Create(c.Out)
	if err != nil {
		return err
	}
	if err := model.Train(samples, d.Catalogue().IDs(), scale).Write(file); err != nil {
		file.Close()
		return err
	}
	return file.Close()
}

// crossValidate prints how the detector does on messages whose writer, language
// or scheme was left out while its model learned.
func (c *trainCommand) crossValidate(out io.Writer, examples []eval.Example, samples []model.Sample, scale model.Calibration, schemes []string) error {
	table := tabwriter.NewWriter(out, 0, 4, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "left out\tscams\tcaught\tnamed scam\tgenuine\talarms\tof them scam\tscheme first\tscheme any\t")
	var mistakes []eval.Mistake
	for _, part := range []struct {
		name string
		of   func(eval.Example) string
	}{
		{"writer", eval.Example.Writer},
		{"language", func(e eval.Example) string { return e.Lang }},
		{"scheme", func(e eval.Example) string { return e.Scheme }},
	} {
		models := model.LeaveOut(samples, schemes, scale, func(i int) string { return part.of(examples[i]) })
		all := eval.Count{Name: "all"}
		for _, name := range slices.Sorted(maps.Keys(models)) {
			d, err := detector.New(detector.Config{Model: models[name]})
			if err != nil {
				return err
			}
			var left []eval.Example
			for _, e := range examples {
				if part.of(e) == name {
					left = append(left, e)
				}
			}
			report := eval.Run(d, left, len(left))
			writeCount(table, part.name+" "+name, report.Overall)
			all = all.Plus(report.Overall)
			if part.name == "writer" {
				mistakes = append(mistakes, report.Mistakes...)
			}
		}
		writeCount(table, part.name+", all", all)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	printMistakes(out, mistakes[:min(len(mistakes), c.Mistakes)])
	return nil
}

func writeCount(out io.Writer, name string, c eval.Count) {
	fmt.Fprintf(out, "%s\t%d\t%.1f %%\t%.1f %%\t%d\t%.1f %%\t%.1f %%\t%.1f %%\t%.1f %%\t\n", name,
		c.Scams, 100*c.Recall(), 100*c.NamedRecall(), c.Genuine, 100*c.AlarmRate(), 100*c.StrongAlarmRate(),
		percent(c.SchemeFirst, c.SchemeKnown), percent(c.SchemeAny, c.SchemeKnown))
}
