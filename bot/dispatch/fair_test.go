package dispatch_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aldanba/aldanba/bot"
	"github.com/aldanba/aldanba/bot/dispatch"
)

// slow makes every reply take a while.
func slow(d time.Duration) func(context.Context, string, bot.Reply) error {
	return func(context.Context, string, bot.Reply) error {
		time.Sleep(d)
		return nil
	}
}

func TestFull(t *testing.T) {
	inBubble(t, func(b *bench) {
		b.cfg.MaxWaiting = 5
		b.messenger.deliver = slow(time.Second)
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
		b.messenger.deliver = slow(time.Second)
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
		b.messenger.deliver = slow(time.Second)
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
