package main

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	tgt "github.com/aldanba/aldanba/bot/telegram/telegramtest"
	"github.com/aldanba/aldanba/locales"
)

// What people see before they write: the menu and the words in the empty chat,
// in both languages, and in Russian for all others.
func TestTheMenuIsPutUpInEveryLanguage(t *testing.T) {
	t.Parallel()
	telegram := startTelegram(t, tgt.Options{})
	startBot(t, telegram, quick)
	eventually(t, "all is put up", func() bool { return telegram.Profile("menu_button", "") != "" })
	for shown, words := range map[string]string{"": locales.Russian, "ru": locales.Russian, "kk": locales.Kazakh} {
		var menu []string
		for _, c := range telegram.Commands("default", shown) {
			if want := phrase(t, words, "command_"+c.Command); c.Description != want {
				t.Errorf("%q: /%s is %q, want %q", shown, c.Command, c.Description, want)
			}
			menu = append(menu, c.Command)
		}
		if got := strings.Join(menu, " "); got != "start check happened statement help language privacy mydata forget about" {
			t.Errorf("%q: the menu has %s", shown, got)
		}
		for what, key := range map[string]string{"description": "profile_description", "short_description": "profile_short"} {
			// Telegram shows what is for all where a language has nothing of its own.
			if got, want := cmp.Or(telegram.Profile(what, shown), telegram.Profile(what, "")), phrase(t, words, key); got != want {
				t.Errorf("%q: %s is %q, want %q", shown, what, got, want)
			}
		}
	}
}

// Who comes with a language that is none of ours is greeted in both, and chooses
// with one tap; whoever has one of ours changes it with one tap of the menu.
func TestTheLanguageIsOneTapAway(t *testing.T) {
	t.Parallel()
	telegram := startTelegram(t, tgt.Options{})
	c := &cast{T: t, telegram: telegram, bot: startBot(t, telegram, quick), lang: locales.Kazakh}
	c.person = telegram.User(700, "en").Named("Dana", "", "")
	c.tells(1, "/start", "/start")
	c.presses("language_kk")
	if m := c.tells(1, codeRU, codeRU)[0]; !strings.Contains(m.Text, c.phrase("ask_stage")) {
		c.Errorf("after a tap the answer is not in Kazakh: %s", m.Text)
	}
	c.tells(1, "/language", "/language")
	c.presses("language_ru")
	if m := c.tells(2, codeKK, codeKK)[0]; !strings.Contains(m.Text, phrase(c, locales.Russian, "ask_stage")) {
		c.Errorf("after a tap the answer is not in Russian: %s", m.Text)
	}
	c.ends("start_unknown", true)
}

// Of two bots on one Redis one polls and the other stands by: Telegram would
// refuse one of two that poll. When the first ends, the other takes over at once.
func TestOnlyOneOfTwoPolls(t *testing.T) {
	t.Parallel()
	telegram := startTelegram(t, tgt.Options{})
	memory := with(quick, "REDIS_URL", startRedisServer(t).url(), "ALDANBA_SECRET", redisSecret)
	first := startBot(t, telegram, memory)
	person := telegram.User(700, "ru")
	person.Sends("/help")
	answers(t, telegram, person.Chat(), 1) // it polls
	startBot(t, telegram, memory)
	eventually(t, "the other has introduced itself", func() bool { return telegram.Count("deleteWebhook") == 2 })
	for n := range 20 {
		person.Sends("/help")
		answers(t, telegram, person.Chat(), 2+n)
	}
	first.stops(t)
	person.Sends("/help")
	answers(t, telegram, person.Chat(), 22)
	if n := telegram.CountStatus("getUpdates", 409); n > 0 {
		t.Errorf("both polled: Telegram refused %d calls", n)
	}
}

// While a voice is listened to, whatever the person presses or cries out is
// answered. The program that listens waits until the test lets it.
func TestNobodyWaitsForAFile(t *testing.T) {
	t.Parallel()
	for _, lang := range locales.Languages() {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			script := filepath.Join(dir, "listen.sh")
			heard := filepath.Join(dir, "heard")
			lines := fmt.Sprintf("while ! [ -e '%s' ]; do sleep 0.05; done\nexec sed 1d\n", heard)
			if err := os.WriteFile(script, []byte(lines), 0o600); err != nil {
				t.Fatal(err)
			}
			c := &cast{T: t, telegram: startTelegram(t, tgt.Options{}), lang: lang}
			c.bot = startBot(t, c.telegram, with(quick, "ALDANBA_TRANSCRIBE_CMD", "sh '"+script+"'"))
			c.person = c.telegram.User(700, lang)
			first := c.posts(1, tgt.Voice(voice(c.or(moneyRU, moneyKK)), 5*time.Second), tgt.Forwarded(tgt.FromHidden("Банк")))[0]
			c.verdict(first, "⏳")
			c.tells(1, "/help", "/help")
			c.presses("choice_happened")
			cry := c.tells(1, "Я назвала им код из СМС, что делать?", "Мен оларға СМС кодты айтып қойдым, не істеймін?")[0]
			if want, _, _ := strings.Cut(c.phrase("aid.lead_code"), "."); !strings.Contains(cry.Text, want) {
				c.Errorf("a cry for help is answered with %q", cry.Text)
			}
			c.verdict(c.tells(1, codeRU, codeKK)[0], red)
			if err := os.WriteFile(heard, nil, 0o600); err != nil {
				t.Fatal(err)
			}
			c.verdict(c.hears(1)[0], red) // and in the end what was said in the voice
		})
	}
}
