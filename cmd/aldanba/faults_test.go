package main

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	tgt "github.com/aldanba/aldanba/bot/telegram/telegramtest"
)

// quick are settings under which tests wait for little.
var quick = map[string]string{"ALDANBA_CASE_WAIT": "20ms", "ALDANBA_CHAT_RATE": "100", "ALDANBA_DRAIN": "2s"}

// verdicts waits for the verdict of a first alarm, asks for something that is
// answered after it, and counts the verdicts.
func verdicts(t *testing.T, telegram *tgt.Server, person *tgt.User) int {
	t.Helper()
	const last = "/language"
	answers(t, telegram, person.Chat(), 1)
	person.Sends(last)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	sent, err := telegram.Wait(ctx, person.Chat(), func(sent []tgt.Message) bool {
		return len(sent) > 0 && sent[len(sent)-1].Text == phrase(t, "ru", "ask_language")
	})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, m := range sent {
		if strings.HasPrefix(m.Text, red) {
			n++
		}
	}
	return n
}

// awaits waits for something to happen.
func awaits(t *testing.T, happened <-chan struct{}) {
	t.Helper()
	select {
	case <-happened:
	case <-time.After(patience):
		t.Fatal("it did not happen")
	}
}

func TestFaultsOfTelegram(t *testing.T) {
	t.Parallel()
	faults := map[string]tgt.Fault{
		"an error": tgt.Refusal(500, "Internal Server Error"), "a page": tgt.Page(502), "a reset": tgt.Reset(), "a lost answer": tgt.Lost(),
		"a broken answer": tgt.Truncated(), "a slow answer": tgt.Slow(20, 5*time.Millisecond), "a late answer": tgt.Late(300 * time.Millisecond),
	}
	for _, way := range []struct {
		method  string
		webhook bool
	}{{"sendMessage", false}, {"sendMessage", true}, {"getUpdates", false}, {"*", false}, {"*", true}} {
		for name, fault := range faults {
			title := way.method + " with " + name
			if way.webhook {
				title += " behind a webhook"
			}
			t.Run(title, func(t *testing.T) {
				t.Parallel()
				telegram := startTelegram(t, tgt.Options{WebhookRetry: 50 * time.Millisecond})
				start(t, telegram, quick, way.webhook)
				person := telegram.User(700, "ru")
				telegram.Fault(way.method, 2, fault)
				person.Sends(codeRU)
				got, most := verdicts(t, telegram, person), 1
				if way.method != "getUpdates" && (name == "a lost answer" || name == "a broken answer") {
					most = 3 // Telegram took them, and the bot cannot know
				}
				if got < 1 || got > most {
					t.Errorf("%d verdicts:\n%s", got, telegram.Conversation(person.Chat()))
				}
			})
		}
	}
}

func TestFaultsWhileFilesAreFetched(t *testing.T) {
	t.Parallel()
	for _, method := range []string{"getFile", "download"} {
		for name, fault := range map[string]tgt.Fault{
			"an error": tgt.Refusal(500, "Internal Server Error"), "a page": tgt.Page(502), "a reset": tgt.Reset(),
			"a broken answer": tgt.Truncated(), "a slow answer": tgt.Slow(50, time.Millisecond),
		} {
			t.Run(method+" with "+name, func(t *testing.T) {
				t.Parallel()
				telegram := startTelegram(t, tgt.Options{})
				startBot(t, telegram, quick)
				person := telegram.User(700, "ru")
				telegram.Fault(method, 1, fault)
				person.Posts(tgt.Document("a.txt", "text/plain", []byte(codeRU)), tgt.Forwarded(tgt.FromHidden("X")))
				ctx, cancel := context.WithTimeout(t.Context(), patience)
				defer cancel()
				_, err := telegram.Wait(ctx, person.Chat(), func(sent []tgt.Message) bool {
					// Read in the end, or said that it did not arrive. Half a file is no file.
					return len(sent) > 1 && strings.HasPrefix(sent[1].Text, red) ||
						len(sent) > 0 && strings.HasPrefix(sent[0].Text, phrase(t, "ru", "gap_unfetched"))
				})
				if err != nil {
					t.Error(err)
				}
				if method == "getFile" && telegram.Count("download") == 0 {
					t.Error("one failure of getFile was taken for the last word")
				}
			})
		}
	}
}

