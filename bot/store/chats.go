package store

import (
	"context"
	"time"
)

// Gone remembers that a chat takes no replies any more.
func (s *Store) Gone(ctx context.Context, chat string) error {
	_, err := use(ctx, s, func(r room) (none, error) {
		return none{}, r.writeRecord(ctx, recordKey{codeGone, r.keys.chat(chat)}, s.cfg.Clock().UTC().Truncate(time.Second), chatTTL)
	})
	return err
}

// IsGone says whether a chat takes no replies any more.
func (s *Store) IsGone(ctx context.Context, chat string) (bool, error) {
	return use(ctx, s, func(r room) (bool, error) {
		var since time.Time
		return r.readRecord(ctx, recordKey{codeGone, r.keys.chat(chat)}, &since)
	})
}

// Back forgets that a chat was gone: somebody wrote from there.
func (s *Store) Back(ctx context.Context, chat string) error {
	_, err := use(ctx, s, func(r room) (none, error) {
		return none{}, erasePlain(codeGone)(ctx, r, chat)
	})
	return err
}

// Moved follows a chat that got another name, as a group that became a
// supergroup: what is remembered about it goes along. Updates that wait stay
// where they are; Follow says where their answers go.
func (s *Store) Moved(ctx context.Context, from, to string) error {
	if from == to {
		return nil
	}
	_, err := use(ctx, s, func(r room) (none, error) { return none{}, r.move(ctx, from, to) })
	return err
}

// move can be repeated after it failed half-way.
func (r room) move(ctx context.Context, from, to string) error {
	old, now := r.keys.chat(from), r.keys.chat(to)
	if err := r.writeRecord(ctx, recordKey{codeMoved, old}, to, chatTTL); err != nil {
		return err
	}
	if err := r.writeRecord(ctx, recordKey{codeCame, now}, from, chatTTL); err != nil {
		return err
	}
	for code, ttl := range map[byte]time.Duration{codeSession: sessionTTL, codeVerdicts: verdictsTTL} {
		if err := r.moveRecord(ctx, recordKey{code, old}, recordKey{code, now}, ttl); err != nil {
			return err
		}
	}
	return r.moveItems(ctx, from, to)
}

// moveRecord moves a plain record, unless there is one already.
func (r room) moveRecord(ctx context.Context, from, to recordKey, ttl time.Duration) error {
	sealed, err := r.get(ctx, from)
	if err != nil || sealed == nil {
		return err
	}
	there, err := r.get(ctx, to)
	if err != nil {
		return err
	}
	if there == nil {
		value, err := r.keys.open(place(from.kind, from.name), sealed)
		if err != nil {
			return err
		}
		if err := r.set(ctx, to, r.keys.seal(place(to.kind, to.name), value), ttl); err != nil {
			return err
		}
	}
	return r.remove(ctx, from)
}

// maxMoves bounds how far a chat is followed.
const maxMoves = 8

// Follow gives the name that a chat has now, which is the given one if it did
// not move.
func (s *Store) Follow(ctx context.Context, chat string) (string, error) {
	return use(ctx, s, func(r room) (string, error) {
		for range maxMoves {
			to := ""
			found, err := r.readRecord(ctx, recordKey{codeMoved, r.keys.chat(chat)}, &to)
			if err != nil || !found {
				return chat, err
			}
			chat = to
		}
		return chat, nil
	})
}

// eraseMoved forgets where a chat went and where it came from.
func eraseMoved(ctx context.Context, r room, person string) error {
	here := r.keys.chat(person)
	for _, link := range []struct{ here, there byte }{{codeMoved, codeCame}, {codeCame, codeMoved}} {
		var other string
		found, err := r.readRecord(ctx, recordKey{link.here, here}, &other)
		if err != nil {
			return err
		}
		if found {
			if err := r.remove(ctx, recordKey{link.there, r.keys.chat(other)}); err != nil {
				return err
			}
		}
		if err := r.remove(ctx, recordKey{link.here, here}); err != nil {
			return err
		}
	}
	return nil
}
