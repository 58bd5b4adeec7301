package telegram

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"path"
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
	http *http.Client
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

// Do makes a call and gives an answer that is complete and ok.
func (c *client) Do(req *http.Request) (*http.Response, error) {
	if err := whole(req); err != nil {
		return nil, lineFailure(req.Context(), err)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, lineFailure(req.Context(), err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxReply+1))
	if err != nil {
		return nil, lineFailure(req.Context(), err)
	}
	if len(body) > maxReply {
		return nil, &lineError{what: "the answer is too long"}
	}
	var answer struct {
		OK          bool            `json:"ok"`
		Result      json.RawMessage `json:"result"`
		Code        int             `json:"error_code"`
		Description string          `json:"description"`
		Parameters  struct {
			RetryAfter int   `json:"retry_after"`
			MigrateTo  int64 `json:"migrate_to_chat_id"`
		} `json:"parameters"`
	}
	switch err := json.Unmarshal(body, &answer); {
	case resp.StatusCode >= 300 && (err != nil || answer.Code == 0):
		return nil, &apiError{code: resp.StatusCode} // a proxy or an overloaded server speaks HTML
	case err != nil:
		return nil, &lineError{what: "the answer is no JSON"}
	case !answer.OK:
		return nil, &apiError{
			code:        answer.Code,
			description: answer.Description,
			retryAfter:  time.Duration(min(max(answer.Parameters.RetryAfter, 0), maxRetryAfter)) * time.Second,
			migrateTo:   answer.Parameters.MigrateTo,
		}
	}
	switch path.Base(req.URL.Path) {
	case "sendMessage", "editMessageText":
		body = onlyID(answer.Result)
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, nil
}

// whole takes the body of a call into memory: the library writes it bit by bit
// through a pipe, which is slow, and which net/http cannot repeat when a
// connection that rested turns out to be closed. No call uploads a file.
func whole(req *http.Request) error {
	if req.Body == nil || req.GetBody != nil {
		return nil
	}
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return err
	}
	if len(body) == 0 {
		req.Body = http.NoBody
		return nil
	}
	req.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	req.Body, err = req.GetBody()
	req.ContentLength = int64(len(body))
	return err
}

// maxRetryAfter bounds the seconds that Telegram may ask to wait.
const maxRetryAfter = 24 * 60 * 60

// onlyID leaves of a message that was sent or edited what is needed: its id. The library
// would refuse a message that holds something newer than itself, such as the
// origin of the message that is answered, and a reply that has arrived would
// be sent again.
func onlyID(result json.RawMessage) []byte {
	var sent struct {
		ID json.Number `json:"message_id"`
	}
	// What cannot be read keeps the id empty: the message was sent all the same.
	if json.Unmarshal(result, &sent) != nil || sent.ID == "" {
		sent.ID = "0"
	}
	return fmt.Appendf(nil, `{"ok":true,"result":{"message_id":%s}}`, sent.ID)
}

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
