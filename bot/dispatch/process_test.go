package dispatch_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aldanba/aldanba/bot"
	"github.com/aldanba/aldanba/bot/dispatch"
)

// crash ends the dispatcher as kill -9 does: nothing that it does from now on
// reaches the inbox or the messenger.
func (b *bench) crash() {
	b.inbox.kill()
	b.stop()
	<-b.ended
}

// beside makes another process on the same inbox and messenger.
func (b *bench) beside(owner string) *bench {
	other := newBenchOn(b.t, b.inbox.inbox, owner, b.messenger)
	return other
}

func TestAnotherProcessGoesOn(t *testing.T) {
	t.Run("with what was never answered", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			first := newBench(t)
			first.run()
			first.say("anna", "a")
			first.say("bota", "b")
			first.crash()
			second := first.beside("second")
			second.run()
			second.pass(10 * time.Second)
			second.hears("anna", "re: a")
			second.hears("bota", "re: b")
			if second.observer.count("recovered") != 2 {
				t.Errorf("%d recovered, want 2", second.observer.count("recovered"))
			}
			second.empty()
			second.end()
		})
	})
	t.Run("where the first one stopped", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			first := newBench(t)
			sent := 0
			first.messenger.deliver = func(ctx context.Context, _ string, r bot.Reply) error {
				if sent++; sent == 2 {
					first.inbox.kill() // the second reply is on its way
				}
				return nil
			}
			first.talker.handle = threeReplies
			first.run()
			first.say("anna", "a")
			first.say("anna", "b")
			first.pass(time.Second)
			first.crash()
			second := first.beside("second")
			second.talker.handle = threeReplies
			second.run()
			second.say("anna", "c")
			second.pass(20 * time.Second)
			// The claim of the first one runs out, and only the reply in flight is
			// repeated. The case is the same although another message came.
			second.hears("anna", "1 a+b", "2 a+b", "2 a+b", "3 a+b", "1 c", "2 c", "3 c")
			second.empty()
			second.end()
		})
	})
	t.Run("with files that were being read", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			first := newBench(t)
			first.run()
			first.say("anna", "picture a")
			first.pass(time.Second)
			first.crash()
			second := first.beside("second")
			second.run()
			second.say("anna", "press help")
			second.pass(time.Minute)
			second.hears("anna", "reading 1", "re: press help", "after suspicious: inside a in place of #1")
			second.empty()
			second.end()
		})
	})
	t.Run("when the first one still lives, only after it", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			first := newBench(t)
			second := first.beside("second")
			first.talker.handle = func(context.Context, bot.Event) (bot.Answer, error) {
				time.Sleep(15 * time.Second) // longer than the claim lives unless it is renewed
				return bot.Answer{Replies: []bot.Reply{{Text: "first"}}}, nil
			}
			first.run()
			second.run()
			first.say("anna", "a")
			first.pass(time.Second)
			second.say("anna", "press b") // arrives at the second, which finds the chat taken
			second.pass(time.Minute)
			first.hears("anna", "first", "first")
			if second.talker.asked() != 0 {
				t.Error("both processes answered one chat at a time")
			}
			first.empty()
			second.empty()
			first.end()
			second.end()
		})
	})
}

func threeReplies(_ context.Context, e bot.Event) (bot.Answer, error) {
	words := wordsOf(e)
	return bot.Answer{Replies: []bot.Reply{{Text: "1 " + words}, {Text: "2 " + words}, {Text: "3 " + words}}}, nil
}

// A process that loses its claim, as after a long stop, says nothing more.
func TestALostClaimEndsTheWork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		first := newBench(t)
		second := first.beside("second")
		first.talker.handle = threeReplies
		second.talker.handle = threeReplies
		first.messenger.deliver = func(_ context.Context, _ string, r bot.Reply) error {
			if r.Text == "2 press a" && first.inbox.count("done") == 0 {
				first.inbox.fail("claim", errors.New("no connection")) // it can renew nothing
				if second.Dispatcher == nil {
					second.run()
				}
				time.Sleep(30 * time.Second)
			}
			return nil
		}
		first.run()
		first.say("anna", "press a")
		time.Sleep(40 * time.Second)
		first.inbox.fail("claim", nil)
		first.pass(time.Minute)
		heard := first.messenger.heard("anna")
		counts := map[string]int{}
		for _, s := range heard {
			counts[s]++
		}
		if counts["1 press a"] != 1 || counts["3 press a"] != 1 || counts["2 press a"] != 2 {
			t.Errorf("said %q: only the reply in flight may come twice", heard)
		}
		if first.observer.count("lost") != 1 {
			t.Errorf("%d lost, want 1", first.observer.count("lost"))
		}
		first.empty()
		first.end()
		second.end()
	})
}

