package store_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aldanba/aldanba/bot"
	"github.com/aldanba/aldanba/bot/dispatch"
	"github.com/aldanba/aldanba/detector"
)

// eachEngine runs a benchmark with 64 goroutines a core, as the dispatcher's
// workers are.
func eachEngine(b *testing.B, run func(b *testing.B, s *bench, n int64)) {
	for _, engine := range []string{"memory", "embedded", "redis"} {
		b.Run(engine, func(b *testing.B) {
			s := newBench(b, engine)
			s.cfg.MaxBytes = 1 << 30
			s.open(b)
			var n atomic.Int64
			b.SetParallelism(64)
			b.ReportAllocs()
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					run(b, s, n.Add(1))
				}
			})
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "ops/s")
		})
	}
}

var payload = make([]byte, 700) // about as long as an update of Telegram

// BenchmarkUpdate is the way of one update through the inbox.
func BenchmarkUpdate(b *testing.B) {
	ctx := context.Background()
	eachEngine(b, func(b *testing.B, s *bench, n int64) {
		chat, id := fmt.Sprint("telegram:", n), fmt.Sprint("telegram:u", n)
		_, err := s.Put(ctx, []dispatch.Update{{ID: id, Chat: chat, Payload: payload}})
		check(b, err)
		claim, _, err := s.Claim(ctx, chat, time.Minute, 256)
		check(b, err)
		_, err = s.Release(ctx, claim, []string{id}, 0)
		check(b, err)
	})
}

// BenchmarkPut is the commit of a hundred updates of different chats.
func BenchmarkPut(b *testing.B) {
	eachEngine(b, func(b *testing.B, s *bench, n int64) {
		updates := make([]dispatch.Update, 100)
		for i := range updates {
			updates[i] = dispatch.Update{ID: fmt.Sprint("telegram:u", n, "-", i), Chat: fmt.Sprint("telegram:", i), Payload: payload}
		}
		_, err := s.Put(context.Background(), updates)
		check(b, err)
	})
}

// BenchmarkSave is one small durable operation.
func BenchmarkSave(b *testing.B) {
	eachEngine(b, func(b *testing.B, s *bench, n int64) {
		check(b, s.Save(context.Background(), fmt.Sprint("telegram:", n%100_000), bot.Session{Lang: "kk", Checks: int(n)}))
	})
}

// BenchmarkLoad reads sessions of many persons.
func BenchmarkLoad(b *testing.B) {
	eachEngine(b, func(b *testing.B, s *bench, n int64) {
		_, err := s.Load(context.Background(), fmt.Sprint("telegram:", n%100_000))
		check(b, err)
	})
}

// BenchmarkAllow takes from the limits of many persons.
func BenchmarkAllow(b *testing.B) {
	eachEngine(b, func(b *testing.B, s *bench, n int64) {
		_, err := s.Allow(context.Background(), fmt.Sprint("telegram:", n%1000), 20, time.Minute)
		check(b, err)
	})
}

// BenchmarkOpen opens the file of 100,000 people, which is inspected before it
// is used.
func BenchmarkOpen(b *testing.B) {
	s := newBench(b, "embedded")
	s.open(b)
	var wg sync.WaitGroup
	for first := range 512 {
		wg.Go(func() {
			for n := first; n < 100_000; n += 512 {
				person := fmt.Sprint("telegram:", n)
				check(b, s.Save(b.Context(), person, bot.Session{Lang: "kk", Checks: 1}))
				check(b, s.RememberVerdict(b.Context(), person, "message", detector.Scam, "fake_bank_security"))
				_, err := s.Put(b.Context(), []dispatch.Update{{ID: person, Chat: person, Payload: payload}})
				check(b, err)
			}
		})
	}
	wg.Wait()
	check(b, s.Close())
	info, err := os.Stat(filepath.Join(s.cfg.Dir, "aldanba.db"))
	check(b, err)
	for b.Loop() {
		s.open(b)
		check(b, s.Close())
	}
	b.ReportMetric(float64(info.Size())/(1<<20), "MiB")
}
