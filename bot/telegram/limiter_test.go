package telegram

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

// TestLimiterForgetsChatsThatRest: a hundred thousand people do not stay in
// memory for having been answered once.
func TestLimiterForgetsChatsThatRest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter(Rates{Global: 1000, Chat: 3, Group: 20})
		for chat := range int64(20_000) {
			if err := l.wait(context.Background(), chat+1, people, time.Minute); err != nil {
				t.Fatal(err)
			}
			l.end(chat + 1)
		}
		if n := len(l.chats); n > 10_000 {
			t.Errorf("%d chats are kept", n)
		}
	})
}

func BenchmarkLimiter(b *testing.B) {
	l := newLimiter(Rates{Global: 1 << 20, Chat: 3, Group: 20})
	b.ReportAllocs()
	for i := int64(1); b.Loop(); i++ {
		if err := l.wait(context.Background(), i, people, time.Minute); err != nil {
			b.Fatal(err)
		}
		l.end(i)
	}
}
