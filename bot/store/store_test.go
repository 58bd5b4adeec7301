package store_test

import (
	"testing"

	"github.com/aldanba/aldanba/bot"
	"github.com/aldanba/aldanba/bot/store"
)

func TestASessionSurvivesARestart(t *testing.T) {
	dir := t.TempDir()
	s, err := store.Open(t.Context(), store.Config{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	want := bot.Session{Lang: "kk", LangChosen: true, Checks: 3}
	if err := s.Save(t.Context(), "telegram:5512", want); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if s, err = store.Open(t.Context(), store.Config{Dir: dir}); err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if got, err := s.Load(t.Context(), "telegram:5512"); err != nil || got != want {
		t.Fatalf("Load = %+v, %v; want %+v", got, err, want)
	}
}
