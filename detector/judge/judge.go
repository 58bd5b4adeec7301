// Package judge asks a language model for its opinion on a message.
//
// What goes out is masked and fenced as data; what comes back is held to a
// schema, to the words of the message and to the ids of the catalogue. Time,
// cost and trust are bounded: whatever fails, the caller gets an error by class
// and goes on without an opinion. No lock is held while a service is asked.
package judge

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/aldanba/aldanba/detector"
	"github.com/aldanba/aldanba/detector/llm"
	"github.com/aldanba/aldanba/detector/text"
	"github.com/aldanba/aldanba/prompts"
)

// Config says what a judge is made of. Zero numbers stand for the defaults in
// brackets.
type Config struct {
	Service  Service
	Model    string
	Fallback string // model that is asked when the first gives no opinion; may be empty
	// SecondOpinion has the fallback asked too where the local verdict is unsure
	// and the first model is, too, or thinks otherwise.
	SecondOpinion bool
	Prompt        *prompts.Judge
	Answering     *prompts.Answer // for Answer; nil: no question is answered
	Analyzer      *text.Analyzer  // reads answers; may be shared with the detector; nil: one of its own
	Detector      *detector.Detector

	Timeout         time.Duration // for an opinion, all tries included [8s]
	Together        int           // questions that are asked side by side [8]
	MaxOutput       int           // tokens of a reply [700]
	TokensPerDay    int64         // of all persons together; 0: no limit
	TokensPerPerson int64         // of one person in a day; 0: no limit
	Price           Price

	Cache    Cache     // nil: nothing is kept
	Counters Counters  // nil: counted in memory
	Observer Observer  // nil: nobody watches
	Random   io.Reader // nil: crypto/rand
	// Key is a secret by which near-duplicates are told, of one Cache always the
	// same. Empty: one that ends with the program.
	Key []byte
	// KeepTime bounds each call of Cache and Counters [an eighth of Timeout]: one
	// that takes longer has failed.
	KeepTime time.Duration
	Clock    func() time.Time
}

// Service completes chats. A *llm.Client is one.
type Service interface {
	Complete(ctx context.Context, r llm.Request) (llm.Reply, error)
}

// Judge asks models. It is safe for concurrent use and implements
// detector.Judge.
type Judge struct {
	cfg    Config
	models []*model // in the order in which they are asked
	ids    ids
	slots  chan struct{}
	flight singleflight.Group
	words  *text.Analyzer // of answers and passages

	cache, counters *aside
	counted         counted
}

// New makes a judge; no call is made.
func New(cfg Config) (*Judge, error) {
	if cfg.Service == nil || cfg.Model == "" || cfg.Prompt == nil || cfg.Detector == nil {
		return nil, errors.New("judge: a service, a model, a prompt and a detector are needed")
	}
	cfg.Timeout = cmp.Or(cfg.Timeout, 8*time.Second)
	cfg.Together = cmp.Or(cfg.Together, 8)
	cfg.MaxOutput = cmp.Or(cfg.MaxOutput, 700)
	if cfg.Clock == nil {
		cfg.Clock = time.Now
	}
	if cfg.Observer == nil {
		cfg.Observer = unobserved{}
	}
	if cfg.Random == nil {
		cfg.Random = rand.Reader
	}
	if cfg.Analyzer == nil && cfg.Answering != nil {
		cfg.Analyzer = text.NewAnalyzer()
	}
	if len(cfg.Key) == 0 {
		cfg.Key = make([]byte, 32)
		rand.Read(cfg.Key)
	}
	cfg.KeepTime = cmp.Or(cfg.KeepTime, cfg.Timeout/8)
	j := &Judge{
		cfg: cfg, ids: idsOf(Lists(cfg.Detector.Catalogue())), slots: make(chan struct{}, cfg.Together), words: cfg.Analyzer,
		cache: newAside("cache", cfg.KeepTime), counters: newAside("counters", cfg.KeepTime),
	}
	for _, name := range []string{cfg.Model, cfg.Fallback} {
		if name != "" {
			j.models = append(j.models, newModel(name))
		}
	}
	return j, nil
}

