package judge

import (
	"context"
	"sync"
	"time"

	"github.com/aldanba/aldanba/detector/llm"
)

// Counters keep count of tokens beyond the life of the program, and for several
// programs together.
type Counters interface {
	// CountTokens adds n, which may be negative, to what is counted under a name on a
	// day, and gives the sum. A day is written 2006-01-02 and may be forgotten
	// two days later.
	CountTokens(ctx context.Context, name, day string, n int64) (sum int64, err error)
}

// The names of what is counted.
const (
	everybody    = "all"
	prefixPerson = "person:"
)

// tokenBytes is how many bytes of Cyrillic text make a token, about: the
// estimate where a service does not count.
const tokenBytes = 4

func estimate(messages []llm.Message) int {
	n := 0
	for _, m := range messages {
		n += len(m.Text)/tokenBytes + 4
	}
	return n
}

// spending is what one question may cost and has cost.
type spending struct {
	judge    *Judge
	person   string
	day      string
	reserved int64
	used     int64
}

// reserve takes what a question may cost from the budgets of the day, so that
// many at a time cannot overdraw them.
func (j *Judge) reserve(ctx context.Context, person string, messages []llm.Message) (*spending, error) {
	s := &spending{judge: j, person: person, day: j.cfg.Clock().UTC().Format(time.DateOnly), reserved: int64(estimate(messages) + j.cfg.MaxOutput)}
	if sum := j.count(ctx, everybody, s.day, s.reserved); j.cfg.TokensPerDay > 0 && sum > j.cfg.TokensPerDay {
		j.count(ctx, everybody, s.day, -s.reserved)
		return nil, &Error{Result: Spent}
	}
	if person == "" {
		return s, nil
	}
	if sum := j.count(ctx, prefixPerson+person, s.day, s.reserved); j.cfg.TokensPerPerson > 0 && sum > j.cfg.TokensPerPerson {
		s.settle(ctx)
		return nil, &Error{Result: Spent}
	}
	return s, nil
}

func (s *spending) add(u llm.Usage) { s.used += int64(u.In + u.Out) }

// settle gives back what was not used, or takes what was used beyond.
func (s *spending) settle(ctx context.Context) {
	ctx = context.WithoutCancel(ctx)
	s.judge.count(ctx, everybody, s.day, s.used-s.reserved)
	if s.person != "" {
		s.judge.count(ctx, prefixPerson+s.person, s.day, s.used-s.reserved)
	}
}

// count adds to a sum of the day and gives it. What this process has counted
// itself is the least that it is, so the budgets are kept as well where the
// counters fail.
func (j *Judge) count(ctx context.Context, name, day string, n int64) int64 {
	own := j.counted.add(name, day, n)
	if j.cfg.Counters == nil {
		return own
	}
	var all int64
	if err := j.counters.do(ctx, func(ctx context.Context) (err error) {
		all, err = j.cfg.Counters.CountTokens(ctx, name, day, n)
		return err
	}); err != nil {
		return own
	}
	return max(own, all)
}

// maxCounted is how many names are counted in memory on a day.
const maxCounted = 100_000

// counted are the sums of one process on the present day.
type counted struct {
	mu   sync.Mutex
	day  string
	sums map[string]int64
}

// add adds to a sum. A new day begins at zero.
func (c *counted) add(name, day string, n int64) int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case day > c.day:
		c.day, c.sums = day, map[string]int64{}
	case day < c.day:
		return 0 // what began yesterday is settled today: it was forgotten
	}
	if _, known := c.sums[name]; !known && len(c.sums) >= maxCounted {
		c.sums = map[string]int64{everybody: c.sums[everybody]}
	}
	c.sums[name] += n
	return c.sums[name]
}
