package telegram

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"path"
	"sync"
	"syscall"
	"time"
)

// maxReply bounds the answer to one call. A hundred updates of the largest kind
// fit.
const maxReply = 32 << 20

// client makes the calls of the Bot API. It stands between the library and the
// network, so that an answer is bounded, a failure has a type, and the token,
// which is a part of every address, stays out of errors.
type client struct {
	line http.RoundTripper
	// bodies are buffers that answers to post are read into, used again: what is
	// taken from a body is a copy.
	bodies sync.Pool
}

// apiError is an answer of Telegram that is not ok.
type apiError struct {
	code        int           // as of HTTP
	description string        // Telegram's words; they may quote what was sent, so they are not shown
	retryAfter  time.Duration // with 429
	migrateTo   int64         // with 400: the group has this id now
}

func (e *apiError) Error() string { return fmt.Sprintf("Telegram answers %d", e.code) }

// lineError is a failure on the way to Telegram or back.
type lineError struct {
	what string // one of a few words, for logs and metrics
}

func (e *lineError) Error() string { return "Telegram cannot be reached: " + e.what }

// envelope is what every answer comes in.
type envelope struct {
	OK          bool   `json:"ok"`
	Code        int    `json:"error_code"`
	Description string `json:"description"`
	Parameters  struct {
		RetryAfter int   `json:"retry_after"`
		MigrateTo  int64 `json:"migrate_to_chat_id"`
	} `json:"parameters"`
}

// head and tolerant make an envelope something that an answer is read into.
func (e *envelope) head() *envelope { return e }
func (e *envelope) tolerant() bool  { return false }

// into is what an answer is read into. It is tolerant where something of another
// form than expected is no reason to make the call again.
type into interface {
	head() *envelope
	tolerant() bool
}

// sent is the answer to a message that was sent or edited. Of the message only
// its id is needed: that the rest holds something newer than this program, such
// as the origin of the message that is answered, is no reason to send it again.
// Where the id cannot be read it stays empty.
type sent struct {
	envelope
	Result struct {
		ID json.Number `json:"message_id"`
	} `json:"result"`
}

func (s *sent) tolerant() bool { return true }

// begins reads an answer that begins and ends as Telegram's do by its beginning: the
// whole message with all its buttons follows, and would be read for nothing.
func (s *sent) begins(body []byte) bool {
	rest, ok := bytes.CutPrefix(body, sentBegins)
	n := bytes.IndexAny(rest, ",}")
	if !ok || !bytes.HasSuffix(rest, sentEnds) || n <= 0 || n > maxDigits || !allDigits(rest[:n]) {
		return false
	}
	s.OK, s.Result.ID = true, json.Number(rest[:n])
	return true
}

var sentBegins, sentEnds = []byte(`{"ok":true,"result":{"message_id":`), []byte("}}")

// maxDigits is more than the id of a message has.
const maxDigits = 18

func allDigits(b []byte) bool {
	return !bytes.ContainsFunc(b, func(r rune) bool { return r < '0' || r > '9' })
}

// Do makes a call for the library and gives an answer that is complete and ok.
func (c *client) Do(req *http.Request) (*http.Response, error) {
	if path.Base(req.URL.Path) == "sendDocument" {
		var answer sent
		resp, err := c.exchange(req, &answer, &bytes.Buffer{})
		if err != nil {
			return nil, err
		}
		short := fmt.Appendf(nil, `{"ok":true,"result":{"message_id":%s}}`, cmp.Or(answer.Result.ID, "0"))
		resp.Body = io.NopCloser(bytes.NewReader(short))
		return resp, nil
	}
	var body bytes.Buffer
	resp, err := c.exchange(req, &envelope{}, &body)
	if err != nil {
		return nil, err
	}
	resp.Body = io.NopCloser(&body)
	return resp, nil
}

