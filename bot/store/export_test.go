package store

import (
	"context"
	"crypto/rand"
)

// OpenIdle opens a store that nobody tends: tests sweep it and recover it.
func OpenIdle(ctx context.Context, cfg Config) (*Store, error) { return open(ctx, cfg) }

// Twin is another process on the same engine.
func (s *Store) Twin() *Store {
	return &Store{cfg: s.cfg, owner: rand.Text(), main: s.main, spare: s.newSpare(), leads: map[string]lead{}, stop: func() {}}
}

func (s *Store) Sweep(ctx context.Context) error { return s.sweep(ctx) }

func (s *Store) Recover(ctx context.Context) { s.recover(ctx) }

// Kinds names the kinds of records, and says which belong to a person.
func Kinds() map[string]bool {
	out := map[string]bool{}
	for _, k := range kinds() {
		out[k.name] = k.owner == ofPerson
	}
	return out
}

const Schema = schema

// Entries counts what a backup would hold, by shelf, plain records by kind.
func (s *Store) Entries(ctx context.Context) (map[string]int, error) {
	out := map[string]int{}
	err := s.main.dump(ctx, func(en entry) error {
		name := string(en.shelf)
		if en.shelf == shelfRecord {
			name += string(en.key[0])
		}
		out[name]++
		return nil
	})
	return out, err
}
