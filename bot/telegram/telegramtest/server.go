// Package telegramtest is an HTTP fake of the Telegram Bot API for tests and
// load measurements: it speaks the wire protocol, plays the people and groups
// that write to a bot, remembers what they would see, and fails on demand.
//
// It shares no code with a client of the Bot API, so that a mistake of the
// client cannot hide in it. Field names, error codes and the words of errors
// are those of the documented Bot API and of its published server
// (tdlib/telegram-bot-api).
package telegramtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"math"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Options configure a Server. The zero value is a bot without limits on the
// clock of the machine.
type Options struct {
	Token    string // of the bot, "123456:TEST" when empty
	Name     string // what people call it, "Test bot" when empty
	Username string // without @, "test_bot" when empty

	// ReadsGroups delivers all messages of groups. Otherwise the bot sees only
	// commands and replies to itself there, as with privacy mode on.
	ReadsGroups bool

	Limits Limits // rates beyond which calls are answered with 429

	// KeepNothing makes the server count calls and forget them, so that load
	// does not fill the memory: every private chat exists, and there is nothing
	// to look at afterwards except counters and Observe.
	KeepNothing bool

	// Observe, when set, is called after each call has been handled and before
	// its answer is written. It must be quick.
	Observe func(Call)

	Now   func() time.Time                     // clock of limits and dates, time.Now when nil
	After func(time.Duration) <-chan time.Time // waiting of polls, redelivery and slow answers, time.After when nil

	WebhookClient  *http.Client  // delivers to the webhook, a plain client when nil
	WebhookTimeout time.Duration // for one delivery, 60 s when 0
	WebhookRetry   time.Duration // before the first redelivery, doubled each time up to a minute; 1 s when 0

	MaxBody int64 // bytes of a request, 50 MB when 0, which is what the Bot API accepts
	MaxLog  int   // requests that are remembered, 4096 when 0
}

// Call is one handled request.
type Call struct {
	Method string // as the Bot API spells it, or as it was asked for when unknown
	Chat   int64  // the chat_id, 0 when there was none
	Status int    // of the answer
	At     time.Time
}

// Server is one bot's Bot API. All its methods may be used concurrently.
type Server struct {
	options Options
	bot     []byte // the bot's User object
	botID   int64
	methods map[string]method
	pool    sync.Pool
	ctx     context.Context
	stop    context.CancelFunc

	mu      sync.Mutex
	chats   map[int64]*chat
	users   map[int64]*person
	files   map[string]*file
	presses map[string]*press
	profile map[string]profileText
	queue   queue
	hook    *webhook
	faults  []*scripted
	rates   rates
	book    book
	lastID  int64 // of messages when nothing is kept, of files and presses

	http *http.Server
	url  string
}

// method is one method of the Bot API. handle writes the result to the call.
type method struct {
	name   string
	handle func(*Server, *call) error
}

// call is a request on its way through the server.
type call struct {
	ctx    context.Context
	name   string
	params params
	result object
}

// apiError is an answer that is not ok.
type apiError struct {
	code        int
	description string
	retryAfter  int
	migrateTo   int64
}

func (e *apiError) Error() string { return e.description }

// badRequest takes the words of the real server, which start with a small letter
// unless a name does.
func badRequest(format string, args ...any) error {
	return &apiError{code: 400, description: "Bad Request: " + fmt.Sprintf(format, args...)}
}

func forbidden(what string) error {
	return &apiError{code: 403, description: "Forbidden: " + what}
}

// New makes a server. It is an http.Handler, for a listener of the caller's;
// Start gives it one of its own.
func New(options Options) *Server {
	setDefault(&options.Token, "123456:TEST")
	setDefault(&options.Name, "Test bot")
	setDefault(&options.Username, "test_bot")
	setDefault(&options.WebhookTimeout, time.Minute)
	setDefault(&options.WebhookRetry, time.Second)
	setDefault(&options.MaxBody, 50<<20)
	setDefault(&options.MaxLog, 4096)
	if options.Now == nil {
		options.Now = time.Now
	}
	if options.After == nil {
		options.After = time.After
	}
	if options.WebhookClient == nil {
		options.WebhookClient = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 100}}
	}
	id, _, _ := strings.Cut(options.Token, ":")
	s := &Server{
		options: options,
		chats:   map[int64]*chat{},
		users:   map[int64]*person{},
		files:   map[string]*file{},
		presses: map[string]*press{},
		profile: map[string]profileText{},
		book:    book{counts: map[countKey]int64{}},
	}
	s.botID, _ = strconv.ParseInt(id, 10, 64)
	s.bot = s.botUser()
	s.methods = methodTable()
	s.pool.New = func() any { return new(object) }
	s.ctx, s.stop = context.WithCancel(context.Background())
	s.queue.start()
	return s
}

func setDefault[T comparable](value *T, otherwise T) {
	var zero T
	if *value == zero {
		*value = otherwise
	}
}

// Start listens on a free port of the loopback and gives the URL for the
// client, without a slash at its end. Close ends it.
func (s *Server) Start() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	s.http = &http.Server{Handler: s, ErrorLog: log.New(io.Discard, "", 0), ReadHeaderTimeout: time.Minute}
	s.url = "http://" + listener.Addr().String()
	go func() { _ = s.http.Serve(listener) }() // ends with Close
	return s.url, nil
}

