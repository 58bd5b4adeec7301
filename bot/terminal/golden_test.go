package terminal_test

import (
	"bytes"
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/aldanba/aldanba/bot"
	"github.com/aldanba/aldanba/bot/bottest"
	"github.com/aldanba/aldanba/bot/terminal"
)

var update = flag.Bool("update", false, "write what is said now as the golden conversations")

// TestGoldenConversations holds whole conversations, typed lines in, printed
// lines out, as a person at a terminal has them.
func TestGoldenConversations(t *testing.T) {
	files, err := filepath.Glob("../../testdata/conversations/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no golden conversations: %v", err)
	}
	config := bottest.Parts(t)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if len(archive.Files) != 2 || archive.Files[0].Name != "typed" || archive.Files[1].Name != "printed" {
				t.Fatalf("%s: want the files typed and printed", file)
			}
			typed := string(archive.Files[0].Data)
			memory := bot.NewMemorySessions()
			config.Sessions, config.Stories, config.Drafts = memory, memory, memory
			printed := talk(t, bot.New(config), typed)
			if *update {
				archive.Files[1].Data = printed
				if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(archive.Files[1].Data), string(printed)); diff != "" {
				t.Errorf("%s (-golden +now):\n%s", file, diff)
			}
		})
	}
}

// talk types all lines at once on a clock that stands still meanwhile, except
// that it goes on by the time that a line like "(1h later)" says. What the bot
// saves is saved in a directory of the test, and named without it.
func talk(t *testing.T, talker terminal.Talker, typed string) []byte {
	t.Helper()
	var out bytes.Buffer
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		lines := make(chan string)
		go func() {
			defer close(lines)
			for line := range terminal.Lines(ctx, strings.NewReader(typed)) {
				if length, ok := strings.CutSuffix(line, " later)"); ok {
					d, err := time.ParseDuration(strings.TrimPrefix(length, "("))
					if err != nil {
						t.Error(err)
					}
					time.Sleep(d)
					continue
				}
				lines <- line
			}
		}()
		if err := terminal.Talk(ctx, talker, lines, &out, dir); err != nil {
			t.Error(err)
		}
	})
	return bytes.ReplaceAll(out.Bytes(), []byte(dir+string(filepath.Separator)), nil)
}
