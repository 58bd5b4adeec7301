package judge

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync/atomic"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/sony/gobreaker/v2"

	"github.com/aldanba/aldanba/detector"
	"github.com/aldanba/aldanba/detector/llm"
	"github.com/aldanba/aldanba/detector/text"
)

const (
	// maxText is how many bytes of a message are sent; the head tells the story.
	maxText = 6000
	// maxBad is how many bytes of a reply that cannot be used are shown to the
	// model again.
	maxBad = 2000
	// trip is how many failures in a row open the breaker, rest for how long.
	trip = 5
	rest = 30 * time.Second
)

// model is one model of the service.
type model struct {
	name    string
	breaker *gobreaker.CircuitBreaker[llm.Reply]
	format  atomic.Int32 // the strictest that the service is known to take
}

func newModel(name string) *model {
	return &model{name: name, breaker: gobreaker.NewCircuitBreaker[llm.Reply](gobreaker.Settings{
		Name:        name,
		Timeout:     rest,
		ReadyToTrip: func(c gobreaker.Counts) bool { return c.ConsecutiveFailures >= trip },
		// That the service does not take a form of request says nothing of its
		// health, nor does a gap in a recording.
		IsExcluded: func(err error) bool { return llm.ClassOf(err) == llm.Unfit || errors.Is(err, errNotKept) },
	})}
}

// prepare gives the part of a text that is sent. Signs that no person sees
// become spaces, so that every byte keeps its place.
func prepare(s string) (ready string, cut bool) {
	s = strings.ToValidUTF8(s, " ")
	if cut = len(s) > maxText; cut {
		s = text.Prefix(s, maxText)
	}
	if !strings.ContainsFunc(s, unseen) {
		return s, cut
	}
	var b strings.Builder
	for _, r := range s {
		if unseen(r) {
			b.WriteString(strings.Repeat(" ", utf8.RuneLen(r)))
			continue
		}
		b.WriteRune(r)
	}
	return b.String(), cut
}

func unseen(r rune) bool {
	return r != '\n' && r != '\t' && unicode.IsControl(r) || unicode.Is(unicode.Cf, r) && r != '\u200d'
}

// messages gives what is sent for a question: instructions, examples, and the
// message between marks that it cannot contain.
func (j *Judge) messages(q detector.Inquiry) ([]llm.Message, error) {
	p := j.cfg.Prompt
	out := []llm.Message{{Role: llm.System, Text: p.System}}
	for _, e := range p.Examples {
		sum := sha256.Sum256([]byte(e.Text))
		text, err := p.Message(e.Lang, fence(sum[:markBytes]), e.Text)
		if err != nil {
			return nil, err
		}
		out = append(out, llm.Message{Role: llm.User, Text: text}, llm.Message{Role: llm.Assistant, Text: e.Reply})
	}
	mark, err := j.mark(q.Text)
	if err != nil {
		return nil, err
	}
	text, err := p.Message(q.Lang, mark, q.Text)
	if err != nil {
		return nil, err
	}
	return append(out, llm.Message{Role: llm.User, Text: text}), nil
}

// Request gives what the first model is sent for a question. Every call draws
// a mark of its own.
func (j *Judge) Request(q detector.Inquiry) (llm.Request, error) {
	q.Text, _ = prepare(q.Text)
	messages, err := j.messages(q)
	r := j.request(messages)
	r.Model, r.Format = j.models[0].name, llm.Format(j.models[0].format.Load())
	return r, err
}

// request asks for an opinion, of whatever model in whatever form.
func (j *Judge) request(messages []llm.Message) llm.Request {
	return llm.Request{Messages: messages, MaxTokens: j.cfg.MaxOutput, Schema: j.cfg.Prompt.Schema}
}

const markBytes = 12

func fence(random []byte) string { return "<<<" + hex.EncodeToString(random) + ">>>" }

// mark gives a fresh mark that does not occur in the text.
func (j *Judge) mark(text string) (string, error) {
	for range 8 {
		random := make([]byte, markBytes)
		if _, err := io.ReadFull(j.cfg.Random, random); err != nil {
			return "", fmt.Errorf("judge: no random mark: %w", err)
		}
		if mark := fence(random); !strings.Contains(strings.ToLower(text), mark[3:len(mark)-3]) {
			return mark, nil
		}
	}
	return "", errors.New("judge: the text holds every mark")
}

// opinion asks a model, once more if its reply cannot be used, and gives its
// opinion as far as it holds.
func (j *Judge) opinion(ctx context.Context, m *model, q detector.Inquiry, messages []llm.Message) (detector.Opinion, llm.Usage, error) {
	reply, used, err := j.complete(ctx, m, j.request(messages))
	if err != nil {
		return detector.Opinion{}, used, err
	}
	answer, problem := parse(reply)
	if problem != "" {
		again, err := j.cfg.Prompt.Repair(problem)
		if err != nil {
			return detector.Opinion{}, used, &Error{Result: Failed}
		}
		var more llm.Usage
		bad := reply.Text[:min(len(reply.Text), maxBad)]
		messages = append(messages[:len(messages):len(messages)],
			llm.Message{Role: llm.Assistant, Text: strings.ToValidUTF8(bad, "")}, llm.Message{Role: llm.User, Text: again})
		reply, more, err = j.complete(ctx, m, j.request(messages))
		used = llm.Usage{In: used.In + more.In, Out: used.Out + more.Out}
		if err != nil {
			return detector.Opinion{}, used, err
		}
		if answer, problem = parse(reply); problem != "" {
			return detector.Opinion{}, used, &Error{Result: Malformed}
		}
	}
	return j.hold(answer, q), used, nil
}

// complete makes a request to a model in the strictest form that the service
// takes.
func (j *Judge) complete(ctx context.Context, m *model, r llm.Request) (llm.Reply, llm.Usage, error) {
	var used llm.Usage
	for format := llm.Format(m.format.Load()); ; format++ {
		r.Model, r.Format = m.name, format
		reply, err := m.breaker.Execute(func() (llm.Reply, error) {
			return j.cfg.Service.Complete(ctx, r)
		})
		if llm.ClassOf(err) == llm.Unfit && format < llm.Plain {
			continue
		}
		if err == nil || llm.ClassOf(err) == llm.Timeout || llm.ClassOf(err) == llm.Malformed {
			used = usageOf(reply, r.Messages)
		}
		if err != nil {
			return reply, used, &Error{Result: resultOf(err)}
		}
		m.format.Store(int32(format)) // what it takes is tried first from now on
		if reply.Refused {
			return reply, used, &Error{Result: Refused}
		}
		return reply, used, nil
	}
}

// usageOf gives what a request cost, estimated where the service does not say.
func usageOf(reply llm.Reply, messages []llm.Message) llm.Usage {
	if reply.Usage.In+reply.Usage.Out > 0 {
		return llm.Usage{In: max(reply.Usage.In, 0), Out: max(reply.Usage.Out, 0)}
	}
	return llm.Usage{In: estimate(messages), Out: len(reply.Text) / tokenBytes}
}

func resultOf(err error) Result {
	if errors.Is(err, gobreaker.ErrOpenState) || errors.Is(err, gobreaker.ErrTooManyRequests) {
		return Open
	}
	switch llm.ClassOf(err) {
	case llm.Timeout:
		return TimedOut
	case llm.Busy:
		return Busy
	case llm.Forbidden, llm.Unfit:
		return Forbidden
	case llm.Malformed:
		return Malformed
	}
	return Failed
}
