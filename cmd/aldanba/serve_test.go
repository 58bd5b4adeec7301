package main

import (
	"bytes"
	"context"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aldanba/aldanba/bot/telegram/telegramtest"
)

// patience is how long a test waits for what must come, also on a machine that
// is slow and busy.
const patience = 5 * time.Minute

// telegram starts a Telegram for the test.
func startTelegram(t testing.TB, options telegramtest.Options) *telegramtest.Server {
	t.Helper()
	options.Token = testToken
	server := telegramtest.New(options)
	if _, err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	return server
}

// rulesOnly among the settings of a bot is the flag --rules-only.
const rulesOnly = "ALDANBA_TEST_RULES_ONLY"

// running is a bot that serves in this process.
type running struct {
	address string
	data    string // directory of its memory
	log     *syncBuffer
	stop    func() error
}

// startBot serves until the test ends or stop is called.
func startBot(t testing.TB, telegram *telegramtest.Server, more map[string]string) *running {
	t.Helper()
	b, err := tryBot(t, telegram, more)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// tryBot is startBot where the bot may refuse to start.
func tryBot(t testing.TB, telegram *telegramtest.Server, more map[string]string) (*running, error) {
	t.Helper()
	return tryBotAt(t, telegram, more, nil)
}

// tryBotAt is tryBot with a clock for what the bot remembers; nil: the time.
func tryBotAt(t testing.TB, telegram *telegramtest.Server, more map[string]string, clock func() time.Time) (*running, error) {
	t.Helper()
	environ := map[string]string{
		"TELEGRAM_BOT_TOKEN": testToken, "TELEGRAM_API_URL": telegram.URL(), "LISTEN_ADDR": "127.0.0.1:0",
		"ALDANBA_CASE_WAIT": "100ms", "ALDANBA_FILE_TIME": patience.String(), "ALDANBA_TESSERACT": "off",
	}
	maps.Copy(environ, more)
	if environ["ALDANBA_DATA"] == "" {
		environ["ALDANBA_DATA"] = t.TempDir()
	}
	s, err := readSettings(environ)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	log := &syncBuffer{}
	flags := &commands{RulePacks: environ["ALDANBA_RULES"], RulesOnly: environ[rulesOnly] != ""}
	w := &world{Context: ctx, out: io.Discard, err: log, commands: flags, clock: clock}
	reader, err := s.reader()
	if err != nil {
		cancel()
		return nil, err
	}
	service, err := w.service(s, reader)
	if err != nil {
		cancel()
		return nil, err
	}
	ended := make(chan error, 1)
	go func() { ended <- service.run(ctx) }()
	b := &running{address: "http://" + service.listener.Addr().String(), data: environ["ALDANBA_DATA"], log: log}
	b.stop = sync.OnceValue(func() error {
		cancel()
		select {
		case err := <-ended:
			return err
		case <-time.After(patience):
			return context.DeadlineExceeded
		}
	})
	t.Cleanup(func() {
		if err := b.stop(); err != nil {
			t.Errorf("the bot did not end well: %v\n%s", err, log)
		}
		for _, secret := range s.secrets() {
			if strings.Contains(log.String(), secret) {
				t.Errorf("a secret is in the log:\n%s", log)
			}
		}
	})
	return b, nil
}

// stops ends a bot as a signal would.
func (b *running) stops(t testing.TB) {
	t.Helper()
	if err := b.stop(); err != nil {
		t.Fatalf("the bot did not end well: %v\n%s", err, b.log)
	}
}

// start is startBot with updates polled or brought to a webhook.
func start(t testing.TB, telegram *telegramtest.Server, more map[string]string, webhook bool) *running {
	t.Helper()
	if !webhook {
		return startBot(t, telegram, more)
	}
	d := newDoor(t)
	environ := map[string]string{"TELEGRAM_WEBHOOK_URL": d.url, "TELEGRAM_WEBHOOK_SECRET": webhookSecret}
	maps.Copy(environ, more)
	b := startBot(t, telegram, environ)
	d.leadsTo(b)
	return b
}

const webhookSecret = "webhook-secret-of-the-tests-0000"

// door is the address of a webhook. What stands behind it may change or be
// away, as behind the proxy of a server.
type door struct {
	url    string
	behind atomic.Pointer[url.URL]
}

func newDoor(t testing.TB) *door {
	d := &door{}
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		to := d.behind.Load()
		if to == nil {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		proxy := &httputil.ReverseProxy{
			Rewrite:      func(r *httputil.ProxyRequest) { r.SetURL(to) },
			ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusBadGateway) },
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(front.Close)
	d.url = front.URL + "/telegram"
	return d
}

// leadsTo puts a bot behind the door, or nobody.
func (d *door) leadsTo(b *running) {
	if b == nil {
		d.behind.Store(nil)
		return
	}
	u, err := url.Parse(b.address)
	if err == nil {
		d.behind.Store(u)
	}
}

// syncBuffer is a log that is written while it is read.
type syncBuffer struct {
	mu      sync.Mutex
	b       bytes.Buffer
	written chan struct{} // closed by the next write
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.written != nil {
		close(s.written)
		s.written = nil
	}
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// waits until the log tells something.
func (s *syncBuffer) waits(t testing.TB, what string) {
	t.Helper()
	late := time.After(patience)
	for {
		s.mu.Lock()
		if s.written == nil {
			s.written = make(chan struct{})
		}
		text, written := s.b.String(), s.written
		s.mu.Unlock()
		if strings.Contains(text, what) {
			return
		}
		select {
		case <-written:
		case <-late:
			t.Fatalf("the log never told %q:\n%s", what, text)
		}
	}
}

// answers waits until the bot has sent n messages to the chat.
func answers(t testing.TB, server *telegramtest.Server, chat int64, n int) []telegramtest.Message {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	sent, err := server.WaitReply(ctx, chat, n)
	if err != nil {
		t.Fatalf("%d answers did not come: %v\n%s", n, err, server.Conversation(chat))
	}
	return sent
}

func get(t testing.TB, url string) (int, string) {
	t.Helper()
	response, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(body)
}

// golden compares with a file under testdata/telegram, or writes it.
func golden(t testing.TB, name, got string) {
	t.Helper()
	path := filepath.Join("..", "..", "testdata", "telegram", name+".golden")
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s is not as it was; look at the difference and run with -update if it is right:\n%s", path, got)
	}
}

// deliver calls a webhook and gives the status.
func deliver(t testing.TB, address, method, secret, body string) int {
	t.Helper()
	request, err := http.NewRequest(method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if secret != "" {
		request.Header.Set("X-Telegram-Bot-Api-Secret-Token", secret)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	return response.StatusCode
}
