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
	"syscall"
	"testing"
	"time"

	"github.com/aldanba/aldanba/bot/telegram/telegramtest"
	"github.com/aldanba/aldanba/detector"
)

// BenchmarkServe brings messages through the whole bot, a process of its own,
// while Telegram and Redis share the machine with it. Run it with as many
// messages as are to be measured, for instance -benchtime 100000x.
//
//   - newcomers: each message is from somebody who has never written, and is
//     answered by a verdict and, where that is no alarm, a question. Updates wait
//     all the time: the time to an answer is the time in the queue
//   - known: the same with people whose first message was answered before
//   - steady: newcomers, so many a second, which shows how long an answer takes
//   - waits: the same with the wait for further messages that is the default
//
// RSS-MB is the memory at the last answer. The variable ALDANBA_TEST_PROFILE names a directory for profiles of the bot.
func BenchmarkServe(b *testing.B) {
	for _, memory := range memories {
		b.Run(memory.name, func(b *testing.B) {
			for _, c := range []crowded{
				{name: "newcomers", wait: "1ms"},
				{name: "known", wait: "1ms", known: true},
				{name: "steady", wait: "1ms", rate: 500},
				{name: "waits", wait: "500ms", rate: 500},
			} {
				b.Run(c.name, func(b *testing.B) { c.benchmark(b, memory.make(b)) })
			}
		})
	}
}

// crowded is what the bot is burdened with.
type crowded struct {
	name  string
	wait  string // for further messages
	rate  int    // messages a second; 0: as many as are taken
	known bool   // everybody who writes has written before; otherwise each message is a newcomer's
}

// resting is how long after the last answer the memory is measured once more:
// pages of the embedded file are given back every few seconds.
const resting = 5 * time.Second

// manyMessages are as many as make it worth while to wait for that.
const manyMessages = 1000

// firstPerson is the id of the first of the people who write.
const firstPerson = 1_000_000

// load is what is measured: when each message was handed over and how long its
// answer took. Messages are from all people by turns.
type load struct {
	taken    []atomic.Int64 // nanoseconds since 1970
	took     []atomic.Int64
	answered []atomic.Int64 // by person
	left     atomic.Int64
	extra    atomic.Int64 // answers to what was not written yet
	round    int          // messages of another round are others
	done     chan struct{}
}

func newLoad(messages, people int) *load {
	l := &load{
		taken: make([]atomic.Int64, messages), took: make([]atomic.Int64, messages),
		answered: make([]atomic.Int64, people), done: make(chan struct{}),
	}
	l.left.Store(int64(messages))
	return l
}

// observe notes an answer. What a newcomer is asked after it is none.
func (l *load) observe(c telegramtest.Call) {
	person := int(c.Chat - firstPerson)
	if c.Method != "sendMessage" || person < 0 || person >= len(l.answered) {
		return
	}
	n := int(l.answered[person].Add(1)-1)*len(l.answered) + person
	if n < len(l.took) {
		if l.taken[n].Load() == 0 {
			l.extra.Add(1)
		}
		l.took[n].Store(c.At.UnixNano() - l.taken[n].Load())
		if l.left.Add(-1) == 0 {
			close(l.done)
		}
	}
}

// feed has the messages written, so many a second, or as fast as they are taken.
func (l *load) feed(telegram *telegramtest.Server, texts []string, rate int) {
	write := func(n int) telegramtest.Update {
		now := time.Now()
		l.taken[n].Store(now.UnixNano())
		return telegramtest.TextUpdate(int64(firstPerson+n%len(l.answered)), "ru", fmt.Sprintf("%s %d.%d", texts[n%len(texts)], l.round, n), now.Unix())
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

func (c crowded) benchmark(b *testing.B, memory map[string]string) {
	texts := corpus(b)
	var l atomic.Pointer[load]
	telegram := telegramtest.New(telegramtest.Options{Token: testToken, KeepNothing: true, Observe: func(c telegramtest.Call) { l.Load().observe(c) }})
	b.Cleanup(telegram.Close)
	environ := map[string]string{"ALDANBA_SEND_RATE": "20000", "ALDANBA_CASE_WAIT": c.wait}
	if c.known {
		maps.Copy(environ, map[string]string{"ALDANBA_CHAT_RATE": "100", "ALDANBA_PERSON_RATE": "1000000"})
	}
	maps.Copy(environ, memory)
	p := startProcess(b, telegram, environ, profiled(b)...)
	run := func(measured *load, rate int) {
		l.Store(measured)
		measured.feed(telegram, texts, rate)
		select {
		case <-measured.done:
		case err := <-p.ended:
			p.ended <- err
			b.Fatalf("the bot ended: %v\n%s", err, p.log)
		}
	}
	if c.known {
		for range 2 { // after an alarm the question comes with the next answer
			run(newLoad(b.N, b.N), 0)
			eventually(b, "everybody is answered", func() bool { return p.metric(b, "aldanba_waiting_updates") == 0 })
		}
	}
	p.serves(b)
	measured := newLoad(b.N, b.N)
	measured.round = 2
	before, own := p.metric(b, "process_cpu_seconds_total"), processor(b)
	b.ResetTimer()
	run(measured, c.rate)
	b.StopTimer()
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "messages/s")
	measured.report(b)
	b.ReportMetric((p.metric(b, "process_cpu_seconds_total")-before)*1e6/float64(b.N), "bot-µs/message")
	b.ReportMetric((processor(b)-own)*1e6/float64(b.N), "telegram-µs/message")
	b.ReportMetric(p.metric(b, "process_resident_memory_bytes")/(1<<20), "RSS-MB")
	if b.N >= manyMessages { // fewer leave no trace in the memory
		time.Sleep(resting)
		b.ReportMetric(p.metric(b, "process_resident_memory_bytes")/(1<<20), "rest-RSS-MB")
	}
	p.terminate(b)
}

// processor gives the seconds of processor that this process has taken: that of
// the Telegram of the test, which shares the machine with the bot.
func processor(b *testing.B) float64 {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return float64(used.Utime.Nano()+used.Stime.Nano()) / 1e9
}

// report tells how long answers took.
func (l *load) report(b *testing.B) {
	b.Helper()
	if n := l.extra.Load(); n > 0 {
		b.Errorf("%d answers came that are not to one message each", n)
	}
	took := make([]int64, len(l.took))
	for i := range took {
		took[i] = l.took[i].Load()
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2])/1e6, "p50-ms")
	b.ReportMetric(float64(took[len(took)*99/100])/1e6, "p99-ms")
}

// metric asks a process for one of its metrics.
func (p *process) metric(t testing.TB, name string) (value float64) {
	t.Helper()
	_, page := get(t, p.address(t)+"/metrics")
	_, rest, found := strings.Cut(page, "\n"+name+" ")
	if _, err := fmt.Sscan(rest, &value); !found || err != nil {
		t.Fatalf("the metrics have no %s", name)
	}
	return value
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

// corpus gives those messages of the corpus that are answered by a verdict and
// nothing else.
func corpus(t testing.TB) (texts []string) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join("..", "..", "testdata", "corpus", "*.jsonl"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no corpus: %v", err)
	}
	d, err := (&world{commands: &commands{}}).detector()
	if err != nil {
		t.Fatal(err)
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
			if v := d.Check(line.Text); v.Intent == detector.Content && !v.Cut {
				texts = append(texts, line.Text)
			}
		}
	}
	return texts
}
