package telegram_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aldanba/aldanba/bot/dispatch"
	"github.com/aldanba/aldanba/bot/telegram"
	"github.com/aldanba/aldanba/bot/telegram/telegramtest"
)

// poll runs Poll until the test ends.
func poll(t *testing.T, w *world) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		w.Poll(ctx)
	}()
	t.Cleanup(func() { cancel(); <-done })
}

// ids lists the updates that were kept, by their number in the order of the test.
func (w *world) ids() string {
	var ids []string
	for _, u := range w.sink.all() {
		ids = append(ids, strings.TrimPrefix(u.ID, "telegram:"))
	}
	return strings.Join(ids, " ")
}

func TestPollHandsOverInOrderAndConfirms(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, telegramtest.Options{}, nil)
		u := w.fake.User(person, "ru")
		var want []string
		for i := range 250 {
			want = append(want, fmt.Sprint(u.Sends(fmt.Sprint("сообщение ", i)).Update.ID))
		}
		poll(t, w)
		synctest.Wait()
		if got := w.ids(); got != strings.Join(want, " ") {
			t.Errorf("kept %s", got)
		}
		if fmt.Sprint(w.sink.batches) != "[100 100 50]" {
			t.Errorf("batches of %v", w.sink.batches)
		}
		if n := w.fake.Pending(); n != 0 {
			t.Errorf("%d updates are not confirmed", n)
		}
		late := u.Sends("ещё одно") // while Telegram holds the call
		synctest.Wait()
		if got := w.ids(); !strings.HasSuffix(got, fmt.Sprint(late.Update.ID)) {
			t.Error("an update that came during the call was not kept")
		}
		if err := w.Ready(); err != nil {
			t.Error(err)
		}
	})
}

// TestPollConfirmsOnlyWhatIsKept: while the sink refuses, Telegram is not told
// to forget anything, and nothing is asked for.
func TestPollConfirmsOnlyWhatIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, telegramtest.Options{}, nil)
		w.sink.refuse = []error{dispatch.ErrFull, dispatch.ErrFull, errors.New("the disk is full"), dispatch.ErrFull}
		sent := w.fake.User(person, "ru").Sends("привет")
		poll(t, w)
		synctest.Wait()
		if w.fake.Pending() != 1 || w.fake.Count("getUpdates") != 1 {
			t.Errorf("%d pending after %d calls", w.fake.Pending(), w.fake.Count("getUpdates"))
		}
		if err := w.Ready(); err == nil {
			t.Error("nothing is said to be wrong")
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		if got := w.ids(); got != fmt.Sprint(sent.Update.ID) || w.fake.Pending() != 0 {
			t.Errorf("kept %q, %d pending", got, w.fake.Pending())
		}
		if err := w.Ready(); err != nil {
			t.Error(err)
		}
	})
}

// TestPollLearnsTheName: without it, groups could not call the bot.
func TestPollLearnsTheName(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, telegramtest.Options{ReadsGroups: true}, nil)
		u := w.fake.User(person, "ru")
		g := w.fake.Group(family, "Отбасы", u)
		u.In(g).Sends("@another_bot, это правда?")
		sent := u.In(g).Sends("@" + botName + ", это правда?")
		poll(t, w)
		synctest.Wait()
		if got := w.ids(); got != fmt.Sprint(sent.Update.ID) {
			t.Errorf("kept %q, not %d", got, sent.Update.ID)
		}
	})
}

// TestPollThatEndsLosesNothing: what was not kept comes again after a restart.
func TestPollThatEndsLosesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, telegramtest.Options{}, nil)
		w.sink.refuse = slices.Repeat([]error{dispatch.ErrStopping}, 10)
		sent := w.fake.User(person, "ru").Sends("привет")
		ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
		defer cancel()
		w.Poll(ctx)
		w.sink.refuse = nil
		poll(t, w)
		synctest.Wait()
		if got := w.ids(); got != fmt.Sprint(sent.Update.ID) {
			t.Errorf("kept %q", got)
		}
	})
}

func TestPollOutlivesFailures(t *testing.T) {
	for name, c := range map[string]struct {
		fault  telegramtest.Fault
		within time.Duration
		says   string
	}{
		"502":       {telegramtest.Page(502), 5 * time.Second, "reason=server"},
		"reset":     {telegramtest.Reset(), 5 * time.Second, "reason=network"},
		"lost":      {telegramtest.Lost(), 5 * time.Second, "reason=network"},
		"truncated": {telegramtest.Truncated(), 5 * time.Second, "no JSON"},
		"hangs":     {telegramtest.Hang(), 75 * time.Second, "timeout"},
		"429":       {telegramtest.TooMany(7), 8 * time.Second, "asked to wait"},
		"409":       {telegramtest.Refusal(409, "Conflict: terminated by other getUpdates request"), 10 * time.Second, "another program reads the updates"},
		"401":       {telegramtest.Refusal(401, "Unauthorized"), 31 * time.Second, "@BotFather"},
		"404":       {telegramtest.Refusal(404, "Not Found"), 31 * time.Second, "@BotFather"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, telegramtest.Options{}, nil)
				w.fake.Fault("getUpdates", 1, c.fault)
				sent := w.fake.User(person, "ru").Sends("привет")
				poll(t, w)
				time.Sleep(c.within)
				synctest.Wait()
				if got := w.ids(); got != fmt.Sprint(sent.Update.ID) {
					t.Errorf("kept %q", got)
				}
				if n := w.fake.Count("getUpdates"); n > 4 {
					t.Errorf("%d calls in %v", n, c.within)
				}
				if !strings.Contains(w.log.String(), c.says) {
					t.Errorf("log: %s", w.log)
				}
				if strings.Contains(w.log.String(), "AAtest") {
					t.Errorf("the token is in the log: %s", w.log)
				}
			})
		})
	}
}

