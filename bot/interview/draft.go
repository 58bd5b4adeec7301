package interview

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/aldanba/aldanba/bot/statement"
)

// Lifetime is how long a draft lives at most, from its beginning.
const Lifetime = 24 * time.Hour

// Bounds of a draft.
const (
	MaxOriginals = 100       // messages that are kept
	maxText      = 100 << 10 // bytes of all of them
	maxAnswer    = 3000      // letters of one answer
	maxHeard     = 10        // voice notes that are listened to at one time
)

// Draft is an interview as far as it has come.
type Draft struct {
	Case    statement.Case
	Until   time.Time           // it is erased then at the latest
	Ask     Question            `json:",omitzero"` // the question before the person; empty: all were asked
	Aside   bool                `json:",omitzero"` // the person does something else meanwhile
	Last    time.Time           // when the person was last seen in it
	NoMoney bool                `json:",omitzero"` // no money is gone
	Noted   Noted               `json:",omitzero"` // what the person sent tells, and they have not said yet
	Heard   map[string]Question `json:",omitzero"` // the questions that voice notes answer, by id of their messages
	Missed  int                 `json:",omitzero"` // originals for which there was no room, or whose file is too large
}

// Begin begins an interview: in which language the papers are to be, now, with
// the tree and way of the first minutes that lead here, which may be empty, and
// what was noted before.
func Begin(lang string, now time.Time, relative bool, tree, way string, noted Noted) *Draft {
	d := &Draft{Until: now.Add(Lifetime), Ask: Questions()[0], Noted: noted}
	d.Case.Lang, d.Case.Relative = lang, relative
	if tree == "money" && slices.Contains(Way.Options(), way) {
		d.Noted.Way = statement.Way(way)
	}
	if given, ok := givenBy[tree+"."+way]; ok {
		d.Case.Given = []statement.Given{given}
	} else if given, ok := givenBy[tree]; ok {
		d.Case.Given = []statement.Given{given}
	}
	return d
}

// givenBy says what swindlers got, by tree or by tree and way.
var givenBy = map[string]statement.Given{
	"code": statement.GivenCode, "card": statement.GivenCard, "app": statement.GivenApp, "loan": statement.GivenLoan,
	"account": statement.GivenAccount, "papers": statement.GivenDocuments, "mule": statement.GivenCard,
	"form.card": statement.GivenCard, "form.login": statement.GivenPassword,
}

// Open reads a draft as Bytes wrote it.
func Open(data []byte) (*Draft, error) {
	d := &Draft{}
	if err := json.Unmarshal(data, d); err != nil {
		return nil, err
	}
	return d, nil
}

// Bytes gives the draft as it is kept.
func (d *Draft) Bytes() ([]byte, error) { return json.Marshal(d) }

// Over says whether its time is over.
func (d *Draft) Over(now time.Time) bool { return !now.Before(d.Until) }

// Go makes a question the next one to be asked.
func (d *Draft) Go(q Question) { d.Ask, d.Aside = q, false }

// Next goes on after a question.
func (d *Draft) Next(q Question) { d.step(q, 1) }

// Back goes back before a question; from the first there is no way back.
func (d *Draft) Back(q Question) { d.step(q, -1) }

func (d *Draft) step(q Question, by int) {
	all := Questions()
	i := q.Number() - 1
	if q == "" {
		i = len(all)
	}
	if i += by; i >= 0 && i < len(all) && all[i] == Way && d.NoMoney {
		i += by
	}
	switch {
	case i >= len(all):
		d.Go("")
	default:
		d.Go(all[max(i, 0)])
	}
}

// Skip takes a question's answer back, and what was noted for it.
func (d *Draft) Skip(q Question) {
	d.clear(q)
	switch q {
	case When:
		d.Noted.When = ""
	case Amount:
		d.Noted.Amount, d.Noted.Tenge = "", 0
	case Way:
		d.Noted.Way = ""
	case Payee:
		d.Noted.Marks = nil
	}
}