// When Telegram asks to wait, the answer comes, and not sooner.
func TestTelegramAsksToWait(t *testing.T) {
	t.Parallel()
	for _, seconds := range []int{1, 4} { // waited for in the call, and beyond it
		t.Run(fmt.Sprint(seconds), func(t *testing.T) {
			t.Parallel()
			telegram := startTelegram(t, tgt.Options{})
			startBot(t, telegram, quick)
			person := telegram.User(700, "ru")
			other := telegram.User(701, "ru")
			telegram.Fault("sendMessage", 1, tgt.TooMany(seconds).In(person.Chat()))
			person.Sends(codeRU)
			answers(t, telegram, person.Chat(), 1)
			other.Sends(codeRU)
			answers(t, telegram, other.Chat(), 1)
			var asked, came time.Time
			for _, r := range telegram.Requests() {
				if r.Method == "sendMessage" && r.Chat == person.Chat() {
					if r.Status == 429 {
						asked = r.At
					} else if came.IsZero() {
						came = r.At
					}
				}
			}
			if wait := came.Sub(asked); asked.IsZero() || wait < time.Duration(seconds)*time.Second {
				t.Errorf("asked to wait %d s, the answer came after %v", seconds, wait)
			}
			if got := verdicts(t, telegram, person); got != 1 {
				t.Errorf("%d verdicts", got)
			}
		})
	}
}

func TestTheLimitsOfTelegramAreKept(t *testing.T) {
	t.Parallel()
	telegram := startTelegram(t, tgt.Options{Limits: tgt.UsualLimits()})
	startBot(t, telegram, map[string]string{"ALDANBA_CASE_WAIT": "20ms"})
	var people []*tgt.User
	for i := range 20 {
		person := telegram.User(int64(800+i), "ru")
		person.Sends(codeRU)
		people = append(people, person)
	}
	for _, person := range people {
		answers(t, telegram, person.Chat(), 1)
	}
	// A call counts until a second after its answer, so that a slow machine may
	// make the bot slower but never too fast.
	if n := telegram.CountStatus("sendMessage", 429); n > 0 {
		t.Errorf("Telegram had to slow the bot down %d times", n)
	}
}

// The settings reach the limits that they are for: a Telegram that allows so
// much and no more never has to refuse.
func TestTheRatesOfTheSettingsAreKept(t *testing.T) {
	t.Parallel()
	telegram := startTelegram(t, tgt.Options{ReadsGroups: true, Limits: tgt.Limits{
		Global: tgt.Limit{N: 3, Per: time.Second}, Private: tgt.Limit{N: 1, Per: 3 * time.Second}, Group: tgt.Limit{N: 2, Per: time.Minute},
	}})
	startBot(t, telegram, with(quick, "ALDANBA_SEND_RATE", "3", "ALDANBA_CHAT_RATE", "1", "ALDANBA_GROUP_RATE", "2"))
	var people []*tgt.User
	for i := range 4 {
		people = append(people, telegram.User(int64(800+i), "ru"))
	}
	group := telegram.Group(-100000000000777, "Семья", people[0])
	for range 3 { // the third answer waits for a minute
		people[0].In(group).Sends("/help@test_bot")
	}
	for _, person := range people {
		person.Sends("/help")
		person.Sends("/about")
	}
	answers(t, telegram, group.Chat(), 2)
	for _, person := range people {
		answers(t, telegram, person.Chat(), 2)
	}
	if n := telegram.CountStatus("sendMessage", 429); n > 0 {
		t.Errorf("Telegram had to slow the bot down %d times", n)
	}
}

func TestABlockedBotKeepsQuietAndComesBack(t *testing.T) {
	t.Parallel()
	blocked := make(chan struct{}, 100)
	telegram := startTelegram(t, tgt.Options{Observe: func(c tgt.Call) {
		if c.Status == 403 {
			blocked <- struct{}{}
		}
	}})
	startBot(t, telegram, quick)
	person := telegram.User(700, "ru")
	person.Sends("/help")
	answers(t, telegram, person.Chat(), 1)
	telegram.Fault("sendMessage", 1, tgt.Refusal(403, "Forbidden: bot was blocked by the user").In(person.Chat()))
	person.Sends(codeRU) // its answer meets the block
	awaits(t, blocked)
	other := telegram.User(701, "ru")
	other.Sends(codeRU)
	answers(t, telegram, other.Chat(), 1)
	person.Blocks()
	person.Unblocks()
	person.Sends("/help")
	answers(t, telegram, person.Chat(), 2)
	if n := telegram.CountStatus("sendMessage", 403); n != 1 {
		t.Errorf("a chat that refused was written to %d times", n)
	}
}
