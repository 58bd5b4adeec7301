// Package clarify chooses what to ask after a suspicious verdict, and what the
// answers make of it.
//
// The questions, what answers count and the policy are data (clarify.toml). What
// was asked and answered is said in full by a short key, so it survives a restart
// in a button. The package knows ids only: no words, no messenger, no store.
package clarify

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

//go:embed clarify.toml
var file []byte

// MaxKey is how many bytes a key may have: it must fit into a button.
const MaxKey = 42

// Retold stands among the demands of a message for a call that is told again.
const Retold = "retold"

// Answer is what a person says to a question.
type Answer byte

// The answers.
const (
	Yes     Answer = 'y'
	No      Answer = 'n'
	Unknown Answer = 'u'
)

// Outcome is what the answers make of a suspicious verdict.
type Outcome string

// The outcomes. None of them means "safe".
const (
	Scam Outcome = "scam"
	Same Outcome = "same"
	Less Outcome = "less" // fewer signs than it seemed; still suspicious
)

// Question is one thing that is asked.
type Question struct {
	ID    string   `toml:"id"`
	Name  string   `toml:"name"`
	Yes   int      `toml:"yes"`
	No    int      `toml:"no"`
	Known []string `toml:"known"`
	Guest bool     `toml:"guest"`
}

func (q Question) points(a Answer) int {
	switch a {
	case Yes:
		return q.Yes
	case No:
		return q.No
	}
	return 0
}

// Table holds the questions and the policy. It never changes and is safe for
// concurrent use.
type Table struct {
	Policy struct {
		Scam int `toml:"scam"`
		Less int `toml:"less"`
		Most int `toml:"most"`
	} `toml:"policy"`
	Questions []Question          `toml:"question"`
	Order     map[string][]string `toml:"order"`
}

// Load reads the table. The error joins all mistakes in it.
func Load() (*Table, error) {
	t := &Table{}
	if err := toml.NewDecoder(bytes.NewReader(file)).DisallowUnknownFields().Decode(t); err != nil {
		return nil, fmt.Errorf("clarify.toml: %w", err)
	}
	var mistakes []error
	wrong := func(format string, args ...any) {
		mistakes = append(mistakes, fmt.Errorf("clarify.toml: "+format, args...))
	}
	if t.Policy.Scam <= 0 || t.Policy.Less >= 0 || t.Policy.Most < 1 || t.Order[""] == nil {
		wrong("the policy is not complete")
	}
	for i, q := range t.Questions {
		if twin, _ := t.question(q.ID); len(q.ID) != 1 || twin.Name != q.Name || q.Yes == q.No {
			wrong("question %d (%s) stands twice, has no letter or asks nothing", i, q.Name)
		}
	}
	for _, alarmingNo := range []bool{false, true} {
		if _, ok := t.Guest(alarmingNo); !ok {
			wrong("there is no question for a guest with alarmingNo %v", alarmingNo)
		}
	}
	for scheme, ids := range t.Order {
		for _, id := range ids {
			if q, ok := t.question(id); !ok || q.Guest {
				wrong("%q asks %s, which is no question", scheme, id)
			}
		}
		longest := State{Scheme: scheme, Hard: true, Known: strings.Join(ids, ""), Given: strings.Repeat("xy", t.Policy.Most)}
		if len(longest.Key()) > MaxKey {
			wrong("the key of %s is too long", scheme)
		}
	}
	return t, errors.Join(mistakes...)
}

func (t *Table) question(id string) (Question, bool) {
	i := slices.IndexFunc(t.Questions, func(q Question) bool { return q.ID == id })
	if i < 0 {
		return Question{}, false
	}
	return t.Questions[i], true
}

// Guest gives the place of a question that is put by somebody else: whose
// words it has is no matter here, but which answer to it speaks for fraud.
func (t *Table) Guest(alarmingNo bool) (Question, bool) {
	i := slices.IndexFunc(t.Questions, func(q Question) bool { return q.Guest && (q.No > q.Yes) == alarmingNo })
	if i < 0 {
		return Question{}, false
	}
	return t.Questions[i], true
}

// Welcomes says that a question of a guest tells more than any of ours: nothing
// was answered yet, and no scheme has questions of its own, or none is left.
func (t *Table) Welcomes(s State) bool {
	_, ours := t.Next(s)
	return s.Given == "" && (!ours || s.Scheme == "" || s.Scheme == unnamed)
}

