package dispatch_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aldanba/aldanba/bot"
	"github.com/aldanba/aldanba/bot/dispatch"
)

// failing makes the calls with these numbers (from 1) fail.
func failing(errs map[int]error) func(context.Context, string, bot.Reply) error {
	n := 0
	return func(context.Context, string, bot.Reply) error {
		n++
		return errs[n]
	}
}

var errNetwork = errors.New("connection reset: https://messenger.invalid/bot123:SECRET/send")

func TestRepliesThatCannotBeSent(t *testing.T) {
	tests := map[string]struct {
		say     string
		errs    map[int]error
		want    []string
		handled int
		longest time.Duration // until the last reply
		count   map[string]int
	}{
		"a failure is tried again and the bot is not asked twice": {
			say: "a", errs: map[int]error{1: errNetwork}, want: []string{"re: a"}, handled: 1, longest: 2 * time.Second,
			count: map[string]int{"send other": 1, "postponed": 1, "answered": 1}},
		"many failures": {
			say: "a", errs: map[int]error{1: errNetwork, 2: errNetwork, 3: errNetwork, 4: errNetwork}, want: []string{"re: a"}, handled: 1, longest: 16 * time.Second,
			count: map[string]int{"send other": 4, "postponed": 4, "answered": 1}},
		"the messenger says when": {
			say: "a", errs: map[int]error{1: &dispatch.RetryError{After: 30 * time.Second}}, want: []string{"re: a"}, handled: 1, longest: 31 * time.Second,
			count: map[string]int{"send retry": 1}},
		"what was sent is not sent again": {
			say: "two a", errs: map[int]error{2: errNetwork}, want: []string{"1 two a", "2 two a"}, handled: 1, longest: 2 * time.Second,
			count: map[string]int{"send other": 1}},
		"a refused reply does not hold up the next": {
			say: "two a", errs: map[int]error{1: dispatch.ErrRefused}, want: []string{"2 two a"}, handled: 1, longest: time.Second,
			count: map[string]int{"send refused": 1, "answered": 1}},
		"all refused": {
			say: "a", errs: map[int]error{1: dispatch.ErrRefused}, handled: 1,
			count: map[string]int{"refused": 1}},
		"the chat is gone": {
			say: "two a", errs: map[int]error{1: dispatch.ErrGone}, handled: 1,
			count: map[string]int{"gone": 1, "drop gone": 1}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(b *bench) { b.messenger.deliver = failing(test.errs) }, func(b *bench) {
				b.say("anna", test.say)
				b.pass(5 * time.Minute)
				if diff := cmp.Diff(test.want, b.messenger.heard("anna")); diff != "" {
					t.Errorf("said (-want +got):\n%s", diff)
				}
				for _, at := range b.messenger.when("anna") {
					if at > test.longest {
						t.Errorf("answered after %v, want at most %v", at, test.longest)
					}
				}
				if b.talker.asked() != test.handled {
					t.Errorf("the bot was asked %d times, want %d", b.talker.asked(), test.handled)
				}
				for name, n := range test.count {
					if b.observer.count(name) != n {
						t.Errorf("%s: %d, want %d", name, b.observer.count(name), n)
					}
				}
				if n := b.inbox.left(); n != 0 {
					t.Errorf("%d records are left", n)
				}
				if strings.Contains(b.log.String(), "SECRET") {
					t.Errorf("the log tells a token:\n%s", b.log)
				}
			})
		})
	}
}

// A pause that the messenger asks for is kept, however often the person writes.
func TestAPauseIsKept(t *testing.T) {
	inBubble(t, func(b *bench) {
		b.messenger.deliver = failing(map[int]error{1: &dispatch.RetryError{After: 20 * time.Second}})
	}, func(b *bench) {
		for range 5 {
			b.say("anna", "press help")
			b.pass(time.Second)
		}
		b.pass(time.Minute)
		if when := b.messenger.when("anna"); len(when) != 5 || when[0] < 20*time.Second {
			t.Errorf("answers at %v, want five after 20 s", when)
		}
	})
}

// One reply that never works must not keep the others of its chat back for
// two hours, nor be tried longer than that.
func TestOthersOvertakeACaseThatKeepsFailing(t *testing.T) {
	inBubble(t, func(b *bench) {
		b.messenger.deliver = func(_ context.Context, _ string, r bot.Reply) error {
			if r.Text == "re: bad" {
				return errNetwork
			}
			return nil
		}
	}, func(b *bench) {
		b.say("anna", "bad")
		b.pass(600 * time.Millisecond)
		b.say("anna", "press help")
		b.pass(30 * time.Second)
		if diff := cmp.Diff([]string{"re: press help"}, b.messenger.heard("anna")); diff != "" {
			t.Errorf("said (-want +got):\n%s", diff)
		}
		if b.inbox.left() != 1 {
			t.Errorf("%d records are left, want the one that fails", b.inbox.left())
		}
		b.pass(2*time.Hour + 10*time.Minute)
		if b.inbox.left() != 0 || b.observer.count("drop old") != 1 {
			t.Errorf("%d records left, %d dropped as old; want 0 and 1", b.inbox.left(), b.observer.count("drop old"))
		}
	})
}

