package dispatch

import (
	"slices"
	"time"

	"github.com/aldanba/aldanba/bot"
)

// asksForConsent says whether a file waits for the person's word.
func (w *work) asksForConsent() bool {
	return slices.ContainsFunc(w.event.Messages, func(m bot.Message) bool {
		return slices.ContainsFunc(m.Gaps, isQuestion)
	})
}

func isQuestion(gap bot.Gap) bool { return gap == bot.GapAskPicture || gap == bot.GapAskVoice }

// resume lets the cases go on that waited for the person's word. It is
// recorded before the word itself is done with, so that a crash between the
// two loses nothing.
func (w *work) resume() error {
	for _, k := range w.waitingCases() {
		if !k.step.Held {
			continue
		}
		step := k.step
		step.Held, step.Reading, step.Final, step.After = false, true, 0, time.Time{}
		if err := w.advance(k.ids, step); err != nil {
			return err
		}
		w.chats.dropReading(w.chat, k.id)
	}
	return nil
}

// erased drops the case and all that waits to be read: the person is to be
// forgotten.
func (w *work) erased() error {
	ids := slices.Clone(w.ids)
	for _, k := range w.waitingCases() {
		w.chats.dropReading(w.chat, k.id)
		ids = append(ids, k.ids...)
	}
	if err := w.done(ids); err != nil {
		return err
	}
	if more := len(ids) - len(w.ids); more > 0 {
		w.cfg.Observer.Dropped(DropErased, more)
	}
	return nil
}

// makeRoom drops the oldest cases that wait for the person's word when they
// have become too many.
func (w *work) makeRoom() error {
	held := 0
	cases := w.waitingCases()
	for _, k := range cases {
		if k.step.Held {
			held += len(k.ids)
		}
	}
	for _, k := range cases {
		if held+len(w.ids) <= maxHeld {
			break
		}
		if !k.step.Held {
			continue
		}
		if err := w.drop(k.ids, DropHeld); err != nil {
			return err
		}
		held -= len(k.ids)
	}
	return nil
}

// waitingCases gives the other cases of the chat that are held or being read,
// the oldest first.
func (w *work) waitingCases() []*task {
	var cases []*task
	for _, r := range w.records {
		if !r.Step.Held && !r.Step.Reading || r.Step.Case == w.id {
			continue
		}
		i := slices.IndexFunc(cases, func(k *task) bool { return k.id == r.Step.Case })
		if i < 0 {
			i = len(cases)
			cases = append(cases, &task{})
		}
		cases[i].add(r)
	}
	return cases
}
