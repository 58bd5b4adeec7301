// Package story recognises a long fraud that is told in pieces: an
// acquaintance today, a first payout on Friday, a "tax" a week later. Each
// piece may be harmless; their order is not.
//
// It works on derived facts alone: which steps of a plot a message shows, when, and
// keyed digests of who wrote it and of what it named. It knows neither words
// nor messengers, and remembers nothing itself.
package story

import (
	"cmp"
	"slices"
	"time"
)

const (
	// Span is for how long a piece belongs to a story.
	Span = 30 * 24 * time.Hour
	// MaxPieces is how many pieces of a person are kept; the oldest go first.
	MaxPieces = 40
	// MaxMarks is how many names of a piece are kept.
	MaxMarks = 8
	// maxPoints is how many points of a story are told.
	maxPoints = 3
)

// How many different steps of a plot make it suspicious, and how many a scam
// where one of them is decisive.
const (
	suspiciousSteps = 2
	scamSteps       = 3
)

// Piece is what is remembered of a case: nothing that anybody wrote.
type Piece struct {
	At    time.Time
	ID    string   `json:",omitempty"` // keyed digest of the name of the case, by which an edit takes its place
	From  string   `json:",omitempty"` // keyed digest of whose words they are, empty while unknown
	Marks []string `json:",omitempty"` // keyed digests of links, telephones and accounts in it
	Steps []string // steps of plots that it shows, as Plots.Steps gives them
}

// Risk is how much a story tells.
type Risk int

// The risks, in their order.
const (
	None Risk = iota
	Suspicious
	Scam
)

// Finding is a story that was recognised.
type Finding struct {
	Plot   string
	Scheme string   // of the catalogue of schemes
	Fits   []string // schemes that name it as well
	Risk   Risk
	Points []Point // two or three steps in the order in which they came, the last is the new piece
}

// Point is one step of a story that was recognised.
type Point struct {
	Key string    // names its words
	At  time.Time // when it came; zero: it is in the new piece
}

// Add puts a piece among those of a person, in the order of time. A piece of
// the same case is replaced; what is too old or too much is dropped.
func Add(pieces []Piece, piece Piece) []Piece {
	kept := make([]Piece, 0, len(pieces)+1)
	for _, p := range pieces {
		if piece.At.Sub(p.At) < Span && (piece.ID == "" || p.ID != piece.ID) {
			kept = append(kept, p)
		}
	}
	piece.Marks = piece.Marks[:min(len(piece.Marks), MaxMarks)]
	kept = append(kept, piece)
	slices.SortStableFunc(kept, func(a, b Piece) int { return a.At.Compare(b.At) })
	return kept[max(0, len(kept)-MaxPieces):]
}

// Read looks whether a new piece goes on with a story that earlier pieces have
// begun, and gives the gravest such story. A piece alone is no story.
func (p *Plots) Read(past []Piece, now Piece) (Finding, bool) {
	var gravest Finding
	for i := range p.plots {
		if f := p.plots[i].read(past, now); f.Risk > gravest.Risk || f.Risk == gravest.Risk && len(f.Points) > len(gravest.Points) {
			gravest = f
		}
	}
	return gravest, gravest.Risk > None
}

// in says that the piece shows the step.
func (s *step) in(piece Piece) bool { return slices.Contains(piece.Steps, s.name) }

// seen is a step of a plot that was found.
type seen struct {
	*step
	at  time.Time
	now bool // it is in the new piece
}

func (p *plot) read(past []Piece, now Piece) Finding {
	found := p.steps(past, now)
	finding := Finding{Plot: p.ID, Scheme: p.Scheme, Fits: p.Fits, Risk: p.risk(found)}
	if finding.Risk == None {
		return finding
	}
	finding.Points = p.points(found)
	for _, s := range found {
		if s.now && s.Scheme != "" {
			finding.Scheme = s.Scheme
		}
	}
	return finding
}

// steps gives the steps that were found, each where it came first and a
// decisive one where it came last, in the order of time.
func (p *plot) steps(past []Piece, now Piece) []seen {
	var found []seen
	for i := range p.Steps {
		s := &p.Steps[i]
		at := slices.IndexFunc(past, func(piece Piece) bool { return s.in(piece) && related(piece, now, s, p) })
		isNow := s.in(now)
		switch {
		case isNow && (at < 0 || s.Decisive): // who asks again asks now
			found = append(found, seen{step: s, at: now.At, now: true})
		case at >= 0:
			found = append(found, seen{step: s, at: past[at].At})
		}
	}
	slices.SortStableFunc(found, func(a, b seen) int {
		return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.Phase, b.Phase))
	})
	return found
}

// related says that an earlier piece may belong to the story of the new one:
// near in time, not of the same case, and not by somebody else, unless both
// name the same account or one of the two comes from a stranger by its nature.
func related(piece, now Piece, s *step, p *plot) bool {
	if age := now.At.Sub(piece.At); age < 0 || age >= Span || piece.ID != "" && piece.ID == now.ID {
		return false
	}
	if p.Same {
		return piece.From != "" && piece.From == now.From
	}
	if piece.From == "" || now.From == "" || piece.From == now.From || s.Stranger {
		return true
	}
	if slices.ContainsFunc(piece.Marks, func(mark string) bool { return slices.Contains(now.Marks, mark) }) {
		return true
	}
	return slices.ContainsFunc(p.Steps, func(s step) bool { return s.Stranger && s.in(now) })
}

// risk weighs the steps that were found.
func (p *plot) risk(found []seen) Risk {
	has := func(id string) bool { return slices.ContainsFunc(found, func(s seen) bool { return s.ID == id }) }
	isNew := func(s seen) bool { return s.now }
	first := slices.IndexFunc(found, func(s seen) bool { return !s.now })
	last := slices.IndexFunc(found, isNew)
	if first < 0 || last < 0 || !slices.ContainsFunc(p.Opens, has) {
		return None // nothing came before, or nothing has come now, or it did not begin like this plot
	}
	if latest := slices.MaxFunc(found[last:], byPhase); latest.Phase < found[first].Phase {
		return None // the steps come in the wrong order
	}
	decisive := slices.ContainsFunc(found, func(s seen) bool { return s.Decisive })
	sure := len(p.Sure) > 0 && !slices.ContainsFunc(p.Sure, func(id string) bool { return !has(id) })
	switch {
	case decisive && (len(found) >= scamSteps || sure):
		return Scam
	case decisive && len(found) >= suspiciousSteps, len(found) >= scamSteps:
		return Suspicious
	}
	return None
}

func byPhase(a, b seen) int { return cmp.Compare(a.Phase, b.Phase) }

// points chooses what is told: how it began, what came last before, and the
// gravest step of now.
func (p *plot) points(found []seen) []Point {
	var before, now []seen
	for _, s := range found {
		if s.now {
			now = append(now, s)
		} else {
			before = append(before, s)
		}
	}
	told := []seen{before[0]}
	if rest := before[1:]; len(rest) > 0 {
		told = append(told, slices.MaxFunc(rest, byPhase))
	}
	told = append(told, slices.MaxFunc(now, byPhase))
	points := make([]Point, 0, maxPoints)
	for _, s := range told {
		point := Point{Key: key(p.ID, s.ID), At: s.at}
		if s.now {
			point.At = time.Time{}
		}
		points = append(points, point)
	}
	return points
}
