package dispatch_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aldanba/aldanba/bot"
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
			second.pass(20 * time.Second)
			second.hears("anna", "reading 1", "re: press help", "after suspicious: inside a in place of #1")
			second.empty()
			second.end()
		})
	})
	t.Run("with files that were being read, at once where there is no other process", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			first := newBench(t)
			first.run()
			first.say("anna", "picture a")
			first.pass(time.Second)
			first.crash()
			again := first.beside("first")
			again.cfg.Alone = true
			again.run()
			again.pass(3 * time.Second)
			again.hears("anna", "reading 1", "after suspicious: inside a in place of #1")
			again.empty()
			again.end()
		})
	})
	t.Run("but leaves files to the one that reads them", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			first := newBench(t)
			second := first.beside("second")
			read := 0
			first.reader.read = func(context.Context, bot.File) bot.Reading {
				read++
				time.Sleep(9 * time.Second) // longer than it is left alone unless that is renewed
				return bot.Reading{Text: "read once"}
			}
			second.reader.read = first.reader.read
			first.run()
			first.say("anna", "picture a")
			first.pass(time.Second)
			second.run()
			second.say("anna", "press help")
			second.pass(time.Minute)
			if read != 1 {
				t.Errorf("the file was read %d times", read)
			}
			first.hears("anna", "reading 1", "re: press help", "after suspicious: read once in place of #1")
			first.empty()
			second.empty()
			first.end()
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
