package store_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/aldanba/aldanba/bot/store"
)

const secret = "a secret for tests, long enough, of no use elsewhere"

// clock is a clock that tests set.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// bench is one engine under test.
type bench struct {
	*clock
	engine string
	cfg    store.Config
	*store.Store
}

// onEachEngine runs a test on every engine that is there.
func onEachEngine(t *testing.T, test func(t *testing.T, b *bench)) {
	for _, engine := range []string{"memory", "embedded", "redis"} {
		t.Run(engine, func(t *testing.T) {
			b := newBench(t, engine)
			b.open(t)
			test(t, b)
		})
	}
}

func newBench(t testing.TB, engine string) *bench {
	b := &bench{clock: newClock(), engine: engine}
	b.cfg = store.Config{Secret: secret, Clock: b.Now, Log: quiet()}
	switch engine {
	case "embedded":
		b.cfg.Dir = t.TempDir()
	case "redis":
		b.cfg.RedisURL = emptyRedis(t)
	}
	return b
}

func (b *bench) open(t testing.TB) {
	t.Helper()
	var err error
	if b.Store, err = store.OpenIdle(context.Background(), b.cfg); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
}

// restart closes the store and opens it again. Memory would forget.
func (b *bench) restart(t testing.TB) {
	t.Helper()
	if b.engine == "memory" {
		t.Skip("memory does not outlive the program")
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	b.open(t)
}

var redisServer struct {
	once sync.Once
	url  string
	stop func()
}

// emptyRedis gives the address of a real redis-server, emptied.
func emptyRedis(t testing.TB) string {
	t.Helper()
	redisServer.once.Do(func() {
		dir := socketDir(t)
		socket := filepath.Join(dir, "redis.sock")
		stop := startRedis(t, dir, "--port", "0", "--unixsocket", socket)
		redisServer.url = "unix://" + socket + patiently
		redisServer.stop = func() { stop(); os.RemoveAll(dir) }
	})
	if redisServer.url == "" {
		t.Skip("redis-server is not installed or does not start: the Redis engine is not tested")
	}
	client := redisClient(t, redisServer.url)
	if err := client.FlushAll(t.Context()).Err(); err != nil {
		t.Fatal(err)
	}
	return redisServer.url
}

// socketDir makes a directory whose name is short enough for the path of a
// socket, which systems hold to a hundred bytes or so.
func socketDir(t testing.TB) string {
	t.Helper()
	parent := os.TempDir()
	if len(parent) > 50 {
		parent = "/tmp"
	}
	dir, err := os.MkdirTemp(parent, "aldanba-redis-")
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// startRedis starts a redis-server that keeps nothing.
func startRedis(t testing.TB, dir string, args ...string) (stop func()) {
	t.Helper()
	return startServer(t, append([]string{"--save", "", "--appendonly", "no", "--dir", dir}, args...)...)
}

func startServer(t testing.TB, args ...string) (stop func()) {
	t.Helper()
	path, err := exec.LookPath("redis-server")
	if err != nil {
		t.Skip("redis-server is not installed: the Redis engine is not tested")
	}
	cmd := exec.Command(path, args...)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return func() {
		cmd.Process.Kill()
		cmd.Wait()
	}
}

// redisClient is a plain client to look at what lies in Redis.
func redisClient(t testing.TB, url string) *redis.Client {
	t.Helper()
	url, _, _ = strings.Cut(url, "?")
	o, err := redis.ParseURL(url)
	if err != nil {
		t.Fatal(err)
	}
	o.ReadTimeout, o.WriteTimeout, o.DialTimeout = patience, patience, patience
	client := redis.NewClient(o)
	t.Cleanup(func() { client.Close() })
	ready(t, func() error { return client.Ping(context.Background()).Err() })
	return client
}

// patience is how long a test waits for what must come, also on a machine that
// is slow and busy.
const patience = 2 * time.Minute

// patiently makes an address wait for answers as long.
const patiently = "?timeout=2m"

// ready waits until something works that others bring about, as a server that
// was just started.
func ready(t testing.TB, try func() error) {
	t.Helper()
	deadline := time.Now().Add(patience)
	for {
		err := try()
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal(fmt.Errorf("it does not come about: %w", err))
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func TestMain(m *testing.M) {
	if dir := os.Getenv("STORE_TEST_VICTIM"); dir != "" {
		victim(dir)
	}
	_ = flag.Set("rapid.seed", "1") // the same histories for everybody; the command line may name another seed
	code := m.Run()
	if redisServer.stop != nil {
		redisServer.stop()
	}
	os.Exit(code)
}