// Judge gives an opinion on a message. The error is an *Error.
func (j *Judge) Judge(ctx context.Context, q detector.Inquiry) (detector.Opinion, error) {
	began := j.cfg.Clock()
	ctx, cancel := context.WithTimeout(ctx, j.cfg.Timeout)
	defer cancel()
	masked, cut := prepare(q.Text)
	q.Text, q.Cut = masked, q.Cut || cut
	if opinion, from, ok := j.recall(ctx, j.models[0], q); ok {
		j.observe(Event{Model: j.models[0].name, Result: from, Took: j.cfg.Clock().Sub(began)})
		return opinion, nil
	}
	asked := false // by this call, not by another that it joined
	answer := j.flight.DoChan(j.key(j.models[0], masked)+q.Lang, func() (any, error) {
		asked = true
		// Others may wait for the answer when the first has gone.
		own, done := context.WithTimeout(context.WithoutCancel(ctx), j.cfg.Timeout)
		defer done()
		return j.ask(own, q)
	})
	select {
	case r := <-answer:
		if r.Err != nil {
			return detector.Opinion{}, r.Err
		}
		opinion := r.Val.(detector.Opinion)
		if !asked {
			opinion.Question, opinion.AlarmingNo, opinion.Explanation = "", false, "" // written for somebody else
			j.observe(Event{Model: j.models[0].name, Result: Shared, Took: j.cfg.Clock().Sub(began)})
		}
		return opinion, nil
	case <-ctx.Done():
		return detector.Opinion{}, &Error{Result: TimedOut}
	}
}

// ask asks the models in turn, within the budget, and keeps the opinion.
func (j *Judge) ask(ctx context.Context, q detector.Inquiry) (detector.Opinion, error) {
	messages, err := j.messages(q)
	if err != nil {
		return detector.Opinion{}, j.failed(j.models[0], &Error{Result: Failed})
	}
	select {
	case j.slots <- struct{}{}:
		defer func() { <-j.slots }()
	case <-ctx.Done():
		return detector.Opinion{}, j.failed(j.models[0], &Error{Result: Crowded})
	}
	if kept, ok := j.cached(ctx, j.models[0], q.Text); ok {
		return kept, nil // it came while this one was on its way
	}
	spending, err := j.reserve(ctx, q.Person, messages)
	if err != nil {
		return detector.Opinion{}, j.failed(j.models[0], err)
	}
	defer spending.settle(ctx)

	first, rest := j.models[0], j.models[1:]
	opinion, err := j.from(ctx, first, len(rest) > 0, q, messages, spending)
	by := first
	if err != nil && len(rest) > 0 {
		by = rest[0]
		if kept, ok := j.cached(ctx, by, q.Text); ok {
			return kept, nil
		}
		opinion, err = j.from(ctx, by, false, q, messages, spending)
	} else if err == nil && len(rest) > 0 && j.cfg.SecondOpinion && q.Unsure && (opinion.Level != q.Local || opinion.Level == detector.Suspicious) {
		if second, err := j.from(ctx, rest[0], false, q, messages, spending); err == nil {
			opinion = graver(opinion, second)
		}
	}
	if err != nil {
		return detector.Opinion{}, err
	}
	j.keep(ctx, by, q, opinion)
	return opinion, nil
}

// from asks one model, at most for so long that another can still be asked.
func (j *Judge) from(ctx context.Context, m *model, another bool, q detector.Inquiry, messages []llm.Message, spending *spending) (detector.Opinion, error) {
	began := j.cfg.Clock()
	if another {
		var done context.CancelFunc
		ctx, done = context.WithTimeout(ctx, j.cfg.Timeout*5/8)
		defer done()
	}
	opinion, usage, err := j.opinion(ctx, m, q, messages)
	spending.add(usage)
	event := Event{Model: m.name, Result: Answered, Usage: usage, Cost: j.cfg.Price.of(usage), Took: j.cfg.Clock().Sub(began)}
	if err != nil {
		event.Result = ResultOf(err)
	}
	j.observe(event)
	return opinion, err
}

// graver combines two opinions: what the graver says, with the probability
// between both. Two that are far apart are a doubt.
func graver(a, b detector.Opinion) detector.Opinion {
	if b.Score > a.Score {
		a, b = b, a
	}
	score := (a.Score + b.Score) / 2
	a.Manipulates, a.Partial = a.Manipulates || b.Manipulates, a.Partial || b.Partial
	if a.Level != b.Level && score < 0.75 {
		a.Level = detector.Suspicious
	}
	a.Score = score
	return a
}

// failed tells the observer of a question that was not asked.
func (j *Judge) failed(m *model, err error) error {
	j.observe(Event{Model: m.name, Result: ResultOf(err)})
	return err
}

func (j *Judge) observe(e Event) { j.cfg.Observer.Judged(e) }
