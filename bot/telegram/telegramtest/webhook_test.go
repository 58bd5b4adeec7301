package telegramtest_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aldanba/aldanba/bot/telegram/telegramtest"
)

// hookBot is a webhook that answers what the test tells it to.
type hookBot struct {
	*httptest.Server
	mu     sync.Mutex
	got    map[string][]string // texts by chat
	flying map[string]int
	most   int
	answer func(text string) int
	came   chan string
}

func newHookBot(t *testing.T, secret string) *hookBot {
	h := &hookBot{got: map[string][]string{}, flying: map[string]int{}, came: make(chan string, 1000), answer: func(string) int { return 200 }}
	h.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		var u update
		if err := json.Unmarshal(body, &u); err != nil {
			t.Errorf("%v in %s", err, body)
		}
		if r.Method != http.MethodPost || r.Header.Get("X-Telegram-Bot-Api-Secret-Token") != secret || r.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%s %v", r.Method, r.Header)
		}
		chat, text := fmt.Sprint(u.Message["chat"].(map[string]any)["id"]), fmt.Sprint(u.Message["text"])
		h.mu.Lock()
		h.flying[chat]++
		if h.flying[chat] > 1 {
			t.Errorf("two updates of chat %s at once", chat)
		}
		total := 0
		for _, n := range h.flying {
			total += n
		}
		h.most = max(h.most, total)
		answer := h.answer
		h.mu.Unlock()
		status := answer(text)
		h.mu.Lock()
		h.flying[chat]--
		if status == 200 {
			h.got[chat] = append(h.got[chat], text)
		}
		h.mu.Unlock()
		if status == 429 {
			w.Header().Set("Retry-After", "17")
		}
		w.WriteHeader(status)
		h.came <- text
	}))
	t.Cleanup(h.Close)
	return h
}

func (h *hookBot) texts(chat string) []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]string(nil), h.got[chat]...)
}

func TestWebhook(t *testing.T) {
	s, c := start(t, telegramtest.Options{})
	bot := newHookBot(t, "s3cret")
	u, v := s.User(7, "ru"), s.User(8, "kk")
	u.Sends("before")
	c.ok("setWebhook", map[string]any{"url": bot.URL, "secret_token": "s3cret", "max_connections": 3})
	for i := range 20 {
		u.Sends(fmt.Sprint("u", i))
		v.Sends(fmt.Sprint("v", i))
	}
	for range 41 {
		<-bot.came
	}
	want := []string{"before"}
	for i := range 20 {
		want = append(want, fmt.Sprint("u", i))
	}
	if diff := cmp.Diff(want, bot.texts("7")); diff != "" {
		t.Error(diff)
	}
	if len(bot.texts("8")) != 20 || bot.most > 3 {
		t.Errorf("%d for 8, %d connections", len(bot.texts("8")), bot.most)
	}
	m := v.Sends("twice")
	<-bot.came
	s.Redeliver(m.Update)
	<-bot.came
	if got := bot.texts("8"); got[20] != "twice" || got[21] != "twice" {
		t.Errorf("got %v", got)
	}
	s.Feed(50, func(i int) telegramtest.Update {
		return telegramtest.TextUpdate(int64(100+i%5), "ru", fmt.Sprint("f", i), 1_772_000_000)
	})
	for range 50 {
		<-bot.came
	}
	if diff := cmp.Diff([]string{"f2", "f7", "f12", "f17", "f22", "f27", "f32", "f37", "f42", "f47"}, bot.texts("102")); diff != "" {
		t.Error(diff)
	}
}

func TestWebhookRedelivery(t *testing.T) {
	clock := newClock()
	s, c := start(t, telegramtest.Options{Now: clock.Now, After: clock.After})
	bot := newHookBot(t, "")
	asked, statuses := make(chan bool, 10), make(chan int, 10)
	bot.answer = func(string) int {
		asked <- true
		return <-statuses
	}
	c.ok("setWebhook", map[string]any{"url": bot.URL})
	u := s.User(7, "ru")
	waits := func(want time.Duration) {
		t.Helper()
		if d := <-clock.set; d != want {
			t.Errorf("waits %v, want %v", d, want)
		}
	}
	u.Sends("a")
	u.Sends("b")
	for _, step := range []struct {
		status int
		wait   time.Duration
	}{{503, time.Second}, {500, 2 * time.Second}, {404, 4 * time.Second}, {429, 17 * time.Second}} {
		waits(time.Minute) // for the answer
		statuses <- step.status
		waits(step.wait)
		if text := <-bot.came; text != "a" {
			t.Errorf("%q overtakes", text)
		}
		if step.status == 503 {
			info := c.ok("getWebhookInfo", nil)
			if info["last_error_message"] != "Wrong response from the webhook: 503 Service Unavailable" || info["pending_update_count"] != 2.0 || info["url"] != bot.URL {
				t.Errorf("got %v", info)
			}
			c.ok("sendMessage", map[string]any{"chat_id": 7, "text": "x"})
		}
		clock.Advance(step.wait)
	}
	for range 4 {
		<-asked
	}
	waits(time.Minute)
	<-asked
	clock.Advance(time.Minute) // no answer within the time
	waits(16 * time.Second)
	if info := c.ok("getWebhookInfo", nil); info["last_error_message"] != "Read timeout expired" {
		t.Errorf("got %v", info)
	}
	statuses <- 200 // for the attempt that was given up
	<-bot.came
	clock.Advance(16 * time.Second)
	for range 2 {
		waits(time.Minute)
		statuses <- 200
		<-bot.came
	}
	if diff := cmp.Diff([]string{"a", "a", "b"}, bot.texts("7")); diff != "" {
		t.Error(diff)
	}
}

func TestWebhookSettings(t *testing.T) {
	s, c := start(t, telegramtest.Options{})
	c.refused(400, "Bad Request: invalid webhook URL specified", "setWebhook", map[string]any{"url": "x"})
	c.refused(400, "Bad Request: secret token contains unallowed characters", "setWebhook", map[string]any{"url": "https://x.kz", "secret_token": "a b"})
	if info := c.ok("getWebhookInfo", nil); info["url"] != "" {
		t.Errorf("got %v", info)
	}
	// nobody listens there
	c.ok("setWebhook", map[string]any{"url": "http://127.0.0.1:1/", "allowed_updates": []string{"message"}, "max_connections": 5})
	u := s.User(7, "ru")
	a := u.Sends("a")
	u.Edits(a, "not wanted")
	b := u.Sends("b")
	info := c.ok("getWebhookInfo", nil)
	if info["max_connections"] != 5.0 || info["allowed_updates"].([]any)[0] != "message" || info["pending_update_count"] != 2.0 {
		t.Errorf("got %v", info)
	}
	c.ok("deleteWebhook", nil)
	if got := c.updates(nil); len(got) != 2 || got[0].ID != a.Update.ID || got[1].ID != b.Update.ID {
		t.Errorf("lost with the webhook: %v", got)
	}
	c.ok("deleteWebhook", map[string]any{"drop_pending_updates": true})
	if got := c.updates(nil); len(got) != 0 {
		t.Errorf("not dropped: %v", got)
	}
}
