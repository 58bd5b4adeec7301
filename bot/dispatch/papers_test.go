package dispatch_test

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aldanba/aldanba/bot"
	"github.com/aldanba/aldanba/bot/dispatch"
)

// maker makes a letter and a pack, for which it fetches a file and takes two
// seconds.
type maker struct {
	make func(ctx context.Context) error // nil: as above

	mu        sync.Mutex
	making    int
	most      int // that were made or held at one time
	delivered []string
}

func (m *maker) Make(ctx context.Context, person string, fetch bot.Fetcher) (bot.Papers, error) {
	m.mu.Lock()
	m.making++
	m.most = max(m.most, m.making)
	m.mu.Unlock()
	defer func() {
		m.mu.Lock()
		m.making--
		m.mu.Unlock()
	}()
	if m.make != nil {
		if err := m.make(ctx); err != nil {
			return bot.Papers{}, err
		}
	}
	select {
	case <-time.After(2 * time.Second):
	case <-ctx.Done():
		return bot.Papers{}, ctx.Err()
	}
	body, err := fetch(ctx, bot.File{Ref: "original"})
	if err != nil {
		return bot.Papers{}, err
	}
	defer body.Close()
	data, err := io.ReadAll(body)
	file := []bot.Attachment{{Name: "a.zip", Data: data}}
	return bot.Papers{Replies: []bot.Reply{
		{Text: "letter of " + person, Attached: file, Instead: "no letter"}, {Text: string(data), Attached: file, Instead: "no pack"}, {Text: "hand in"},
	}}, err
}

func (m *maker) Delivered(_ context.Context, person string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.delivered = append(m.delivered, person)
	return nil
}

func (m *maker) to() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.delivered)
}

// writes makes the conversation one that makes papers.
func writes(b *bench) *maker {
	m := &maker{}
	b.cfg.Maker = m
	b.talker.handle = func(_ context.Context, e bot.Event) (bot.Answer, error) {
		switch {
		case e.Choice == "make":
			return bot.Answer{Replies: []bot.Reply{{Text: "making"}}, Making: true}, nil
		case e.Made != nil && len(e.Made.Replies) == 0:
			return bot.Answer{Replies: []bot.Reply{{Text: "no papers"}}}, nil
		case e.Made != nil:
			return bot.Answer{Replies: e.Made.Replies, Handed: true}, nil
		}
		return b.talker.answer(e, wordsOf(e)), nil
	}
	return m
}

var allPapers = []string{"letter of anna", "inside original", "hand in"}

func TestPapersAreMadeAsideAndTheirDeliveryIsTold(t *testing.T) {
	var m *maker
	inBubble(t, func(b *bench) { m = writes(b) }, func(b *bench) {
		b.say("anna", "press make")
		b.pass(time.Second)
		b.say("anna", "press help") // nobody waits for papers
		b.pass(100 * time.Millisecond)
		b.hears("anna", "making", "re: press help")
		b.pass(10 * time.Second)
		b.hears("anna", append([]string{"making", "re: press help"}, allPapers...)...)
		if got := m.to(); !slices.Equal(got, []string{"anna"}) {
			t.Errorf("delivered to %v", got)
		}
		if b.messenger.typed["anna"] == 0 {
			t.Error("typing was not shown")
		}
		b.empty()
	})
}

func TestPapersThatCannotBeMade(t *testing.T) {
	for name, fail := range map[string]func(context.Context) error{
		"an error": func(context.Context) error { return errors.New("secret words") },
		"a panic":  func(context.Context) error { panic("secret words") },
		"too long": func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() },
	} {
		t.Run(name, func(t *testing.T) {
			var m *maker
			inBubble(t, func(b *bench) { m = writes(b); m.make = fail }, func(b *bench) {
				b.say("anna", "press make")
				b.pass(10 * time.Minute)
				b.hears("anna", "making", "no papers")
				if got := m.to(); got != nil {
					t.Errorf("delivered to %v", got)
				}
				if strings.Contains(b.log.String(), "secret words") {
					t.Errorf("the log tells words: %s", b.log)
				}
				b.empty()
			})
		})
	}
}

func TestAFileThatIsRefusedIsSaidAndNotTakenForDelivered(t *testing.T) {
	var m *maker
	inBubble(t, func(b *bench) {
		m = writes(b)
		b.messenger.deliver = failing(map[int]error{3: dispatch.ErrRefused})
	}, func(b *bench) {
		b.say("anna", "press make")
		b.pass(time.Minute)
		b.hears("anna", "making", "letter of anna", "no pack", "hand in")
		if got := m.to(); got != nil {
			t.Errorf("delivered to %v", got)
		}
		b.empty()
	})
}

func TestPapersAreSentAgainWhereTheLineFailed(t *testing.T) {
	var m *maker
	inBubble(t, func(b *bench) {
		m = writes(b)
		b.messenger.deliver = failing(map[int]error{3: errNetwork, 4: &dispatch.RetryError{After: 20 * time.Minute}})
	}, func(b *bench) {
		b.say("anna", "press make")
		b.pass(time.Hour)
		b.hears("anna", append([]string{"making"}, allPapers...)...)
		if got := m.to(); !slices.Equal(got, []string{"anna"}) {
			t.Errorf("delivered to %v", got)
		}
		b.empty()
	})
}

func TestAnotherProcessMakesThePapersOfADeadOne(t *testing.T) {
	for name, after := range map[string]time.Duration{"while they are made": time.Second, "before they are asked for": 0} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				first := newBench(t)
				writes(first)
				first.run()
				first.say("anna", "press make")
				if after > 0 {
					first.pass(after)
				}
				first.crash()
				second := first.beside("second")
				m := writes(second)
				second.run()
				second.pass(time.Minute)
				second.hears("anna", append([]string{"making"}, allPapers...)...)
				if got := m.to(); !slices.Equal(got, []string{"anna"}) {
					t.Errorf("delivered to %v", got)
				}
				second.empty()
				second.end()
			})
		})
	}
}

func TestWhoIsForgottenGetsNoPapers(t *testing.T) {
	var m *maker
	inBubble(t, func(b *bench) { m = writes(b) }, func(b *bench) {
		b.say("anna", "press make")
		b.pass(time.Second)
		b.say("anna", "press forget")
		b.pass(time.Minute)
		b.hears("anna", "making", "re: press forget")
		if got := m.to(); got != nil {
			t.Errorf("delivered to %v", got)
		}
		b.empty()
	})
}

// Papers take up memory until they are sent: a chat that takes nothing must
// not keep others from theirs for ever.
func TestOnlySoManyPapersAreHeld(t *testing.T) {
	var m *maker
	inBubble(t, func(b *bench) {
		m = writes(b)
		b.cfg.Makers = 1
		b.messenger.deliver = func(_ context.Context, chat string, r bot.Reply) error {
			if chat == "stuck" && len(r.Attached) > 0 {
				return &dispatch.RetryError{After: 30 * time.Minute}
			}
			return nil
		}
	}, func(b *bench) {
		b.say("stuck", "press make")
		b.pass(30 * time.Second)
		b.say("anna", "press make")
		b.pass(10 * time.Second)
		b.hears("anna", "making")
		b.pass(6 * time.Minute)
		b.hears("anna", append([]string{"making"}, allPapers...)...)
		if m.most != 1 {
			t.Errorf("%d were made side by side", m.most)
		}
	})
}