func TestGoneChatsAreToldAndEverythingOfThemIsDropped(t *testing.T) {
	var gone []string
	inBubble(t, func(b *bench) {
		b.messenger.deliver = failing(map[int]error{1: errNetwork, 2: dispatch.ErrGone})
		b.cfg.Gone = func(_ context.Context, chat string) error {
			gone = append(gone, chat)
			return errors.New("not remembered")
		}
	}, func(b *bench) {
		b.say("anna", "press a")
		b.say("anna", "press b")
		b.pass(time.Minute)
		if len(gone) != 1 || gone[0] != "anna" || b.inbox.left() != 0 || b.observer.count("drop gone") != 2 {
			t.Errorf("gone %v, %d left, %d dropped; want anna, 0, 2", gone, b.inbox.left(), b.observer.count("drop gone"))
		}
		b.say("anna", "press again") // they are back
		b.pass(time.Second)
		if diff := cmp.Diff([]string{"re: press again"}, b.messenger.heard("anna")); diff != "" {
			t.Errorf("said (-want +got):\n%s", diff)
		}
	})
}

func TestFaultsEndWithAnApology(t *testing.T) {
	t.Run("the bot panics", func(t *testing.T) {
		inBubble(t, nil, func(b *bench) {
			b.say("anna", "panic card 4242 4242 4242 4242")
			b.pass(600 * time.Millisecond)
			b.say("anna", "press help")
			b.pass(time.Minute)
			if diff := cmp.Diff([]string{"sorry", "re: press help"}, b.messenger.heard("anna")); diff != "" {
				t.Errorf("said (-want +got):\n%s", diff)
			}
			if b.talker.asked() != 3 || b.observer.count("panic handle") != 2 || b.observer.count("broken") != 1 {
				t.Errorf("asked %d, panics %d, broken %d", b.talker.asked(), b.observer.count("panic handle"), b.observer.count("broken"))
			}
			if log := b.log.String(); strings.Contains(log, "4242") || !strings.Contains(log, "dispatch_test.(*talker)") {
				t.Errorf("the log is to name the place and not the words:\n%s", log)
			}
		})
	})
	t.Run("the messenger panics", func(t *testing.T) {
		inBubble(t, func(b *bench) {
			b.messenger.deliver = func(_ context.Context, _ string, r bot.Reply) error {
				if r.Text != "sorry" {
					panic(r.Text)
				}
				return nil
			}
		}, func(b *bench) {
			b.say("anna", "a")
			b.pass(time.Minute)
			if diff := cmp.Diff([]string{"sorry"}, b.messenger.heard("anna")); diff != "" {
				t.Errorf("said (-want +got):\n%s", diff)
			}
		})
	})
	t.Run("the update is not understood", func(t *testing.T) {
		inBubble(t, nil, func(b *bench) {
			b.say("anna", "broken words")
			b.pass(time.Minute)
			if diff := cmp.Diff([]string{"sorry"}, b.messenger.heard("anna")); diff != "" {
				t.Errorf("said (-want +got):\n%s", diff)
			}
			if b.inbox.left() != 0 || strings.Contains(b.log.String(), "broken words") {
				t.Errorf("%d left; log:\n%s", b.inbox.left(), b.log)
			}
		})
	})
	t.Run("even the apology fails", func(t *testing.T) {
		inBubble(t, func(b *bench) {
			b.messenger.deliver = failing(map[int]error{1: errNetwork})
		}, func(b *bench) {
			b.say("anna", "panic")
			b.pass(time.Minute)
			if diff := cmp.Diff([]string{"sorry"}, b.messenger.heard("anna")); diff != "" {
				t.Errorf("said (-want +got):\n%s", diff)
			}
		})
	})
}

// When the memory fails the answer is good all the same.
func TestAnAnswerWithoutMemoryIsSent(t *testing.T) {
	inBubble(t, func(b *bench) {
		b.talker.handle = func(context.Context, bot.Event) (bot.Answer, error) {
			return bot.Answer{Replies: []bot.Reply{{Text: "careful"}}}, errors.New("disk full, session of SECRET")
		}
	}, func(b *bench) {
		b.say("anna", "a")
		b.pass(time.Second)
		if diff := cmp.Diff([]string{"careful"}, b.messenger.heard("anna")); diff != "" {
			t.Errorf("said (-want +got):\n%s", diff)
		}
		if b.observer.count("store memory") != 1 || strings.Contains(b.log.String(), "SECRET") {
			t.Errorf("observed %d; log:\n%s", b.observer.count("store memory"), b.log)
		}
	})
}