func TestDrain(t *testing.T) {
	t.Run("what is in work is finished, the rest stays in the inbox", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			b := newBench(t)
			b.messenger.deliver = func(context.Context, string, bot.Reply) error {
				time.Sleep(2 * time.Second)
				return nil
			}
			b.run()
			b.say("anna", "press a")
			b.say("bota", "b")
			b.pass(100 * time.Millisecond)
			b.stop()
			synctest.Wait()
			if err := b.Accept(t.Context(), []dispatch.Update{b.update("anna", "late")}); !errors.Is(err, dispatch.ErrStopping) {
				t.Errorf("Accept while stopping: %v", err)
			}
			if err := b.Ready(); !errors.Is(err, dispatch.ErrStopping) {
				t.Errorf("Ready while stopping: %v", err)
			}
			if err := <-b.ended; err != nil {
				t.Error(err)
			}
			b.hears("anna", "re: press a")
			b.hears("bota")
			if b.inbox.left() != 1 || b.inbox.taken() != 0 {
				t.Errorf("%d left, %d chats taken; want 1 and 0", b.inbox.left(), b.inbox.taken())
			}
		})
	})
	t.Run("what takes too long is cut off and repeated later", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			b := newBench(t)
			b.cfg.DrainTime = 3 * time.Second
			b.talker.handle = threeReplies
			b.messenger.deliver = func(ctx context.Context, _ string, r bot.Reply) error {
				if r.Text[0] == '2' {
					<-ctx.Done()
					return ctx.Err()
				}
				return nil
			}
			b.run()
			b.say("anna", "press a")
			b.pass(time.Second)
			began := time.Now()
			b.end()
			if took := time.Since(began); took != 3*time.Second {
				t.Errorf("the drain took %v, want 3 s", took)
			}
			b.messenger.deliver = nil
			if b.inbox.taken() != 0 {
				t.Error("the chat is still taken")
			}
			next := b.beside("second")
			next.talker.handle = threeReplies
			next.run()
			next.pass(time.Second)
			next.hears("anna", "1 press a", "2 press a", "3 press a")
			next.empty()
			next.end()
		})
	})
	t.Run("files are read again at once", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			b := newBench(t)
			b.run()
			b.say("anna", "picture a")
			b.pass(time.Second)
			b.end()
			next := b.beside("second")
			next.run()
			next.pass(1100 * time.Millisecond)
			next.hears("anna", "reading 1", "after suspicious: inside a in place of #1")
			next.empty()
			next.end()
		})
	})
	t.Run("a dispatcher runs once", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			b := newBench(t)
			b.run()
			b.end()
			if err := b.Run(t.Context()); err == nil {
				t.Error("it ran twice")
			}
		})
	})
}

func TestAStoreThatFails(t *testing.T) {
	down := errors.New("disk full: chat SECRET")
	for _, operation := range []string{"claim", "pending", "advance", "done", "release", "waiting"} {
		t.Run(operation, func(t *testing.T) {
			inBubble(t, func(b *bench) { b.talker.handle = threeReplies }, func(b *bench) {
				b.inbox.fail(operation, down)
				b.say("anna", "press a")
				b.pass(9 * time.Second)
				if err := b.Ready(); err == nil {
					t.Error("it calls itself ready")
				}
				b.inbox.fail(operation, nil)
				b.pass(time.Minute)
				b.hears("anna", "1 press a", "2 press a", "3 press a")
				b.empty()
				if b.talker.asked() != 1 {
					t.Errorf("the bot was asked %d times", b.talker.asked())
				}
				if err := b.Ready(); err != nil {
					t.Errorf("it does not recover: %v", err)
				}
				if b.observer.count("store inbox") == 0 {
					t.Error("nobody is told")
				}
				if log := b.log.String(); len(log) == 0 || containsSecret(log) {
					t.Errorf("log:\n%s", log)
				}
			})
		})
	}
	t.Run("put", func(t *testing.T) {
		inBubble(t, nil, func(b *bench) {
			b.inbox.fail("put", down)
			u := b.update("anna", "press a")
			if err := b.Accept(b.t.Context(), []dispatch.Update{u}); !errors.Is(err, down) {
				t.Errorf("Accept: %v", err)
			}
			b.inbox.fail("put", nil)
			for range 2 { // delivered again, and once more
				if err := b.Accept(b.t.Context(), []dispatch.Update{u}); err != nil {
					t.Error(err)
				}
			}
			b.pass(time.Second)
			b.hears("anna", "re: press a")
			if b.observer.count("redelivered") != 1 {
				t.Errorf("%d redelivered, want 1", b.observer.count("redelivered"))
			}
		})
	})
}

