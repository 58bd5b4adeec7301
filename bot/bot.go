// Package bot is the conversation: an event comes in, replies go out.
//
// It is the same conversation on every messenger and in the terminal, so it
// knows none of them. It asks a detector what a message is, remembers a few
// derived facts about the person (never what they wrote), and speaks in the
// words of locales.
package bot

import (
	"context"
	"strings"
	"time"

	"github.com/aldanba/aldanba/bot/clarify"
	"github.com/aldanba/aldanba/bot/firstaid"
	"github.com/aldanba/aldanba/bot/hear"
	"github.com/aldanba/aldanba/bot/knowledge"
	"github.com/aldanba/aldanba/bot/story"
	"github.com/aldanba/aldanba/detector"
	"github.com/aldanba/aldanba/detector/text"
	"github.com/aldanba/aldanba/locales"
)

// Checker judges messages. The detector is one.
type Checker interface {
	Check(message string) *detector.Verdict
	Advice(level detector.Level, scheme string, stage detector.Stage, relative bool) []string
}

// Adviser brings the opinion of a judge into a verdict. The detector is one.
type Adviser interface {
	// Asks says whether an opinion may still change the verdict.
	Asks(v *detector.Verdict) bool
	Ask(ctx context.Context, judge detector.Judge, v *detector.Verdict, lang, person string) (detector.Opinion, error)
	Fuse(v *detector.Verdict, o detector.Opinion) *detector.Verdict
}

// PastVerdict is what is remembered of a message that was checked.
type PastVerdict struct {
	Level  detector.Level
	Scheme string
	At     time.Time
}

// History remembers verdicts, never messages: of a message it keeps a keyed
// digest at most.
type History interface {
	RememberVerdict(ctx context.Context, person, message string, level detector.Level, scheme string) error
	// Verdicts gives what is remembered of a person, the latest first.
	Verdicts(ctx context.Context, person string) ([]PastVerdict, error)
}

// Config says what a bot is made of.
type Config struct {
	Checker Checker
	// Analyzer reads words. It may be shared with the checker, so that words are
	// remembered once; nil: one of its own.
	Analyzer *text.Analyzer
	Texts    *locales.Texts
	Contacts *locales.Contacts
	Trees    *firstaid.Trees
	Sessions Sessions
	// Judge gives a second opinion where the verdict is not certain, and Adviser
	// weighs it; both may be nil. JudgeFirst is set where an answer cannot be
	// changed once it is given: then the judge is heard before.
	Judge      detector.Judge
	Adviser    Adviser
	JudgeFirst bool
	// History may be nil: then no verdict is remembered.
	History History
	// Plots and Stories recognise a story that is told over days. Stories may
	// be nil: then each case stands for itself.
	Plots   *story.Plots
	Stories Stories
	// Reminders may be nil: then none is offered.
	Reminders Reminders
	// Drafts may be nil: then no statement is written.
	Drafts Drafts
	// Knowledge finds what a question is about, and Ear hears what is said to
	// the bot itself. Without them only messages are answered.
	Knowledge *knowledge.Base
	Ear       *hear.Ear
	// Answerer may be nil: then the passages are told as they are, and who asks
	// something unclear is asked what they mean.
	Answerer Answerer
	// Clarify chooses what is asked after a suspicious verdict; nil: nothing is.
	Clarify *clarify.Table
	// Counts may be nil: then nobody learns which verdicts are contested.
	Counts Counts
	// Clock tells the time; nil: time.Now.
	Clock func() time.Time
	// AskConsent is set where sessions outlive the conversation: until the
	// person has agreed, nothing but their language is remembered.
	AskConsent bool
	// SeesPictures and HearsVoice say that a service outside is switched on
	// that reads pictures or listens, so that /privacy names it.
	SeesPictures, HearsVoice bool
	// Deaf says that nothing is there that listens, here or outside: who sends a
	// voice note hears so at once, with what works instead.
	Deaf bool
}

// Bot holds the conversation with all persons. It is safe for concurrent use;
// events of one person are to be handled one after another.
type Bot struct {
	Config
	phrases *phrases
	recent  *recent
}

// New makes a bot of its parts.
func New(config Config) *Bot {
	if config.Clock == nil {
		config.Clock = time.Now
	}
	return &Bot{Config: config, phrases: newPhrases(config.Texts, config.Trees, config.Analyzer), recent: newRecent(config.Clock)}
}

// Handle answers one event. There is always at least one reply: if the memory
// of the person cannot be read or written, the answer comes without it, and the
// error is given along for whoever watches over the store.
func (b *Bot) Handle(ctx context.Context, event Event) (Answer, error) {
	t, err := b.turn(ctx, event.Person)
	t.group = event.Group
	t.follow(languageOf(event.Lang))
	answer := t.answer(ctx, event)
	answer.Lang = t.lang()
	t.lately.asked = t.answersUnder(answer.Replies)
	if err == nil {
		err = t.err
	}
	t.recall(answer.Erased)
	if kept := t.kept(); kept != t.loaded && !answer.Erased {
		if saveErr := b.Sessions.Save(ctx, event.Person, kept); err == nil {
			err = saveErr
		}
	}
	return answer, err
}

