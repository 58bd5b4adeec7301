package telegram_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aldanba/aldanba/bot"
	"github.com/aldanba/aldanba/bot/dispatch"
	"github.com/aldanba/aldanba/bot/telegram"
	"github.com/aldanba/aldanba/bot/telegram/telegramtest"
)

// asDocumented are the rates that the FAQ of the Bot API names, in the spans in
// which the adapter keeps them.
var asDocumented = telegramtest.Limits{
	Global:  telegramtest.Limit{N: 30, Per: time.Second},
	Private: telegramtest.Limit{N: 3, Per: 3 * time.Second},
	Group:   telegramtest.Limit{N: 20, Per: time.Minute},
}

// TestRatesAreKept: many replies at once to many chats reach all of them in
// about the time that Telegram's limits ask for, and it never has to refuse one.
func TestRatesAreKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, telegramtest.Options{Limits: asDocumented}, nil)
		const chats, each = 30, 5
		started := time.Now()
		var work sync.WaitGroup
		for i := range chats {
			w.fake.User(int64(i+1), "ru").Sends("привет")
			work.Go(func() {
				for n := range each {
					for {
						_, err := w.Send(context.Background(), fmt.Sprint("telegram:", i+1), bot.Reply{Text: fmt.Sprint("ответ ", n)})
						var retry *dispatch.RetryError
						if errors.As(err, &retry) {
							time.Sleep(retry.After)
							continue
						}
						if err != nil {
							t.Error(err)
						}
						break
					}
				}
			})
		}
		work.Wait()
		if n := w.fake.CountStatus("sendMessage", 429); n != 0 {
			t.Errorf("Telegram refused %d calls", n)
		}
		if n := w.fake.CountStatus("sendMessage", 200); n != chats*each {
			t.Errorf("%d messages were sent", n)
		}
		// 150 messages at 30 a second; those of a chat at 3 in 3 seconds.
		if took := time.Since(started); took < 4*time.Second || took > 7*time.Second {
			t.Errorf("it took %v", took)
		}
	})
}

// TestRatesAreKeptWhateverTheWayTakes: calls are held up on their way to
// Telegram, and answers on their way back, each for a time of its own. Telegram
// counts when they arrive, and still has to refuse none.
func TestRatesAreKeptWhateverTheWayTakes(t *testing.T) {
	for _, most := range []time.Duration{time.Millisecond, 400 * time.Millisecond, 3 * time.Second} {
		t.Run(most.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				chance := rand.New(rand.NewPCG(7, uint64(most)))
				var mu sync.Mutex
				delay := func() {
					mu.Lock()
					d := time.Duration(chance.Int64N(int64(most)))
					mu.Unlock()
					time.Sleep(d)
				}
				w := newWorld(t, telegramtest.Options{Limits: asDocumented}, func(c *telegram.Config) {
					way := c.Client.Transport
					c.Client.Transport = roundTripper(func(r *http.Request) (*http.Response, error) {
						delay()
						answer, err := way.RoundTrip(r)
						delay()
						return answer, err
					})
				})
				const chats, each = 100, 3
				var work sync.WaitGroup
				for i := range chats {
					w.fake.User(int64(i+1), "ru").Sends("привет")
					work.Go(func() {
						for range each {
							if _, err := w.Send(context.Background(), fmt.Sprint("telegram:", i+1), bot.Reply{Text: "ответ"}); err != nil {
								t.Error(err)
							}
						}
					})
				}
				work.Wait()
				if n := w.fake.CountStatus("sendMessage", 429); n != 0 {
					t.Errorf("Telegram refused %d calls", n)
				}
				if n := w.fake.CountStatus("sendMessage", 200); n != chats*each {
					t.Errorf("%d messages were sent", n)
				}
			})
		})
	}
}

// TestGroupThatIsFullIsLeftToTheCaller: a wait of a minute would hold a worker.
func TestGroupThatIsFullIsLeftToTheCaller(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, telegramtest.Options{Limits: asDocumented}, nil)
		u := w.fake.User(person, "ru")
		u.Sends("привет")
		g := w.fake.Group(family, "Отбасы", u)
		chat := fmt.Sprint("telegram:", g.Chat())
		for range 20 {
			if _, err := w.Send(context.Background(), chat, bot.Reply{Text: "x"}); err != nil {
				t.Fatal(err)
			}
		}
		_, err := w.Send(context.Background(), chat, bot.Reply{Text: "x"})
		var retry *dispatch.RetryError
		if !errors.As(err, &retry) || retry.After < 50*time.Second || retry.After > time.Minute {
			t.Fatalf("%v", err)
		}
		time.Sleep(retry.After)
		if _, err := w.Send(context.Background(), chat, bot.Reply{Text: "x"}); err != nil {
			t.Errorf("after the wait: %v", err)
		}
		if n := w.fake.CountStatus("sendMessage", 429); n != 0 {
			t.Errorf("Telegram refused %d calls", n)
		}
	})
}

