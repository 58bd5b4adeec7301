package judge

import (
	"context"
	"errors"
	"time"

	"github.com/sony/gobreaker/v2"
)

const (
	// asideCalls is how many calls may hang at a time.
	asideCalls = 64
	// asideTrip is how many failures in a row let a keeper rest, asideRest for how long.
	asideTrip = 3
	asideRest = 5 * time.Second
)

var errCrowdedAside = errors.New("judge: too many calls hang")

// aside calls what keeps opinions and counts for the judge, without which it
// could go on. A call that takes too long is left behind, and after failures in
// a row nothing is called for a while: so a slow store holds up no opinion.
type aside struct {
	most    time.Duration
	calls   chan struct{}
	breaker *gobreaker.CircuitBreaker[struct{}]
}

func newAside(name string, most time.Duration) *aside {
	return &aside{most: most, calls: make(chan struct{}, asideCalls), breaker: gobreaker.NewCircuitBreaker[struct{}](gobreaker.Settings{
		Name:         name,
		Timeout:      asideRest,
		ReadyToTrip:  func(c gobreaker.Counts) bool { return c.ConsecutiveFailures >= asideTrip },
		IsSuccessful: func(err error) bool { return err == nil || errors.Is(err, context.Canceled) },
	})}
}

// do makes a call. After an error it may still be going on: what it writes must
// not be read then.
func (a *aside) do(ctx context.Context, call func(context.Context) error) error {
	_, err := a.breaker.Execute(func() (struct{}, error) {
		select {
		case a.calls <- struct{}{}:
		default:
			return struct{}{}, errCrowdedAside
		}
		ctx, done := context.WithTimeout(ctx, a.most)
		defer done()
		ended := make(chan error, 1)
		go func() {
			defer func() { <-a.calls }()
			ended <- call(ctx)
		}()
		select {
		case err := <-ended:
			return struct{}{}, err
		case <-ctx.Done():
			return struct{}{}, ctx.Err()
		}
	})
	return err
}
