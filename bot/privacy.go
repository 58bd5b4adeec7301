package bot

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/aldanba/aldanba/locales"
)

// Ids of the answers to questions of privacy: <question>:<yes or no>.
const (
	prefixRemember = "remember:" // may more than the language be remembered
	prefixPicture  = "picture:"  // may a service read pictures
	prefixVoice    = "voice:"    // may a service listen
	prefixWarnings = "warnings:" // may warnings of the police be sent
	prefixRegion   = "region:"   // region:<id>
	yes            = "yes"
	no             = "no"
)

// checksBeforeWarnings is after how many checks warnings are offered: to a
// person who knows by then what the bot is for.
const checksBeforeWarnings = 3

// kazakhstan has had one time for the whole country since 1 March 2024.
var kazakhstan = time.FixedZone("UTC+5", 5*60*60)

// yesOrNo gives the two answers to a question.
func (t *turn) yesOrNo(question string) []Choice {
	return []Choice{
		{ID: question + yes, Label: t.say("choice_yes", nil)},
		{ID: question + no, Label: t.say("choice_no", nil)},
	}
}

// serviceChoices are the answers to whether a service may read a file.
func (t *turn) serviceChoices(gap Gap) []Choice {
	if gap == GapAskVoice {
		return t.yesOrNo(prefixVoice)
	}
	return t.yesOrNo(prefixPicture)
}

// agree answers a yes or no to a question of privacy, and the region.
func (t *turn) agree(ctx context.Context, id string) (Answer, bool) {
	kind, value, _ := strings.Cut(id, ":")
	answered := Refused
	if value == yes {
		answered = Agreed
	}
	if kind+":" == prefixRegion {
		if t.session.Warnings != Agreed || !slices.Contains(locales.Regions(), value) {
			return Answer{}, false
		}
		t.session.Region = value
		return said(t.reply("region_kept")), true
	}
	if value != yes && value != no || t.group && kind+":" == prefixRemember {
		return Answer{}, false
	}
	if strings.HasPrefix(t.session.Asked, kind+":") {
		t.session.Asked = ""
	}
	switch kind + ":" {
	case prefixRemember:
		if t.session.Consent == Agreed && answered == Refused {
			// What was remembered goes now, not when its time is over.
			t.err = t.Sessions.Erase(ctx, t.person)
			t.session.Draft = time.Time{} // erased with the rest
		}
		t.session.Consent, t.session.ConsentAsked = answered, true
		return said(t.reply("remember_" + value)), true
	case prefixPicture:
		t.session.Services.Picture = answered
		answer := said(t.reply("service_" + value))
		answer.Resume = true
		return answer, true
	case prefixVoice:
		t.session.Services.Voice = answered
		answer := said(t.reply("service_" + value))
		answer.Resume = true
		return answer, true
	case prefixWarnings:
		t.session.Warnings = answered
		if answered == Agreed {
			return said(t.askRegion()), true
		}
		return said(t.reply("warnings_no")), true
	}
	return Answer{}, false
}

// askForConsent asks once, after the first answer, whether more than the
// language may be remembered. Under a first alarm it would push away what is
// urgent now: then it is asked with the next answer.
func (t *turn) askForConsent(answer *Answer, about Message) {
	asked := t.session.ConsentAsked && !t.owes(prefixRemember, about)
	if !t.AskConsent || t.group || asked || answer.Reading || t.trouble {
		return
	}
	// The answer to the first message may be found anew, after a crash.
	first := !t.session.ConsentAsked && (t.session.Asked == "" || t.owes(prefixRemember, about))
	t.session.Asked = prefixRemember + about.ID
	if first && answer.Level.Danger() > 0 {
		return
	}
	t.session.ConsentAsked = true
	answer.add(Reply{Text: t.say("ask_remember", nil), Choices: t.yesOrNo(prefixRemember)})
}

// askForWarnings offers the warnings of the police once, to a person who has
// agreed to be remembered.
func (t *turn) askForWarnings(answer *Answer, about Message) {
	asked := t.session.Warnings != NotAsked && !t.owes(prefixWarnings, about)
	if t.session.Consent != Agreed || asked || t.session.Checks < checksBeforeWarnings ||
		answer.Reading || answer.Level.Danger() > 0 || t.trouble {
		return
	}
	t.session.Warnings, t.session.Asked = Refused, prefixWarnings+about.ID // who does not answer has not agreed
	answer.add(Reply{Text: t.say("ask_warnings", nil), Choices: t.yesOrNo(prefixWarnings)})
}

// owes says that a question was to come after this very message. Its answer is
// found anew where the program died before all of it was sent: then the question
// is still to be asked.
func (t *turn) owes(question string, about Message) bool {
	return about.ID != "" && t.session.Asked == question+about.ID
}

// askRegion asks where the person lives.
func (t *turn) askRegion() Reply {
	var choices []Choice
	for _, region := range locales.Regions() {
		choices = append(choices, Choice{ID: prefixRegion + region, Label: t.say("region_"+region, nil)})
	}
	return Reply{Text: t.say("ask_region", nil), Choices: choices}
}

