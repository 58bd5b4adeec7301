package main

import (
	"archive/zip"
	"bytes"
	"io"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	tgt "github.com/aldanba/aldanba/bot/telegram/telegramtest"
	"github.com/aldanba/aldanba/locales"
)

func TestTheInterviewForAStatement(t *testing.T) {
	t.Parallel()
	scenes(t, map[string]string{"ALDANBA_TRANSCRIBE_CMD": transcriber(t)}, true, interviewScenes())
}

// asks presses the button of a phrase of the interview.
func (c *cast) asks(keys ...string) (last tgt.Message) {
	c.Helper()
	for _, key := range keys {
		last = c.presses("ask." + key)
	}
	return last
}

// begins opens the interview with papers in the person's language.
func (c *cast) begins() tgt.Message {
	c.Helper()
	c.tells(1, "/statement", "/statement")
	return c.asks("choice_begin_" + c.lang)
}

// swindler is who wrote what is forwarded.
func (c *cast) swindler() tgt.Option {
	return tgt.Forwarded(tgt.FromUser(990, "Служба", "безопасности", "bank_help_kz"))
}

// papers presses the button that makes them and gives the files by name.
func (c *cast) papers(messages int) map[string][]byte {
	c.Helper()
	c.asks("choice_make")
	files := map[string][]byte{}
	for _, m := range c.hears(messages) {
		if m.File != nil {
			files[m.File.Name] = m.File.Data
		}
	}
	return files
}

const evidence = "a picture of the chat, as far as anybody looks"

func interviewScenes() []scene {
	return []scene{
		{"ask_full", true, func(c *cast) {
			c.tells(1, "/happened", "/happened")
			c.presses("aid.tree_money")
			c.presses("aid.way_money_card")
			for range 4 {
				c.presses("aid.choice_done")
			}
			c.asks("choice_offer", "choice_begin_"+c.lang)
			c.posts(1, tgt.Text(c.or(
				"Переведите 450 000 тенге на карту 4242 4242 4242 4242, Иван П.", "450 000 теңгені 4242 4242 4242 4242 картасына аударыңыз, Иван П.")), c.swindler())
			c.posts(1, tgt.Document("chat.dat", "application/octet-stream", []byte(evidence)), c.swindler())
			c.hears(0)
			c.tells(1, "готово", "дайын")
			c.asks("choice_right") // the day when it was sent
			c.asks("choice_right", "choice_right", "choice_right")
			c.asks("contact_telegram")
			c.tells(1, "Назвались банком, обещали спасти деньги", "Банктенбіз деді, ақшаңызды сақтаймыз деді")
			c.tells(1, "Халык", "Халық")
			c.asks("who_by_hand")
			files := c.papers(5)
			if len(files) != 4 {
				c.Fatalf("the files are %d", len(files))
			}
			text := strings.ReplaceAll(c.textOf(files, ".txt"), "\u00a0", " ")
			for _, want := range []string{"4242 4242 4242 4242", "450 000", c.or("Халык", "Халық")} {
				if !strings.Contains(text, want) {
					c.Errorf("the statement lacks %q:\n%s", want, text)
				}
			}
			if pack := unzipped(c, c.only(files, ".zip")); !strings.Contains(pack, evidence) || !strings.Contains(pack, "bank_help_kz") {
				c.Errorf("the pack lacks the original or its sender")
			}
			c.gone()
		}},
		{"ask_skipped", false, func(c *cast) {
			c.begins()
			c.asks("choice_ready")
			for range 8 {
				c.asks("choice_skip")
			}
			files := c.papers(4)
			if len(files) != 3 || !strings.Contains(c.textOf(files, ".txt"), "____") {
				c.Errorf("%d files", len(files))
			}
			c.gone()
		}},
		{"ask_voice", true, func(c *cast) {
			c.begins()
			c.asks("choice_ready")
			m := c.posts(1, tgt.Voice(voice(c.or("Двадцатого ноября вечером", "Жиырмасыншы қараша, кешке")), 5*time.Second))[0]
			if m = c.sees(m); !strings.Contains(m.Text, c.phrase("ask.q_amount")) {
				c.Errorf("the spoken answer leads to %q", m.Text)
			}
			c.tells(1, "15000", "15000")
			c.asks("choice_skip", "choice_skip", "choice_skip", "choice_skip", "choice_skip", "who_by_hand", "choice_stop", "choice_erase")
			c.gone()
		}},
		{"ask_relative", false, func(c *cast) {
			c.tells(1, "/happened", "/happened")
			c.presses("aid.tree_code")
			c.presses("aid.choice_relative")
			c.presses("aid.way_code_telegram")
			for range 5 {
				c.presses("aid.choice_done")
			}
			c.asks("choice_offer", "choice_begin_"+c.lang)
			c.asks("choice_ready", "when_today", "amount_none", "choice_skip", "contact_telegram", "choice_skip", "choice_skip", "who_by_hand")
			c.papers(4)
		}},
		{"ask_stop", true, func(c *cast) {
			c.begins()
			c.asks("choice_ready", "when_yesterday", "choice_stop", "choice_continue", "choice_back")
			c.tells(1, "хватит", "тоқтат")
			c.asks("choice_stop", "choice_erase")
			c.gone()
		}},
		{"ask_emergency", true, func(c *cast) {
			c.begins()
			c.asks("choice_ready", "when_today")
			c.tells(1, "Я больше не хочу жить", "Өмір сүргім келмейді")
			c.asks("choice_continue")
			c.tells(1, "/sos", "/sos")
			c.presses("aid.tree_call")
			c.tells(1, "готово", "болды")
			c.asks("choice_continue")
			c.presses("choice_check")
			c.verdict(c.tells(1, codeRU, codeKK)[0], red)
			c.tells(1, "заявление", "арыз")
			c.tells(1, "20000", "20000")
		}},
	}
}

