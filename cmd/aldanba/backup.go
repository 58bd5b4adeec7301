package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/caarlos0/env/v11"

	"github.com/aldanba/aldanba/bot/store"
)

type backupCommand struct {
	File string `arg:"" help:"Where to write the copy; it must not be there yet."`
}

type restoreCommand struct {
	File string `arg:"" type:"existingfile" help:"The copy to bring back into an empty memory."`
}

// Run copies the memory of the bot. What is sealed in it stays sealed.
func (c *backupCommand) Run(w *world) error {
	if _, err := os.Lstat(c.File); err == nil {
		return fmt.Errorf("%s exists already; a copy is never written over another", c.File)
	}
	cfg, err := w.memorySettings()
	if err != nil {
		return err
	}
	// A copy of a new memory would be a copy of nothing.
	if cfg.RedisURL == "" && !store.Exists(cfg.Dir) {
		return fmt.Errorf("there is no memory in %s: set ALDANBA_DATA to the directory that the bot uses, or REDIS_URL", cfg.Dir)
	}
	memory, err := w.memory(cfg)
	if err != nil {
		return err
	}
	defer memory.Close()
	// It gets its name when it is whole.
	file, err := os.CreateTemp(filepath.Dir(c.File), filepath.Base(c.File)+"-")
	if err != nil {
		return fmt.Errorf("the copy cannot be written: %w", err)
	}
	defer os.Remove(file.Name())
	out := bufio.NewWriter(file)
	if err := errors.Join(memory.Backup(w, out), out.Flush(), file.Sync(), file.Close()); err != nil {
		return fmt.Errorf("the copy cannot be written: %w", err)
	}
	if err := os.Link(file.Name(), c.File); err != nil {
		return fmt.Errorf("the copy cannot be put in its place: %w", err)
	}
	fmt.Fprintln(w.out, "The memory is copied to", c.File)
	return nil
}

// Run brings a copy back.
func (c *restoreCommand) Run(w *world) error {
	cfg, err := w.memorySettings()
	if err != nil {
		return err
	}
	file, err := os.Open(c.File)
	if err != nil {
		return fmt.Errorf("the copy cannot be read: %w", err)
	}
	defer file.Close()
	if err := store.CheckBackup(cfg, file); err != nil {
		return err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("the copy cannot be read: %w", err)
	}
	memory, err := w.memory(cfg)
	if err != nil {
		return err
	}
	defer memory.Close()
	if err := memory.Restore(w, bufio.NewReader(file)); err != nil {
		return err
	}
	fmt.Fprintln(w.out, "The memory is restored from", c.File)
	return nil
}

// memorySettings are those of the memory alone: no token is needed.
func (w *world) memorySettings() (store.Config, error) {
	s, err := env.ParseAsWithOptions[memorySettings](env.Options{Environment: env.ToMap(w.environ)})
	if err != nil {
		return store.Config{}, unreadable(err)
	}
	if err := s.check(); err != nil {
		return store.Config{}, fmt.Errorf("the settings are not right:\n%w", err)
	}
	return store.Config{RedisURL: s.RedisURL, Dir: s.Data, Secret: s.Secret, OldSecret: s.OldSecret}, nil
}

// memory opens the memory that the settings name, and only if it works.
func (w *world) memory(cfg store.Config) (*store.Store, error) {
	memory, err := store.Open(w, cfg)
	if errors.Is(err, store.ErrLocked) {
		return nil, fmt.Errorf("the bot that runs holds the memory: end it, and start it again afterwards: %w", err)
	}
	return memory, err
}
