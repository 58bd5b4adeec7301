package bot

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/aldanba/aldanba/bot/firstaid"
	"github.com/aldanba/aldanba/locales"
)

// aid answers a button of the first minutes. Its id says where the person
// stands and what they say of the step before them.
func (t *turn) aid(key string) (Reply, bool) {
	place, answer, ok := t.Trees.Parse(key)
	if !ok {
		return Reply{}, false
	}
	return t.stand(t.Trees.Next(place, answer)), true
}

// askWhat asks what has happened, the most urgent first. The phrase is a key of
// locales.
func (t *turn) askWhat(phrase string) Reply {
	choices := t.continuing()
	for _, tree := range t.Trees.All() {
		choices = append(choices, t.toTree(tree, labelTree+tree.ID))
	}
	choices = append(choices, t.toStatement(firstaid.Place{})...)
	choices = append(choices, Choice{ID: prefixNothing, Label: t.say("stage_nothing_yet", nil)})
	return Reply{Text: t.say(phrase, nil), Choices: choices}
}

// toTree is the choice that leads into a tree.
func (t *turn) toTree(tree firstaid.Tree, label string) Choice {
	return t.toPlace(firstaid.Place{Tree: tree.ID}, t.say(label, nil))
}

func (t *turn) toPlace(p firstaid.Place, label string) Choice {
	return Choice{ID: prefixAid + p.Key(), Label: label}
}

// continuing offers to go on where the person stopped, if that is remembered.
func (t *turn) continuing() []Choice {
	place, _, ok := t.Trees.Parse(t.session.Aid)
	if !ok {
		return nil
	}
	return []Choice{t.toPlace(place, t.aidText("choice_continue"))}
}

// stand shows a place and takes down that the person stands there.
func (t *turn) stand(p firstaid.Place) Reply {
	t.trouble = true
	tree, _ := t.Trees.Tree(p.Tree)
	if tree.Loss && (t.Trees.Asks(p) || t.Trees.Begins(p)) {
		t.session.Lost = t.now()
	}
	t.session.Aid, t.lately.from = p.Key(), p.Key()
	switch {
	case t.Trees.Asks(p):
		return t.askHow(tree, p)
	case p.Step != "":
		return t.step(tree, p)
	}
	t.session.Aid = ""
	if tree.ThenMenu {
		return t.askWhat("aid.call_end")
	}
	return t.report(tree, p)
}

// now is the time as sessions keep it.
func (t *turn) now() time.Time { return t.Clock().UTC().Truncate(time.Second) }

// askHow asks how it happened and shows the most urgent step meanwhile.
func (t *turn) askHow(tree firstaid.Tree, p firstaid.Place) Reply {
	lines := []string{
		t.lead(tree, p), "",
		t.aidText("urgent_head"), t.words(t.Trees.Step(tree.Urgent), p), "",
		t.aidText("question_" + tree.ID),
	}
	var choices []Choice
	for _, way := range tree.Ways {
		to := firstaid.Place{Tree: tree.ID, Way: way.ID, Relative: p.Relative}
		choices = append(choices, t.toPlace(to, t.aidText("way_"+tree.ID+"_"+way.ID)))
	}
	choices = append(choices, t.toOther(p))
	return Reply{Text: strings.Join(lines, "\n"), Choices: append(choices, t.always()...)}
}

