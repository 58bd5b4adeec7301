package main

import (
	"bytes"
	"encoding/binary"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	tgt "github.com/aldanba/aldanba/bot/telegram/telegramtest"
)

// What must be found nowhere but in the conversation: people's words and
// names, and the numbers of cards and telephones not even there.
const (
	privateWord  = "Жемчужинаканарейка"
	privateName  = "Сокровенова"
	privateLogin = "sokrovennaya_canary"
	privateID    = 7_412_589_635
	card         = "4242 4242 4242 4242"
	telephone    = "+7 700 000 00 77"
)

func TestWhatPeopleWriteStaysWithThem(t *testing.T) {
	t.Parallel()
	for _, webhook := range []bool{false, true} {
		refused := make(chan struct{}, 100)
		telegram := startTelegram(t, tgt.Options{Observe: func(c tgt.Call) {
			if c.Method == "sendMessage" && c.Status == 499 {
				refused <- struct{}{}
			}
		}})
		b := start(t, telegram, with(quick, "LOG_LEVEL", "DEBUG", "LOG_FORMAT", "json", "ALDANBA_TRANSCRIBE_CMD", transcriber(t)), webhook)
		person := telegram.User(privateID, "ru").Named("Асель", privateName, privateLogin)
		text := privateWord + ". Срочно переведите 50 000 тенге на карту " + card + " и позвоните " + telephone + ", назовите код 483920 из SMS."
		person.Sends(text)
		answers(t, telegram, person.Chat(), 1)
		person.Sends(text) // under the first alarm nobody is asked
		answers(t, telegram, person.Chat(), 3)
		if _, err := person.Presses(phrase(t, "ru", "choice_yes")); err != nil {
			t.Fatal(err)
		}
		answers(t, telegram, person.Chat(), 4)
		person.Posts(tgt.Voice(voice(text), 5*time.Second), tgt.Forwarded(tgt.FromHidden(privateName)))
		answers(t, telegram, person.Chat(), 6)
		person.Posts(tgt.Document(privateWord+".txt", "text/plain", []byte(text)), tgt.Forwarded(tgt.FromHidden(privateName)))
		answers(t, telegram, person.Chat(), 8)
		// One more waits in the inbox, because it cannot be answered.
		telegram.Fault("sendMessage", -1, tgt.Reset().In(person.Chat()))
		person.Sends(text)
		awaits(t, refused)

		canaries := []string{privateWord, privateName, privateLogin, card, strings.ReplaceAll(card, " ", ""), telephone, "700 000 00 77", "483920"}
		for _, canary := range canaries {
			for _, r := range telegram.Leaks(canary) {
				if r.Method == "webhook" {
					continue // what came, not what went
				}
				t.Errorf("%q went to Telegram by %s: %s", canary, r.Method, r.Body)
			}
		}
		ids := []string{"7412589635", string(binary.BigEndian.AppendUint64(nil, privateID)), string(binary.LittleEndian.AppendUint64(nil, privateID))}
		for _, canary := range append(ids, canaries...) {
			if strings.Contains(b.log.String(), canary) {
				t.Errorf("%q is in the log:\n%s", canary, b.log)
			}
			for name, data := range filesOf(t, b.data) {
				if bytes.Contains(data, []byte(canary)) {
					t.Errorf("%q can be read in %s", canary, name)
				}
			}
		}
		_, numbers := get(t, b.address+"/metrics")
		for _, canary := range append(ids[:1], canaries...) {
			if strings.Contains(numbers, canary) {
				t.Errorf("%q is in the metrics", canary)
			}
		}
	}
}

// filesOf gives all files under a directory, and sees to it that nobody else
// may read them.
func filesOf(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s may be read by others: %v", d.Name(), info.Mode())
		}
		files[d.Name()], err = os.ReadFile(path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < 2 {
		t.Fatalf("the memory is not where it is looked for: %d files", len(files))
	}
	return files
}

func TestWhoeverWatchesSeesWhatHappens(t *testing.T) {
	t.Parallel()
	telegram := startTelegram(t, tgt.Options{})
	b := startBot(t, telegram, quick)
	person := telegram.User(700, "ru")
	person.Sends(codeRU)
	answers(t, telegram, person.Chat(), 1)
	person.Sends("/about")
	answers(t, telegram, person.Chat(), 2)
	// One answer has to be tried again, another meets a block.
	telegram.Fault("sendMessage", 1, tgt.Refusal(500, "Internal Server Error").In(person.Chat()))
	person.Sends("/about")
	answers(t, telegram, person.Chat(), 3)
	other := telegram.User(701, "ru")
	telegram.Fault("sendMessage", 1, tgt.Refusal(403, "Forbidden: bot was blocked by the user").In(other.Chat()))
	other.Sends("/about")
	for _, path := range []string{"/healthz", "/readyz"} {
		if status, body := get(t, b.address+path); status != 200 || body != "ok\n" {
			t.Errorf("%s: %d %q", path, status, body)
		}
	}
	for _, want := range []string{
		`aldanba_verdicts_total\{lang="ru",level="scam",scheme="[a-z_]+"\} 1`, `aldanba_cases_total\{result="answered"\} 3`,
		`aldanba_store_up 1`, `aldanba_waiting_chats \d`, `aldanba_waiting_updates \d`, `aldanba_stage_seconds_count\{stage="handle"\} \d`,
		`aldanba_messenger_call_seconds_count\{method="sendMessage"\} 5`, `aldanba_messenger_failures_total\{method="sendMessage",reason="server"\} 1`,
		`aldanba_send_failures_total\{reason="gone"\} 1`, `aldanba_cases_total\{result="gone"\} 1`,
	} {
		// An answer arrives before it is counted.
		line := regexp.MustCompile(`(?m)^` + want + `$`)
		eventually(t, "the metrics have "+want, func() bool {
			status, body := get(t, b.address+"/metrics")
			return status == 200 && line.MatchString(body)
		})
	}
	if status, _ := get(t, b.address+"/telegram"); status != 404 {
		t.Errorf("without a webhook its address answers %d", status)
	}
}

func TestTheWebhookLetsNobodyElseIn(t *testing.T) {
	t.Parallel()
	telegram := startTelegram(t, tgt.Options{})
	b := start(t, telegram, quick, true)
	person := telegram.User(700, "ru")
	person.Sends("/about")
	answers(t, telegram, person.Chat(), 1)
	forged := `{"update_id":1,"message":{"message_id":1,"date":1,"chat":{"id":700,"type":"private"},"from":{"id":700,"first_name":"X"},"text":"/help"}}`
	for name, c := range map[string]struct {
		method, secret, body string
		want                 int
	}{
		"no secret":      {"POST", "", forged, 401},
		"another secret": {"POST", webhookSecret + "0", forged, 401},
		"another method": {"GET", webhookSecret, "", 405},
		"no update":      {"POST", webhookSecret, "[]", 400},
		"too long":       {"POST", webhookSecret, strings.Repeat(" ", 1<<20+1<<10), 413},
	} {
		if got := deliver(t, b.address+"/telegram", c.method, c.secret, c.body); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
	person.Sends("/about")
	if got := answers(t, telegram, person.Chat(), 2)[1].Text; got != phrase(t, "ru", "about_bot") {
		t.Errorf("a forged update was answered with %q", got)
	}
}
