package judge_test

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aldanba/aldanba/detector"
	"github.com/aldanba/aldanba/detector/judge"
	"github.com/aldanba/aldanba/detector/judge/judgetest"
)

// shelf is a cache in a map, and counters beside it.
type shelf struct {
	mu   sync.Mutex
	kept map[string][]byte
	sums map[string]int64
	down error // what every call gives instead
}

func newShelf() *shelf { return &shelf{kept: map[string][]byte{}, sums: map[string]int64{}} }

func (s *shelf) Opinions(_ context.Context, names []string) ([][]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out [][]byte
	for _, name := range names {
		out = append(out, s.kept[name])
	}
	return out, s.down
}

func (s *shelf) KeepOpinion(_ context.Context, names []string, opinion []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, name := range names {
		s.kept[name] = opinion
	}
	return s.down
}

func (s *shelf) CountTokens(_ context.Context, name, day string, n int64) (int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sums[day+" "+name] += n
	return s.sums[day+" "+name], s.down
}

func TestIdenticalQuestionsAreAskedOnce(t *testing.T) {
	answer, arrived := make(chan struct{}), make(chan struct{}, 8)
	opinion := judgetest.Fraud("romance")
	opinion.Explanation = "Туыс болып жазып, асықтырып ақша сұрайды."
	reply := opinion.Reply()
	reply.Until = answer
	s := judgetest.Start(t, func(judgetest.Request) judgetest.Reply {
		arrived <- struct{}{}
		return reply
	})
	w := &watcher{}
	j := newJudge(t, s, func(c *judge.Config) { c.Observer, c.Cache = w, newShelf() })
	const people = 5
	answers := make(chan detector.Opinion, people)
	for range people {
		go func() {
			o, _ := j.Judge(context.Background(), inquiry())
			answers <- o
		}()
	}
	<-arrived
	close(answer)
	told := 0
	for range people {
		o := <-answers
		if o.Level != detector.Scam {
			t.Errorf("got %+v", o)
		}
		if o.Explanation != "" {
			told++
		}
	}
	if calls := len(s.Requests()); calls != 1 || told != 1 {
		t.Errorf("%d calls, and %d were told an explanation", calls, told)
	}
	if asked := slices.DeleteFunc(w.results(), func(r judge.Result) bool { return r == judge.Shared || r == judge.Cached }); !slices.Equal(asked, []judge.Result{judge.Answered}) {
		t.Errorf("results beside the shared ones: %v", asked)
	}
}

func TestTheCacheHoldsNoWords(t *testing.T) {
	opinion := judgetest.Fraud("romance", "тез ақша салып")
	opinion.Explanation = "Туыс болып жазып, асықтырып ақша сұрайды."
	s := judgetest.Start(t, always(opinion.Reply()))
	cache := newShelf()
	j := newJudge(t, s, func(c *judge.Config) { c.Cache = cache })
	first, err := j.Judge(t.Context(), inquiry())
	if err != nil {
		t.Fatal(err)
	}
	q := inquiry()
	q.Text = "  " + strings.ReplaceAll(strings.ToUpper(message), " ", "\n ")
	again, err := j.Judge(t.Context(), q)
	if err != nil || len(s.Requests()) != 1 {
		t.Fatalf("asked %d times, %v", len(s.Requests()), err)
	}
	if first.Explanation == "" || again.Explanation != "" || again.Level != first.Level || again.Alike {
		t.Errorf("first %+v, then %+v", first, again)
	}
	if got := strings.Join(strings.Fields(q.Text[again.Quotes[0].Start:again.Quotes[0].End]), " "); got != strings.ToUpper("тез ақша салып") {
		t.Errorf("the quote from the cache is %q", got)
	}
	for name, kept := range cache.kept {
		for _, word := range append(strings.Fields(message), strings.Fields(opinion.Explanation)...) {
			if strings.Contains(name+string(kept), word) {
				t.Errorf("the word %q is kept: %s %s", word, name, kept)
			}
		}
	}
	if len(cache.kept) == 0 {
		t.Error("nothing is kept")
	}
}

