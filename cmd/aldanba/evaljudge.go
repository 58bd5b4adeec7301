package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"text/tabwriter"
	"time"

	"github.com/aldanba/aldanba/detector"
	"github.com/aldanba/aldanba/detector/eval"
	"github.com/aldanba/aldanba/detector/judge"
)

// judgedRun is what a run with a judge found and cost.
type judgedRun struct {
	*eval.JudgedReport
	Results map[judge.Result]int `json:"results"`
	In      int                  `json:"tokens_in"`
	Out     int                  `json:"tokens_out"`
	Cost    float64              `json:"cost"`
	Median  time.Duration        `json:"latency_median"` // of a request, when it was recorded
	Most    time.Duration        `json:"latency_p95"`
	Missing int                  `json:"missing"` // replies that the file does not hold
	Dated   int                  `json:"dated"`   // replies that were given to an earlier prompt

	mu sync.Mutex
}

// Judged counts what the judge tells.
func (r *judgedRun) Judged(e judge.Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.Results[e.Result]++
	r.In, r.Out, r.Cost = r.In+e.Usage.In, r.Out+e.Usage.Out, r.Cost+e.Cost
}

// judged measures the detector together with the judge of the environment, or
// with replies that were recorded.
func (c *evalCommand) judged(w *world, d *detector.Detector, examples []eval.Example) error {
	s, err := readJudgeSettings(w.environ)
	if err != nil {
		return err
	}
	recorder, end, err := c.recorder()
	if err != nil {
		return err
	}
	defer end()
	if c.Replay != "" {
		s.Model = cmp.Or(s.Model, recorder.Model())
	}
	if s.Model == "" {
		return errors.New("OPENAI_MODEL is not set: it names the model that is asked")
	}
	run := &judgedRun{Results: map[judge.Result]int{}}
	j, err := s.judge(d, func(cfg *judge.Config) {
		if c.Replay == "" {
			recorder.Asks(cfg.Service)
		}
		cfg.Service, cfg.Observer, cfg.TokensPerDay = recorder, run, 0
	})
	if err != nil {
		return err
	}
	run.JudgedReport = eval.RunJudged(w, d, j, examples, s.Together, c.Everywhere)
	told, err := recorder.Report()
	if err != nil {
		return fmt.Errorf("the replies could not be recorded: %w", err)
	}
	run.Missing, run.Dated = told.Missing, told.Dated
	if took := told.Took; len(took) > 0 {
		slices.Sort(took)
		run.Median, run.Most = took[len(took)/2], took[len(took)*95/100]
	}
	if c.JSON {
		encoder := json.NewEncoder(w.out)
		encoder.SetEscapeHTML(false)
		return encoder.Encode(run)
	}
	return run.print(w.out)
}

// recorder opens the file of replies, if one is named.
func (c *evalCommand) recorder() (r *judge.Recorder, end func(), err error) {
	end = func() {}
	name := c.Record + c.Replay
	if name == "" {
		r, err = judge.NewRecorder(strings.NewReader(""), nil)
		return r, end, err
	}
	flag := os.O_RDONLY
	if c.Replay == "" {
		flag = os.O_RDWR | os.O_CREATE | os.O_APPEND
	}
	file, err := os.OpenFile(name, flag, 0o600)
	if err != nil {
		return nil, end, err
	}
	var out io.Writer
	if c.Replay == "" {
		out = file
	}
	if r, err = judge.NewRecorder(file, out); err != nil {
		file.Close()
		return nil, end, fmt.Errorf("%s: %w", name, err)
	}
	return r, func() { file.Close() }, nil
}

func (r *judgedRun) print(out io.Writer) error {
	fmt.Fprintf(out, "%d messages, the judge was asked about %d and gave an opinion on %d.\n\n", r.Messages, r.Asked, r.Answered)
	table := tabwriter.NewWriter(out, 0, 4, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "messages\tverdict\tscams\tcaught\tnamed scam\tgenuine\talarms\tof them scam\tprecision\tBrier\t")
	for _, block := range []struct {
		name  string
		sides []eval.Side
	}{{"all", r.All}, {"with an opinion", r.Doubtful}, {"not asked about", r.Sure}} {
		for _, s := range block.sides {
			fmt.Fprintf(table, "%s\t%s\t%d\t%.1f %%\t%.1f %%\t%d\t%.1f %%\t%.1f %%\t%.1f %%\t%.3f\t\n", block.name, s.Name,
				s.Scams, 100*s.Recall(), 100*s.NamedRecall(), s.Genuine, 100*s.AlarmRate(), 100*s.StrongAlarmRate(), 100*s.Precision(), s.Brier)
		}
	}
	if err := table.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(out, "\nChanged for the better: %s; for the worse: %s.\n", tally(r.Better), tally(r.Worse))
	fmt.Fprintf(out, "Requests: %s; %d tokens in, %d out, cost %.4f.\n", tally(r.Results), r.In, r.Out, r.Cost)
	fmt.Fprintf(out, "Latency of a request: half within %v, 95 of 100 within %v.\n", r.Median.Round(time.Millisecond), r.Most.Round(time.Millisecond))
	if r.Missing > 0 {
		fmt.Fprintf(out, "%d replies are not in the file: their messages kept the local verdict.\n", r.Missing)
	}
	if r.Dated > 0 {
		fmt.Fprintf(out, "%d replies were given to an earlier prompt.\n", r.Dated)
	}
	return nil
}

// tally lists counts by name, with their sum before them.
func tally[K ~string](counts map[K]int) string {
	sum := 0
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		sum += counts[name]
		parts = append(parts, fmt.Sprintf("%s %d", name, counts[name]))
	}
	if sum == 0 {
		return "0"
	}
	return fmt.Sprintf("%d (%s)", sum, strings.Join(parts, ", "))
}
