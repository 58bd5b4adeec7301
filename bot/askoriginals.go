package bot

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/aldanba/aldanba/bot/interview"
	"github.com/aldanba/aldanba/bot/statement"
)

// takeOriginals keeps what a person forwards as evidence.
func (t *turn) takeOriginals(ctx context.Context, d *interview.Draft, event Event) Answer {
	missed := d.Missed
	t.takeIn(d, event.Messages)
	if !t.keep(ctx, d) {
		return said(t.reply("not_our_fault"))
	}
	reply := t.screenOfOriginals(d)
	if d.Missed > missed {
		reply.Text += "\n" + t.askText("missed_large", nil)
	}
	answer := said(reply)
	answer.Reading = slices.ContainsFunc(event.Messages, func(m Message) bool { return len(m.Files) > 0 })
	return answer
}

// takeIn puts messages into the draft as originals and notes what they tell.
func (t *turn) takeIn(d *interview.Draft, all []Message) {
	now := t.now()
	for _, m := range all {
		original := statement.Message{Sent: m.At, Received: now, Sender: m.Sender, Text: strings.TrimSpace(m.Text)}
		if !m.Forwarded && m.Sender == "" {
			original.Sent = time.Time{} // when it was handed over is no more than that
		}
		if slices.Contains(m.Gaps, GapTooBig) {
			d.Missed++
		}
		for i, f := range m.Files {
			with := original
			with.File = &statement.File{Name: f.Name, Ref: f.Ref, Size: f.Size}
			if i > 0 {
				with.Text = ""
			}
			d.Keep([]statement.Message{with})
		}
		if len(m.Files) == 0 && original.Text != "" {
			d.Keep([]statement.Message{original})
		}
		if original.Text != "" {
			d.Noted.Take(original.Text, t.Checker.Check(original.Text).Entities)
		}
		if m.Forwarded {
			d.Noted.Sent(m.At.In(kazakhstan))
		}
	}
}

// afterReading takes what was read of files: the answer that somebody spoke, or what
// an original tells.
func (t *turn) afterReading(ctx context.Context, d *interview.Draft, event Event, c *messages) Answer {
	answer := Answer{}
	var spoken string
	var q interview.Question
	heard := false
	for _, m := range event.Messages {
		if !m.Read {
			continue
		}
		if question, ours := d.Heard[m.ID]; ours {
			heard, q = true, question
			if spoken = strings.TrimSpace(m.Text); spoken != "" {
				delete(d.Heard, m.ID)
			}
			continue
		}
		d.Noted.Take(m.Text, t.Checker.Check(m.Text).Entities)
	}
	switch {
	case heard && spoken != "":
		answer = t.answered(ctx, d, q, spoken)
	case heard && slices.ContainsFunc(c.gaps, func(g Gap) bool { return g == GapAskVoice }):
		answer.add(t.gapsOf(c)...)
	case heard:
		answer = t.show(ctx, d, t.askText("unheard", nil))
	case !t.keep(ctx, d):
		answer.add(t.reply("not_our_fault"))
	case d.Ask != interview.Originals:
		return answer // the person is at a question by now: what was acknowledged stays as it is
	default:
		answer.add(t.screenOfOriginals(d))
	}
	answer.Replies[len(answer.Replies)-1].Replace = true
	return answer
}

// gapsOf tells what could not be read.
func (t *turn) gapsOf(c *messages) []Reply {
	var answer Answer
	t.gaps(&answer, c)
	return answer.Replies
}
