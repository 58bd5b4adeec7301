package bot

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/aldanba/aldanba/bot/story"
	"github.com/aldanba/aldanba/detector"
	"github.com/aldanba/aldanba/detector/entity"
	"github.com/aldanba/aldanba/detector/link"
	"github.com/aldanba/aldanba/detector/scheme"
	"github.com/aldanba/aldanba/locales"
)

const (
	// maxAnswer is how many letters of an answer a frightened person reads.
	maxAnswer  = 700
	maxReasons = 3
	// leastLearned is how many words of a message the learned model shows at least:
	// fewer may be anybody's.
	leastLearned = 3
)

// verdictReply answers a case that was checked: the verdict first, why, what to
// do now, and one question. A story over days tells more than its last piece.
func (t *turn) verdictReply(v *detector.Verdict, of *messages, told []story.Point) Reply {
	c := card{
		lead:    t.verdictLine(v),
		why:     t.say("heading_why", nil),
		reasons: t.reasons(v),
		head:    t.say("heading_steps", nil),
		steps:   t.steps(v.Advice),
	}
	switch {
	case len(of.files) > 0:
		c.lead = t.say("still_reading", nil) + "\n" + c.lead
	case of.edited:
		c.lead += "\n" + t.say("looked_again", nil)
	}
	c.notes = append(c.notes, t.opinionNotes(v)...)
	if hasUnknownSite(v) {
		c.notes = append(c.notes, t.say("unknown_site", nil))
	}
	choices := t.always()
	switch v.Level {
	case detector.Scam, detector.Suspicious:
		c.question = t.say("ask_stage", nil)
		if n := countReasons(v); n > maxReasons {
			c.why = t.Texts.Plural(t.lang(), "signs_found", n, nil)
		}
		choices = t.afterVerdict(v)
		question, answers, ok := t.suspectedStage(v)
		if !ok && len(told) == 0 { // a story needs no further piece
			question, answers, ok = t.doubtful(v)
		}
		if ok {
			c.question, choices = question, append(answers, t.always()...)
		}
	case detector.NoSigns:
		c.why = t.say("heading_seen", nil)
		c.notes = append(c.notes, t.say(noSignsNote(v), nil))
		if v.Intent == detector.ShowsCard { // whoever wrote it here may have written it elsewhere
			if tree, ok := t.Trees.ForStage(string(detector.GaveCardData)); ok {
				choices = append([]Choice{t.toTree(tree, labelTree+tree.ID)}, choices...)
			}
		}
	}
	if len(told) > 0 {
		c.why, c.reasons = t.say("heading_story", nil), t.told(told)
	}
	if of.earlier != nil && of.earlier.Receipt {
		c.notes = append([]string{t.say("receipt_note", nil)}, c.notes...)
		if tree, ok := t.Trees.ForStage(string(detector.SentMoney)); ok {
			choices = append([]Choice{t.toTree(tree, "choice_i_paid")}, choices...)
		}
	}
	return Reply{Text: c.render(), Choices: choices}
}

// countReasons counts the different reasons for alarm, shown or not.
func countReasons(v *detector.Verdict) int {
	var ids []string
	for _, s := range v.Signals {
		if speaks(v, s) && v.Explains(s) && !slices.Contains(ids, s.Rule.Reason) {
			ids = append(ids, s.Rule.Reason)
		}
	}
	return len(ids)
}

// noSignsNote chooses what to say where nothing was found: a card, a code and a
// warning have words of their own, because people send all three.
func noSignsNote(v *detector.Verdict) string {
	if slices.ContainsFunc(v.Entities, func(e entity.Entity) bool { return e.Kind == entity.Card }) {
		return "card_recognised"
	}
	for _, s := range v.Signals {
		switch s.Rule.Reason {
		case "looks_code_notice":
			return "code_recognised"
		case "looks_warning":
			return "warning_recognised"
		}
	}
	return "no_signs_note"
}

