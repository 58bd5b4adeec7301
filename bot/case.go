package bot

import (
	"slices"
	"strings"

	"github.com/aldanba/aldanba/bot/story"
	"github.com/aldanba/aldanba/detector"
)

// messages is a case as it is read: what has words, what is still to be read,
// and what cannot be.
type messages struct {
	texts   []Message // those that have words
	files   []File
	gaps    []Gap
	edited  bool
	earlier *Earlier
}

func newCase(event Event) *messages {
	c := &messages{edited: event.Edited, earlier: event.Earlier}
	for _, m := range event.Messages {
		if strings.TrimSpace(m.Text) != "" {
			c.texts = append(c.texts, m)
		}
		c.files = append(c.files, m.Files...)
		c.gaps = append(c.gaps, m.Gaps...)
	}
	return c
}

// leaveSounds makes gaps of what nothing can listen to, unless the case is
// being read anyway.
func (c *messages) leaveSounds() {
	if len(c.files) == 0 || slices.ContainsFunc(c.files, func(f File) bool { return f.Kind != Voice && f.Kind != Video }) {
		return
	}
	c.files = nil
	c.gaps = append(c.gaps, GapNoVoice)
}

// own gives the person's own words. What they typed was heard before files
// were read: then only what they spoke is new.
func (c *messages) own() *messages {
	own := &messages{}
	for _, m := range c.texts {
		if !m.Forwarded && (c.earlier == nil || m.Read) {
			own.texts = append(own.texts, m)
		}
	}
	return own
}

// onlyWords says that the case is what a person typed and nothing else.
func (c *messages) onlyWords() bool {
	forwarded := slices.ContainsFunc(c.texts, func(m Message) bool { return m.Forwarded })
	return !forwarded && len(c.files) == 0 && len(c.gaps) == 0 && c.earlier == nil
}

func (c *messages) joined() string {
	texts := make([]string, len(c.texts))
	for i, m := range c.texts {
		texts[i] = strings.TrimRight(m.Text, " \t\r\n")
	}
	return strings.Join(texts, "\n")
}

// judgment is the verdict on a case and the message that it rests on.
type judgment struct {
	verdict *detector.Verdict
	whole   *detector.Verdict // on all messages together
	points  []story.Point     // the story over days that it goes on with, or nothing
	about   string            // id of the message that is the problem, empty where it goes without saying
}

// judge looks at the messages together, because a story is told in pieces, and
// one by one, because harmless company must not hide a dangerous message. The
// graver verdict counts.
func (t *turn) judge(c *messages) judgment {
	j := judgment{verdict: t.check(c.joined())}
	j.whole = j.verdict
	if len(c.texts) > 1 {
		t.judgeEach(c, &j)
	}
	for _, m := range c.texts {
		// The name of a program may be made to read as a warning of it.
		if v := t.checkEnding(m.Ending); v != nil && v.Level.Danger() > j.verdict.Level.Danger() {
			v.Lang = j.verdict.Lang
			j.verdict, j.about = v, m.ID
		}
	}
	return j
}

// judgeEach takes the verdict of one of several messages where it is the graver.
func (t *turn) judgeEach(c *messages, j *judgment) {
	var worst *detector.Verdict
	about := ""
	for _, m := range c.texts {
		v := t.check(m.Text)
		if worst == nil || v.Level.Danger() > worst.Level.Danger() || v.Level.Danger() == worst.Level.Danger() && v.Score > worst.Score {
			worst, about = v, m.ID
		}
	}
	if worst.Level.Danger() >= j.verdict.Level.Danger() {
		lang := j.verdict.Lang // who asks may speak another language than the swindler
		j.verdict = worst
		j.verdict.Lang = lang
	}
	if j.alarming() {
		j.about = about
	}
}

// checkEnding judges a file by its ending alone. nil: there is nothing to judge.
func (t *turn) checkEnding(ending string) *detector.Verdict {
	if ending == "" || len(ending) > maxEnding {
		return nil
	}
	v := t.Checker.Check("file." + ending)
	for i := range v.Signals {
		v.Signals[i].End = v.Signals[i].Start // nobody wrote this: there is nothing to quote
	}
	return v
}

// maxEnding is the longest ending in bytes that a program has.
const maxEnding = 16

func (j judgment) alarming() bool { return j.verdict.Level.Danger() > 0 }
