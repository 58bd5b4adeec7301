package duelist

import (
	"cmp"
	"context"
	"log/slog"
	"time"
)

// Handler carries an item out. It must end when ctx does, which is before the
// lease runs out. After a crash of the program it may be called once more for
// the same item, under a higher fence; after an error it is called again later.
type Handler func(ctx context.Context, lease Lease) error

// Config is what a Runner is made of. Zero numbers stand for the defaults in
// brackets.
type Config struct {
	Store    Store
	Handlers map[string]Handler // by kind
	Observer Observer           // nil: nobody watches
	Log      *slog.Logger       // nil: slog.Default()
	Clock    func() time.Time   // nil: time.Now; the same as the store's
	Quiet    Hours              // when quiet items wait; zero: never

	Every     time.Duration // between looks at the list, give or take a half [5s]
	LeaseTime time.Duration // for which an item is taken [2m]
	Most      int           // items that are leased together [64]
	Workers   int           // items that are carried out side by side [8]
	Tries     int           // leases of an item before it is given up [10]
	DrainTime time.Duration // to finish what is in work when the program ends [10s]
}

// Bounds that no installation needs to change.
const (
	storeTime  = 10 * time.Second // for one call of the store
	firstRetry = 10 * time.Second // wait after the first failure; it doubles with each
	lastRetry  = 30 * time.Minute // and grows no longer
	maxCarried = 1024             // late items that wait for a later one to take their place
)

func (c Config) withDefaults() Config {
	c.Every = cmp.Or(c.Every, 5*time.Second)
	c.LeaseTime = cmp.Or(c.LeaseTime, 2*time.Minute)
	c.Most = cmp.Or(c.Most, 64)
	c.Workers = cmp.Or(c.Workers, 8)
	c.Tries = cmp.Or(c.Tries, 10)
	c.DrainTime = cmp.Or(c.DrainTime, 10*time.Second)
	if c.Observer == nil {
		c.Observer = unobserved{}
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.Clock == nil {
		c.Clock = time.Now
	}
	return c
}

// Result says what became of an item that was due.
type Result string

// The results.
const (
	Happened Result = "happened"
	Failed   Result = "failed"     // it is tried again later
	GivenUp  Result = "given_up"   // it failed too often
	Unknown  Result = "unknown"    // there is no handler for its kind; it is tried again later
	TooLate  Result = "late"       // too late to happen
	Merged   Result = "merged"     // a later one took its place
	Quieted  Result = "quiet"      // it waits for the end of the quiet hours
	HandedOn Result = "handed_on"  // the program ends; it is due for the next one
	Unstored Result = "not_stored" // it happened, but the store did not take that down: it may happen once more
)

// Observer is told what happens, for metrics. It is called from many goroutines
// and must not block.
type Observer interface {
	// Ended tells what became of an item of the kind that was due at the time
	// by which it is late.
	Ended(kind string, result Result, late time.Duration)
	// Panicked tells of a panic of a handler that was caught.
	Panicked(kind string)
	// StoreFailed tells of an error of the store.
	StoreFailed()
}

// unobserved is the observer where nobody watches.
type unobserved struct{}

func (unobserved) Ended(string, Result, time.Duration) {}
func (unobserved) Panicked(string)                     {}
func (unobserved) StoreFailed()                        {}
