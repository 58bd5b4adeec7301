package dispatch

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/aldanba/aldanba/bot"
)

// maxDrafts bounds the answers that are kept in memory because they could not
// be sent. Beyond it the bot is asked again.
const maxDrafts = 4096

// draft is an answer that could not be sent whole. Asking the bot again would
// count the case twice, and what it said of erasing would no longer be true.
type draft struct {
	id     string
	final  bool
	answer bot.Answer
}

// work is one case while it is worked on.
type work struct {
	*turn
	*task
	final  bool // its files have been read, or a judge was heard
	event  bot.Event
	answer bot.Answer
	stage  Stage
	taken  int  // replies that the messenger took
	kept   bool // a file of the answer was not taken: the person may ask for it again
}

// handle works on a case. Afterwards its records are gone or say how far it
// has come. The error ends the turn, except for errPutOff.
func (t *turn) handle(k *task) error {
	w := &work{turn: t, task: k, final: k.step.Reading}
	began := time.Now()
	fresh := k.step.Case == ""
	if fresh {
		t.cfg.Observer.Took(StageWait, max(began.Sub(k.updates[len(k.updates)-1].At), 0))
	}
	typed := t.typing(t.ctx, t.chat.name, typeAfter)
	var acknowledged sync.WaitGroup
	if k.kind == Urgent && fresh {
		acknowledged.Go(w.acknowledge)
	}
	result, err := w.guarded()
	typed()
	acknowledged.Wait()
	if err != nil {
		result = w.failed(err)
	}
	outcome := Outcome{Result: result, Messages: len(k.ids), Final: w.final}
	if result != Ignored && result != Limited {
		outcome.Level, outcome.Scheme, outcome.Lang = string(w.answer.Level), w.answer.Scheme, w.answer.Lang
	}
	t.cfg.Observer.Closed(outcome)
	if !w.final && (result == Answered || result == Reading || result == Judging) {
		t.cfg.Observer.Took(StageWhole, max(time.Since(k.updates[0].At), 0))
	}
	return err
}

// guarded works on the case; a panic becomes a fault of the case.
func (w *work) guarded() (result Result, err error) {
	defer func() {
		if recover() != nil {
			w.panicked(w.stage)
			result, err = w.fault()
		}
	}()
	return w.do()
}

// do brings the case to the bot and its answer back.
func (w *work) do() (Result, error) {
	w.stage = StageHandle
	if err := w.understand(); err != nil {
		if cause := w.ended(); cause != nil {
			return "", cause
		}
		w.cfg.Log.Warn("updates could not be understood", "class", class(err))
		return w.fault()
	}
	if !w.event.Start && w.event.Choice == "" && len(w.event.Messages) == 0 {
		return Ignored, w.done(w.ids)
	}
	if w.final {
		if again, err := w.fill(); again || err != nil {
			return Reading, err
		}
	} else if w.step.Case == "" && !w.within() {
		return w.limit()
	}
	if err := w.ask(); err != nil {
		return "", err
	}
	w.stage = StageSend
	if err := w.deliver(); err != nil {
		return w.undelivered(err)
	}
	w.dropDraft()
	return w.finish()
}

// understand asks the messenger for the event.
func (w *work) understand() (err error) {
	call, done := context.WithTimeout(w.ctx, w.cfg.HandleTime)
	defer done()
	w.event, err = w.cfg.Messenger.Event(call, w.updates)
	return err
}

// ask gets the answer from the bot, or from the draft of an earlier attempt.
func (w *work) ask() error {
	if w.drafted() {
		w.answer = w.chat.draft.answer
		return nil
	}
	began := time.Now()
	call, done := context.WithTimeout(w.ctx, w.cfg.HandleTime)
	defer done()
	answer, err := w.cfg.Talker.Handle(WithAnswering(call, w.ids), w.event)
	if cause := w.ended(); cause != nil {
		return cause
	}
	if err != nil {
		w.cfg.Observer.StoreFailed("memory")
		w.cfg.Log.Warn("an answer was found without memory", "class", class(err))
	}
	w.answer = answer
	w.cfg.Observer.Took(StageHandle, time.Since(began))
	return nil
}

// acknowledge tells the messenger that the press of a button arrived.
func (w *work) acknowledge() {
	defer w.caught(StageSend)
	call, done := context.WithTimeout(w.ctx, w.cfg.SendTime)
	defer done()
	w.cfg.Messenger.Answered(call, w.updates[0])
}

// finish records the end of the case, or what it waits for.
func (w *work) finish() (Result, error) {
	w.step.Case, w.step.Tries, w.step.After = w.id, 0, time.Time{}
	switch {
	case w.answer.Erased:
		return Answered, w.erased()
	case w.answer.Resume:
		if err := w.resume(); err != nil {
			return "", err
		}
	case w.answer.Making && !w.final && w.cfg.Maker != nil:
		return Reading, w.beginReading(w.task)
	case w.answer.Handed && !w.kept && w.cfg.Maker != nil:
		w.delivered()
	case w.answer.Reading && !w.final && w.hasFiles():
		w.step.Level = string(w.answer.Level)
		return Reading, w.beginReading(w.task)
	case w.answer.Judging && !w.step.Judging:
		w.step.Level = string(w.answer.Level)
		return Judging, w.beginJudging()
	case w.final && w.asksForConsent():
		w.step.Held, w.step.Reading, w.step.Judging = true, false, false
		if err := w.makeRoom(); err != nil {
			return "", err
		}
		return Held, w.advance(w.ids, w.step)
	}
	result := Answered
	if w.taken == 0 && len(w.answer.Replies) > 0 {
		result = Refused
	}
	return result, w.done(w.ids)
}

// fault ends an attempt that cannot succeed. The first time it is tried again,
// then the person hears that it is not their fault.
func (w *work) fault() (Result, error) {
	w.dropDraft()
	if w.step.Tries+1 < maxPanics {
		return Postponed, w.putOff(backoff(w.step.Tries + 1))
	}
	if reply, ok := w.sorry(); ok {
		if _, err := w.send(reply); err != nil && !errors.Is(err, ErrRefused) && !errors.Is(err, errPanic) {
			return w.undelivered(err)
		}
	}
	return Broken, w.done(w.ids)
}

func (w *work) sorry() (reply bot.Reply, ok bool) {
	defer w.caught(StageHandle)
	call, done := context.WithTimeout(w.ctx, w.cfg.HandleTime)
	defer done()
	reply = w.cfg.Talker.Sorry(call, w.event.Person)
	return reply, true
}

// putOff records that the case is to be tried again.
func (w *work) putOff(wait time.Duration) error {
	w.step.Case = w.id
	w.step.Tries++
	return w.postpone(wait)
}

// postpone records when the case is to be tried again.
func (w *work) postpone(wait time.Duration) error {
	w.step.Case = w.id
	after := time.Now().Add(wait)
	if w.final {
		w.chats.readingAfter(w.chat, w.id, after)
	}
	w.step.After = after
	if err := w.advance(w.ids, w.step); err != nil {
		return err
	}
	return errPutOff
}

// failed names the result of a case whose work ended with an error.
func (w *work) failed(err error) Result {
	switch {
	case errors.Is(err, errPutOff):
		return Postponed
	case errors.Is(err, ErrLost):
		return Lost
	case w.Dispatcher.work.Err() != nil:
		return Stopped
	}
	return Unstored
}
