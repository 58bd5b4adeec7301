package telegramtest

import (
	"net"
	"net/http"
	"strconv"
	"time"
)

// Fault is one way in which a call goes wrong. Faults made by Lost, Slow,
// Truncated and Late let the call take effect and spoil its answer; the others
// keep it from happening.
type Fault struct {
	code      int    // of an answer instead of the call
	body      []byte // of that answer
	header    [2]string
	effect    bool // the call takes effect
	reset     bool // the connection is reset instead of an answer
	hang      bool // no answer until the client gives up
	chunk     int  // the answer is written in pieces of so many bytes,
	pause     time.Duration
	delay     time.Duration // before the answer
	truncated bool
	skip      int
	chat      int64
}

// Page answers with a status and an HTML page, as proxies before the Bot API
// do when it is away.
func Page(status int) Fault {
	text := strconv.Itoa(status) + " " + http.StatusText(status)
	return Fault{
		code:   status,
		header: [2]string{"Content-Type", "text/html"},
		body:   []byte("<html>\r\n<head><title>" + text + "</title></head>\r\n<body>\r\n<center><h1>" + text + "</h1></center>\r\n</body>\r\n</html>\r\n"),
	}
}

// Refusal answers with an error of the Bot API.
func Refusal(code int, description string) Fault {
	return Fault{code: code, body: appendFailure(nil, &apiError{code: code, description: description})}
}

// TooMany answers that the client has to wait for so many seconds.
func TooMany(seconds int) Fault {
	failure := &apiError{code: 429, retryAfter: seconds, description: "Too Many Requests: retry after " + strconv.Itoa(seconds)}
	return Fault{code: 429, body: appendFailure(nil, failure), header: [2]string{"Retry-After", strconv.Itoa(seconds)}}
}

// Reset resets the connection before the call takes effect.
func Reset() Fault { return Fault{reset: true} }

// Lost resets the connection after the call took effect.
func Lost() Fault { return Fault{reset: true, effect: true} }

// Hang leaves the client without an answer until it gives up; the call takes
// no effect.
func Hang() Fault { return Fault{hang: true} }

// Slow trickles the answer in pieces of so many bytes with a pause before each.
func Slow(bytes int, pause time.Duration) Fault {
	return Fault{effect: true, chunk: max(bytes, 1), pause: pause}
}

// Truncated breaks the answer off in its middle, as if it were complete.
func Truncated() Fault { return Fault{effect: true, truncated: true} }

// Late delays the answer.
func Late(delay time.Duration) Fault { return Fault{effect: true, delay: delay} }

// In makes a fault that meets only calls with this chat_id.
func (f Fault) In(chat int64) Fault { f.chat = chat; return f }

// Skip makes a fault that spares the first n calls that it would meet.
func (f Fault) Skip(n int) Fault { f.skip = n; return f }

// scripted is a fault that waits for its calls.
type scripted struct {
	Fault
	method string
	left   int // calls to meet, negative: all
}

// Fault makes the next n calls of the method go wrong, all of them when n is
// negative. The method "*" means any, "download" the download of a file. Faults
// are met in the order in which they were set, one a call.
func (s *Server) Fault(method string, n int, f Fault) {
	if n == 0 {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, &scripted{Fault: f, method: method, left: n})
}

// ClearFaults forgets all faults.
func (s *Server) ClearFaults() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

// fault takes the fault that is due for a call, or nil.
func (s *Server) fault(method string, chat int64) *Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, f := range s.faults {
		if f.method != "*" && f.method != method || f.chat != 0 && f.chat != chat {
			continue
		}
		if f.skip > 0 {
			f.skip--
			continue
		}
		if f.left--; f.left == 0 {
			s.faults = append(s.faults[:i:i], s.faults[i+1:]...)
		}
		return &f.Fault
	}
	return nil
}

// status is what a fault answers instead of the call, or 0 where the call
// takes effect. A connection that ends without an answer counts as 499.
func (f *Fault) status() int {
	switch {
	case f == nil || f.effect:
		return 0
	case f.code != 0:
		return f.code
	}
	return 499
}

// write answers a call in the way of the fault.
func (f *Fault) write(s *Server, w http.ResponseWriter, r *http.Request, body []byte, status int) {
	if f.delay > 0 && !s.wait(r, f.delay) {
		return
	}
	switch {
	case f.hang:
		select {
		case <-r.Context().Done():
		case <-s.ctx.Done():
		}
		panic(http.ErrAbortHandler)
	case f.reset:
		reset(w)
		return
	case f.code != 0:
		body = f.body
	case f.truncated:
		body = body[:len(body)/2]
	}
	if f.header[0] != "" {
		w.Header().Set(f.header[0], f.header[1])
	}
	if w.Header().Get("Content-Type") == "" {
		w.Header().Set("Content-Type", "application/json")
	}
	w.WriteHeader(status)
	if f.chunk == 0 {
		_, _ = w.Write(body) // the client may have gone
		return
	}
	flush := http.NewResponseController(w)
	for len(body) > 0 {
		if !s.wait(r, f.pause) {
			return
		}
		n := min(f.chunk, len(body))
		if _, err := w.Write(body[:n]); err != nil {
			return
		}
		_ = flush.Flush() // a recorder of a test cannot
		body = body[n:]
	}
}

// wait lets time pass while the client is there.
func (s *Server) wait(r *http.Request, d time.Duration) bool {
	select {
	case <-s.options.After(d):
		return true
	case <-r.Context().Done():
	case <-s.ctx.Done():
	}
	return false
}

// reset closes the connection in a way that the client sees as a reset.
func reset(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler) // HTTP/2 or a recorder: net/http breaks it off
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // without it the connection would end politely
	}
	_ = conn.Close()
}
