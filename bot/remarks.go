package bot

import (
	"context"
	"slices"

	"github.com/aldanba/aldanba/bot/hear"
	"github.com/aldanba/aldanba/detector"
	"github.com/aldanba/aldanba/locales"
)

// maxRemark is how many words a remark has. Who says more tells something that
// is to be judged.
const maxRemark = 10

// maxNoted is how many words are taken for a remark to us by their number alone
// ("хорошо, позвоню ей"). More may be the next message that the person got.
const maxNoted = 3

// remark answers what is said to us in between and is neither a message to be
// checked nor a question about something: that it has happened or has not, that
// they call again, "is it fraud?", "what now?", another language. ok is false for anything else.
func (t *turn) remark(ctx context.Context, c *messages, q question, v *detector.Verdict) (answer Answer, ok bool) {
	if !t.listens(c, v) {
		return Answer{}, false
	}
	meanings, words := t.Ear.Hear(c.joined())
	if heard(v) && (v.Level != detector.NoSigns || !slices.Contains(meanings, hear.Happened)) {
		return Answer{}, false // a sum that was sent is a sign of little weight, and no message
	}
	means := func(m hear.Meaning) bool { return slices.Contains(meanings, m) }
	certain := q.Topic.ID != "" && (q.wonders || q.opens)
	switch {
	case words > maxRemark || words == 0:
		return Answer{}, false
	case means(hear.ToRussian):
		return t.choose(ctx, prefixLanguage+locales.Russian), true
	case means(hear.ToKazakh):
		return t.choose(ctx, prefixLanguage+locales.Kazakh), true
	case means(hear.Calls) && !certain:
		reply := t.stand(t.onThePhone())
		reply.Urgent = true
		return said(reply), true
	case means(hear.Happened) && !certain && !isEveryday(v):
		reply := t.askWhat("ask_happened")
		reply.Urgent = true
		return said(reply), true
	case means(hear.Nothing) && t.lately.doubt.level != "":
		return said(t.beforehand(t.lately.doubt.scheme)), true
	case means(hear.WhatNow) && !certain:
		return said(t.whatNow()), true
	case means(hear.Doubts) && t.lately.doubt.level != "":
		return said(t.whatNow()), true
	case q.Topic.ID != "" && (q.asks || q.Plain) || q.asks && !q.wonders && len(q.Maybe) > 0 || q.Off || v.Level.Danger() > 0 || isSmall(v.Intent):
		return Answer{}, false
	case t.inAid(), t.lately.doubt.level != "" && (q.asks || q.wonders):
		return said(t.whatNow()), true
	case t.lately.doubt.level != "" && (words <= maxNoted || v.Level == detector.Unreadable):
		return said(t.reply("noted")), true
	}
	return Answer{}, false
}

// isEveryday says that the rules know the payment for one of every day.
func isEveryday(v *detector.Verdict) bool {
	return slices.ContainsFunc(v.Signals, func(s detector.Signal) bool {
		return s.Rule.ID == "stage.context.ordinary" || s.Rule.ID == "stage.context.fine"
	})
}

// listens says that the person speaks to us in their own words, and no link,
// card or account stands in them.
func (t *turn) listens(c *messages, v *detector.Verdict) bool {
	return t.Ear != nil && c.onlyWords() && len(c.texts) == 1 && !t.lately.toCheck && !holdsEvidence(v) &&
		v.Intent != detector.Emergency && v.Intent != detector.Danger && v.Intent != detector.Forget
}

// whatNow tells what to do: the step before the person, the steps of the verdict
// that they have just been given, or what they can tell us.
func (t *turn) whatNow() Reply {
	last := t.lately.doubt
	switch {
	case t.inAid():
		place, _, _ := t.Trees.Parse(t.session.Aid)
		return t.stand(place)
	case last.level == "":
		return t.askWhat("ask_stage")
	}
	v := &detector.Verdict{Level: last.level, Scheme: last.scheme}
	answer := card{
		lead: t.verdictLine(v), head: t.say("heading_steps", nil), question: t.say("ask_stage", nil),
		steps: t.steps(t.Checker.Advice(last.level, last.scheme, detector.NothingYet, false)),
	}
	return Reply{Text: answer.render(), Choices: t.afterVerdict(v)}
}

// inAid says that the person is in the middle of the first minutes.
func (t *turn) inAid() bool {
	_, _, ok := t.Trees.Parse(t.session.Aid)
	return ok
}