// privacy tells what is remembered, for how long, and what leaves the bot.
func (t *turn) privacy() Reply {
	lines := []string{t.say("privacy", nil), t.say("privacy_aid", nil)}
	if t.writes() {
		lines = append(lines, t.say("privacy_draft", nil))
	}
	choices := []Choice{{ID: ChoiceMyData, Label: t.say("choice_mydata", nil)}, {ID: ChoiceForget, Label: t.say("choice_forget", nil)}}
	if t.Judge != nil {
		lines = append(lines, t.say("privacy_judge", nil))
	}
	if t.SeesPictures {
		lines = append(lines, t.say("privacy_pictures", nil))
		choices = append(choices, t.toggle(t.session.Services.Picture, prefixPicture, "choice_picture_"))
	}
	if t.HearsVoice {
		lines = append(lines, t.say("privacy_voice", nil))
		choices = append(choices, t.toggle(t.session.Services.Voice, prefixVoice, "choice_voice_"))
	}
	if t.AskConsent && !t.group {
		choices = append(choices, t.toggle(t.session.Consent, prefixRemember, "choice_remember_"))
	}
	if t.session.Reminders == Agreed {
		choices = append(choices, t.stopReminders())
	}
	return Reply{Text: strings.Join(lines, "\n"), Choices: append(choices, t.always()...)}
}

// toggle offers to take back what was agreed, or to agree.
func (t *turn) toggle(now Consent, question, label string) Choice {
	value := yes
	if now == Agreed {
		value = no
	}
	return Choice{ID: question + value, Label: t.say(label+value, nil)}
}

// myData tells what is remembered of the person.
func (t *turn) myData(ctx context.Context) Reply {
	s := t.loaded
	s.Aid = t.session.Aid
	if s == (Session{}) {
		return t.reply("mydata_nothing")
	}
	lines := []string{t.say("mydata", nil)}
	line := func(key string, args map[string]any) { lines = append(lines, "• "+t.say(key, args)) }
	if s.Lang != "" {
		line("mydata_language", map[string]any{"Language": t.say("language_"+s.Lang, nil)})
	}
	if p, _, ok := t.Trees.Parse(s.Aid); ok {
		line("mydata_stage", map[string]any{"Stage": t.aidText("tree_" + p.Tree)})
	}
	if !s.Draft.IsZero() {
		line("mydata_draft", map[string]any{"Date": s.Draft.In(kazakhstan).Format(untilForm)})
	}
	if t.watches(s) {
		line("mydata_watch", map[string]any{"Date": s.Lost.Add(watchTime).In(kazakhstan).Format("02.01.2006")})
	}
	for _, answered := range []struct {
		key    string
		answer Consent
	}{
		{"mydata_remember", s.Consent}, {"mydata_picture", s.Services.Picture}, {"mydata_voice", s.Services.Voice},
		{"mydata_warnings", s.Warnings}, {"mydata_reminders", s.Reminders},
	} {
		switch answered.answer {
		case Agreed:
			line(answered.key, map[string]any{"Answer": t.say("choice_yes", nil)})
		case Refused:
			line(answered.key, map[string]any{"Answer": t.say("choice_no", nil)})
		}
	}
	if s.Checks > 0 {
		lines = append(lines, "• "+t.Texts.Plural(t.lang(), "mydata_checks", s.Checks, nil))
	}
	if s.Region != "" {
		line("mydata_region", map[string]any{"Region": t.say("region_"+s.Region, nil)})
	}
	if n := t.keptPieces(ctx); n > 0 {
		line("mydata_story", map[string]any{"N": n})
	}
	lines = append(lines, t.pastVerdicts(ctx)...)
	choices := []Choice{{ID: ChoiceForget, Label: t.say("choice_forget", nil)}}
	return Reply{Text: strings.Join(lines, "\n"), Choices: append(choices, t.always()...)}
}

// shownVerdicts is how many past verdicts are told.
const shownVerdicts = 5

func (t *turn) pastVerdicts(ctx context.Context) []string {
	if t.History == nil {
		return nil
	}
	past, err := t.History.Verdicts(ctx, t.person)
	if t.err == nil {
		t.err = err
	}
	var lines []string
	for _, v := range past[:min(len(past), shownVerdicts)] {
		args := map[string]any{"Date": v.At.In(kazakhstan).Format("02.01.2006"), "Verdict": t.say("level_"+string(v.Level), nil)}
		lines = append(lines, "• "+t.say("mydata_verdict", args))
	}
	return lines
}

// forget erases all that is remembered about the person.
func (t *turn) forget(ctx context.Context) Answer {
	key := "privacy_erased"
	if t.loaded == (Session{}) {
		key = "privacy_nothing"
	}
	text := t.say(key, nil)
	if n := t.session.Checks; n > 0 {
		text += "\n" + t.Texts.Plural(t.lang(), "checks_erased", n, nil)
	}
	choices := t.always()
	if err := t.Sessions.Erase(ctx, t.person); err != nil {
		t.err = err
		return said(Reply{Text: t.say("not_our_fault", nil), Choices: choices})
	}
	return Answer{Replies: []Reply{{Text: text, Choices: choices}}, Erased: true}
}
