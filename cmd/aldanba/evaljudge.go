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
	Model string `json:"model"`
	*eval.JudgedReport
	Results map[judge.Result]int `json:"results"`
	In      int                  `json:"tokens_in"`
	Out     int                  `json:"tokens_out"`
	Cost    float64              `json:"cost"`                        // in the currency of the prices, 0 where none are set
	Median  float64              `json:"latency_median_milliseconds"` // of a request, when it was recorded
	Most    float64              `json:"latency_p95_milliseconds"`
	Missing int                  `json:"missing"` // replies that the file does not hold
	Dated   int                  `json:"dated"`   // replies that were given to an earlier prompt

	priced bool
	mu     sync.Mutex
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
	run := &judgedRun{Model: s.Model, Results: map[judge.Result]int{}, priced: s.PriceIn+s.PriceOut > 0}
	j, err := s.judge(d, func(cfg *judge.Config) {
		if c.Replay == "" {
			recorder.Asks(cfg.Service)
		}
		cfg.Service, cfg.Observer, cfg.TokensPerDay = recorder, run, 0
	})
	if err != nil {
		return err
	}
	run.JudgedReport = eval.RunJudged(w, d, j, examples, eval.JudgedConfig{Together: s.Together, Everywhere: c.Everywhere, Mistakes: c.Mistakes})
	told, err := recorder.Report()
	if err != nil {
		return fmt.Errorf("the replies could not be recorded: %w", err)
	}
	run.Missing, run.Dated = told.Missing, told.Dated
	if took := told.Took; len(took) > 0 {
		slices.Sort(took)
		run.Median, run.Most = milliseconds(took[len(took)/2]), milliseconds(took[len(took)*95/100])
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
	fmt.Fprintln(table, "messages\tverdict\tscams\tcaught\tnamed scam\tgenuine\talarms\thard alarms\talarms named scam\tprecision\tBrier\t")
	for _, block := range []struct {
		name  string
		sides []eval.Side
	}{{"all", r.All}, {"asked about", r.Doubtful}, {"not asked about", r.Sure}} {
		for _, s := range block.sides {
			fmt.Fprintf(table, "%s\t%s\t%d\t%.1f %%\t%.1f %%\t%d\t%.1f %%\t%.1f %%\t%.1f %%\t%.1f %%\t%.3f\t\n", block.name, s.Name,
				s.Scams, 100*s.Recall(), 100*s.NamedRecall(), s.Genuine, 100*s.AlarmRate(), 100*s.HardAlarmRate(), 100*s.StrongAlarmRate(), 100*s.Precision(), s.Brier)
		}
	}
	if err := table.Flush(); err != nil {
		return err
	}
	better, worse := sum(r.Better), sum(r.Worse)
	fmt.Fprintf(out, "\nThe judge changed %d verdicts for the better%s, %d for the worse%s, and left %d as they were.\n",
		better, listed(r.Better), worse, listed(r.Worse), r.Answered-better-worse)
	requests := sum(r.Results)
	fmt.Fprintf(out, "Requests: %d%s; %d tokens in, %d out, ", requests, listed(r.Results), r.In, r.Out)
	if r.priced {
		fmt.Fprintf(out, "cost %.4f, %.2f for a thousand.\n", r.Cost, 1000*r.Cost/float64(max(requests, 1)))
	} else {
		fmt.Fprintln(out, "cost unknown: ALDANBA_LLM_PRICE_IN and ALDANBA_LLM_PRICE_OUT are not set.")
	}
	fmt.Fprintf(out, "Latency of a request: half within %.0f ms, 95 of 100 within %.0f ms.\n", r.Median, r.Most)
	if r.Missing > 0 {
		fmt.Fprintf(out, "%d replies are not in the file: their messages kept the local verdict.\n", r.Missing)
	}
	if r.Dated > 0 {
		fmt.Fprintf(out, "%d replies were given to an earlier prompt.\n", r.Dated)
	}
	if len(r.Mistakes) > 0 {
		fmt.Fprintln(out, "\nThe worst mistakes of both together:")
	}
	for _, m := range r.Mistakes {
		fmt.Fprintf(out, "  %s is %s%s, judged %s (%.2f): locally %s (%.2f), %s\n    %s\n", m.Example.ID, m.Example.Label, prefixed(" ", m.Example.Scheme),
			m.Verdict, m.Score, m.Local.Verdict, m.Local.Score, judgeOf(m), strings.Join(strings.Fields(m.Example.Text), " "))
	}
	return nil
}

// judgeOf tells what the judge had to do with a mistake.
func judgeOf(m eval.JudgedMistake) string {
	switch {
	case m.Judge == nil:
		return "without the judge"
	case m.Worse:
		return fmt.Sprintf("made worse by the judge, %s (%.2f)", m.Judge.Verdict, m.Judge.Score)
	}
	return fmt.Sprintf("by the judge %s (%.2f)", m.Judge.Verdict, m.Judge.Score)
}

// sum adds counts up.
func sum[K ~string](counts map[K]int) int {
	all := 0
	for _, n := range counts {
		all += n
	}
	return all
}

// listed lists counts by name in brackets.
func listed[K ~string](counts map[K]int) string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		parts = append(parts, fmt.Sprintf("%s %d", name, counts[name]))
	}
	if len(parts) == 0 {
		return ""
	}
	return " (" + strings.Join(parts, ", ") + ")"
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
