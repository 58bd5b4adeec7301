package firstaid

import (
	"math/bits"
	"slices"
	"strconv"
	"strings"
)

// Place is where a person stands in a tree.
type Place struct {
	Tree     string
	Way      string // empty where it is not known yet, and in a tree with one way
	Relative bool   // it happened to somebody near
	Step     string // empty where the way is not known yet, and at the end
	// Open are the steps of the way that are not done, the first as the lowest bit.
	Open uint8
}

// Answer is what a person says of the step before them.
type Answer string

// The answers.
const (
	None   Answer = ""
	Done   Answer = "done"
	Cannot Answer = "cannot"
)

// Whose it is, in keys.
const (
	mine     = "m"
	relative = "r"
)

// Key says the place: <tree>[.<way>]:<m or r>[:<step>:<open steps>].
func (p Place) Key() string {
	key := p.Tree
	if p.Way != "" {
		key += "." + p.Way
	}
	if p.Relative {
		key += ":" + relative
	} else {
		key += ":" + mine
	}
	if p.Step != "" {
		key += ":" + p.Step + ":" + strconv.FormatUint(uint64(p.Open), 16)
	}
	return key
}

// Answered is the key of an answer to the step of the place.
func (p Place) Answered(a Answer) string { return p.Key() + ":" + string(a) }

// Parse reads a key, which may be forged or older than the trees. A key without
// a step leads to the first step of its way, or to the question for the way.
func (t *Trees) Parse(key string) (p Place, a Answer, ok bool) {
	if len(key) > MaxKey {
		return p, None, false
	}
	parts := strings.Split(key, ":")
	if len(parts) < 2 || parts[1] != mine && parts[1] != relative {
		return p, None, false
	}
	p.Relative = parts[1] == relative
	p.Tree, p.Way, _ = strings.Cut(parts[0], ".")
	if p, ok = t.begin(p); !ok || len(parts) == 2 {
		return p, None, ok
	}
	if len(parts) < 4 || len(parts) > 5 || p.Step == "" {
		return p, None, false
	}
	all := p.Open
	open, err := strconv.ParseUint(parts[3], 16, 8)
	p.Step, p.Open = parts[2], uint8(open)
	i, _ := t.position(p)
	if err != nil || i < 0 || p.Open&^all != 0 || p.Open&(1<<i) == 0 {
		return p, None, false
	}
	if len(parts) == 5 {
		a = Answer(parts[4])
		ok = a == Done || a == Cannot
	}
	return p, a, ok && p.Key() == strings.Join(parts[:4], ":")
}

// Begin gives the place where a tree begins.
func (t *Trees) Begin(tree Tree, relative bool) Place {
	p, _ := t.begin(Place{Tree: tree.ID, Relative: relative})
	return p
}

// begin goes to the first step of the place's way, if that is known.
func (t *Trees) begin(p Place) (Place, bool) {
	tree, ok := t.Tree(p.Tree)
	if !ok {
		return p, false
	}
	if p.Way == "" && len(tree.Ways) > 1 {
		return p, true
	}
	way := t.way(p)
	if len(way) == 0 {
		return p, false
	}
	p.Step, p.Open = way[0], 1<<len(way)-1
	return p, true
}

// way gives the steps of the place's way.
func (t *Trees) way(p Place) []string {
	tree, _ := t.Tree(p.Tree)
	for _, way := range tree.Ways {
		if way.ID == p.Way {
			return way.Steps
		}
	}
	return nil
}

// position finds the step of a place: the number of the step of the way that it
// is or stands instead of, and which of those that stand instead it is; 0 for
// the step itself. The first result is -1 where the way has no such step.
func (t *Trees) position(p Place) (i, other int) {
	for i, id := range t.way(p) {
		if id == p.Step {
			return i, 0
		}
		if j := slices.Index(t.steps[id].Instead, p.Step); j >= 0 {
			return i, j + 1
		}
	}
	return -1, 0
}

// Next gives the place after an answer. What cannot be done is tried in another
// way, and left open when there is none. At the end the place has no step.
func (t *Trees) Next(p Place, a Answer) Place {
	i, other := t.position(p)
	if i < 0 || a == None {
		return p
	}
	way := t.way(p)
	if instead := t.steps[way[i]].Instead; a == Cannot && other < len(instead) {
		p.Step = instead[other]
		return p
	}
	if a == Done {
		p.Open &^= 1 << i
	}
	p.Step = ""
	if later := p.Open >> (i + 1) << (i + 1); later != 0 {
		p.Step = way[bits.TrailingZeros8(later)]
	}
	return p
}

// Again gives the first step that is still open, false if there is none.
func (t *Trees) Again(p Place) (Place, bool) {
	way := t.way(p)
	if i := bits.TrailingZeros8(p.Open); i < len(way) {
		p.Step = way[i]
		return p, true
	}
	return p, false
}

// Asks says that the place is the question how it happened.
func (t *Trees) Asks(p Place) bool {
	tree, _ := t.Tree(p.Tree)
	return p.Way == "" && len(tree.Ways) > 1
}

// Begins says that the place is the beginning of its tree.
func (t *Trees) Begins(p Place) bool {
	first, _ := t.begin(Place{Tree: p.Tree, Way: p.Way, Relative: p.Relative})
	return first == p
}

// Progress tells which step of how many the place is, and whether it stands
// instead of another.
func (t *Trees) Progress(p Place) (number, of int, instead bool) {
	i, other := t.position(p)
	return i + 1, len(t.way(p)), other > 0
}

// Report divides the steps of the way into those that are done and those that
// are not.
func (t *Trees) Report(p Place) (done, open []Step) {
	for i, id := range t.way(p) {
		if p.Open&(1<<i) == 0 {
			done = append(done, t.steps[id])
		} else {
			open = append(open, t.steps[id])
		}
	}
	return done, open
}
