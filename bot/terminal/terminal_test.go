package terminal_test

import (
	"bytes"
	"context"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aldanba/aldanba/bot"
	"github.com/aldanba/aldanba/bot/terminal"
)

// recorder notes the events and offers two choices.
type recorder struct{ events []string }

func (r *recorder) Handle(_ context.Context, e bot.Event) (bot.Answer, error) {
	switch {
	case e.Start:
		r.events = append(r.events, "start")
	case e.Choice != "":
		r.events = append(r.events, "choice "+e.Choice)
	default:
		r.events = append(r.events, "text "+strings.ReplaceAll(e.Messages[0].Text, "\n", "|"))
	}
	return bot.Answer{Replies: []bot.Reply{{Text: "ok", Choices: []bot.Choice{{ID: "first", Label: "A"}, {ID: "second", Label: "B"}}}}}, nil
}

func (*recorder) Make(context.Context, string, bot.Fetcher) (bot.Papers, error) {
	return bot.Papers{}, nil
}

func (*recorder) Delivered(context.Context, string) error { return nil }

func TestLinesBecomeEvents(t *testing.T) {
	for _, c := range []struct {
		name, typed string
		want        []string
	}{
		{"an empty line ends a message", "a\nb\n\nc\n", []string{"text a|b", "text c"}},
		{"the end of the input ends a message", "a\nb", []string{"text a|b"}},
		{"a number chooses", "2\n1\n", []string{"choice second", "choice first"}},
		{"a number as it is printed, or as people write it", "2.\n1)\n№ 2\n1️⃣\n", []string{"choice second", "choice first", "choice second", "choice first"}},
		{"the point of a list is text", "a\n2.\nb\n", []string{"text a|2.|b"}},
		{"a number after a message ends it", "a\n1\n", []string{"text a", "choice first"}},
		{"a wrong number", "7\n", []string{"choice unknown"}},
		{"a long number is text", "482913\n", []string{"text 482913"}},
		{"commands", "/help\n/SOS\n/forget\n", []string{"choice help", "choice happened", "choice forget"}},
		{"leaving", "a\nexit\nb\n", []string{"text a"}},
		{"leaving in Kazakh", "шығу\nb\n", nil},
		{"windows line ends", "a\r\nb\r\n\r\n", []string{"text a|b"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := &recorder{}
			var out bytes.Buffer
			synctest.Test(t, func(t *testing.T) {
				ctx, stop := context.WithCancel(t.Context())
				defer stop()
				if err := terminal.Talk(ctx, r, terminal.Lines(ctx, strings.NewReader(c.typed)), &out, t.TempDir()); err != nil {
					t.Error(err)
				}
			})
			want := append(append([]string{"start"}, c.want...), "choice goodbye")
			if diff := cmp.Diff(want, r.events); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAPauseEndsAMessage(t *testing.T) {
	r := &recorder{}
	synctest.Test(t, func(t *testing.T) {
		lines := make(chan string)
		go func() {
			for _, line := range []string{"a", "b"} {
				lines <- line
			}
			time.Sleep(time.Second)
			lines <- "c"
			close(lines)
		}()
		if err := terminal.Talk(context.Background(), r, lines, &bytes.Buffer{}, t.TempDir()); err != nil {
			t.Error(err)
		}
	})
	if diff := cmp.Diff([]string{"start", "text a|b", "text c", "choice goodbye"}, r.events); diff != "" {
		t.Error(diff)
	}
}

func TestAnEndlessMessageIsHandedOverInParts(t *testing.T) {
	r := &recorder{}
	synctest.Test(t, func(t *testing.T) {
		endless := strings.Repeat(strings.Repeat("x", 1000)+"\n", 400) + strings.Repeat("y", 1<<20) + "\n"
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		if err := terminal.Talk(ctx, r, terminal.Lines(ctx, strings.NewReader(endless)), &bytes.Buffer{}, t.TempDir()); err != nil {
			t.Error(err)
		}
	})
	for _, event := range r.events {
		if len(event) > 400<<10 {
			t.Errorf("an event of %d bytes", len(event))
		}
	}
	if len(r.events) < 5 {
		t.Errorf("only %d events", len(r.events))
	}
}

func TestTheConversationStopsWhenTheProgramDoes(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	stop()
	if err := terminal.Talk(ctx, &recorder{}, make(chan string), &bytes.Buffer{}, t.TempDir()); err != nil {
		t.Error(err)
	}
}

// TestAPasteIsOneMessage holds that the lines of a paste stay together, however
// its bytes come and whether or not a line break ends it.
func TestAPasteIsOneMessage(t *testing.T) {
	long := strings.Repeat("слово ", 2000)
	for typed, want := range map[string][]string{
		"\x1b[200~раз\rдва\r\rтри\x1b[201~\rда\r":            {"раз\nдва\n\nтри", "", "да"},
		"\x1b[200~раз\r\nдва\r\n\x1b[201~\r":                 {"раз\nдва\n", ""},
		"\x1b[200~одна строка\x1b[201~ и ещё\r":              {"одна строка и ещё"},
		"\x1b[200~" + long + "\x1b[201~\r":                   {long, ""},
		"дк\x1b[Dа\r":                                        {"дак"},
		"раз\rдва\r":                                         {"раз", "два"},
		"\x1b[200~а\nб\x1b[201~\x1b[200~в\nг\x1b[201~\rда\r": {"а\nб", "в\nг", "", "да"},
	} {
		for _, in := range []io.Reader{strings.NewReader(typed), iotest.OneByteReader(strings.NewReader(typed)), iotest.DataErrReader(strings.NewReader(typed))} {
			lines, _ := terminal.Edit(t.Context(), in, io.Discard)
			var got []string
			for line := range lines {
				got = append(got, line)
			}
			if !slices.Equal(got, want) {
				t.Errorf("%.60q: %.200q, want %.200q", typed, got, want)
			}
		}
	}
}

// TestAPasteIsBounded takes no more of a paste than of any message.
func TestAPasteIsBounded(t *testing.T) {
	huge := "\x1b[200~" + strings.Repeat("а\n", 300_000) + "\x1b[201~"
	lines, _ := terminal.Edit(t.Context(), strings.NewReader(huge), io.Discard)
	if line := <-lines; len(line) == 0 || len(line) > 128<<10 {
		t.Errorf("%d bytes", len(line))
	}
	for range lines {
	}
}
