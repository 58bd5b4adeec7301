package bot_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/aldanba/aldanba/bot"
)

var update = flag.Bool("update", false, "write what is said now as the golden stories")

// sent is one message of a golden story.
type sent struct {
	day        int
	from, text string // from is empty where the person tells it themselves
}

// readStory reads blocks of a heading "day 3, from Name" or "day 3, own", and
// the text up to an empty line.
func readStory(t *testing.T, data []byte) []sent {
	t.Helper()
	var out []sent
	for block := range strings.SplitSeq(strings.TrimSpace(string(data)), "\n\n") {
		heading, text, ok := strings.Cut(block, "\n")
		day, whose, ok2 := strings.Cut(heading, ", ")
		var m sent
		if _, err := fmt.Sscanf(day, "day %d", &m.day); err != nil || !ok || !ok2 {
			t.Fatalf("a message begins with %q", heading)
		}
		if whose != "own" {
			m.from = strings.TrimPrefix(whose, "from ")
		}
		m.text = strings.TrimSpace(text)
		out = append(out, m)
	}
	return out
}

// listener is a bot on a clock of its own that remembers stories.
type listener struct {
	*bot.Bot
	now time.Time
}

func newListener(t *testing.T) *listener {
	t.Helper()
	l, memory := &listener{}, bot.NewMemorySessions()
	config := newConfig(t, memory)
	config.Stories, config.Clock = memory, func() time.Time { return l.now }
	l.Bot = bot.New(config)
	return l
}

// hear sends a message on its day.
func (l *listener) hear(t *testing.T, m sent) bot.Answer {
	t.Helper()
	l.now = time.Date(2026, 11, m.day, 9, 0, 0, 0, time.UTC)
	message := bot.Message{Text: m.text, Forwarded: m.from != "", From: m.from}
	answer, err := l.Handle(context.Background(), bot.Event{Person: "p", Messages: []bot.Message{message}})
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

// tell sends a whole story and gives the last answer; said is its text, or its
// verdict alone where nothing was found.
func (l *listener) tell(t *testing.T, pieces []sent) (said []byte, last bot.Answer) {
	t.Helper()
	for _, m := range pieces {
		last = l.hear(t, m)
	}
	if last.Level.Danger() == 0 {
		return fmt.Appendln(nil, last.Level), last
	}
	for _, r := range last.Replies {
		said = fmt.Appendln(said, r.Text)
	}
	return said, last
}

// A long fraud is recognised by pieces that are no scam alone, and people to
// whom something like it happens in earnest are left in peace.
func TestStoriesOverDays(t *testing.T) {
	files, err := filepath.Glob("../testdata/stories/*.txtar")
	if err != nil || len(files) < 20 {
		t.Fatalf("%d golden stories: %v", len(files), err)
	}
	alone, raised := newListener(t), 0
	alone.Stories = nil
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil || len(archive.Files) != 4 {
				t.Fatalf("want the files sent, said, twin sent and twin said (%v)", err)
			}
			for i := 0; i < 4; i += 2 {
				pieces := readStory(t, archive.Files[i].Data)
				said, last := newListener(t).tell(t, pieces)
				byItself := alone.hear(t, pieces[len(pieces)-1]).Level
				switch twin := i > 0; {
				case !twin && (last.Level.Danger() == 0 || last.Level.Danger() < byItself.Danger()):
					t.Errorf("the story is %s, its last piece alone %s", last.Level, byItself)
				case !twin && last.Level.Danger() > byItself.Danger():
					raised++
				case twin && last.Level != byItself:
					t.Errorf("the twin is %s, its last piece alone %s", last.Level, byItself)
				}
				if *update {
					archive.Files[i+1].Data = said
				} else if diff := cmp.Diff(string(archive.Files[i+1].Data), string(said)); diff != "" {
					t.Errorf("(-golden +now):\n%s", diff)
				}
			}
			if *update {
				if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
	if raised < len(files)/3 {
		t.Errorf("only %d of %d stories are graver than their last piece", raised, len(files))
	}
}

// A story is remembered with consent alone, shown in what is known of the
// person, and forgotten with them.
func TestStoriesAreRememberedWithConsent(t *testing.T) {
	pieces := func(l *listener) int {
		kept, err := l.Stories.Pieces(t.Context(), "p")
		if err != nil {
			t.Fatal(err)
		}
		return len(kept)
	}
	press := func(l *listener, choice string) bot.Answer {
		answer, err := l.Handle(t.Context(), bot.Event{Person: "p", Choice: choice})
		if err != nil {
			t.Fatal(err)
		}
		return answer
	}
	offer := sent{day: 1, from: "HR", text: "Есть подработка с телефона, свободный график, писать нам сюда"}
	l := newListener(t)
	l.AskConsent = true
	l.hear(t, offer)
	if n := pieces(l); n != 0 {
		t.Fatalf("%d pieces are kept before consent", n)
	}
	press(l, "remember:yes")
	l.hear(t, offer)
	if n := pieces(l); n != 1 {
		t.Fatalf("%d pieces are kept with consent", n)
	}
	if shown := press(l, bot.ChoiceMyData).Replies[0].Text; !strings.Contains(shown, "шаги возможного обмана за месяц: 1") {
		t.Errorf("what is known of the person: %s", shown)
	}
	press(l, bot.ChoiceForget)
	if n := pieces(l); n != 0 {
		t.Errorf("%d pieces are kept after all was forgotten", n)
	}
}
