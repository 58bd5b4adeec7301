package store

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/aldanba/aldanba/bot/dispatch"
)

const (
	maxName    = 512     // bytes of a chat's or an update's name
	maxPayload = 1 << 20 // bytes of an update
)

// sealUpdate hides an update for the inbox.
func sealUpdate(k *keys, u dispatch.Update) (a arrival, err error) {
	if len(u.ID) > maxName || len(u.Chat) > maxName || len(u.Payload) > maxPayload {
		return a, ErrTooBig
	}
	text, err := updateBytes(u)
	if err != nil {
		return a, err
	}
	a.chat = k.chat(u.Chat)
	a.update = k.update(a.chat, u.Chat, u.ID)
	a.record = k.seal(place(codeRecord, a.chat, a.update), text)
	a.name = k.seal(place(codeName, a.chat), []byte(u.Chat))
	return a, nil
}

// updateForm is the first byte of an update as it is kept. Those that an earlier
// program left are JSON.
const updateForm = 1

// updateBytes is: form, id, chat, time, payload. Each but the ends has its length
// in front. JSON would write the payload a third longer.
func updateBytes(u dispatch.Update) ([]byte, error) {
	at, err := u.At.MarshalBinary()
	if err != nil {
		return nil, err
	}
	out := make([]byte, 0, 1+3*4+len(u.ID)+len(u.Chat)+len(at)+len(u.Payload))
	out = appendSized(append(out, updateForm), []byte(u.ID))
	out = appendSized(out, []byte(u.Chat))
	return append(appendSized(out, at), u.Payload...), nil
}

func parseUpdate(text []byte) (u dispatch.Update, err error) {
	if len(text) == 0 || text[0] != updateForm {
		return u, json.Unmarshal(text, &u)
	}
	id, rest, ok := cutSized(text[1:])
	chat, rest, chatOK := cutSized(rest)
	at, payload, atOK := cutSized(rest)
	if !ok || !chatOK || !atOK {
		return u, fmt.Errorf("%w: an update in the inbox is cut off", ErrCorrupt)
	}
	u = dispatch.Update{ID: string(id), Chat: string(chat), Payload: payload}
	return u, u.At.UnmarshalBinary(at)
}

// openRecord reads what sealUpdate and Advance have hidden.
func openRecord(k *keys, chat digest, p pendingRecord) (out dispatch.Record, err error) {
	text, err := k.open(place(codeRecord, chat, p.update), p.record)
	if err != nil {
		return out, err
	}
	if out.Update, err = parseUpdate(text); err != nil || len(p.step) == 0 {
		return out, err
	}
	if text, err = k.open(place(codeStep, chat, p.update), p.step); err != nil {
		return out, err
	}
	return out, json.Unmarshal(text, &out.Step)
}

// Put commits the updates that were never seen before, in their order. An
// update is remembered as seen for 48 hours. After an error a part of them may
// have been taken; Waiting finds those.
func (s *Store) Put(ctx context.Context, updates []dispatch.Update) (fresh []bool, err error) {
	return use(ctx, s, func(r room) ([]bool, error) {
		arrivals := make([]arrival, len(updates))
		for i, u := range updates {
			if arrivals[i], err = sealUpdate(r.keys, u); err != nil {
				return nil, err
			}
		}
		return r.put(ctx, arrivals)
	})
}

// Claim takes a chat for this process and gives records as Pending does.
func (s *Store) Claim(ctx context.Context, name string, ttl time.Duration, most int) (claim dispatch.Claim, records []dispatch.Record, err error) {
	records, err = use(ctx, s, func(r room) ([]dispatch.Record, error) {
		chat := r.keys.chat(name)
		fence, found, err := r.claim(ctx, chat, s.owner, ttl, most)
		if err != nil {
			claim = dispatch.Claim{}
			return nil, err
		}
		claim = dispatch.Claim{Chat: name, Fence: fence}
		return s.openRecords(ctx, r, chat, fence, found)
	})
	return claim, records, err
}

