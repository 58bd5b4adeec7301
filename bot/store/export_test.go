package store

import (
	"context"
	"crypto/rand"
	"strconv"
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

// MarkRestoring leaves the store as if it were killed while it restores.
func (s *Store) MarkRestoring(ctx context.Context) error {
	return s.main.setMeta(ctx, map[string][]byte{metaRestoring: []byte("yes")})
}

// SchemaVersion and SetSchema look at and change the version of the layout.
func (s *Store) SchemaVersion(ctx context.Context) (int, error) {
	facts, err := s.main.meta(ctx, nil)
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(string(facts[metaSchema]))
}

func (s *Store) SetSchema(ctx context.Context, version int) error {
	return s.main.setMeta(ctx, map[string][]byte{metaSchema: []byte(strconv.Itoa(version))})
}

func (s *Store) Tidy(ctx context.Context) { s.tidy(ctx) }

// MainSweep sweeps the engine itself while it is out of use.
func (s *Store) MainSweep(ctx context.Context) error {
	_, err := s.main.sweep(ctx, sweepSize)
	return err
}