func containsSecret(s string) bool {
	for i := range len(s) - 5 {
		if s[i:i+6] == "SECRET" {
			return true
		}
	}
	return false
}

func TestFull(t *testing.T) {
	inBubble(t, func(b *bench) {
		b.cfg.MaxWaiting = 5
		b.messenger.deliver = func(context.Context, string, bot.Reply) error {
			time.Sleep(time.Second)
			return nil
		}
	}, func(b *bench) {
		for i := range 5 {
			b.say(fmt.Sprint("chat", i), "a")
		}
		u := b.update("more", "a")
		if err := b.Accept(b.t.Context(), []dispatch.Update{u}); !errors.Is(err, dispatch.ErrFull) {
			t.Errorf("Accept: %v, want ErrFull", err)
		}
		if err := b.Ready(); !errors.Is(err, dispatch.ErrFull) {
			t.Errorf("Ready: %v, want ErrFull", err)
		}
		if chats, updates := b.Depth(); chats != 5 || updates != 5 {
			t.Errorf("depth %d, %d; want 5 and 5", chats, updates)
		}
		b.pass(2 * time.Second)
		if err := b.Accept(b.t.Context(), []dispatch.Update{u}); err != nil {
			t.Errorf("Accept when there is room again: %v", err)
		}
		b.pass(2 * time.Second)
		b.hears("more", "re: a")
		b.empty()
	})
}

// One worker has a long queue of messages: who presses a button comes first,
// but the others come, too.
func TestTheUrgentComeFirst(t *testing.T) {
	inBubble(t, func(b *bench) {
		b.cfg.Workers = 1
		b.cfg.Quiet = -1
		b.messenger.deliver = func(context.Context, string, bot.Reply) error {
			time.Sleep(time.Second)
			return nil
		}
	}, func(b *bench) {
		b.say("zero", "a")
		b.pass(0)
		for i := range 3 {
			b.say(fmt.Sprint("plain", i), "a")
		}
		for i := range 6 {
			b.say(fmt.Sprint("urgent", i), "press a")
		}
		b.say("plain2", "press too")
		b.pass(time.Minute)
		var order []string
		for _, s := range b.messenger.said {
			order = append(order, s.chat)
		}
		want := []string{"zero", "urgent0", "urgent1", "urgent2", "urgent3", "plain0", "urgent4", "urgent5", "plain2", "plain2", "plain1"}
		if diff := cmp.Diff(want, order); diff != "" {
			t.Errorf("order (-want +got):\n%s", diff)
		}
		b.empty()
	})
}

// A chat that never rests lets others have their turn.
func TestABusyChatDoesNotKeepAWorker(t *testing.T) {
	inBubble(t, func(b *bench) {
		b.cfg.Workers = 1
		b.cfg.UrgentRate = -1
		b.messenger.deliver = func(context.Context, string, bot.Reply) error {
			time.Sleep(time.Second)
			return nil
		}
	}, func(b *bench) {
		for i := range 100 {
			b.say("anna", fmt.Sprint("press ", i))
		}
		b.say("bota", "press b")
		b.pass(5 * time.Minute)
		if when := b.messenger.when("bota"); len(when) != 1 || when[0] > 10*time.Second {
			t.Errorf("the other chat was answered at %v", when)
		}
		if heard := b.messenger.heard("anna"); len(heard) != 100 || heard[0] != "re: press 0" || heard[99] != "re: press 99" {
			t.Errorf("the busy chat was answered out of order: %q", heard)
		}
	})
}

// A clock that was set back must not keep messages waiting.
func TestMessagesFromTheFuture(t *testing.T) {
	inBubble(t, nil, func(b *bench) {
		u := b.update("anna", "a")
		u.At = u.At.Add(time.Hour)
		if err := b.Accept(b.t.Context(), []dispatch.Update{u}); err != nil {
			t.Fatal(err)
		}
		b.pass(3 * time.Second)
		b.hears("anna", "re: a")
	})
}
