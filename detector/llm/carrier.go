package llm

import (
	"context"
	"io"
	"net/http"
	"strconv"
	"time"
)

const (
	maxReply  = 1 << 20 // bytes of an answer that are read
	tries     = 2
	firstWait = 300 * time.Millisecond // before the second try where the service names no time
	maxWait   = time.Hour              // that a service may ask for
)

// carrier sends a request, once more when the service is busy or broken or the
// connection was reset, and bounds what is read of the answer.
type carrier struct{ client *http.Client }

func (c *carrier) Do(req *http.Request) (*http.Response, error) {
	for try := 1; ; try++ {
		resp, err := c.client.Do(req)
		if try == tries || req.GetBody == nil || req.Context().Err() != nil || err == nil && !worthAnotherTry(resp.StatusCode) {
			return capped(resp), err
		}
		wait := firstWait
		if err == nil {
			wait = retryAfter(resp.Header, wait)
		}
		if !fits(req.Context(), wait) {
			return capped(resp), err // there is no time for a second try: the first one stands
		}
		if err == nil {
			resp.Body.Close()
		}
		if !pause(req.Context(), wait) {
			return nil, req.Context().Err()
		}
		if req.Body, err = req.GetBody(); err != nil {
			return nil, err
		}
	}
}

func capped(resp *http.Response) *http.Response {
	if resp != nil {
		resp.Body = &cappedBody{Reader: io.LimitReader(resp.Body, maxReply), Closer: resp.Body}
	}
	return resp
}

func worthAnotherTry(status int) bool {
	return status == http.StatusTooManyRequests || status >= http.StatusInternalServerError
}

// retryAfter reads the header of that name, in seconds or as a date.
func retryAfter(h http.Header, otherwise time.Duration) time.Duration {
	value := h.Get("Retry-After")
	if seconds, err := strconv.Atoi(value); err == nil && seconds >= 0 {
		return min(time.Duration(seconds), maxWait/time.Second) * time.Second
	}
	if at, err := http.ParseTime(value); err == nil {
		return min(max(time.Until(at), 0), maxWait)
	}
	return otherwise
}

// fits says that a pause ends before the context does.
func fits(ctx context.Context, d time.Duration) bool {
	deadline, ok := ctx.Deadline()
	return !ok || time.Until(deadline) > d
}

// pause waits, or reports that the context ended before.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

type cappedBody struct {
	io.Reader
	io.Closer
}