// What lies in the cache may be old, damaged or somebody else's.
func TestWhatIsKeptIsNotTrusted(t *testing.T) {
	for name, kept := range map[string]string{
		"nothing":      ``,
		"no JSON":      `{"Level":`,
		"no level":     `{"Level":"safe","Score":0.1}`,
		"no score":     `{"Level":"scam","Score":7}`,
		"no stage":     `{"Level":"scam","Score":0.9,"Stage":"made_up"}`,
		"another type": `[1,2,3]`,
	} {
		t.Run(name, func(t *testing.T) {
			s := judgetest.Start(t, always(judgetest.Fraud("romance").Reply()))
			cache := newShelf()
			j := newJudge(t, s, func(c *judge.Config) { c.Cache = cache })
			if _, err := j.Judge(t.Context(), inquiry()); err != nil {
				t.Fatal(err)
			}
			for key := range maps.Clone(cache.kept) {
				cache.kept[key] = []byte(kept)
			}
			if o, err := j.Judge(t.Context(), inquiry()); err != nil || o.Level != detector.Scam || len(s.Requests()) != 2 {
				t.Errorf("%+v, %v after %d requests", o, err, len(s.Requests()))
			}
		})
	}
	s := judgetest.Start(t, always(judgetest.Fraud("romance").Reply()))
	cache := newShelf()
	j := newJudge(t, s, func(c *judge.Config) { c.Cache = cache })
	_, _ = j.Judge(t.Context(), inquiry())
	for key := range cache.kept {
		cache.kept[key] = []byte(`{"Level":"scam","Score":0.9,"Stage":"nothing_yet","Schemes":["made_up","romance"],"Quotes":[[-1,5],[3,900],[4,2]]}`)
	}
	if o, _ := j.Judge(t.Context(), inquiry()); len(s.Requests()) != 1 || !slices.Equal(o.Schemes, []string{"romance"}) || len(o.Quotes) != 0 {
		t.Errorf("%d requests, %+v", len(s.Requests()), o)
	}
}

// A store that is down or hangs costs the judge its memory, not its voice nor
// its limits.
func TestTheJudgeGoesOnWithoutAStore(t *testing.T) {
	for name, broken := range map[string]interface {
		judge.Cache
		judge.Counters
	}{
		"down":  &shelf{kept: map[string][]byte{}, sums: map[string]int64{}, down: errors.New("no store")},
		"hangs": hanging{make(chan struct{})},
	} {
		t.Run(name, func(t *testing.T) {
			if h, ok := broken.(hanging); ok {
				defer close(h.until)
			}
			s := judgetest.Start(t, always(judgetest.Fraud("romance").Reply()))
			j := newJudge(t, s, func(c *judge.Config) {
				c.Cache, c.Counters, c.KeepTime, c.TokensPerDay = broken, broken, time.Millisecond, 20_000
			})
			spent := 0
			for range 12 {
				if _, err := j.Judge(t.Context(), inquiry()); judge.ResultOf(err) == judge.Spent && err != nil {
					spent++
				} else if err != nil {
					t.Fatal(err)
				}
			}
			if asked := len(s.Requests()); asked < 3 || asked+spent != 12 || asked*2650 > 20_000 {
				t.Errorf("asked %d times, refused %d times", asked, spent)
			}
		})
	}
}

// hanging answers no call before it ends.
type hanging struct{ until chan struct{} }

func (h hanging) Opinions(context.Context, []string) ([][]byte, error) {
	<-h.until
	return nil, nil
}

func (h hanging) KeepOpinion(context.Context, []string, []byte) error {
	<-h.until
	return nil
}

func (h hanging) CountTokens(context.Context, string, string, int64) (int64, error) {
	<-h.until
	return 0, nil
}

// What a process before this one has spent, or another beside it, counts.
func TestTheBudgetOutlivesTheProcess(t *testing.T) {
	s := judgetest.Start(t, always(judgetest.Harmless().Reply()))
	counters := newShelf()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	asked := 0
	for range 12 { // each a process of its own
		j := newJudge(t, s, func(c *judge.Config) {
			c.Counters, c.TokensPerPerson, c.Clock = counters, 12_000, func() time.Time { return now }
		})
		if _, err := j.Judge(t.Context(), inquiry()); err == nil {
			asked++
		} else if judge.ResultOf(err) != judge.Spent {
			t.Fatal(err)
		}
	}
	if asked < 2 || asked*2650 > 12_000 {
		t.Errorf("asked %d times", asked)
	}
	if n := counters.sums["2026-03-01 person:p1"]; n != int64(asked)*2650 || n != counters.sums["2026-03-01 all"] {
		t.Errorf("counted: %v", counters.sums)
	}
}
