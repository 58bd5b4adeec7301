package telegramtest_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/aldanba/aldanba/bot/telegram/telegramtest"
)

func TestFaults(t *testing.T) {
	s, c := start(t, telegramtest.Options{})
	s.User(7, "ru").Sends("hi")
	post := func() (int, string, error) {
		response, err := http.Post(c.url+"sendMessage", "application/json", strings.NewReader(`{"chat_id":7,"text":"x"}`))
		if err != nil {
			return 0, "", err
		}
		defer func() { _ = response.Body.Close() }()
		body, err := io.ReadAll(response.Body)
		return response.StatusCode, string(body), err
	}
	for _, test := range []struct {
		name   string
		fault  telegramtest.Fault
		effect int // messages that arrive
		check  func(status int, body string, err error) bool
	}{
		{"page", telegramtest.Page(502), 0, func(status int, body string, _ error) bool {
			return status == 502 && strings.Contains(body, "<h1>502 Bad Gateway</h1>")
		}},
		{"refusal", telegramtest.Refusal(403, "Forbidden: x"), 0, func(status int, body string, _ error) bool {
			return status == 403 && body == `{"ok":false,"error_code":403,"description":"Forbidden: x"}`
		}},
		{"too many", telegramtest.TooMany(7), 0, func(status int, body string, _ error) bool {
			return status == 429 && body == `{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 7","parameters":{"retry_after":7}}`
		}},
		{"reset", telegramtest.Reset(), 0, func(_ int, _ string, err error) bool { return errors.Is(err, syscall.ECONNRESET) }},
		{"lost", telegramtest.Lost(), 1, func(_ int, _ string, err error) bool { return errors.Is(err, syscall.ECONNRESET) }},
		{"truncated", telegramtest.Truncated(), 1, func(status int, body string, err error) bool {
			return status == 200 && err == nil && strings.HasPrefix(body, `{"ok":true`) && !strings.HasSuffix(body, "}")
		}},
		{"slow", telegramtest.Slow(20, time.Microsecond), 1, func(status int, body string, _ error) bool {
			return status == 200 && strings.HasSuffix(body, `"text":"x"}}`)
		}},
		{"late", telegramtest.Late(time.Microsecond), 1, func(status int, body string, _ error) bool {
			return status == 200 && strings.HasSuffix(body, `"text":"x"}}`)
		}},
	} {
		before := len(s.Sent(7))
		s.Fault("sendMessage", 1, test.fault)
		if status, body, err := post(); !test.check(status, body, err) {
			t.Errorf("%s: %d %q %v", test.name, status, body, err)
		}
		if got := len(s.Sent(7)) - before; got != test.effect {
			t.Errorf("%s: %d messages", test.name, got)
		}
		if status, _, err := post(); status != 200 || err != nil {
			t.Errorf("after %s: %d %v", test.name, status, err)
		}
	}
	if s.CountStatus("sendMessage", 499) != 1 {
		t.Error("the reset is not counted")
	}
}

func TestHang(t *testing.T) {
	s, c := start(t, telegramtest.Options{})
	s.User(7, "ru").Sends("hi")
	s.Fault("sendMessage", 1, telegramtest.Hang())
	ctx, cancel := context.WithCancel(t.Context())
	request, _ := http.NewRequestWithContext(ctx, http.MethodPost, c.url+"sendMessage", strings.NewReader(`{"chat_id":7,"text":"x"}`))
	request.Header.Set("Content-Type", "application/json")
	done := make(chan error)
	go func() {
		_, err := http.DefaultClient.Do(request)
		done <- err
	}()
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if len(s.Sent(7)) != 0 {
		t.Error("it took effect")
	}
}

func TestWhichCallsAFaultMeets(t *testing.T) {
	s, c := start(t, telegramtest.Options{})
	u := s.User(7, "ru")
	u.Sends("hi")
	s.User(8, "ru").Sends("hi")
	fails := func(method string, chat int64) bool {
		return !c.call(method, map[string]any{"chat_id": chat, "text": "x", "action": "typing"}).OK
	}
	s.Fault("sendMessage", 2, telegramtest.TooMany(1).Skip(1).In(7))
	for i, want := range []bool{false, true, true, false} {
		if fails("sendMessage", 8) || fails("sendMessage", 7) != want {
			t.Errorf("call %d", i)
		}
	}
	s.Fault("*", -1, telegramtest.Refusal(500, "Internal Server Error"))
	for range 3 {
		if !fails("sendMessage", 7) || !fails("sendChatAction", 8) {
			t.Error("spared")
		}
	}
	s.ClearFaults()
	if fails("sendMessage", 7) {
		t.Error("fails without faults")
	}
}
