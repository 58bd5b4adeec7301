package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aldanba/aldanba/bot"
	"github.com/aldanba/aldanba/bot/dispatch"
	"github.com/aldanba/aldanba/bot/duelist"
	"github.com/aldanba/aldanba/bot/firstaid"
	"github.com/aldanba/aldanba/bot/store"
	"github.com/aldanba/aldanba/detector"
	"github.com/aldanba/aldanba/locales"
)

// noDetector is for conversations of buttons alone.
type noDetector struct{}

func (noDetector) Check(string) *detector.Verdict {
	return &detector.Verdict{Level: detector.NoSigns}
}

func (noDetector) Advice(detector.Level, string, detector.Stage, bool) []string { return nil }

// days is a bot with its memory and due-list over days of a clock that is not
// the wall's. A process of it may end and another begin.
type days struct {
	*testing.T
	cfg    store.Config
	memory *store.Store
	talker *bot.Bot
	said   []string // what was sent, and when
	refuse error    // of the messenger
	end    func()
}

func newDays(t *testing.T, dir string) *days {
	d := &days{T: t, cfg: store.Config{Dir: dir, Secret: strings.Repeat("s", 32), Log: slog.New(slog.DiscardHandler)}}
	d.open()
	t.Cleanup(func() { d.must(d.memory.Close()) })
	return d
}

func (d *days) must(err error) {
	d.Helper()
	if err != nil {
		d.Fatal(err)
	}
}

func (d *days) open() {
	var err error
	d.memory, err = store.Open(d.Context(), d.cfg)
	d.must(err)
	config := bot.Config{Checker: noDetector{}, Sessions: d.memory, History: d.memory, Reminders: reminders{d.memory}, AskConsent: true}
	config.Texts, err = locales.Load()
	d.must(err)
	config.Contacts, err = locales.LoadContacts("")
	d.must(err)
	config.Trees, err = firstaid.Load()
	d.must(err)
	d.talker = bot.New(config)
}

// restart ends the process and begins another on the same memory.
func (d *days) restart() {
	if d.cfg.Dir == "" {
		return // what is in memory ends with the process
	}
	d.must(d.memory.Close())
	d.open()
}

func (d *days) press(id string) {
	d.Helper()
	_, err := d.talker.Handle(d.Context(), bot.Event{Person: "telegram:5", Lang: "ru", Choice: id})
	d.must(err)
}

// SendBulk takes what is said.
func (d *days) SendBulk(_ context.Context, chat string, r bot.Reply) (string, error) {
	if d.refuse != nil {
		return "", d.refuse
	}
	d.said = append(d.said, fmt.Sprintf("%s %s %s", time.Now().In(almaty).Format("01-02 15:04"), chat, strings.Join(strings.Fields(r.Text)[:3], " ")))
	return "1", nil
}

var almaty = time.FixedZone("UTC+5", 5*60*60)

// pass lets a process carry out what is due for a time.
func (d *days) pass(length time.Duration) {
	ctx, stop := context.WithCancel(d.Context())
	runner := duelist.New(duelist.Config{
		Store: d.memory, Quiet: duelist.Night(), Every: 10 * time.Minute, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
		Handlers: map[string]duelist.Handler{kindReminder: remind(d.talker, d, d.memory, slog.New(slog.DiscardHandler))},
	})
	ended := make(chan error, 1)
	go func() { ended <- runner.Run(ctx) }()
	time.Sleep(length)
	synctest.Wait()
	stop()
	d.must(<-ended)
}

// heard gives what was said since the last call, without the minutes.
func (d *days) heard() []string {
	out := slices.Clone(d.said)
	for i, line := range out {
		day, rest, _ := strings.Cut(line, " ")
		hour, words, _ := strings.Cut(rest, ":")
		_, words, _ = strings.Cut(words, " telegram:5 ")
		out[i] = day + " " + hour + "h " + words
	}
	d.said = nil
	return out
}

func (d *days) wants(want ...string) {
	d.Helper()
	if got := d.heard(); !slices.Equal(got, want) {
		d.Errorf("said %q, want %q", got, want)
	}
}

