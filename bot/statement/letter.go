package statement

// Letter writes the letter to one of the person's banks; where bank is empty,
// its name is filled in by hand. For a relative the bank's client signs too,
// because a bank acts on the word of its client.
func (p *Papers) Letter(c Case, bank string) Document {
	w := p.writer(c, "letter")
	w.add(addressee, w.say("to_bank"), w.line(bank))
	w.from("applicant_bank")
	w.add(title, "", w.say("letter_title"))
	w.add(about, "", w.say("letter_about"))
	if w.paid() {
		w.add(paragraph, "", w.say("bank_opening_money"))
	} else {
		w.add(paragraph, "", w.whose("bank_opening_data"))
	}
	w.relative("head_client")
	if w.paid() {
		w.money("head_operations")
		w.payees()
	}
	w.given()
	w.addItems(w.say("head_ask"), w.askBank())
	w.add(signature, w.say("date"), w.say("signature"))
	if c.Relative {
		w.add(signature, w.say("date"), w.say("signature_client"))
	}
	return w.Document
}

func (w *writer) askBank() []string {
	var asks []string
	if w.transferred() {
		asks = append(asks, w.say("bank_stop"), w.say("bank_recipient"))
	}
	asks = append(asks, w.whose("bank_block"), w.say("bank_centre"))
	if w.c.loan() {
		asks = append(asks, w.whose("bank_loan"))
	}
	return append(asks, w.say("bank_extract"), w.say("bank_answer"))
}
