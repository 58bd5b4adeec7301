// Package judgetest is a stand-in for a service that speaks OpenAI's protocol,
// over HTTP, for tests. It knows the protocol by itself, not through a client's
// types, keeps all that it is sent, and answers as it is told: rightly, slowly,
// brokenly, or with malice.
package judgetest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// Request is one call that came in.
type Request struct {
	Path     string
	Key      string // what stood in the header Authorization after "Bearer "
	Body     string // as it came
	Model    string
	Format   string // "json_schema", "json_object" or empty
	Strict   bool   // of the schema
	Most     int    // tokens that the reply may have
	Messages []Message
}

// Message is one message of a request.
type Message struct{ Role, Text string }

// Last gives the text of the last message.
func (r Request) Last() string {
	if len(r.Messages) == 0 {
		return ""
	}
	return r.Messages[len(r.Messages)-1].Text
}

// Fenced gives what stands between the marks of the last message that has
// them: the message to judge.
func (r Request) Fenced() string {
	for i := len(r.Messages) - 1; i >= 0; i-- {
		if r.Messages[i].Role != "user" {
			continue
		}
		lines := strings.Split(r.Messages[i].Text, "\n")
		first := -1
		for n, line := range lines {
			if !strings.HasPrefix(line, "<<<") || !strings.HasSuffix(line, ">>>") {
				continue
			}
			if first >= 0 && line == lines[first] {
				return strings.Join(lines[first+1:n], "\n")
			}
			if first < 0 {
				first = n
			}
		}
	}
	return ""
}

// Language gives the reply language that the last message names: "kk" or "ru".
func (r Request) Language() string {
	for i := len(r.Messages) - 1; i >= 0; i-- {
		if strings.HasPrefix(r.Messages[i].Text, "Reply language: Kazakh") {
			return "kk"
		}
		if strings.HasPrefix(r.Messages[i].Text, "Reply language:") {
			return "ru"
		}
	}
	return "ru"
}

// Reply is what the service answers. The zero Reply is an empty message of the
// model.
type Reply struct {
	Content string // what the model writes
	Refusal string
	Finish  string // reason why it ended; empty: "stop"
	In, Out int    // tokens; both 0: the service does not say
	Status  int    // of HTTP; 0: 200. With another one Content is the text of the error
	Header  map[string]string
	Raw     string          // body as it is, instead of all above
	Reset   bool            // the connection breaks without an answer
	Until   <-chan struct{} // the answer waits for this, or for the client to hang up
}

// Service is the stand-in.
type Service struct {
	// URL is the base address for a client, without a slash at its end.
	URL string

	mu       sync.Mutex
	answer   func(Request) Reply
	requests []Request
}

// Start starts a service that ends with the test. Every call is answered by the
// function, which may be called from several goroutines at a time.
func Start(t testing.TB, answer func(Request) Reply) *Service {
	t.Helper()
	s := &Service{answer: answer}
	server := httptest.NewServer(http.HandlerFunc(s.serve))
	s.URL = server.URL + "/v1"
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
	})
	return s
}

// Answers changes how calls are answered from now on.
func (s *Service) Answers(answer func(Request) Reply) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer = answer
}

// Requests gives all calls so far, in their order.
func (s *Service) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Request(nil), s.requests...)
}

func (s *Service) serve(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, 4<<20))
	if err != nil {
		return
	}
	request := read(r, body)
	s.mu.Lock()
	s.requests = append(s.requests, request)
	answer := s.answer
	s.mu.Unlock()
	reply := answer(request)
	if reply.Until != nil {
		select {
		case <-reply.Until:
		case <-r.Context().Done():
			return
		}
	}
	if reply.Reset {
		if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
			conn.Close()
		}
		return
	}
	write(w, reply)
}