// clear takes the answer to a question back.
func (d *Draft) clear(q Question) {
	switch q {
	case Originals:
		d.Case.Messages, d.Missed = nil, 0
	case When:
		d.Case.When = ""
	case Amount:
		d.Case.Payments, d.NoMoney = nil, false
	case Way:
		d.pay().Way = ""
	case Payee:
		d.Case.Marks = nil
	case Contact:
		d.Case.Contact = ""
	case Wanted:
		d.Case.Wanted = ""
	case Bank:
		d.Case.Banks = nil
	case Who:
		d.Case.Applicant = statement.Person{}
	}
}

// pay gives the payment, which is made where there is none.
func (d *Draft) pay() *statement.Payment {
	if len(d.Case.Payments) == 0 {
		d.Case.Payments = []statement.Payment{{}}
	}
	return &d.Case.Payments[0]
}

// Keep adds originals as far as there is room and tells how many were added.
func (d *Draft) Keep(originals []statement.Message) (kept int) {
	size := 0
	for _, m := range d.Case.Messages {
		size += len(m.Text)
	}
	for _, m := range originals {
		if size += len(m.Text); len(d.Case.Messages) >= MaxOriginals || size > maxText {
			d.Missed++
			size -= len(m.Text)
			continue
		}
		d.Case.Messages = append(d.Case.Messages, m)
		kept++
	}
	return kept
}

// Files gives the files of the originals in their order.
func (d *Draft) Files() []statement.File {
	var files []statement.File
	for _, m := range d.Case.Messages {
		if m.File != nil {
			files = append(files, *m.File)
		}
	}
	return files
}

// Listen notes that a voice note is the answer to the question that is asked.
// It is false where too many are being listened to.
func (d *Draft) Listen(message string) bool {
	if len(d.Heard) >= maxHeard {
		return false
	}
	if d.Heard == nil {
		d.Heard = map[string]Question{}
	}
	d.Heard[message] = d.Ask
	return true
}

// Papers gives the case as the papers are to tell it.
func (d *Draft) Papers() statement.Case {
	c := d.Case
	c.Payments = slices.Clone(c.Payments)
	for i := range c.Payments {
		if c.Payments[i].When == "" {
			c.Payments[i].When = c.When
		}
	}
	return c
}

// short cuts an answer that is longer than anybody reads.
func short(s string) string {
	s = strings.TrimSpace(strings.ToValidUTF8(s, ""))
	if utf8.RuneCountInString(s) > maxAnswer {
		s = string([]rune(s)[:maxAnswer])
	}
	return s
}

// Told gives the answer to a question as the person gave it, empty where there
// is none. A way is given by its id.
func (d *Draft) Told(q Question) string {
	switch q {
	case When:
		return d.Case.When
	case Amount:
		return d.amount()
	case Way:
		return string(d.way())
	case Payee:
		return values(d.Case.Marks)
	case Contact:
		return d.Case.Contact
	case Wanted:
		return d.Case.Wanted
	case Bank:
		return strings.Join(d.Case.Banks, ", ")
	case Who:
		p := d.Case.Applicant
		return strings.Join(slices.DeleteFunc([]string{p.Name, p.IIN, p.Address, p.Phone}, func(s string) bool { return s == "" }), ", ")
	}
	return ""
}

// Suggested gives what was noted for a question, as Told does.
func (d *Draft) Suggested(q Question) string {
	switch {
	case !d.Asks(q):
		return ""
	case q == When:
		return d.Noted.When
	case q == Amount:
		return cmp.Or(plainNumber(d.Noted.Amount), d.Noted.Amount)
	case q == Way:
		return string(d.Noted.Way)
	}
	return values(d.Noted.Marks)
}

func values(marks []statement.Mark) string {
	all := make([]string, len(marks))
	for i, m := range marks {
		all[i] = m.Value
	}
	return strings.Join(all, ", ")
}