// TestPollOfAStrangeServer: an answer without sense is no reason to ask without
// a pause.
func TestPollOfAStrangeServer(t *testing.T) {
	for name, body := range map[string]string{
		"empty at once": `{"ok":true,"result":[]}`,
		"no list":       `{"ok":true,"result":{}}`,
		"no updates":    `{"ok":true,"result":[{"id":1},null,5]}`,
		"not ok":        `{"ok":false}`,
		"null":          `null`,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				calls := &calls{}
				a, err := telegram.New(telegram.Config{
					Token: botToken, ButtonKey: []byte(buttonKey), Client: canned(body), Observer: calls,
					Sink: func(context.Context, []dispatch.Update) error { return nil }, Log: slog.New(slog.DiscardHandler),
				})
				if err != nil {
					t.Fatal(err)
				}
				ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
				defer cancel()
				a.Poll(ctx)
				if n := strings.Count(calls.all(), "getUpdates"); n > 45 || n < 2 {
					t.Errorf("%d calls in ten seconds", n)
				}
			})
		})
	}
}

// TestPollWhoseIDsBeginAnew: after a quiet week Telegram may begin anywhere.
func TestPollWhoseIDsBeginAnew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		answers := []string{`[{"update_id":900,` + text + `}]`, `[]`, `[{"update_id":7,` + text + `}]`}
		var offsets []string
		client := &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
			if strings.HasSuffix(r.URL.Path, "/getMe") {
				return &http.Response{StatusCode: 200, Request: r, Body: io.NopCloser(strings.NewReader(`{"ok":true,"result":{"id":987654321,"username":"x"}}`))}, nil
			}
			body, _ := io.ReadAll(r.Body)
			offset, _, _ := strings.Cut(string(body[strings.Index(string(body), `"offset":`)+9:]), ",")
			offsets = append(offsets, offset)
			if len(offsets) > len(answers) {
				<-r.Context().Done()
				return nil, r.Context().Err()
			}
			return &http.Response{StatusCode: 200, Request: r, Body: io.NopCloser(strings.NewReader(`{"ok":true,"result":` + answers[len(offsets)-1] + `}`))}, nil
		})}
		w := newWorld(t, telegramtest.Options{}, func(c *telegram.Config) { c.Client = client })
		poll(t, w)
		time.Sleep(time.Second)
		synctest.Wait()
		if got := w.ids(); got != "900 7" {
			t.Errorf("kept %s", got)
		}
		if got := fmt.Sprint(offsets); got != "[0 901 0 8]" {
			t.Errorf("offsets %s", got)
		}
	})
}

const text = `"message":{"message_id":1,"chat":{"id":5512,"type":"private"},"from":{"id":5512},"text":"x"}`

func TestWebhook(t *testing.T) {
	good := `{"update_id":7,` + text + `}`
	big := strings.Repeat("x", 1<<20)
	for name, c := range map[string]struct {
		method, secret, body string
		refuse               error
		want, kept           int
	}{
		"update":             {"POST", secret, good, nil, 200, 1},
		"unknown kind":       {"POST", secret, `{"update_id":7,"new_kind":{}}`, nil, 200, 0},
		"GET":                {"GET", secret, "", nil, 405, 0},
		"PUT":                {"PUT", secret, good, nil, 405, 0},
		"no secret":          {"POST", "", good, nil, 401, 0},
		"wrong secret":       {"POST", secret + "x", good, nil, 401, 0},
		"wrong and too long": {"POST", "x", big + big, nil, 401, 0},
		"too long":           {"POST", secret, `{"update_id":7,"x":"` + big + `"}`, nil, 413, 0},
		"no JSON":            {"POST", secret, "update", nil, 400, 0},
		"cut off":            {"POST", secret, good[:20], nil, 400, 0},
		"list":               {"POST", secret, "[" + good + "]", nil, 400, 0},
		"no update":          {"POST", secret, `{"message":{}}`, nil, 400, 0},
		"negative":           {"POST", secret, `{"update_id":-7}`, nil, 400, 0},
		"empty":              {"POST", secret, "", nil, 400, 0},
		"full":               {"POST", secret, good, dispatch.ErrFull, 503, 0},
		"stopping":           {"POST", secret, good, dispatch.ErrStopping, 503, 0},
		"store is away":      {"POST", secret, good, errors.New("no space left on device"), 503, 0},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, telegramtest.Options{}, nil)
			if c.refuse != nil {
				w.sink.refuse = []error{c.refuse}
			}
			r := httptest.NewRequest(c.method, "/", strings.NewReader(c.body))
			r.Header.Set("X-Telegram-Bot-Api-Secret-Token", c.secret)
			answer := httptest.NewRecorder()
			w.Webhook().ServeHTTP(answer, r)
			if answer.Code != c.want || len(w.sink.all()) != c.kept || answer.Body.Len() > 0 {
				t.Errorf("%d %q, %d kept", answer.Code, answer.Body, len(w.sink.all()))
			}
			if (answer.Header().Get("Retry-After") != "") != (c.want == 503) || (answer.Header().Get("Allow") == "POST") != (c.want == 405) {
				t.Errorf("header %v", answer.Header())
			}
			if (w.Ready() != nil) != (c.want == 503) {
				t.Errorf("readiness: %v", w.Ready())
			}
		})
	}
}