// TestUrgentGoesFirst: what waits goes out by its urgency, then by its age.
func TestUrgentGoesFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var order []int64
		observe := func(c telegramtest.Call) {
			mu.Lock()
			defer mu.Unlock()
			order = append(order, c.Chat)
		}
		w := newWorld(t, telegramtest.Options{Observe: observe}, func(c *telegram.Config) { c.Rates = telegram.Rates{Global: 1, Chat: 10} })
		ctx := context.Background()
		var work sync.WaitGroup
		later := func(chat int64, send func(context.Context, string, bot.Reply) (string, error), urgent bool) {
			w.fake.User(chat, "ru").Sends("привет")
			work.Go(func() {
				if _, err := send(ctx, fmt.Sprint("telegram:", chat), bot.Reply{Text: "x", Urgent: urgent}); err != nil {
					t.Error(err)
				}
			})
			synctest.Wait()
		}
		later(1, w.Send, false) // takes the only place of this second
		later(31, w.SendBulk, false)
		later(21, w.Send, false)
		later(22, w.Send, false)
		later(32, w.SendBulk, false)
		later(11, w.Send, true)
		later(12, w.Send, true)
		work.Wait()
		if got := fmt.Sprint(order); got != "[1 11 12 21 22 31 32]" {
			t.Errorf("the order is %s", got)
		}
	})
}

// TestTypingGivesWay: nothing that waits is held up by it.
func TestTypingGivesWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, telegramtest.Options{}, func(c *telegram.Config) { c.Rates = telegram.Rates{Global: 1, Chat: 10} })
		w.fake.User(person, "ru").Sends("привет")
		w.Typing(context.Background(), chatOf)
		w.Typing(context.Background(), chatOf) // there is no room any more
		var work sync.WaitGroup
		work.Go(func() { w.Send(context.Background(), chatOf, bot.Reply{Text: "x"}) })
		synctest.Wait()
		w.Typing(context.Background(), chatOf) // and a reply waits
		work.Wait()
		if n := w.fake.Typing(person); n != 1 {
			t.Errorf("typing was shown %d times", n)
		}
	})
}

func TestWaitForALimitEndsWithTheCaller(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, telegramtest.Options{}, func(c *telegram.Config) { c.Rates = telegram.Rates{Global: 1, Chat: 10} })
		w.fake.User(person, "ru").Sends("привет")
		if _, err := w.Send(context.Background(), chatOf, bot.Reply{Text: "первый"}); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
		defer cancel()
		if _, err := w.Send(ctx, chatOf, bot.Reply{Text: "второй"}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%v", err)
		}
		// It left no trace: the next one goes out as soon as it may.
		started := time.Now()
		if _, err := w.Send(context.Background(), chatOf, bot.Reply{Text: "третий"}); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(started); took > time.Second {
			t.Errorf("it waited %v", took)
		}
		if sent := w.fake.Sent(person); len(sent) != 2 {
			t.Errorf("%d messages", len(sent))
		}
	})
}

// TestTooManyRequestsHoldOneChat: Telegram's word is kept to the second, and
// other chats do not wait for it.
func TestTooManyRequestsHoldOneChat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, telegramtest.Options{}, nil)
		for chat := range int64(3) {
			w.fake.User(chat+1, "ru").Sends("привет")
		}
		ctx := context.Background()
		w.fake.Fault("sendMessage", 1, telegramtest.TooMany(2).In(1))
		started := time.Now()
		if _, err := w.Send(ctx, "telegram:1", bot.Reply{Text: "x"}); err != nil || time.Since(started) < 2*time.Second {
			t.Errorf("a short wait: %v after %v", err, time.Since(started))
		}
		w.fake.Fault("sendMessage", 1, telegramtest.TooMany(40).In(1))
		_, err := w.Send(ctx, "telegram:1", bot.Reply{Text: "x"})
		var retry *dispatch.RetryError
		if !errors.As(err, &retry) || retry.After != 40*time.Second {
			t.Errorf("a long wait: %v", err)
		}
		if _, err = w.Send(ctx, "telegram:1", bot.Reply{Text: "x"}); !errors.As(err, &retry) {
			t.Errorf("the chat was not held: %v", err)
		}
		started = time.Now()
		if _, err := w.Send(ctx, "telegram:2", bot.Reply{Text: "x"}); err != nil || time.Since(started) > time.Second {
			t.Errorf("another chat: %v after %v", err, time.Since(started))
		}
		time.Sleep(40 * time.Second)
		if _, err := w.Send(ctx, "telegram:1", bot.Reply{Text: "x"}); err != nil {
			t.Errorf("after the wait: %v", err)
		}
	})
}

// TestTooManyRequestsOfManyChatsHoldAll: then Telegram means the bot.
func TestTooManyRequestsOfManyChatsHoldAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, telegramtest.Options{}, nil)
		w.fake.Fault("sendMessage", 3, telegramtest.TooMany(30))
		var retry *dispatch.RetryError
		for chat := range int64(4) {
			w.fake.User(chat+1, "ru").Sends("привет")
			_, err := w.Send(context.Background(), fmt.Sprint("telegram:", chat+1), bot.Reply{Text: "x"})
			if !errors.As(err, &retry) {
				t.Errorf("chat %d: %v", chat+1, err)
			}
		}
		if n := w.fake.Count("sendMessage"); n != 3 {
			t.Errorf("%d calls: the fourth chat was not held", n)
		}
		time.Sleep(30 * time.Second)
		if _, err := w.Send(context.Background(), "telegram:4", bot.Reply{Text: "x"}); err != nil {
			t.Errorf("after the wait: %v", err)
		}
	})
}
