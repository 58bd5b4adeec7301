package dispatch_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aldanba/aldanba/bot"
	"github.com/aldanba/aldanba/bot/dispatch"
)

func (b *bench) hears(chat string, want ...string) {
	b.t.Helper()
	if diff := cmp.Diff(want, b.messenger.heard(chat)); diff != "" {
		b.t.Errorf("said to %s (-want +got):\n%s", chat, diff)
	}
}

func (b *bench) empty() {
	b.t.Helper()
	if n := b.inbox.left(); n != 0 {
		b.t.Errorf("%d records are left: %+v", n, b.inbox.chats)
	}
	if chats, updates := b.Depth(); chats != 0 || updates != 0 {
		b.t.Errorf("depth %d chats, %d updates; want none", chats, updates)
	}
}

func TestFilesAreReadAside(t *testing.T) {
	inBubble(t, nil, func(b *bench) {
		b.say("anna", "look")
		b.say("anna", "picture a.png b.png")
		b.say("anna", "what is it")
		b.pass(700 * time.Millisecond)
		b.say("anna", "press help")
		b.pass(100 * time.Millisecond)
		b.hears("anna", "reading 2", "re: press help")
		b.pass(10 * time.Second)
		b.hears("anna", "reading 2", "re: press help",
			"after suspicious: look+inside a.png+inside b.png+what is it in place of #1")
		if when := b.messenger.when("anna"); when[2] != 1500*time.Millisecond {
			t.Errorf("the answer came after %v, want 1.5 s", when[2])
		}
		if b.messenger.typed["anna"] == 0 {
			t.Error("typing was not shown")
		}
		for name, n := range map[string]int{"took read": 1, "took whole": 2, "reading": 1, "answered": 2} {
			if b.observer.count(name) != n {
				t.Errorf("%s: %d, want %d", name, b.observer.count(name), n)
			}
		}
		b.empty()
	})
}

func TestFilesThatAreNotRead(t *testing.T) {
	wait := func(ctx context.Context, _ bot.File) bot.Reading {
		<-ctx.Done()
		return bot.Reading{Gaps: []bot.Gap{bot.GapUnreadable}}
	}
	tests := map[string]struct {
		read    func(context.Context, bot.File) bot.Reading
		say     string
		want    string
		longest time.Duration
	}{
		"a file has ten seconds": {wait, "picture a.png",
			"after suspicious: unreadable in place of #1", 10500 * time.Millisecond},
		"a case has 25 seconds": {wait, "picture 1 2 3 4 5 6 7 8 9 10 11 12 13",
			"after suspicious: " + strings.TrimSuffix(strings.Repeat("unreadable+", 13), "+") + " in place of #1", 25500 * time.Millisecond},
		"a reader that panics": {func(_ context.Context, f bot.File) bot.Reading { panic(f.Name) }, "picture a.png",
			"after suspicious: unreadable in place of #1", 500 * time.Millisecond},
		"no more than twenty are read": {
			func(context.Context, bot.File) bot.Reading { return bot.Reading{Text: "x"} }, "picture" + strings.Repeat(" f", 22),
			"after suspicious: " + strings.Repeat("x+", 20) + "unreadable+unreadable in place of #1", 500 * time.Millisecond},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(b *bench) { b.reader.read = test.read }, func(b *bench) {
				b.say("anna", test.say)
				b.pass(time.Minute)
				if heard := b.messenger.heard("anna"); len(heard) != 2 || heard[1] != test.want {
					t.Errorf("said %q, want at last %q", heard, test.want)
				}
				if when := b.messenger.when("anna"); when[len(when)-1] > test.longest {
					t.Errorf("answered after %v, want at most %v", when, test.longest)
				}
				b.empty()
			})
		})
	}
}

func TestReadersAreBounded(t *testing.T) {
	var now, most atomic.Int32
	inBubble(t, func(b *bench) {
		b.reader.read = func(context.Context, bot.File) bot.Reading {
			most.Store(max(most.Load(), now.Add(1)))
			time.Sleep(time.Second)
			now.Add(-1)
			return bot.Reading{Text: "x"}
		}
	}, func(b *bench) {
		for i := range 20 {
			b.say(fmt.Sprint("chat", i), "picture a")
		}
		b.pass(time.Minute)
		if most.Load() != 4 {
			t.Errorf("%d files were read at a time, want 4", most.Load())
		}
		for i := range 20 {
			if heard := b.messenger.heard(fmt.Sprint("chat", i)); len(heard) != 2 {
				t.Errorf("chat %d heard %q", i, heard)
			}
		}
		b.empty()
	})
}

func TestAnAnswerAfterReadingIsTriedAgain(t *testing.T) {
	inBubble(t, func(b *bench) {
		b.messenger.deliver = failing(map[int]error{2: errNetwork, 3: &dispatch.RetryError{After: 40 * time.Second}})
	}, func(b *bench) {
		b.say("anna", "picture a")
		b.pass(5 * time.Second)
		b.say("anna", "press help") // is not kept back by what is read aside
		b.pass(time.Minute)
		b.hears("anna", "reading 1", "re: press help", "after suspicious: inside a in place of #1")
		if b.talker.asked() != 3 {
			t.Errorf("the bot was asked %d times, want 3", b.talker.asked())
		}
		b.empty()
	})
}