// Services tells what of a person's files services outside may read. Who
// cannot be remembered has agreed to nothing.
func (b *Bot) Services(ctx context.Context, person string) Services {
	session, err := b.Sessions.Load(ctx, person)
	if err != nil {
		return Services{}
	}
	return session.Services
}

// Sorry is what a person hears when their message could not be handled.
func (b *Bot) Sorry(ctx context.Context, person string) Reply {
	t, _ := b.turn(ctx, person)
	return t.reply("not_our_fault")
}

// Busy is what a person hears who sends more than can be answered.
func (b *Bot) Busy(ctx context.Context, person string) Reply {
	t, _ := b.turn(ctx, person)
	return t.reply("too_many")
}

// turn is the handling of one event.
type turn struct {
	*Bot
	person  string
	group   bool
	loaded  Session // as it was remembered
	session Session // as it is by now
	lately  lately  // what is known of the last hours
	err     error   // the first fault of the memory on the way
	over    string  // the phrase that tells why a draft is there no more, empty where nothing is to be told
	ear     hearing // what the ear last heard
	trouble bool    // the first minutes after something has happened: no time for questions of ours
}

// hearing is what the ear heard in a text.
type hearing struct {
	said     string
	meanings []hear.Meaning
	words    int
}

func (b *Bot) turn(ctx context.Context, person string) (*turn, error) {
	session, err := b.Sessions.Load(ctx, person)
	if err != nil {
		session = Session{}
	}
	t := &turn{Bot: b, person: person, loaded: session, session: session}
	t.lately = b.recent.of(person)
	if session.Aid == "" {
		t.session.Aid = t.lately.aid
	}
	return t, err
}

// recall keeps in memory for a while what may not be remembered for longer.
func (t *turn) recall(erased bool) {
	if erased {
		t.recent.forget(t.person)
		return
	}
	t.lately.aid = t.session.Aid
	t.recent.put(t.person, t.lately)
}

// kept is what of the session may be remembered.
func (t *turn) kept() Session {
	if t.AskConsent && t.session.Consent != Agreed {
		s := t.session
		return Session{Lang: s.Lang, LangChosen: s.LangChosen, Consent: s.Consent, ConsentAsked: s.ConsentAsked, Asked: s.Asked, Services: s.Services, Draft: s.Draft}
	}
	s := t.session
	if !t.watches(s) {
		s.Lost = time.Time{} // it has served its time
	}
	return s
}

func (t *turn) answer(ctx context.Context, event Event) Answer {
	answer, ok := t.interview(ctx, event)
	if !ok {
		answer = t.converse(ctx, event)
		t.wayBack(&answer)
	}
	return answer
}

// converse answers what is not part of an interview.
func (t *turn) converse(ctx context.Context, event Event) Answer {
	switch {
	case event.Start:
		return Answer{Replies: t.start()}
	case event.Choice != "":
		return t.choose(ctx, event.Choice)
	}
	return t.read(ctx, event)
}

// start greets. A person whose language is not known is greeted in both; one
// who was in the middle of something can go on.
func (t *turn) start() []Reply {
	if t.session.Lang == "" {
		greetings := []string{
			strings.TrimSpace(t.Texts.Text(locales.Kazakh, "greeting", nil)),
			strings.TrimSpace(t.Texts.Text(locales.Russian, "greeting", nil)),
		}
		return []Reply{{Text: strings.Join(greetings, "\n\n"), Choices: append(t.languageChoices(), t.alwaysInBoth()...)}}
	}
	reply := t.small("hello_again")
	reply.Choices = append(t.continuing(), reply.Choices...)
	return []Reply{reply}
}

// follow takes up a language unless the person has chosen one or a message has
// shown theirs.
func (t *turn) follow(lang string) {
	if t.session.Lang == "" {
		t.session.Lang = lang
	}
}

// hear takes up the language of a message unless the person has chosen one.
// Who mixes both reads Kazakh. What others wrote tells less: it changes a
// language that is known only where it is Kazakh, for many who read Kazakh have
// a telephone in Russian, and swindlers write Russian to everybody.
func (t *turn) hear(lang text.Lang, own bool) {
	if t.session.LangChosen || !own && t.session.Lang != "" && lang != text.Kazakh {
		return
	}
	switch lang {
	case text.Russian:
		t.session.Lang = locales.Russian
	case text.Kazakh, text.Mixed:
		t.session.Lang = locales.Kazakh
	}
}

// languageOf gives our language for the one that a messenger names, or nothing.
func languageOf(code string) string {
	code, _, _ = strings.Cut(strings.ToLower(code), "-")
	for _, lang := range locales.Languages() {
		if code == lang {
			return lang
		}
	}
	return ""
}

// say gives a phrase in the person's language.
func (t *turn) say(key string, args map[string]any) string {
	return strings.TrimSpace(t.Texts.Text(t.lang(), key, args))
}

func (t *turn) lang() string {
	if t.session.Lang == "" {
		return locales.Russian
	}
	return t.session.Lang
}

// reply is a phrase with the choices that are always at hand.
func (t *turn) reply(key string) Reply {
	return Reply{Text: t.say(key, t.Contacts.Args()), Choices: t.always()}
}

// small is the phrase for what is no message to check.
func (t *turn) small(key string) Reply {
	if key == "hello_again" && t.session.Checks == 0 {
		key = "greeting"
	}
	return t.reply(key)
}
