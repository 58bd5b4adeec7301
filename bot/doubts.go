package bot

import (
	"slices"

	"github.com/aldanba/aldanba/bot/clarify"
	"github.com/aldanba/aldanba/bot/firstaid"
	"github.com/aldanba/aldanba/detector"
)

// prefixClarify begins the id of an answer to the question after a suspicious
// verdict: clarify:<key of what is known, with this answer>. It says all that was
// asked and answered, so it works after a restart, and nothing of it is kept.
const prefixClarify = "clarify:"

// doubtful gives the question after a suspicious verdict and its answers; ok is
// false where none would change anything.
func (t *turn) doubtful(v *detector.Verdict) (question string, answers []Choice, ok bool) {
	if t.Clarify == nil || v.Level != detector.Suspicious {
		return "", nil, false
	}
	var wants []string
	hard := wasScam(v) || v.Agreement == detector.Overruled
	for _, s := range v.Signals {
		wants = append(wants, s.Rule.Wants)
		if s.Rule.ID == retoldRule {
			wants = append(wants, clarify.Retold)
		}
		hard = hard || s.Rule.Hard() || s.Rule == afterLoss
	}
	s := t.Clarify.Start(v.Scheme, hard, wants)
	if o := v.Opinion; o != nil && o.Question != "" && t.Clarify.Welcomes(s) {
		if guest, ok := t.Clarify.Guest(o.AlarmingNo); ok {
			return t.say("judge_asks", map[string]any{"Question": o.Question}), t.yesNo(s, guest), true
		}
	}
	return t.askNext(s)
}

// wasScam says that the rules had called a scam what is suspicious since a judge
// was heard.
func wasScam(v *detector.Verdict) bool {
	return v.Agreement == detector.Lowered || v.Agreement == detector.Disagreed && v.Opinion != nil && v.Opinion.Level == detector.NoSigns
}

// askNext gives the next question and its answers.
func (t *turn) askNext(s clarify.State) (question string, answers []Choice, ok bool) {
	q, ok := t.Clarify.Next(s)
	if !ok {
		return "", nil, false
	}
	return t.say("clarify", map[string]any{"Question": t.say("clarify_"+q.Name, nil)}), t.yesNo(s, q), true
}

// yesNo are the answers to a question. Each says all that was asked before.
func (t *turn) yesNo(s clarify.State, q clarify.Question) []Choice {
	var answers []Choice
	for _, a := range []struct {
		answer clarify.Answer
		label  string
	}{{clarify.Yes, "choice_yes"}, {clarify.No, "choice_no"}, {clarify.Unknown, "choice_not_known"}} {
		answers = append(answers, Choice{ID: prefixClarify + s.Answered(q, a.answer).Key(), Label: t.say(a.label, nil)})
	}
	return answers
}

// suspectedStage asks whether it has happened already, where a judge has read so
// and we have heard nothing: nobody is taken for a victim because a model says
// so, but who is one must not lose a minute. Yes leads to the first minutes.
func (t *turn) suspectedStage(v *detector.Verdict) (question string, answers []Choice, ok bool) {
	if v.Opinion == nil || v.Opinion.Level == detector.NoSigns || v.Stage != detector.NothingYet {
		return "", nil, false
	}
	tree, ok := t.Trees.ForStage(string(v.Opinion.Stage))
	if !ok {
		return "", nil, false
	}
	return t.say("ask_if_"+string(v.Opinion.Stage), nil), []Choice{
		t.toPlace(firstaid.Place{Tree: tree.ID, Relative: v.Relative}, t.say("choice_yes", nil)), {ID: prefixNothing + v.Scheme, Label: t.say("choice_no", nil)},
	}, true
}

// clarified answers a button under such a question: the verdict as it is by now,
// what to do, and the next question.
func (t *turn) clarified(key string) (Reply, bool) {
	if t.Clarify == nil {
		return Reply{}, false
	}
	s, ok := t.Clarify.Parse(key)
	if !ok || s.Given == "" {
		return Reply{}, false
	}
	v := &detector.Verdict{Level: detector.Suspicious, Scheme: s.Scheme}
	outcome := t.Clarify.Outcome(s)
	if outcome == clarify.Scam {
		v.Level = detector.Scam
	}
	if last := &t.lately.doubt; last.scheme == v.Scheme && v.Level.Danger() > last.level.Danger() {
		last.level = v.Level
	}
	c := card{lead: t.verdictLine(v), head: t.say("heading_steps", nil)}
	steps := v.Scheme
	if outcome == clarify.Less {
		c.lead, steps = t.say("clarify_less", nil), ""
	}
	c.steps = t.steps(t.Checker.Advice(detector.Suspicious, steps, detector.NothingYet, false))
	if question, answers, more := t.askNext(s); more {
		c.question, c.steps = question, nil // they have just been told
		return Reply{Text: c.render(), Choices: append(answers, t.always()...)}, true
	}
	c.question = t.say("ask_stage", nil)
	return Reply{Text: c.render(), Choices: t.afterVerdict(v)}, true
}

// afterVerdict are the choices below an alarming verdict: what has happened
// first, because it answers the question.
func (t *turn) afterVerdict(v *detector.Verdict) []Choice {
	always := t.always()
	choices := append([]Choice{{ID: prefixNothing + v.Scheme, Label: t.say("stage_nothing_yet", nil)}}, always[1:3]...)
	choices = append(choices, always[0], always[3])
	if _, ok := t.Texts.Scheme(t.lang(), v.Scheme); ok {
		choices = append(choices, Choice{ID: prefixScheme + v.Scheme, Label: t.say("choice_about", nil)})
	}
	return slices.Concat(choices, t.toDispute(v))
}
