package telegramtest_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aldanba/aldanba/bot/telegram/telegramtest"
)

func TestSendRefusals(t *testing.T) {
	s, c := start(t, telegramtest.Options{})
	u := s.User(7, "ru")
	u.Sends("hi")
	s.User(8, "ru")
	blocked := s.User(9, "ru")
	blocked.Sends("hi")
	blocked.Blocks()
	gone := s.User(10, "ru")
	gone.Sends("hi")
	gone.Vanishes()
	kicked := s.Group(-11, "Kicked", u)
	kicked.Kicks(u)
	old := s.Group(-12, "Old", u)
	old.Migrates(-1000000000012)
	left := s.Group(-1000000000013, "Left", u)
	c.ok("leaveChat", map[string]any{"chat_id": left.Chat()})

	inline := func(button map[string]any) map[string]any {
		return map[string]any{"chat_id": 7, "text": "x", "reply_markup": keyboard([]map[string]any{button})}
	}
	html := func(text string) map[string]any {
		return map[string]any{"chat_id": 7, "text": text, "parse_mode": "html"}
	}
	many := make([]map[string]any, 101)
	for i := range many {
		many[i] = button("x", "y")
	}
	const bad = "Bad Request: "
	for _, test := range []struct {
		code        int
		description string
		arguments   map[string]any
	}{
		{400, bad + "message text is empty", map[string]any{"chat_id": 7}},
		{400, bad + "message text is empty", map[string]any{"chat_id": 7, "text": ""}},
		{400, bad + "text must be non-empty", map[string]any{"chat_id": 7, "text": " \n"}},
		{400, bad + "text must be non-empty", html("<b> </b>")},
		{400, bad + "message is too long", map[string]any{"chat_id": 7, "text": strings.Repeat("ы", 4097)}},
		{400, bad + "message is too long", map[string]any{"chat_id": 7, "text": strings.Repeat("🙂", 2049)}},
		{400, bad + "chat_id is empty", map[string]any{"text": "x"}},
		{400, bad + "chat not found", map[string]any{"chat_id": 70, "text": "x"}},
		{400, bad + "chat not found", map[string]any{"chat_id": "@channel", "text": "x"}},
		{403, "Forbidden: bot can't initiate conversation with a user", map[string]any{"chat_id": 8, "text": "x"}},
		{403, "Forbidden: bot was blocked by the user", map[string]any{"chat_id": 9, "text": "x"}},
		{403, "Forbidden: user is deactivated", map[string]any{"chat_id": 10, "text": "x"}},
		{403, "Forbidden: bot was kicked from the group chat", map[string]any{"chat_id": -11, "text": "x"}},
		{403, "Forbidden: bot is not a member of the supergroup chat", map[string]any{"chat_id": left.Chat(), "text": "x"}},
		{400, bad + "group chat was upgraded to a supergroup chat", map[string]any{"chat_id": -12, "text": "x"}},
		{400, bad + "unsupported parse_mode", map[string]any{"chat_id": 7, "text": "x", "parse_mode": "rtf"}},
		{400, bad + "message to be replied not found", map[string]any{"chat_id": 7, "text": "x", "reply_parameters": map[string]any{"message_id": 99}}},
		{400, bad + "message to be replied not found", map[string]any{"chat_id": 7, "text": "x", "reply_to_message_id": 99}},
		{400, bad + "QUOTE_TEXT_INVALID", map[string]any{"chat_id": 7, "text": "x", "reply_parameters": map[string]any{"message_id": 1, "quote": "zz"}}},
		{400, bad + "can't parse reply parameters JSON object", map[string]any{"chat_id": 7, "text": "x", "reply_parameters": "1"}},
		{400, bad + "can't parse link preview options JSON object", map[string]any{"chat_id": 7, "text": "x", "link_preview_options": "["}},
		{400, bad + "can't parse reply keyboard markup JSON object", map[string]any{"chat_id": 7, "text": "x", "reply_markup": "{"}},
		{400, bad + "object expected as reply markup", map[string]any{"chat_id": 7, "text": "x", "reply_markup": []int{}}},
		{400, bad + `field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays`, map[string]any{"chat_id": 7, "text": "x", "reply_markup": map[string]any{"inline_keyboard": []int{1}}}},
		{400, bad + "BUTTON_DATA_INVALID", inline(button("x", strings.Repeat("я", 33)))},
		{400, bad + "inline keyboard button text must be non-empty", inline(button(" ", "x"))},
		{400, bad + `can't parse inline keyboard button: Can't find field "text"`, inline(map[string]any{"callback_data": "x"})},
		{400, bad + "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard", inline(map[string]any{"text": "x"})},
		{400, bad + "BUTTON_COPY_TEXT_INVALID", inline(map[string]any{"text": "x", "copy_text": map[string]any{"text": ""}})},
		{400, bad + "inline keyboard button URL 'http://x' is invalid: Wrong HTTP URL", inline(map[string]any{"text": "x", "url": "x"})},
		{400, bad + "reply markup is too long", map[string]any{"chat_id": 7, "text": "x", "reply_markup": keyboard(many)}},
		{400, bad + `can't parse entities: Unsupported start tag "div" at byte offset 2`, html("я<div>x</div>")},
		{400, bad + "can't parse entities: Unclosed start tag at byte offset 2", html("1 <2")},
		{400, bad + `can't parse entities: Unsupported start tag "" at byte offset 2`, html("1 < 2")},
		{400, bad + `can't parse entities: Can't find end tag corresponding to start tag "b"`, html("<b>x")},
		{400, bad + "can't parse entities: Unexpected end tag at byte offset 1", html("x</b>")},
		{400, bad + `can't parse entities: Unmatched end tag at byte offset 4, expected "</b>", found "</i>"`, html("<b>x</i>")},
		{400, bad + "can't parse entities: Unclosed end tag at byte offset 4", html("<b>x</b")},
		{400, bad + `can't parse entities: Unclosed start tag "a" at byte offset 0`, html(`<a href `)},
		{400, bad + "can't parse entities: Unclosed start tag at byte offset 0", html(`<a href="x>`)},
		{400, bad + `can't parse entities: Empty attribute name in the tag "a" at byte offset 0`, html(`<a ="x">`)},
		{400, bad + "can't parse entities: Unexpected end of name token at byte offset 8", html(`<a href=x:y>z</a>`)},
		{400, bad + `can't parse entities: Tag "span" must have class "tg-spoiler" at byte offset 0`, html(`<span>z</span>`)},
	} {
		r := c.refused(test.code, test.description, "sendMessage", test.arguments)
		if strings.Contains(test.description, "upgraded") && r.Parameters.MigrateTo != -1000000000012 {
			t.Errorf("migrates to %d", r.Parameters.MigrateTo)
		}
	}
	if sent := s.Sent(7); len(sent) != 0 {
		t.Errorf("refused messages arrived: %+v", sent)
	}
	c.ok("sendMessage", map[string]any{"chat_id": 7, "text": strings.Repeat("🙂", 2048)})
	c.ok("sendMessage", map[string]any{"chat_id": 7, "text": "x", "reply_parameters": map[string]any{"message_id": 99, "allow_sending_without_reply": true}})
	blocked.Unblocks()
	c.ok("sendMessage", map[string]any{"chat_id": 9, "text": "x"})
}