func TestWebhookWithoutASecretLetsNobodyIn(t *testing.T) {
	w := newWorld(t, telegramtest.Options{}, func(c *telegram.Config) { c.WebhookSecret = "" })
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(`{"update_id":7,`+text+`}`))
	answer := httptest.NewRecorder()
	w.Webhook().ServeHTTP(answer, r)
	if answer.Code != http.StatusUnauthorized {
		t.Errorf("%d", answer.Code)
	}
	if err := w.SetWebhook(context.Background(), "https://bot.example/telegram"); err == nil {
		t.Error("a webhook was set without a secret")
	}
}

// TestWebhookThatTelegramRefuses: its own words are not shown, but what it asks for is.
func TestWebhookThatTelegramRefuses(t *testing.T) {
	w := newWorld(t, telegramtest.Options{}, nil)
	w.fake.Fault("setWebhook", 1, telegramtest.Refusal(400, "Bad Request: bad webhook: Failed to resolve host: Name or service not known"))
	err := w.SetWebhook(context.Background(), "https://bot.invalid/telegram")
	if err == nil || !strings.Contains(err.Error(), "must be https, its host one that can be found from outside") || !errors.Is(err, dispatch.ErrRefused) {
		t.Error(err)
	}
}

// TestWhatBecameOfAChatIsNotLost: Telegram tells it once.
func TestWhatBecameOfAChatIsNotLost(t *testing.T) {
	w := newWorld(t, telegramtest.Options{}, nil)
	blocked := `{"update_id":7,"my_chat_member":{"chat":{"id":5512,"type":"private"},"new_chat_member":{"status":"kicked"}}}`
	w.chats.err = errors.New("the store is away")
	if code := w.deliver(t, blocked); code != http.StatusServiceUnavailable {
		t.Errorf("%d while it cannot be kept", code)
	}
	w.chats.err = nil
	if code := w.deliver(t, blocked); code != http.StatusOK || fmt.Sprint(w.chats.news) != "[gone telegram:5512]" {
		t.Errorf("%d, %v", code, w.chats.news)
	}
}

// TestWebhookEndToEnd: the fake delivers to the handler what people send, again
// after a refusal.
func TestWebhookEndToEnd(t *testing.T) {
	network := newPipes()
	w := newWorld(t, telegramtest.Options{
		WebhookClient: &http.Client{Transport: &http.Transport{DialContext: network.dial, DisableKeepAlives: true}},
		WebhookRetry:  time.Millisecond,
	}, func(c *telegram.Config) {})
	w.sink.arrived = make(chan struct{}, 1)
	w.sink.refuse = []error{dispatch.ErrFull}
	server := &http.Server{Handler: w.Webhook()}
	go server.Serve(network)
	defer server.Close()
	ctx := context.Background()
	if err := w.SetWebhook(ctx, "http://bot.invalid/telegram"); err != nil {
		t.Fatal(err)
	}
	sent := w.fake.User(person, "ru").Sends("привет")
	<-w.sink.arrived
	if got := w.ids(); got != fmt.Sprint(sent.Update.ID) {
		t.Errorf("kept %q", got)
	}
	if err := w.DeleteWebhook(ctx); err != nil {
		t.Fatal(err)
	}
	for _, r := range w.fake.Requests() {
		if strings.HasSuffix(r.Method, "Webhook") && strings.Contains(string(r.Body), "drop_pending_updates") {
			t.Errorf("%s drops updates that wait", r.Method)
		}
	}
}

func TestAllowedUpdatesAreNamed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, telegramtest.Options{}, nil)
		w.fake.User(person, "ru").Sends("привет")
		poll(t, w)
		synctest.Wait()
		requests := w.fake.Requests()
		if len(requests) == 0 {
			t.Fatal("no call")
		}
		for _, kind := range []string{"message", "edited_message", "callback_query", "my_chat_member", "chat_member", "message_reaction", "inline_query"} {
			if !strings.Contains(string(requests[0].Body), `"`+kind+`"`) {
				t.Errorf("%s is not asked for", kind)
			}
		}
	})
}
