package main

import (
	"context"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/caarlos0/env/v11"

	"github.com/aldanba/aldanba/bot/telegram/telegramtest"
	"github.com/aldanba/aldanba/locales"
)

// TestMain lets many conversations go on side by side: they wait most of the
// time. What the environment sets for a real bot does not reach the tests.
func TestMain(m *testing.M) {
	if os.Getenv(asProcess) == "" {
		for name := range env.ToMap(os.Environ()) {
			for _, prefix := range []string{"ALDANBA_", "TELEGRAM_", "OPENAI_", "REDIS_", "LISTEN_", "LOG_"} {
				if strings.HasPrefix(name, prefix) && !strings.HasPrefix(name, "ALDANBA_TEST_") {
					os.Unsetenv(name)
				}
			}
		}
	}
	flag.Parse()
	chosen := false
	flag.Visit(func(f *flag.Flag) { chosen = chosen || f.Name == "test.parallel" })
	if !chosen {
		if err := flag.Set("test.parallel", "48"); err != nil {
			panic(err)
		}
	}
	// No test asks a service that the person at the keyboard pays for.
	for _, name := range []string{"OPENAI_MODEL", "OPENAI_FALLBACK_MODEL", "OPENAI_VISION_MODEL", "OPENAI_TRANSCRIBE_MODEL"} {
		os.Unsetenv(name)
	}
	os.Exit(m.Run())
}

// scene is a conversation of one person with the bot. It is played in every
// language, and what was said is kept as a golden file.
type scene struct {
	name    string
	webhook bool // it is played over a webhook, too
	play    func(c *cast)
}

// cast is who plays in a scene.
type cast struct {
	*testing.T
	telegram *telegramtest.Server
	bot      *running
	person   *telegramtest.User
	lang     string
	heard    int           // messages of the bot so far
	seen     map[int64]int // edits that were waited for, by message
}

// scenes plays them all at a bot of their own, polled and over a webhook: side
// by side, or one after the other where they need much of the machine. A short
// run, as under the race detector, plays those that are played both ways, once.
func scenes(t *testing.T, settings map[string]string, sideBySide bool, all []scene) {
	for _, way := range []string{"polling", "webhook"} {
		if testing.Short() && way == "webhook" {
			continue
		}
		t.Run(way, func(t *testing.T) {
			if sideBySide {
				t.Parallel()
			}
			telegram := startTelegram(t, telegramtest.Options{})
			environ := map[string]string{
				"ALDANBA_CASE_WAIT": "100ms", "ALDANBA_SEND_RATE": "1000", "ALDANBA_CHAT_RATE": "1000", "ALDANBA_PERSON_RATE": "100",
			}
			maps.Copy(environ, settings)
			bot := start(t, telegram, environ, way == "webhook")
			for i, s := range all {
				if (way == "webhook" || testing.Short()) && !s.webhook {
					continue
				}
				for j, lang := range locales.Languages() {
					t.Run(s.name+"_"+lang, func(t *testing.T) {
						if sideBySide {
							t.Parallel()
						}
						person := telegram.User(int64(1000+10*i+j), lang).Named(map[string]string{"ru": "Асель", "kk": "Әсел"}[lang], "", "")
						c := &cast{T: t, telegram: telegram, bot: bot, person: person, lang: lang}
						s.play(c)
						c.ends(s.name, way == "polling")
					})
				}
			}
		})
	}
}

// ends compares what was said, and sees to it that nothing more comes.
func (c *cast) ends(name string, write bool) {
	c.Helper()
	said := today.ReplaceAllString(c.telegram.Conversation(c.person.Chat()), "31.12.2026")
	said = hour.ReplaceAllString(said, "12:00, 31")
	c.quiet()
	if write || !*update {
		golden(c, name+"_"+c.lang, said)
	}
}

// today is the day of a check as people read it.
var today = regexp.MustCompile(`\d\d\.\d\d\.20\d\d`)

// hour is a time of day before it.
var hour = regexp.MustCompile(`\d\d:\d\d, 31`)

// quiet asks something whose answer comes after all others.
func (c *cast) quiet() {
	c.Helper()
	c.person.Sends("/about")
	got := c.hears(1)[0].Text
	if got != phrase(c, "ru", "about_bot") && got != phrase(c, "kk", "about_bot") {
		c.Errorf("this was not expected: %q", got)
	}
}

