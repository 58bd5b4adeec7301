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

	"github.com/aldanba/aldanba/detector"
	"github.com/aldanba/aldanba/detector/text"
	"github.com/aldanba/aldanba/locales"
)

// Checker judges messages. The detector is one.
type Checker interface {
	Check(message string) *detector.Verdict
	Advice(level detector.Level, scheme string, stage detector.Stage, relative bool) []string
}

// Bot holds the conversation with all persons. It is safe for concurrent use;
// events of one person are to be handled one after another.
type Bot struct {
	checker  Checker
	texts    *locales.Texts
	contacts *locales.Contacts
	sessions Sessions
}

// New makes a bot of its parts.
func New(checker Checker, texts *locales.Texts, contacts *locales.Contacts, sessions Sessions) *Bot {
	return &Bot{checker: checker, texts: texts, contacts: contacts, sessions: sessions}
}

// Handle answers one event. There is always at least one reply: if the memory
// of the person cannot be read or written, the answer comes without it, and the
// error is given along for whoever watches over the store.
func (b *Bot) Handle(ctx context.Context, event Event) (Answer, error) {
	session, err := b.sessions.Load(ctx, event.Person)
	if err != nil {
		session = Session{}
	}
	turn := &turn{Bot: b, session: session, known: session != Session{}, person: event.Person}
	replies := turn.answer(ctx, event)
	if turn.session != session && !turn.erased {
		if saveErr := b.sessions.Save(ctx, event.Person, turn.session); err == nil {
			err = saveErr
		}
	}
	if turn.err != nil && err == nil {
		err = turn.err
	}
	return Answer{Replies: replies, Lang: turn.lang()}, err
}

// turn is the handling of one event.
type turn struct {
	*Bot
	session Session
	known   bool // something was remembered before this event
	person  string
	erased  bool
	err     error
}

func (t *turn) answer(ctx context.Context, event Event) []Reply {
	switch {
	case event.Start:
		return t.start()
	case event.Choice != "":
		return t.choose(ctx, event.Choice)
	}
	var texts []string
	for _, m := range event.Messages {
		texts = append(texts, m.Text)
	}
	return t.read(ctx, strings.Join(texts, "\n"))
}

// start greets. A person whose language is not known is greeted in both.
func (t *turn) start() []Reply {
	if t.session.Lang != "" {
		return t.small("hello_again")
	}
	greetings := []string{
		strings.TrimSpace(t.texts.Text(locales.Kazakh, "greeting", nil)),
		strings.TrimSpace(t.texts.Text(locales.Russian, "greeting", nil)),
	}
	return []Reply{{Text: strings.Join(greetings, "\n\n"), Choices: append(t.languageChoices(), t.alwaysInBoth()...)}}
}

// read answers what a person wrote: first by what they want, then by what the
// message is. A pasted message is answered before anything is asked.
func (t *turn) read(ctx context.Context, message string) []Reply {
	message = strings.TrimRight(message, " \t\r\n")
	if message == "" {
		return t.reply("ask_message")
	}
	// A language is chosen by its name, too.
	for _, lang := range locales.Languages() {
		if strings.EqualFold(strings.TrimSpace(message), t.say("language_"+lang, nil)) {
			return t.choose(ctx, prefixLanguage+lang)
		}
	}
	verdict := t.checker.Check(message)
	t.follow(verdict.Lang)
	var replies []Reply
	if verdict.Cut {
		replies = append(replies, Reply{Text: t.say("text_too_long", map[string]any{"Limit": detector.MaxText >> 10})})
	}
	switch verdict.Intent {
	case detector.Danger:
		replies = append(replies, Reply{Text: t.say("emergency", t.contacts.Args()), Choices: t.always()})
		if verdict.Stage != detector.NothingYet {
			t.session.Stage, t.session.Scheme = verdict.Stage, verdict.Scheme
			replies = append(replies, t.firstAid(verdict.Stage, verdict.Relative, !verdict.Relative))
		} else if verdict.Level == detector.Scam || verdict.Level == detector.Suspicious {
			replies = append(replies, t.judged(verdict))
		}
	case detector.Emergency:
		t.session.Stage, t.session.Scheme = verdict.Stage, verdict.Scheme
		replies = append(replies, t.firstAid(verdict.Stage, verdict.Relative, !verdict.Relative))
	case detector.Forget:
		replies = append(replies, t.forget(ctx)...)
	default:
		if key, ok := smallAnswers[verdict.Intent]; ok {
			return append(replies, t.small(key)...)
		}
		replies = append(replies, t.judged(verdict))
	}
	return replies
}

// smallAnswers are the phrases for what is no message to check.
var smallAnswers = map[detector.Intent]string{
	detector.Greeting: "hello_again",
	detector.Thanks:   "thanks",
	detector.Goodbye:  "goodbye",
	detector.Question: "question",
	detector.Help:     "help",
	detector.Person:   "person",
}

func (t *turn) small(key string) []Reply {
	if key == "hello_again" && t.session.Checks == 0 {
		key = "greeting"
	}
	return []Reply{{Text: strings.TrimSpace(t.say(key, t.contacts.Args())), Choices: t.always()}}
}

// forget erases all that is remembered about the person.
func (t *turn) forget(ctx context.Context) []Reply {
	key := "privacy_erased"
	if !t.known {
		key = "privacy_nothing"
	}
	answer := t.say(key, nil)
	if n := t.session.Checks; n > 0 {
		answer += "\n" + t.texts.Plural(t.lang(), "checks_erased", n, nil)
	}
	choices := t.always()
	t.err = t.sessions.Erase(ctx, t.person)
	if t.err != nil {
		return []Reply{{Text: t.say("not_our_fault", nil), Choices: choices}}
	}
	t.session, t.erased = Session{}, true
	return []Reply{{Text: answer, Choices: choices}}
}

// follow takes up the language of a message unless the person has chosen one.
// Who mixes both reads Kazakh.
func (t *turn) follow(lang text.Lang) {
	if t.session.LangChosen {
		return
	}
	switch lang {
	case text.Russian:
		t.session.Lang = locales.Russian
	case text.Kazakh, text.Mixed:
		t.session.Lang = locales.Kazakh
	}
}

// say gives a phrase in the person's language.
func (t *turn) say(key string, args map[string]any) string {
	return t.texts.Text(t.lang(), key, args)
}

func (t *turn) lang() string {
	if t.session.Lang == "" {
		return locales.Russian
	}
	return t.session.Lang
}

// reply is a phrase with the choices that are always at hand.
func (t *turn) reply(key string) []Reply {
	return []Reply{{Text: strings.TrimSpace(t.say(key, nil)), Choices: t.always()}}
}
