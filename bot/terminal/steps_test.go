package terminal_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/aldanba/aldanba/bot"
	"github.com/aldanba/aldanba/bot/bottest"
	"github.com/aldanba/aldanba/bot/firstaid"
	"github.com/aldanba/aldanba/bot/terminal"
	"github.com/aldanba/aldanba/locales"
)

// follower notes what is chosen in a conversation.
type follower struct {
	terminal.Talker
	chosen map[string]bool
}

func (f follower) Handle(ctx context.Context, e bot.Event) (bot.Answer, error) {
	f.chosen[e.Choice] = true
	return f.Talker.Handle(ctx, e)
}

// TestTheGoldenConversationsGoEveryStep: in both languages they begin every
// tree for oneself and for somebody near, go every way, and in every tree meet
// each of its steps that cannot be done.
func TestTheGoldenConversationsGoEveryStep(t *testing.T) {
	config := bottest.Parts(t)
	for _, lang := range locales.Languages() {
		files, err := filepath.Glob("../../testdata/conversations/aid_*_" + lang + ".txtar")
		if err != nil {
			t.Fatal(err)
		}
		chosen := map[string]bool{}
		for _, file := range files {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			memory := bot.NewMemorySessions()
			config.Sessions, config.Drafts = memory, memory
			talk(t, follower{bot.New(config), chosen}, string(archive.Files[0].Data))
		}
		for id := range missing(config.Trees, chosen) {
			t.Errorf("%s: nobody chooses %s", lang, id)
		}
	}
}

// missing gives what is not among the choices and should be.
func missing(trees *firstaid.Trees, chosen map[string]bool) map[string]bool {
	wanted := map[string]bool{}
	want := func(key string) {
		if !chosen["aid:"+key] {
			wanted["aid:"+key] = true
		}
	}
	cannot := map[string]bool{} // tree and step, whatever was done before
	for id := range chosen {
		if place, answer, ok := trees.Parse(strings.TrimPrefix(id, "aid:")); ok && answer == firstaid.Cannot {
			cannot[place.Tree+" "+place.Step] = true
		}
	}
	for _, tree := range trees.All() {
		want(firstaid.Place{Tree: tree.ID}.Key())
		want(firstaid.Place{Tree: tree.ID, Relative: true}.Key())
		for _, way := range tree.Ways {
			if way.ID != "" {
				want(firstaid.Place{Tree: tree.ID, Way: way.ID}.Key())
			}
			for _, step := range way.Steps {
				for _, id := range append([]string{step}, trees.Step(step).Instead...) {
					if !cannot[tree.ID+" "+id] {
						wanted["that "+id+" cannot be done in "+tree.ID] = true
					}
				}
			}
		}
	}
	return wanted
}
