package judge

import (
	"errors"
	"time"

	"github.com/aldanba/aldanba/detector/llm"
)

// Result says how a question ended.
type Result string

// The results.
const (
	Answered  Result = "answered"
	Cached    Result = "cached"    // known from before
	Alike     Result = "alike"     // known of a message that is nearly the same
	Shared    Result = "shared"    // the same question was being asked already
	TimedOut  Result = "timeout"   // no answer in time
	Busy      Result = "busy"      // the service wants fewer questions
	Failed    Result = "failed"    // the service or the way to it is broken
	Forbidden Result = "forbidden" // the key or the model is not right
	Refused   Result = "refused"   // the model does not want to answer
	Malformed Result = "malformed" // what it answered cannot be used, even at the second try
	Open      Result = "open"      // it failed so often that it is not asked for a while
	Crowded   Result = "crowded"   // too many questions at a time
	Spent     Result = "spent"     // the tokens of the day or of the person are used up
)

// Error says why there is no opinion. It holds nothing of the message.
type Error struct{ Result Result }

func (e *Error) Error() string { return "judge: no opinion: " + string(e.Result) }

// ResultOf gives the result that an error of this package stands for.
func ResultOf(err error) Result {
	var e *Error
	if errors.As(err, &e) {
		return e.Result
	}
	return Failed
}

// Price is what a million tokens cost, in any currency.
type Price struct{ In, Out float64 }

const million = 1e6

func (p Price) of(u llm.Usage) float64 { return (float64(u.In)*p.In + float64(u.Out)*p.Out) / million }

// Event is one question to one model.
type Event struct {
	Model  string
	Result Result
	Usage  llm.Usage // tokens; estimated where the service does not say
	Cost   float64
	Took   time.Duration
}

// Observer is told what happens, for metrics. Nothing that it is told comes
// from what a person wrote. It must not block.
type Observer interface{ Judged(e Event) }

type unobserved struct{}

func (unobserved) Judged(Event) {}