// verdictLine says the verdict in words, with the name of the scheme.
func (t *turn) verdictLine(v *detector.Verdict) string {
	key := "verdict_" + string(v.Level)
	if s, ok := t.Texts.Scheme(t.lang(), v.Scheme); ok && v.Scheme != "other" && (v.Level == detector.Scam || v.Level == detector.Suspicious) {
		return t.say(key+"_named", map[string]any{"Scheme": innerQuotes.Replace(s.Name)})
	}
	return t.say(key, nil)
}

// innerQuotes are the marks of a quotation within another.
var innerQuotes = strings.NewReplacer("«", "„", "»", "“")

// reasons says why, each reason once, quoting the person's own message. Where
// nothing was found, it says what the message looks like instead; where there
// is too little text to judge, there is nothing to say.
func (t *turn) reasons(v *detector.Verdict) []string {
	if v.Level == detector.Unreadable {
		return nil
	}
	var reasons, quoted []string
	within := func(quote string) bool {
		return slices.ContainsFunc(quoted, func(q string) bool { return strings.Contains(q, quote) })
	}
	for _, s := range telling(v) {
		reason := map[string]any{"Reason": t.Texts.Reason(t.lang(), s.Rule.Reason, t.linkArgs(v))}
		quote := v.Excerpt(s)
		if slices.Contains(quoted, quote) {
			quote = v.Quote(s) // the clause was quoted before; its words may be new
		}
		switch {
		case quote == "" || v.Level == detector.NoSigns:
			reasons = append(reasons, t.say("reason_plain", reason))
			continue
		case within(v.Excerpt(s)) && (len(reasons) > 1 || s.Rule.Reason == "pressure_threat"):
			continue // enough has been said of these words
		case slices.Contains(quoted, quote):
			reasons = append(reasons, t.say("reason_plain", reason))
			continue
		}
		quoted = append(quoted, quote)
		reason["Quote"] = quote
		reasons = append(reasons, t.say("reason_quoted", reason))
	}
	return reasons
}

// telling chooses the signals that explain the verdict: the strongest of every
// kind before the second strongest of any, because who asks, what for and by
// which story tell more together than three stories. A reason that belongs to
// another story, or that no words of the message show, is told only where there
// is no other. The learned model speaks only where the rules have little to say.
func telling(v *detector.Verdict) []detector.Signal {
	var chosen []detector.Signal
	choose := func(fits func(detector.Signal) bool) {
		for _, again := range []bool{false, true} {
			for _, s := range v.Signals {
				known := slices.ContainsFunc(chosen, func(c detector.Signal) bool { return c.Rule.Kind == s.Rule.Kind })
				if len(chosen) < maxReasons && known == again && speaks(v, s) && !repeats(chosen, s) && fits(s) {
					chosen = append(chosen, tightest(v, s))
				}
			}
		}
	}
	if v.Level == detector.NoSigns {
		choose(func(detector.Signal) bool { return true })
		return chosen
	}
	choose(func(s detector.Signal) bool { return v.Explains(s) && shows(s) && !isVague(v, s) })
	if len(chosen) < 2 {
		choose(func(s detector.Signal) bool {
			return s.Rule.Reason == "story_other" && shows(s) && !overlaps(chosen, s)
		})
	}
	if len(chosen) == 0 || len(chosen) < 2 && v.Intent != detector.OwnStory { // one's own words are no swindler's
		for _, s := range v.Signals {
			known := overlaps(chosen, s) || slices.ContainsFunc(chosen, func(c detector.Signal) bool { return c.Rule != s.Rule && c.Rule.Reason == s.Rule.Reason })
			if len(chosen) < maxReasons && s.Rule.Kind == scheme.Learned && !known && len(strings.Fields(v.Excerpt(s))) >= leastLearned {
				chosen = append(chosen, s)
			}
		}
	}
	if len(chosen) == 0 {
		choose(v.Explains)
	}
	if len(chosen) == 0 {
		choose(func(detector.Signal) bool { return true })
	}
	return chosen
}

// speaks says that a signal has a reason that fits the verdict: counter-evidence
// where nothing was found, evidence otherwise.
func speaks(v *detector.Verdict, s detector.Signal) bool {
	return s.Rule.Reason != "" && s.Rule.Kind != scheme.Learned && (s.Rule.Kind == scheme.Counter) == (v.Level == detector.NoSigns)
}

