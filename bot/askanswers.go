package bot

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/aldanba/aldanba/bot/interview"
	"github.com/aldanba/aldanba/bot/statement"
	"github.com/aldanba/aldanba/detector"
	"github.com/aldanba/aldanba/locales"
)

// pressed answers a button of the interview. A button of a question that the
// person has left behind leads back to it.
func (t *turn) pressed(ctx context.Context, id string) (Answer, bool) {
	if t.group {
		return said(t.reply(locales.AskPrefix + "private")), true
	}
	what, value, _ := strings.Cut(id, ":")
	switch what {
	case "offer":
		return said(t.offer(value)), true
	case "later":
		return said(t.reply(locales.AskPrefix + "later")), true
	case "begin":
		lang, place, _ := strings.Cut(value, ":")
		return t.begin(ctx, lang, place)
	}
	d, good := t.draft(ctx)
	switch {
	case !good:
		return said(t.reply("not_our_fault")), true
	case d == nil:
		return said(t.begunAnew(t.whyOver())), true
	}
	switch what {
	case "stop":
		return t.stopped(ctx, d), true
	case "erase":
		t.erase(ctx)
		if t.err != nil {
			return said(t.reply("not_our_fault")), true
		}
		return said(t.reply(locales.AskPrefix + "erased")), true
	case "make":
		d.Go("")
		d.Case.Made = t.now().In(kazakhstan)
		if !t.keep(ctx, d) {
			return said(t.reply("not_our_fault")), true
		}
		return Answer{Replies: []Reply{{Text: t.askText("making", nil)}}, Making: true}, true
	}
	name, option, _ := strings.Cut(value, ":")
	q := interview.Question(name)
	if q.Number() == 0 && (q != "" || what != "back") {
		return Answer{}, false
	}
	before := ""
	switch what {
	case "ready":
		d.Accept(q)
		d.Next(q)
	case "wrong":
		d.Skip(q)
		d.Go(q)
	case "skip":
		d.Skip(q)
		d.Next(q)
	case "back":
		d.Back(q)
	case "pick":
		before = t.pick(d, q, option)
		if before == "" {
			return Answer{}, false
		}
		d.Next(q)
	default:
		return Answer{}, false
	}
	return t.show(ctx, d, before), true
}

// begin begins the interview.
func (t *turn) begin(ctx context.Context, lang, key string) (Answer, bool) {
	p, _, known := t.Trees.Parse(key)
	if !slices.Contains(locales.Languages(), lang) || !known && key != "" && key != relativePlace {
		return Answer{}, false
	}
	if !t.session.Draft.IsZero() { // begun twice, by an old button
		if d, _ := t.draft(ctx); d != nil {
			d.Case.Lang = lang
			d.Go(d.Ask)
			return t.show(ctx, d, ""), true
		}
	}
	d := interview.Begin(lang, t.now(), p.Relative || key == relativePlace, p.Tree, p.Way, t.lately.noted)
	return t.show(ctx, d, ""), true
}

// show keeps the draft and shows where the person stands in it. before is said
// above.
func (t *turn) show(ctx context.Context, d *interview.Draft, before string) Answer {
	if !t.keep(ctx, d) {
		return said(t.reply("not_our_fault"))
	}
	return said(t.screen(d, before))
}

// stopped lets the interview wait, or end.
func (t *turn) stopped(ctx context.Context, d *interview.Draft) Answer {
	d.Aside = true
	if !t.keep(ctx, d) {
		return said(t.reply("not_our_fault"))
	}
	until := d.Until.In(kazakhstan).Format(untilForm)
	choices := []Choice{t.goOn(), {ID: prefixAsk + "erase", Label: t.askText("choice_erase", nil)}}
	return said(Reply{Text: t.askText("stopped", map[string]any{"Date": until}), Choices: append(choices, t.always()...)})
}

// pick takes an option as the answer and gives what is said of it; empty where
// there is no such option.
func (t *turn) pick(d *interview.Draft, q interview.Question, option string) string {
	if !slices.Contains(q.Options(), option) {
		return ""
	}
	label := t.askText(string(q)+"_"+option, nil)
	switch {
	case d.Pick(q, option):
	case q == interview.When:
		at := t.now().In(kazakhstan)
		if option == interview.Yesterday {
			at = at.AddDate(0, 0, -1)
		}
		label = at.Format(dayForm)
		d.Tell(q, label, nil)
	default:
		// The paper has its own language.
		d.Tell(q, strings.TrimSpace(t.Texts.Text(d.Case.Lang, locales.AskPrefix+string(q)+"_"+option, nil)), nil)
	}
	return t.askText("told", map[string]any{"Answer": label})
}

// The forms of days and moments.
const (
	dayForm   = "02.01.2006"
	untilForm = "15:04, 02.01.2006"
)