// onBothStores runs a test in memory and in the embedded store, in a bubble of
// time that begins on 1 January 2000 at 05:00 in Almaty.
func onBothStores(t *testing.T, run func(d *days)) {
	for name, dir := range map[string]string{"memory": "", "embedded": "dir"} {
		t.Run(name, func(t *testing.T) {
			if dir != "" {
				dir = t.TempDir()
			}
			synctest.Test(t, func(t *testing.T) {
				time.Sleep(8 * time.Hour) // 13:00
				run(newDays(t, dir))
			})
		})
	}
}

const day = 24 * time.Hour

func TestRemindersComeAtTheirTimesAcrossRestarts(t *testing.T) {
	onBothStores(t, func(d *days) {
		d.press("remind:money:m:yes")
		d.press("remind:money:m:yes") // once more: nothing is doubled
		d.pass(30 * time.Minute)
		d.restart()
		d.pass(2 * time.Hour)
		d.wants("01-01 14h Напоминаем о банке.")
		d.restart()
		d.pass(2 * day)
		d.wants("01-02 13h Напоминаем о полиции.")
		d.pass(6 * day)
		d.restart()
		d.pass(30 * day)
		d.wants("01-08 13h Напоминаем о запрете", "01-31 13h Напоминаем: кто обещает")
		d.pass(60 * day)
		d.wants()
	})
}

func TestTheNightIsQuietButForTheFirstHour(t *testing.T) {
	onBothStores(t, func(d *days) {
		time.Sleep(10*time.Hour + 30*time.Minute) // 23:30
		d.press("remind:loan:r:yes")
		d.pass(3 * time.Hour)
		d.wants("01-02 00h Напоминаем о кредите.")
		d.pass(34 * time.Hour)
		d.wants("01-03 08h Напоминаем о полиции.")
	})
}

func TestAfterAnOutageOnlyTheLastReminderIsSaid(t *testing.T) {
	onBothStores(t, func(d *days) {
		d.press("remind:money:m:yes")
		time.Sleep(9 * day)
		d.restart()
		d.pass(day)
		d.wants("01-10 13h Напоминаем о запрете") // the hour is over, the day is merged into the week
		d.pass(25 * day)
		d.wants("01-31 13h Напоминаем: кто обещает")
	})
}

func TestStoppingAndForgettingDeleteReminders(t *testing.T) {
	for _, end := range []string{"remind:stop", bot.ChoiceForget, "remember:no"} {
		onBothStores(t, func(d *days) {
			d.press("remind:money:m:yes")
			d.pass(2 * time.Hour)
			d.wants("01-01 14h Напоминаем о банке.")
			d.press(end)
			due, err := d.memory.Due(d.Context(), time.Now().Add(100*day), 10, time.Second)
			d.must(err)
			if len(due) != 0 {
				d.Errorf("after %s there are still %d", end, len(due))
			}
		})
	}
}

func TestWhatAChatDoesNotTake(t *testing.T) {
	for name, test := range map[string]struct {
		err    error
		gone   bool
		mended string // what is heard when the chat takes messages again
	}{
		"gone":    {err: dispatch.ErrGone, gone: true},
		"refused": {err: fmt.Errorf("so it is: %w", dispatch.ErrRefused)},
		"later":   {err: &dispatch.RetryError{After: time.Minute}, mended: "Напоминаем о банке."},
		"other":   {err: errors.New("the line is dead"), mended: "Напоминаем о банке."},
	} {
		t.Run(name, func(t *testing.T) {
			onBothStores(t, func(d *days) {
				d.press("remind:money:m:yes")
				d.refuse = test.err
				d.pass(70 * time.Minute)
				d.refuse = nil
				d.pass(time.Hour)
				if got := strings.Join(d.heard(), ""); !strings.HasSuffix(got, test.mended) || test.mended == "" && got != "" {
					d.Errorf("heard %q, want %q", got, test.mended)
				}
				gone, err := d.memory.IsGone(d.Context(), "telegram:5")
				d.must(err)
				if gone != test.gone {
					d.Errorf("gone: %v", gone)
				}
			})
		})
	}
}
