package bot

import (
	"context"
	"slices"
	"strings"

	"github.com/aldanba/aldanba/bot/firstaid"
	"github.com/aldanba/aldanba/detector"
	"github.com/aldanba/aldanba/locales"
)

// Ids of the choices that an adapter may offer in its own way, as commands.
const (
	ChoiceCheck    = "check"
	ChoiceHappened = "happened"
	ChoiceHelp     = "help"
	ChoiceLanguage = "language"
	ChoicePrivacy  = "privacy"
	ChoiceMyData   = "mydata" // what is remembered of the person
	ChoiceForget   = "forget"
	ChoiceAboutBot = "about_bot"
	ChoiceWhatsApp = "whatsapp" // how to bring a message over from WhatsApp
	ChoiceGoodbye  = "goodbye"
	ChoiceUnknown  = "unknown" // a number that no choice has
	ChoiceStale    = "stale"   // a button that is too old or is not ours
)

// Ids that carry values after colons. A choice says all that its answer needs,
// so it works after a restart and where nothing is remembered.
const (
	prefixLanguage = "language:"
	prefixNothing  = "nothing:" // nothing has happened yet: nothing:<scheme>, which may be empty
	prefixAid      = "aid:"     // the first minutes: aid:<key of a place in the trees, with the answer to its step>
	prefixScheme   = "scheme:"  // how a scheme works
	prefixDispute  = "dispute:" // a verdict is contested: dispute:<level>:<scheme>, which may be empty
)

// always gives the choices that are at hand at every moment.
func (t *turn) always() []Choice {
	return []Choice{
		{ID: ChoiceCheck, Label: t.say("choice_check", nil)},
		{ID: ChoiceHappened, Label: t.say("choice_happened", nil)},
		t.toPlace(t.onThePhone(), t.say("choice_call", nil)),
		{ID: ChoiceHelp, Label: t.say("choice_help", nil)},
	}
}

// onThePhone is where a person goes who talks with swindlers right now.
func (t *turn) onThePhone() firstaid.Place {
	tree, _ := t.Trees.ForStage(string(detector.OnThePhone))
	return firstaid.Place{Tree: tree.ID}
}

// alwaysInBoth gives the same in both languages, for a person whose language is
// not known yet.
func (t *turn) alwaysInBoth() []Choice {
	choices := t.always()
	for i, key := range []string{"choice_check", "choice_happened", "choice_call", "choice_help"} {
		choices[i].Label = t.Texts.Text(locales.Kazakh, key, nil) + " / " + t.Texts.Text(locales.Russian, key, nil)
	}
	return choices
}

// languageChoices gives every language by its own name.
func (t *turn) languageChoices() []Choice {
	var choices []Choice
	for _, lang := range locales.Languages() {
		choices = append(choices, Choice{ID: prefixLanguage + lang, Label: t.say("language_"+lang, nil)})
	}
	return choices
}

// choose answers a button. An id that is not known (an old button, a forged
// one) is answered too.
func (t *turn) choose(ctx context.Context, id string) Answer {
	switch id {
	case ChoiceCheck:
		t.lately.toCheck = true
		return said(t.reply("ask_message"))
	case ChoiceHappened:
		return said(t.askWhat("ask_stage"))
	case ChoiceHelp:
		return said(t.help())
	case ChoiceLanguage:
		return said(Reply{Text: t.say("ask_language", nil), Choices: t.languageChoices()})
	case ChoicePrivacy:
		return said(t.privacy())
	case ChoiceMyData:
		return said(t.myData(ctx))
	case ChoiceForget:
		return t.forget(ctx)
	case ChoiceAboutBot:
		return said(t.reply("about_bot"))
	case ChoiceWhatsApp:
		return said(t.whatsApp())
	case ChoiceUnknown:
		return said(t.reply("choice_unknown"))
	case ChoiceGoodbye:
		return said(Reply{Text: t.say("goodbye", nil)})
	}
	if answer, ok := t.agree(ctx, id); ok {
		return answer
	}
	if reply, ok := t.answerReminders(ctx, id); ok {
		return said(reply)
	}
	if value, ok := strings.CutPrefix(id, prefixDispute); ok {
		return said(t.disputedByChoice(ctx, value))
	}
	if reply, ok := t.chooseValue(id); ok {
		return said(reply)
	}
	return said(t.reply("choice_stale"))
}

func said(replies ...Reply) Answer { return Answer{Replies: replies} }

// chooseValue answers the choices that carry a value.
func (t *turn) chooseValue(id string) (Reply, bool) {
	kind, value, _ := strings.Cut(id, ":")
	switch kind + ":" {
	case prefixLanguage:
		if !slices.Contains(locales.Languages(), value) {
			return Reply{}, false
		}
		t.session.Lang, t.session.LangChosen = value, true
		reply := t.reply("ask_message")
		reply.Text = t.say("language_switched", nil) + "\n" + reply.Text
		return reply, true
	case prefixNothing:
		return t.beforehand(value), true
	case prefixAid:
		return t.aid(strings.TrimPrefix(id, prefixAid))
	case prefixScheme:
		return t.about(value)
	case prefixTopic:
		return t.topic(value)
	case prefixClarify:
		return t.clarified(value)
	}
	return Reply{}, false
}

// help explains the bot and offers the other language.
func (t *turn) help() Reply {
	reply := t.reply("help")
	reply.Choices = append(reply.Choices[:3],
		Choice{ID: ChoiceLanguage, Label: t.otherLanguage()},
		Choice{ID: ChoiceWhatsApp, Label: t.say("choice_whatsapp", nil)},
		Choice{ID: ChoicePrivacy, Label: t.say("choice_privacy", nil)})
	return reply
}

func (t *turn) otherLanguage() string {
	var names []string
	for _, lang := range locales.Languages() {
		names = append(names, t.say("language_"+lang, nil))
	}
	return strings.Join(names, " / ")
}

// whatsApp shows how to bring a message over from WhatsApp.
func (t *turn) whatsApp() Reply {
	reply := t.reply("whatsapp_howto")
	reply.Pictures = locales.WhatsAppPictures(t.lang())
	return reply
}

// beforehand gives the steps where nothing has happened yet.
func (t *turn) beforehand(scheme string) Reply {
	c := card{
		lead:  t.say("stage_lead_"+string(detector.NothingYet), nil),
		steps: t.steps(t.Checker.Advice(detector.Suspicious, scheme, detector.NothingYet, false)),
		head:  t.say("heading_steps", nil),
	}
	return Reply{Text: c.render(), Choices: t.always()}
}

// about tells how a scheme works.
func (t *turn) about(scheme string) (Reply, bool) {
	s, ok := t.Texts.Scheme(t.lang(), scheme)
	if !ok {
		return Reply{}, false
	}
	lines := []string{s.Name, s.How, "", t.say("heading_flags", nil)}
	for _, flag := range s.Flags {
		lines = append(lines, "• "+flag)
	}
	lines = append(lines, "", s.Wants)
	return Reply{Text: strings.Join(lines, "\n"), Choices: t.always()}, true
}