// step shows one step: what to do, and what to say where it is a call.
func (t *turn) step(tree firstaid.Tree, p firstaid.Place) Reply {
	var lines []string
	begins := t.Trees.Begins(p)
	if begins && len(tree.Ways) == 1 { // otherwise it was said with the question
		lines = append(lines, t.lead(tree, p), "")
	}
	number, of, instead := t.Trees.Progress(p)
	if of > 1 {
		key := "progress"
		if instead {
			key = "progress_instead"
		}
		lines = append(lines, t.aidTextWith(key, map[string]any{"N": number, "Total": of}))
	}
	step := t.Trees.Step(p.Step)
	lines = append(lines, t.words(step, p))
	say := step.Say
	if p.Relative {
		say = step.SayRelative
	}
	if say != "" {
		lines = append(lines, "", t.aidText("say_head"), t.aidText("say_"+say))
	}
	choices := []Choice{
		{ID: prefixAid + p.Answered(firstaid.Done), Label: t.aidText("choice_done")},
		{ID: prefixAid + p.Answered(firstaid.Cannot), Label: t.aidText("choice_cannot")},
	}
	if begins {
		choices = append(choices, t.toOther(p))
	}
	always := t.always()
	if here := t.onThePhone(); here.Tree == p.Tree { // it is this very screen
		always = slices.DeleteFunc(always, func(c Choice) bool { return c.ID == prefixAid+here.Key() })
	}
	return Reply{Text: strings.Join(lines, "\n"), Choices: append(choices, always...)}
}

// report tells at the end what is done and what is not, and how to go on.
func (t *turn) report(tree firstaid.Tree, p firstaid.Place) Reply {
	done, open := t.Trees.Report(p)
	head := "end_some"
	switch {
	case len(open) == 0:
		head = "end_all"
	case len(done) == 0:
		head = "end_none"
	}
	lines := append([]string{t.aidText(head)}, t.list("end_done", done)...)
	lines = append(lines, t.list("end_open", open)...)
	for i, key := range tree.Closing {
		if i == 0 {
			lines = append(lines, "")
		}
		lines = append(lines, t.aidText(key))
	}
	var choices []Choice
	if again, ok := t.Trees.Again(p); ok {
		t.session.Aid = again.Key()
		choices = append(choices, t.toPlace(again, t.aidText("choice_again")))
	}
	choices = append(choices, t.toStatement(p)...)
	if t.Reminders != nil && !t.group && len(tree.Remind) > 0 {
		lines = append(lines, "", t.aidText("ask_remind"))
		choices = append(t.reminderChoices(p), choices...)
	}
	return Reply{Text: strings.Join(lines, "\n"), Choices: append(choices, t.always()...)}
}

// list names steps below a heading, nothing where there are none.
func (t *turn) list(heading string, steps []firstaid.Step) []string {
	if len(steps) == 0 {
		return nil
	}
	lines := []string{"", t.aidText(heading)}
	for _, step := range steps {
		lines = append(lines, "• "+t.aidText("short_"+step.Words))
	}
	return lines
}

// lead is the first line of a tree.
func (t *turn) lead(tree firstaid.Tree, p firstaid.Place) string {
	switch {
	case !p.Relative:
		return t.aidText("lead_" + tree.ID)
	case tree.OwnLead:
		return t.aidText("lead_" + tree.ID + relativeWords)
	}
	return t.aidText("lead_relative")
}

// relativeWords ends the keys of words for who helps somebody near.
const relativeWords = "_r"

// words gives the words of a step for the person who reads them.
func (t *turn) words(step firstaid.Step, p firstaid.Place) string {
	key := "step_" + step.Words
	if p.Relative {
		key += relativeWords
	}
	return t.aidText(key)
}

// toOther says that it happened to the other: to oneself or to somebody near.
func (t *turn) toOther(p firstaid.Place) Choice {
	to, label := firstaid.Place{Tree: p.Tree, Way: p.Way, Relative: !p.Relative}, "choice_relative"
	if p.Relative {
		label = "choice_mine"
	}
	return t.toPlace(to, t.aidText(label))
}

// aidText gives a phrase of the first minutes, with numbers and facts as far as
// they may be told.
func (t *turn) aidText(key string) string { return t.aidTextWith(key, nil) }

func (t *turn) aidTextWith(key string, more map[string]any) string {
	args := t.Contacts.ArgsWithFacts(t.lang())
	maps.Copy(args, more)
	return t.say(locales.AidPrefix+key, args)
}
