package main

import (
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	tgt "github.com/aldanba/aldanba/bot/telegram/telegramtest"
)

// with gives settings with some changed.
func with(settings map[string]string, changes ...string) map[string]string {
	all := maps.Clone(settings)
	for i := 0; i < len(changes); i += 2 {
		all[changes[i]] = changes[i+1]
	}
	return all
}

func TestWhatComesAgainIsAnsweredOnce(t *testing.T) {
	t.Parallel()
	for _, webhook := range []bool{false, true} {
		telegram := startTelegram(t, tgt.Options{})
		b := start(t, telegram, quick, webhook)
		person := telegram.User(700, "ru")
		letter := person.Sends(codeRU)
		answers(t, telegram, person.Chat(), 1)
		telegram.Redeliver(letter.Update)
		telegram.Redeliver(letter.Update)
		if got := verdicts(t, telegram, person); got != 1 {
			t.Errorf("webhook %v: %d verdicts on one message", webhook, got)
		}
		if webhook {
			continue // its address ends with the first bot
		}
		b.stops(t)
		startBot(t, telegram, with(quick, "ALDANBA_DATA", b.data))
		telegram.Redeliver(letter.Update)
		person.Sends("/help")
		sent := answers(t, telegram, person.Chat(), 3)
		if got := sent[2].Text; got != phrase(t, "ru", "help") {
			t.Errorf("after a restart the old message was answered again: %q", got)
		}
	}
}

func TestARestartLosesNothing(t *testing.T) {
	t.Parallel()
	failed := make(chan int64, 100) // chats to which a message could not be sent
	telegram := startTelegram(t, tgt.Options{Observe: func(c tgt.Call) {
		if c.Method == "sendMessage" && c.Status == 499 {
			failed <- c.Chat
		}
	}})
	first := startBot(t, telegram, with(quick, "ALDANBA_DRAIN", "100ms"))
	person, other := telegram.User(700, "kk"), telegram.User(701, "ru")
	person.Sends("/language")
	answers(t, telegram, person.Chat(), 1)
	if _, err := person.Presses(phrase(t, "ru", "language_ru")); err != nil {
		t.Fatal(err)
	}
	answers(t, telegram, person.Chat(), 2)

	// The answers are found and cannot be sent when the bot ends.
	telegram.Fault("sendMessage", -1, tgt.Reset())
	person.Sends(codeKK)
	other.Posts(tgt.Document("a.txt", "text/plain", []byte(codeRU)), tgt.Forwarded(tgt.FromHidden("X")))
	for met := map[int64]bool{}; len(met) < 2; {
		select {
		case chat := <-failed:
			met[chat] = true
		case <-time.After(patience):
			t.Fatal("nothing was tried to be sent")
		}
	}
	first.stops(t)
	// What is sent while no bot runs waits at Telegram.
	person.Sends("/help")
	telegram.ClearFaults()

	startBot(t, telegram, with(quick, "ALDANBA_DATA", first.data))
	// The verdict, and the help, which may overtake what has failed often enough. A
	// call that was under way when the bot ended may have arrived: then the verdict
	// comes twice.
	sent := answers(t, telegram, person.Chat(), 4)
	if sent[2].Text == sent[3].Text {
		sent = answers(t, telegram, person.Chat(), 5)
	}
	if !slices.ContainsFunc(sent[2:], func(m tgt.Message) bool {
		return strings.HasPrefix(m.Text, red) && strings.Contains(m.Text, phrase(t, "ru", "ask_stage"))
	}) {
		t.Errorf("the pending message was not answered in the chosen language:\n%s", telegram.Conversation(person.Chat()))
	}
	if !slices.ContainsFunc(sent[2:], func(m tgt.Message) bool { return m.Text == phrase(t, "ru", "help") }) {
		t.Errorf("what came meanwhile was not answered:\n%s", telegram.Conversation(person.Chat()))
	}
	if theirs := answers(t, telegram, other.Chat(), 2); !strings.HasPrefix(theirs[1].Text, red) {
		t.Errorf("the pending file was answered with %q", theirs[1].Text)
	}
	// A button of before.
	person.PressesData(sent[0].ID, sent[0].Buttons[0][1].Data)
	if got := answers(t, telegram, person.Chat(), len(sent)+1)[len(sent)].Text; !strings.Contains(got, phrase(t, "kk", "language_switched")) {
		t.Errorf("an old button was answered with %q", got)
	}
}

