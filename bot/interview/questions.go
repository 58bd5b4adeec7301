// Package interview is the guided interview for a statement: which questions
// are asked, what has been answered, and the draft that is kept between two of
// them.
//
// It knows ids only: no words, no messenger, no store and no clock.
package interview

import "slices"

// Question names a question of the interview. Its words are in locales under
// "ask.q_" and the question.
type Question string

// The questions. The originals come first, because what they hold is offered
// as the answer to others.
const (
	Originals Question = "originals" // the messages, receipts and screenshots themselves
	When      Question = "when"
	Amount    Question = "amount"
	Way       Question = "way"     // how the money went away
	Payee     Question = "payee"   // to whom, or what is known of the swindlers
	Contact   Question = "contact" // how they made contact
	Wanted    Question = "wanted"  // who they said they were, what they promised
	Bank      Question = "bank"    // the person's own
	Who       Question = "who"     // who hands the papers in
)

// Questions gives all questions in their order.
func Questions() []Question {
	return []Question{Originals, When, Amount, Way, Payee, Contact, Wanted, Bank, Who}
}

// Total is how many questions there are.
func Total() int { return len(Questions()) }

// Number tells which question of the interview it is, from 1; 0 for none.
func (q Question) Number() int { return slices.Index(Questions(), q) + 1 }

// Options are the ids of the answers that are offered as buttons, in their
// order. Their words are in locales under "ask."+question+"_"+option, those of
// Way under "paper.way_"+option.
func (q Question) Options() []string {
	switch q {
	case When:
		return []string{Today, Yesterday}
	case Amount:
		return []string{NoMoney}
	case Way:
		return []string{"phone", "card", "iban", "cash", "crypto", "loan", "other"}
	case Contact:
		return []string{"call", "whatsapp", "telegram", "sms", "site", "meeting"}
	case Who:
		return []string{ByHand}
	}
	return nil
}

// Options that mean more than their words.
const (
	Today     = "today"
	Yesterday = "yesterday"
	NoMoney   = "none"    // no money is gone
	ByHand    = "by_hand" // who it is is written on the paper with a pen
)
