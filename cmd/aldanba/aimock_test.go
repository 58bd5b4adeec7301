package main

import (
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The protocol as others understand it: a mock server that is not ours.
func TestAJudgeBehindAServerOfOthers(t *testing.T) {
	path, err := exec.LookPath("llmock")
	if err != nil {
		t.Skip("llmock is not installed (npm install --global @copilotkit/aimock): the judge is tested with our own stand-in alone")
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	listener.Close()
	_, port, _ := net.SplitHostPort(address)
	fixtures, err := filepath.Abs(filepath.Join("..", "..", "testdata", "judge", "aimock.json"))
	if err != nil {
		t.Fatal(err)
	}
	server := exec.CommandContext(t.Context(), path, "--port", port, "--fixtures", fixtures, "--strict", "--log-level", "warn")
	log := &syncBuffer{}
	server.Stdout, server.Stderr = log, log
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = server.Process.Kill()
		_ = server.Wait() // it was killed
		if t.Failed() {
			t.Log(log)
		}
	})
	eventually(t, "the server answers", func() bool {
		resp, err := http.Get("http://" + address + "/health")
		if err != nil {
			return false
		}
		resp.Body.Close()
		return resp.StatusCode == http.StatusOK
	})
	t.Setenv("OPENAI_BASE_URL", "http://"+address+"/v1")
	t.Setenv("OPENAI_API_KEY", serviceKey)
	t.Setenv("OPENAI_MODEL", "gpt-4o-mini")
	t.Setenv("ALDANBA_LLM_TIMEOUT", "1m")
	for _, c := range []struct{ message, judge string }{
		{salonRU, `"judge":"lowered"`},
		{callRU, `"judge":"raised"`},
		{notaryKK, ""}, // it does not keep to the schema
		{songKK, ""},   // it is busy
	} {
		code, out, errOut := doubtingly(t, "", "check", "--json", c.message)
		if code != 0 || !strings.Contains(out, c.judge) || c.judge == "" && strings.Contains(out, `"judge"`) {
			t.Errorf("%q: exit %d, %s%s", c.message, code, out, errOut)
		}
	}
}
