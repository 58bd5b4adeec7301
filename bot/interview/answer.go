package interview

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/aldanba/aldanba/bot/statement"
	"github.com/aldanba/aldanba/detector/entity"
)

// Tell takes what a person typed or said as the answer to a question, with the
// identifiers in it. understood is false where it cannot be the answer, as at
// a question that only takes buttons.
func (d *Draft) Tell(q Question, said string, found []entity.Entity) (understood bool) {
	text := short(said)
	if text == "" || q == Way || q == Originals || q == "" {
		return false
	}
	d.clear(q)
	switch q {
	case When:
		d.Case.When = text
	case Amount:
		way := d.Noted.Way
		d.setAmount(text)
		if d.pay().Way == "" {
			d.pay().Way = way
		}
	case Payee:
		d.Case.Marks = marksIn(said, found)
	case Contact:
		d.Case.Contact = text
	case Wanted:
		d.Case.Wanted = text
	case Bank:
		for bank := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ',' || r == ';' || r == '\n' }) {
			if bank = strings.TrimSpace(bank); bank != "" && len(d.Case.Banks) < maxBanks {
				d.Case.Banks = append(d.Case.Banks, bank)
			}
		}
	case Who:
		d.Case.Applicant = personIn(said, found)
	}
	return true
}

// maxBanks is how many letters are written.
const maxBanks = 3

// Accept takes what was noted for a question as its answer.
func (d *Draft) Accept(q Question) {
	switch {
	case !d.Asks(q):
	case q == When:
		d.Case.When = d.Noted.When
	case q == Amount:
		d.setAmount(d.Noted.Amount)
	case q == Way:
		d.pay().Way = d.Noted.Way
	case q == Payee:
		d.Case.Marks = d.Noted.marks(d.way())
	}
}

// Asks says whether something was noted for a question that is not answered.
func (d *Draft) Asks(q Question) bool {
	switch q {
	case When:
		return d.Case.When == "" && d.Noted.When != ""
	case Amount:
		return !d.NoMoney && d.amount() == "" && d.Noted.Amount != ""
	case Way:
		return d.way() == "" && d.Noted.Way != ""
	case Payee:
		return len(d.Case.Marks) == 0 && len(d.Noted.Marks) > 0
	}
	return false
}

// Pick takes a way, or that no money is gone, from the options.
func (d *Draft) Pick(q Question, option string) (ok bool) {
	if !slices.Contains(q.Options(), option) {
		return false
	}
	switch {
	case q == Way:
		d.pay().Way = statement.Way(option)
	case option == NoMoney:
		d.Case.Payments, d.NoMoney = nil, true
	case option == ByHand:
		d.clear(Who)
	default:
		return false
	}
	return true
}

func (d *Draft) setAmount(text string) {
	d.NoMoney = false
	p := d.pay()
	p.Amount, p.Currency = text, ""
	if n := plainNumber(text); n != "" {
		p.Amount, p.Currency = n, "KZT"
	}
}

func (d *Draft) amount() string {
	if len(d.Case.Payments) == 0 {
		return ""
	}
	return d.Case.Payments[0].Amount
}

func (d *Draft) way() statement.Way {
	if len(d.Case.Payments) == 0 {
		return ""
	}
	return d.Case.Payments[0].Way
}

// tenge is what may stand after a sum in tenge.
var tenge = regexp.MustCompile(`(?i)^([0-9][0-9 \x{00a0}\x{202f}.,']*?)\s*(₸|тг\.?|тенге\pL*|теңге\pL*|kzt)?$`)

// plainNumber gives the digits of a sum in tenge, empty where the text is
// something else.
func plainNumber(text string) string {
	m := tenge.FindStringSubmatch(text)
	if m == nil {
		return ""
	}
	whole := m[1]
	if i := strings.LastIndexAny(whole, ".,"); i >= 0 && len(whole)-i-1 == 2 { // hundredths
		if strings.Trim(whole[i+1:], "0") != "" {
			return ""
		}
		whole = whole[:i]
	}
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, whole)
	if len(digits) > 12 {
		return ""
	}
	return strings.TrimLeft(digits, "0")
}

