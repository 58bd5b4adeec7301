package telegram_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/aldanba/aldanba/bot/dispatch"
	"github.com/aldanba/aldanba/bot/telegram"
	"github.com/aldanba/aldanba/bot/telegram/telegramtest"
)

func TestNewSaysWhatIsWrong(t *testing.T) {
	good := telegram.Config{
		Token: botToken, APIURL: "http://127.0.0.1:8081/", WebhookSecret: secret, ButtonKey: []byte(buttonKey),
		Sink: func(context.Context, []dispatch.Update) error { return nil },
	}
	if _, err := telegram.New(good); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		change func(*telegram.Config)
		says   string
	}{
		"no token":        {func(c *telegram.Config) { c.Token = "" }, "@BotFather"},
		"half a token":    {func(c *telegram.Config) { c.Token = "AAtestCanary" }, "@BotFather"},
		"spaced token":    {func(c *telegram.Config) { c.Token = botToken + "\n" }, "@BotFather"},
		"no host":         {func(c *telegram.Config) { c.APIURL = "api.telegram.org" }, "address"},
		"other scheme":    {func(c *telegram.Config) { c.APIURL = "ftp://api.telegram.org" }, "address"},
		"query":           {func(c *telegram.Config) { c.APIURL = "https://api.telegram.org?AAtest=1" }, "address"},
		"bad escape":      {func(c *telegram.Config) { c.APIURL = "https://AAtest%zz" }, "address"},
		"short key":       {func(c *telegram.Config) { c.ButtonKey = []byte("short") }, "16 bytes"},
		"secret in words": {func(c *telegram.Config) { c.WebhookSecret = "canary of words" }, "A-Z a-z 0-9"},
		"secret too long": {func(c *telegram.Config) { c.WebhookSecret = strings.Repeat("x", 257) }, "256"},
		"no sink":         {func(c *telegram.Config) { c.Sink = nil }, "hand updates to"},
		"negative rate":   {func(c *telegram.Config) { c.Rates.Group = -1 }, "negative"},
	} {
		config := good
		c.change(&config)
		_, err := telegram.New(config)
		if err == nil || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "AAtest") || strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func profile() map[string]telegram.Profile {
	return map[string]telegram.Profile{
		"":   {Description: "Checks messages", Short: "Is it a scam?", Commands: []telegram.Command{{Name: "check", Text: "Check a message"}}},
		"ru": {Name: "Алданба", Description: "Проверю сообщение", Short: "Мошенники?", Commands: []telegram.Command{{Name: "check", Text: "Проверить"}, {Name: "help", Text: "Помощь"}}},
		"kk": {Name: "Алданба", Description: "Хабарды тексеремін", Short: "Алаяқ па?", Commands: []telegram.Command{{Name: "check", Text: "Тексеру"}}},
	}
}

// TestSetup: menus and texts stand in every language, and a second start writes
// nothing, because Telegram allows few changes a day.
func TestSetup(t *testing.T) {
	w := newWorld(t, telegramtest.Options{}, nil)
	ctx := context.Background()
	for range 2 {
		if err := w.Setup(ctx, profile()); err != nil {
			t.Fatal(err)
		}
	}
	for lang, want := range profile() {
		if got := w.fake.Profile("description", lang); got != want.Description {
			t.Errorf("%q: description %q", lang, got)
		}
		if got := w.fake.Profile("short_description", lang); got != want.Short {
			t.Errorf("%q: short description %q", lang, got)
		}
		if got := w.fake.Commands("default", lang); len(got) != len(want.Commands) || got[0].Description != want.Commands[0].Text {
			t.Errorf("%q: commands %v", lang, got)
		}
	}
	if got := w.fake.Profile("name", "kk"); got != "Алданба" {
		t.Errorf("name %q", got)
	}
	if got := w.fake.Profile("menu_button", ""); !strings.Contains(got, "commands") {
		t.Errorf("menu button %q", got)
	}
	for method, n := range map[string]int64{"setMyName": 2, "setMyDescription": 3, "setMyShortDescription": 3, "setMyCommands": 3} {
		if got := w.fake.Count(method); got != n {
			t.Errorf("%s was called %d times", method, got)
		}
	}
}

// TestSetupGoesOnAfterAFailure: one text that Telegram refuses does not cost
// the others.
func TestSetupGoesOnAfterAFailure(t *testing.T) {
	w := newWorld(t, telegramtest.Options{}, nil)
	w.fake.Fault("setMyDescription", 1, telegramtest.Refusal(400, "Bad Request: description is too long"))
	err := w.Setup(context.Background(), profile())
	if err == nil || fmt.Sprint(err) != "telegram: setMyDescription: refused: Telegram answers 400" {
		t.Errorf("%v", err)
	}
	if w.fake.Profile("short_description", "ru") == "" || w.fake.Profile("description", "ru") == "" {
		t.Error("what could be set is not")
	}
}

func TestIdentify(t *testing.T) {
	w := newWorld(t, telegramtest.Options{}, nil)
	name, err := w.Identify(context.Background())
	if err != nil || name != botName {
		t.Errorf("%q, %v", name, err)
	}
	w.fake.Fault("getMe", -1, telegramtest.Refusal(401, "Unauthorized"))
	if _, err := w.Identify(context.Background()); err == nil || !strings.Contains(err.Error(), "unauthorized") {
		t.Errorf("%v", err)
	}
}
