package detector

import (
	"slices"

	"github.com/aldanba/aldanba/detector/entity"
	"github.com/aldanba/aldanba/detector/link"
	"github.com/aldanba/aldanba/detector/scheme"
	"github.com/aldanba/aldanba/detector/text"
)

// Level is the verdict in one word.
type Level string

// The verdicts. None of them means "safe": NoSigns says only that nothing was
// found, Unreadable that there was too little text to judge.
const (
	Scam       Level = "scam"
	Suspicious Level = "suspicious"
	NoSigns    Level = "no_signs"
	Unreadable Level = "unreadable"
)

// Danger orders the verdicts: 2 for Scam, 1 for Suspicious, 0 for the others.
func (l Level) Danger() int {
	switch l {
	case Scam:
		return 2
	case Suspicious:
		return 1
	}
	return 0
}

// Stage says what has already happened to the person.
type Stage string

// The stages, as the catalogue of schemes has them.
const (
	NothingYet   Stage = "nothing_yet"
	OpenedLink   Stage = "opened_link"
	ToldCode     Stage = "told_code"
	GaveCardData Stage = "gave_card_data"
	SentMoney    Stage = "sent_money"
	InstalledApp Stage = "installed_app"
	TookLoan     Stage = "took_loan"
	LostAccount  Stage = "lost_account"
	OnThePhone   Stage = "on_the_phone"
)

// Stages gives every stage, the one that leaves least time first.
func Stages() []Stage {
	return []Stage{OnThePhone, SentMoney, ToldCode, GaveCardData, InstalledApp, TookLoan, LostAccount, OpenedLink, NothingYet}
}

// Intent says what the person wants with a message.
type Intent string

// The intents.
const (
	Content   Intent = "content"   // something to check
	OwnStory  Intent = "own_story" // what happened, in the person's own words
	Emergency Intent = "emergency" // it has already happened
	Danger    Intent = "danger"    // a threat to life or violence
	Question  Intent = "question"  // a question to the bot
	Greeting  Intent = "greeting"
	Thanks    Intent = "thanks"
	Forget    Intent = "forget" // "erase all about me"
	Person    Intent = "person" // the wish for a human being
	Help      Intent = "help"
	Goodbye   Intent = "goodbye"
	ShowsCard Intent = "shows_card" // the number of a card, and hardly more
)

// Intents gives every intent.
func Intents() []Intent {
	return []Intent{Content, OwnStory, Emergency, Danger, Question, Greeting, Thanks, Forget, Person, Help, Goodbye, ShowsCard}
}

// Signal is one piece of evidence for or against.
type Signal struct {
	Rule       *scheme.Rule
	Start, End int // byte span in the checked text; equal when it rests on other signals

	traits *traits // of the rule; nil for the learned model
}

// Verdict is what the local detector thinks of one message. It holds the
// message only as long as its quotes are wanted; nothing of it is stored.
type Verdict struct {
	Level    Level
	Score    float64  // probability that the message is a scam, 0 to 1
	Scheme   string   // leading scheme of the catalogue, or empty
	Schemes  []string // all that fit, the leading one first
	Stage    Stage
	Relative bool // it happened to somebody near, not to the writer
	Intent   Intent
	Lang     text.Lang
	Signals  []Signal // the strongest first
	Entities []entity.Entity
	Links    []link.Finding // one for every entity of kind link, in their order
	Advice   []string       // ids of steps, the most urgent first
	Cut      bool           // the text was longer than MaxText and only its beginning was read

	Opinion   *Opinion  // of a judge, where one was heard
	Agreement Agreement // how it stands to the local verdict

	text string
}

// Explains says that the reason of a signal belongs to the scheme that leads the
// verdict, because words of another story may stand in a message by chance.
// Where no rule speaks for that scheme, any that fits will do.
func (v *Verdict) Explains(s Signal) bool {
	if v.Scheme == "" || s.traits == nil || s.traits.tells == nil || slices.Contains(s.traits.tells, v.Scheme) {
		return true
	}
	return !v.Evident() && slices.ContainsFunc(v.Schemes, func(id string) bool { return slices.Contains(s.traits.tells, id) })
}

// Evident says that a rule speaks for the scheme that leads the verdict:
// otherwise it is what the learned model thinks most likely.
func (v *Verdict) Evident() bool {
	return slices.ContainsFunc(v.Signals, func(s Signal) bool { return s.Rule.Weight > 0 && slices.Contains(s.Rule.Schemes, v.Scheme) })
}
