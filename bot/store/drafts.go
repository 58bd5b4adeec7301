package store

import (
	"context"
	"time"
)

// maxDraft is how many bytes a draft may have.
const maxDraft = 512 << 10

// LoadDraft gives the draft of a person's statement, nil where there is none or
// its time is over.
func (s *Store) LoadDraft(ctx context.Context, person string) ([]byte, error) {
	return use(ctx, s, func(r room) ([]byte, error) {
		var kept draft
		found, err := r.readRecord(ctx, recordKey{codeDraft, r.keys.chat(person)}, &kept)
		if err != nil || !found || !s.cfg.Clock().Before(kept.Until) {
			return nil, err
		}
		return kept.Draft, nil
	})
}

// SaveDraft keeps a draft until the time given, for a day at most. One that is
// larger than 512 KiB is refused with ErrTooBig.
func (s *Store) SaveDraft(ctx context.Context, person string, text []byte, until time.Time) error {
	if len(text) > maxDraft {
		return ErrTooBig
	}
	now := s.cfg.Clock()
	ttl := min(until.Sub(now), draftTTL)
	if ttl <= 0 {
		return s.EraseDraft(ctx, person)
	}
	_, err := use(ctx, s, func(r room) (none, error) {
		return none{}, r.writeRecord(ctx, recordKey{codeDraft, r.keys.chat(person)}, draft{Draft: text, Until: now.Add(ttl)}, ttl)
	})
	return err
}

// EraseDraft deletes a draft, if there is one.
func (s *Store) EraseDraft(ctx context.Context, person string) error {
	_, err := use(ctx, s, func(r room) (none, error) {
		return none{}, erasePlain(codeDraft)(ctx, r, person)
	})
	return err
}

// draft is the record of a draft. Its end is kept beside it, as that of an
// engine may be told by another clock.
type draft struct {
	Draft []byte
	Until time.Time
}
