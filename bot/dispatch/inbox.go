package dispatch

import (
	"context"
	"errors"
	"time"
)

// Update is one thing that a messenger delivered, as it came.
type Update struct {
	ID      string    // unique among the updates of all messengers: "telegram:81723"
	Chat    string    // conversation that it belongs to: "telegram:5512"; updates of one chat are handled in order
	At      time.Time // when it was received
	Payload []byte    // as the messenger wrote it; file ids instead of files
}

// Record is an update that waits in the inbox.
type Record struct {
	Update
	Step Step
}

// Step is how far the case that a record belongs to has come. The zero Step
// says that nothing has been said yet.
type Step struct {
	Case    string    // id of the first record of its case; records of one case share it
	Sent    int       // replies of the first answer that are recorded as sent
	Final   int       // replies after reading that are recorded as sent
	First   string    // the messenger's name of the first reply or of the verdict, to replace it
	Reading bool      // the first answer is complete, files are being read
	Judging bool      // with Reading: the verdict is given, a judge is asked about it
	Held    bool      // it waits for the person's word whether a service may read
	Level   string    // verdict of the first answer
	Tries   int       // attempts that have failed
	After   time.Time // not to be tried before
}

// Claim is the right of one process to answer a chat.
type Claim struct {
	Chat  string
	Fence uint64 // grows with every claim of the chat
}

// ErrTaken says that another process answers the chat, ErrLost that the claim
// has run out or was taken over.
var (
	ErrTaken = errors.New("another process answers this chat")
	ErrLost  = errors.New("the claim to this chat is lost")
)

type answering struct{}

// Answering gives the ids of the updates that are being answered under the
// context. Who has a person forgotten leaves these in the inbox: the person is
// told that they are forgotten, and after a crash that is still owed to them.
func Answering(ctx context.Context) []string {
	ids, _ := ctx.Value(answering{}).([]string)
	return ids
}

// WithAnswering is a context under which these updates are being answered.
func WithAnswering(ctx context.Context, ids []string) context.Context {
	return context.WithValue(ctx, answering{}, ids)
}

// Inbox keeps updates until they are answered, for two hours at most. Nothing
// in it is lost when the process is killed.
type Inbox interface {
	// Put commits the updates that were never seen before. fresh tells of each
	// whether it was new; one that was seen (waiting or answered) is left out.
	Put(ctx context.Context, updates []Update) (fresh []bool, err error)
	// Claim takes a chat for this process and gives up to most of its records,
	// as Pending does; or ErrTaken. Claiming again what this process holds renews
	// it under the same fence.
	Claim(ctx context.Context, chat string, ttl time.Duration, most int) (Claim, []Record, error)
	// Pending gives records of the chat in the order of their arrival.
	Pending(ctx context.Context, claim Claim, most int) ([]Record, error)
	// Advance records a step of the records with these ids, or ErrLost.
	Advance(ctx context.Context, claim Claim, ids []string, step Step) error
	// Done deletes the records; that they were seen is remembered. ErrLost.
	Done(ctx context.Context, claim Claim, ids []string) error
	// Release deletes records as Done does and gives the chat back, unless records
	// that were not in seen came meanwhile: then it stays claimed and more is true.
	// seen is the number of records that the caller knows to remain (held or
	// waiting for later). ErrLost.
	Release(ctx context.Context, claim Claim, ids []string, seen int) (more bool, err error)
	// Waiting lists chats that have records, after the given one in an order
	// that does not matter, so that a process finds what another left behind.
	Waiting(ctx context.Context, after string, most int) (chats []string, next string, err error)
}

// Limits are rates that outlive the process.
type Limits interface {
	// Allow takes one from the rate of n in per for the name. wait is 0 where it
	// is allowed, otherwise the time until it would be.
	Allow(ctx context.Context, name string, n int, per time.Duration) (wait time.Duration, err error)
	// Strike adds a strike to a name, Strikes tells how many it has. They are
	// forgotten a day after the last one.
	Strike(ctx context.Context, name string) error
	Strikes(ctx context.Context, name string) (int, error)
}
