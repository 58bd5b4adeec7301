package dispatch

import (
	"context"
	"errors"
	"time"

	"github.com/aldanba/aldanba/bot"
)

// errPanic stands for a panic of the messenger while it sent a reply.
var errPanic = errors.New("the messenger panicked")

// deliver sends the replies that are not yet recorded as sent. After each but
// the last it is recorded; the last is recorded by what ends the case, so that
// a single reply costs one commit.
func (w *work) deliver() error {
	replies, sent := w.answer.Replies, &w.step.Sent
	if w.final {
		sent = &w.step.Final
	}
	for i := *sent; i < len(replies); i++ {
		id, err := w.put(replies[i])
		switch {
		case err == nil:
			w.taken++
			w.step.Tries = 0
			if i == 0 && !w.final || replies[i].Verdict {
				w.step.First = id
			}
		case errors.Is(err, ErrRefused):
			// The other replies may be taken; this one never will.
			w.cfg.Log.Warn("a reply was refused", "reply", i, "of", len(replies))
			if err := w.sendInstead(replies[i]); err != nil {
				return err
			}
		default:
			return err
		}
		*sent = i + 1
		if i+1 < len(replies) {
			w.step.Case = w.id
			if err := w.advance(w.ids, w.step); err != nil {
				return err
			}
		}
	}
	return nil
}

// put sends a reply, in the place of the first one, or of the verdict, if it
// asks for that.
func (w *work) put(reply bot.Reply) (id string, err error) {
	if !reply.Replace || w.step.First == "" {
		return w.send(reply)
	}
	err = w.call(w.cfg.SendTime, func(ctx context.Context) error {
		return w.cfg.Messenger.Replace(ctx, w.chat.name, w.step.First, reply)
	})
	if errors.Is(err, ErrRefused) {
		// It can no longer be changed: said anew is better than not said.
		return w.send(reply)
	}
	return w.step.First, err
}

// sendInstead says what is to be said where the files of a reply are refused.
func (w *work) sendInstead(reply bot.Reply) error {
	if len(reply.Attached) == 0 {
		return nil
	}
	w.kept = true
	_, err := w.send(bot.Reply{Text: reply.Instead, Choices: reply.Choices})
	if errors.Is(err, ErrRefused) {
		return nil
	}
	return err
}

// send sends a reply as a new message.
func (w *work) send(reply bot.Reply) (id string, err error) {
	within := w.cfg.SendTime
	if len(reply.Attached) > 0 {
		within = w.cfg.UploadTime
	}
	err = w.call(within, func(ctx context.Context) error {
		id, err = w.cfg.Messenger.Send(ctx, w.chat.name, reply)
		return err
	})
	return id, err
}

// call makes a call of the messenger, as long as the chat is this process's.
func (w *work) call(within time.Duration, send func(context.Context) error) (err error) {
	if err := w.hold(); err != nil {
		return err
	}
	began := time.Now()
	ctx, done := context.WithTimeout(w.ctx, within)
	defer done()
	defer func() {
		if recover() != nil {
			w.panicked(StageSend)
			err = errPanic
		}
		w.cfg.Observer.Took(StageSend, time.Since(began))
		if err != nil {
			w.cfg.Observer.SendFailed(class(err))
		}
	}()
	return send(ctx)
}

// undelivered decides what becomes of a case whose reply could not be sent.
func (w *work) undelivered(err error) (Result, error) {
	var retry *RetryError
	switch cause := w.ended(); {
	case cause != nil:
		return "", cause
	case errors.Is(err, ErrLost):
		return "", err
	case errors.As(err, new(*storeFailure)):
		w.keepDraft()
		return "", err
	case errors.Is(err, ErrGone):
		return GoneAway, w.gone()
	case errors.Is(err, errPanic):
		return w.fault()
	}
	w.keepDraft()
	w.step.Case = w.id
	if errors.As(err, &retry) && retry.After > 0 {
		// Not a failure: the messenger says when.
		return Postponed, w.postpone(min(retry.After, lifetime))
	}
	return Postponed, w.putOff(backoff(w.step.Tries + 1))
}

// gone drops all that waits of a chat that takes no replies any more.
func (w *work) gone() error {
	if w.cfg.Gone != nil {
		call, done := w.recording()
		defer done()
		if err := w.cfg.Gone(call, w.chat.name); err != nil {
			w.cfg.Observer.StoreFailed("memory")
			w.cfg.Log.Warn("that a chat is gone was not remembered", "class", class(err))
		}
	}
	ids := make([]string, len(w.records))
	for i, r := range w.records {
		ids[i] = r.ID
	}
	return w.drop(ids, DropGone)
}

// keepDraft keeps the answer for the next attempt.
func (w *work) keepDraft() {
	if len(w.answer.Replies) == 0 || w.answer.Handed { // papers are large, and made again
		return
	}
	w.chats.dropDraft(w.chat)
	if w.chats.drafts.Add(1) > maxDrafts {
		w.chats.drafts.Add(-1)
		return
	}
	w.chat.draft = &draft{id: w.id, final: w.final, answer: w.answer}
}

// drafted says whether the answer to this case is kept.
func (w *work) drafted() bool {
	d := w.chat.draft
	return d != nil && d.id == w.id && d.final == w.final
}

// dropDraft forgets the kept answer to this case.
func (w *work) dropDraft() {
	if w.drafted() {
		w.chats.dropDraft(w.chat)
	}
}