// unnamed is the scheme of what has no name.
const unnamed = "other"

// State is what is known of one suspicious message.
type State struct {
	Scheme string // leading scheme, or empty
	Hard   bool   // there is hard evidence
	Known  string // letters of the questions that the message has answered
	Given  string // letters of the questions that the person has answered, each with the answer
}

// Key says the state in full: scheme, what the message tells, what was answered.
func (s State) Key() string {
	hard := ""
	if s.Hard {
		hard = "H"
	}
	return s.Scheme + "." + hard + s.Known + "." + s.Given
}

// Start gives the state after a verdict. wants are the demands that the message
// holds, Retold among them.
func (t *Table) Start(scheme string, hard bool, wants []string) State {
	if _, known := t.Order[scheme]; !known {
		scheme = ""
	}
	s := State{Scheme: scheme, Hard: hard}
	for _, id := range t.Order[scheme] {
		q, _ := t.question(id)
		if slices.ContainsFunc(wants, func(w string) bool { return slices.Contains(q.Known, w) }) {
			s.Known += id
		}
	}
	return s
}

// Parse reads a key. ok is false for anything that Key has not made.
func (t *Table) Parse(key string) (s State, ok bool) {
	parts := strings.Split(key, ".")
	if len(key) > MaxKey || len(parts) != 3 {
		return State{}, false
	}
	s.Scheme, s.Given = parts[0], parts[2]
	s.Known, s.Hard = strings.CutPrefix(parts[1], "H")
	order, known := t.Order[s.Scheme]
	if !known || len(s.Given)%2 != 0 || len(s.Given) > 2*t.Policy.Most {
		return State{}, false
	}
	asked := s.Known
	for i := 0; i < len(s.Given); i += 2 {
		asked += s.Given[i : i+1]
		if !strings.ContainsRune("ynu", rune(s.Given[i+1])) {
			return State{}, false
		}
	}
	for i := range asked {
		q, _ := t.question(asked[i : i+1])
		if guest := q.Guest && i >= len(s.Known); !guest && !slices.Contains(order, asked[i:i+1]) || strings.Contains(asked[:i], asked[i:i+1]) {
			return State{}, false
		}
	}
	return s, true
}

// Answered gives the state after an answer.
func (s State) Answered(q Question, a Answer) State {
	s.Given += q.ID + string(rune(a))
	return s
}

// points sums what was answered.
func (t *Table) points(s State) int {
	sum := 0
	for i := 0; i+1 < len(s.Given); i += 2 {
		q, _ := t.question(s.Given[i : i+1])
		sum += q.points(Answer(s.Given[i+1]))
	}
	return sum
}

// Outcome says what the answers make of the verdict.
func (t *Table) Outcome(s State) Outcome {
	switch sum := t.points(s); {
	case sum >= t.Policy.Scam:
		return Scam
	case sum <= t.Policy.Less && !s.Hard:
		return Less
	}
	return Same
}

// Next gives the question that may change the verdict, if there is one.
func (t *Table) Next(s State) (Question, bool) {
	left := t.Policy.Most - len(s.Given)/2
	if left <= 0 || t.Outcome(s) != Same {
		return Question{}, false
	}
	var open []Question
	for _, id := range t.Order[s.Scheme] {
		if asked := strings.Contains(s.Known, id) || slices.Contains(s.asked(), id); !asked {
			q, _ := t.question(id)
			open = append(open, q)
		}
	}
	for i, q := range open {
		if t.canChange(s, q, open[i+1:], left-1) {
			return q, true
		}
	}
	return Question{}, false
}

// asked gives the questions that the person has answered.
func (s State) asked() (ids []string) {
	for i := 0; i+1 < len(s.Given); i += 2 {
		ids = append(ids, s.Given[i:i+1])
	}
	return ids
}

// canChange says that the verdict may be another after the answer to a question,
// or after one more.
func (t *Table) canChange(s State, q Question, further []Question, left int) bool {
	for _, a := range []Answer{Yes, No} {
		next := s.Answered(q, a)
		if t.Outcome(next) != Same {
			return true
		}
		for _, other := range further {
			if left > 0 && t.canChange(next, other, nil, left-1) {
				return true
			}
		}
	}
	return false
}
