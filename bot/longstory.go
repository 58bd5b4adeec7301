package bot

import (
	"context"
	"slices"
	"strings"

	"github.com/aldanba/aldanba/bot/story"
	"github.com/aldanba/aldanba/detector"
	"github.com/aldanba/aldanba/detector/entity"
	"github.com/aldanba/aldanba/detector/scheme"
)

// Stories remembers the pieces of a story that may be told over days. A person
// who is not known has none.
type Stories interface {
	Pieces(ctx context.Context, person string) ([]story.Piece, error)
	SavePieces(ctx context.Context, person string, pieces []story.Piece) error
	// Digest gives a short keyed digest of a name, the same each time for the
	// same person, by which the name cannot be found.
	Digest(person, name string) string
}

// recalls says whether pieces of this person's stories are remembered.
func (t *turn) recalls() bool {
	return t.Stories != nil && !t.group && (!t.AskConsent || t.session.Consent == Agreed)
}

// keptPieces counts the pieces that are remembered of the person.
func (t *turn) keptPieces(ctx context.Context) int {
	if t.Stories == nil {
		return 0
	}
	pieces, err := t.Stories.Pieces(ctx, t.person)
	if t.err == nil {
		t.err = err
	}
	return len(pieces)
}

// goesOn looks whether a case goes on with a story that began days ago, and
// raises the verdict where the story is graver than its last piece. It
// remembers the case as a piece of its own.
func (t *turn) goesOn(ctx context.Context, event Event, c *messages, j *judgment) {
	if !t.recalls() || isTaught(j.whole) {
		return
	}
	piece := t.piece(event, c, j.whole)
	if len(piece.Steps) == 0 {
		return
	}
	past, err := t.Stories.Pieces(ctx, t.person)
	if err == nil {
		err = t.Stories.SavePieces(ctx, t.person, story.Add(past, piece))
	}
	if t.err == nil {
		t.err = err
	}
	finding, ok := t.Plots.Read(past, piece)
	if !ok {
		return
	}
	level := detector.Suspicious
	if finding.Risk == story.Scam {
		level = detector.Scam
	}
	v := j.verdict
	if before := v.Level.Danger(); before > level.Danger() || before == level.Danger() && len(finding.Points) < tellingPoints {
		return // the message says more than the story
	}
	raised := *v
	if raised.Level = level; !slices.Contains(finding.Fits, v.Scheme) {
		raised.Scheme = finding.Scheme
	}
	raised.Advice = t.Checker.Advice(level, raised.Scheme, v.Stage, v.Relative)
	j.verdict, j.points = &raised, finding.Points
}

// tellingPoints is how many points make a story tell more than a message that
// is as grave.
const tellingPoints = 3

// piece derives what is remembered of a case.
func (t *turn) piece(event Event, c *messages, v *detector.Verdict) story.Piece {
	p := story.Piece{At: t.now().UTC()}
	var ids, held []string
	for _, m := range event.Messages {
		if m.ID != "" {
			ids = append(ids, m.ID)
		}
	}
	if len(ids) > 0 {
		p.ID = t.Stories.Digest(t.person, "case "+strings.Join(ids, " "))
	}
	if from := c.texts[0].From; from != "" && !slices.ContainsFunc(c.texts, func(m Message) bool { return m.From != from }) {
		p.From = t.Stories.Digest(t.person, "from "+from)
	}
	for _, e := range v.Entities {
		if isName(e.Kind) && len(p.Marks) < story.MaxMarks {
			p.Marks = append(p.Marks, t.Stories.Digest(t.person, "mark "+e.Value))
		}
	}
	for _, s := range v.Signals {
		held = append(held, s.Rule.ID)
	}
	if v.Level.Danger() > 0 {
		held = append(held, "level.grave")
	}
	p.Steps = t.Plots.Steps(held)
	return p
}

// isName says that things of this kind name somebody, so that two messages with
// the same one belong together.
func isName(kind entity.Kind) bool {
	switch kind {
	case entity.Phone, entity.Card, entity.IBAN, entity.Wallet, entity.Link, entity.Telegram:
		return true
	}
	return false
}

// isTaught says that a message tells of fraud to warn of it: its steps are
// nobody's story.
func isTaught(v *detector.Verdict) bool {
	return v.Level.Danger() == 0 && slices.ContainsFunc(v.Signals, func(s detector.Signal) bool {
		return s.Rule.Kind == scheme.Counter && (s.Rule.Reason == "looks_warning" || s.Rule.Reason == "looks_news")
	})
}

// told gives the line of a story in the order of time, the new piece last.
func (t *turn) told(points []story.Point) []string {
	const day = "02.01"
	lines, today := make([]string, len(points)), t.now().In(kazakhstan).Format(day)
	for i, p := range points {
		args := map[string]any{"Step": t.say(p.Key, nil), "Date": p.At.In(kazakhstan).Format(day)}
		switch {
		case p.At.IsZero():
			lines[i] = t.say("story_now", args)
		case args["Date"] == today:
			lines[i] = t.say("story_before", args)
		default:
			lines[i] = t.say("story_then", args)
		}
	}
	return lines
}