// hearAnswer takes what a person sends in the interview: an answer, an original, or a
// cry for help, which always comes first.
func (t *turn) hearAnswer(ctx context.Context, d *interview.Draft, event Event, c *messages) (Answer, bool) {
	if t.criesForHelp(ctx, d, c) || t.sendsAnother(ctx, d, c) {
		return Answer{}, false
	}
	switch {
	case event.Earlier != nil:
		return t.afterReading(ctx, d, event, c), true
	case event.Edited:
		return said(t.screen(d, t.askText("edited", nil))), true
	}
	if d.Ask == interview.Originals {
		if c.onlyWords() && len(c.texts) == 1 {
			if answer, ok := t.typedButton(ctx, d, c.texts[0].Text); ok {
				return answer, true
			}
		}
		return t.takeOriginals(ctx, d, event), true
	}
	var answer Answer
	var originals []Message
	said, voice := "", ""
	for _, m := range event.Messages {
		switch {
		case !m.Forwarded && len(m.Files) == 1 && m.Files[0].Kind == Voice:
			voice = m.ID
		case m.Forwarded || len(m.Files) > 0:
			originals = append(originals, m)
		default:
			said = strings.TrimSpace(said + "\n" + m.Text)
		}
	}
	if len(originals) > 0 { // evidence is welcome at any question
		t.takeIn(d, originals)
	}
	switch {
	case said != "":
		if answer, ok := t.typedButton(ctx, d, said); ok {
			return answer, true
		}
		return t.answered(ctx, d, d.Ask, said), true
	case voice != "" && d.Listen(voice):
		if !t.keep(ctx, d) {
			return answer, false
		}
		answer.add(Reply{Text: t.say("reading_voice", nil)})
		answer.Reading = true
		return answer, true
	case voice != "":
		return t.show(ctx, d, t.askText("listening_many", nil)), true
	case len(originals) > 0:
		return t.show(ctx, d, t.Texts.Plural(t.lang(), locales.AskPrefix+"kept", len(d.Case.Messages), nil)), true
	}
	answer.add(t.gapsOf(c)...)
	answer.add(t.screen(d, ""))
	return answer, true
}

// answered takes words as the answer to a question and shows what comes next.
func (t *turn) answered(ctx context.Context, d *interview.Draft, q interview.Question, words string) Answer {
	if q == interview.When {
		words = t.dated(words)
	}
	if !d.Tell(q, words, t.Checker.Check(words).Entities) {
		return t.show(ctx, d, t.askText("press", nil))
	}
	told := t.askText("told", map[string]any{"Answer": cutTo(t.shown(q, d.Told(q)), maxTold)})
	if q == d.Ask {
		d.Next(q)
	}
	return t.show(ctx, d, told)
}

// dated puts the day before words like "yesterday", for a paper is read later.
func (t *turn) dated(words string) string {
	today := t.now().In(kazakhstan)
	for word := range strings.FieldsSeq(words) {
		switch word = strings.Trim(word, ",.;:!"); {
		case strings.ContainsAny(word, "0123456789") && strings.ContainsAny(word, "./"):
			return words
		case t.phrases.means(word, wordsToday):
			return today.Format(dayForm) + ", " + words
		case t.phrases.means(word, wordsYesterday):
			return today.AddDate(0, 0, -1).Format(dayForm) + ", " + words
		}
	}
	return words
}

// typedButton takes words for a button under a question.
func (t *turn) typedButton(ctx context.Context, d *interview.Draft, typed string) (Answer, bool) {
	q := string(d.Ask)
	id := ""
	switch {
	case d.Ask == interview.Originals && t.phrases.means(typed, wordsReady):
		id = "ready:" + q
	case t.phrases.means(typed, wordsBack):
		id = "back:" + q
	case t.phrases.means(typed, wordsStop):
		id = "stop"
	case d.Ask == "":
		if t.phrases.means(typed, wordsRight) || t.phrases.means(typed, wordsReady) {
			id = "make"
		}
	case (d.Asks(d.Ask) || d.Told(d.Ask) != "") && t.phrases.means(typed, wordsRight):
		id = "ready:" + q
	case d.Asks(d.Ask) && t.phrases.means(typed, wordsSkip): // "no" to whether it is right
		id = "wrong:" + q
	case t.phrases.means(typed, wordsSkip):
		id = "skip:" + q
	}
	if id == "" {
		return Answer{}, false
	}
	return t.pressed(ctx, id)
}

// criesForHelp says whether a message is more urgent than any answer: a threat
// to life, swindlers on the telephone, a loss told where nobody asks about it,
// or a wish that is none of the interview's. The interview waits meanwhile.
func (t *turn) criesForHelp(ctx context.Context, d *interview.Draft, c *messages) bool {
	own := c.own()
	if len(own.texts) == 0 {
		return false
	}
	switch v := t.Checker.Check(own.joined()); v.Intent {
	case detector.Forget, detector.Person, detector.Help:
		return c.onlyWords()
	case detector.Emergency:
		asked := d.Ask != interview.Bank && d.Ask != interview.Who // about what has happened
		retold := d.Ask == interview.Contact || d.Ask == interview.Wanted
		if asked && (retold || v.Stage != detector.OnThePhone) {
			return false
		}
	case detector.Danger:
	default:
		return false
	}
	d.Aside = true
	t.keep(ctx, d)
	return true
}

// awayTime is after how long a dangerous message is no answer any more: who
// comes back with one wants it to be checked.
const awayTime = time.Hour

// sendsAnother says whether a message was sent to be checked, long after the
// last answer. The interview waits meanwhile.
func (t *turn) sendsAnother(ctx context.Context, d *interview.Draft, c *messages) bool {
	if d.Ask == interview.Originals || d.Ask == interview.Wanted || t.now().Sub(d.Last) < awayTime || len(c.texts) == 0 || c.earlier != nil {
		return false
	}
	if v := t.Checker.Check(c.joined()); grave(v.Level) == 0 || v.Intent != detector.Content && v.Intent != detector.OwnStory {
		return false
	}
	d.Aside = true
	t.keep(ctx, d)
	return true
}

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
