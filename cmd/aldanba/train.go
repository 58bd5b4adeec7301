package main

import (
	"errors"
	"fmt"
	"os"
	"text/tabwriter"

	"github.com/aldanba/aldanba/detector"
	"github.com/aldanba/aldanba/detector/eval"
	"github.com/aldanba/aldanba/detector/model"
)

type trainCommand struct {
	Files  []string `arg:"" name:"file" help:"Labelled messages, one JSON object a line. Lines of the split test are left out."`
	Out    string   `default:"detector/model/model.bin" placeholder:"FILE" help:"Where to write the model (default ${default})."`
	Report bool     `help:"Write no model; print how it does on writers, languages and schemes left out while it learns."`
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
	var heard []bool
	for _, name := range c.Files {
		more, err := readExamples(name)
		if err != nil {
			return err
		}
		for _, e := range more {
			if e.Split != "test" && e.Counted() {
				examples = append(examples, e)
				sample, rulesHear := d.Sample(e.Text, e.Label == "scam", e.Scheme, e.Writer())
				samples, heard = append(samples, sample), append(heard, rulesHear)
			}
		}
	}
	if len(samples) == 0 {
		return errors.New("there is nothing to learn from")
	}
	if c.Report {
		return crossValidate(w, d, examples, samples, heard)
	}
	file, err := os.Create(c.Out)
	if err != nil {
		return err
	}
	if err := model.Train(samples, d.Catalogue().IDs()).Write(file); err != nil {
		file.Close()
		return err
	}
	return file.Close()
}

// crossValidate prints what the model catches of messages whose writer,
// language or scheme was left out while it learned.
func crossValidate(w *world, d *detector.Detector, examples []eval.Example, samples []model.Sample, heard []bool) error {
	table := tabwriter.NewWriter(w.out, 0, 4, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "left out\tscams\tcaught\tnamed scam\tgenuine\talarms\tof them scam\t")
	for _, part := range []struct {
		name string
		of   func(eval.Example) string
	}{
		{"writer", eval.Example.Writer},
		{"language", func(e eval.Example) string { return e.Lang }},
		{"scheme", func(e eval.Example) string { return e.Scheme }},
	} {
		logOdds := model.CrossValidate(samples, func(i int) string { return part.of(examples[i]) })
		counts := eval.Tally(examples, func(i int) (detector.Level, bool) {
			return d.LevelOf(logOdds[i], heard[i]), part.of(examples[i]) != ""
		}, func(e eval.Example) string { return part.name + " " + part.of(e) })
		for _, n := range counts {
			fmt.Fprintf(table, "%s\t%d\t%.1f %%\t%.1f %%\t%d\t%.1f %%\t%.1f %%\t\n", n.Name, n.Scams, 100*n.Recall(), 100*n.NamedRecall(), n.Genuine, 100*n.AlarmRate(), 100*n.StrongAlarmRate())
		}
	}
	return table.Flush()
}
