package dispatch_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aldanba/aldanba/bot"
	"github.com/aldanba/aldanba/bot/dispatch"
	"github.com/aldanba/aldanba/bot/store"
)

// quick is a messenger and a conversation that cost nothing.
type quick struct{ sent atomic.Int64 }

func (*quick) Kind(dispatch.Update) dispatch.Kind { return dispatch.Message }

func (*quick) Event(_ context.Context, updates []dispatch.Update) (bot.Event, error) {
	return bot.Event{Person: updates[0].Chat, Messages: []bot.Message{{ID: updates[0].ID, Text: "a"}}}, nil
}

func (q *quick) Send(context.Context, string, bot.Reply) (string, error) {
	q.sent.Add(1)
	return "1", nil
}

func (*quick) Replace(context.Context, string, string, bot.Reply) error { return nil }
func (*quick) Typing(context.Context, string)                           {}
func (*quick) Fetch(context.Context, bot.File) (io.ReadCloser, error)   { return nil, io.EOF }
func (*quick) Answered(context.Context, dispatch.Update)                {}
func (*quick) Opinion(context.Context, bot.Event) *bot.Opinion          { return nil }
func (*quick) Services(context.Context, string) bot.Services            { return bot.Services{} }
func (*quick) Sorry(context.Context, string) bot.Reply                  { return bot.Reply{} }
func (*quick) Busy(context.Context, string) bot.Reply                   { return bot.Reply{} }
func (*quick) Handle(context.Context, bot.Event) (answer bot.Answer, err error) {
	answer.Replies = []bot.Reply{{Text: "b"}}
	return answer, nil
}

// inMemory is the store in memory.
func inMemory(b *testing.B) *store.Store {
	b.Helper()
	s, err := store.Open(b.Context(), store.Config{Log: slog.New(slog.DiscardHandler), MaxBytes: 1 << 30})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := s.Close(); err != nil {
			b.Error(err)
		}
	})
	return s
}

// benchmarked runs a dispatcher.
func benchmarked(b *testing.B, cfg dispatch.Config) (d *dispatch.Dispatcher, q *quick) {
	b.Helper()
	q = &quick{}
	cfg.Messenger, cfg.Talker, cfg.Log = q, q, slog.New(slog.DiscardHandler)
	cfg.MaxWaiting = 1 << 20
	d = dispatch.New(cfg)
	ctx, stop := context.WithCancel(b.Context())
	ended := make(chan error, 1)
	go func() { ended <- d.Run(ctx) }()
	b.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			b.Error(err)
		}
	})
	return d, q
}

func updates(from, n, chats int) []dispatch.Update {
	out := make([]dispatch.Update, n)
	for i := range out {
		out[i] = dispatch.Update{
			ID: fmt.Sprint("bench:", from+i), Chat: fmt.Sprint("chat:", (from+i)%chats), At: time.Now(),
			Payload: []byte(`{"update_id":1,"message":{"text":"a message of a usual length, somewhat longer than a line"}}`),
		}
	}
	return out
}

// BenchmarkCases brings updates of many chats through the dispatcher, each of
// which is a case with one reply. The model of the inbox costs next to nothing,
// so it shows what the dispatcher itself takes.
func BenchmarkCases(b *testing.B) {
	b.Run("model", func(b *testing.B) { benchmarkCases(b, newInbox().process("bench")) })
	b.Run("memory", func(b *testing.B) { benchmarkCases(b, inMemory(b)) })
}

func benchmarkCases(b *testing.B, inbox dispatch.Inbox) {
	d, q := benchmarked(b, dispatch.Config{Inbox: inbox, Quiet: -1, PersonRate: -1})
	b.ReportAllocs()
	const together = 100 // as many updates as one call of a messenger delivers
	all := updates(0, b.N, 10_000)
	b.ResetTimer()
	for i := 0; i < b.N; i += together {
		if err := d.Accept(b.Context(), all[i:min(i+together, b.N)]); err != nil {
			b.Fatal(err)
		}
	}
	for q.sent.Load() < int64(b.N) {
		time.Sleep(time.Millisecond)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "cases/s")
}

// BenchmarkWaitingChats measures what a chat costs in memory that waits for
// more messages, beyond what the store keeps of it.
func BenchmarkWaitingChats(b *testing.B) {
	const chats = 100_000
	for b.Loop() {
		b.StopTimer()
		d, _ := benchmarked(b, dispatch.Config{Inbox: inMemory(b), Quiet: time.Hour, Longest: time.Hour})
		s := inMemory(b)
		batches := make([][]dispatch.Update, 0, chats/100)
		for i := 0; i < chats; i += 100 {
			batches = append(batches, updates(i, 100, chats))
		}
		put := func(accept func(context.Context, []dispatch.Update) error) float64 {
			before := heap()
			for _, batch := range batches {
				if err := accept(b.Context(), batch); err != nil {
					b.Fatal(err)
				}
			}
			return heap() - before
		}
		b.StartTimer()
		alone := put(func(ctx context.Context, batch []dispatch.Update) error {
			_, err := s.Put(ctx, batch)
			return err
		})
		whole := put(d.Accept)
		b.StopTimer()
		b.ReportMetric(alone/chats, "store-B/chat")
		b.ReportMetric((whole-alone)/chats, "B/chat")
		if n, _ := d.Depth(); n != chats {
			b.Fatalf("%d chats wait, want %d", n, chats)
		}
		b.StartTimer()
	}
}

func heap() float64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc)
}
