package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aldanba/aldanba/bot"
	"github.com/aldanba/aldanba/bot/store"
)

func TestTheMemoryIsCopiedAndBroughtBack(t *testing.T) {
	dir := t.TempDir()
	first, second := filepath.Join(dir, "first"), filepath.Join(dir, "second")
	t.Setenv("ALDANBA_DATA", first)
	file := filepath.Join(dir, "copy")
	if code, _, errOut := aldanba(t, "", "backup", file); code != 1 || !strings.Contains(errOut, "there is no memory") {
		t.Errorf("a copy of a memory that nobody made: %d %s", code, errOut)
	}
	want := bot.Session{Lang: "kk", Checks: 7}
	inMemory(t, first, func(memory *store.Store) {
		if err := memory.Save(t.Context(), "telegram:5", want); err != nil {
			t.Fatal(err)
		}
		if code, _, errOut := aldanba(t, "", "backup", file); code != 1 || !strings.Contains(errOut, "the bot that runs holds the memory") {
			t.Errorf("a copy while the bot runs: %d %s", code, errOut)
		}
	})
	if code, out, errOut := aldanba(t, "", "backup", file); code != 0 {
		t.Fatalf("backup: %d %s %s", code, out, errOut)
	}
	if code, _, errOut := aldanba(t, "", "backup", file); code != 1 || !strings.Contains(errOut, "exists") {
		t.Errorf("a second copy over the first: %d %s", code, errOut)
	}
	// Elsewhere, where the secret of the first run is not: nothing is made that
	// would stand in the way of the right one.
	t.Setenv("ALDANBA_DATA", second)
	for secret, sentence := range map[string]string{"": "put its file \"secret\" into the directory", testSecret: "made with another one"} {
		t.Setenv("ALDANBA_SECRET", secret)
		if code, _, errOut := aldanba(t, "", "restore", file); code != 1 || !strings.Contains(errOut, sentence) {
			t.Errorf("restore without the secret: %d %s", code, errOut)
		}
		if _, err := os.Stat(second); err == nil {
			t.Error("what is refused leaves something")
		}
	}
	t.Setenv("ALDANBA_SECRET", "")
	secret, err := os.ReadFile(filepath.Join(first, "secret"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(second, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(second, "secret"), secret, 0o600); err != nil {
		t.Fatal(err)
	}
	if code, out, errOut := aldanba(t, "", "restore", file); code != 0 {
		t.Errorf("restore: %d %s %s", code, out, errOut)
	}
	inMemory(t, second, func(memory *store.Store) {
		if got, err := memory.Load(t.Context(), "telegram:5"); err != nil || got != want {
			t.Errorf("remembered: %+v, %v", got, err)
		}
	})
	if code, _, errOut := aldanba(t, "", "restore", file); code != 1 || !strings.Contains(errOut, "not empty") {
		t.Errorf("restore over what is there: %d %s", code, errOut)
	}
}

// inMemory looks into the memory of a bot that does not run.
func inMemory(t *testing.T, dir string, look func(*store.Store)) {
	t.Helper()
	memory, err := store.Open(t.Context(), store.Config{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	look(memory)
	if err := memory.Close(); err != nil {
		t.Fatal(err)
	}
}
