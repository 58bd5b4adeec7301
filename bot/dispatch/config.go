package dispatch

import (
	"cmp"
	"context"
	"log/slog"
	"time"
)

// Config is what a Dispatcher is made of. Zero numbers stand for the defaults
// in brackets.
type Config struct {
	Inbox     Inbox
	Limits    Limits
	Messenger Messenger
	Reader    Reader
	Talker    Talker
	Maker     Maker        // nil: no papers are made
	Observer  Observer     // nil: nobody watches
	Log       *slog.Logger // nil: slog.Default()

	// Alone says that no other process uses the inbox: what an earlier one was
	// reading when it died is read anew at once.
	Alone bool

	// Gone is told of chats that do not take replies any more; may be nil.
	Gone func(ctx context.Context, chat string) error

	Workers    int // chats that are answered side by side [64]
	Readers    int // files that are read side by side [4]
	Judges     int // cases that a judge is asked about side by side [8]
	Makers     int // papers that are made, or wait to be sent, side by side: they take up to 100 MB of memory each [2]
	MaxWaiting int // updates that may wait for their answer before Accept gives ErrFull [10000]

	Quiet    time.Duration // a case is closed when this long no further message came; negative: at once [500ms]
	Longest  time.Duration // and at the latest after this [four times Quiet, at least 2s]
	MaxBatch int           // and with so many messages [10]

	ClaimTime  time.Duration // a chat whose process died is free after this, and what it was reading [8s]
	SweepTime  time.Duration // between looks for what other processes left behind [4s]
	FileTime   time.Duration // to read one file [10s]
	CaseTime   time.Duration // to read all files of a case, waiting for a reader included [two and a half times FileTime]
	JudgeTime  time.Duration // to hear a judge about a case, waiting for its turn included [15s]
	HandleTime time.Duration // for the bot to find its answer [20s]
	SendTime   time.Duration // to send one reply [20s]
	MakeTime   time.Duration // to fetch the files of papers and make them [2m]
	UploadTime time.Duration // to send one reply with files [3m]
	HoldTime   time.Duration // for which papers that cannot be sent are kept; then they are made anew [5m]
	DrainTime  time.Duration // to finish what is in work when the program ends [10s]

	PersonRate int // cases of a person in a minute; negative: no limit [20]
	ChatRate   int // cases of a chat of several persons in a minute; negative: no limit [60]
	UrgentRate int // buttons and commands of a person in a minute; negative: no limit [120]
}

// Bounds that no installation needs to change.
const (
	lifetime   = 2 * time.Hour          // of a record, as the privacy notice says
	pageSize   = 128                    // records of a chat that are looked at together
	maxHeld    = 64                     // records of a chat that may wait for consent
	maxFiles   = 20                     // files of a case that are read
	maxTurn    = 8                      // cases of a chat before other chats have their turn
	storeTime  = 5 * time.Second        // for one call of the store
	firstRetry = time.Second            // wait after the first failure; it doubles with each
	lastRetry  = 5 * time.Minute        // and grows no longer
	overtake   = 3                      // failures of a case after which later ones of its chat go first
	maxPanics  = 2                      // attempts that panicked before a case is given up
	recheck    = time.Minute            // between looks at a chat that only waits for consent
	trouble    = 10 * time.Second       // after a failure of the inbox during which it is not called ready
	typeAfter  = 400 * time.Millisecond // work that takes longer is shown
	typeEvery  = 4 * time.Second        // as long as it goes on
)

func (c Config) withDefaults() Config {
	c.Workers = cmp.Or(c.Workers, 64)
	c.Readers = cmp.Or(c.Readers, 4)
	c.Judges = cmp.Or(c.Judges, 8)
	c.Makers = cmp.Or(c.Makers, 2)
	c.MaxWaiting = cmp.Or(c.MaxWaiting, 10_000)
	c.Quiet = cmp.Or(c.Quiet, 500*time.Millisecond)
	c.Longest = cmp.Or(c.Longest, max(4*c.Quiet, 2*time.Second))
	c.MaxBatch = cmp.Or(c.MaxBatch, 10)
	c.ClaimTime = cmp.Or(c.ClaimTime, 8*time.Second)
	c.SweepTime = cmp.Or(c.SweepTime, 4*time.Second)
	c.FileTime = cmp.Or(c.FileTime, 10*time.Second)
	c.CaseTime = cmp.Or(c.CaseTime, c.FileTime*5/2)
	c.JudgeTime = cmp.Or(c.JudgeTime, 15*time.Second)
	c.HandleTime = cmp.Or(c.HandleTime, 20*time.Second)
	c.SendTime = cmp.Or(c.SendTime, 20*time.Second)
	c.MakeTime = cmp.Or(c.MakeTime, 2*time.Minute)
	c.UploadTime = cmp.Or(c.UploadTime, 3*time.Minute)
	c.HoldTime = cmp.Or(c.HoldTime, 5*time.Minute)
	c.DrainTime = cmp.Or(c.DrainTime, 10*time.Second)
	c.PersonRate = cmp.Or(c.PersonRate, 20)
	c.ChatRate = cmp.Or(c.ChatRate, 60)
	c.UrgentRate = cmp.Or(c.UrgentRate, 120)
	if c.Observer == nil {
		c.Observer = unobserved{}
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	return c
}
