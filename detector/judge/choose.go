package judge

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/aldanba/aldanba/detector/llm"
)

const (
	// chooseTime bounds a choice: the person waits for it.
	chooseTime = 4 * time.Second
	// chooseOutput is how many tokens an id has at most.
	chooseOutput = 32
	// maxChoices is how many answers may be chosen from.
	maxChoices = 8
)

// Choose has the first model choose which ready answer fits a question, by id;
// nothing where it says that none does. The question goes out masked and fenced.
// What comes back is one of the ids or nothing, so a hostile question gains
// nothing. Where as many are asked already as may be, it gives up at once.
func (j *Judge) Choose(ctx context.Context, person, question string, ids, titles []string) (string, error) {
	if j.cfg.Choosing == "" || len(ids) == 0 || len(ids) > maxChoices || len(ids) != len(titles) {
		return "", errors.New("judge: there is nothing to choose from")
	}
	ctx, cancel := context.WithTimeout(ctx, min(chooseTime, j.cfg.Timeout))
	defer cancel()
	text, _ := prepare(j.cfg.Detector.Redact(question))
	mark, err := j.mark(text)
	if err != nil {
		return "", &Error{Result: Failed}
	}
	var list strings.Builder
	for i, id := range ids {
		list.WriteString(id + ": " + titles[i] + "\n")
	}
	messages := []llm.Message{
		{Role: llm.System, Text: j.cfg.Choosing},
		{Role: llm.User, Text: list.String() + "\n" + mark + "\n" + text + "\n" + mark},
	}
	m := j.models[0]
	select {
	case j.slots <- struct{}{}:
		defer func() { <-j.slots }()
	default:
		return "", j.failed(m, &Error{Result: Crowded})
	}
	spending, err := j.reserve(ctx, person, messages)
	if err != nil {
		return "", j.failed(m, err)
	}
	defer spending.settle(ctx)
	reply, err := m.breaker.Execute(func() (llm.Reply, error) {
		return j.cfg.Service.Complete(ctx, llm.Request{Model: m.name, Messages: messages, MaxTokens: chooseOutput, Format: llm.Plain})
	})
	if err != nil {
		return "", j.failed(m, &Error{Result: resultOf(err)})
	}
	spending.add(usageOf(reply, messages))
	id := strings.Trim(strings.TrimSpace(reply.Text), "\"'`.")
	if reply.Refused || !slices.Contains(ids, id) {
		return "", nil
	}
	return id, nil
}