// only gives the one file whose name ends so.
func (c *cast) only(files map[string][]byte, ending string) []byte {
	c.Helper()
	var found [][]byte
	for name, data := range files {
		if strings.HasSuffix(name, ending) {
			found = append(found, data)
		}
	}
	if len(found) != 1 {
		c.Fatalf("%d files end in %s", len(found), ending)
	}
	return found[0]
}

func (c *cast) textOf(files map[string][]byte, ending string) string {
	c.Helper()
	return string(c.only(files, ending))
}

// unzipped gives all that is in a pack, in one.
func unzipped(t testing.TB, data []byte) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(&all, r); err != nil {
			t.Fatal(err)
		}
		r.Close()
	}
	return all.String()
}

// gone sees to it that no draft is left.
func (c *cast) gone() {
	c.Helper()
	m := c.tells(1, "/help", "/help")[0]
	if slices.Contains(m.Labels(), c.phrase("ask.choice_continue")) {
		c.Error("there is still a draft")
	}
}

// ahead is a clock that tests set forward.
type ahead struct{ by atomic.Int64 }

func (a *ahead) now() time.Time         { return time.Now().Add(time.Duration(a.by.Load())) }
func (a *ahead) passes(d time.Duration) { a.by.Add(int64(d)) }

// TestADraftOutlivesTheProcessAndNotTheDay plays on every store, with another
// process after an hour.
func TestADraftOutlivesTheProcessAndNotTheDay(t *testing.T) {
	t.Parallel()
	for _, memory := range memories {
		for _, lang := range locales.Languages() {
			t.Run(memory.name+"_"+lang, func(t *testing.T) {
				t.Parallel()
				clock := &ahead{}
				telegram := startTelegram(t, tgt.Options{})
				settings := with(quick, pairs(memory.make(t))...)
				begin := func() *running {
					b, err := tryBotAt(t, telegram, settings, clock.now)
					if err != nil {
						t.Fatal(err)
					}
					return b
				}
				first := begin()
				c := &cast{T: t, telegram: telegram, bot: first, person: telegram.User(1000, lang), lang: lang}
				c.begins()
				c.asks("choice_ready", "when_today")
				c.tells(1, "90000", "90000")
				first.stops(t)
				clock.passes(time.Hour)
				begin()
				c.tells(1, "/start", "/start")
				c.asks("choice_continue", "way_card")
				clock.passes(23 * time.Hour)
				c.tells(2, codeRU, codeKK)
				c.asks("choice_offer", "choice_later")
				c.ends("ask_later", memory.name == "embedded")
			})
		}
	}
}
