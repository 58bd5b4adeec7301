package telegram_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aldanba/aldanba/bot"
	"github.com/aldanba/aldanba/bot/dispatch"
	"github.com/aldanba/aldanba/bot/telegram"
	"github.com/aldanba/aldanba/bot/telegram/telegramtest"
)

// TestFailures: what fails in passing is tried again a few times, what fails
// for good is not, and the caller learns which of the two it is.
func TestFailures(t *testing.T) {
	page := telegramtest.Page
	refusal := telegramtest.Refusal
	for name, c := range map[string]struct {
		fault telegramtest.Fault
		times int
		calls int64
		class error // nil: the reply arrives
		ends  string
	}{
		"502 once":               {page(502), 1, 2, nil, "server, ok"},
		"502 twice":              {page(502), 2, 3, nil, "server, server, ok"},
		"500 in JSON":            {refusal(500, "Internal Server Error"), 1, 2, nil, "server, ok"},
		"502 for good":           {page(502), -1, 3, errPasses, "server, server, server"},
		"reset":                  {telegramtest.Reset(), 1, 2, nil, "network, ok"},
		"answer is cut off":      {telegramtest.Truncated(), 1, 2, nil, "network, ok"},
		"no answer":              {telegramtest.Hang(), 1, 2, nil, "network, ok"},
		"answer trickles":        {telegramtest.Slow(1, 10*time.Millisecond), 1, 1, nil, "ok"},
		"answer trickles on":     {telegramtest.Slow(1, 10*time.Second), 1, 2, nil, "network, ok"},
		"blocked":                {refusal(403, "Forbidden: bot was blocked by the user"), -1, 1, dispatch.ErrGone, "gone"},
		"deleted account":        {refusal(403, "Forbidden: user is deactivated"), -1, 1, dispatch.ErrGone, "gone"},
		"no such chat":           {refusal(400, "Bad Request: chat not found"), -1, 1, dispatch.ErrGone, "gone"},
		"markup":                 {refusal(400, "Bad Request: can't parse entities: canary of a text"), -1, 1, dispatch.ErrRefused, "refused"},
		"no right to write":      {refusal(400, "Bad Request: not enough rights to send text messages to the chat"), -1, 1, dispatch.ErrRefused, "refused"},
		"token":                  {refusal(401, "Unauthorized"), -1, 1, errPasses, "unauthorized"},
		"proxy wants a password": {page(407), -1, 1, dispatch.ErrRefused, "refused"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, telegramtest.Options{}, nil)
				w.fake.User(person, "ru").Sends("привет")
				w.fake.Fault("sendMessage", c.times, c.fault)
				_, err := w.Send(context.Background(), chatOf, bot.Reply{Text: "canary of a text"})
				gone, refused := errors.Is(err, dispatch.ErrGone), errors.Is(err, dispatch.ErrRefused)
				switch c.class {
				case nil:
					if err != nil {
						t.Error(err)
					}
				case errPasses:
					if err == nil || gone || refused {
						t.Error(err)
					}
				default:
					if !errors.Is(err, c.class) || gone && refused {
						t.Error(err)
					}
				}
				if n := w.fake.Count("sendMessage"); n != c.calls {
					t.Errorf("%d calls", n)
				}
				if ends := strings.ReplaceAll(w.calls.all(), "sendMessage ", ""); ends != c.ends {
					t.Errorf("observed: %s", ends)
				}
				if strings.Contains(fmt.Sprint(err, w.log), "canary") {
					t.Errorf("the text is in the error or the log: %v\n%s", err, w.log)
				}
			})
		})
	}
}

var errPasses = errors.New("something that may pass")

// TestRetriesAreSpread: what failed together is not tried again together, and
// not at once.
func TestRetriesAreSpread(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, telegramtest.Options{}, fast)
		const chats = 30
		w.fake.Fault("sendMessage", chats, telegramtest.Page(502))
		started := time.Now()
		var work sync.WaitGroup
		var mu sync.Mutex
		waits := map[time.Duration]bool{}
		for i := range chats {
			w.fake.User(int64(i+1), "ru").Sends("привет")
			work.Go(func() {
				if _, err := w.Send(context.Background(), fmt.Sprint("telegram:", i+1), bot.Reply{Text: "x"}); err != nil {
					t.Error(err)
				}
				mu.Lock()
				defer mu.Unlock()
				waits[time.Since(started)] = true
			})
		}
		work.Wait()
		if len(waits) < chats/2 {
			t.Errorf("%d calls are tried again at %d moments", chats, len(waits))
		}
		for wait := range waits {
			if wait < 100*time.Millisecond || wait > 2*time.Second {
				t.Errorf("tried again after %v", wait)
			}
		}
	})
}

