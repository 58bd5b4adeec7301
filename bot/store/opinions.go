package store

import (
	"context"
	"errors"
	"fmt"
	"sync"
)

const (
	// maxNames is how many names an opinion is looked up or kept under at a time.
	maxNames = 64
	// maxOpinion is how many bytes an opinion may have.
	maxOpinion = 8 << 10
)

// Opinions gives what is kept under each of the names, in their order: nil
// where there is nothing. The names lie close to each other in no engine, so
// they are asked for side by side.
func (s *Store) Opinions(ctx context.Context, names []string) ([][]byte, error) {
	if err := checkNames(names); err != nil {
		return nil, err
	}
	return use(ctx, s, func(r room) ([][]byte, error) {
		out := make([][]byte, len(names))
		err := together(len(names), func(i int) error {
			key := recordKey{codeOpinion, r.keys.digest("opinion", names[i])}
			sealed, err := r.get(ctx, key)
			if err == nil && sealed != nil {
				out[i], err = r.keys.open(place(key.kind, key.name), sealed)
			}
			return err
		})
		return out, err
	})
}

// KeepOpinion keeps an opinion under every one of the names for a week. One
// that is larger than 8 KiB is refused with ErrTooBig.
func (s *Store) KeepOpinion(ctx context.Context, names []string, opinion []byte) error {
	if err := checkNames(names); err != nil {
		return err
	}
	if len(opinion) > maxOpinion {
		return ErrTooBig
	}
	_, err := use(ctx, s, func(r room) (none, error) {
		return none{}, together(len(names), func(i int) error {
			key := recordKey{codeOpinion, r.keys.digest("opinion", names[i])}
			return r.set(ctx, key, r.keys.seal(place(key.kind, key.name), opinion), opinionTTL)
		})
	})
	return err
}

func checkNames(names []string) error {
	if len(names) > maxNames {
		return fmt.Errorf("%w: an opinion has at most %d names", ErrConfig, maxNames)
	}
	return nil
}

// together does n things side by side and gives what went wrong.
func together(n int, do func(i int) error) error {
	wrong := make([]error, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { wrong[i] = do(i) })
	}
	all.Wait()
	return errors.Join(wrong...)
}

// CountTokens adds n, which may be negative, to what is counted under a name on
// a day, and gives the sum. It is forgotten two days after it last changed. Like
// limits, it outlives Erase: to be forgotten buys nobody a new budget.
func (s *Store) CountTokens(ctx context.Context, name, day string, n int64) (sum int64, err error) {
	return use(ctx, s, func(r room) (int64, error) {
		return r.tally(ctx, recordKey{codeTokens, r.keys.digest("tokens", name, day)}, n, tokensTTL)
	})
}