func TestEdits(t *testing.T) {
	s, c := start(t, telegramtest.Options{})
	u := s.User(7, "ru")
	u.Sends("hi")
	one := keyboard([]map[string]any{button("a", "1")})
	c.ok("sendMessage", map[string]any{"chat_id": 7, "text": "<b>x</b>", "parse_mode": "HTML", "reply_markup": one})
	c.multipart("sendDocument", multipartFile("7", "document", "a.txt", "x"))

	const notModified = "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message"
	edit := func(id int, text string, markup any) map[string]any {
		return map[string]any{"chat_id": 7, "message_id": id, "text": text, "parse_mode": "HTML", "reply_markup": markup}
	}
	c.refused(400, notModified, "editMessageText", edit(2, " <b>x</b>\n", one))
	c.refused(400, notModified, "editMessageReplyMarkup", edit(2, "", one))
	c.refused(400, "Bad Request: message to edit not found", "editMessageText", edit(99, "y", nil))
	c.refused(400, "Bad Request: message can't be edited", "editMessageText", edit(1, "y", nil))
	c.refused(400, "Bad Request: there is no text in the message to edit", "editMessageText", edit(3, "y", nil))
	c.refused(400, "Bad Request: message to delete not found", "deleteMessage", edit(99, "", nil))

	got := c.ok("editMessageText", edit(2, "x", one)) // only the format changes
	if got["edit_date"] == nil || got["reply_markup"] == nil || got["entities"] != nil {
		t.Errorf("got %v", got)
	}
	c.ok("editMessageText", edit(2, "x", nil)) // which takes the buttons away
	if labels := s.Sent(7)[0].Labels(); labels != nil {
		t.Errorf("buttons are left: %v", labels)
	}
	c.ok("editMessageReplyMarkup", edit(2, "", keyboard([]map[string]any{button("b", "2"), button("c", "3")})))
	if diff := cmp.Diff([]string{"b", "c"}, s.Sent(7)[0].Labels()); diff != "" {
		t.Error(diff)
	}
	if n := len(s.Sent(7)[0].Edits); n != 3 {
		t.Errorf("%d edits", n)
	}
	c.ok("deleteMessage", edit(2, "", nil))
	c.refused(400, "Bad Request: message to edit not found", "editMessageText", edit(2, "z", nil))
}

