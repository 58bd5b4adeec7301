package judge

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"unicode"

	"github.com/aldanba/aldanba/detector"
)

// Cache keeps opinions for some days. What it cannot give is asked anew.
type Cache interface {
	// Opinions gives what is kept under each of the names, nil where nothing is.
	Opinions(ctx context.Context, names []string) ([][]byte, error)
	// KeepOpinion keeps an opinion under every one of the names.
	KeepOpinion(ctx context.Context, names []string, opinion []byte) error
}

// entry is what is kept of an opinion: ids and places, no word of a message or
// about it.
type entry struct {
	Level       detector.Level
	Score       float64
	Schemes     []string       `json:",omitempty"`
	Stage       detector.Stage `json:",omitempty"`
	Wants       []string       `json:",omitempty"`
	Quotes      [][2]int       `json:",omitempty"` // numbers of words in the message: the first, and the one after the last
	Advice      []string       `json:",omitempty"`
	Manipulates bool           `json:",omitempty"`
	Partial     bool           `json:",omitempty"`
	Print       []byte         `json:",omitempty"` // similar.Print of the message, where near-duplicates may use it
}

// key is the name under which the opinion of a model on a text is kept: the
// same for texts that differ in spaces and capitals only.
func (j *Judge) key(m *model, text string) string {
	return j.name(m, strings.ToLower(strings.Join(strings.Fields(text), " ")))
}

// name is a digest of something that is kept of a model under the prompt in use.
func (j *Judge) name(m *model, parts ...string) string {
	h := sha256.New()
	for _, part := range append([]string{j.cfg.Prompt.Version, m.name}, parts...) {
		h.Write([]byte(part))
		h.Write([]byte{0})
	}
	return hex.EncodeToString(h.Sum(nil))
}

// entries gives what is kept under names. A cache that fails has nothing.
func (j *Judge) entries(ctx context.Context, names []string) []*entry {
	out := make([]*entry, len(names))
	if j.cfg.Cache == nil {
		return out
	}
	var kept [][]byte
	if err := j.cache.do(ctx, func(ctx context.Context) (err error) {
		kept, err = j.cfg.Cache.Opinions(ctx, names)
		return err
	}); err != nil {
		return out
	}
	for i, text := range kept[:min(len(kept), len(out))] {
		var e entry
		if text != nil && json.Unmarshal(text, &e) == nil && j.ids.hold(&e) {
			out[i] = &e
		}
	}
	return out
}

// hold drops what the catalogue does not know any more, and says whether the
// rest is an opinion.
func (ids *ids) hold(e *entry) bool {
	e.Schemes = known(e.Schemes, ids.schemes, maxSchemes)
	e.Wants = known(e.Wants, ids.wants, len(ids.wants))
	e.Advice = known(e.Advice, ids.advice, maxAdvice)
	if e.Stage != detector.NothingYet && !slices.Contains(ids.stages, string(e.Stage)) {
		return false
	}
	return rank(e.Level) >= 0 && e.Score >= 0 && e.Score <= 1
}

// levels are those of an opinion, in the order of their danger.
var levels = [...]detector.Level{detector.NoSigns, detector.Suspicious, detector.Scam}

func rank(level detector.Level) int { return slices.Index(levels[:], level) }

// cached gives the opinion that is kept on a text itself.
func (j *Judge) cached(ctx context.Context, m *model, text string) (detector.Opinion, bool) {
	if e := j.entries(ctx, []string{j.key(m, text)})[0]; e != nil {
		return e.opinion(text), true
	}
	return detector.Opinion{}, false
}

// opinion gives the opinion on the text that the entry was made of.
func (e *entry) opinion(text string) detector.Opinion {
	o := detector.Opinion{Level: e.Level, Score: e.Score, Schemes: e.Schemes, Stage: e.Stage, Wants: e.Wants, Advice: e.Advice, Manipulates: e.Manipulates, Partial: e.Partial}
	words := fields(text)
	for _, q := range e.Quotes {
		if first, after := q[0], q[1]; first >= 0 && first < after && after <= len(words) {
			o.Quotes = append(o.Quotes, detector.Span{Start: words[first].Start, End: words[after-1].End})
		}
	}
	return o
}

// keep remembers an opinion, without a word of it.
func (j *Judge) keep(ctx context.Context, m *model, q detector.Inquiry, o detector.Opinion) {
	if j.cfg.Cache == nil {
		return
	}
	e := entry{Level: o.Level, Score: o.Score, Schemes: o.Schemes, Stage: o.Stage, Wants: o.Wants, Advice: o.Advice, Manipulates: o.Manipulates, Partial: o.Partial}
	words := fields(q.Text)
	for _, quote := range o.Quotes {
		first, after := -1, 0
		for i, w := range words {
			if w.End > quote.Start && w.Start < quote.End {
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
	names := []string{j.key(m, q.Text)}
	if print, marks := j.marks(m, q); len(marks) > 0 && worthReuse(o) {
		names, e.Print = append(names, marks...), print[:]
	}
	text, err := json.Marshal(e)
	if err != nil {
		return
	}
	// If it fails, the next one asks anew.
	_ = j.cache.do(context.WithoutCancel(ctx), func(ctx context.Context) error { return j.cfg.Cache.KeepOpinion(ctx, names, text) })
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
