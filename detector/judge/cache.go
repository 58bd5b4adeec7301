package judge

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"sync"
	"unicode"

	"github.com/aldanba/aldanba/detector"
)

// Cache keeps opinions by a digest. What it cannot give is asked anew.
type Cache interface {
	Opinion(ctx context.Context, key string) (Entry, bool, error)
	KeepOpinion(ctx context.Context, key string, entry Entry) error
}

// Entry is what is kept of an opinion: ids and places, no word of a message or
// about it.
type Entry struct {
	Level       detector.Level
	Score       float64
	Schemes     []string       `json:",omitempty"`
	Stage       detector.Stage `json:",omitempty"`
	Wants       []string       `json:",omitempty"`
	Quotes      [][2]int       `json:",omitempty"` // numbers of words in the message: the first, and the one after the last
	Advice      []string       `json:",omitempty"`
	Manipulates bool           `json:",omitempty"`
	Partial     bool           `json:",omitempty"`
}

// key is the digest under which the opinion of a model on a text is kept: the
// same for texts that differ in spaces and capitals only.
func (j *Judge) key(m *model, text string) string {
	h := sha256.New()
	for _, part := range []string{j.cfg.Prompt.Version, m.name, strings.ToLower(strings.Join(strings.Fields(text), " "))} {
		h.Write([]byte(part))
		h.Write([]byte{0})
	}
	return hex.EncodeToString(h.Sum(nil))
}

// cached gives the opinion that is kept on a text. A cache that fails is none.
func (j *Judge) cached(ctx context.Context, m *model, text string) (detector.Opinion, bool) {
	if j.cfg.Cache == nil {
		return detector.Opinion{}, false
	}
	e, ok, err := j.cfg.Cache.Opinion(ctx, j.key(m, text))
	if err != nil || !ok {
		return detector.Opinion{}, false
	}
	o := detector.Opinion{Level: e.Level, Score: e.Score, Schemes: e.Schemes, Stage: e.Stage, Wants: e.Wants, Advice: e.Advice, Manipulates: e.Manipulates, Partial: e.Partial}
	words := fields(text)
	for _, q := range e.Quotes {
		if first, after := q[0], q[1]; first >= 0 && first < after && after <= len(words) {
			o.Quotes = append(o.Quotes, detector.Span{Start: words[first].Start, End: words[after-1].End})
		}
	}
	return o, true
}

// keep remembers an opinion, without a word of it.
func (j *Judge) keep(ctx context.Context, m *model, text string, o detector.Opinion) {
	if j.cfg.Cache == nil {
		return
	}
	e := Entry{Level: o.Level, Score: o.Score, Schemes: o.Schemes, Stage: o.Stage, Wants: o.Wants, Advice: o.Advice, Manipulates: o.Manipulates, Partial: o.Partial}
	words := fields(text)
	for _, q := range o.Quotes {
		first, after := -1, 0
		for i, w := range words {
			if w.End > q.Start && w.Start < q.End {
				if first < 0 {
					first = i
				}
				after = i + 1
			}
		}
		if first >= 0 {
			e.Quotes = append(e.Quotes, [2]int{first, after})
		}
	}
	_ = j.cfg.Cache.KeepOpinion(ctx, j.key(m, text), e) // then it is asked anew
}

// fields gives the words between spaces as strings.Fields does, with their places.
func fields(s string) []detector.Span {
	var out []detector.Span
	start := -1
	for i, r := range s {
		switch space := unicode.IsSpace(r); {
		case space && start >= 0:
			out = append(out, detector.Span{Start: start, End: i})
			start = -1
		case !space && start < 0:
			start = i
		}
	}
	if start >= 0 {
		out = append(out, detector.Span{Start: start, End: len(s)})
	}
	return out
}

// MemoryCache keeps a bounded number of opinions for as long as the program
// runs; when it is full it begins anew.
type MemoryCache struct {
	mu   sync.Mutex
	most int
	kept map[string]Entry
}

// NewMemoryCache makes a cache of at most so many opinions.
func NewMemoryCache(most int) *MemoryCache { return &MemoryCache{most: most, kept: map[string]Entry{}} }

// Opinion gives what is kept; it never fails.
func (c *MemoryCache) Opinion(_ context.Context, key string) (Entry, bool, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.kept[key]
	return e, ok, nil
}

// KeepOpinion keeps an opinion; it never fails.
func (c *MemoryCache) KeepOpinion(_ context.Context, key string, entry Entry) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.kept) >= c.most {
		c.kept = map[string]Entry{}
	}
	c.kept[key] = entry
	return nil
}
