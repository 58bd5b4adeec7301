package telegramtest_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aldanba/aldanba/bot/telegram/telegramtest"
)

func keyboard(rows ...[]map[string]any) map[string]any {
	return map[string]any{"inline_keyboard": rows}
}

func button(label, data string) map[string]any {
	return map[string]any{"text": label, "callback_data": data, "copy_text": map[string]any{"text": ""}}
}

func TestConversation(t *testing.T) {
	s, bot := start(t, telegramtest.Options{})
	u := s.User(7, "kk").Named("Aruzhan", "", "")
	asked := u.Sends("Is it a scam? https://bonus.example.kz/x")
	got := bot.updates(nil)
	if len(got) != 1 || got[0].ID != asked.Update.ID || got[0].Message["text"] != asked.Text {
		t.Fatalf("got %v", got)
	}
	first := bot.ok("sendMessage", map[string]any{
		"chat_id": 7, "text": "<b>Checking</b>…", "parse_mode": "HTML", "reply_parameters": map[string]any{"message_id": asked.ID},
		"link_preview_options": map[string]any{"is_disabled": true},
		"reply_markup":         keyboard([]map[string]any{button("Help", "h:1"), {"text": "Site", "url": "https://example.kz"}}),
	})
	if first["reply_to_message"].(map[string]any)["message_id"] != float64(asked.ID) {
		t.Errorf("not a reply: %v", first)
	}
	bot.ok("editMessageText", map[string]any{
		"chat_id": 7, "message_id": first["message_id"], "text": "Do not pay!", "reply_markup": keyboard([]map[string]any{button("Help", "h:1")}),
	})
	press, err := u.Presses("Help")
	if err != nil {
		t.Fatal(err)
	}
	if _, _, done := s.Answered(press); done {
		t.Error("answered before it was")
	}
	got = bot.updates(map[string]any{"offset": asked.Update.ID + 1})
	if len(got) != 1 || got[0].Press["data"] != "h:1" || got[0].Press["id"] != press.ID {
		t.Fatalf("got %v", got)
	}
	bot.ok("answerCallbackQuery", map[string]any{"callback_query_id": press.ID, "text": "One moment"})
	if toast, alert, done := s.Answered(press); toast != "One moment" || alert || !done {
		t.Errorf("got %q %v %v", toast, alert, done)
	}
	second := bot.ok("sendMessage", map[string]any{"chat_id": 7, "text": "Call 102", "disable_notification": true})
	bot.ok("setMessageReaction", map[string]any{"chat_id": 7, "message_id": asked.ID, "reaction": []any{map[string]any{"type": "emoji", "emoji": "👀"}}})
	bot.ok("deleteMessage", map[string]any{"chat_id": 7, "message_id": second["message_id"]})
	bot.ok("sendChatAction", map[string]any{"chat_id": 7, "action": "typing"})

	want := strings.TrimLeft(`
#1 Aruzhan:
    Is it a scam? https://bonus.example.kz/x
#2 Test bot (to #1):
    Checking…
    [Help] [Site](https://example.kz)
#2 Test bot, edited:
    Do not pay!
    [Help]
Aruzhan presses [Help] of #2
Test bot shows for a moment: One moment
#3 Test bot (silent):
    Call 102
Test bot reacts to #1: 👀
#3 is deleted
`, "\n")
	if diff := cmp.Diff(want, s.Conversation(7)); diff != "" {
		t.Error(diff)
	}
	sent := s.Sent(7)
	if len(sent) != 2 || sent[0].Text != "Do not pay!" || sent[0].ReplyTo != 1 || len(sent[0].Edits) != 1 ||
		sent[0].Edits[0].HTML != "<b>Checking</b>…" || !sent[1].Deleted || !sent[1].Silent || s.Typing(7) != 1 {
		t.Errorf("got %+v", sent)
	}
	if s.Count("sendMessage") != 2 || s.CountStatus("editMessageText", 200) != 1 || len(s.Leaks("Call 102")) != 1 {
		t.Error("wrong counts")
	}
}

func TestWaits(t *testing.T) {
	s, bot := start(t, telegramtest.Options{})
	u := s.User(7, "ru")
	u.Sends("one")
	done := make(chan []telegramtest.Message)
	go func() {
		first, err := u.Awaits(timeout(t), 1)
		if err != nil {
			t.Error(err)
		}
		second, err := u.Awaits(timeout(t), 2)
		if err != nil {
			t.Error(err)
		}
		done <- append(first, second...)
	}()
	for _, text := range []string{"a", "b", "c"} {
		bot.ok("sendMessage", map[string]any{"chat_id": 7, "text": text})
	}
	got := <-done
	if len(got) != 3 || got[0].Text+got[1].Text+got[2].Text != "abc" {
		t.Errorf("got %+v", got)
	}
}
