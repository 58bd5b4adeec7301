package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aldanba/aldanba/bot/store"
	tgt "github.com/aldanba/aldanba/bot/telegram/telegramtest"
	"github.com/aldanba/aldanba/detector/judge/judgetest"
)

// What identifies people, beside the card and the telephone of other tests.
const (
	privateIIN  = "900101300017"
	privateIBAN = "KZ86125KZT5004100100"
	privateCode = "483920"
	privateMail = "sokrovennaya@gmail.com"
)

// identified are messages that the detector doubts, each with one number or
// address that identifies somebody.
func identified() (all []judgetest.Attack) {
	for i, number := range []string{"карта " + card, "телефон " + telephone, "ИИН " + privateIIN, "счёт " + privateIBAN, "код " + privateCode, "почта " + privateMail} {
		all = append(all,
			judgetest.Attack{ID: fmt.Sprint("ru-", i), Lang: "ru", Text: salonRU + ", " + number},
			judgetest.Attack{ID: fmt.Sprint("kk-", i), Lang: "kk", Text: songKK + ", " + number})
	}
	return all
}

// identifiers are what must be found nowhere, in the forms in which it could be.
func identifiers() []string {
	return []string{
		displayedMark, strings.TrimSpace(displayedMark), carrierNick, card, strings.ReplaceAll(card, " ", ""), "4242 4242", telephone, "700 000 00 77", "77000000077",
		privateIIN, privateIBAN, "5004100100", privateCode, privateMail, "sokrovennaya",
	}
}

// What identifies people goes to no judge, into no line of the log, no metric
// and nothing that is kept, whatever carried it and wherever the bot remembers.
func TestNothingPrivateReachesTheJudge(t *testing.T) {
	sparePictures(t)
	for _, memory := range memories {
		t.Run(memory.name, func(t *testing.T) {
			s := judgetest.Start(t, func(r judgetest.Request) judgetest.Reply {
				o := judgetest.Fraud("relative_in_trouble", r.Fenced())
				o.Explanation, o.Question = r.Fenced(), r.Fenced()
				return o.Reply()
			})
			ocr := newFakeOCR(t)
			settings := with(doubting(judged(s)), "ALDANBA_TESSERACT", ocr.program, "LOG_LEVEL", "DEBUG", "LOG_FORMAT", "json")
			settings = with(settings, pairs(memory.make(t))...)
			sent := deliveries(identified(), carriers(t, ocr))
			telegram, b := plays(t, settings, sent)
			agree(t, telegram, asked(t, telegram, sent))
			_, numbers := get(t, b.address+"/metrics")
			b.stops(t)
			places := b.leaves(t, settings)
			places["the metrics"] = []byte(numbers)
			places["what is kept, opened"] = opened(t, settings, sent)
			for i, r := range s.Requests() {
				places[fmt.Sprint("request ", i, " to the judge")] = []byte(r.Body)
			}
			if len(s.Requests()) < len(sent)/4 { // the same words in another wrapping are not asked about again
				t.Errorf("the judge was asked %d times about %d messages: there is little to see", len(s.Requests()), len(sent))
			}
			for name, data := range places {
				for _, canary := range identifiers() {
					if bytes.Contains(data, []byte(canary)) {
						t.Errorf("%q is in %s", canary, name)
					}
				}
			}
			if leaks := telegram.Leaks(serviceKey); len(leaks) > 0 {
				t.Error("the key of the service went to Telegram")
			}
		})
	}
}

// agree has some of the people let the bot remember, and write once more, so
// that there is something to be kept.
func agree(t *testing.T, telegram *tgt.Server, all []delivered) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for _, d := range all {
		before := len(telegram.Sent(d.person))
		person := telegram.User(d.person, d.attack.Answers())
		if _, err := person.Presses(phrase(t, d.attack.Answers(), "choice_yes")); err != nil {
			t.Fatal(err)
		}
		answers(t, telegram, d.person, before+1)
		person.Sends(d.attack.Text + ".")
		_, err := telegram.Wait(ctx, d.person, func(sent []tgt.Message) bool { return len(sent) > before+1 && settled(sent[before:]) })
		if err != nil {
			t.Fatal(err)
		}
	}
}

