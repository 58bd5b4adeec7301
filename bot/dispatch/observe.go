package dispatch

import "time"

// Stage is a part of the way of a case whose time is measured.
type Stage string

// The stages.
const (
	StageWait   Stage = "wait"   // from the arrival of the last message of a case until work on it begins
	StageHandle Stage = "handle" // the bot finds its answer
	StageRead   Stage = "read"   // the files of a case become text
	StageJudge  Stage = "judge"  // a judge is heard about a case
	StageSend   Stage = "send"   // one reply is sent
	StageWhole  Stage = "whole"  // from the arrival of the first message of a case until its first answer is sent
)

// Result says how work on a case ended.
type Result string

// The results.
const (
	Answered  Result = "answered"   // all replies are sent
	Reading   Result = "reading"    // the first answer is sent, files are being read
	Judging   Result = "judging"    // the verdict is given, a judge is asked about it
	Held      Result = "held"       // it waits for the person's word whether a service may read
	Ignored   Result = "ignored"    // it asks for no answer
	Limited   Result = "limited"    // the person or chat is over its rate
	Postponed Result = "postponed"  // sending failed, it is tried again later
	Refused   Result = "refused"    // the messenger takes none of the replies
	GoneAway  Result = "gone"       // the chat is gone
	Broken    Result = "broken"     // it made the bot panic, twice: the person was told that it is not their fault
	Lost      Result = "lost"       // another process took the chat over
	Stopped   Result = "stopped"    // the program ends; it is carried on after the start
	Unstored  Result = "not_stored" // the store failed; it is tried again later
)

// DropReason says why records were deleted without an answer.
type DropReason string

// The reasons.
const (
	DropOld    DropReason = "old"    // older than two hours
	DropRate   DropReason = "rate"   // over the rate
	DropGone   DropReason = "gone"   // the chat is gone
	DropErased DropReason = "erased" // the person asked to be forgotten
	DropHeld   DropReason = "held"   // too many cases of the chat wait for consent
)

// Outcome is the end of the work on a case.
type Outcome struct {
	Result   Result
	Messages int    // updates of the case
	Final    bool   // it was an answer after reading or judging
	Level    string // verdict, or empty
	Scheme   string // leading scheme, or empty
	Lang     string // language of the answer, or empty
}

// Observer is told what happens, for metrics. Nothing that it is told comes
// from what a person wrote. It is called from many goroutines and must not
// block.
type Observer interface {
	// Closed tells that work on a case ended for now.
	Closed(outcome Outcome)
	// Took tells how long a stage lasted.
	Took(stage Stage, d time.Duration)
	// SendFailed tells of a reply that was not taken: "gone", "refused", "retry", "timeout" or "other".
	SendFailed(class string)
	// Dropped tells of records that were deleted without an answer.
	Dropped(reason DropReason, records int)
	// Redelivered tells of updates that had been seen before.
	Redelivered(updates int)
	// Recovered tells of chats that were found in the inbox without a process that answers them.
	Recovered(chats int)
	// Panicked tells of a panic that was caught, in the stage where it happened.
	Panicked(stage Stage)
	// StoreFailed tells of a part of the store that gave an error: "inbox", "limits" or "memory".
	StoreFailed(part string)
}

// unobserved is the observer where nobody watches.
type unobserved struct{}

func (unobserved) Closed(Outcome)            {}
func (unobserved) Took(Stage, time.Duration) {}
func (unobserved) SendFailed(string)         {}
func (unobserved) Dropped(DropReason, int)   {}
func (unobserved) Redelivered(int)           {}
func (unobserved) Recovered(int)             {}
func (unobserved) Panicked(Stage)            {}
func (unobserved) StoreFailed(string)        {}