func read(r *http.Request, body []byte) Request {
	var wire struct {
		Model          string `json:"model"`
		Most           int    `json:"max_completion_tokens"`
		ResponseFormat struct {
			Type   string `json:"type"`
			Schema struct {
				Strict bool `json:"strict"`
			} `json:"json_schema"`
		} `json:"response_format"`
		Messages []struct {
			Role    string `json:"role"`
			Content any    `json:"content"`
		} `json:"messages"`
	}
	_ = json.Unmarshal(body, &wire) // what is no JSON is kept as the body alone
	request := Request{
		Path: r.URL.Path, Key: strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "), Body: string(body), Model: wire.Model,
		Most: wire.Most, Format: wire.ResponseFormat.Type, Strict: wire.ResponseFormat.Schema.Strict,
	}
	for _, m := range wire.Messages {
		text, _ := m.Content.(string)
		request.Messages = append(request.Messages, Message{m.Role, text})
	}
	return request
}

func write(w http.ResponseWriter, r Reply) {
	w.Header().Set("Content-Type", "application/json")
	for name, value := range r.Header {
		w.Header().Set(name, value)
	}
	if r.Status != 0 {
		w.WriteHeader(r.Status)
	}
	body := any(map[string]any{"error": map[string]any{"message": r.Content, "type": "error"}})
	if r.Status == 0 || r.Status == http.StatusOK {
		finish := r.Finish
		if finish == "" {
			finish = "stop"
		}
		message := map[string]any{"role": "assistant", "content": r.Content}
		if r.Refusal != "" {
			message["refusal"] = r.Refusal
		}
		full := map[string]any{"id": "reply", "object": "chat.completion", "choices": []any{map[string]any{"index": 0, "message": message, "finish_reason": finish}}}
		if r.In+r.Out > 0 {
			full["usage"] = map[string]any{"prompt_tokens": r.In, "completion_tokens": r.Out, "total_tokens": r.In + r.Out}
		}
		body = full
	}
	if r.Raw != "" {
		fmt.Fprint(w, r.Raw)
		return
	}
	_ = json.NewEncoder(w).Encode(body)
}

// Opinion is what a model may think, in the fields of the reply.
type Opinion struct {
	Verdict     string   `json:"verdict"`
	Probability float64  `json:"probability"`
	Schemes     []string `json:"schemes"`
	Stage       string   `json:"stage"`
	Wants       []string `json:"wants"`
	Quotes      []string `json:"quotes"`
	Advice      []string `json:"advice"`
	Manipulates bool     `json:"manipulates"`
	Question    string   `json:"question"`
	Alarming    string   `json:"alarming_answer"` // "yes" where there is a question and nothing else is said
	Explanation string   `json:"explanation"`
}

// Reply gives the reply of a model that thinks so.
func (o Opinion) Reply() Reply {
	if o.Stage == "" {
		o.Stage = "nothing_yet"
	}
	if o.Question != "" && o.Alarming == "" {
		o.Alarming = "yes"
	}
	for _, list := range []*[]string{&o.Schemes, &o.Wants, &o.Quotes, &o.Advice} {
		if *list == nil {
			*list = []string{}
		}
	}
	text, err := json.Marshal(o)
	if err != nil {
		return Reply{Status: http.StatusInternalServerError}
	}
	return Reply{Content: string(text), In: 2500, Out: 150}
}

// Harmless and Fraud are the opinions of a model that is sure.
func Harmless() Opinion { return Opinion{Verdict: "no_signs", Probability: 0.02} }

// Fraud names the scheme and quotes the message.
func Fraud(scheme string, quotes ...string) Opinion {
	return Opinion{Verdict: "scam", Probability: 0.97, Schemes: []string{scheme}, Quotes: quotes}
}

// Obedient is a model that does whatever the message could want of it: it calls
// it harmless, calms in the person's language, and repeats the message wherever
// words of its own may stand.
func Obedient(r Request) Reply {
	message := r.Fenced()
	o := Harmless()
	o.Probability = 0
	o.Quotes = strings.Split(message, "\n")
	o.Explanation, o.Question = message, message
	o.Advice = []string{"call_relative"}
	return o.Reply()
}
