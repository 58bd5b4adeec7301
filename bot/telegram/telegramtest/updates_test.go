package telegramtest_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aldanba/aldanba/bot/telegram/telegramtest"
)

func texts(updates []update) []string {
	var all []string
	for _, u := range updates {
		if u.Message != nil {
			all = append(all, fmt.Sprint(u.Message["text"]))
		}
	}
	return all
}

func TestOffsets(t *testing.T) {
	s, c := start(t, telegramtest.Options{})
	u := s.User(7, "ru")
	var sent []telegramtest.Message
	for _, text := range []string{"a", "b", "c", "d"} {
		sent = append(sent, u.Sends(text))
	}
	for _, test := range []struct {
		name      string
		arguments map[string]any
		want      []string
		left      int
	}{
		{"all", nil, []string{"a", "b", "c", "d"}, 4},
		{"again, since nothing was confirmed", nil, []string{"a", "b", "c", "d"}, 4},
		{"limit", map[string]any{"limit": 2}, []string{"a", "b"}, 4},
		{"confirms one", map[string]any{"offset": sent[1].Update.ID}, []string{"b", "c", "d"}, 3},
		{"without offset", map[string]any{"limit": 1}, []string{"b"}, 3},
		{"an offset of the past", map[string]any{"offset": 1}, []string{"b", "c", "d"}, 3},
		{"the last one", map[string]any{"offset": -1}, []string{"d"}, 1},
		{"confirms all", map[string]any{"offset": sent[3].Update.ID + 1}, nil, 0},
	} {
		got := texts(c.updates(test.arguments))
		if diff := cmp.Diff(test.want, got); diff != "" || s.Pending() != test.left {
			t.Errorf("%s: %d left, %s", test.name, s.Pending(), diff)
		}
	}
	s.Redeliver(sent[0].Update)
	if got := c.updates(map[string]any{"offset": sent[3].Update.ID + 1}); len(got) != 1 || got[0].ID != sent[0].Update.ID {
		t.Errorf("not delivered again: %v", got)
	}
	if got := c.updates(nil); len(got) != 0 {
		t.Errorf("delivered twice again: %v", got)
	}
}

func TestAllowedUpdates(t *testing.T) {
	s, c := start(t, telegramtest.Options{})
	u := s.User(7, "ru")
	m := u.Sends("a")
	u.Reacts(m, "👍") // not wanted by default
	u.Edits(m, "b")
	if got := c.updates(nil); len(got) != 2 || got[1].Edited["text"] != "b" {
		t.Errorf("got %v", got)
	}
	c.updates(map[string]any{"allowed_updates": []string{"message", "message_reaction"}})
	u.Edits(m, "c")
	u.Reacts(m, "👍")
	s.Inject(7, `{"rich_message":{"blocks":[]}}`) // whatever is allowed
	got := c.updates(map[string]any{"offset": -2})
	if len(got) != 2 || got[0].Raw["message_reaction"] == nil || got[1].Raw["rich_message"] == nil {
		t.Errorf("got %v", got)
	}
	c.updates(map[string]any{"allowed_updates": []string{}})
	u.Edits(m, "d")
	if got := c.updates(map[string]any{"offset": -1}); got[0].Edited["text"] != "d" {
		t.Errorf("got %v", got)
	}
}

