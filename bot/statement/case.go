// Package statement turns what a person told about a fraud into papers: a
// statement to the police, a letter to the bank, and an evidence pack of both
// with the messages themselves.
//
// It is pure: it has no clock, no store and no messenger, and logs nothing.
// What it is given lives only in the papers that it gives back. Payees stand
// in the papers in full, because here they are evidence.
package statement

import "time"

// Case is what a person told. Every field may be empty: the person skipped the
// question, and the paper has a line to fill in by hand or leaves the sentence
// out. It survives encoding/json, so that a draft can be kept between two
// questions.
type Case struct {
	Lang string    `json:",omitzero"` // of the papers: "ru" or "kk"
	Made time.Time `json:",omitzero"` // the day of the papers; times of messages are told in its zone

	Applicant Person `json:",omitzero"` // who hands the papers in and signs
	Relative  bool   `json:",omitzero"` // somebody near was deceived, not the applicant
	Kin       string `json:",omitzero"` // who that is to the applicant: "мама", "әжем"
	Victim    Person `json:",omitzero"` // the relative; not read otherwise

	Police string   `json:",omitzero"` // city, district or department that the statement goes to
	Banks  []string `json:",omitzero"` // the person's own banks

	When    string `json:",omitzero"` // when it happened, in the person's words
	Contact string `json:",omitzero"` // how they made contact
	Posed   string `json:",omitzero"` // who they said they were
	Wanted  string `json:",omitzero"` // what they promised or demanded
	Story   string `json:",omitzero"` // what happened, in the person's words

	Payments []Payment `json:",omitzero"` // money that is gone
	Given    []Given   `json:",omitzero"` // what else they got
	Marks    []Mark    `json:",omitzero"` // payees and other traces of the fraudsters
	Done     Done      `json:",omitzero"` // what was done so far

	Messages []Message `json:",omitzero"` // the originals, in the order received
}

// Person is who is named in a paper. What is empty is filled in by hand.
type Person struct {
	Name    string `json:",omitzero"` // surname, name and patronymic
	IIN     string `json:",omitzero"`
	Address string `json:",omitzero"`
	Phone   string `json:",omitzero"`
}

// Payment is one sum that went away.
type Payment struct {
	When     string `json:",omitzero"` // day and time, in the person's words
	Amount   string `json:",omitzero"` // "250000", or the person's words
	Currency string `json:",omitzero"` // "KZT", "USD", "USDT" …; empty where Amount names it
	Way      Way    `json:",omitzero"`
}

// Way is how money went away. Its words are in locales as "paper.way_"+Way.
type Way string

// The ways.
const (
	ByPhone  Way = "phone"  // transfer by number of a telephone
	ByCard   Way = "card"   // transfer to the number of a card
	ByIBAN   Way = "iban"   // transfer to an account
	ByCash   Way = "cash"   // handed over, to a courier for one
	ByCrypto Way = "crypto" // in cryptocurrency
	ByLoan   Way = "loan"   // a loan was taken, and its money passed on
	ByOther  Way = "other"  // another way or not known, taken off by the fraudsters themselves for one
)

// Ways returns every way, in the order in which to offer them.
func Ways() []Way { return []Way{ByPhone, ByCard, ByIBAN, ByCash, ByCrypto, ByLoan, ByOther} }

// Given is what fraudsters got besides money. Its words are in locales as
// "paper.given_"+Given.
type Given string

// What may have been given.
const (
	GivenCode      Given = "code"      // a code from a text message
	GivenCard      Given = "card"      // the data of a card
	GivenPassword  Given = "password"  // a login or password
	GivenApp       Given = "app"       // an application was installed, or access to the telephone given
	GivenDocuments Given = "documents" // a photograph of a document or of the person
	GivenAccount   Given = "account"   // WhatsApp, Telegram or eGov was taken over
	GivenLoan      Given = "loan"      // a loan was taken out in the person's name
)

// AllGiven returns everything that may have been given, in the order in which
// the papers tell it.
func AllGiven() []Given {
	return []Given{GivenCode, GivenCard, GivenPassword, GivenApp, GivenDocuments, GivenAccount, GivenLoan}
}

// Mark is a trace that fraudsters left: to whom the money went, from where
// they called, where their page is.
type Mark struct {
	Kind  MarkKind
	Value string // in full, as it was received
	Payee bool   `json:",omitzero"` // money went there
}

// MarkKind says what sort of trace it is. Its words are in locales as
// "paper.mark_"+MarkKind; a kind without words is told as MarkOther.
type MarkKind string

// The kinds of marks.
const (
	MarkPhone  MarkKind = "phone"
	MarkCard   MarkKind = "card"
	MarkIBAN   MarkKind = "iban"
	MarkWallet MarkKind = "wallet" // address of a cryptocurrency wallet
	MarkLink   MarkKind = "link"
	MarkHandle MarkKind = "handle" // a name in a messenger or social network
	MarkMail   MarkKind = "mail"
	MarkName   MarkKind = "name" // of the recipient as the bank showed it, or as they called themselves
	MarkOther  MarkKind = "other"
)

// Done is what the person has done since, each in their own words ("сегодня в
// 14:30, номер 12345"), "да" where they said no more, and empty where not.
type Done struct {
	Bank   string `json:",omitzero"` // the bank was told
	Police string `json:",omitzero"` // the police was called
	Other  string `json:",omitzero"` // anything else: a card blocked, a password changed
}

// Message is one message of the fraudsters, or of the person, as it was
// forwarded: evidence.
type Message struct {
	Sent     time.Time `json:",omitzero"` // when it was first sent, from the forward; zero where not known
	Received time.Time `json:",omitzero"` // when the person handed it over
	Sender   string    `json:",omitzero"` // as the forward names them; empty where hidden
	Text     string    `json:",omitzero"` // text or caption, as it was
	File     *File     `json:",omitzero"` // what came with it
}

// File is a file of a message. It is fetched when the pack is made.
type File struct {
	Name string `json:",omitzero"` // as the sender named it, any text; empty where it has no name, as a photograph
	MIME string `json:",omitzero"` // its type, "image/jpeg" for a photograph; gives a file without a name its ending
	Ref  string // by which the messenger fetches it, opaque
	Size int64  `json:",omitzero"` // bytes, 0 where it is not known
}
