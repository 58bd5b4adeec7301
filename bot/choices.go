package bot

import (
	"context"
	"strings"

	"github.com/aldanba/aldanba/detector"
	"github.com/aldanba/aldanba/locales"
)

// Ids of the choices that an adapter may offer in its own way, as commands.
const (
	ChoiceCheck    = "check"
	ChoiceHappened = "happened"
	ChoiceHelp     = "help"
	ChoiceLanguage = "language"
	ChoiceForget   = "forget"
	ChoiceAbout    = "about" // how the scheme of the last verdict works
	ChoiceGoodbye  = "goodbye"
	ChoiceUnknown  = "unknown" // a number that no choice has
)

// Ids that carry a value after the colon.
const (
	prefixLanguage = "language:"
	prefixStage    = "stage:"
	prefixWhose    = "whose:"
	whoseMine      = "mine"
	whoseRelative  = "relative"
)

// always gives the choices that are at hand at every moment.
func (t *turn) always() []Choice {
	return []Choice{
		{ID: ChoiceCheck, Label: t.say("choice_check", nil)},
		{ID: ChoiceHappened, Label: t.say("choice_happened", nil)},
		{ID: ChoiceHelp, Label: t.say("choice_help", nil)},
	}
}

// alwaysInBoth gives the same in both languages, for a person whose language is
// not known yet.
func (t *turn) alwaysInBoth() []Choice {
	choices := t.always()
	for i, key := range []string{"choice_check", "choice_happened", "choice_help"} {
		choices[i].Label = t.texts.Text(locales.Kazakh, key, nil) + " / " + t.texts.Text(locales.Russian, key, nil)
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
func (t *turn) choose(ctx context.Context, id string) []Reply {
	switch id {
	case ChoiceCheck:
		return t.reply("ask_message")
	case ChoiceHappened:
		return []Reply{t.askStage()}
	case ChoiceHelp:
		return []Reply{t.help()}
	case ChoiceLanguage:
		return []Reply{{Text: t.say("ask_language", nil), Choices: t.languageChoices()}}
	case ChoiceUnknown:
		return t.reply("choice_unknown")
	case ChoiceAbout:
		return []Reply{t.about()}
	case ChoiceForget:
		return t.forget(ctx)
	case ChoiceGoodbye:
		return []Reply{{Text: t.say("goodbye", nil)}}
	}
	if lang, ok := strings.CutPrefix(id, prefixLanguage); ok && (lang == locales.Russian || lang == locales.Kazakh) {
		t.session.Lang, t.session.LangChosen = lang, true
		return []Reply{{Text: t.say("language_switched", nil) + "\n" + t.say("ask_message", nil), Choices: t.always()}}
	}
	if value, ok := strings.CutPrefix(id, prefixStage); ok && isStage(value) {
		stage := detector.Stage(value)
		t.session.Stage = stage
		return []Reply{t.firstAid(stage, false, stage != detector.NothingYet)}
	}
	if value, ok := strings.CutPrefix(id, prefixWhose); ok && (value == whoseMine || value == whoseRelative) && t.session.Stage != "" {
		t.session.Relative = value == whoseRelative
		return []Reply{t.firstAid(t.session.Stage, t.session.Relative, false)}
	}
	return t.reply("choice_stale")
}

func isStage(id string) bool {
	for _, stage := range detector.Stages() {
		if string(stage) == id {
			return true
		}
	}
	return false
}

// help explains the bot and offers the other language.
func (t *turn) help() Reply {
	choices := append(t.always()[:2], Choice{ID: ChoiceLanguage, Label: t.otherLanguage()})
	return Reply{Text: strings.TrimSpace(t.say("help", t.contacts.Args())), Choices: choices}
}

func (t *turn) otherLanguage() string {
	var names []string
	for _, lang := range locales.Languages() {
		names = append(names, t.say("language_"+lang, nil))
	}
	return strings.Join(names, " / ")
}

// askStage asks what has already happened, the most urgent first.
func (t *turn) askStage() Reply {
	var choices []Choice
	for _, stage := range detector.Stages() {
		choices = append(choices, Choice{ID: prefixStage + string(stage), Label: t.say("stage_"+string(stage), nil)})
	}
	return Reply{Text: t.say("ask_stage", nil), Choices: choices}
}

// firstAid gives the steps for what has happened. askWhose adds the question
// whether it happened to the person or to somebody near, whose steps differ.
func (t *turn) firstAid(stage detector.Stage, relative, askWhose bool) Reply {
	lead := "stage_lead_" + string(stage)
	if relative {
		lead = "stage_lead_relative"
	}
	c := card{
		lead:  t.say(lead, nil),
		steps: t.steps(t.checker.Advice(t.session.Level, t.session.Scheme, stage, relative)),
		head:  t.say("heading_steps", nil),
	}
	choices := t.always()
	if stage == detector.SentMoney {
		c.after = t.say("money_hope", nil)
	}
	if askWhose {
		c.question = t.say("ask_whose", nil)
		choices = append([]Choice{
			{ID: prefixWhose + whoseMine, Label: t.say("whose_mine", nil)},
			{ID: prefixWhose + whoseRelative, Label: t.say("whose_relative", nil)},
		}, choices...)
	}
	return Reply{Text: c.render(), Choices: choices}
}

// about tells how the scheme of the last verdict works.
func (t *turn) about() Reply {
	s, ok := t.texts.Scheme(t.lang(), t.session.Scheme)
	if !ok {
		return t.reply("choice_stale")[0]
	}
	lines := []string{s.Name, s.How, "", t.say("heading_flags", nil)}
	for _, flag := range s.Flags {
		lines = append(lines, "• "+flag)
	}
	lines = append(lines, "", s.Wants)
	return Reply{Text: strings.Join(lines, "\n"), Choices: t.always()}
}
