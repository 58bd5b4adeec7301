package judge

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"sync"
	"time"

	"github.com/aldanba/aldanba/detector/llm"
)

// Recorded is one reply of a service, as it is kept in a file: a line of JSON.
// Of the question only a digest is kept.
type Recorded struct {
	Question string // digest of the model and all that was said to it
	Reply    llm.Reply
	Error    llm.Class     `json:",omitempty"`
	Took     time.Duration // in nanoseconds
}

// Recorder is a Service that keeps the replies of another one, and knows those
// that were kept before. It is safe for concurrent use.
type Recorder struct {
	service Service   // nil: only what was kept is known
	out     io.Writer // of further replies; may be nil

	mu      sync.Mutex
	known   map[string]Recorded
	took    []time.Duration
	missing int
	err     error
}

// NewRecorder makes a recorder that knows the replies in a file and writes
// further ones to out.
func NewRecorder(kept io.Reader, out io.Writer) (*Recorder, error) {
	r := &Recorder{out: out, known: map[string]Recorded{}}
	lines := bufio.NewScanner(kept)
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan(); n++ {
		var line Recorded
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil || line.Question == "" {
			return nil, fmt.Errorf("line %d is no recorded reply", n)
		}
		r.known[line.Question] = line
	}
	return r, lines.Err()
}

// Asks has a service asked for replies that are not known. It is called before
// the first question.
func (r *Recorder) Asks(service Service) { r.service = service }

// Complete gives the reply that is kept, or asks for one and keeps it. An error
// is kept only where asking again would not help.
func (r *Recorder) Complete(ctx context.Context, q llm.Request) (llm.Reply, error) {
	key := digestOf(q)
	r.mu.Lock()
	line, ok := r.known[key]
	if !ok && r.service == nil {
		r.missing++
	}
	r.mu.Unlock()
	switch {
	case ok:
		return r.give(line)
	case r.service == nil:
		return llm.Reply{}, &llm.Error{Class: llm.Network}
	}
	began := time.Now()
	reply, err := r.service.Complete(ctx, q)
	line = Recorded{Question: key, Reply: reply, Error: llm.ClassOf(err), Took: time.Since(began)}
	if err != nil && line.Error != llm.Unfit {
		return reply, err
	}
	r.keep(line)
	return r.give(line)
}

func (r *Recorder) give(line Recorded) (llm.Reply, error) {
	if line.Error != "" {
		return llm.Reply{}, &llm.Error{Class: line.Error}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.took = append(r.took, line.Took)
	return line.Reply, nil
}

func (r *Recorder) keep(line Recorded) {
	text, err := json.Marshal(line)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.known[line.Question] = line
	if err == nil && r.out != nil {
		_, err = r.out.Write(append(text, '\n'))
	}
	r.err = errors.Join(r.err, err)
}

// Report gives how long the replies took when they were recorded, how many were
// not known, and the first fault of writing.
func (r *Recorder) Report() (took []time.Duration, missing int, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append(took, r.took...), r.missing, r.err
}

// marks are the fences around messages, which are drawn anew every time.
var marks = regexp.MustCompile(`<<<[0-9a-f]{24}>>>`)

func digestOf(q llm.Request) string {
	h := sha256.New()
	fmt.Fprintf(h, "%s %d %d %s\n", q.Model, q.Format, q.MaxTokens, q.Schema)
	for _, m := range q.Messages {
		fmt.Fprintf(h, "%s %q\n", m.Role, marks.ReplaceAllString(m.Text, "<<<mark>>>"))
	}
	return hex.EncodeToString(h.Sum(nil))
}
