package store

import (
	"context"
	"encoding/binary"
)

// strikeKey is where the strikes of a name lie.
func (r room) strikeKey(name string) recordKey {
	return recordKey{codeStrike, r.keys.digest("strike", name)}
}

// Strike adds a strike to a name. Its strikes are forgotten a day after the
// last one. Like limits, they outlive Erase: who floods the bot does not begin
// anew by asking to be forgotten.
func (s *Store) Strike(ctx context.Context, name string) error {
	_, err := use(ctx, s, func(r room) (int64, error) { return r.tally(ctx, r.strikeKey(name), 1, strikeTTL) })
	return err
}

// Strikes gives how many strikes a name has.
func (s *Store) Strikes(ctx context.Context, name string) (n int, err error) {
	return use(ctx, s, func(r room) (int, error) {
		v, err := r.get(ctx, r.strikeKey(name))
		if err != nil || len(v) != 8 {
			return 0, err
		}
		return int(min(binary.BigEndian.Uint64(v), maxStrikes)), nil
	})
}

// maxStrikes is how many strikes are told apart.
const maxStrikes = 1000
