package llm_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aldanba/aldanba/detector/llm"
)

const good = `{"choices":[{"message":{"role":"assistant","content":"hello"},"finish_reason":"stop"}],"usage":{"prompt_tokens":7,"completion_tokens":2}}`

// serve starts a service that answers the calls in turn; the last one stays.
func serve(t *testing.T, answers ...http.HandlerFunc) (*llm.Client, *atomic.Int32) {
	t.Helper()
	calls := new(atomic.Int32)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := int(calls.Add(1))
		answers[min(n, len(answers))-1](w, r)
	}))
	t.Cleanup(server.Close)
	client, err := llm.New(llm.Config{BaseURL: server.URL + "/v1/", Key: "key"})
	if err != nil {
		t.Fatal(err)
	}
	return client, calls
}

func status(code int, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(code)
		_, _ = w.Write([]byte(`{"error":{"message":"you said: secret words"}}`))
	}
}

func fine(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(good)) }

func ask(ctx context.Context, c *llm.Client) (llm.Reply, error) {
	return c.Complete(ctx, llm.Request{Model: "m", Messages: []llm.Message{{Role: llm.User, Text: "secret words"}}, MaxTokens: 5, Format: llm.Plain})
}

func TestASecondTryIsMadeWhereItHelps(t *testing.T) {
	past := time.Now().Add(-time.Hour).UTC().Format(http.TimeFormat)
	future := time.Now().Add(time.Hour).UTC().Format(http.TimeFormat)
	for name, c := range map[string]struct {
		first http.HandlerFunc
		calls int32
		class llm.Class
	}{
		"busy":                {status(429, "Retry-After", "0"), 2, ""},
		"busy until the past": {status(429, "Retry-After", past), 2, ""},
		"busy until too late": {status(429, "Retry-After", future), 1, llm.Busy},
		"busy for too long":   {status(429, "Retry-After", "120"), 1, llm.Busy},
		"broken":              {status(502), 2, ""},
		"not allowed":         {status(401), 1, llm.Forbidden},
		"not understood":      {status(400), 1, llm.Unfit},
		"sent elsewhere":      {status(302, "Location", "http://127.0.0.1:1/"), 1, llm.Malformed},
		"no JSON":             {func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>")) }, 1, llm.Malformed},
		"without end": {func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte(`{"x":"` + strings.Repeat("x", 2<<20)))
		}, 1, llm.Malformed},
		"a connection that ends": {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, 2, ""},
	} {
		t.Run(name, func(t *testing.T) {
			client, calls := serve(t, c.first, fine)
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			reply, err := ask(ctx, client)
			if calls.Load() != c.calls || llm.ClassOf(err) != c.class || (err == nil) != (reply.Text == "hello") {
				t.Errorf("%d calls, %+v, %v", calls.Load(), reply, err)
			}
			if err != nil && strings.Contains(err.Error(), "secret") {
				t.Errorf("the error quotes the message: %v", err)
			}
		})
	}
}

func TestBodyIsWhatGoesOut(t *testing.T) {
	var sent string
	client, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		var body json.RawMessage
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil || r.URL.Path != "/v1/chat/completions" {
			t.Errorf("%s: %v", r.URL.Path, err)
		}
		sent = string(body)
		fine(w, r)
	})
	request := llm.Request{Model: "m", Messages: []llm.Message{{Role: llm.System, Text: "a & b"}}, MaxTokens: 5, Format: llm.Schema, Schema: json.RawMessage(`{"type":"object"}`)}
	reply, err := client.Complete(t.Context(), request)
	if err != nil || reply.Usage != (llm.Usage{In: 7, Out: 2}) {
		t.Fatalf("%+v, %v", reply, err)
	}
	body, err := request.Body()
	if err != nil {
		t.Fatal(err)
	}
	if string(body) != sent {
		t.Errorf("shown %s, sent %s", body, sent)
	}
}

func TestAddressesThatAreNoneAreRefused(t *testing.T) {
	for _, url := range []string{"", "api.example", "ftp://api.example/v1", "://"} {
		if _, err := llm.New(llm.Config{BaseURL: url}); err == nil {
			t.Errorf("%q is taken", url)
		}
	}
}