// URL is where the server listens after Start.
func (s *Server) URL() string { return s.url }

// Token is the token that calls must carry.
func (s *Server) Token() string { return s.options.Token }

// Close ends polls, deliveries to the webhook and the listener.
func (s *Server) Close() {
	s.stop()
	s.mu.Lock()
	hook := s.hook
	s.hook = nil
	s.mu.Unlock()
	if hook != nil {
		hook.close()
	}
	if s.http != nil {
		_ = s.http.Close()
	}
}

// ServeHTTP answers one call of the Bot API or one download.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path, isFile := strings.CutPrefix(r.URL.Path, "/file")
	token, rest, ok := strings.Cut(strings.TrimPrefix(path, "/bot"), "/")
	if !ok || !strings.HasPrefix(path, "/bot") {
		s.refuse(w, &apiError{code: 404, description: "Not Found"})
		return
	}
	if token != s.options.Token {
		s.refuse(w, &apiError{code: 401, description: "Unauthorized"})
		return
	}
	if isFile {
		s.download(w, r, rest)
		return
	}
	buffer := s.pool.Get().(*object)
	defer s.pool.Put(buffer)
	body, err := readBody(w, r, buffer.buf[:0], s.options.MaxBody)
	buffer.buf = body[:0]
	if cap(buffer.buf) > 64<<10 {
		buffer.buf = nil // one big upload must not stay in the pool
	}
	if err != nil {
		var tooBig *http.MaxBytesError
		if errors.As(err, &tooBig) {
			s.refuse(w, &apiError{code: 413, description: "Request Entity Too Large"})
		}
		return
	}
	s.call(w, r, rest, body)
}

// call executes one method and writes its answer, with whatever fault is due.
func (s *Server) call(w http.ResponseWriter, r *http.Request, name string, body []byte) {
	m, known := s.methods[strings.ToLower(name)]
	if known {
		name = m.name
	}
	c := &call{ctx: r.Context(), name: name}
	result := s.pool.Get().(*object)
	defer s.pool.Put(result)
	c.result.buf = append(result.buf[:0], `{"ok":true,"result":`...)

	var err error
	if c.params, err = parseParams(r, body); err != nil {
		err = badRequest("%s", err)
	}
	chat := c.params.int("chat_id", 0)
	fault := s.fault(name, chat)
	status := fault.status()
	if status == 0 {
		switch {
		case err != nil:
		case !known:
			err = &apiError{code: 404, description: "Not Found: method not found"}
		default:
			err = m.handle(s, c)
		}
		status = 200
	}
	result.buf = c.result.buf
	var failure *apiError
	if errors.As(err, &failure) {
		status = failure.code
		result.buf = appendFailure(result.buf[:0], failure)
	} else if err == nil {
		result.buf = append(result.buf, '}')
	}
	at := s.options.Now()
	s.record(Request{Call: Call{Method: name, Chat: chat, Status: status, At: at}, Body: body})
	if s.options.Observe != nil {
		s.options.Observe(Call{Method: name, Chat: chat, Status: status, At: at})
	}
	if err != nil && failure == nil {
		return // the client has gone
	}
	if fault != nil {
		fault.write(s, w, r, result.buf, status)
		return
	}
	answer(w, status, result.buf, failure)
}

func (s *Server) refuse(w http.ResponseWriter, failure *apiError) {
	answer(w, failure.code, appendFailure(nil, failure), failure)
}

func answer(w http.ResponseWriter, status int, body []byte, failure *apiError) {
	header := w.Header()
	header["Content-Type"] = []string{"application/json"}
	header["Content-Length"] = []string{strconv.Itoa(len(body))}
	if failure != nil && failure.retryAfter > 0 {
		header["Retry-After"] = []string{strconv.Itoa(failure.retryAfter)}
	}
	w.WriteHeader(status)
	_, _ = w.Write(body) // the client may have gone
}

func appendFailure(dst []byte, failure *apiError) []byte {
	o := object{dst}
	o.open()
	o.bool("ok", false)
	o.int("error_code", int64(failure.code))
	o.str("description", failure.description)
	if failure.retryAfter > 0 || failure.migrateTo != 0 {
		o.object("parameters", func() {
			if failure.retryAfter > 0 {
				o.int("retry_after", int64(failure.retryAfter))
			}
			if failure.migrateTo != 0 {
				o.int("migrate_to_chat_id", failure.migrateTo)
			}
		})
	}
	o.close()
	return o.buf
}

func readBody(w http.ResponseWriter, r *http.Request, dst []byte, most int64) ([]byte, error) {
	if r.Body == nil || r.ContentLength == 0 {
		return dst, nil
	}
	buffer := bytes.NewBuffer(dst)
	_, err := buffer.ReadFrom(http.MaxBytesReader(w, r.Body, most))
	return buffer.Bytes(), err
}

// retryAfter rounds a wait up to whole seconds, as the Bot API tells it.
func retryAfter(wait time.Duration) error {
	seconds := int(math.Ceil(wait.Seconds()))
	return &apiError{code: 429, retryAfter: seconds, description: "Too Many Requests: retry after " + strconv.Itoa(seconds)}
}
