package telegram_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aldanba/aldanba/bot"
	"github.com/aldanba/aldanba/bot/dispatch"
	"github.com/aldanba/aldanba/bot/telegram"
	"github.com/aldanba/aldanba/bot/telegram/telegramtest"
)

// letter is a reply with a file.
func letter(text string, data ...[]byte) bot.Reply {
	r := bot.Reply{Text: text, Choices: []bot.Choice{{ID: "check", Label: "Ещё"}}, Instead: "canary"}
	for i, d := range data {
		r.Attached = append(r.Attached, bot.Attachment{Name: fmt.Sprintf("paper-%d.pdf", i+1), MIME: "application/pdf", Data: d})
	}
	return r
}

func TestFilesComeAsDocumentsWithTheWordsUnderTheLast(t *testing.T) {
	w := newWorld(t, telegramtest.Options{}, fast)
	w.fake.User(person, "ru").Sends("привет")
	first, second := []byte("%PDF-1.4 first"), bytes.Repeat([]byte{0, 0xff, '\r', '\n'}, 100_000)
	sent := send(t, w, letter("Письмо <в банк>\nОтнесите его первым.", first, second))
	if len(sent) != 2 || sent[0].File == nil || sent[1].File == nil {
		t.Fatalf("sent %+v", sent)
	}
	if sent[0].Text != "" || sent[0].Buttons != nil || sent[1].HTML != "<b>Письмо &lt;в банк&gt;</b>\nОтнесите его первым." || !slices.Equal(sent[1].Labels(), []string{"Ещё"}) {
		t.Errorf("the words are %q and %q, the buttons %v", sent[0].Text, sent[1].HTML, sent[1].Labels())
	}
	for i, want := range [][]byte{first, second} {
		if f := sent[i].File; f.Name != fmt.Sprintf("paper-%d.pdf", i+1) || !bytes.Equal(f.Data, want) {
			t.Errorf("file %d is %s with %d bytes", i, f.Name, len(f.Data))
		}
	}
	if got := press(t, w, sent[1].Buttons[0][0].Data, person); got != "check" {
		t.Errorf("the button means %q", got)
	}
}

func TestWordsThatAreTooLongForAFileFollowIt(t *testing.T) {
	w := newWorld(t, telegramtest.Options{}, fast)
	w.fake.User(person, "ru").Sends("привет")
	text := strings.Repeat("слово ", 300)
	sent := send(t, w, letter(text, []byte("a paper")))
	if len(sent) != 2 || sent[0].File == nil || sent[0].Text != "" || strings.TrimSpace(sent[1].Text) != strings.TrimSpace(text) || sent[1].Buttons == nil {
		t.Errorf("sent %+v", sent)
	}
}

func TestFilesThatTelegramDoesNotTake(t *testing.T) {
	w := newWorld(t, telegramtest.Options{MaxBody: 1 << 20}, fast)
	w.fake.User(person, "ru").Sends("привет")
	for name, c := range map[string]struct {
		data  []byte
		calls int
	}{
		"empty":               {nil, 0},
		"over the limit":      {make([]byte, 50<<20+1), 0},
		"refused by the size": {make([]byte, 2<<20), 1},
	} {
		before := strings.Count(w.calls.all(), "sendDocument")
		_, err := w.Send(context.Background(), chatOf, letter("canary", c.data))
		if !errors.Is(err, dispatch.ErrRefused) || strings.Contains(fmt.Sprint(err, w.log), "canary") {
			t.Errorf("%s: %v", name, err)
		}
		if n := strings.Count(w.calls.all(), "sendDocument") - before; n != c.calls {
			t.Errorf("%s: %d calls", name, n)
		}
	}
}

func TestFilesMeetTheFailuresOfMessages(t *testing.T) {
	for name, c := range map[string]struct {
		fault telegramtest.Fault
		times int
		class error // nil: it arrives
		ends  string
	}{
		"502 once":   {telegramtest.Page(502), 1, nil, "server, ok"},
		"reset":      {telegramtest.Reset(), 1, nil, "network, ok"},
		"no answer":  {telegramtest.Hang(), 1, nil, "network, ok"},
		"too many":   {telegramtest.TooMany(60), 1, errPasses, "limited"},
		"a moment":   {telegramtest.TooMany(1), 1, nil, "limited, ok"},
		"blocked":    {telegramtest.Refusal(403, "Forbidden: bot was blocked by the user"), -1, dispatch.ErrGone, "gone"},
		"not taken":  {telegramtest.Refusal(400, "Bad Request: canary of a text"), -1, dispatch.ErrRefused, "refused"},
		"for good":   {telegramtest.Page(502), -1, errPasses, "server, server, server"},
		"slow to go": {telegramtest.Late(90 * time.Second), 1, nil, "ok"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, telegramtest.Options{}, nil)
				w.fake.User(person, "ru").Sends("привет")
				w.fake.Fault("sendDocument", c.times, c.fault)
				_, err := w.Send(context.Background(), chatOf, letter("canary of a text", []byte("canary of a paper")))
				var retry *dispatch.RetryError
				switch {
				case c.class == nil && err != nil, c.class != nil && err == nil, c.class != nil && c.class != errPasses && !errors.Is(err, c.class):
					t.Error(err)
				case name == "too many" && (!errors.As(err, &retry) || retry.After != time.Minute):
					t.Errorf("%v, %+v", err, retry)
				}
				if ends := strings.ReplaceAll(w.calls.all(), "sendDocument ", ""); ends != c.ends {
					t.Errorf("observed: %s", ends)
				}
				if strings.Contains(fmt.Sprint(err, w.log), "canary") {
					t.Errorf("words are in the error or the log: %v\n%s", err, w.log)
				}
			})
		})
	}
}

func TestFilesCountAgainstTheLimits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, telegramtest.Options{}, func(c *telegram.Config) { c.Rates = telegram.Rates{Global: 30, Chat: 1, Group: 20} })
		w.fake.User(person, "ru").Sends("привет")
		began := time.Now()
		for range 2 {
			if _, err := w.Send(t.Context(), chatOf, letter("x", []byte("paper"))); err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(began); took < 3*time.Second {
			t.Errorf("two files within %v", took)
		}
	})
}