func TestHTML(t *testing.T) {
	s, c := start(t, telegramtest.Options{})
	s.User(7, "ru").Sends("hi")
	for _, test := range []struct {
		source, text, entities string
	}{
		{"plain &amp; &lt;b&gt; &nbsp; &#1103; &", "plain & <b> &nbsp; я &", `null`},
		{"🙂<b>ә<i>б</i></b>", "🙂әб", `[{"offset":2,"length":2,"type":"bold"},{"offset":3,"length":1,"type":"italic"}]`},
		{`<a href="https://x.kz/?a=1&amp;b=2">link</a>`, "link", `[{"offset":0,"length":4,"type":"text_link","url":"https://x.kz/?a=1&b=2"}]`},
		{`<A href='tg://user?id=1'>x</A> <a>x.kz</a> <a>no</a>`, "x x.kz no", `[{"offset":0,"length":1,"type":"text_link","url":"tg://user?id=1"},{"offset":2,"length":4,"type":"text_link","url":"x.kz"}]`},
		{"<pre><code class=\"language-go\">a</code></pre><code>b</code>", "ab", `[{"offset":0,"length":1,"type":"pre","language":"go"},{"offset":1,"length":1,"type":"code"}]`},
		{"<blockquote>q</blockquote><blockquote expandable>r</blockquote>", "qr", `[{"offset":0,"length":1,"type":"blockquote"},{"offset":1,"length":1,"type":"expandable_blockquote"}]`},
		{"<span class=\"tg-spoiler\">s</span><tg-spoiler>t</tg-spoiler><u>u</u><del>d</del>", "stud", `[{"offset":0,"length":1,"type":"spoiler"},{"offset":1,"length":1,"type":"spoiler"},{"offset":2,"length":1,"type":"underline"},{"offset":3,"length":1,"type":"strikethrough"}]`},
		{"\n <b> x \n</b> ", "x", `[{"offset":0,"length":1,"type":"bold"}]`},
		{"<b></b>x", "x", `null`},
	} {
		got := c.ok("sendMessage", map[string]any{"chat_id": 7, "text": test.source, "parse_mode": "HTML"})
		entities, err := json.Marshal(got["entities"])
		if err != nil {
			t.Fatal(err)
		}
		var want any
		if err := json.Unmarshal([]byte(test.entities), &want); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got["entities"]); diff != "" || got["text"] != test.text {
			t.Errorf("%s: got %q %s", test.source, got["text"], entities)
		}
	}
}

func TestLinksOfAReply(t *testing.T) {
	s, c := start(t, telegramtest.Options{})
	s.User(7, "ru").Sends("hi")
	c.ok("sendMessage", map[string]any{"chat_id": 7, "parse_mode": "HTML", "text": `<a href="https://hidden.example.kz">here</a> open.example.kz <code>code.example.kz</code> bank[.]kz 1.5 тг`})
	if diff := cmp.Diff([]string{"https://hidden.example.kz", "open.example.kz"}, s.Sent(7)[0].Links()); diff != "" {
		t.Error(diff)
	}
}
