package dispatch

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/aldanba/aldanba/bot"
)

// Kind says how an update is brought to the bot.
type Kind int8

// The kinds.
const (
	Message Kind = iota // waits a moment for others that were sent together with it; they become one case
	Edit                // replaces an earlier message: a case of its own, at once
	Urgent              // a button, a command, the start of the conversation: a case of its own, at once
)

// Messenger is the service that updates come from and replies go to. It is
// called from many goroutines, but never twice at a time for one chat's
// replies.
type Messenger interface {
	// Kind sorts an update. It is called for every update, so it is to be cheap.
	Kind(update Update) Kind
	// Event gives what the person did with these updates of one chat: one case.
	// What cannot be understood becomes a gap of a message. An event with
	// neither Start, Choice nor Messages asks for no answer.
	Event(ctx context.Context, updates []Update) (bot.Event, error)
	// Send brings a reply to the chat and gives the messenger's name of it. The
	// error is ErrGone, ErrRefused, a *RetryError, or anything else for a
	// failure that may pass. A reply that would have to wait long for a limit
	// is better answered with a *RetryError than by holding the caller.
	Send(ctx context.Context, chat string, reply bot.Reply) (id string, err error)
	// Replace puts a reply in the place of the one with the id; that it already
	// reads so is no error. Errors as of Send.
	Replace(ctx context.Context, chat, id string, reply bot.Reply) error
	// Typing shows for a few seconds that an answer is on its way.
	Typing(ctx context.Context, chat string)
	// Fetch opens a file that came with a message.
	Fetch(ctx context.Context, file bot.File) (io.ReadCloser, error)
	// Answered acknowledges the press of a button. It is called once for every
	// update of the kind Urgent, also for those that are no press.
	Answered(ctx context.Context, update Update)
}

// Reader turns a file into text. It keeps to the deadline of ctx and never
// fails: what could not be read is a gap.
type Reader interface {
	Read(ctx context.Context, file bot.File, open func(context.Context) (io.ReadCloser, error), services bot.Services) bot.Reading
}

// Talker is the conversation. The bot is one.
type Talker interface {
	// Handle answers an event. An error beside the answer says that the memory
	// failed; the answer is good all the same.
	Handle(ctx context.Context, event bot.Event) (bot.Answer, error)
	// Services says which services may read the person's files.
	Services(ctx context.Context, person string) bot.Services
	// Opinion asks a judge about a case whose answer said Judging; nil: there is
	// none.
	Opinion(ctx context.Context, event bot.Event) *bot.Opinion
	// Sorry says that something broke here and it is not their fault. The
	// person is empty where they are not known.
	Sorry(ctx context.Context, person string) bot.Reply
	// Busy asks a person who writes very much to wait a little.
	Busy(ctx context.Context, person string) bot.Reply
}

// Maker makes papers. The bot is one.
type Maker interface {
	// Make makes the papers of a person, with the files that fetch hands over.
	// The same person is given the same papers until they are delivered.
	Make(ctx context.Context, person string, fetch bot.Fetcher) (bot.Papers, error)
	// Delivered says that the person has all of them.
	Delivered(ctx context.Context, person string) error
}

// Classes of errors of a messenger.
var (
	// ErrGone says that the chat does not want or cannot get replies any more.
	ErrGone = errors.New("the chat is gone")
	// ErrRefused says that this reply will never be taken.
	ErrRefused = errors.New("the messenger refuses the reply")
)

// RetryError says when a call that failed may be made again.
type RetryError struct {
	After time.Duration // not sooner than this
	Err   error         // the cause, or nil
}

// Error names the class of the failure, without what caused it.
func (e *RetryError) Error() string { return "the messenger asks to try again later" }

// Unwrap gives the cause.
func (e *RetryError) Unwrap() error { return e.Err }

// Errors of Accept.
var (
	// ErrFull says that as many updates wait as may: they are to be delivered again.
	ErrFull = errors.New("too many updates wait")
	// ErrStopping says that the program is about to end.
	ErrStopping = errors.New("no more updates are taken, the program ends")
)