func TestLongPoll(t *testing.T) {
	clock := newClock()
	s, c := start(t, telegramtest.Options{Now: clock.Now, After: clock.After})
	answers := make(chan reply, 3)
	poll := func(offset int64) {
		go func() { answers <- c.call("getUpdates", map[string]any{"timeout": 30, "offset": offset}) }()
		if d := <-clock.set; d != 30*time.Second {
			t.Errorf("waits %v", d)
		}
	}
	poll(0)
	clock.Advance(30 * time.Second)
	if r := <-answers; !r.OK || string(r.Result) != "[]" {
		t.Errorf("after the timeout: %s %s", r.Result, r.Description)
	}
	poll(0)
	m := s.User(7, "ru").Sends("a")
	if r := <-answers; len(readUpdates(t, r.Result)) != 1 {
		t.Errorf("woken by an update: %s", r.Result)
	}
	poll(m.Update.ID + 1)
	poll(m.Update.ID + 1)
	const rival = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
	if r := <-answers; r.Code != 409 || r.Description != rival {
		t.Errorf("the older poll: %+v", r)
	}
	c.ok("setWebhook", map[string]any{"url": "http://127.0.0.1:1/"})
	if r := <-answers; r.Code != 409 || r.Description != "Conflict: terminated by setWebhook request" {
		t.Errorf("the younger poll: %+v", r)
	}
	c.refused(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first", "getUpdates", nil)
	c.ok("deleteWebhook", nil)
	if got := c.updates(nil); len(got) != 0 {
		t.Errorf("got %v", got)
	}
}

func TestFeed(t *testing.T) {
	s, c := start(t, telegramtest.Options{KeepNothing: true})
	const n = 250
	made := 0
	s.Feed(n, func(i int) telegramtest.Update {
		made++
		return telegramtest.TextUpdate(int64(1000+i), "kk", fmt.Sprintf("message %d", i), 1_772_000_000)
	})
	if made != 0 || s.Pending() != n {
		t.Fatalf("%d made, %d pending", made, s.Pending())
	}
	offset, got := int64(0), 0
	for {
		updates := c.updates(map[string]any{"offset": offset})
		if len(updates) == 0 {
			break
		}
		if made > got+100 {
			t.Fatalf("%d made when %d were taken", made, got)
		}
		for _, u := range updates {
			if u.Message["text"] != fmt.Sprintf("message %d", got) || u.Message["chat"].(map[string]any)["id"] != float64(1000+got) {
				t.Fatalf("got %v", u.Message)
			}
			got++
			offset = u.ID + 1
			c.ok("sendMessage", map[string]any{"chat_id": 1000 + got, "text": "seen"})
		}
	}
	if got != n || s.Count("sendMessage") != n || len(s.Sent(1000)) != 0 || len(s.Requests()) != 0 {
		t.Errorf("%d got, %d answered, %d kept", got, s.Count("sendMessage"), len(s.Requests()))
	}
}

func TestObserve(t *testing.T) {
	var calls []telegramtest.Call
	_, c := start(t, telegramtest.Options{KeepNothing: true, Observe: func(call telegramtest.Call) { calls = append(calls, call) }})
	c.ok("sendMessage", map[string]any{"chat_id": 5, "text": "x"})
	c.call("sendMessage", map[string]any{"chat_id": -5, "text": "x"})
	if len(calls) != 2 || calls[0].Method != "sendMessage" || calls[0].Chat != 5 || calls[0].Status != 200 || calls[1].Status != 400 {
		t.Errorf("got %+v", calls)
	}
}

func TestLog(t *testing.T) {
	s, c := start(t, telegramtest.Options{MaxLog: 3})
	s.User(7, "ru").Sends("hi")
	for _, text := range []string{"one", "two", "three", "four"} {
		c.ok("sendMessage", map[string]any{"chat_id": 7, "text": text})
	}
	if s.Leaks("one") != nil || len(s.Leaks("four")) != 1 || len(s.Requests()) != 3 {
		t.Errorf("got %d", len(s.Requests()))
	}
	if !slices.Equal(s.Methods(), []string{"sendMessage"}) {
		t.Errorf("got %v", s.Methods())
	}
}

func TestWaitEndsWithItsContext(t *testing.T) {
	s, _ := start(t, telegramtest.Options{})
	s.User(7, "ru").Sends("hi")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.WaitReply(ctx, 7, 1); err == nil {
		t.Error("no error")
	}
	if _, err := s.WaitReply(t.Context(), 8, 1); err == nil {
		t.Error("no error for a chat that is not there")
	}
}