func TestARestartBehindAWebhookLosesNothing(t *testing.T) {
	t.Parallel()
	telegram := startTelegram(t, tgt.Options{WebhookRetry: 50 * time.Millisecond})
	d := newDoor(t)
	settings := with(quick, "TELEGRAM_WEBHOOK_URL", d.url, "TELEGRAM_WEBHOOK_SECRET", webhookSecret)
	first := startBot(t, telegram, settings)
	d.leadsTo(first)
	person := telegram.User(700, "ru")
	letter := person.Sends("/help")
	answers(t, telegram, person.Chat(), 1)
	d.leadsTo(nil)
	first.stops(t)
	person.Sends(codeRU) // nobody is behind the door
	second := startBot(t, telegram, with(settings, "ALDANBA_DATA", first.data))
	d.leadsTo(second)
	if sent := answers(t, telegram, person.Chat(), 2); !strings.HasPrefix(sent[1].Text, red) {
		t.Errorf("what came while no bot ran was answered with %q", sent[1].Text)
	}
	telegram.Redeliver(letter.Update)
	person.Sends("/about")
	if got := answers(t, telegram, person.Chat(), 3)[2].Text; got != phrase(t, "ru", "about_bot") {
		t.Errorf("after a restart an old message was answered again: %q", got)
	}
}

func TestTelegramIsAwayAtTheStart(t *testing.T) {
	t.Parallel()
	telegram := startTelegram(t, tgt.Options{})
	telegram.Fault("*", 4, tgt.Reset())
	b := startBot(t, telegram, quick)
	if status, _ := get(t, b.address+"/healthz"); status != 200 {
		t.Errorf("/healthz: %d", status)
	}
	person := telegram.User(700, "ru")
	person.Sends(codeRU)
	if got := verdicts(t, telegram, person); got != 1 {
		t.Errorf("%d verdicts", got)
	}
}

// Whoever watches the bot learns that it has never reached Telegram.
func TestABotThatTelegramDoesNotKnowIsNotReady(t *testing.T) {
	t.Parallel()
	telegram := startTelegram(t, tgt.Options{})
	telegram.Fault("getMe", 1<<20, tgt.Refusal(401, "Unauthorized"))
	b := startBot(t, telegram, quick)
	const why = "getMe: unauthorized: Telegram answers 401: the token of the bot is not accepted, compare it with what @BotFather says"
	eventually(t, "/readyz tells of it", func() bool {
		status, body := get(t, b.address+"/readyz")
		return status == 503 && strings.Contains(body, why)
	})
	b.log.waits(t, why)
	telegram.ClearFaults()
	eventually(t, "the bot is ready", func() bool {
		status, _ := get(t, b.address+"/readyz")
		return status == 200
	})
}

func TestAWebhookHasThePathThatTelegramIsTold(t *testing.T) {
	t.Parallel()
	telegram := startTelegram(t, tgt.Options{})
	for _, path := range []string{"", "/", "/hook", "/hook/", "/{hook", "/a/b%20c"} {
		b := startBot(t, telegram, with(quick, "TELEGRAM_WEBHOOK_URL", "https://bot.example"+path, "TELEGRAM_WEBHOOK_SECRET", webhookSecret))
		for asked, want := range map[string]int{path: 401, "/elsewhere": 404} { // 401: the webhook wants its secret
			response, err := http.Post(b.address+asked, "application/json", strings.NewReader("{}"))
			if err != nil {
				t.Fatal(err)
			}
			response.Body.Close()
			if response.StatusCode != want {
				t.Errorf("webhook at %q: %q is answered with %d", path, asked, response.StatusCode)
			}
		}
		if status, _ := get(t, b.address+"/healthz"); status != 200 {
			t.Errorf("webhook at %q: /healthz: %d", path, status)
		}
		b.stops(t)
	}
}

func TestADamagedStore(t *testing.T) {
	t.Parallel()
	telegram := startTelegram(t, tgt.Options{})
	first := startBot(t, telegram, quick)
	first.stops(t)
	if err := os.WriteFile(filepath.Join(first.data, "aldanba.db"), []byte(strings.Repeat("garbage ", 4096)), 0o600); err != nil {
		t.Fatal(err)
	}
	goesOnWithoutMemory(t, telegram, startBot(t, telegram, with(quick, "ALDANBA_DATA", first.data)), "the store is damaged")
}

// A button is good also where the memory is not, before and after.
func TestButtonsOutliveTheStore(t *testing.T) {
	t.Parallel()
	telegram := startTelegram(t, tgt.Options{})
	person := telegram.User(700, "ru")
	bot := startBot(t, telegram, quick)
	file := filepath.Join(bot.data, "aldanba.db")
	var whole []byte
	for n, change := range []func() error{
		func() error { return nil },
		func() (err error) { // the memory is away
			if whole, err = os.ReadFile(file); err == nil {
				err = os.WriteFile(file, []byte(strings.Repeat("garbage ", 4096)), 0o600)
			}
			return err
		},
		func() error { return os.WriteFile(file, whole, 0o600) },
	} {
		if n > 0 {
			bot.stops(t)
			if err := change(); err != nil {
				t.Fatal(err)
			}
			bot = startBot(t, telegram, with(quick, "ALDANBA_DATA", bot.data))
			for _, m := range telegram.Sent(person.Chat()) {
				if m.Text != phrase(t, "ru", "help") {
					continue
				}
				before := len(telegram.Sent(person.Chat()))
				person.PressesData(m.ID, m.Buttons[1][0].Data)
				if got := answers(t, telegram, person.Chat(), before+1)[before].Text; got == phrase(t, "ru", "choice_stale") {
					t.Errorf("start %d: a button of earlier is stale", n)
				}
			}
		}
		before := len(telegram.Sent(person.Chat()))
		person.Sends("/help")
		answers(t, telegram, person.Chat(), before+1)
	}
}

