package telegram_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aldanba/aldanba/bot/dispatch"
	"github.com/aldanba/aldanba/bot/telegram"
	"github.com/aldanba/aldanba/bot/telegram/telegramtest"
)

var update = flag.Bool("update", false, "write the golden files")

func TestMain(m *testing.M) {
	_ = flag.Set("rapid.seed", "1") // the same texts for everybody; the command line may name another seed
	os.Exit(m.Run())
}

const (
	botToken  = "987654321:AAtestCanaryOfTheToken"
	botName   = "aldanba_test_bot"
	secret    = "canary-of-the-webhook-secret"
	person    = int64(5512)
	family    = int64(-1001234500)
	chatOf    = "telegram:5512"
	buttonKey = "canary of the key for buttons"
)

// world is an adapter between a fake Telegram and a sink that remembers. It
// works inside a synctest bubble, where no real network may be: its network is
// made of pipes.
type world struct {
	*telegram.Adapter
	fake  *telegramtest.Server
	sink  *sink
	chats *chats
	calls *calls
	log   *bytes.Buffer
}

func newWorld(t testing.TB, options telegramtest.Options, change func(*telegram.Config)) *world {
	t.Helper()
	options.Token, options.Username = botToken, botName
	if options.WebhookClient == nil {
		options.WebhookClient = &http.Client{Transport: roundTripper(func(*http.Request) (*http.Response, error) {
			return nil, errors.New("there is no network in a test")
		})}
	}
	w := &world{fake: telegramtest.New(options), sink: &sink{}, chats: &chats{}, calls: &calls{}, log: &bytes.Buffer{}}
	network := newPipes()
	server := &http.Server{Handler: w.fake}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = server.Serve(network) // ends with Close, which says nothing else
	}()
	transport := &http.Transport{DialContext: network.dial, MaxIdleConnsPerHost: 4}
	config := telegram.Config{
		Token: botToken, APIURL: "http://telegram.invalid", WebhookSecret: secret, ButtonKey: []byte(buttonKey),
		Sink: w.sink.accept, Chats: w.chats, Observer: w.calls,
		Client: &http.Client{Transport: transport}, Now: time.Now, Log: slog.New(slog.NewTextHandler(w.log, nil)),
	}
	if change != nil {
		change(&config)
	}
	var err error
	if w.Adapter, err = telegram.New(config); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		w.fake.Close()
		transport.CloseIdleConnections()
		server.Close()
		<-done
	})
	return w
}

// sink remembers what it accepted, unless it is told to refuse.
type sink struct {
	mu      sync.Mutex
	updates []dispatch.Update
	refuse  []error
	batches []int
	arrived chan struct{} // gets one for every batch, if it is there
}

func (s *sink) accept(_ context.Context, updates []dispatch.Update) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.refuse) > 0 {
		err := s.refuse[0]
		s.refuse = s.refuse[1:]
		return err
	}
	s.updates = append(s.updates, updates...)
	s.batches = append(s.batches, len(updates))
	if s.arrived != nil {
		s.arrived <- struct{}{}
	}
	return nil
}

func (s *sink) all() []dispatch.Update {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]dispatch.Update(nil), s.updates...)
}

// chats remembers what became of chats, in words.
type chats struct {
	mu   sync.Mutex
	news []string
	err  error
}

func (c *chats) hear(words ...string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err != nil {
		return c.err
	}
	c.news = append(c.news, strings.Join(words, " "))
	return nil
}

func (c *chats) Gone(_ context.Context, chat string) error { return c.hear("gone", chat) }
func (c *chats) Back(_ context.Context, chat string) error { return c.hear("back", chat) }
func (c *chats) Moved(_ context.Context, from, to string) error {
	return c.hear("moved", from, "to", to)
}

// calls remembers how calls ended.
type calls struct {
	mu   sync.Mutex
	ends []string
}

func (c *calls) Called(method string, reason telegram.Reason, took time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if took < 0 {
		reason = "took less than nothing"
	}
	c.ends = append(c.ends, method+" "+string(reason))
}

func (c *calls) all() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return strings.Join(c.ends, ", ")
}

// pipes is a network within the process.
type pipes struct {
	accepted chan net.Conn
	closed   chan struct{}
	once     sync.Once
}

func newPipes() *pipes {
	return &pipes{accepted: make(chan net.Conn), closed: make(chan struct{})}
}

func (p *pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	here, there := net.Pipe()
	select {
	case p.accepted <- there:
		return here, nil
	case <-p.closed:
		return nil, errors.New("closed")
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.accepted:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error {
	p.once.Do(func() { close(p.closed) })
	return nil
}

func (p *pipes) Addr() net.Addr { return &net.UnixAddr{Name: "pipes", Net: "unix"} }

// deliver brings an update through the webhook and gives the status.
func (w *world) deliver(t testing.TB, body string) int {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, "/telegram", strings.NewReader(body))
	r.Header.Set("X-Telegram-Bot-Api-Secret-Token", secret)
	answer := httptest.NewRecorder()
	w.Webhook().ServeHTTP(answer, r)
	return answer.Code
}

// canned is a client that gets the same answer to every call.
func canned(body string) *http.Client {
	return &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
		if r.Body != nil {
			_, _ = io.Copy(io.Discard, r.Body)
			r.Body.Close()
		}
		return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(body)), Request: r, ContentLength: -1}, nil
	})}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// strange is an adapter to a server that gives the same answer to every call.
func strange(t *testing.T, body string) *telegram.Adapter {
	t.Helper()
	a, err := telegram.New(telegram.Config{
		Token: botToken, ButtonKey: []byte(buttonKey), Client: canned(body), Log: slog.New(slog.DiscardHandler),
		Sink: func(context.Context, []dispatch.Update) error { return nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	return a
}
