package telegramtest

import (
	"bytes"
	"maps"
	"slices"
)

// maxLogged is how many bytes of one request's body are remembered.
const maxLogged = 64 << 10

// Request is a call as it came.
type Request struct {
	Call
	Body []byte // at most the first 64 KB
}

type countKey struct {
	method string
	status int
}

// book remembers what was asked of the server.
type book struct {
	counts map[countKey]int64
	log    []Request // a ring once it is full
	next   int
}

func (s *Server) record(r Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.book.counts[countKey{r.Method, r.Status}]++
	if s.options.KeepNothing {
		return
	}
	r.Body = bytes.Clone(r.Body[:min(len(r.Body), maxLogged)])
	if len(s.book.log) < s.options.MaxLog {
		s.book.log = append(s.book.log, r)
		return
	}
	s.book.log[s.book.next] = r
	s.book.next = (s.book.next + 1) % len(s.book.log)
}

// Count is how many calls of the method were answered, with whatever status.
func (s *Server) Count(method string) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	var total int64
	for key, n := range s.book.counts {
		if key.method == method {
			total += n
		}
	}
	return total
}

// CountStatus is how many calls of the method were answered with the status.
// 499 stands for calls that a fault left without an answer.
func (s *Server) CountStatus(method string, status int) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.book.counts[countKey{method, status}]
}

// Methods lists the methods that were called, in alphabetical order.
func (s *Server) Methods() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	names := map[string]bool{}
	for key := range s.book.counts {
		names[key.method] = true
	}
	return slices.Sorted(maps.Keys(names))
}

// Requests gives the remembered requests, the oldest first.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	log := s.book.log
	return append(slices.Clone(log[s.book.next:]), log[:s.book.next]...)
}

// Leaks gives the remembered requests whose bodies contain the text, so that a
// test can show that a secret never left.
func (s *Server) Leaks(text string) []Request {
	var found []Request
	for _, r := range s.Requests() {
		if bytes.Contains(r.Body, []byte(text)) {
			found = append(found, r)
		}
	}
	return found
}