// exchange makes a call and reads its answer, which is complete and ok. The body
// of the answer is read into the buffer.
func (c *client) exchange(req *http.Request, answer into, buffer *bytes.Buffer) (*http.Response, error) {
	if err := whole(req); err != nil {
		return nil, lineFailure(req.Context(), err)
	}
	// No redirection is followed: it would tell the token to another host.
	resp, err := c.line.RoundTrip(req)
	if err != nil {
		return nil, lineFailure(req.Context(), err)
	}
	defer resp.Body.Close()
	if err := readAll(buffer, io.LimitReader(resp.Body, maxReply+1), resp.ContentLength); err != nil {
		return nil, lineFailure(req.Context(), err)
	}
	body := buffer.Bytes()
	if len(body) > maxReply {
		return nil, &lineError{what: "the answer is too long"}
	}
	if message, ok := answer.(*sent); !ok || !message.begins(body) {
		err = json.Unmarshal(body, answer)
	}
	head := answer.head()
	if err != nil && head.OK { // it is JSON, but of another form
		if err = nil; !answer.tolerant() {
			err = &lineError{what: "the answer is of another form"}
		}
	}
	switch {
	case resp.StatusCode >= 300 && (err != nil || head.Code == 0):
		return nil, &apiError{code: resp.StatusCode} // a proxy or an overloaded server speaks HTML
	case errors.As(err, new(*lineError)):
		return nil, err
	case err != nil:
		return nil, &lineError{what: "the answer is no JSON"}
	case !head.OK:
		return nil, &apiError{
			code:        head.Code,
			description: head.Description,
			retryAfter:  time.Duration(min(max(head.Parameters.RetryAfter, 0), maxRetryAfter)) * time.Second,
			migrateTo:   head.Parameters.MigrateTo,
		}
	}
	return resp, nil
}

// post makes a call with its arguments as JSON, and reads the answer. It is
// for what the library has no call for, and for what is sent all the time: the
// library writes a form field by field, which costs as much as all the rest.
func (a *Adapter) post(ctx context.Context, method string, arguments any, answer into) error {
	var body bytes.Buffer
	body.Grow(usualCall)
	out := json.NewEncoder(&body)
	out.SetEscapeHTML(false) // nothing shows it as HTML before Telegram has read it
	if err := out.Encode(arguments); err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, a.apiURL+"/bot"+a.token+"/"+method, &body)
	if err != nil {
		return &lineError{what: "the address is not valid"}
	}
	req.Header["Content-Type"] = jsonType
	buffer, ok := a.client.bodies.Get().(*bytes.Buffer)
	if !ok {
		buffer = new(bytes.Buffer)
	}
	defer func() {
		if buffer.Reset(); buffer.Cap() <= usualReply {
			a.client.bodies.Put(buffer)
		}
	}()
	_, err = a.client.exchange(req, answer, buffer)
	return err
}

var jsonType = []string{"application/json"}

// readAll reads what has about the length given, or an unknown one.
func readAll(into *bytes.Buffer, r io.Reader, length int64) error {
	into.Grow(int(min(max(length, 0), usualReply)) + bytes.MinRead)
	_, err := into.ReadFrom(r)
	return err
}

// usualReply is the length up to which that of an answer is believed beforehand.
const usualReply = 64 << 10

// whole takes the body of a call into memory: the library writes it bit by bit
// through a pipe, which is slow, and which net/http cannot repeat when a
// connection that rested turns out to be closed.
func whole(req *http.Request) error {
	if req.Body == nil || req.GetBody != nil {
		return nil
	}
	var all bytes.Buffer
	if err := readAll(&all, req.Body, usualCall); err != nil {
		return err
	}
	body := all.Bytes()
	if len(body) == 0 {
		req.Body = http.NoBody
		return nil
	}
	req.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	req.ContentLength = int64(len(body))
	var err error
	req.Body, err = req.GetBody()
	return err
}

// usualCall is the length that most calls do not reach.
const usualCall = 4 << 10

// maxRetryAfter bounds the seconds that Telegram may ask to wait.
const maxRetryAfter = 24 * 60 * 60

// lineFailure says what went wrong on the line without saying where: the error
// of net/http holds the address and with it the token.
func lineFailure(ctx context.Context, err error) error {
	if cause := ctx.Err(); cause != nil {
		return cause
	}
	var timeout net.Error
	var dns *net.DNSError
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.As(err, &dns):
		return &lineError{what: "no such host"}
	case errors.As(err, &certificate):
		return &lineError{what: "its certificate is not valid"}
	case errors.As(err, &timeout) && timeout.Timeout():
		return &lineError{what: "timeout"}
	case errors.Is(err, syscall.ECONNREFUSED):
		return &lineError{what: "connection refused"}
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF), errors.Is(err, syscall.EPIPE):
		return &lineError{what: "connection broken"}
	}
	return &lineError{what: "network"}
}
