package judge

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aldanba/aldanba/detector/llm"
)

// Recorded is one reply of a service, as it is kept in a file: a line of JSON.
// Of the message only a digest is kept.
type Recorded struct {
	Model   string
	Prompt  string // digest of the instructions and examples that came before the message
	Message string // digest of the masked message, of what was said after it, and of the form asked for
	Reply   llm.Reply
	Error   llm.Class     `json:",omitempty"`
	Took    time.Duration // in nanoseconds
}

// Recorder is a Service that keeps the replies of another one, and knows those
// that were kept before. It is safe for concurrent use.
//
// A reply that was given to other instructions is asked for again; where nobody
// can be asked it counts as dated, so that a recording outlives a better wording
// of the prompt.
type Recorder struct {
	service Service   // nil: only what was kept is known
	out     io.Writer // of further replies; may be nil
	model   string    // of the first line that was kept

	mu    sync.Mutex
	known map[asked]Recorded
	told  Playback
	err   error
}

// asked is what a reply is known by.
type asked struct{ model, message string }

// Playback says what a recorder gave.
type Playback struct {
	Took    []time.Duration // what the replies took when they were recorded
	Missing int             // replies that are not known
	Dated   int             // replies that were given to other instructions
}

// errNotKept says that no reply is kept and nobody can be asked for one.
var errNotKept = errors.New("judge: the reply is not among those that were kept")

// NewRecorder makes a recorder that knows the replies in a file and writes
// further ones to out.
func NewRecorder(kept io.Reader, out io.Writer) (*Recorder, error) {
	r := &Recorder{out: out, known: map[asked]Recorded{}}
	lines := bufio.NewScanner(kept)
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan(); n++ {
		var line Recorded
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil || line.Model == "" || line.Message == "" {
			return nil, fmt.Errorf("line %d is no recorded reply", n)
		}
		r.known[asked{line.Model, line.Message}] = line
		if r.model == "" {
			r.model = line.Model
		}
	}
	return r, lines.Err()
}

// Model gives the model whose replies were kept, the first of several.
func (r *Recorder) Model() string { return r.model }

// Asks has a service asked for replies that are not known. It is called before
// the first question.
func (r *Recorder) Asks(service Service) { r.service = service }

// Complete gives the reply that is kept, or asks for one and keeps it. An error
// is kept only where asking again would not help.
func (r *Recorder) Complete(ctx context.Context, q llm.Request) (llm.Reply, error) {
	key, prompt := digestsOf(q)
	r.mu.Lock()
	line, ok := r.known[key]
	switch {
	case !ok && r.service == nil:
		r.told.Missing++
	case ok && line.Prompt != prompt && r.service == nil:
		r.told.Dated++
	case ok && line.Prompt != prompt:
		ok = false
	}
	r.mu.Unlock()
	switch {
	case ok:
		return r.give(line)
	case r.service == nil:
		return llm.Reply{}, errNotKept
	}
	began := time.Now()
	reply, err := r.service.Complete(ctx, q)
	line = Recorded{Model: key.model, Prompt: prompt, Message: key.message, Reply: reply, Error: llm.ClassOf(err), Took: time.Since(began)}
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
	r.told.Took = append(r.told.Took, line.Took)
	return line.Reply, nil
}

func (r *Recorder) keep(line Recorded) {
	text, err := json.Marshal(line)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.known[asked{line.Model, line.Message}] = line
	if err == nil && r.out != nil {
		_, err = r.out.Write(append(text, '\n'))
	}
	r.err = errors.Join(r.err, err)
}

// Report gives what was told so far, and the first fault of writing.
func (r *Recorder) Report() (Playback, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	told := r.told
	told.Took = slices.Clone(told.Took)
	return told, r.err
}

// marks are the fences around messages, which are drawn anew every time.
var marks = regexp.MustCompile(`<<<[0-9a-f]{24}>>>`)

// digestsOf gives what a reply to a request is known by, and a digest of what
// was said before the message.
func digestsOf(q llm.Request) (key asked, prompt string) {
	at := len(q.Messages) - 1
	for i, m := range slices.Backward(q.Messages) {
		if marks.MatchString(m.Text) {
			at = i
			break
		}
	}
	before, after := sha256.New(), sha256.New()
	fmt.Fprintf(before, "%d %s\n", q.MaxTokens, q.Schema)
	for _, m := range q.Messages[:max(at, 0)] {
		fmt.Fprintf(before, "%s %q\n", m.Role, m.Text)
	}
	fmt.Fprintf(after, "%d\n", q.Format)
	for i, m := range q.Messages[max(at, 0):] {
		said := m.Text
		if i == 0 {
			said = fenced(said)
		}
		fmt.Fprintf(after, "%s %q\n", m.Role, said)
	}
	return asked{q.Model, short(after)}, short(before)
}

// short gives a digest in half its length: it tells messages apart, no more.
func short(h hash.Hash) string { return hex.EncodeToString(h.Sum(nil)[:sha256.Size/2]) }

// fenced gives what stands between the last two marks, which are alike: the
// message without the words around it.
func fenced(s string) string {
	all := marks.FindAllStringIndex(s, -1)
	if len(all) == 0 {
		return s
	}
	end := all[len(all)-1]
	begin := strings.LastIndex(s[:end[0]], s[end[0]:end[1]])
	if begin < 0 {
		return s
	}
	return s[begin+end[1]-end[0] : end[0]]
}
