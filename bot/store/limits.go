package store

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/aldanba/aldanba/bot/dispatch"
)

// Allow takes one from the rate of n in per for the name; up to n may come at
// once. wait is 0 where it is allowed, otherwise the time until it would be.
func (s *Store) Allow(ctx context.Context, name string, n int, per time.Duration) (wait time.Duration, err error) {
	if n <= 0 || per < time.Microsecond {
		return 0, fmt.Errorf("%w: a rate of %d in %v allows nothing", ErrConfig, n, per)
	}
	return use(ctx, s, func(r room) (time.Duration, error) {
		return r.allow(ctx, r.keys.digest("limit", name), n, per)
	})
}

const maxCount = 64 // bytes of a count's name

// Count adds to an anonymous count of today (in UTC). Names are made of small
// Latin letters, digits and the signs _ . : - and say nothing of a person: they
// are kept in the clear.
func (s *Store) Count(ctx context.Context, name string, n int64) error {
	if name == "" || len(name) > maxCount {
		return fmt.Errorf("%w: a count's name has 1 to %d bytes", ErrConfig, maxCount)
	}
	for _, c := range []byte(name) {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_' && c != '.' && c != ':' && c != '-' {
			return fmt.Errorf("%w: a count's name has a sign that it may not have", ErrConfig)
		}
	}
	_, err := use(ctx, s, func(r room) (none, error) { return none{}, r.add(ctx, dayOf(s.cfg.Clock()), name, n) })
	return err
}

// Counts gives all counts of the day (in UTC) of a time. They live 400 days.
func (s *Store) Counts(ctx context.Context, at time.Time) (map[string]int64, error) {
	return use(ctx, s, func(r room) (map[string]int64, error) { return r.counts(ctx, dayOf(at)) })
}

// dayOf numbers days of UTC.
func dayOf(t time.Time) int { return int(max(t.Unix(), 0) / int64(day/time.Second)) }

// lead is what this process knows of a leadership.
type lead struct {
	ours  bool
	fence uint64
}

// Lead asks to lead, or to go on leading, for ttl: of the processes on one
// store one leads. While the engine fails, the process that led goes on, as
// does one that does not know of another.
func (s *Store) Lead(ctx context.Context, name string, ttl time.Duration) (bool, error) {
	return use(ctx, s, func(r room) (bool, error) {
		s.leadMu.Lock()
		before, known := s.leads[name]
		s.leadMu.Unlock()
		if r.spare {
			return before.ours || !known, nil
		}
		fence, _, err := r.claim(ctx, r.keys.digest("lead", name), s.owner, ttl, 0)
		ours := err == nil
		if errors.Is(err, dispatch.ErrTaken) {
			err = nil
		}
		if err == nil {
			s.leadMu.Lock()
			s.leads[name] = lead{ours: ours, fence: fence}
			s.leadMu.Unlock()
		}
		return ours, err
	})
}

// Resign lets another process lead at once. It does nothing where this one does
// not lead.
func (s *Store) Resign(ctx context.Context, name string) error {
	s.leadMu.Lock()
	led := s.leads[name]
	delete(s.leads, name)
	s.leadMu.Unlock()
	if !led.ours {
		return nil
	}
	_, err := use(ctx, s, func(r room) (bool, error) {
		return r.release(ctx, r.keys.digest("lead", name), led.fence, nil, math.MaxInt)
	})
	if errors.Is(err, dispatch.ErrLost) {
		return nil
	}
	return err
}
