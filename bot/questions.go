package bot

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/aldanba/aldanba/bot/firstaid"
	"github.com/aldanba/aldanba/bot/hear"
	"github.com/aldanba/aldanba/bot/knowledge"
	"github.com/aldanba/aldanba/detector"
	"github.com/aldanba/aldanba/detector/entity"
	"github.com/aldanba/aldanba/detector/scheme"
)

const (
	// prefixTopic begins the id of a choice that leads to a passage: topic:<id>.
	prefixTopic = "topic:"
	// maxAsked is how many words a question to the bot has. Who says more has
	// something to be judged.
	maxAsked = 40
	// maxHelp is how many words ask for help and nothing more.
	maxHelp = 3
	// maxVague is how many words a question has that is answered by a question,
	// or not at all.
	maxVague = 10
	// quietScore is below which score words without a sign of fraud are taken
	// for a question rather than for a message.
	quietScore = 0.25
	// passageSteps is how many steps are told with a scheme.
	passageSteps = 3
)

// Answerer chooses the passage that answers a question, and says what it says to
// it. A language model may be one: the words are its own, but every one of them
// rests on the passage.
type Answerer interface {
	// Answer gives the id of one of the passages, or nothing where none fits, and
	// words in the language, "ru" or "kk", or nothing where the passage has to do.
	Answer(ctx context.Context, person, lang, question string, passages []detector.Passage) (id, words string, err error)
}

// question is what a person asks the bot.
type question struct {
	knowledge.Found
	asks    bool
	wonders bool   // it asks what would be, or how to find out
	opens   bool   // it begins as questions do
	words   int    // how many it has
	said    string // what a model says to it, or empty
}

// only says that the words are a question about something certain and no report:
// they ask what would be, or rules have heard nothing in them, and nothing hard
// stands against it.
func (q question) only(v *detector.Verdict) bool {
	hard := slices.ContainsFunc(v.Signals, func(s detector.Signal) bool { return s.Rule.Hard() })
	return q.asks && !hard && (q.wonders || !heard(v))
}

// outweighs says that something certain was asked for, beside the small wish that
// was heard. What is asked about the bot itself the help tells, too.
func (q question) outweighs(intent detector.Intent) bool {
	certain := q.Topic.ID != "" && q.words > maxHelp && !strings.HasPrefix(q.Topic.ID, "bot_")
	return intent == detector.Question || intent == detector.Help && certain
}

// asked tells what the person asks in their own words. It is the zero question
// where they have sent a message to be checked, or were told to send one.
func (t *turn) asked(c *messages, v *detector.Verdict) question {
	if t.Knowledge == nil || t.Ear == nil || !c.onlyWords() || len(c.texts) == 0 || t.lately.toCheck || holdsEvidence(v) {
		return question{}
	}
	said := c.joined()
	meanings, words := t.listen(said)
	if words > maxAsked {
		return question{}
	}
	wonders := slices.Contains(meanings, hear.Wonders)
	asks := words > 1 && slices.Contains(meanings, hear.Asking) || v.Intent == detector.Question || wonders
	return question{Found: t.Knowledge.Find(said), asks: asks, wonders: wonders, opens: slices.Contains(meanings, hear.Opens), words: words}
}

// holdsEvidence says that there is something in the text to look at.
func holdsEvidence(v *detector.Verdict) bool {
	return slices.ContainsFunc(v.Entities, func(e entity.Entity) bool {
		switch e.Kind {
		case entity.Link, entity.Card, entity.IBAN, entity.Email, entity.Wallet:
			return true
		}
		return false
	})
}