func TestButtonsAreAcknowledgedOnce(t *testing.T) {
	inBubble(t, func(b *bench) { b.messenger.deliver = failing(map[int]error{1: errNetwork}) }, func(b *bench) {
		b.say("anna", "press help")
		b.pass(time.Minute)
		if diff := cmp.Diff([]string{"first:1"}, b.messenger.answered); diff != "" {
			t.Errorf("acknowledged (-want +got):\n%s", diff)
		}
	})
}

func TestSlowAnswersShowTyping(t *testing.T) {
	inBubble(t, func(b *bench) {
		b.talker.handle = func(_ context.Context, e bot.Event) (bot.Answer, error) {
			if e.Choice == "slow" {
				time.Sleep(9 * time.Second)
			}
			return bot.Answer{Replies: []bot.Reply{{Text: "done"}}}, nil
		}
	}, func(b *bench) {
		b.say("anna", "press slow")
		b.say("bota", "press quick")
		b.pass(time.Minute)
		if b.messenger.typed["anna"] != 3 || b.messenger.typed["bota"] != 0 {
			t.Errorf("typing shown %v, want three times to anna", b.messenger.typed)
		}
	})
}

func TestRates(t *testing.T) {
	limits := func(b *bench) { b.cfg.PersonRate, b.cfg.UrgentRate, b.cfg.ChatRate = 3, 5, 4 }
	t.Run("who writes too much hears it once, and buttons still work", func(t *testing.T) {
		inBubble(t, limits, func(b *bench) {
			for i := range 8 {
				b.say("anna", fmt.Sprint("edit ", i))
			}
			b.say("anna", "press help")
			b.pass(time.Second)
			want := []string{"re: edited+0", "re: edited+1", "re: edited+2", "busy", "re: press help"}
			if diff := cmp.Diff(want, b.messenger.heard("anna")); diff != "" {
				t.Errorf("said (-want +got):\n%s", diff)
			}
			if b.observer.count("drop rate") != 5 || b.observer.count("limited") != 5 || b.inbox.left() != 0 {
				t.Errorf("dropped %d, limited %d, left %d", b.observer.count("drop rate"), b.observer.count("limited"), b.inbox.left())
			}
			b.pass(25 * time.Second)
			b.say("anna", "edit later")
			b.pass(time.Second)
			if heard := b.messenger.heard("anna"); heard[len(heard)-1] != "re: edited+later" {
				t.Errorf("a while later they are not heard again: %q", heard)
			}
		})
	})
	t.Run("persons of one chat have a rate together", func(t *testing.T) {
		inBubble(t, func(b *bench) {
			limits(b)
			n := 0
			b.messenger.person = func(string) string { n++; return fmt.Sprint("person", n) }
		}, func(b *bench) {
			for i := range 6 {
				b.say("group", fmt.Sprint("edit ", i))
			}
			b.pass(time.Second)
			answers := 0
			for _, s := range b.messenger.heard("group") {
				if s != "busy" {
					answers++
				}
			}
			if answers != 4 {
				t.Errorf("%d answers, want 4", answers)
			}
		})
	})
	t.Run("limits that fail are replaced", func(t *testing.T) {
		inBubble(t, func(b *bench) {
			limits(b)
			b.cfg.Limits = brokenLimits{}
		}, func(b *bench) {
			for i := range 5 {
				b.say("anna", fmt.Sprint("edit ", i))
			}
			b.pass(time.Second)
			want := []string{"re: edited+0", "re: edited+1", "re: edited+2", "busy"}
			if diff := cmp.Diff(want, b.messenger.heard("anna")); diff != "" {
				t.Errorf("said (-want +got):\n%s", diff)
			}
			if b.observer.count("store limits") == 0 {
				t.Error("nobody is told")
			}
		})
	})
	t.Run("a case is counted once, however often it is tried", func(t *testing.T) {
		inBubble(t, func(b *bench) {
			b.cfg.PersonRate = 1
			b.messenger.deliver = failing(map[int]error{1: errNetwork, 2: errNetwork})
		}, func(b *bench) {
			b.say("anna", "a")
			b.pass(time.Minute)
			if diff := cmp.Diff([]string{"re: a"}, b.messenger.heard("anna")); diff != "" {
				t.Errorf("said (-want +got):\n%s", diff)
			}
		})
	})
}

type brokenLimits struct{}

func (brokenLimits) Strike(context.Context, string) error { return errors.New("limits are broken") }
func (brokenLimits) Strikes(context.Context, string) (int, error) {
	return 0, errors.New("limits are broken")
}

func (brokenLimits) Allow(context.Context, string, int, time.Duration) (time.Duration, error) {
	return 0, errors.New("limits are broken")
}
