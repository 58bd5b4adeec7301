package bot

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/aldanba/aldanba/bot/firstaid"
	"github.com/aldanba/aldanba/bot/interview"
	"github.com/aldanba/aldanba/detector"
	"github.com/aldanba/aldanba/locales"
)

// Drafts keeps the draft of a person's statement, which alone holds what they
// told in the interview. Forgetting a person deletes theirs.
type Drafts interface {
	// LoadDraft gives nil where there is none, or its time is over.
	LoadDraft(ctx context.Context, person string) ([]byte, error)
	// SaveDraft keeps a draft until the time given, whatever becomes of it.
	SaveDraft(ctx context.Context, person string, draft []byte, until time.Time) error
	EraseDraft(ctx context.Context, person string) error
}

// ChoiceStatement leads to the interview for a statement, or back into it.
const ChoiceStatement = "statement"

// prefixAsk begins the ids of the interview:
//
//	ask:offer:<place>            what it is, in which language; the place in the first minutes may be empty
//	ask:begin:<lang>:<place>
//	ask:ready:<question>         go on: what was noted or told is right
//	ask:skip:<question>, ask:wrong:<question>, ask:back:<question>
//	ask:pick:<question>:<option>
//	ask:stop, ask:erase, ask:later, ask:make
const prefixAsk = "ask:"

// writes says that statements can be written here.
func (t *turn) writes() bool { return t.Drafts != nil }

// toStatement is the choice that leads to the interview from a place in the
// first minutes, nothing where statements are not written.
func (t *turn) toStatement(p firstaid.Place) []Choice {
	if !t.writes() || t.group {
		return nil
	}
	if !t.session.Draft.IsZero() {
		return []Choice{t.goOn()}
	}
	place := ""
	if p.Tree != "" {
		place = firstaid.Place{Tree: p.Tree, Way: p.Way, Relative: p.Relative}.Key()
	}
	return []Choice{{ID: prefixAsk + "offer:" + place, Label: t.askText("choice_offer", nil)}}
}

// goOn is the choice that leads back into the interview.
func (t *turn) goOn() Choice {
	return Choice{ID: ChoiceStatement, Label: t.askText("choice_continue", nil)}
}

func (t *turn) askText(key string, more map[string]any) string {
	args := t.Contacts.ArgsWithFacts(t.lang())
	for k, v := range more {
		args[k] = v
	}
	return t.say(locales.AskPrefix+key, args)
}

// interview answers what belongs to the interview. ok is false where an event
// has nothing to do with it.
func (t *turn) interview(ctx context.Context, event Event) (answer Answer, ok bool) {
	if !t.writes() {
		return Answer{}, false
	}
	if !t.session.Draft.IsZero() && !t.now().Before(t.session.Draft) {
		t.erase(ctx)
		t.over = "over"
	}
	switch value, ours := strings.CutPrefix(event.Choice, prefixAsk); {
	case event.Made != nil:
		return t.handOver(ctx, event.Made), true
	case event.Choice == ChoiceStatement:
		return t.enter(ctx), true
	case ours:
		return t.pressed(ctx, value)
	case leavesInterview(event.Choice):
		t.setAside(ctx)
		return Answer{}, false
	case len(event.Messages) == 0 || t.group:
		return Answer{}, false
	}
	c := newCase(event)
	if t.session.Draft.IsZero() {
		if c.onlyWords() && len(c.texts) == 1 && t.phrases.means(c.texts[0].Text, wordsOffer) {
			return t.enter(ctx), true
		}
		return Answer{}, false
	}
	d, good := t.draft(ctx)
	switch {
	case !good:
		return said(t.reply("not_our_fault")), true
	case d == nil:
		t.over = t.whyOver() // said below the answer to the message
		return Answer{}, false
	case c.onlyWords() && len(c.texts) == 1 && t.phrases.means(c.texts[0].Text, wordsOffer):
		return t.enter(ctx), true
	case d.Aside:
		return Answer{}, false
	}
	return t.hearAnswer(ctx, d, event, c)
}

// leavesInterview says whether a choice leads away from the interview, so that
// what is sent next is no answer in it.
func leavesInterview(choice string) bool {
	return choice == ChoiceCheck || choice == ChoiceHappened || strings.HasPrefix(choice, prefixAid)
}

// setAside lets the interview wait.
func (t *turn) setAside(ctx context.Context) {
	if t.session.Draft.IsZero() {
		return
	}
	if d, _ := t.draft(ctx); d != nil && !d.Aside {
		d.Aside = true
		t.keep(ctx, d)
	}
}