// answers replies to a question. Danger and what has happened were heard before;
// ok is false where the verdict has to be said.
func (t *turn) answers(q question, all judgment) (Reply, bool) {
	v := all.verdict
	known := q.Topic.ID != ""
	switch {
	case q.only(v) && known:
		return t.explained(q), true
	case q.only(v) && q.wonders && len(q.Maybe) > 0 && v.Level != detector.Scam:
		return t.askTopic(q), true
	case v.Level == detector.Scam || all.alarming() && (!known || retold(v) || !q.asks && q.words > maxVague):
		return Reply{}, false
	case known && (q.asks || q.Plain) && (q.asks || !heard(v) || q.words <= maxRemark && t.lately.doubt.level != ""):
		return t.explained(q), true
	case !q.asks || q.words > maxVague || heard(v):
		return Reply{}, false
	case len(q.Maybe) > 0 && (v.Intent == detector.Question || v.Score < quietScore):
		return t.askTopic(q), true
	case q.Off || v.Intent == detector.Question || v.Level == detector.Unreadable, q.opens && v.Score < quietScore:
		return t.reply("question"), true
	}
	return Reply{}, false
}

// isBeforehand says that a question sounds as if something had happened, and only
// asks what would be or how to find out: a few words about a topic that is none
// of the first minutes. Where a minute may count it is never taken for that.
func (q question) isBeforehand(v *detector.Verdict) bool {
	switch v.Stage {
	case detector.OnThePhone, detector.SentMoney, detector.ToldCode, detector.GaveCardData:
		return false
	}
	return q.only(v) && q.wonders && q.words <= maxVague && q.Topic.ID != "" && q.Topic.Stage == ""
}

// beforeSteps answers it, with the first minutes one button away.
func (t *turn) beforeSteps(q question, v *detector.Verdict) Reply {
	reply := t.explained(q)
	if tree, ok := t.Trees.ForStage(string(v.Stage)); ok {
		reply.Choices = append([]Choice{t.toPlace(firstaid.Place{Tree: tree.ID, Relative: v.Relative}, t.say("choice_steps", nil))}, reply.Choices...)
	}
	return reply
}

// askTopic asks which of several topics is meant.
func (t *turn) askTopic(q question) Reply {
	return Reply{Text: t.say("ask_topic", nil), Choices: append(t.topicChoices(q.Maybe), t.always()...)}
}

// heard says that a rule has heard a story, a demand or a trace in the text:
// words of the learned model alone are none.
func heard(v *detector.Verdict) bool {
	return slices.ContainsFunc(v.Signals, func(s detector.Signal) bool {
		return s.Rule.Weight > 0 && s.Rule.Reason != "" && s.Rule.Kind != scheme.Learned
	})
}

// retold says that somebody tells what was said to them or has happened, or that
// there is hard evidence: then it is judged whatever is asked.
func retold(v *detector.Verdict) bool {
	return v.Intent == detector.OwnStory || slices.ContainsFunc(v.Signals, func(s detector.Signal) bool {
		return s.Rule.Hard() || s.Rule.Kind == scheme.Pressure || s.Rule.ID == retoldRule
	})
}

// retoldRule is the rule that hears that a call is told again.
const retoldRule = "evidence.retold"

// passage tells a topic.
func (t *turn) passage(topic knowledge.Topic) Reply {
	text := t.Texts.Passage(t.lang(), topic.ID, t.Contacts)
	if topic.Scheme != "" {
		text = t.schemePassage(topic.Scheme, text)
	}
	var choices []Choice
	if tree, ok := t.Trees.ForStage(topic.Stage); ok {
		choices = append(choices, t.toTree(tree, "choice_steps"))
	}
	var next []knowledge.Topic
	for _, id := range topic.Next {
		other, _ := t.Knowledge.Topic(id)
		next = append(next, other)
	}
	choices = append(choices, t.topicChoices(next)...)
	return Reply{Text: text, Choices: append(choices, t.always()...)}
}

// explained tells a passage, below what a model says of it to this question,
// marked as the words of a program. Where both are too long the passage remains.
func (t *turn) explained(q question) Reply {
	reply := t.passage(q.Topic)
	if q.said == "" {
		return reply
	}
	said := t.say("judge_explains", map[string]any{"Words": q.said}) + "\n\n" + reply.Text
	if utf8.RuneCountInString(said) <= maxAnswer {
		reply.Text = said
	}
	return reply
}

