package main

import (
	"maps"
	"strings"
	"testing"

	tgt "github.com/aldanba/aldanba/bot/telegram/telegramtest"
	"github.com/aldanba/aldanba/detector/judge/judgetest"
)

// What the judge has said of a message is not asked again, by nobody and after
// no restart; nor of a message that is nearly the same and leads to the same
// place.
func TestTheJudgeIsAskedOnce(t *testing.T) {
	t.Parallel()
	const (
		parcel = "Посылка у мастера в павильоне, семнадцать бантов внутри. Заберите до субботы, как пройти, нарисовано на vera-banty.kz/map"
		nearly = "Добрый день! Посылка у мастера в киоске, семнадцать бантов внутри. Заберите до субботы, как пройти, нарисовано на vera-banty.kz/map"
		other  = "Добрый день! Посылка у мастера в киоске, семнадцать бантов внутри. Заберите до субботы, как пройти, нарисовано на vera-lenty.kz/map"
	)
	s := judgetest.Start(t, func(judgetest.Request) judgetest.Reply {
		return judgetest.Fraud("fake_delivery", "Посылка у мастера").Reply()
	})
	for name, memory := range map[string]func(*testing.T) map[string]string{
		"embedded": func(t *testing.T) map[string]string { return map[string]string{"ALDANBA_DATA": t.TempDir()} },
		"redis": func(t *testing.T) map[string]string {
			return map[string]string{"REDIS_URL": startRedisServer(t).url(), "ALDANBA_SECRET": redisSecret}
		},
	} {
		t.Run(name, func(t *testing.T) {
			settings := maps.Clone(quick)
			maps.Copy(settings, doubting(judged(s)))
			maps.Copy(settings, memory(t))
			telegram := startTelegram(t, tgt.Options{})
			people := int64(800)
			before := len(s.Requests())
			tells := func(message string, requests int) {
				t.Helper()
				people++
				c := &cast{T: t, telegram: telegram, person: telegram.User(people, "ru"), lang: "ru"}
				c.tells(1, message, "")
				c.verdict(c.hears(1)[0], red)
				if got := len(s.Requests()) - before; got != requests {
					t.Errorf("%d requests after %q, want %d", got, message, requests)
				}
			}
			b := startBot(t, telegram, settings)
			tells(parcel, 1)
			b.stops(t)
			b = startBot(t, telegram, settings)
			tells(parcel, 1)
			tells(nearly, 1)
			tells(other, 2)
			_, numbers := get(t, b.address+"/metrics")
			for _, result := range []string{"cached", "alike", "answered"} {
				if !strings.Contains(numbers, `aldanba_judge_seconds_count{model="model",result="`+result+`"} 1`) {
					t.Errorf("the metrics do not count what is %s", result)
				}
			}
		})
	}
}

// Who has spent their tokens of the day has spent them after a restart, too, and
// nobody else has.
func TestTheJudgesBudgetOutlivesTheProcess(t *testing.T) {
	t.Parallel()
	s := judgetest.Start(t, func(judgetest.Request) judgetest.Reply {
		reply := judgetest.Harmless().Reply()
		reply.In = 1_000_000
		return reply
	})
	settings := with(quick, "ALDANBA_DATA", t.TempDir(), "ALDANBA_LLM_TOKENS_PER_DAY", "0", "ALDANBA_LLM_TOKENS_PER_PERSON", "500000")
	maps.Copy(settings, doubting(judged(s)))
	telegram := startTelegram(t, tgt.Options{})
	one := &cast{T: t, telegram: telegram, person: telegram.User(801, "ru"), lang: "ru"}
	other := &cast{T: t, telegram: telegram, person: telegram.User(802, "ru"), lang: "ru"}
	for n, step := range []struct {
		who      *cast
		message  string
		answers  int // to a second message there is a question, too
		requests int
	}{{one, salonRU, 1, 1}, {one, callRU, 2, 1}, {other, callRU, 1, 2}} {
		b := startBot(t, telegram, settings)
		first := step.who.tells(step.answers, step.message, "")[0]
		step.who.verdict(first, step.who.phrase("still_judging"))
		step.who.sees(first)
		if got := len(s.Requests()); got != step.requests {
			t.Errorf("step %d: %d requests, want %d", n, got, step.requests)
		}
		b.stops(t)
	}
}
