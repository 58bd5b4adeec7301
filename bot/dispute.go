package bot

import (
	"context"
	"slices"
	"strings"

	"github.com/aldanba/aldanba/bot/hear"
	"github.com/aldanba/aldanba/detector"
	"github.com/aldanba/aldanba/detector/scheme"
)

// Counts adds to anonymous counts of the day. The store is one. Names are made
// of small Latin letters, digits and the signs _ . : - and say nothing of a
// person.
type Counts interface {
	Count(ctx context.Context, name string, n int64) error
}

const (
	// countDispute begins the names of what is counted of a contested verdict:
	// dispute.verdict.<level>.<scheme> and dispute.signal.<rule>.
	countDispute = "dispute."
	// maxContested is how many words contest a verdict that nobody remembers.
	maxContested = 12
	// maxCounted is how many signals of a contested verdict are counted.
	maxCounted = 8
)

// doubt is what is known of a verdict that may be contested: derived facts
// alone.
type doubt struct {
	level   detector.Level
	scheme  string
	signals string // ids of the rules that held, with spaces between
	counted bool   // it has been contested
}

// noteDoubt keeps what is needed to review a verdict if it is contested.
func (t *turn) noteDoubt(v *detector.Verdict) {
	if v.Level.Danger() == 0 {
		return
	}
	var ids []string
	for _, s := range v.Signals {
		if known := s.Rule.Kind != scheme.Learned && !s.Rule.Added && s.Rule.Weight != 0; known && len(ids) < maxCounted && !slices.Contains(ids, s.Rule.ID) {
			ids = append(ids, s.Rule.ID)
		}
	}
	t.lately.doubt = doubt{level: v.Level, scheme: v.Scheme, signals: strings.Join(ids, " ")}
}

// toDispute offers to contest a verdict. The id says which, so it works after a
// restart.
func (t *turn) toDispute(v *detector.Verdict) []Choice {
	if t.Ear == nil {
		return nil
	}
	return []Choice{{ID: prefixDispute + string(v.Level) + ":" + v.Scheme, Label: t.say("choice_dispute", nil)}}
}

// disputes says that the person contests a verdict in their own words. A message
// that is dangerous by itself is judged, whatever else it says.
func (t *turn) disputes(c *messages, q question, all judgment) bool {
	if t.Ear == nil || !c.onlyWords() || t.lately.toCheck || all.verdict.Level == detector.Scam || holdsEvidence(all.verdict) ||
		q.Topic.ID != "" && (q.wonders || strings.Contains(c.joined(), "?")) {
		return false
	}
	meanings, words := t.listen(c.joined())
	if !slices.Contains(meanings, hear.Disputed) {
		return false
	}
	brief := words <= maxContested
	if t.lately.doubt.level != "" { // it is known what they contest, and that answer stays
		return brief || !all.alarming()
	}
	return brief && !(all.alarming() && heard(all.verdict))
}

// disputedByChoice answers the button under a verdict.
func (t *turn) disputedByChoice(ctx context.Context, value string) Reply {
	level, scheme, _ := strings.Cut(value, ":")
	d := doubt{level: detector.Level(level), scheme: scheme}
	if _, known := t.Texts.Scheme(t.lang(), scheme); d.level.Danger() == 0 || scheme != "" && !known {
		return t.reply("choice_stale")
	}
	if last := t.lately.doubt; last.level == d.level && last.scheme == d.scheme {
		d = last
	}
	t.lately.doubt = d
	return t.dispute(ctx, d)
}

// nearby are the schemes in which somebody near seems to speak.
var nearby = []string{"relative_in_trouble", "account_takeover_vote", "romance", "boss_impersonation", "charity"}

// dispute answers who contests a verdict: how to make sure by another way. The
// verdict stays whatever is said, and the bot is never talked into calling
// anything safe.
func (t *turn) dispute(ctx context.Context, d doubt) Reply {
	lines := []string{t.say("dispute", nil)}
	if d.level != "" {
		lines = append(lines, t.say("dispute_stays", nil)+" "+t.verdictLine(&detector.Verdict{Level: d.level, Scheme: d.scheme}))
	}
	how := []string{"dispute_near", "dispute_bank"}
	if d.scheme != "" && !slices.Contains(nearby, d.scheme) {
		slices.Reverse(how)
	}
	lines = append(lines, "", t.say("dispute_how", nil))
	for _, key := range how {
		lines = append(lines, "• "+t.say(key, t.Contacts.Args()))
	}
	lines = append(lines, "", t.say("dispute_until", nil))
	if d.level != "" && t.Counts != nil {
		lines = append(lines, t.say("dispute_noted", nil))
		t.count(ctx, d)
	}
	choices := t.always()
	if _, ok := t.Texts.Scheme(t.lang(), d.scheme); ok {
		choices = append(choices, Choice{ID: prefixScheme + d.scheme, Label: t.say("choice_about", nil)})
	}
	return Reply{Text: strings.Join(lines, "\n"), Choices: choices}
}

// count notes a contested verdict for review, once.
func (t *turn) count(ctx context.Context, d doubt) {
	if d.counted {
		return
	}
	t.lately.doubt.counted = true
	scheme := d.scheme
	if scheme == "" {
		scheme = "none"
	}
	names := []string{countDispute + "verdict." + string(d.level) + "." + scheme}
	for id := range strings.FieldsSeq(d.signals) {
		names = append(names, countDispute+"signal."+id)
	}
	for _, name := range names {
		if err := t.Counts.Count(ctx, name, 1); err != nil && t.err == nil {
			t.err = err
		}
	}
}
