package statement

import (
	"slices"
	"strconv"
	"strings"

	"github.com/aldanba/aldanba/locales"
)

// Papers writes papers in the words of locales. It is safe for concurrent use.
type Papers struct {
	texts    *locales.Texts
	contacts *locales.Contacts
}

// New makes a writer of papers. Legal facts come from the reviewed table of
// contacts; neither argument may be nil.
func New(texts *locales.Texts, contacts *locales.Contacts) *Papers {
	return &Papers{texts: texts, contacts: contacts}
}

// writer writes one paper about one case.
type writer struct {
	Document
	c    Case
	text func(key string, args map[string]any) string
	say  func(key string) string // a text that may tell legal facts
	cut  string
}

func (p *Papers) writer(c Case, paper string) *writer {
	if c.Lang != locales.Kazakh {
		c.Lang = locales.Russian
	}
	facts := p.contacts.ArgsWithFacts(c.Lang)
	text := func(key string, args map[string]any) string {
		return p.texts.Text(c.Lang, locales.PaperPrefix+key, args)
	}
	w := &writer{
		c:    c,
		text: text,
		say:  func(key string) string { return text(key, facts) },
	}
	w.cut = w.say("cut")
	w.Document = Document{
		Title: w.say(paper + "_name"), Name: w.say(paper + "_file"), lang: c.Lang, made: c.Made, glyph: w.say("glyph"),
		glyphNote: w.fill("glyph_note", "Glyph", w.say("glyph")),
	}
	return w
}

// fill gives a text about one thing.
func (w *writer) fill(key, placeholder string, value any) string {
	return w.text(key, map[string]any{placeholder: value})
}

// whose chooses the words: the person's own loss, or that of somebody near.
func (w *writer) whose(key string) string {
	if w.c.Relative {
		return w.say(key + "_r")
	}
	return w.say(key)
}

func (w *writer) line(s string) string { return line(s, w.cut) }

// from names who signs, at the top of a paper.
func (w *writer) from(label string) {
	who := w.c.Applicant
	w.add(addressee, w.say(label), w.line(who.Name))
	w.add(addressee, w.say("iin"), w.line(who.IIN))
	w.add(addressee, w.say("address"), w.line(who.Address))
	w.add(addressee, w.say("phone"), w.line(who.Phone))
}

// relative names who was deceived, where that is not who signs.
func (w *writer) relative(head string) {
	if !w.c.Relative {
		return
	}
	who := w.c.Victim
	w.add(heading, w.say(head), "")
	w.add(field, w.say("kin"), w.line(w.c.Kin))
	w.add(field, w.say("name"), w.line(who.Name))
	w.add(field, w.say("iin"), w.line(who.IIN))
	w.addKnown(w.say("address"), w.line(who.Address))
	w.addKnown(w.say("phone"), w.line(who.Phone))
}

// money tells every sum; where none was told, there are lines for one.
func (w *writer) money(head string) {
	w.add(heading, w.say(head), "")
	payments := w.payments()
	if len(payments) < 2 {
		var only Payment
		if len(payments) == 1 {
			only = payments[0]
		}
		w.add(field, w.say("amount"), w.amount(only))
		w.add(field, w.say("paid_when"), w.line(only.When))
		w.add(field, w.say("way"), w.way(only.Way))
	} else {
		for i, one := range payments[:min(len(payments), maxPayments)] {
			var told []string
			for _, s := range []string{w.amount(one), w.line(one.When), w.way(one.Way)} {
				if s != "" {
					told = append(told, s)
				}
			}
			w.add(field, w.fill("payment", "N", i+1), strings.Join(told, "; "))
		}
		w.left(len(payments) - maxPayments)
		w.addKnown(w.say("total"), w.total(payments))
	}
}

// payments returns those of which anything is known.
func (w *writer) payments() []Payment {
	var known []Payment
	for _, p := range w.c.Payments {
		if p != (Payment{}) {
			known = append(known, p)
		}
	}
	return known
}