// What can no longer be replaced is said anew.
func TestARefusedReplacementIsSent(t *testing.T) {
	inBubble(t, func(b *bench) {
		b.messenger.deliver = failing(map[int]error{2: dispatch.ErrRefused})
	}, func(b *bench) {
		b.say("anna", "picture a")
		b.pass(5 * time.Second)
		b.hears("anna", "reading 1", "after suspicious: inside a")
		b.empty()
	})
}

func TestCasesWaitForConsent(t *testing.T) {
	t.Run("and go on with it", func(t *testing.T) {
		inBubble(t, nil, func(b *bench) {
			b.say("anna", "voice a")
			b.pass(time.Second)
			b.say("anna", "voice b")
			b.pass(time.Minute)
			b.say("anna", "hello")
			b.pass(time.Minute)
			first := []string{
				"reading 1", "after suspicious: ask_voice in place of #1",
				"reading 1", "after suspicious: ask_voice in place of #3", "re: hello",
			}
			b.hears("anna", first...)
			if chats, updates := b.Depth(); b.inbox.left() != 2 || chats != 0 || updates != 0 {
				t.Errorf("%d left, depth %d %d; want 2 that do not count as waiting", b.inbox.left(), chats, updates)
			}
			b.say("anna", "press yes")
			b.pass(5 * time.Second)
			heard := b.messenger.heard("anna")
			slices.Sort(heard[6:]) // they are read side by side
			want := append(first, "re: press yes",
				"after suspicious: inside a in place of #1", "after suspicious: inside b in place of #3")
			if diff := cmp.Diff(want, heard); diff != "" {
				t.Errorf("said (-want +got):\n%s", diff)
			}
			b.empty()
		})
	})
	t.Run("given while the file was looked at", func(t *testing.T) {
		inBubble(t, nil, func(b *bench) {
			b.reader.read = func(context.Context, bot.File) bot.Reading {
				b.reader.read = nil
				b.talker.agree("anna")
				return bot.Reading{Gaps: []bot.Gap{bot.GapAskVoice}}
			}
			b.say("anna", "voice a")
			b.pass(time.Minute)
			b.hears("anna", "reading 1", "after suspicious: inside a in place of #1")
			b.empty()
		})
	})
	t.Run("until the person is forgotten", func(t *testing.T) {
		inBubble(t, nil, func(b *bench) {
			b.say("anna", "voice a")
			b.pass(5 * time.Second)
			b.say("anna", "picture b")
			b.pass(700 * time.Millisecond)
			b.say("anna", "press forget")
			b.pass(time.Minute)
			b.hears("anna", "reading 1", "after suspicious: ask_voice in place of #1", "reading 1", "re: press forget")
			if b.observer.count("drop erased") != 2 {
				t.Errorf("%d dropped, want 2", b.observer.count("drop erased"))
			}
			b.empty()
		})
	})
	t.Run("and who is forgotten hears of it, although the inbox has forgotten them", func(t *testing.T) {
		inBubble(t, func(b *bench) {
			b.messenger.deliver = failing(map[int]error{1: errNetwork, 2: &dispatch.RetryError{After: time.Minute}})
			b.talker.handle = func(ctx context.Context, e bot.Event) (bot.Answer, error) {
				b.inbox.forget(ctx, e.Person)
				return bot.Answer{Erased: true, Replies: []bot.Reply{{Text: "forgotten"}}}, nil
			}
		}, func(b *bench) {
			b.say("anna", "press forget")
			b.pass(2 * time.Minute)
			b.hears("anna", "forgotten")
			if b.talker.asked() != 1 {
				t.Errorf("the bot was asked %d times", b.talker.asked())
			}
			b.empty()
		})
	})
	t.Run("and a reader that goes on all the same is not listened to", func(t *testing.T) {
		inBubble(t, func(b *bench) {
			b.reader.read = func(context.Context, bot.File) bot.Reading {
				time.Sleep(5 * time.Second)
				return bot.Reading{Text: "late"}
			}
		}, func(b *bench) {
			b.say("anna", "picture a")
			b.pass(time.Second)
			b.say("anna", "press forget")
			b.pass(3 * time.Second)
			b.talker.handle = func(context.Context, bot.Event) (bot.Answer, error) {
				time.Sleep(5 * time.Second)
				return bot.Answer{Replies: []bot.Reply{{Text: "slow"}}}, nil
			}
			b.say("anna", "press again")
			b.pass(time.Minute)
			b.hears("anna", "reading 1", "re: press forget", "slow")
			b.empty()
		})
	})
	t.Run("no more than there is room for", func(t *testing.T) {
		inBubble(t, func(b *bench) { b.cfg.PersonRate = -1 }, func(b *bench) {
			for i := range 80 {
				b.say("anna", fmt.Sprint("voice ", i))
				b.pass(time.Second)
			}
			b.pass(time.Minute)
			if b.inbox.left() != 64 || b.observer.count("drop held") != 16 {
				t.Errorf("%d left, %d dropped; want 64 and 16", b.inbox.left(), b.observer.count("drop held"))
			}
			b.say("anna", "hello")
			b.pass(time.Second)
			if heard := b.messenger.heard("anna"); heard[len(heard)-1] != "re: hello" {
				t.Errorf("last heard %q", heard[len(heard)-1])
			}
		})
	})
	t.Run("for two hours", func(t *testing.T) {
		inBubble(t, nil, func(b *bench) {
			b.say("anna", "voice a")
			b.pass(2*time.Hour + 2*time.Minute)
			if b.observer.count("drop old") != 1 {
				t.Errorf("%d dropped as old, want 1", b.observer.count("drop old"))
			}
			b.empty()
		})
	})
}
