package main

import (
	"bytes"
	"errors"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// asProcess is set where this program was started to be the bot.
const asProcess = "ALDANBA_TEST_AS_PROCESS"

// TestServeAsProcess is the bot as a process of its own, which other tests
// start, kill and measure. It ends with the test that started it: its standard
// input is a pipe to it.
func TestServeAsProcess(t *testing.T) {
	if os.Getenv(asProcess) == "" {
		t.Skip("other tests start it")
	}
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(3)
	}()
	ctx, stop := signal.NotifyContext(t.Context(), syscall.SIGTERM)
	defer stop()
	if code := run(ctx, []string{"serve"}, os.Stdin, os.Stdout, os.Stderr); code != 0 {
		t.Errorf("the bot ended with exit code %d", code)
	}
}

// process is a bot that serves as a process of its own.
type process struct {
	cmd     *exec.Cmd
	telling io.Closer // its standard input
	front   *httptest.Server
	log     *syncBuffer
	ended   chan error
	at      atomic.Pointer[string] // where it listens, as soon as that is known
}

// startProcess starts a bot that talks with a Telegram through a door of its
// own: behind it nothing happens any more once the process is dead.
func startProcess(t testing.TB, telegram http.Handler, environ map[string]string, flags ...string) *process {
	t.Helper()
	p := &process{log: &syncBuffer{}, ended: make(chan error, 1), front: httptest.NewServer(telegram)}
	p.cmd = exec.Command(os.Args[0], append([]string{"-test.run=^TestServeAsProcess$", "-test.timeout=0"}, flags...)...)
	all := map[string]string{
		asProcess: "yes", "TELEGRAM_BOT_TOKEN": testToken, "TELEGRAM_API_URL": p.front.URL,
		"LISTEN_ADDR": "127.0.0.1:0", "ALDANBA_TESSERACT": "off",
	}
	maps.Copy(all, environ)
	p.cmd.Env = os.Environ()
	for name, value := range all {
		p.cmd.Env = append(p.cmd.Env, name+"="+value)
	}
	p.cmd.Stdout, p.cmd.Stderr = p.log, p.log
	var err error
	if p.telling, err = p.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { p.ended <- p.cmd.Wait() }()
	t.Cleanup(p.kill)
	return p
}

// kill ends the process as kill -9 does. When it returns, no call of the
// process has an effect any more.
func (p *process) kill() {
	_ = p.cmd.Process.Kill() // it may have ended
	p.gone()
}

// gone waits for the end of the process and of its calls.
func (p *process) gone() {
	err := <-p.ended
	p.ended <- err
	p.front.Close()
}

// terminate asks the process to end in good order.
func (p *process) terminate(t testing.TB) {
	t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Errorf("the bot had ended: %v\n%s", err, p.log)
	}
	err := <-p.ended
	p.ended <- err
	p.front.Close()
	if err != nil {
		t.Errorf("the bot did not end well: %v\n%s", err, p.log)
	}
}

var addressInLog = regexp.MustCompile(`msg="aldanba serves" address=(\S+)`)

// listens gives the address at which the process listens, "" while it does not
// yet.
func (p *process) listens() string {
	if at := p.at.Load(); at != nil {
		return *at
	}
	found := addressInLog.FindStringSubmatch(p.log.String())
	if found == nil {
		return ""
	}
	at := "http://" + found[1]
	p.at.Store(&at)
	return at
}

// address waits until the process listens.
func (p *process) address(t testing.TB) string {
	t.Helper()
	eventually(t, "the bot listens", func() bool { return p.listens() != "" })
	return p.listens()
}

// serves waits until the process is ready for whatever it is for.
func (p *process) serves(t testing.TB) {
	t.Helper()
	address := p.address(t)
	eventually(t, "the bot is ready", func() bool {
		response, err := http.Get(address + "/readyz")
		if err != nil {
			return false
		}
		response.Body.Close()
		return response.StatusCode == http.StatusOK
	})
}

// eventually looks again and again whether something has become true that
// others bring about. After a kill that takes a while: a chat is free again when
// its claim has run out, and a case whose files were being read when it may be
// taken that nobody reads them.
func eventually(t testing.TB, what string, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !is(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("it did not come about that %s", what)
		}
	}
}

// redisProcess is a redis-server that keeps what it has acknowledged.
type redisProcess struct {
	dir string
	cmd *exec.Cmd
}

const redisSecret = "a secret of the tests, not of anybody else"

// startRedisServer starts a redis-server of its own for the test, or skips it.
func startRedisServer(t testing.TB, args ...string) *redisProcess {
	t.Helper()
	parent := os.TempDir()
	if len(parent) > 50 {
		parent = "/tmp" // the path of a socket must be short
	}
	dir, err := os.MkdirTemp(parent, "aldanba")
	if err != nil {
		t.Fatal(err)
	}
	r := &redisProcess{dir: dir}
	t.Cleanup(func() {
		r.kill()
		os.RemoveAll(dir)
	})
	r.start(t, args...)
	return r
}

// start starts the server, after a kill with what it had kept.
func (r *redisProcess) start(t testing.TB, args ...string) {
	t.Helper()
	path, err := exec.LookPath("redis-server")
	if err != nil {
		t.Skip("redis-server is not installed: the bot is not tested with Redis")
	}
	r.cmd = exec.Command(path, append([]string{
		"--port", "0", "--unixsocket", r.socket(), "--dir", r.dir, "--daemonize", "no",
		"--save", "", "--appendonly", "yes",
	}, args...)...)
	if err := r.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "redis-server answers", func() bool { return r.ping() == nil })
}

// kill ends the server as kill -9 does.
func (r *redisProcess) kill() {
	if r.cmd != nil {
		_ = r.cmd.Process.Kill()
		_ = r.cmd.Wait()
	}
}

func (r *redisProcess) socket() string { return filepath.Join(r.dir, "s") }

// url is what the bot is to be told. On a busy machine a slow answer is not taken
// for none.
func (r *redisProcess) url() string { return "unix://" + r.socket() + "?timeout=1m" }

func (r *redisProcess) ping() error {
	c, err := net.DialTimeout("unix", r.socket(), time.Second)
	if err != nil {
		return err
	}
	defer c.Close()
	if _, err := io.WriteString(c, "PING\r\n"); err != nil {
		return err
	}
	answer := make([]byte, 64)
	n, err := c.Read(answer)
	if !bytes.HasPrefix(answer[:n], []byte("+PONG")) {
		return errors.Join(err, errors.New(strings.TrimSpace(string(answer[:n]))))
	}
	return nil
}

// memories are the stores that the bot may remember in, each made anew.
var memories = []struct {
	name string
	make func(t testing.TB) map[string]string
}{
	{"embedded", func(t testing.TB) map[string]string { return map[string]string{"ALDANBA_DATA": t.TempDir()} }},
	{"redis", func(t testing.TB) map[string]string {
		return map[string]string{"REDIS_URL": startRedisServer(t).url(), "ALDANBA_SECRET": redisSecret}
	}},
}
