package store_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aldanba/aldanba/bot"
	"github.com/aldanba/aldanba/bot/store"
)

func openError(t *testing.T, cfg store.Config) error {
	t.Helper()
	s, err := store.OpenIdle(t.Context(), cfg)
	if err == nil {
		s.Close()
	}
	return err
}

func TestTheSecretIsMadeOnceAndKeptFromOthers(t *testing.T) {
	b := newBench(t, "embedded")
	b.cfg.Secret = ""
	b.cfg.Dir = filepath.Join(b.cfg.Dir, "made", "on", "first", "run")
	b.open(t)
	check(t, b.Save(t.Context(), person, bot.Session{Checks: 1}))
	path := filepath.Join(b.cfg.Dir, "secret")
	text := must[[]byte](t)(os.ReadFile(path))
	for name, want := range map[string]fs.FileMode{"secret": 0o600, "aldanba.db": 0o600, ".": fs.ModeDir | 0o700} {
		if got := must[fs.FileInfo](t)(os.Stat(filepath.Join(b.cfg.Dir, name))).Mode(); got != want {
			t.Errorf("%s has the mode %v, want %v", name, got, want)
		}
	}
	b.restart(t)
	if got := must[bot.Session](t)(b.Load(t.Context(), person)); got.Checks != 1 {
		t.Errorf("session: %+v", got)
	}
	check(t, b.Close())

	given := b.cfg
	given.Secret = strings.TrimSpace(string(text))
	if err := openError(t, given); err != nil {
		t.Errorf("the secret of the file, given by the environment: %v", err)
	}
	check(t, os.Chmod(path, 0o640))
	if err := openError(t, b.cfg); !errors.Is(err, store.ErrSecret) || !strings.Contains(err.Error(), "0600") {
		t.Errorf("a secret that others may read: %v", err)
	}
	check(t, os.Chmod(path, 0o600))
	check(t, os.WriteFile(path, []byte("short\n"), 0o600))
	if err := openError(t, b.cfg); !errors.Is(err, store.ErrSecret) {
		t.Errorf("a secret that is too short: %v", err)
	}
	check(t, os.Remove(path))
	if err := openError(t, b.cfg); !errors.Is(err, store.ErrSecret) {
		t.Errorf("a secret that is missing: %v", err)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("another secret was made in place of the one that is missing")
	}
}

func TestAnotherSecretIsRefusedAndAChangeIsFollowed(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *bench) {
		if b.engine == "memory" {
			t.Skip("memory does not outlive the program")
		}
		check(t, b.Save(t.Context(), person, bot.Session{Checks: 1}))
		check(t, b.Close())
		old := b.cfg
		b.cfg.GoOn = true // even then
		b.cfg.Secret = "a new secret for tests, just as long as the old one"
		if err := openError(t, b.cfg); !errors.Is(err, store.ErrSecret) || strings.Contains(err.Error(), b.cfg.Secret) {
			t.Fatalf("another secret: %v", err)
		}
		b.cfg.OldSecret = "neither the old nor the new secret, though long enough"
		if err := openError(t, b.cfg); !errors.Is(err, store.ErrSecret) {
			t.Fatalf("a wrong old secret: %v", err)
		}
		b.cfg.OldSecret = old.Secret
		for range 2 { // the old one may stay in the settings
			b.open(t)
			if got := must[bot.Session](t)(b.Load(t.Context(), person)); got.Checks != 1 {
				t.Fatalf("session: %+v", got)
			}
			check(t, b.Close())
		}
		b.cfg.OldSecret = ""
		if err := openError(t, b.cfg); err != nil {
			t.Fatalf("the new secret alone: %v", err)
		}
		if err := openError(t, old); !errors.Is(err, store.ErrSecret) {
			t.Fatalf("the old secret still opens: %v", err)
		}
	})
}

// A key for the outside comes from the secret: it is the same for every process,
// after a restart, and where the store cannot be opened.
func TestKeysForTheOutsideAreThoseOfTheSecret(t *testing.T) {
	keys := map[string]bool{}
	for _, engine := range []string{"memory", "embedded", "redis"} {
		t.Run(engine, func(t *testing.T) {
			b := newBench(t, engine)
			b.open(t)
			keys[string(b.Key("buttons"))] = true
			if bytes.Equal(b.Key("buttons"), b.Key("judge")) {
				t.Error("two purposes have one key")
			}
		})
	}
	away := store.Config{RedisURL: "redis://127.0.0.1:1", Secret: secret, GoOn: true, Log: quiet()}
	s := must[*store.Store](t)(store.OpenIdle(t.Context(), away))
	defer s.Close()
	if s.Health() == nil {
		t.Fatal("the store is there")
	}
	keys[string(s.Key("buttons"))] = true
	if len(keys) != 1 {
		t.Errorf("one secret gives %d keys", len(keys))
	}
	other := newBench(t, "memory")
	other.cfg.Secret = "another secret that is just as long as the first one"
	other.open(t)
	if keys[string(other.Key("buttons"))] {
		t.Error("two secrets give one key")
	}
}

func TestRedisNeedsASecret(t *testing.T) {
	cfg := store.Config{RedisURL: "redis://127.0.0.1:1", Log: quiet()}
	for _, secret := range []string{"", "short"} {
		cfg.Secret = secret
		if err := openError(t, cfg); !errors.Is(err, store.ErrSecret) {
			t.Errorf("with the secret %q: %v", secret, err)
		}
	}
}