// paid tells whether the papers speak of money: it went, or nobody has said
// that only something else did.
func (w *writer) paid() bool {
	payee := slices.ContainsFunc(w.c.Marks, func(m Mark) bool { return m.Payee })
	return len(w.payments()) > 0 || payee || w.c.loan() || len(w.c.Given) == 0
}

// transferred tells whether a bank may have money to stop: not where all of it
// was cash.
func (w *writer) transferred() bool {
	payments := w.payments()
	return w.paid() && (len(payments) == 0 || slices.ContainsFunc(payments, func(p Payment) bool { return p.Way != ByCash }))
}

func (w *writer) amount(p Payment) string {
	amount, currency := w.line(p.Amount), w.line(p.Currency)
	if sum, ok := number(amount); ok {
		amount = grouped(sum)
	}
	if amount == "" || currency == "" {
		return amount
	}
	return amount + "\u00a0" + w.currency(currency)
}

func (w *writer) currency(code string) string {
	if code == "KZT" {
		return w.say("currency_KZT")
	}
	return code
}

// total adds sums up where all are numbers of one currency.
func (w *writer) total(payments []Payment) string {
	if len(payments) > maxPayments {
		return ""
	}
	var sum uint64
	for _, p := range payments {
		n, ok := number(p.Amount)
		if !ok || p.Currency != payments[0].Currency {
			return ""
		}
		sum += n
	}
	return w.amount(Payment{Amount: strconv.FormatUint(sum, 10), Currency: payments[0].Currency})
}

func (w *writer) way(way Way) string {
	if slices.Contains(Ways(), way) {
		return w.say("way_" + string(way))
	}
	return w.line(string(way))
}

// marks tells traces of fraudsters, each once.
func (w *writer) marks(payee bool) (told int) {
	seen := make(map[Mark]bool)
	for _, m := range w.c.Marks {
		m.Value = w.line(m.Value)
		if m.Payee != payee || m.Value == "" || seen[m] {
			continue
		}
		seen[m] = true
		if len(seen) <= maxMarks {
			w.add(field, w.mark(m.Kind), m.Value)
		}
	}
	w.left(len(seen) - maxMarks)
	return len(seen)
}

func (w *writer) mark(k MarkKind) string {
	switch k {
	case MarkPhone, MarkCard, MarkIBAN, MarkWallet, MarkLink, MarkHandle, MarkMail, MarkName:
		return w.say("mark_" + string(k))
	}
	return w.say("mark_other")
}

// payees tells where the money went; where that is not known, there are lines
// for it.
func (w *writer) payees() {
	w.add(heading, w.say("head_payees"), "")
	if w.marks(true) == 0 {
		w.add(field, w.say("payee_blank"), "")
		w.add(field, w.say("payee_name_blank"), "")
	}
}

// left says how many of a list had no room.
func (w *writer) left(n int) {
	if n > 0 {
		w.add(paragraph, "", w.fill("more", "N", n))
	}
}

// given tells whether fraudsters got this.
func (c Case) given(what Given) bool {
	return slices.Contains(c.Given, what)
}

// loan tells whether a loan is part of the case.
func (c Case) loan() bool {
	return c.given(GivenLoan) || slices.ContainsFunc(c.Payments, func(p Payment) bool { return p.Way == ByLoan })
}

// number reads a sum as people write it, "250 000", of at most 15 digits.
func number(s string) (uint64, bool) {
	digits := strings.Map(func(r rune) rune {
		if r == ' ' || r == '\u00a0' {
			return -1
		}
		return r
	}, headOf(s, 64))
	if len(digits) > 15 {
		return 0, false
	}
	n, err := strconv.ParseUint(digits, 10, 64)
	return n, err == nil
}

// grouped writes a number in groups of three that stay on one line.
func grouped(n uint64) string {
	digits := strconv.FormatUint(n, 10)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "\u00a0" + digits[i:]
	}
	return digits
}