func TestNobodyListens(t *testing.T) {
	w, err := telegram.New(telegram.Config{
		Token: botToken, APIURL: "http://127.0.0.1:1", ButtonKey: []byte(buttonKey),
		Sink: func(context.Context, []dispatch.Update) error { return nil }, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.Send(context.Background(), chatOf, bot.Reply{Text: "x"})
	if err == nil || !strings.Contains(err.Error(), "connection refused") || strings.Contains(err.Error(), "AAtest") {
		t.Error(err)
	}
}

func TestRetryEndsWithTheCaller(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, telegramtest.Options{}, nil)
		w.fake.User(person, "ru").Sends("привет")
		w.fake.Fault("sendMessage", -1, telegramtest.Hang())
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		started := time.Now()
		if _, err := w.Send(ctx, chatOf, bot.Reply{Text: "x"}); !errors.Is(err, context.DeadlineExceeded) || time.Since(started) > time.Second {
			t.Errorf("%v after %v", err, time.Since(started))
		}
	})
}

// TestGroupThatMovedIsFollowed: the reply reaches the supergroup at once, its
// buttons work there, and the move is told.
func TestGroupThatMovedIsFollowed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, telegramtest.Options{}, nil)
		u := w.fake.User(person, "ru")
		u.Sends("привет")
		g := w.fake.Group(-4455, "Отбасы", u)
		g.Migrates(family)
		r := bot.Reply{Text: "Ответ\n\n" + strings.Repeat("слово ", 1000), Choices: []bot.Choice{{ID: "check", Label: "Ещё"}}}
		if _, err := w.Send(context.Background(), "telegram:-4455", r); err != nil {
			t.Fatal(err)
		}
		sent := w.fake.Sent(family)
		if len(sent) != 2 {
			t.Fatalf("%d messages", len(sent))
		}
		if got := press(t, w, sent[1].Buttons[0][0].Data, family); got != "check" {
			t.Errorf("the button means %q in the supergroup", got)
		}
		if news := strings.Join(w.chats.news, ", "); news != fmt.Sprintf("moved telegram:-4455 to telegram:%d", family) {
			t.Errorf("told: %s", news)
		}
		// That it cannot be noted does not keep the reply back.
		w.chats.err = errors.New("the store is away")
		if _, err := w.Send(context.Background(), "telegram:-4455", bot.Reply{Text: "ещё"}); err != nil {
			t.Error(err)
		}
	})
}

// TestSentMessageThatIsNewerThanTheLibrary: the answer to a call holds the
// message that is answered, which may be of a kind that came after the library.
func TestSentMessageThatIsNewerThanTheLibrary(t *testing.T) {
	for body, want := range map[string]string{
		`{"message_id":77,"date":1,"chat":{"id":5512,"type":"private"},"reply_to_message":{"message_id":3,"forward_origin":{"type":"community"}}}`: "77",
		`{"message_id":"new"}`: "",
		`true`:                 "",
	} {
		a := strange(t, `{"ok":true,"result":`+body+`}`)
		if id, err := a.Send(context.Background(), chatOf, bot.Reply{Text: "x"}); err != nil || id != want {
			t.Errorf("%s: %q, %v", body, id, err)
		}
		if err := a.Replace(context.Background(), chatOf, "77", bot.Reply{Text: "x"}); err != nil {
			t.Errorf("%s: %v", body, err)
		}
	}
}

func TestAnswerWithoutEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := strange(t, `{"ok":true,"result":{"message_id":77},"x":"`+strings.Repeat("x", 33<<20)+`"}`)
		if _, err := a.Send(context.Background(), chatOf, bot.Reply{Text: "x"}); err == nil || !strings.Contains(err.Error(), "too long") {
			t.Error(err)
		}
	})
}
