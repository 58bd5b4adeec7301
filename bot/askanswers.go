package bot

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/aldanba/aldanba/bot/interview"
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
	if v := t.Checker.Check(c.joined()); v.Level.Danger() == 0 || v.Intent != detector.Content && v.Intent != detector.OwnStory {
		return false
	}
	d.Aside = true
	t.keep(ctx, d)
	return true
}