// schemePassage tells a scheme: how it works, or what is said instead, how to
// know it, and what to do.
func (t *turn) schemePassage(id, instead string) string {
	s, _ := t.Texts.Scheme(t.lang(), id)
	how := instead
	if how == "" {
		how = s.How
	}
	steps := t.steps(t.Checker.Advice(detector.Suspicious, id, detector.NothingYet, false))
	return card{
		lead: s.Name + ".\n" + how,
		why:  t.say("heading_flags", nil), reasons: s.Flags,
		head: t.say("heading_steps", nil), steps: steps[:min(len(steps), passageSteps)],
	}.render()
}

// topicChoices lead to passages.
func (t *turn) topicChoices(topics []knowledge.Topic) []Choice {
	var choices []Choice
	for _, topic := range topics {
		choices = append(choices, Choice{ID: prefixTopic + topic.ID, Label: t.titleOf(topic)})
	}
	return choices
}

// titleOf names a topic. A scheme is called by its name.
func (t *turn) titleOf(topic knowledge.Topic) string {
	if s, ok := t.Texts.Scheme(t.lang(), topic.Scheme); ok {
		return s.Name
	}
	words, _ := t.Texts.Topic(t.lang(), topic.ID)
	return words.Title
}

// topic answers the choice of a topic.
func (t *turn) topic(id string) (Reply, bool) {
	if t.Knowledge == nil {
		return Reply{}, false
	}
	topic, ok := t.Knowledge.Topic(id)
	if !ok || topic.Off {
		return Reply{}, false
	}
	return t.passage(topic), true
}

// offerTopic puts the answer to what was asked one button away from a verdict,
// and beside a verdict without alarm also what it may be.
func (t *turn) offerTopic(answer *Answer, q question) {
	topics := q.Maybe
	if q.Topic.ID != "" {
		topics = []knowledge.Topic{q.Topic}
	}
	if q.Topic.ID == "" && (!q.asks || answer.Level.Danger() > 0) || len(answer.Replies) == 0 {
		return
	}
	last := &answer.Replies[len(answer.Replies)-1]
	last.Choices = append(last.Choices, t.topicChoices(topics)...)
}

// listen is what the ear hears in a text. The same text is listened to for
// several reasons, one after the other.
func (t *turn) listen(said string) (meanings []hear.Meaning, words int) {
	if t.ear.words == 0 || t.ear.said != said {
		t.ear.said = said
		t.ear.meanings, t.ear.words = t.Ear.Hear(said)
	}
	return t.ear.meanings, t.ear.words
}

// hearsDanger says that the person speaks of a danger to life.
func (t *turn) hearsDanger(own *messages) bool {
	if t.Ear == nil {
		return false
	}
	meanings, _ := t.listen(own.joined())
	return slices.Contains(meanings, hear.Danger)
}

// askModel has a model settle what an unclear question is about, and say what
// the passage says to it. If it fails, the passage has to do, or the person is
// asked. What is said in a group goes to no model.
func (t *turn) askModel(ctx context.Context, c *messages, q question, all judgment) question {
	topics := q.Maybe
	if q.Topic.ID != "" {
		topics = []knowledge.Topic{q.Topic}
	}
	if t.Answerer == nil || t.group || !q.asks || len(topics) == 0 || all.alarming() {
		return q
	}
	passages := make([]detector.Passage, len(topics))
	for i, topic := range topics {
		passages[i] = detector.Passage{ID: topic.ID, Title: t.titleOf(topic), Text: t.passage(topic).Text}
	}
	id, words, err := t.Answerer.Answer(ctx, t.person, t.lang(), c.joined(), passages)
	if at := slices.IndexFunc(topics, func(topic knowledge.Topic) bool { return topic.ID == id }); err == nil && at >= 0 {
		q.Topic, q.said = topics[at], words
	}
	return q
}
