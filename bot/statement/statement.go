package statement

import "strings"

// Statement writes the statement to the police.
func (p *Papers) Statement(c Case) Document {
	w := p.writer(c, "statement")
	w.add(addressee, w.say("to_police"), w.line(c.Police))
	w.from("applicant")
	w.add(title, "", w.say("statement_title"))
	w.add(about, "", w.say("statement_about"))
	w.add(paragraph, "", w.whose(w.opening("opening_")))
	w.relative("head_victim")
	w.events()
	if w.paid() {
		w.money("head_money")
		w.add(field, w.say("bank"), strings.Join(w.bankNames(), ", "))
		w.payees()
	}
	w.otherMarks()
	w.given()
	w.done()
	w.addItems(w.say("head_ask"), w.askPolice())
	w.attached()
	w.add(paragraph, "", w.say("warning"))
	w.add(signature, w.say("date"), w.say("signature"))
	return w.Document
}

// opening chooses the words by what was lost.
func (w *writer) opening(prefix string) string {
	switch {
	case len(w.payments()) > 0:
		return prefix + "money"
	case len(w.c.Given) > 0:
		return prefix + "data"
	}
	return prefix + "other"
}

func (w *writer) events() {
	w.add(heading, w.say("head_events"), "")
	w.add(field, w.say("when"), w.line(w.c.When))
	w.add(field, w.say("contact"), w.line(w.c.Contact))
	w.addKnown(w.say("posed"), w.line(w.c.Posed))
	w.addKnown(w.say("wanted"), w.line(w.c.Wanted))
	w.add(heading, w.say("story"), "")
	story := clean(w.c.Story, maxStory, w.cut)
	if story == "" {
		w.addBlank("", 6)
		return
	}
	parts := strings.SplitN(story, "\n", maxParagraphs)
	for _, part := range parts {
		if part = strings.Join(strings.Fields(part), " "); part != "" {
			w.add(paragraph, "", part)
		}
	}
}

// otherMarks tells traces that are no payee.
func (w *writer) otherMarks() {
	before := len(w.blocks)
	w.add(heading, w.say("head_marks"), "")
	if w.marks(false) == 0 {
		w.blocks = w.blocks[:before]
	}
}

// given lists what fraudsters got besides money.
func (w *writer) given() {
	var given []string
	for _, g := range AllGiven() {
		if w.c.given(g) {
			given = append(given, w.say("given_"+string(g)))
		}
	}
	if len(given) > 0 {
		w.addItems(w.say("head_given"), given)
	}
}

// done tells what was done since.
func (w *writer) done() {
	if done := w.c.Done; done != (Done{}) {
		w.add(heading, w.say("head_done"), "")
		w.addKnown(w.say("done_bank"), w.line(done.Bank))
		w.addKnown(w.say("done_police"), w.line(done.Police))
		w.addKnown(w.say("done_other"), w.line(done.Other))
	}
}

func (w *writer) askPolice() []string {
	asks := []string{w.say("ask_register"), w.say("ask_find")}
	if w.paid() {
		asks = append(asks, w.say("ask_money"))
	}
	asks = append(asks, w.whose("ask_victim"))
	if w.c.loan() {
		asks = append(asks, w.say("ask_loan"))
	}
	return append(asks, w.say("ask_paper"))
}

// attached lists the evidence, by the names that it has in the pack.
func (w *writer) attached() {
	var items, files []string
	messages := w.messages()
	if len(messages) > 0 {
		items = append(items, w.fill("attached_messages", "N", len(messages)))
	}
	for i, m := range messages {
		if m.File != nil {
			name := fileName(i, *m.File)
			if own := w.line(m.File.Name); own != "" {
				name += " (" + own + ")"
			}
			files = append(files, name)
		}
	}
	for _, name := range files[:min(len(files), maxAttached)] {
		items = append(items, w.fill("attached_file", "Name", name))
	}
	if n := len(files) - maxAttached; n > 0 {
		items = append(items, w.fill("attached_more", "N", n))
	}
	w.addItems(w.say("head_attached"), items)
	w.addBlank(w.say("attached_by_hand"), 2)
}

// maxAttached bounds the files that a statement names one by one.
const maxAttached = 20
