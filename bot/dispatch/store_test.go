package dispatch_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/aldanba/aldanba/bot"
	"github.com/aldanba/aldanba/bot/dispatch"
	"github.com/aldanba/aldanba/bot/store"
)

// TestOnTheStore brings many updates of many chats through the real store, on
// the real clock: each is answered once and in order, and nothing is left.
func TestOnTheStore(t *testing.T) {
	const chats, each = 20, 10
	for name, cfg := range map[string]store.Config{"memory": {}, "embedded": {Dir: t.TempDir()}} {
		t.Run(name, func(t *testing.T) {
			cfg.Log = slog.New(slog.DiscardHandler)
			s, err := store.Open(t.Context(), cfg)
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			var mu sync.Mutex
			heard, all := map[string][]string{}, make(chan struct{})
			m := &messenger{began: time.Now(), typed: map[string]int{}}
			m.deliver = func(_ context.Context, chat string, r bot.Reply) error {
				mu.Lock()
				defer mu.Unlock()
				heard[chat] = append(heard[chat], r.Text)
				n := 0
				for _, texts := range heard {
					n += len(texts)
				}
				if n == chats*each {
					close(all)
				}
				return nil
			}
			d := dispatch.New(dispatch.Config{
				Inbox: s, Limits: s, Messenger: m, Talker: &talker{}, Reader: &reader{}, Log: cfg.Log, UrgentRate: 1000,
			})
			ctx, stop := context.WithCancel(t.Context())
			ended := make(chan error, 1)
			go func() { ended <- d.Run(ctx) }()
			for i := range each {
				var batch []dispatch.Update
				for c := range chats {
					batch = append(batch, dispatch.Update{
						ID: fmt.Sprintf("%d.%d", c, i), Chat: fmt.Sprint("chat", c), At: time.Now(), Payload: fmt.Append(nil, "press ", i),
					})
				}
				for range 2 { // everything is delivered twice
					if err := d.Accept(ctx, batch); err != nil {
						t.Fatal(err)
					}
				}
			}
			<-all
			stop()
			if err := <-ended; err != nil {
				t.Error(err)
			}
			for c := range chats {
				var want []string
				for i := range each {
					want = append(want, fmt.Sprint("re: press ", i))
				}
				if got := heard[fmt.Sprint("chat", c)]; !slices.Equal(got, want) {
					t.Errorf("chat %d heard %q", c, got)
				}
			}
			if left, _, err := s.Waiting(t.Context(), "", 10); len(left) > 0 || err != nil {
				t.Errorf("left in the inbox: %q, %v", left, err)
			}
		})
	}
}
