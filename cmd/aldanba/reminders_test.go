package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
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

// days is a bot with its memory and due-list over days of a clock of its own.
// A process of it may end and another begin.
type days struct {
	*testing.T
	mu     sync.Mutex // the store looks at the clock by itself
	now    time.Time
	cfg    store.Config
	memory *store.Store
	talker *bot.Bot
	said   []string // when, and the first words
	refuse error    // of the messenger
}

// newDays begins on Monday, 23 November 2026, at 13:00 in Kazakhstan.
func newDays(t *testing.T, dir, redis string) *days {
	d := &days{T: t, now: time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)}
	d.cfg = store.Config{Dir: dir, RedisURL: redis, Secret: strings.Repeat("s", 32), Log: slog.New(slog.DiscardHandler), Clock: d.clock}
	d.open()
	t.Cleanup(func() { d.must(d.memory.Close()) })
	return d
}

func (d *days) clock() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.now
}

// later puts the clock forward.
func (d *days) later(by time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.now = d.now.Add(by)
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
	config := bot.Config{Checker: noDetector{}, Sessions: d.memory, History: d.memory, Reminders: reminders{d.memory}, AskConsent: true, Clock: d.clock}
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
	if d.cfg.Dir == "" && d.cfg.RedisURL == "" {
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
func (d *days) SendBulk(_ context.Context, _ string, r bot.Reply) (string, error) {
	if d.refuse != nil {
		return "", d.refuse
	}
	words := strings.Fields(r.Text)
	d.said = append(d.said, d.clock().In(almaty).Format("01-02 15h ")+strings.Join(words[:3], " "))
	return "1", nil
}

var almaty = time.FixedZone("UTC+5", 5*60*60)

// emptied is a due-list that tells when nothing is due any more.
type emptied struct {
	duelist.Store
	empty func()
}

func (e emptied) Due(ctx context.Context, now time.Time, most int, ttl time.Duration) ([]duelist.Lease, error) {
	leases, err := e.Store.Due(ctx, now, most, ttl)
	if len(leases) == 0 {
		e.empty()
	}
	return leases, err
}

// work lets a process carry out what is due now.
func (d *days) work() {
	ctx, stop := context.WithCancel(d.Context())
	defer stop()
	d.must(duelist.New(duelist.Config{
		Store: emptied{d.memory, stop}, Clock: d.clock, Quiet: duelist.Night(), Every: time.Millisecond, Log: slog.New(slog.DiscardHandler),
		Handlers: map[string]duelist.Handler{kindReminder: remind(d.talker, d, d.memory, slog.New(slog.DiscardHandler))},
	}).Run(ctx))
}

// pass lets a process work for a time, which goes by in hours.
func (d *days) pass(length time.Duration) {
	for ; length > 0; length -= time.Hour {
		d.later(min(time.Hour, length))
		d.work()
	}
}

func (d *days) wants(want ...string) {
	d.Helper()
	if !slices.Equal(d.said, want) {
		d.Errorf("said %q, want %q", d.said, want)
	}
	d.said = nil
}

// onEveryStore runs a test in memory, in the embedded store and in a Redis.
func onEveryStore(t *testing.T, run func(d *days)) {
	t.Run("memory", func(t *testing.T) { run(newDays(t, "", "")) })
	t.Run("embedded", func(t *testing.T) { run(newDays(t, t.TempDir(), "")) })
	t.Run("redis", func(t *testing.T) { run(newDays(t, "", startRedisServer(t).url())) })
}

const day = 24 * time.Hour

func TestRemindersComeAtTheirTimesAcrossRestarts(t *testing.T) {
	onEveryStore(t, func(d *days) {
		d.press("remind:money:m:yes")
		d.press("remind:money:m:yes") // once more: nothing is doubled
		d.pass(30 * time.Minute)
		d.restart()
		d.pass(2 * time.Hour)
		d.wants("11-23 14h Напоминаем о банке.")
		d.restart()
		d.pass(2 * day)
		d.wants("11-24 13h Напоминаем о полиции.")
		d.pass(6 * day)
		d.restart()
		d.pass(25 * day)
		d.wants("11-30 13h Напоминаем о запрете", "12-23 13h Напоминаем: кто обещает")
	})
}

func TestRemindersOutliveTheDeathOfRedis(t *testing.T) {
	// A busy disk puts off what is written every second only.
	server := startRedisServer(t, "--appendfsync", "always")
	d := newDays(t, "", server.url())
	d.press("remind:money:m:yes")
	d.pass(2 * time.Hour)
	d.wants("11-23 14h Напоминаем о банке.")
	server.kill()
	d.now = d.now.Add(2 * day) // nobody is there when the second one is due
	server.start(t, "--appendfsync", "always")
	d.restart()
	d.pass(day)
	d.wants("11-25 16h Напоминаем о полиции.") // late, and the last of those that are
	d.pass(5 * day)
	d.wants("11-30 13h Напоминаем о запрете")
}

func TestTheNightIsQuietButForTheFirstHour(t *testing.T) {
	onEveryStore(t, func(d *days) {
		d.later(10 * time.Hour) // 23:00
		d.press("remind:loan:r:yes")
		d.pass(3 * time.Hour)
		d.wants("11-24 00h Напоминаем о кредите.")
		d.pass(34 * time.Hour)
		d.wants("11-25 08h Напоминаем о полиции.")
	})
}

func TestAfterAnOutageOnlyTheLastReminderIsSaid(t *testing.T) {
	onEveryStore(t, func(d *days) {
		d.press("remind:money:m:yes")
		d.later(9 * day)
		d.restart()
		d.pass(day)
		d.wants("12-02 14h Напоминаем о запрете") // the hour is over, the day is merged into the week
		d.later(20*day - time.Hour)
		d.pass(2 * time.Hour)
		d.wants("12-23 13h Напоминаем: кто обещает")
	})
}

func TestStoppingAndForgettingDeleteReminders(t *testing.T) {
	for _, end := range []string{"remind:stop", bot.ChoiceForget, "remember:no"} {
		onEveryStore(t, func(d *days) {
			d.press("remind:money:m:yes")
			d.pass(2 * time.Hour)
			d.wants("11-23 14h Напоминаем о банке.")
			d.press(end)
			due, err := d.memory.Due(d.Context(), d.clock().Add(100*day), 10, time.Second)
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
			onEveryStore(t, func(d *days) {
				d.press("remind:money:m:yes")
				d.refuse = test.err
				d.pass(time.Hour)
				d.refuse = nil
				d.pass(time.Hour)
				if got := strings.Join(d.said, ""); !strings.HasSuffix(got, test.mended) || test.mended == "" && got != "" {
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
