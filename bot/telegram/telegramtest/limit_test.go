package telegramtest_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/aldanba/aldanba/bot/telegram/telegramtest"
)

func TestLimits(t *testing.T) {
	clock := newClock()
	s, c := start(t, telegramtest.Options{Now: clock.Now, Limits: telegramtest.StrictLimits()})
	u := s.User(7, "ru")
	u.Sends("hi")
	g := s.Group(-5, "Family", u)
	send := func(chat int64) reply {
		return c.call("sendMessage", map[string]any{"chat_id": chat, "text": "x"})
	}
	expect := func(what string, r reply, wait int) {
		t.Helper()
		if r.OK != (wait == 0) || r.Parameters.RetryAfter != wait {
			t.Errorf("%s: %d %q", what, r.Code, r.Description)
		}
		if wait > 0 && (r.Code != 429 || r.Description != fmt.Sprintf("Too Many Requests: retry after %d", wait) || r.header.Get("Retry-After") != fmt.Sprint(wait)) {
			t.Errorf("%s: %+v", what, r)
		}
	}
	expect("first", send(7), 0)
	expect("at once", send(7), 1)
	expect("an edit counts", c.call("editMessageText", map[string]any{"chat_id": 7, "message_id": 2, "text": "y"}), 1)
	c.ok("sendChatAction", map[string]any{"chat_id": 7, "action": "typing"})
	clock.Advance(time.Second)
	expect("a second later", send(7), 0)

	for i := range 20 {
		expect(fmt.Sprint("group ", i), send(g.Chat()), 0)
		clock.Advance(100 * time.Millisecond)
	}
	expect("group 20", send(g.Chat()), 58)
	clock.Advance(58 * time.Second)
	expect("group after a minute", send(g.Chat()), 0)
	expect("group: the window slides", send(g.Chat()), 1)

	clock.Advance(time.Minute)
	for i := range int64(31) {
		s.User(100+i, "ru").Sends("hi")
		wait := 0
		if i == 30 {
			wait = 1
		}
		expect(fmt.Sprint("global ", i), send(100+i), wait)
	}
	if got := s.CountStatus("sendMessage", 429); got != 4 {
		t.Errorf("%d refused", got)
	}

	s.SetLimits(telegramtest.UsualLimits())
	for i := range 5 {
		expect(fmt.Sprint("burst ", i), send(7), 0)
	}
	expect("after the burst", send(7), 5)
	s.SetLimits(telegramtest.Limits{})
	expect("without limits", send(7), 0)
}
