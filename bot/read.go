package bot

import (
	"context"
	"slices"
	"strings"

	"github.com/aldanba/aldanba/detector"
	"github.com/aldanba/aldanba/locales"
)

// minHeard is how many words of a person's own change the language that they are
// answered in: fewer may be of either.
const minHeard = 3

// read answers what a person sent: first by what they want, then by what the
// messages are. A case is answered before anything is asked.
func (t *turn) read(ctx context.Context, event Event) Answer {
	c := newCase(event)
	if t.Deaf {
		c.leaveSounds()
	}
	if answer, ok := t.typedPapers(ctx, c); ok {
		return answer
	}
	if lang, ok := t.namesLanguage(c); ok {
		return t.choose(ctx, prefixLanguage+lang)
	}
	t.hearTyped(c)
	if reply, ok := t.typedAnswer(c); ok {
		return said(reply)
	}
	if answer, ok := t.typedYesOrNo(ctx, c); ok {
		return answer
	}
	if answer, ok := t.typedMenu(ctx, c); ok {
		return answer
	}
	if len(c.texts) == 0 {
		return t.nothingToRead(c)
	}
	own, all := c.own(), t.judge(c)
	if c.earlier != nil && c.earlier.Judged {
		return t.heard(ctx, event, c, all)
	}
	intent, mine := detector.Content, all
	if len(own.texts) > 0 {
		if len(own.texts) < len(c.texts) {
			mine = t.judge(own)
		}
		intent = mine.verdict.Intent
		if t.hearsDanger(own) {
			intent = detector.Danger
		}
	}
	if isSmall(all.verdict.Intent) && !c.onlyWords() {
		// What somebody else wrote is neither a greeting to us nor a wish.
		all.verdict.Level = detector.Unreadable
	}
	if t.session.Lang == "" || len(own.texts) == 0 || len(strings.Fields(own.joined())) >= minHeard {
		t.hear(mine.verdict.Lang, len(own.texts) > 0)
	}
	q := t.asked(c, mine.verdict)
	disputes := t.disputes(c, q, all)
	if answer, ok := t.remark(ctx, c, q, mine.verdict); ok && !disputes && intent != detector.Danger {
		return answer
	}
	t.lately.toCheck = false
	answer := Answer{Replies: t.cut(all.verdict)}
	switch {
	case intent == detector.Danger:
		t.goesOn(ctx, event, c, &all)
		answer.add(Reply{Text: t.say("emergency", t.Contacts.Args()), Choices: t.always(), Urgent: true})
		if mine.verdict.Stage != detector.NothingYet {
			t.happened(&answer, mine.verdict)
		} else if all.alarming() {
			t.judged(&answer, c, all)
		}
		t.offerTopic(&answer, q)
	case intent == detector.Emergency && q.isBeforehand(mine.verdict):
		answer.add(t.beforeSteps(q, mine.verdict))
		return answer
	case intent == detector.Emergency:
		t.goesOn(ctx, event, c, &all)
		t.happened(&answer, mine.verdict)
		if len(own.texts) < len(c.texts) && all.alarming() {
			t.judged(&answer, c, all)
		}
	case intent == detector.Forget && c.onlyWords():
		return t.forget(ctx)
	case disputes:
		answer.add(t.dispute(ctx, t.lately.doubt))
		return answer
	case isSmall(intent) && c.onlyWords() && !q.outweighs(intent):
		answer.add(t.small(smallAnswers[intent]))
		return answer
	default:
		q = t.askModel(ctx, c, q, all)
		reply, answers := t.answers(q, all)
		if !answers && isSmall(intent) && c.onlyWords() {
			reply, answers = t.small(smallAnswers[intent]), true
		}
		if answers && (q.Topic.ID != "" || isSmall(intent) || q.only(all.verdict) && all.verdict.Level != detector.Scam) {
			answer.add(reply)
			return answer
		}
		if !answers {
			all = t.consult(ctx, &answer, c, all)
		}
		t.goesOn(ctx, event, c, &all) // no opinion on one piece makes the story harmless
		if answers && !all.alarming() {
			answer.add(reply)
			return answer
		}
		t.judged(&answer, c, all)
		t.offerTopic(&answer, q)
	}
	if c.earlier != nil && c.earlier.Level == "" && !slices.ContainsFunc(answer.Replies, func(r Reply) bool { return r.Replace }) {
		answer.add(Reply{Text: t.say("read_below", nil), Replace: true}) // nothing is being read any more
	}
	answer.Reading = len(c.files) > 0
	t.remember(ctx, c, all.verdict)
	t.noteLately(c.joined(), all.verdict)
	t.gaps(&answer, c)
	if intent != detector.Danger { // who speaks of death is asked for nothing
		about := event.Messages[len(event.Messages)-1] // what is answered comes before the answer to it
		if event.Edited {
			about.ID = "" // it has been answered before, with what came after it
		}
		t.askForConsent(&answer, about)
		t.askForWarnings(&answer, about)
	}
	return answer
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

func isSmall(intent detector.Intent) bool {
	_, ok := smallAnswers[intent]
	return ok
}

func (a *Answer) add(replies ...Reply) { a.Replies = append(a.Replies, replies...) }

// namesLanguage says that a person has typed the name of a language.
func (t *turn) namesLanguage(c *messages) (lang string, ok bool) {
	if len(c.texts) != 1 || !c.onlyWords() {
		return "", false
	}
	for _, lang := range locales.Languages() {
		if t.phrases.means(c.texts[0].Text, labelLanguage+lang) {
			return lang, true
		}
	}
	return "", false
}

// nothingToRead answers a case without a word: its files are being read, or it
// is said why nothing could be.
func (t *turn) nothingToRead(c *messages) Answer {
	answer := Answer{}
	switch {
	case len(c.files) > 0:
		answer.Reading = true
		answer.add(Reply{Text: t.say(waiting(c.files), nil)})
		t.gaps(&answer, c)
	case len(c.gaps) > 0:
		t.gaps(&answer, c)
		t.complete(&answer, c)
	default:
		answer.add(t.reply("ask_message"))
	}
	return answer
}

// waiting chooses what is said while files are read.
func waiting(files []File) string {
	switch kind := files[0].Kind; {
	case slices.ContainsFunc(files, func(f File) bool { return f.Kind != kind }):
		return "reading_files"
	case kind == Picture:
		return "reading_picture"
	case kind == Document:
		return "reading_files"
	}
	return "reading_voice"
}

// cut says that only the beginning of a text was read.
func (t *turn) cut(v *detector.Verdict) []Reply {
	if !v.Cut {
		return nil
	}
	return []Reply{{Text: t.say("text_too_long", map[string]any{"Limit": detector.MaxText >> 10}), Choices: t.always()}}
}

// happened leads into the first minutes after what a person has told. The
// verdict stands above it, and the way out of a misunderstanding below: people
// also paste what a swindler says to have done. A mere suspicion is about their
// own words: it names no scheme, and after an alarm it is not said.
func (t *turn) happened(answer *Answer, v *detector.Verdict) {
	reply := t.askWhat("ask_stage")
	if tree, ok := t.Trees.ForStage(string(v.Stage)); ok {
		reply = t.stand(t.Trees.Begin(tree, v.Relative))
		nothing := Choice{ID: prefixNothing + v.Scheme, Label: t.say("stage_nothing_yet", nil)}
		reply.Choices = slices.Insert(reply.Choices, max(0, len(reply.Choices)-len(t.always())), nothing)
	}
	if v.Level.Danger() > 0 {
		answer.Level, answer.Scheme = v.Level, v.Scheme
	}
	switch {
	case v.Level == detector.Scam:
		named := *v
		if !v.Evident() {
			named.Scheme = "" // a guess of the learned model
		}
		reply.Text = t.verdictLine(&named) + "\n\n" + reply.Text
	case isDone(v.Stage): // "do not pay" comes too late
	case v.Level.Danger() > t.lately.doubt.level.Danger():
		reply.Text = t.verdictLine(&detector.Verdict{Level: v.Level}) + "\n\n" + reply.Text
	}
	reply.Urgent = true
	answer.add(reply)
}

// isDone says that what has happened cannot be left undone any more.
func isDone(stage detector.Stage) bool {
	return stage != detector.NothingYet && stage != detector.OnThePhone && stage != detector.OpenedLink
}

// judged adds the verdict on the case. While files are still to be read it
// says so; when they have been read it completes the first reply, or speaks
// again where the danger turns out greater.
func (t *turn) judged(answer *Answer, c *messages, all judgment) {
	v := all.verdict
	t.session.Checks++
	answer.Level, answer.Scheme = v.Level, v.Scheme
	t.noteDoubt(v)
	reply := t.verdictReply(v, c, all.points)
	if answer.Judging {
		reply.Text = t.say("still_judging", nil) + "\n" + reply.Text
	}
	reply.About, reply.Verdict = all.about, true
	if t.group && reply.About == "" {
		reply.About = c.texts[0].ID // others write at the same time
	}
	answer.add(reply)
	t.complete(answer, c)
}

// complete makes the last reply take the place of the first reply to the case,
// unless the danger has risen: then it is a message of its own, which is heard.
func (t *turn) complete(answer *Answer, c *messages) {
	if c.earlier == nil || len(answer.Replies) == 0 {
		return
	}
	last := &answer.Replies[len(answer.Replies)-1]
	if answer.Level.Danger() > c.earlier.Level.Danger() {
		answer.Replies = slices.Insert(answer.Replies, len(answer.Replies)-1, Reply{Text: t.say("read_below", nil), Replace: true})
		return
	}
	last.Replace = true
}

// gaps says what could not be read and what works instead, each thing once. A
// service that might read it is asked about first.
func (t *turn) gaps(answer *Answer, c *messages) {
	var lines []string
	way := ""
	var choices []Choice
	for _, gap := range c.gaps {
		line := t.say("gap_"+string(gap), nil)
		if slices.Contains(lines, line) || len(lines) == maxGaps {
			continue
		}
		lines = append(lines, line)
		switch gap {
		case GapAskPicture, GapAskVoice:
			choices = append(choices, t.serviceChoices(gap)...)
		default:
			if instead := wayInstead(gap); way == "" || instead == wayRetell { // that one is open to all
				way = instead
			}
		}
	}
	if len(lines) == 0 {
		return
	}
	// Nobody is sent back for more of what they are told to keep away from.
	if len(choices) == 0 && way != "" && answer.Level.Danger() == 0 {
		lines = append(lines, t.say(way, nil))
		choices = []Choice{{ID: ChoiceWhatsApp, Label: t.say("choice_whatsapp", nil)}}
	}
	answer.add(Reply{Text: strings.Join(lines, "\n"), Choices: append(choices, t.always()...)})
}

// The ways that work where something was not read.
const (
	wayScreenshot = "gap_instead"
	wayRetell     = "gap_retell"
)

// wayInstead chooses one of them, or none. A picture of the screen is a way
// only where no file is the problem, which may be such a picture; and nobody is
// to open a dangerous page or file for us.
func wayInstead(gap Gap) string {
	switch gap {
	case GapPreview:
		return ""
	case GapStory, GapSticker, GapUnknown:
		return wayScreenshot
	}
	return wayRetell
}

// maxGaps is how many things that were not read are named.
const maxGaps = 3

// remember notes the verdict of a person who has agreed to it.
func (t *turn) remember(ctx context.Context, c *messages, v *detector.Verdict) {
	if t.History == nil || t.session.Consent != Agreed {
		return
	}
	if err := t.History.RememberVerdict(ctx, t.person, c.joined(), v.Level, v.Scheme); t.err == nil {
		t.err = err
	}
}