// hears waits for so many more messages of the bot.
func (c *cast) hears(n int) []telegramtest.Message {
	c.Helper()
	c.heard += n
	sent := answers(c, c.telegram, c.person.Chat(), c.heard)
	return sent[c.heard-n : c.heard]
}

// sees waits until a message of the bot has been edited once more than was
// waited for before, and gives it: the edit may well be there already.
func (c *cast) sees(edited telegramtest.Message) telegramtest.Message {
	c.Helper()
	if c.seen == nil {
		c.seen = map[int64]int{}
	}
	ctx, cancel := context.WithTimeout(c.Context(), patience)
	defer cancel()
	var found telegramtest.Message
	_, err := c.telegram.Wait(ctx, c.person.Chat(), func(sent []telegramtest.Message) bool {
		for _, m := range sent {
			if m.ID == edited.ID {
				found = m
			}
		}
		return len(found.Edits) > c.seen[edited.ID]
	})
	if err != nil {
		c.Fatalf("the answer was not edited: %v", err)
	}
	c.seen[edited.ID]++
	return found
}

// tells sends a text and waits for so many answers.
func (c *cast) tells(answers int, ru, kk string) []telegramtest.Message {
	c.Helper()
	c.person.Sends(c.or(ru, kk))
	return c.hears(answers)
}

// posts sends any content and waits for so many answers.
func (c *cast) posts(answers int, content telegramtest.Content, options ...telegramtest.Option) []telegramtest.Message {
	c.Helper()
	c.person.Posts(content, options...)
	return c.hears(answers)
}

// asksForReminders goes through what has happened as far as the reminders.
func (c *cast) asksForReminders() {
	c.Helper()
	c.tells(1, "/happened", "/happened")
	for _, key := range []string{"aid.tree_form", "aid.way_form_nothing", "aid.choice_done", "aid.choice_done", "aid.choice_remind_yes"} {
		c.presses(key)
	}
}

// presses presses the newest button with the label that the texts have under a
// key, and waits for one answer.
func (c *cast) presses(key string) telegramtest.Message {
	c.Helper()
	return c.pressesLabel(c.phrase(key))
}

func (c *cast) pressesLabel(label string) telegramtest.Message {
	c.Helper()
	press, err := c.person.Presses(label)
	if err != nil {
		c.Fatalf("%v\n%s", err, c.telegram.Conversation(c.person.Chat()))
	}
	answer := c.hears(1)[0]
	c.acknowledged(press)
	return answer
}

// acknowledged waits until the clock on a pressed button stands still.
func (c *cast) acknowledged(press telegramtest.Press) {
	c.Helper()
	ctx, cancel := context.WithTimeout(c.Context(), patience)
	defer cancel()
	_, err := c.telegram.Wait(ctx, c.person.Chat(), func([]telegramtest.Message) bool {
		_, _, answered := c.telegram.Answered(press)
		return answered
	})
	if err != nil {
		c.Fatalf("the press of a button was not acknowledged: %v", err)
	}
}

// texts are loaded once for all tests.
var texts = sync.OnceValues(locales.Load)

// phrase gives a phrase in the language of the person.
func (c *cast) phrase(key string) string { return phrase(c, c.lang, key) }

func phrase(t testing.TB, lang, key string) string {
	t.Helper()
	all, err := texts()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(all.Text(lang, key, nil))
}

func (c *cast) or(ru, kk string) string {
	if c.lang == locales.Kazakh {
		return kk
	}
	return ru
}

// verdict checks the mark that a verdict begins with: the worst comes first.
func (c *cast) verdict(m telegramtest.Message, mark string) {
	c.Helper()
	if !strings.HasPrefix(m.Text, mark) {
		c.Errorf("the verdict is not %s: %q", mark, m.Text)
	}
}

// The marks of verdicts.
const (
	red    = "🔴"
	yellow = "🟡"
	white  = "⚪"
	doubt  = "❓"
)

// file reads a file made for the tests, with the language in place of *.
func (c *cast) file(name string) []byte {
	c.Helper()
	return testFile(c, "telegram", strings.ReplaceAll(name, "*", c.lang))
}

func testFile(t testing.TB, folder, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "testdata", folder, name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}
