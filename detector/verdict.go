package detector

import (
	"strings"
	"unicode/utf8"

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
)

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

// maxQuote is the longest quote in letters: a person must see it at a glance.
const maxQuote = 60

// Quote gives what the person sees of a signal: their own words, identifiers
// masked and links defanged. It is empty for a signal without a place.
func (v *Verdict) Quote(s Signal) string {
	if s.Start >= s.End || s.End > len(v.text) {
		return ""
	}
	if plain := v.text[s.Start:s.End]; !v.hasEntity(s) && isQuotable(plain) {
		return plain
	}
	var b strings.Builder
	at := s.Start
	for _, e := range v.Entities {
		shown := e.Masked
		switch e.Kind {
		case entity.Link:
			shown = link.Defang(v.text[e.Start:e.End])
		case entity.Installer: // "pay.example.apk" leads to a site, too
			if last := strings.LastIndexByte(shown, '.'); last > 0 {
				shown = strings.ReplaceAll(shown[:last], ".", "[.]") + shown[last:]
			}
		}
		if e.End <= at || e.Start >= s.End {
			continue
		}
		if e.Start > at {
			b.WriteString(v.text[at:e.Start])
		}
		b.WriteString(shown)
		at = e.End
	}
	if at < s.End {
		b.WriteString(v.text[at:s.End])
	}
	return shorten(oneSpace(b.String()), maxQuote)
}

// hasEntity says that a part of an entity lies within the signal.
func (v *Verdict) hasEntity(s Signal) bool {
	for i := range v.Entities {
		if e := &v.Entities[i]; e.End > s.Start && e.Start < s.End {
			return true
		}
	}
	return false
}

// isQuotable says that a text can be quoted as it stands: a few words of ASCII
// and Cyrillic with one space between them.
func isQuotable(s string) bool {
	letters, space := 0, true
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == ' ' && !space:
			space = true
		case c > ' ' && c < utf8.RuneSelf:
			space = false
		case c >= 0xD0 && c <= 0xD3 && i+1 < len(s) && s[i+1]&0xC0 == 0x80:
			space = false
			i++
		default:
			return false
		}
		letters++
	}
	return !space && letters <= maxQuote
}

// oneSpace puts one space between words, whatever stood there, and none around
// them.
func oneSpace(s string) string {
	space := true
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == ' ' && !space:
			space = true
		case c <= ' ' || c == 0xC2 || c >= 0xE1 && c <= 0xE3: // with these bytes other spaces begin
			return strings.Join(strings.Fields(s), " ")
		default:
			space = false
		}
	}
	return strings.TrimSuffix(s, " ")
}

// shorten cuts a quote at a word, with an ellipsis.
func shorten(s string, letters int) string {
	end := 0
	for range letters {
		if end == len(s) {
			return s
		}
		_, size := utf8.DecodeRuneInString(s[end:])
		end += size
	}
	if end == len(s) {
		return s
	}
	head := s[:end]
	if !utf8.ValidString(head) {
		head = string([]rune(head))
	}
	if cut := strings.LastIndexByte(head, ' '); cut >= len(head)/2 {
		head = head[:cut]
	}
	return head + "…"
}