// A bot that starts before its Redis answers all the same, and remembers as soon
// as it can.
func TestRedisComesAfterTheBot(t *testing.T) {
	t.Parallel()
	server := startRedisServer(t)
	server.kill()
	telegram := startTelegram(t, tgt.Options{})
	b := startBot(t, telegram, with(quick, "REDIS_URL", server.url(), "ALDANBA_SECRET", redisSecret))
	person := telegram.User(700, "ru")
	person.Sends("/language")
	asked := answers(t, telegram, person.Chat(), 1)[0]
	if status, body := get(t, b.address+"/readyz"); status != 503 || !strings.Contains(body, "the store does not answer") {
		t.Errorf("/readyz: %d %s", status, body)
	}
	server.start(t)
	eventually(t, "the bot is ready", func() bool {
		status, _ := get(t, b.address+"/readyz")
		return status == 200
	})
	b.log.waits(t, "the store works again")
	person.PressesData(asked.ID, asked.Buttons[0][1].Data) // of before
	if got := answers(t, telegram, person.Chat(), 2)[1].Text; !strings.Contains(got, phrase(t, "kk", "language_switched")) {
		t.Errorf("a button of before is answered with %q", got)
	}
	b.stops(t)
	startBot(t, telegram, with(quick, "REDIS_URL", server.url(), "ALDANBA_SECRET", redisSecret))
	person.Sends("/help")
	if got := answers(t, telegram, person.Chat(), 3)[2].Text; got != phrase(t, "kk", "help") {
		t.Errorf("the language was not remembered: %q", got)
	}
}

func TestAStoreThatAnotherProcessUses(t *testing.T) {
	t.Parallel()
	first := startBot(t, startTelegram(t, tgt.Options{}), quick)
	telegram := startTelegram(t, tgt.Options{})
	second := startBot(t, telegram, with(quick, "ALDANBA_DATA", first.data))
	goesOnWithoutMemory(t, telegram, second, "another process uses the store")
	first.stops(t)
	second.log.waits(t, "the store works again")
	eventually(t, "the bot is ready after the other process has ended", func() bool {
		status, _ := get(t, second.address+"/readyz")
		return status == 200
	})
}

// goesOnWithoutMemory checks that a bot answers whose store does not work, and
// says so to whoever watches.
func goesOnWithoutMemory(t *testing.T, telegram *tgt.Server, b *running, why string) {
	t.Helper()
	person := telegram.User(700, "ru")
	person.Sends(codeRU)
	if got := verdicts(t, telegram, person); got != 1 {
		t.Errorf("%d verdicts", got)
	}
	status, body := get(t, b.address+"/readyz")
	if status != 503 || !strings.Contains(body, why) {
		t.Errorf("/readyz: %d %s", status, body)
	}
	if status, _ := get(t, b.address+"/healthz"); status != 200 {
		t.Errorf("/healthz: %d", status)
	}
	if _, body := get(t, b.address+"/metrics"); !strings.Contains(body, "\naldanba_store_up 0\n") {
		t.Error("the metrics do not tell that the store is down")
	}
	if !strings.Contains(b.log.String(), why) {
		t.Errorf("the log does not tell why:\n%s", b.log)
	}
}

func TestAnotherSecretIsRefused(t *testing.T) {
	t.Parallel()
	telegram := startTelegram(t, tgt.Options{})
	first := startBot(t, telegram, with(quick, "ALDANBA_SECRET", strings.Repeat("a", 32)))
	first.stops(t)
	for name, secret := range map[string]string{"another": strings.Repeat("b", 32), "none": ""} {
		_, err := tryBot(t, telegram, with(quick, "ALDANBA_DATA", first.data, "ALDANBA_SECRET", secret))
		if err == nil || !strings.Contains(err.Error(), "ALDANBA_SECRET") || secret != "" && strings.Contains(err.Error(), secret) {
			t.Errorf("%s: %v", name, err)
		}
	}
	startBot(t, telegram, with(quick, "ALDANBA_DATA", first.data, "ALDANBA_SECRET", strings.Repeat("b", 32), "ALDANBA_OLD_SECRET", strings.Repeat("a", 32)))
}
