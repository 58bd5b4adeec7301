package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aldanba/aldanba/bot/store"
	tgt "github.com/aldanba/aldanba/bot/telegram/telegramtest"
)

// What is told in an interview, one canary of each kind.
const (
	payeeCard  = "4242 4242 4242 4242"
	payeePhone = "+7 700 000 00 88"
	payeeIBAN  = "KZ86125KZT5004100100"
	payeeName  = "Канарейкин Пётр"
	ownName    = "Жемчужникова Анна"
	ownBank    = "Канареечный банк"
	theirName  = "Служба Канареек"
	theirFile  = "canary of an original"
	spokenWord = "Канареечногодня"
)

func draftCanaries() []string {
	all := []string{payeeCard, payeePhone, payeeIBAN, payeeName, ownName, ownBank, theirName, theirFile, spokenWord}
	for _, c := range all[:3] {
		all = append(all, strings.ReplaceAll(c, " ", ""))
	}
	return append(all, "Канарейкин", "Жемчужникова")
}

// TestWhatIsToldForAStatementIsInTheDraftAlone: an interview is held to its
// end; before and after the papers are handed over, all that the bot keeps,
// logs and counts is looked through.
func TestWhatIsToldForAStatementIsInTheDraftAlone(t *testing.T) {
	t.Parallel()
	for _, memory := range memories {
		t.Run(memory.name, func(t *testing.T) {
			t.Parallel()
			telegram := startTelegram(t, tgt.Options{})
			settings := with(with(quick, "LOG_LEVEL", "DEBUG", "LOG_FORMAT", "json", "ALDANBA_TRANSCRIBE_CMD", transcriber(t)), pairs(memory.make(t))...)
			b := startBot(t, telegram, settings)
			c := &cast{T: t, telegram: telegram, bot: b, person: telegram.User(privateID, "ru"), lang: "ru"}
			// What is told before the interview is offered in it, and kept nowhere.
			c.tells(1, "Я перевела мошенникам 450 000 тенге на карту "+payeeCard+", что делать?", "")
			c.presses("aid.way_money_card")
			c.presses("aid.choice_done")
			for range 3 {
				c.presses("aid.choice_done")
			}
			c.presses("aid.choice_remind_yes")
			c.begins()
			from := tgt.Forwarded(tgt.FromHidden(theirName))
			c.posts(1, tgt.Text("Переведите на "+payeeIBAN+", "+payeeName), from)
			c.posts(1, tgt.Document("chat.dat", "application/octet-stream", []byte(theirFile)), from)
			c.asks("choice_ready", "choice_wrong")
			heard := c.posts(1, tgt.Voice(voice(spokenWord), 5*time.Second))[0]
			c.sees(heard)
			c.asks("choice_right", "choice_right", "choice_wrong")
			c.tells(1, payeeName+", "+payeeCard+", "+payeePhone+", "+payeeIBAN, "")
			c.asks("contact_call", "choice_skip")
			c.tells(1, ownBank, "")
			c.tells(1, ownName, "")
			b.stops(t)
			c.leaksNothing(settings)
			draft := c.kept(settings)
			for _, canary := range []string{payeeCard, payeePhone, payeeIBAN, payeeName, ownName, ownBank, theirName, spokenWord} {
				if !strings.Contains(draft, canary) {
					t.Errorf("%q is not in the draft", canary)
				}
			}

			c.bot = startBot(t, telegram, settings)
			c.tells(1, "/statement", "")
			c.papers(5)
			c.gone()
			_, numbers := get(t, c.bot.address+"/metrics")
			for _, canary := range draftCanaries() {
				if strings.Contains(numbers, canary) {
					t.Errorf("%q is in the metrics", canary)
				}
			}
			c.bot.stops(t)
			c.leaksNothing(settings)
			if draft := c.kept(settings); draft != "" {
				t.Errorf("the draft is still there: %s", draft)
			}
		})
	}
}

// leaksNothing looks for canaries in what lies on the disk and in the log.
func (c *cast) leaksNothing(settings map[string]string) {
	c.Helper()
	for name, data := range c.bot.leaves(c.T, settings) {
		for _, canary := range draftCanaries() {
			if bytes.Contains(data, []byte(canary)) {
				c.Errorf("%q can be read in %s", canary, name)
			}
		}
	}
}

// leaves gives all that a bot that has ended has left behind: its log, and
// every byte of its memory.
func (b *running) leaves(t *testing.T, settings map[string]string) map[string][]byte {
	t.Helper()
	places := map[string][]byte{"the log": []byte(b.log.String())}
	if socket, isRedis := strings.CutPrefix(settings["REDIS_URL"], "unix://"); isRedis {
		err := filepath.WalkDir(filepath.Dir(socket), func(path string, d os.DirEntry, err error) error {
			if err == nil && d.Type().IsRegular() {
				places[path], err = os.ReadFile(path)
			}
			return err
		})
		if err != nil || len(places) < 2 {
			t.Fatalf("the memory of Redis is not where it is looked for: %v", err)
		}
		return places
	}
	for name, data := range filesOf(t, b.data) {
		places[name] = data
	}
	return places
}

// kept opens the memory and looks for canaries in every record of the person
// but the draft, which it gives.
func (c *cast) kept(settings map[string]string) (draft string) {
	c.Helper()
	memory, err := store.Open(c.Context(), store.Config{Dir: settings["ALDANBA_DATA"], RedisURL: settings["REDIS_URL"], Secret: settings["ALDANBA_SECRET"]})
	if err != nil {
		c.Fatal(err)
	}
	defer memory.Close()
	const person = "telegram:7412589635"
	var others []any
	keep := func(value any, err error) {
		if err != nil {
			c.Fatal(err)
		}
		others = append(others, value)
	}
	session, err := memory.Load(c.Context(), person)
	keep(session, err)
	if session.Lang != "ru" {
		c.Fatalf("this is not the memory of the person: %+v", session)
	}
	verdicts, err := memory.Verdicts(c.Context(), person)
	keep(verdicts, err)
	pieces, err := memory.Pieces(c.Context(), person)
	keep(pieces, err)
	waiting, _, err := memory.Waiting(c.Context(), "", 10)
	keep(waiting, err)
	if len(waiting) > 0 {
		c.Errorf("the inbox still holds what was answered: %v", waiting)
	}
	due, err := memory.Due(c.Context(), time.Now().AddDate(1, 0, 0), 100, time.Millisecond)
	keep(due, err)
	if len(due) == 0 {
		c.Error("the reminders are not kept")
	}
	text, err := json.Marshal(others)
	if err != nil {
		c.Fatal(err)
	}
	for _, canary := range draftCanaries() {
		if bytes.Contains(text, []byte(canary)) {
			c.Errorf("%q is kept beside the draft: %s", canary, text)
		}
	}
	data, err := memory.LoadDraft(c.Context(), person)
	if err != nil {
		c.Fatal(err)
	}
	return string(data)
}
