package dispatch

import (
	"errors"
	"slices"
	"time"
)

// note is something that the store is to be told of records: a step, or that
// they are done.
type note struct {
	ids  []string
	step Step
	done bool
	last bool // with done: no other record is known, so the chat is given back in the same step
}

// pauses are the waits between attempts to tell the store of something that
// has happened.
var pauses = [...]time.Duration{50 * time.Millisecond, 250 * time.Millisecond}

// advance records a step.
func (t *turn) advance(ids []string, step Step) error {
	return t.tell(note{ids: ids, step: step})
}

// done deletes records. Where they are all that is known of the chat, it is given
// back with them, unless others came meanwhile: nothing may be done under the
// claim afterwards.
func (t *turn) done(ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	others := slices.ContainsFunc(t.records, func(r Record) bool { return !slices.Contains(ids, r.ID) })
	return t.tell(note{ids: ids, done: true, last: !others})
}

// tell records a note. What the store does not take is owed to it: nothing
// more is said in the chat before it is settled, so that nothing that was sent
// is sent again while this process lives.
func (t *turn) tell(n note) error {
	err := t.note(n)
	for _, pause := range pauses {
		if err == nil || errors.Is(err, ErrLost) {
			break
		}
		select {
		case <-time.After(pause):
		case <-t.work.Done():
		}
		err = t.note(n)
	}
	if err == nil {
		t.noted(n)
		return nil
	}
	if !errors.Is(err, ErrLost) {
		n.last = false // by then there may be others
		t.chat.owed = append(t.chat.owed, n)
	}
	return t.storeError("record", err)
}

// settle tells the store what it is owed.
func (t *turn) settle() error {
	for len(t.chat.owed) > 0 {
		if err := t.note(t.chat.owed[0]); err != nil {
			return t.storeError("record", err)
		}
		t.chat.owed = t.chat.owed[1:]
	}
	t.chat.owed = nil
	return nil
}

// note tells the store once.
func (t *turn) note(n note) error {
	if n.last {
		_, err := t.giveBack(n.ids, 0)
		return err
	}
	call, cancel := t.recording()
	defer cancel()
	if n.done {
		return t.cfg.Inbox.Done(call, t.claim, n.ids)
	}
	return t.cfg.Inbox.Advance(call, t.claim, n.ids, n.step)
}

// noted brings what the turn knows of the records up to a note.
func (t *turn) noted(n note) {
	if n.done {
		t.records = slices.DeleteFunc(t.records, func(r Record) bool { return slices.Contains(n.ids, r.ID) })
	}
	for i := range t.records {
		if !n.done && slices.Contains(n.ids, t.records[i].ID) {
			t.records[i].Step = n.step
		}
	}
	t.chats.known(t.chat, t.records)
}

// drop deletes records without an answer.
func (t *turn) drop(ids []string, reason DropReason) error {
	if len(ids) == 0 {
		return nil
	}
	if err := t.done(ids); err != nil {
		return err
	}
	t.cfg.Observer.Dropped(reason, len(ids))
	return nil
}
