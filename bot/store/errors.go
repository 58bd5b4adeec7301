package store

import (
	"errors"
	"fmt"
)

// What is wrong with a store that cannot be opened or used. The sentence is
// for whoever runs the bot.
var (
	ErrSecret  = errors.New("the secret (ALDANBA_SECRET) does not fit")
	ErrNewer   = errors.New("the store was written by a newer version of the program")
	ErrLocked  = errors.New("another process uses the store")
	ErrCorrupt = errors.New("the store is damaged")
	ErrFull    = errors.New("the store is full")
	ErrDenied  = errors.New("the store may not be read or written")
	ErrAway    = errors.New("the store does not answer")
	ErrConfig  = errors.New("the store's settings are wrong")
	ErrBackup  = errors.New("the backup cannot be restored")
	ErrTooBig  = errors.New("the record is too big for the store")
)

// fault is a failure of an engine, after which the store goes on in memory.
type fault struct {
	class  error // one of those above
	detail string
	cause  error
}

func (f *fault) Error() string {
	text := f.class.Error()
	if f.detail != "" {
		text += ": " + f.detail
	}
	if f.cause != nil {
		text += ": " + f.cause.Error()
	}
	return text
}

func (f *fault) Unwrap() []error {
	if f.cause == nil {
		return []error{f.class}
	}
	return []error{f.class, f.cause}
}

func isFault(err error) bool {
	var f *fault
	return errors.As(err, &f)
}

// damaged is the fault of something that is not as it was written.
func damaged(format string, args ...any) error {
	return &fault{class: ErrCorrupt, detail: fmt.Sprintf(format, args...)}
}