// repeats says that the reason of a signal has been chosen already.
func repeats(chosen []detector.Signal, s detector.Signal) bool {
	return slices.ContainsFunc(chosen, func(c detector.Signal) bool { return c.Rule.Reason == s.Rule.Reason })
}

// overlaps says that a signal stands in words that have been chosen already.
func overlaps(chosen []detector.Signal, s detector.Signal) bool {
	return slices.ContainsFunc(chosen, func(c detector.Signal) bool { return c.Start < s.End && s.Start < c.End })
}

// isVague says that a reason tells hardly anything, or that a note says the same.
func isVague(v *detector.Verdict, s detector.Signal) bool {
	return s.Rule.Reason == "story_other" || s.Rule.Reason == "link_unknown" && hasUnknownSite(v)
}

// shows says that a signal has words of the message to quote. What the bot
// knows of other days has none and needs none.
func shows(s detector.Signal) bool { return s.Start < s.End || s.Rule == afterLoss }

// tightest gives the signal with the same reason that quotes least: what a
// person has to find again in their message.
func tightest(v *detector.Verdict, chosen detector.Signal) detector.Signal {
	best := chosen
	for _, s := range v.Signals {
		if !speaks(v, s) || s.Rule.Reason != chosen.Rule.Reason || s.Start >= s.End {
			continue
		}
		if best.Start >= best.End || s.End-s.Start < best.End-best.Start {
			best = s
		}
	}
	return best
}

// linkArgs names the owner that a link imitates, or really belongs to.
func (t *turn) linkArgs(v *detector.Verdict) map[string]any {
	for _, class := range []link.Class{link.Lookalike, link.Official} {
		for _, l := range v.Links {
			if l.Class != class {
				continue
			}
			brand := l.Brand
			if t.lang() == locales.Kazakh && l.BrandKK != "" {
				brand = l.BrandKK
			}
			args := map[string]any{"Brand": brand}
			if l.Confidence != "recall" {
				// Only a confirmed address is shown to a person.
				args["Official"] = l.Official
			}
			return args
		}
	}
	return nil
}

func hasUnknownSite(v *detector.Verdict) bool {
	return slices.ContainsFunc(v.Links, func(l link.Finding) bool { return l.Class == link.Unknown })
}

func (t *turn) steps(ids []string) []string {
	steps := make([]string, len(ids))
	for i, id := range ids {
		steps[i] = t.Texts.Advice(t.lang(), id, t.Contacts)
	}
	return steps
}

// card is an answer before it is set: what it must hold and what it may lose
// to stay short.
type card struct {
	lead, why, head, question string
	reasons, notes, steps     []string
}

// render sets the card and drops what matters least until it is short enough:
// notes, further reasons, then the last steps.
func (c card) render() string {
	for {
		text := c.set()
		switch {
		case utf8.RuneCountInString(text) <= maxAnswer:
			return text
		case len(c.reasons) > 2:
			c.reasons = c.reasons[:len(c.reasons)-1]
		case len(c.notes) > 1:
			c.notes = c.notes[:len(c.notes)-1]
		case len(c.steps) > 3:
			c.steps = c.steps[:len(c.steps)-1]
		case len(c.reasons) > 1:
			c.reasons = c.reasons[:len(c.reasons)-1]
		case len(c.notes) > 0:
			c.notes = nil
		case len(c.reasons) > 0:
			c.reasons = nil
		default:
			return text
		}
	}
}

func (c card) set() string {
	var b strings.Builder
	b.WriteString(c.lead)
	if len(c.reasons) > 0 {
		b.WriteString("\n\n" + c.why)
		for _, reason := range c.reasons {
			b.WriteString("\n• " + reason)
		}
	}
	if len(c.notes) > 0 {
		b.WriteString("\n\n" + strings.Join(c.notes, "\n"))
	}
	if len(c.steps) > 0 {
		b.WriteString("\n\n" + c.head)
		for i, step := range c.steps {
			b.WriteString("\n" + strconv.Itoa(i+1) + ". " + step)
		}
	}
	if c.question != "" {
		b.WriteString("\n\n" + c.question)
	}
	return b.String()
}
