package bot

import (
	"context"
	"unicode/utf8"

	"github.com/aldanba/aldanba/detector"
)

// consult brings a judge in where it may change the verdict: at once where an
// answer cannot be changed later, otherwise it is asked after the answer. What
// is written in a group goes to no judge.
func (t *turn) consult(ctx context.Context, answer *Answer, c *messages, all judgment) judgment {
	if t.Judge == nil || t.group || len(c.files) > 0 || !t.Adviser.Asks(all.verdict) {
		return all
	}
	if !t.JudgeFirst {
		answer.Judging = true
		return all
	}
	if o, err := t.Adviser.Ask(ctx, t.Judge, all.verdict, t.lang(), t.person); err == nil {
		all.verdict = t.Adviser.Fuse(all.verdict, o)
	}
	return all
}

// Opinion asks the judge about a case whose answer said that it would be. It
// is nil where there is no opinion: then the answer stands.
func (b *Bot) Opinion(ctx context.Context, event Event) *Opinion {
	t, _ := b.turn(ctx, event.Person) // without memory the language is guessed
	t.follow(languageOf(event.Lang))
	c := newCase(event)
	if t.Judge == nil || event.Group || len(c.texts) == 0 {
		return nil
	}
	o, err := t.Adviser.Ask(ctx, t.Judge, t.judge(c).verdict, t.lang(), event.Person)
	if err != nil {
		return nil
	}
	return &o
}

// heard gives the last word on a case after its judge was asked. It completes
// the verdict that stands or, where the danger turns out greater, speaks again.
func (t *turn) heard(ctx context.Context, event Event, c *messages, all judgment) Answer {
	if o := c.earlier.Opinion; o != nil && t.Adviser != nil {
		all.verdict = t.Adviser.Fuse(all.verdict, *o)
	}
	t.goesOn(ctx, event, c, &all)
	answer := Answer{Level: all.verdict.Level, Scheme: all.verdict.Scheme}
	reply := t.verdictReply(all.verdict, c, all.points)
	reply.About, reply.Verdict = all.about, true
	answer.add(reply)
	t.complete(&answer, c)
	t.remember(ctx, c, all.verdict)
	return answer
}

// maxWords is how many letters of the words of a model an answer holds.
const maxWords = 200

// opinionNotes are the lines that a judge adds to an answer: that it was heard,
// and its own words, marked as those of a program that writes by itself.
func (t *turn) opinionNotes(v *detector.Verdict) []string {
	if v.Opinion == nil {
		return nil
	}
	var notes []string
	if v.Agreement == detector.Disagreed {
		notes = append(notes, t.say("judge_disagrees", nil))
	}
	words := v.Opinion.Explanation
	switch {
	case v.Level.Danger() > 0 && v.Opinion.Level.Danger() > 0 && words != "" && utf8.RuneCountInString(words) <= maxWords:
		notes = append(notes, t.say("judge_explains", map[string]any{"Words": words}))
	case v.Agreement == detector.Raised:
		notes = append(notes, t.say("judge_raised", nil))
	}
	return notes
}