// opened gives the records of the people as the bot reads them.
func opened(t *testing.T, settings map[string]string, all []delivered) []byte {
	t.Helper()
	ctx := t.Context()
	memory, err := store.Open(ctx, store.Config{Dir: settings["ALDANBA_DATA"], RedisURL: settings["REDIS_URL"], Secret: settings["ALDANBA_SECRET"]})
	if err != nil {
		t.Fatal(err)
	}
	defer memory.Close()
	var records []any
	keep := func(value any, err error) {
		if err != nil {
			t.Fatal(err)
		}
		records = append(records, value)
	}
	remembered := 0
	for _, d := range all {
		person := fmt.Sprint("telegram:", d.person)
		session, err := memory.Load(ctx, person)
		keep(session, err)
		verdicts, err := memory.Verdicts(ctx, person)
		keep(verdicts, err)
		pieces, err := memory.Pieces(ctx, person)
		keep(pieces, err)
		remembered += len(verdicts)
	}
	if remembered == 0 {
		t.Error("nothing is remembered: there is little to see")
	}
	waiting, _, err := memory.Waiting(ctx, "", 10)
	keep(waiting, err)
	due, err := memory.Due(ctx, time.Now().AddDate(1, 0, 0), 100, time.Millisecond)
	keep(due, err)
	text, err := json.Marshal(records)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// asked has a few of the people write once more, after which the bot asks whether
// it may remember.
func asked(t *testing.T, telegram *tgt.Server, all []delivered) (few []delivered) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for _, d := range all {
		if d.person < 0 || marked(telegram.Sent(d.person)) == 0 { // a group, or no alarm
			continue
		}
		few = append(few, d)
		telegram.User(d.person, d.attack.Answers()).Sends(d.attack.Text + "!")
		question := phrase(t, d.attack.Answers(), "ask_remember")
		if _, err := telegram.Wait(ctx, d.person, func(sent []tgt.Message) bool { return strings.Contains(everSaid(sent), question) }); err != nil {
			t.Fatalf("nobody was asked: %v", err)
		}
		if len(few) == 6 {
			break
		}
	}
	return few
}

// What is said in a group goes to no model: nobody there can agree for all. The
// same said to the bot alone does.
func TestAGroupsWordsGoToNoModel(t *testing.T) {
	t.Parallel()
	s := judgetest.Start(t, func(judgetest.Request) judgetest.Reply { return judgetest.Harmless().Reply() })
	telegram := startTelegram(t, tgt.Options{ReadsGroups: true})
	startBot(t, telegram, with(doubting(judged(s)), "ALDANBA_CASE_WAIT", "20ms", "ALDANBA_GROUP_RATE", "1000"))
	person := telegram.User(700, "ru")
	c := &cast{T: t, telegram: telegram, person: person.In(telegram.Group(-1_000_000_000_779, "Семья", person)), lang: "ru"}
	c.person.Sends(salonRU) // people talk to each other
	letter := c.person.Forwards(tgt.FromHidden("Банк"), tgt.Text(callRU))[0]
	for _, said := range []func(){
		func() { c.person.Sends("/check@test_bot", tgt.ReplyTo(letter, "")) },
		func() { c.person.Sends("@test_bot " + salonRU) },
		func() { c.person.Sends("/check@test_bot " + callRU) },
		func() { c.person.Sends("@test_bot что делать, если мне звонят из банка?") },
		func() {
			c.person.Posts(tgt.Document("a.txt", "text/plain", []byte(salonRU)).Captioned("@test_bot " + salonRU))
		},
	} {
		said()
		c.hears(1)
	}
	alone := &cast{T: t, telegram: telegram, person: person, lang: "ru"}
	alone.sees(alone.tells(1, salonRU, "")[0])
	requests := s.Requests()
	if len(requests) != 1 || !strings.Contains(requests[0].Fenced(), "семнадцать бантов") {
		t.Errorf("a model was asked %d times", len(requests))
	}
}
