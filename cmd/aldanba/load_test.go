package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aldanba/aldanba/bot/telegram/telegramtest"
)

// BenchmarkServe brings messages through the whole bot, a process of its own,
// each from another person who has never written before: their first answer is
// a verdict and a question. Run it with as many as are to be measured, for
// instance -benchtime 100000x. Telegram, Redis and the bot share the machine.
//
//   - flood: updates wait all the time, so that it shows what the bot manages;
//     the time to the answer is then the time in the queue
//   - steady: so many messages a second, which shows how long an answer takes
//   - waits: the same with the wait for further messages that is the default
//
// Variable ALDANBA_TEST_PROFILE names a directory for profiles of the bot.
func BenchmarkServe(b *testing.B) {
	for _, memory := range memories {
		b.Run(memory.name, func(b *testing.B) {
			b.Run("flood", func(b *testing.B) { benchmarkServe(b, memory.make(b), 0, "1ms") })
			b.Run("steady", func(b *testing.B) { benchmarkServe(b, memory.make(b), 500, "1ms") })
			b.Run("waits", func(b *testing.B) { benchmarkServe(b, memory.make(b), 500, "500ms") })
		})
	}
}

// firstPerson is the id of the first of the people who write.
const firstPerson = 1_000_000

// load is what is measured: when the message of each person was handed over
// and how long its answer took.
type load struct {
	taken []atomic.Int64 // nanoseconds since 1970
	took  []atomic.Int64
	left  atomic.Int64
	done  chan struct{}
}

func newLoad(people int) *load {
	l := &load{taken: make([]atomic.Int64, people), took: make([]atomic.Int64, people), done: make(chan struct{})}
	l.left.Store(int64(people))
	return l
}

// observe notes the first answer to each person.
func (l *load) observe(c telegramtest.Call) {
	if i := c.Chat - firstPerson; c.Method == "sendMessage" && i >= 0 && i < int64(len(l.took)) &&
		l.took[i].CompareAndSwap(0, c.At.UnixNano()-l.taken[i].Load()) && l.left.Add(-1) == 0 {
		close(l.done)
	}
}

// feed has messages written, so many a second, or as fast as they are taken.
func (l *load) feed(telegram *telegramtest.Server, texts []string, rate int) {
	write := func(i int) telegramtest.Update {
		now := time.Now()
		l.taken[i].Store(now.UnixNano())
		return telegramtest.TextUpdate(firstPerson+int64(i), "ru", fmt.Sprintf("%s %d", texts[i%len(texts)], i), now.Unix())
	}
	if rate == 0 {
		telegram.Feed(len(l.taken), write)
		return
	}
	began := time.Now()
	ticks := time.NewTicker(5 * time.Millisecond)
	defer ticks.Stop()
	for fed := 0; fed < len(l.taken); <-ticks.C {
		first, due := fed, min(int(time.Since(began).Seconds()*float64(rate)), len(l.taken))
		telegram.Feed(due-fed, func(i int) telegramtest.Update { return write(first + i) })
		fed = due
	}
}

func benchmarkServe(b *testing.B, environ map[string]string, rate int, wait string) {
	texts := corpus(b)
	l := newLoad(b.N)
	telegram := telegramtest.New(telegramtest.Options{Token: testToken, KeepNothing: true, Observe: l.observe})
	b.Cleanup(telegram.Close)
	settings := map[string]string{"ALDANBA_SEND_RATE": "1000000", "ALDANBA_CASE_WAIT": wait}
	maps.Copy(settings, environ)
	p := startProcess(b, telegram, settings, profiled(b)...)
	p.serves(b)
	b.ResetTimer()
	l.feed(telegram, texts, rate)
	select {
	case <-l.done:
	case err := <-p.ended:
		p.ended <- err
		b.Fatalf("the bot ended: %v\n%s", err, p.log)
	}
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "messages/s")
	took := make([]int64, b.N)
	for i := range took {
		took[i] = l.took[i].Load()
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2])/1e6, "p50-ms")
	b.ReportMetric(float64(took[len(took)*99/100])/1e6, "p99-ms")
	_, page := get(b, p.address(b)+"/metrics")
	b.ReportMetric(metric(b, page, "process_resident_memory_bytes")/(1<<20), "RSS-MB")
	b.ReportMetric(metric(b, page, "go_memstats_heap_alloc_bytes")/(1<<20), "heap-MB")
	p.terminate(b)
	spent := p.cmd.ProcessState.UserTime() + p.cmd.ProcessState.SystemTime()
	b.ReportMetric(float64(spent.Microseconds())/float64(b.N), "bot-µs/message")
	b.ReportMetric(0, "ns/op")
}

// profiled gives the flags that make the process write profiles.
func profiled(b *testing.B) []string {
	dir := os.Getenv("ALDANBA_TEST_PROFILE")
	if dir == "" {
		return nil
	}
	name := filepath.Join(dir, strings.ReplaceAll(b.Name(), "/", "_"))
	return []string{"-test.cpuprofile=" + name + ".cpu", "-test.memprofile=" + name + ".mem"}
}

// metric finds a value on a page for Prometheus.
func metric(t testing.TB, page, name string) (value float64) {
	t.Helper()
	_, rest, found := strings.Cut(page, "\n"+name+" ")
	if _, err := fmt.Sscan(rest, &value); !found || err != nil {
		t.Fatalf("the metrics have no %s", name)
	}
	return value
}

// corpus gives the messages of the corpus.
func corpus(t testing.TB) (texts []string) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join("..", "..", "testdata", "corpus", "*.jsonl"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no corpus: %v", err)
	}
	for _, name := range names {
		file, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		for lines := bufio.NewScanner(file); lines.Scan(); {
			var line struct{ Text string }
			if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
				t.Fatal(err)
			}
			texts = append(texts, line.Text)
		}
	}
	return texts
}