// Pending gives records of the chat in the order of their arrival. Those that
// cannot be read any more are deleted.
func (s *Store) Pending(ctx context.Context, claim dispatch.Claim, most int) ([]dispatch.Record, error) {
	return use(ctx, s, func(r room) ([]dispatch.Record, error) {
		chat := r.keys.chat(claim.Chat)
		found, err := r.pending(ctx, chat, claim.Fence, most)
		if err != nil {
			return nil, err
		}
		return s.openRecords(ctx, r, chat, claim.Fence, found)
	})
}

// openRecords reads records, and deletes those that cannot be read.
func (s *Store) openRecords(ctx context.Context, r room, chat digest, fence uint64, found []pendingRecord) (out []dispatch.Record, err error) {
	out = make([]dispatch.Record, 0, len(found))
	var broken []digest
	for _, p := range found {
		record, err := openRecord(r.keys, chat, p)
		if err != nil {
			broken = append(broken, p.update)
			continue
		}
		out = append(out, record)
	}
	if broken != nil {
		s.cfg.Log.Error("records of the inbox are damaged and dropped", "count", len(broken))
		err = r.done(ctx, chat, fence, broken)
	}
	return out, err
}

// Advance records a step of the records with these ids.
func (s *Store) Advance(ctx context.Context, claim dispatch.Claim, ids []string, step dispatch.Step) error {
	text, err := json.Marshal(step)
	if err != nil {
		return err
	}
	_, err = use(ctx, s, func(r room) (none, error) {
		chat, updates := r.keys.updates(claim.Chat, ids)
		steps := make([][]byte, len(updates))
		for i, u := range updates {
			steps[i] = r.keys.seal(place(codeStep, chat, u), text)
		}
		return none{}, r.advance(ctx, chat, claim.Fence, updates, steps)
	})
	return err
}

// Done deletes the records with these ids.
func (s *Store) Done(ctx context.Context, claim dispatch.Claim, ids []string) error {
	_, err := use(ctx, s, func(r room) (none, error) {
		chat, updates := r.keys.updates(claim.Chat, ids)
		return none{}, r.done(ctx, chat, claim.Fence, updates)
	})
	return err
}

// updates gives the digests of a chat and of updates in it.
func (k *keys) updates(name string, ids []string) (chat digest, out []digest) {
	chat = k.chat(name)
	out = make([]digest, len(ids))
	for i, id := range ids {
		out[i] = k.update(chat, name, id)
	}
	return chat, out
}

// Release deletes the records with these ids and gives the chat back, unless it
// has more than seen others.
func (s *Store) Release(ctx context.Context, claim dispatch.Claim, ids []string, seen int) (more bool, err error) {
	return use(ctx, s, func(r room) (bool, error) {
		chat, updates := r.keys.updates(claim.Chat, ids)
		return r.release(ctx, chat, claim.Fence, updates, seen)
	})
}

// Waiting lists chats that have records. after is empty at first and then what
// the call before gave as next, which is empty at the end.
func (s *Store) Waiting(ctx context.Context, after string, most int) (chats []string, next string, err error) {
	var from digest
	if after != "" {
		if n, err := hex.Decode(from[:], []byte(after)); err != nil || n != len(from) {
			return nil, "", errors.New("a list of chats does not continue there")
		}
	}
	chats, err = use(ctx, s, func(r room) ([]string, error) {
		found, err := r.waiting(ctx, from, most)
		var out []string
		for _, w := range found {
			if name, err := r.keys.open(place(codeName, w.chat), w.name); err == nil {
				out = append(out, string(name))
			}
		}
		next = ""
		if len(found) == most && most > 0 {
			last := found[len(found)-1].chat
			next = hex.EncodeToString(last[:])
		}
		return out, err
	})
	return chats, next, err
}

// eraseInbox leaves what is being answered: the person is owed that answer.
func eraseInbox(ctx context.Context, r room, person string) error {
	chat, answering := r.keys.updates(person, dispatch.Answering(ctx))
	return r.drop(ctx, chat, answering)
}
