package dispatch_test

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aldanba/aldanba/bot"
	"github.com/aldanba/aldanba/bot/dispatch"
)

// doubting gives verdicts that a judge is to be asked about. A caption before
// the verdict shows that the right reply is replaced.
func doubting(t *talker) func(context.Context, bot.Event) (bot.Answer, error) {
	return func(_ context.Context, e bot.Event) (bot.Answer, error) {
		words := wordsOf(e)
		answer := t.answer(e, words)
		switch {
		case e.Choice != "" || answer.Reading:
		case e.Earlier != nil && e.Earlier.Judged:
			opinion := "none"
			if e.Earlier.Opinion != nil {
				opinion = string(e.Earlier.Opinion.Level)
			}
			answer.Replies[0].Text = "judged " + opinion + ", before " + string(e.Earlier.Level) + ": " + words
		default:
			answer.Judging = true
			replace := e.Earlier != nil
			answer.Replies = []bot.Reply{{Text: "note"}, {Text: "checking " + words, Verdict: true, Replace: replace}}
		}
		return answer, nil
	}
}

// takesTwoSeconds is a judge that takes two seconds.
func takesTwoSeconds(ctx context.Context, e bot.Event) *bot.Opinion {
	select {
	case <-time.After(2 * time.Second):
		return &bot.Opinion{Level: "scam"}
	case <-ctx.Done():
		return nil
	}
}

func doubts(b *bench) { b.talker.handle, b.talker.opinion = doubting(b.talker), takesTwoSeconds }

func TestAJudgeIsHeardAside(t *testing.T) {
	inBubble(t, doubts, func(b *bench) {
		b.say("anna", "letter")
		b.pass(600 * time.Millisecond)
		b.hears("anna", "note", "checking letter")
		b.say("anna", "press help") // nobody waits for the judge
		b.pass(100 * time.Millisecond)
		b.hears("anna", "note", "checking letter", "re: press help")
		b.pass(10 * time.Second)
		b.hears("anna", "note", "checking letter", "re: press help", "judged scam, before suspicious: letter in place of #2")
		for name, n := range map[string]int{"took judge": 1, "took whole": 2, "judging": 1, "answered": 2} {
			if b.observer.count(name) != n {
				t.Errorf("%s: %d, want %d", name, b.observer.count(name), n)
			}
		}
		b.empty()
	})
}

func TestAJudgeIsHeardAfterFilesAreRead(t *testing.T) {
	inBubble(t, doubts, func(b *bench) {
		b.say("anna", "picture a.png")
		b.pass(10 * time.Second)
		b.hears("anna", "reading 1", "note", "checking inside a.png in place of #1", "judged scam, before suspicious: inside a.png in place of #1")
		b.empty()
	})
}

func TestAVerdictStandsWithoutAnOpinion(t *testing.T) {
	for name, judge := range map[string]func(context.Context, bot.Event) *bot.Opinion{
		"nothing to say": func(context.Context, bot.Event) *bot.Opinion { return nil },
		"panic":          func(context.Context, bot.Event) *bot.Opinion { panic("a judge") },
		"never": func(ctx context.Context, _ bot.Event) *bot.Opinion {
			<-ctx.Done()
			return nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(b *bench) { doubts(b); b.talker.opinion = judge }, func(b *bench) {
				b.say("anna", "letter")
				b.pass(time.Minute)
				b.hears("anna", "note", "checking letter", "judged none, before suspicious: letter in place of #2")
				b.empty()
			})
		})
	}
}

func TestJudgesAreBounded(t *testing.T) {
	now, most := 0, 0
	inBubble(t, func(b *bench) {
		doubts(b)
		b.cfg.Judges = 1
		b.talker.opinion = func(ctx context.Context, e bot.Event) *bot.Opinion {
			now++
			most = max(most, now)
			defer func() { now-- }()
			return takesTwoSeconds(ctx, e)
		}
	}, func(b *bench) {
		for _, chat := range []string{"anna", "bota", "vera"} {
			b.say(chat, "letter")
		}
		b.pass(time.Minute)
		if most != 1 || b.observer.count("answered") != 3 {
			t.Errorf("%d at a time, %d answered", most, b.observer.count("answered"))
		}
		b.empty()
	})
}

func TestAJudgeIsAskedAgainAfterACrash(t *testing.T) {
	for _, said := range []string{"letter", "picture a.png"} {
		t.Run(said, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				first := newBench(t)
				doubts(first)
				first.talker.opinion = func(ctx context.Context, _ bot.Event) *bot.Opinion { <-ctx.Done(); return nil }
				first.run()
				first.say("anna", said)
				first.pass(3 * time.Second)
				before := first.messenger.heard("anna")
				first.crash()
				second := first.beside("second")
				doubts(second)
				second.run()
				second.pass(2 * time.Minute)
				after := second.messenger.heard("anna")
				if len(after) != len(before)+1 || !slices.Equal(after[:len(before)], before) || after[len(before)][:12] != "judged scam," {
					t.Errorf("said %q, after the crash %q", before, after)
				}
				second.empty()
				second.end()
			})
		})
	}
}

func TestWhoIsForgottenIsNotJudged(t *testing.T) {
	inBubble(t, doubts, func(b *bench) {
		b.say("anna", "letter")
		b.pass(time.Second)
		b.say("anna", "press forget")
		b.pass(time.Minute)
		b.hears("anna", "note", "checking letter", "re: press forget")
		b.empty()
	})
}

var _ dispatch.Talker = (*bot.Bot)(nil)
