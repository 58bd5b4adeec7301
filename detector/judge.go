package detector

import (
	"context"
	"errors"
	"strings"

	"github.com/aldanba/aldanba/detector/entity"
	"github.com/aldanba/aldanba/detector/scheme"
)

// Judge gives an opinion of its own on a message, as a language model does. It
// advises: what becomes of its opinion is decided by Fuse.
type Judge interface {
	// Judge answers within the time of ctx. An error says that there is no
	// opinion; it holds nothing of the message.
	Judge(ctx context.Context, q Inquiry) (Opinion, error)
}

// Inquiry is what a judge is asked.
type Inquiry struct {
	Text   string // the message as Redact leaves it
	Cut    bool   // there was more of it
	Lang   string // language for words to the person: "ru" or "kk"
	Person string // for whom it is asked, to count what it costs; it goes nowhere else
	Local  Level  // of the local verdict, to see where an opinion differs; no judge is told
	Unsure bool   // the local verdict stands near a border: a second model may be worth its price

	Level Level    // of the local verdict: what was said of a near-duplicate may not lower it
	Like  Likeness // to tell near-duplicates; it goes nowhere as it is
}

// Opinion is what a judge thinks. Its ids are those of the catalogue.
type Opinion struct {
	Level       Level   // Scam, Suspicious or NoSigns
	Score       float64 // probability of a scam, 0 to 1, in keeping with the level
	Schemes     []string
	Stage       Stage    // what may have happened already: worth a question, never taken for certain
	Wants       []string // what the reader is asked to do
	Quotes      []Span   // what decided it
	Advice      []string
	Manipulates bool   // the message gives orders to whoever checks it
	Partial     bool   // only a part of the message was seen
	Alike       bool   // given on a message that is nearly the same: it lowers nothing
	Question    string // to the person, in their language, to be answered by yes or no; or empty
	AlarmingNo  bool   // "no" is the answer to it that speaks for fraud; otherwise "yes" is
	Explanation string // written by the model, in the person's language, or empty
}

// Passage is a ready answer of ours to what people ask. A judge may choose one
// and say what it means for a question; it adds nothing to it.
type Passage struct{ ID, Title, Text string }

// Span is a part of Inquiry.Text in bytes, half-open.
type Span struct{ Start, End int }

// ErrNoOpinion says that there is no judge to ask, or nothing to ask it.
var ErrNoOpinion = errors.New("no opinion was asked for")

// Asks says whether the opinion of a judge may still change a verdict, and is
// worth asking for: where the rules and the model are certain either way, or
// there is nothing to judge, it is not.
func (d *Detector) Asks(v *Verdict) bool {
	p := d.policy.Judge
	switch {
	case v.Level == Unreadable, v.Intent.small(), v.Intent == Danger, v.Intent == Emergency:
		return false
	case v.Score >= p.AskTo, v.Score < p.AskFrom && !manipulates(v):
		return false
	}
	// A scam that is held stays one, whatever a judge says.
	return v.Level != Scam || !d.held(v, Opinion{})
}

// Consult asks a judge about a verdict and gives what both together say. It is
// the verdict itself, with an error, where there is no opinion.
func (d *Detector) Consult(ctx context.Context, judge Judge, v *Verdict, lang, person string) (*Verdict, error) {
	opinion, err := d.Ask(ctx, judge, v, lang, person)
	if err != nil {
		return v, err
	}
	return d.Fuse(v, opinion), nil
}

// Ask gives the opinion of a judge on the text of a verdict, which leaves
// masked. The error is ErrNoOpinion where it is not asked.
func (d *Detector) Ask(ctx context.Context, judge Judge, v *Verdict, lang, person string) (Opinion, error) {
	if judge == nil || !d.Asks(v) {
		return Opinion{}, ErrNoOpinion
	}
	return judge.Judge(ctx, d.Inquiry(v, lang, person))
}

// Inquiry gives what a judge is asked about a verdict.
func (d *Detector) Inquiry(v *Verdict, lang, person string) Inquiry {
	p, mask := d.policy.Judge, d.finder.Mask(v.text)
	return Inquiry{
		Text: withoutSenders(mask.Text), Cut: v.Cut, Lang: lang, Person: person, Local: v.Level,
		Unsure: v.Score >= p.UnsureFrom && v.Score < p.UnsureTo,
		Level:  v.Level, Like: d.likeness(v, mask),
	}
}

// withoutSenders puts spaces in the place of lines that are a public name and
// nothing else, as messengers add those of senders: what they are called is no
// part of what they say. Every byte keeps its place.
func withoutSenders(s string) string {
	if !strings.Contains(s, "@") {
		return s
	}
	var b strings.Builder
	for line := range strings.Lines(s) {
		if name, ok := strings.CutPrefix(strings.TrimSpace(line), "@"); ok && name != "" && !strings.ContainsFunc(name, notInName) {
			b.WriteString(strings.Repeat(" ", len(strings.TrimRight(line, "\r\n"))))
			line = line[len(strings.TrimRight(line, "\r\n")):]
		}
		b.WriteString(line)
	}
	return b.String()
}

func notInName(r rune) bool {
	return r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
}

// judgeRule stands for a judge among the signals: it quotes what decided it.
var judgeRule = scheme.Rule{ID: "judge.quote", Kind: scheme.Learned, Reason: "judge_quote"}

// quoted gives the quotes of an opinion as signals on the person's own text.
func (d *Detector) quoted(mask *entity.Mask, spans []Span) []Signal {
	var signals []Signal
	for _, q := range spans {
		if q.Start < 0 || q.Start >= q.End || q.End > len(mask.Text) {
			continue // from a cache that knew another text
		}
		from, to := mask.Source(q.Start, q.End)
		signals = append(signals, Signal{Rule: &judgeRule, Start: from, End: to})
	}
	return signals
}