// segment is a piece of an answer between commas or lines, with the
// identifiers in it.
type segment struct {
	text  string
	found []entity.Entity
}

// segments divides an answer where no identifier is torn.
func segments(text string, found []entity.Entity) []segment {
	var all []segment
	begin := 0
	end := func(at, next int) {
		s := segment{text: strings.TrimFunc(text[begin:at], func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(",;:!?…", r) })}
		for _, e := range found {
			if e.Start >= begin && e.End <= at {
				s.found = append(s.found, e)
			}
		}
		if s.text != "" {
			all = append(all, s)
		}
		begin = next
	}
	for i, r := range text {
		inside := slices.ContainsFunc(found, func(e entity.Entity) bool { return i >= e.Start && i < e.End })
		if (r == ',' || r == ';' || r == '\n') && !inside {
			end(i, i+1)
		}
	}
	end(len(text), len(text))
	return all
}

// maxMarks is how many traces of swindlers are taken down.
const maxMarks = 20

// marksIn reads to whom money went: identifiers, and names in the pieces
// without one.
func marksIn(text string, found []entity.Entity) []statement.Mark {
	var marks []statement.Mark
	for _, s := range segments(text, found) {
		known := false
		for _, e := range s.found {
			if kind, ok := markKinds[e.Kind]; ok {
				known = true
				marks = addMark(marks, statement.Mark{Kind: kind, Value: text[e.Start:e.End], Payee: receives(kind)})
			}
		}
		switch long := strings.Count(s.text, " ") > 6; {
		case known && long: // more is told than the identifier
			marks = addMark(marks, statement.Mark{Kind: statement.MarkOther, Value: short(s.text)})
		case !known:
			marks = addMark(marks, statement.Mark{Kind: statement.MarkName, Value: short(s.text), Payee: true})
		}
	}
	return marks
}

func addMark(marks []statement.Mark, m statement.Mark) []statement.Mark {
	if len(marks) >= maxMarks || m.Value == "" || slices.ContainsFunc(marks, func(have statement.Mark) bool { return have.Kind == m.Kind && have.Value == m.Value }) {
		return marks
	}
	return append(marks, m)
}

// receives says whether money can go to what a mark of the kind names.
func receives(kind statement.MarkKind) bool {
	switch kind {
	case statement.MarkPhone, statement.MarkCard, statement.MarkIBAN, statement.MarkWallet:
		return true
	}
	return false
}

// markKinds are the identifiers that are traces of swindlers. Codes and the
// like are the person's own and are never taken down.
var markKinds = map[entity.Kind]statement.MarkKind{
	entity.Card: statement.MarkCard, entity.IBAN: statement.MarkIBAN, entity.Phone: statement.MarkPhone, entity.Wallet: statement.MarkWallet,
	entity.Link: statement.MarkLink, entity.Telegram: statement.MarkHandle, entity.WhatsApp: statement.MarkHandle, entity.Email: statement.MarkMail,
	entity.RemoteID: statement.MarkOther,
}

// personIn reads who hands the papers in: the name first, then the rest.
func personIn(text string, found []entity.Entity) statement.Person {
	var p statement.Person
	var rest []string
	for _, s := range segments(text, found) {
		known := false
		for _, e := range s.found {
			switch {
			case e.Kind == entity.IIN && p.IIN == "":
				p.IIN, known = e.Value, true
			case e.Kind == entity.Phone && p.Phone == "":
				p.Phone, known = text[e.Start:e.End], true
			}
		}
		switch {
		case known:
		case p.Name == "":
			p.Name = short(s.text)
		default:
			rest = append(rest, s.text)
		}
	}
	p.Address = short(strings.Join(rest, ", "))
	return p
}