// wayBack adds to an answer the choice that leads back into an interview, and
// says once that one is over.
func (t *turn) wayBack(answer *Answer) {
	if t.over != "" {
		answer.add(t.begunAnew(t.over))
		return
	}
	if t.session.Draft.IsZero() || answer.Erased {
		return
	}
	for i := len(answer.Replies) - 1; i >= 0; i-- {
		r := &answer.Replies[i]
		if len(r.Choices) == 0 {
			continue
		}
		if !slices.ContainsFunc(r.Choices, func(c Choice) bool { return c.ID == ChoiceStatement }) {
			r.Choices = slices.Insert(r.Choices, max(0, len(r.Choices)-len(t.always())), t.goOn())
		}
		return
	}
}

// draft gives the person's draft, nil where there is none any more. good is
// false where the memory does not tell.
func (t *turn) draft(ctx context.Context) (d *interview.Draft, good bool) {
	data, err := t.Drafts.LoadDraft(ctx, t.person)
	if err != nil {
		t.err = err
		return nil, false
	}
	if data != nil {
		d, err = interview.Open(data)
	}
	if d == nil || err != nil || d.Over(t.now()) {
		t.erase(ctx)
		return nil, true
	}
	return d, true
}

// keep keeps the draft.
func (t *turn) keep(ctx context.Context, d *interview.Draft) (ok bool) {
	d.Last = t.now()
	data, err := d.Bytes()
	if err == nil {
		err = t.Drafts.SaveDraft(ctx, t.person, data, d.Until)
	}
	if err != nil {
		t.err = err
		return false
	}
	t.session.Draft = d.Until
	return true
}

// erase deletes the draft.
func (t *turn) erase(ctx context.Context) {
	if err := t.Drafts.EraseDraft(ctx, t.person); err != nil {
		t.err = err
	}
	t.session.Draft = time.Time{}
}

// enter leads into the interview: back to where the person stopped, or to its
// beginning.
func (t *turn) enter(ctx context.Context) Answer {
	if t.group {
		return said(t.reply(locales.AskPrefix + "private"))
	}
	if t.over != "" {
		return said(t.begunAnew(t.over))
	}
	if !t.session.Draft.IsZero() {
		d, good := t.draft(ctx)
		switch {
		case !good:
			return said(t.reply("not_our_fault"))
		case d != nil:
			if d.Aside {
				d.Aside = false
				if !t.keep(ctx, d) {
					return said(t.reply("not_our_fault"))
				}
			}
			return said(t.screen(d, ""))
		}
		return said(t.begunAnew(t.whyOver()))
	}
	return said(t.offer(cmp.Or(t.session.Aid, t.lately.from)))
}

// whyOver tells why there is no draft: its time is over, or it is not there.
func (t *turn) whyOver() string { return cmp.Or(t.over, "nothing") }

// begunAnew offers to begin again, with the reason.
func (t *turn) begunAnew(why string) Reply {
	return Reply{
		Text: t.askText(why, nil),
		Choices: append([]Choice{
			{ID: prefixAsk + "offer:", Label: t.askText("choice_offer", nil)},
			{ID: prefixAsk + "later", Label: t.askText("choice_later", nil)},
		}, t.always()...),
	}
}

// offer tells what the interview is. The key is that of a place in the first
// minutes, or empty.
func (t *turn) offer(key string) Reply {
	p, _, _ := t.Trees.Parse(key)
	place := ""
	if p.Tree != "" {
		place = firstaid.Place{Tree: p.Tree, Way: p.Way, Relative: p.Relative}.Key()
	} else if key == relativePlace {
		p.Relative, place = true, relativePlace
	}
	var choices []Choice
	languages := locales.Languages()
	if t.lang() == locales.Kazakh {
		slices.Reverse(languages)
	}
	for _, lang := range languages {
		choices = append(choices, Choice{ID: prefixAsk + "begin:" + lang + ":" + place, Label: t.askText("choice_begin_"+lang, nil)})
	}
	other, label := relativePlace, "choice_relative"
	switch {
	case p.Tree != "":
		other = firstaid.Place{Tree: p.Tree, Way: p.Way, Relative: !p.Relative}.Key()
	case p.Relative:
		other = ""
	}
	if p.Relative {
		label = "choice_mine"
	}
	choices = append(choices,
		Choice{ID: prefixAsk + "offer:" + other, Label: t.aidText(label)},
		Choice{ID: prefixAsk + "later", Label: t.askText("choice_later", nil)})
	return Reply{Text: t.askText("offer", map[string]any{"Total": interview.Total()}), Choices: append(choices, t.always()...)}
}

// relativePlace stands for a place where only that much is known.
const relativePlace = "r"

// noteLately remembers for a while what a message tells that may belong into a
// statement.
func (t *turn) noteLately(text string, v *detector.Verdict) {
	told := v.Intent == detector.Emergency || v.Intent == detector.OwnStory || v.Level.Danger() > 0
	if t.writes() && !t.group && told {
		t.lately.noted.Take(text, v.Entities)
	}
}
