package store

import (
	"context"
	"fmt"
	"strconv"
)

// schema is the version of the layout that this program writes.
const schema = 2

// Names of the store's own facts.
const (
	metaSchema    = "schema"
	metaKey       = "key"       // the data key, locked with the secret
	metaRestoring = "restoring" // not empty while a backup is read in
)

// unlock brings a store up to date and gives the keys to it. A store that is
// new gets the fresh ones.
func unlock(ctx context.Context, eng engine, cfg *Config, fresh *keys) (*keys, error) {
	facts, err := eng.meta(ctx, map[string][]byte{
		metaSchema: []byte(strconv.Itoa(schema)),
		metaKey:    fresh.wrap(cfg.Secret),
	})
	if err != nil {
		return nil, err
	}
	version, err := strconv.Atoi(string(facts[metaSchema]))
	switch {
	case err != nil || version < 1 || facts[metaKey] == nil:
		return nil, damaged("its version or its key is missing")
	case version > schema:
		return nil, fmt.Errorf("%w: its layout is %d, this program knows up to %d", ErrNewer, version, schema)
	}
	k, err := unwrap(facts[metaKey], cfg.Secret)
	if err != nil && cfg.OldSecret != "" {
		if k, err = unwrap(facts[metaKey], cfg.OldSecret); err == nil {
			err = eng.setMeta(ctx, map[string][]byte{metaKey: k.wrap(cfg.Secret)})
		}
	}
	if err != nil {
		return nil, err
	}
	if len(facts[metaRestoring]) > 0 {
		// It was interrupted: what it left cannot be read with this key.
		if err := eng.wipe(ctx); err != nil {
			return nil, err
		}
		if err := eng.setMeta(ctx, map[string][]byte{metaRestoring: nil}); err != nil {
			return nil, err
		}
	}
	for ; version < schema; version++ {
		if err := eng.migrate(ctx, version); err != nil {
			return nil, err
		}
	}
	return k, nil
}
