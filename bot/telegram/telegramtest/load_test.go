package telegramtest_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/aldanba/aldanba/bot/telegram/telegramtest"
)

// TestMemoryUnderLoad sends to many chats with limits on and expects that
// nothing of them stays.
func TestMemoryUnderLoad(t *testing.T) {
	clock := newClock()
	s := telegramtest.New(telegramtest.Options{KeepNothing: true, Now: clock.Now, Limits: telegramtest.Limits{Private: telegramtest.Limit{N: 1, Per: time.Second}}})
	defer s.Close()
	send := func(from, n int) {
		for i := range n {
			body := fmt.Sprintf(`{"chat_id":%d,"text":"Қауіпті хабарлама"}`, from+i)
			r := httptest.NewRequest(http.MethodPost, "/bot"+s.Token()+"/sendMessage", bytes.NewReader([]byte(body)))
			r.Header.Set("Content-Type", "application/json")
			w := nowhere{header: http.Header{}}
			if s.ServeHTTP(&w, r); w.status != 200 {
				t.Fatal(w.status)
			}
			clock.Advance(time.Millisecond)
		}
	}
	heap := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	send(1, 3000)
	before := heap()
	send(1_000_000, 20_000)
	if after := heap(); after > before+1<<20 {
		t.Errorf("%d KB more after 20,000 chats", (after-before)>>10)
	}
	if s.Count("sendMessage") != 23_000 {
		t.Error("calls are missing")
	}
}

// TestManyAtOnce lets people write while the bot polls and answers.
func TestManyAtOnce(t *testing.T) {
	s, c := start(t, telegramtest.Options{})
	const people, each = 8, 5
	ctx := timeout(t)
	var writers sync.WaitGroup
	for id := range int64(people) {
		u := s.User(id+1, "kk")
		writers.Go(func() {
			for i := range each {
				sent := u.Sends(fmt.Sprint(i))
				answers, err := u.Awaits(ctx, 1)
				if err != nil {
					t.Error(err)
					return
				}
				if got := answers[0]; got.Text != fmt.Sprint("re ", i) || got.ReplyTo != sent.ID {
					t.Errorf("got %q to %d", got.Text, got.ReplyTo)
				}
				s.Conversation(u.Chat())
			}
		})
	}
	offset := int64(0)
	for answered := 0; answered < people*each; {
		for _, u := range c.updates(map[string]any{"offset": offset, "timeout": 5}) {
			c.ok("sendMessage", map[string]any{
				"chat_id": u.Message["chat"].(map[string]any)["id"], "text": "re " + u.Message["text"].(string),
				"reply_parameters": map[string]any{"message_id": u.Message["message_id"]},
			})
			offset = u.ID + 1
			answered++
		}
	}
	writers.Wait()
	for id := range int64(people) {
		if got := len(s.Messages(id + 1)); got != 2*each {
			t.Errorf("%d messages of %d", got, id+1)
		}
	}
}
