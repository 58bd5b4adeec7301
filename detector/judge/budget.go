package judge

import (
	"context"
	"sync"
	"time"

	"github.com/aldanba/aldanba/detector/llm"
)

// Counters count tokens by name and day.
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
	sum, err := j.cfg.Counters.CountTokens(ctx, everybody, s.day, s.reserved)
	if err != nil {
		return nil, &Error{Result: Uncounted}
	}
	if j.cfg.TokensPerDay > 0 && sum > j.cfg.TokensPerDay {
		_, _ = j.cfg.Counters.CountTokens(ctx, everybody, s.day, -s.reserved)
		return nil, &Error{Result: Spent}
	}
	if person == "" {
		return s, nil
	}
	sum, err = j.cfg.Counters.CountTokens(ctx, prefixPerson+person, s.day, s.reserved)
	if err == nil && (j.cfg.TokensPerPerson <= 0 || sum <= j.cfg.TokensPerPerson) {
		return s, nil
	}
	_, _ = j.cfg.Counters.CountTokens(ctx, everybody, s.day, -s.reserved)
	if err != nil {
		return nil, &Error{Result: Uncounted}
	}
	_, _ = j.cfg.Counters.CountTokens(ctx, prefixPerson+person, s.day, -s.reserved)
	return nil, &Error{Result: Spent}
}

func (s *spending) add(u llm.Usage) { s.used += int64(u.In + u.Out) }

// settle gives back what was not used, or takes what was used beyond.
func (s *spending) settle(ctx context.Context) {
	ctx, done := context.WithTimeout(context.WithoutCancel(ctx), settleTime)
	defer done()
	// If it fails the day's budget is a little smaller than it could be.
	_, _ = s.judge.cfg.Counters.CountTokens(ctx, everybody, s.day, s.used-s.reserved)
	if s.person != "" {
		_, _ = s.judge.cfg.Counters.CountTokens(ctx, prefixPerson+s.person, s.day, s.used-s.reserved)
	}
}

const settleTime = 2 * time.Second

// MemoryCounters count for as long as the program runs.
type MemoryCounters struct {
	mu   sync.Mutex
	day  string
	sums map[string]int64
}

// NewMemoryCounters makes counters that stand at zero.
func NewMemoryCounters() *MemoryCounters { return &MemoryCounters{sums: map[string]int64{}} }

// CountTokens adds to a name; it never fails. A new day begins at zero.
func (m *MemoryCounters) CountTokens(_ context.Context, name, day string, n int64) (int64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case day > m.day:
		m.day, m.sums = day, map[string]int64{}
	case day < m.day:
		return 0, nil // what began yesterday is settled today: it was forgotten
	}
	m.sums[name] += n
	return m.sums[name], nil
}
