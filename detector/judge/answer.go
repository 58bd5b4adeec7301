package judge

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/aldanba/aldanba/detector"
	"github.com/aldanba/aldanba/detector/llm"
	"github.com/aldanba/aldanba/prompts"
)

const (
	// answerTime bounds an answer: the person waits for it.
	answerTime = 4 * time.Second
	// answerOutput is how many tokens an answer has at most.
	answerOutput = 300
	// maxPassages is how many passages may be chosen from.
	maxPassages = 8
)

// Answer has the first model choose which passage answers a question, and say in
// its language, "ru" or "kk", what the passage says to it. The id is one of the
// passages, or empty where none fits; the words are empty unless every one of
// them can be answered for (see grounded). The question goes out masked and
// fenced, so a hostile one gains a passage of ours at most. Where as many are
// asked already as may be, it gives up at once.
func (j *Judge) Answer(ctx context.Context, person, lang, question string, passages []detector.Passage) (id, words string, err error) {
	if j.cfg.Answering == nil || len(passages) == 0 || len(passages) > maxPassages {
		return "", "", errors.New("judge: there is nothing to answer with")
	}
	began := j.cfg.Clock()
	ctx, cancel := context.WithTimeout(ctx, min(answerTime, j.cfg.Timeout))
	defer cancel()
	messages, err := j.questionMessages(lang, question, passages)
	if err != nil {
		return "", "", &Error{Result: Failed}
	}
	m := j.models[0]
	select {
	case j.slots <- struct{}{}:
		defer func() { <-j.slots }()
	default:
		return "", "", j.failed(m, &Error{Result: Crowded})
	}
	spending, err := j.reserve(ctx, person, messages)
	if err != nil {
		return "", "", j.failed(m, err)
	}
	defer spending.settle(ctx)
	reply, usage, err := j.complete(ctx, m, llm.Request{Messages: messages, MaxTokens: answerOutput, Schema: j.cfg.Answering.Schema})
	spending.add(usage)
	event := Event{Model: m.name, Result: Answered, Usage: usage, Cost: j.cfg.Price.of(usage), Took: j.cfg.Clock().Sub(began)}
	if err != nil {
		event.Result = ResultOf(err)
	}
	j.observe(event)
	if event.Result == Refused {
		return "", "", nil
	}
	if err != nil {
		return "", "", err
	}
	chosen, said := parseAnswer(reply.Text)
	at := slices.IndexFunc(passages, func(p detector.Passage) bool { return p.ID == chosen })
	if at < 0 {
		return "", "", nil
	}
	if reply.Cut {
		said = "" // half a sentence may say the contrary of the whole
	}
	return chosen, j.grounded(said, passages[at].Text, question, lang), nil
}

// questionMessages gives what is sent for a question.
func (j *Judge) questionMessages(lang, question string, passages []detector.Passage) ([]llm.Message, error) {
	masked, _ := prepare(j.cfg.Detector.Redact(question))
	mark, err := j.mark(masked)
	if err != nil {
		return nil, err
	}
	choices := make([]prompts.Passage, len(passages))
	for i, p := range passages {
		choices[i] = prompts.Passage(p)
	}
	text, err := j.cfg.Answering.Message(lang, mark, masked, choices)
	return []llm.Message{{Role: llm.System, Text: j.cfg.Answering.System}, {Role: llm.User, Text: text}}, err
}

// parseAnswer finds the id and the words in a reply: a JSON object, alone or
// among other words, or the id by itself.
func parseAnswer(reply string) (id, words string) {
	if _, after, ok := strings.Cut(reply, "</think>"); ok {
		reply = after
	}
	rest := reply
	for range maxObjects {
		at := strings.IndexByte(rest, '{')
		if at < 0 {
			break
		}
		rest = rest[at:]
		var object struct{ ID, Answer string }
		if json.NewDecoder(strings.NewReader(rest)).Decode(&object) == nil && object.ID != "" {
			return object.ID, object.Answer
		}
		rest = rest[1:]
	}
	return strings.Trim(strings.TrimSpace(reply), "\"'`."), ""
}
