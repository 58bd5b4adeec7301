package dispatch_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aldanba/aldanba/bot"
	"github.com/aldanba/aldanba/bot/dispatch"
)

func TestDrain(t *testing.T) {
	t.Run("what is in work is finished, the rest stays in the inbox", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			b := newBench(t)
			b.messenger.deliver = slow(2 * time.Second)
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
			more := false
			inBubble(t, func(b *bench) {
				b.talker.handle = func(ctx context.Context, e bot.Event) (bot.Answer, error) {
					if !more { // comes while the first is answered
						more = true
						b.say("anna", "press b")
					}
					return threeReplies(ctx, e)
				}
			}, func(b *bench) {
				b.inbox.fail(operation, down)
				b.say("anna", "press a")
				b.pass(9 * time.Second)
				if err := b.Ready(); err == nil {
					t.Error("it calls itself ready")
				}
				b.inbox.fail(operation, nil)
				b.pass(time.Minute)
				b.hears("anna", "1 press a", "2 press a", "3 press a", "1 press b", "2 press b", "3 press b")
				b.empty()
				if b.talker.asked() != 2 {
					t.Errorf("the bot was asked %d times", b.talker.asked())
				}
				if err := b.Ready(); err != nil {
					t.Errorf("it does not recover: %v", err)
				}
				if b.observer.count("store inbox") == 0 {
					t.Error("nobody is told")
				}
				if log := b.log.String(); len(log) == 0 || strings.Contains(log, "SECRET") {
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
