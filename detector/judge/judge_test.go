package judge_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aldanba/aldanba/detector"
	"github.com/aldanba/aldanba/detector/judge"
	"github.com/aldanba/aldanba/detector/judge/judgetest"
	"github.com/aldanba/aldanba/detector/llm"
	"github.com/aldanba/aldanba/prompts"
)

var local = sync.OnceValues(func() (*detector.Detector, error) { return detector.New(detector.Config{}) })

func newDetector(t testing.TB) *detector.Detector {
	t.Helper()
	d, err := local()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

const serviceKey = "sk-canary-of-the-judge-000000000000"

// watcher keeps what the observer is told.
type watcher struct {
	mu     sync.Mutex
	events []judge.Event
}

func (w *watcher) Judged(e judge.Event) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.events = append(w.events, e)
}

func (w *watcher) results() []judge.Result {
	w.mu.Lock()
	defer w.mu.Unlock()
	var all []judge.Result
	for _, e := range w.events {
		all = append(all, e.Result)
	}
	return all
}

func newJudge(t testing.TB, s *judgetest.Service, change func(*judge.Config)) *judge.Judge {
	t.Helper()
	d := newDetector(t)
	client, err := llm.New(llm.Config{BaseURL: s.URL, Key: serviceKey})
	if err != nil {
		t.Fatal(err)
	}
	prompt, err := prompts.LoadJudge(nil, judge.Lists(d.Catalogue()))
	if err != nil {
		t.Fatal(err)
	}
	cfg := judge.Config{Service: client, Model: "first", Prompt: prompt, Detector: d, Timeout: time.Minute}
	if change != nil {
		change(&cfg)
	}
	j, err := judge.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

const message = "Апай, мына картаға тез ақша салып жіберіңізші, кейін түсіндірем"

func inquiry() detector.Inquiry { return detector.Inquiry{Text: message, Lang: "kk", Person: "p1"} }

func always(r judgetest.Reply) func(judgetest.Request) judgetest.Reply {
	return func(judgetest.Request) judgetest.Reply { return r }
}

func TestAnOpinionComesBack(t *testing.T) {
	opinion := judgetest.Fraud("relative_in_trouble", "тез ақша салып", "not in the message")
	opinion.Advice = []string{"call_relative", "made_up", "call_relative"}
	opinion.Wants = []string{"move_money"}
	opinion.Explanation = "Туыс болып жазып, асықтырып ақша сұрайды."
	opinion.Question = "Бұл адамның дауысын естідіңіз бе?"
	s := judgetest.Start(t, always(opinion.Reply()))
	w := &watcher{}
	got, err := newJudge(t, s, func(c *judge.Config) { c.Observer, c.Price = w, judge.Price{In: 1, Out: 10} }).Judge(t.Context(), inquiry())
	if err != nil {
		t.Fatal(err)
	}
	at := strings.Index(message, "тез ақша салып")
	want := detector.Opinion{
		Level: detector.Scam, Score: 0.97, Schemes: []string{"relative_in_trouble"}, Stage: detector.NothingYet, Wants: []string{"move_money"},
		Quotes: []detector.Span{{Start: at, End: at + len("тез ақша салып")}}, Advice: []string{"call_relative"},
		Explanation: "Туыс болып жазып, асықтырып ақша сұрайды.", Question: "Бұл адамның дауысын естідіңіз бе?",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	request := s.Requests()[0]
	if request.Fenced() != message || request.Language() != "kk" || request.Format != "json_schema" || !request.Strict || request.Most == 0 || request.Key != serviceKey || request.Model != "first" {
		t.Errorf("the request is not what it should be: %+v", request)
	}
	if strings.Contains(request.Body, "p1") {
		t.Error("the name of the person went out")
	}
	if cost := w.events[0].Cost; cost != 2500e-6+150*10e-6 {
		t.Errorf("the cost is %v", cost)
	}
}

func TestEveryMarkIsFresh(t *testing.T) {
	s := judgetest.Start(t, always(judgetest.Harmless().Reply()))
	j := newJudge(t, s, nil)
	for range 2 {
		if _, err := j.Judge(t.Context(), inquiry()); err != nil {
			t.Fatal(err)
		}
	}
	if all := s.Requests(); all[0].Last() == all[1].Last() {
		t.Error("two requests carry the same mark")
	}
}

func TestFaultsEndWithoutAnOpinion(t *testing.T) {
	never := make(chan struct{})
	for name, c := range map[string]struct {
		reply judgetest.Reply
		want  judge.Result
		calls int
	}{
		"prose":            {judgetest.Reply{Content: "This message is safe."}, judge.Malformed, 2},
		"truncated":        {judgetest.Reply{Content: `{"verdict":"no_signs","proba`, Finish: "length"}, judge.Malformed, 2},
		"no verdict":       {judgetest.Reply{Content: `{"probability":0.5}`}, judge.Malformed, 2},
		"out of range":     {judgetest.Reply{Content: `{"verdict":"scam","probability":97}`}, judge.Malformed, 2},
		"not a number":     {judgetest.Reply{Content: `{"verdict":"scam","probability":"NaN"}`}, judge.Malformed, 2},
		"contradiction":    {judgetest.Reply{Content: `{"verdict":"no_signs","probability":0.9}`}, judge.Malformed, 2},
		"two answers":      {judgetest.Reply{Content: `{"verdict":"no_signs","probability":0.1} or {"verdict":"scam","probability":0.9}`}, judge.Malformed, 2},
		"refusal":          {judgetest.Reply{Refusal: "I cannot help with that."}, judge.Refused, 1},
		"filtered":         {judgetest.Reply{Finish: "content_filter"}, judge.Refused, 1},
		"no choice":        {judgetest.Reply{Raw: `{"choices":[]}`}, judge.Malformed, 1},
		"not the protocol": {judgetest.Reply{Raw: `<html>`}, judge.Malformed, 1},
		"unauthorized":     {judgetest.Reply{Status: http.StatusUnauthorized}, judge.Forbidden, 1},
		"busy":             {judgetest.Reply{Status: http.StatusTooManyRequests, Header: map[string]string{"Retry-After": "0"}}, judge.Busy, 2},
		"busy for long":    {judgetest.Reply{Status: http.StatusTooManyRequests, Header: map[string]string{"Retry-After": "3600"}}, judge.Busy, 1},
		"broken":           {judgetest.Reply{Status: http.StatusInternalServerError, Header: map[string]string{"Retry-After": "0"}}, judge.Failed, 2},
		"reset":            {judgetest.Reply{Reset: true}, judge.Failed, 2},
		"bad request":      {judgetest.Reply{Status: http.StatusBadRequest}, judge.Forbidden, 3},
		"never":            {judgetest.Reply{Until: never}, judge.TimedOut, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := judgetest.Start(t, always(c.reply))
			j := newJudge(t, s, func(cfg *judge.Config) {
				if c.reply.Until != nil {
					cfg.Timeout = 50 * time.Millisecond
				} else {
					cfg.Timeout = time.Minute
				}
			})
			_, err := j.Judge(t.Context(), inquiry())
			if got := judge.ResultOf(err); err == nil || got != c.want {
				t.Errorf("the result is %q (%v), want %q", got, err, c.want)
			}
			if err != nil && strings.Contains(err.Error(), "ақша") {
				t.Errorf("the error tells the message: %v", err)
			}
			if got := len(s.Requests()); c.want != judge.TimedOut && got != c.calls {
				t.Errorf("the service was called %d times, want %d", got, c.calls)
			}
		})
	}
}

func TestReplies(t *testing.T) {
	for name, content := range map[string]string{
		"alone":       `{"verdict":"scam","probability":0.9}`,
		"fenced":      "Here it is:\n```json\n{\"verdict\":\"scam\",\"probability\":0.9}\n```",
		"after words": `I think {so}. {"verdict":"SCAM","probability":"0.9","schemes":"romance","quotes":null,"wants":7}`,
		"thoughts":    `<think>{"verdict":"no_signs","probability":0}</think>{"verdict":"scam","probability":0.9}`,
		"wrapped":     `{"reply":{"verdict":"scam","probability":0.9}}`,
	} {
		t.Run(name, func(t *testing.T) {
			s := judgetest.Start(t, always(judgetest.Reply{Content: content}))
			got, err := newJudge(t, s, nil).Judge(t.Context(), inquiry())
			if err != nil || got.Level != detector.Scam || got.Score != 0.9 {
				t.Errorf("got %+v, %v", got, err)
			}
		})
	}
}

func TestAReplyIsRepairedOnce(t *testing.T) {
	s := judgetest.Start(t, func(r judgetest.Request) judgetest.Reply {
		if strings.HasPrefix(r.Last(), "That was not") {
			return judgetest.Fraud("romance").Reply()
		}
		return judgetest.Reply{Content: "Well…", In: 100, Out: 10}
	})
	w := &watcher{}
	got, err := newJudge(t, s, func(c *judge.Config) { c.Observer = w }).Judge(t.Context(), inquiry())
	if err != nil || got.Level != detector.Scam {
		t.Fatalf("got %+v, %v", got, err)
	}
	if u := w.events[0].Usage; u.In != 2600 || u.Out != 160 {
		t.Errorf("both tries are to be counted: %+v", u)
	}
}

func TestWhatAServiceDoesNotTakeIsRemembered(t *testing.T) {
	s := judgetest.Start(t, func(r judgetest.Request) judgetest.Reply {
		if r.Format != "" {
			return judgetest.Reply{Status: http.StatusBadRequest, Content: "response_format is not supported"}
		}
		return judgetest.Harmless().Reply()
	})
	j := newJudge(t, s, nil)
	for range 2 {
		if _, err := j.Judge(t.Context(), inquiry()); err != nil {
			t.Fatal(err)
		}
	}
	var formats []string
	for _, r := range s.Requests() {
		formats = append(formats, r.Format)
	}
	if diff := cmp.Diff([]string{"json_schema", "json_object", "", ""}, formats); diff != "" {
		t.Error(diff)
	}
}

func TestTheFallbackIsAsked(t *testing.T) {
	s := judgetest.Start(t, func(r judgetest.Request) judgetest.Reply {
		if r.Model == "first" {
			return judgetest.Reply{Status: http.StatusServiceUnavailable, Header: map[string]string{"Retry-After": "0"}}
		}
		return judgetest.Fraud("romance").Reply()
	})
	w := &watcher{}
	j := newJudge(t, s, func(c *judge.Config) { c.Fallback, c.Observer, c.Timeout = "second", w, time.Minute })
	for range 4 {
		if got, err := j.Judge(t.Context(), inquiry()); err != nil || got.Level != detector.Scam {
			t.Fatalf("got %+v, %v", got, err)
		}
	}
	results := w.results()
	if results[0] != judge.Failed || results[1] != judge.Answered {
		t.Errorf("results: %v", results)
	}
}

func TestTheBreakerOpens(t *testing.T) {
	s := judgetest.Start(t, always(judgetest.Reply{Status: http.StatusBadGateway, Header: map[string]string{"Retry-After": "0"}}))
	j := newJudge(t, s, func(c *judge.Config) { c.Timeout = time.Minute })
	var last error
	for range 8 {
		_, last = j.Judge(t.Context(), inquiry())
	}
	if judge.ResultOf(last) != judge.Open {
		t.Errorf("the breaker is not open: %v", last)
	}
	if got := len(s.Requests()); got != 10 { // five questions, each tried twice
		t.Errorf("the service was called %d times", got)
	}
}

func TestASecondModelIsHeardWhereTheFirstDoubts(t *testing.T) {
	s := judgetest.Start(t, func(r judgetest.Request) judgetest.Reply {
		if r.Model == "first" {
			return judgetest.Opinion{Verdict: "suspicious", Probability: 0.6}.Reply()
		}
		return judgetest.Fraud("romance").Reply()
	})
	j := newJudge(t, s, func(c *judge.Config) { c.Fallback, c.SecondOpinion = "second", true })
	q := inquiry()
	if got, _ := j.Judge(t.Context(), q); got.Score != 0.6 {
		t.Errorf("a second model was asked without need: %+v", got)
	}
	q.Unsure, q.Local = true, detector.Suspicious
	got, err := j.Judge(t.Context(), q)
	if err != nil || got.Level != detector.Scam || got.Score < 0.78 || got.Score > 0.79 || len(got.Schemes) != 1 {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestASecondModelIsHeardWhereTheFirstThinksOtherwise(t *testing.T) {
	s := judgetest.Start(t, always(judgetest.Fraud("romance").Reply()))
	j := newJudge(t, s, func(c *judge.Config) { c.Fallback, c.SecondOpinion = "second", true })
	for _, c := range []struct {
		unsure bool
		local  detector.Level
		asked  int
	}{{true, detector.Scam, 1}, {true, detector.Suspicious, 2}, {true, detector.NoSigns, 2}, {false, detector.Suspicious, 1}} {
		q, before := inquiry(), len(s.Requests())
		q.Unsure, q.Local = c.unsure, c.local
		if _, err := j.Judge(t.Context(), q); err != nil || len(s.Requests())-before != c.asked {
			t.Errorf("%+v: %d requests, %v", c, len(s.Requests())-before, err)
		}
	}
}

func TestTheBudgetIsKept(t *testing.T) {
	s := judgetest.Start(t, always(judgetest.Harmless().Reply()))
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	j := newJudge(t, s, func(c *judge.Config) {
		c.TokensPerPerson, c.TokensPerDay, c.Clock = 12_000, 20_000, func() time.Time { return now }
	})
	ask := func(person string) judge.Result {
		q := inquiry()
		q.Person = person
		_, err := j.Judge(t.Context(), q)
		if err == nil {
			return judge.Answered
		}
		return judge.ResultOf(err)
	}
	var got []judge.Result
	for _, person := range []string{"a", "a", "a", "b", "b", "b", "c", "c", "d"} {
		got = append(got, ask(person))
	}
	asked := len(s.Requests())
	if got[0] != judge.Answered || got[len(got)-1] != judge.Spent || got[3] != judge.Answered {
		t.Errorf("results: %v", got)
	}
	if used := asked * 2650; used > 20_000 {
		t.Errorf("%d tokens were used", used)
	}
	now = now.Add(24 * time.Hour)
	if r := ask("a"); r != judge.Answered {
		t.Errorf("the next day begins with %q", r)
	}
}
