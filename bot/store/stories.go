package store

import (
	"context"
	"encoding/hex"
	"slices"

	"github.com/aldanba/aldanba/bot/story"
)

// Pieces gives the pieces of a person's stories that are not too old, in the
// order of time.
func (s *Store) Pieces(ctx context.Context, person string) ([]story.Piece, error) {
	return use(ctx, s, func(r room) (pieces []story.Piece, err error) {
		_, err = r.readRecord(ctx, recordKey{codeStory, r.keys.chat(person)}, &pieces)
		now := s.cfg.Clock()
		return slices.DeleteFunc(pieces, func(p story.Piece) bool { return now.Sub(p.At) >= story.Span }), err
	})
}

// SavePieces remembers the pieces of a person's stories for 30 days from now.
func (s *Store) SavePieces(ctx context.Context, person string, pieces []story.Piece) error {
	_, err := use(ctx, s, func(r room) (none, error) {
		return none{}, r.writeRecord(ctx, recordKey{codeStory, r.keys.chat(person)}, pieces, storyTTL)
	})
	return err
}

// digestBytes is how much of a digest a piece of a story keeps: enough to tell
// the few names in one person's stories apart, too little to look a name up.
const digestBytes = 6

// Digest gives a short keyed digest of a name for a person's stories.
func (s *Store) Digest(person, name string) string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	d := s.spare.keys.digest("story", person, name)
	return hex.EncodeToString(d[:digestBytes])
}
