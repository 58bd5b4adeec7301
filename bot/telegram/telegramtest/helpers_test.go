package telegramtest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aldanba/aldanba/bot/telegram/telegramtest"
)

// reply is an answer of the Bot API.
type reply struct {
	OK          bool
	Result      json.RawMessage
	Code        int `json:"error_code"`
	Description string
	Parameters  struct {
		RetryAfter int   `json:"retry_after"`
		MigrateTo  int64 `json:"migrate_to_chat_id"`
	}
	status int
	header http.Header
}

// client calls a server in the three encodings of the Bot API.
type client struct {
	t   testing.TB
	url string
}

func start(t testing.TB, options telegramtest.Options) (*telegramtest.Server, client) {
	t.Helper()
	s := telegramtest.New(options)
	base, err := s.Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s, client{t, base + "/bot" + s.Token() + "/"}
}

func (c client) do(method, contentType string, body io.Reader) (reply, error) {
	request, err := http.NewRequestWithContext(c.t.Context(), http.MethodPost, c.url+method, body)
	if err != nil {
		c.t.Fatal(err)
	}
	request.Header.Set("Content-Type", contentType)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return reply{}, err
	}
	defer func() { _ = response.Body.Close() }()
	r := reply{status: response.StatusCode, header: response.Header}
	data, err := io.ReadAll(response.Body)
	if err != nil {
		return r, err
	}
	return r, json.Unmarshal(data, &r)
}

// call makes a JSON call and fails the test when there is no answer.
func (c client) call(method string, arguments map[string]any) reply {
	c.t.Helper()
	if arguments == nil {
		arguments = map[string]any{}
	}
	body, err := json.Marshal(arguments)
	if err != nil {
		c.t.Fatal(err)
	}
	r, err := c.do(method, "application/json", bytes.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	return r
}

// ok makes a call that must succeed and reads its result.
func (c client) ok(method string, arguments map[string]any) map[string]any {
	c.t.Helper()
	r := c.call(method, arguments)
	if !r.OK || r.status != 200 {
		c.t.Fatalf("%s: %d %s", method, r.status, r.Description)
	}
	var result map[string]any
	_ = json.Unmarshal(r.Result, &result) // true and lists are read by others
	return result
}

// refused makes a call that must fail with the code and description.
func (c client) refused(code int, description, method string, arguments map[string]any) reply {
	c.t.Helper()
	r := c.call(method, arguments)
	if r.OK || r.Code != code || r.status != code || r.Description != description {
		c.t.Errorf("%s: got %d %d %q, want %d %q", method, r.status, r.Code, r.Description, code, description)
	}
	return r
}

type update struct {
	ID      int64 `json:"update_id"`
	Message map[string]any
	Edited  map[string]any `json:"edited_message"`
	Press   map[string]any `json:"callback_query"`
	Member  map[string]any `json:"my_chat_member"`
	Raw     map[string]any
}

func readUpdates(t testing.TB, raw json.RawMessage) []update {
	t.Helper()
	var all []json.RawMessage
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatalf("%v in %s", err, raw)
	}
	updates := make([]update, len(all))
	for i, one := range all {
		for _, to := range []any{&updates[i], &updates[i].Raw} {
			if err := json.Unmarshal(one, to); err != nil {
				t.Fatal(err)
			}
		}
	}
	return updates
}

func (c client) updates(arguments map[string]any) []update {
	c.t.Helper()
	r := c.call("getUpdates", arguments)
	if !r.OK {
		c.t.Fatalf("getUpdates: %s", r.Description)
	}
	return readUpdates(c.t, r.Result)
}

func (c client) form(method string, values url.Values) reply {
	c.t.Helper()
	r, err := c.do(method, "application/x-www-form-urlencoded", strings.NewReader(values.Encode()))
	if err != nil {
		c.t.Fatal(err)
	}
	return r
}

func (c client) multipart(method string, fill func(*multipart.Writer)) reply {
	c.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	fill(form)
	_ = form.Close()
	r, err := c.do(method, form.FormDataContentType(), &body)
	if err != nil {
		c.t.Fatal(err)
	}
	return r
}

func multipartFile(chat, field, name, content string) func(*multipart.Writer) {
	return func(w *multipart.Writer) {
		_ = w.WriteField("chat_id", chat)
		_ = w.WriteField("caption", "see")
		part, _ := w.CreateFormFile(field, name)
		_, _ = io.WriteString(part, content)
	}
}

// clock stands still until it is moved.
type clock struct {
	mu     sync.Mutex
	now    time.Time
	timers []timer
	set    chan time.Duration // each After is announced here
}

type timer struct {
	at time.Time
	ch chan time.Time
}

func newClock() *clock {
	return &clock{now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), set: make(chan time.Duration, 100)}
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) After(d time.Duration) <-chan time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	ch := make(chan time.Time, 1)
	c.timers = append(c.timers, timer{c.now.Add(d), ch})
	c.set <- d
	return ch
}

func (c *clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	kept := c.timers[:0]
	for _, t := range c.timers {
		if t.at.After(c.now) {
			kept = append(kept, t)
		} else {
			t.ch <- c.now
		}
	}
	c.timers = kept
}

func timeout(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	t.Cleanup(cancel)
	return ctx
}
