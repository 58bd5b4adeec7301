package telegram_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aldanba/aldanba/bot"
	"github.com/aldanba/aldanba/bot/dispatch"
	"github.com/aldanba/aldanba/bot/telegram"
	"github.com/aldanba/aldanba/bot/telegram/telegramtest"
)

// Words that stand for what must stay secret.
var secrets = []string{"AAtestCanaryOfTheToken", secret, buttonKey, "canary of a text", "canary of a name", "5512"}

// TestSecretsStaySecret: whatever a call meets, neither its error, however it
// is printed or unwrapped, nor the log tells the token, the keys, what a person
// wrote or who they are.
func TestSecretsStaySecret(t *testing.T) {
	faults := map[string]telegramtest.Fault{
		"reset": telegramtest.Reset(), "hang": telegramtest.Hang(), "page": telegramtest.Page(502), "404": telegramtest.Page(404),
		"truncated": telegramtest.Truncated(), "429": telegramtest.TooMany(60), "401": telegramtest.Refusal(401, "Unauthorized"),
		"400": telegramtest.Refusal(400, "Bad Request: can't parse entities: canary of a text"),
		"403": telegramtest.Refusal(403, "Forbidden: canary of a name blocked the bot"),
		"409": telegramtest.Refusal(409, "Conflict: canary of a text"), "0": telegramtest.Refusal(0, "canary of a text"),
	}
	r := bot.Reply{Text: "canary of a text", Choices: []bot.Choice{{ID: "canary of a text", Label: "canary of a text"}}}
	calls := map[string]func(ctx context.Context, w *world) error{
		"send":    func(ctx context.Context, w *world) error { _, err := w.Send(ctx, chatOf, r); return err },
		"replace": func(ctx context.Context, w *world) error { return w.Replace(ctx, chatOf, "1", r) },
		"fetch": func(ctx context.Context, w *world) error {
			_, err := w.Fetch(ctx, bot.File{Ref: "F", Name: "canary of a name"})
			return err
		},
		"typing": func(ctx context.Context, w *world) error { w.Typing(ctx, chatOf); return nil },
		"answered": func(ctx context.Context, w *world) error {
			w.Answered(ctx, dispatch.Update{Payload: []byte(`{"update_id":1,"callback_query":{"id":"canary of a text"}}`)})
			return nil
		},
		"poll":    func(ctx context.Context, w *world) error { w.Poll(ctx); return w.Ready() },
		"name":    func(ctx context.Context, w *world) error { _, err := w.Identify(ctx); return err },
		"setup":   func(ctx context.Context, w *world) error { return w.Setup(ctx, profile()) },
		"webhook": func(ctx context.Context, w *world) error { return w.SetWebhook(ctx, "https://bot.example/") },
		"delete":  func(ctx context.Context, w *world) error { return w.DeleteWebhook(ctx) },
	}
	for fault, f := range faults {
		for call, do := range calls {
			t.Run(call+" meets "+fault, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					w := newWorld(t, telegramtest.Options{}, nil)
					w.fake.User(person, "ru").Named("canary of a name", "", "canary_of_a_name").Sends("canary of a text")
					w.fake.Fault("*", -1, f)
					ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
					defer cancel()
					err := do(ctx, w)
					if n := len(w.fake.Requests()); n == 0 {
						t.Fatal("no call was made")
					}
					told := w.log.String() + w.calls.all()
					for ; err != nil; err = errors.Unwrap(err) {
						told += fmt.Sprintf("%v %+v %#v", err, err, err)
					}
					for _, canary := range secrets {
						if strings.Contains(told, canary) {
							t.Errorf("%q is told: %s", canary, told)
						}
					}
				})
			})
		}
	}
}

// TestErrorsOfTheNetworkAreRetold: net/http names the address, with the token,
// in its errors, and other layers may do the same.
func TestErrorsOfTheNetworkAreRetold(t *testing.T) {
	address := "http://telegram.invalid/bot" + botToken + "/sendMessage"
	for _, cause := range []error{
		&url.Error{Op: "Post", URL: address, Err: io.ErrUnexpectedEOF},
		fmt.Errorf("a proxy says: %s is not to be reached", address),
		errors.New(url.QueryEscape(address)),
	} {
		synctest.Test(t, func(t *testing.T) {
			var log strings.Builder
			a, err := telegram.New(telegram.Config{
				Token: botToken, APIURL: "http://telegram.invalid", ButtonKey: []byte(buttonKey), Log: slog.New(slog.NewJSONHandler(&log, nil)),
				Sink:   func(context.Context, []dispatch.Update) error { return nil },
				Client: &http.Client{Transport: roundTripper(func(*http.Request) (*http.Response, error) { return nil, cause })},
			})
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
			defer cancel()
			_, sendErr := a.Send(ctx, chatOf, bot.Reply{Text: "x"})
			_, fetchErr := a.Fetch(ctx, bot.File{Ref: "F"})
			a.Poll(ctx)
			told := fmt.Sprint(sendErr, fetchErr, a.Ready(), log.String())
			if strings.Contains(told, "AAtest") || !strings.Contains(told, "network") {
				t.Errorf("told: %s", told)
			}
		})
	}
}
