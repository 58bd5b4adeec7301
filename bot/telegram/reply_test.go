package telegram_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/aldanba/aldanba/bot"
	"github.com/aldanba/aldanba/bot/dispatch"
	"github.com/aldanba/aldanba/bot/firstaid"
	"github.com/aldanba/aldanba/bot/telegram"
	"github.com/aldanba/aldanba/bot/telegram/telegramtest"
	"github.com/aldanba/aldanba/detector/scheme"
)

// fast takes the limits away, for tests of other things.
func fast(c *telegram.Config) { c.Rates = telegram.Rates{Global: 1e5, Chat: 1e4, Group: 1e4} }

// send sends a reply to the person and gives the messages that arrived.
func send(t *testing.T, w *world, r bot.Reply) []telegramtest.Message {
	t.Helper()
	before := len(w.fake.Sent(person))
	if _, err := w.Send(context.Background(), chatOf, r); err != nil {
		t.Fatal(err)
	}
	return w.fake.Sent(person)[before:]
}

// TestReplyReadsAsWritten: whatever is written, people read it letter by letter
// in the same order, in messages that Telegram accepts, and nothing of it is
// taken for markup.
func TestReplyReadsAsWritten(t *testing.T) {
	w := newWorld(t, telegramtest.Options{}, fast)
	w.fake.User(person, "ru").Sends("привет")
	piece := rapid.OneOf(
		rapid.SampledFrom([]string{"<b>", "</b>", "&amp;", "&", "<a href=\"http://x.example\">", "<", ">", "\"", "'", "\n", "\n\n", " ", "👨‍👩‍👧", "е\u0301", "₸", "Қазақша", "&#60;"}),
		rapid.StringN(0, 40, 200),
		rapid.Map(rapid.IntRange(0, 6000), func(n int) string { return strings.Repeat("ж", n) }),
		rapid.Map(rapid.IntRange(0, 900), func(n int) string { return strings.Repeat("слово, ", n) }),
	)
	letters := func(s string) string {
		return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r <= ' ' || unicode.IsSpace(r) }), "")
	}
	rapid.Check(t, func(rt *rapid.T) {
		text := "z" + strings.Join(rapid.SliceOfN(piece, 1, 12).Draw(rt, "text"), "")
		var got strings.Builder
		for i, m := range send(t, w, bot.Reply{Text: text}) {
			got.WriteString(m.Text)
			if n := len(utf16.Encode([]rune(m.Text))); n > 4096 || n == 0 {
				rt.Fatalf("part %d has %d units", i, n)
			}
			for _, e := range m.Entities {
				if strings.Contains("italic underline strikethrough spoiler code pre text_link", e.Type) || e.Type == "bold" && e.Offset != 0 {
					rt.Fatalf("part %d has an entity %+v", i, e)
				}
			}
		}
		// What cannot be shown is not shown.
		want := strings.Map(func(r rune) rune {
			if r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' || r >= 0x7f && r < 0xa0 {
				return -1
			}
			return r
		}, strings.ToValidUTF8(text, "\uFFFD"))
		if letters(got.String()) != letters(want) {
			rt.Fatalf("(-want +got)\n%s", cmp.Diff(letters(want), letters(got.String())))
		}
	})
}

func TestHeadlineIsBold(t *testing.T) {
	w := newWorld(t, telegramtest.Options{}, fast)
	w.fake.User(person, "ru").Sends("привет")
	for text, want := range map[string]string{
		"⛔ Это <мошенники>\n\nНе звоните":         "<b>⛔ Это &lt;мошенники&gt;</b>\n\nНе звоните",
		"Перешлите сообщение":                     "Перешлите сообщение",
		strings.Repeat("длинно ", 40) + "\nи ещё": strings.Repeat("длинно ", 39) + "длинно \nи ещё",
	} {
		m := send(t, w, bot.Reply{Text: text})[0]
		if m.HTML != want || !m.NoPreview || m.ParseMode != "HTML" {
			t.Errorf("got %q, mode %q, preview off %t", m.HTML, m.ParseMode, m.NoPreview)
		}
	}
}

// TestLongReplyBreaksWhereReadingPauses: between paragraphs, else lines, else
// words, and never within what is seen as one sign.
func TestLongReplyBreaksWhereReadingPauses(t *testing.T) {
	w := newWorld(t, telegramtest.Options{}, fast)
	w.fake.User(person, "ru").Sends("привет")
	long := strings.Repeat("а", 3000)
	for name, c := range map[string]struct{ text, first string }{
		"paragraph": {long + "\n\n" + strings.Repeat("б\n", 800), long},
		"line":      {long + "\n" + strings.Repeat("б ", 800), long},
		"word":      {long + " " + strings.Repeat("б", 1500), long},
		"letters":   {strings.Repeat("б", 5000), strings.Repeat("б", 4096)},
		"surrogate": {strings.Repeat("😀", 2049) + "x", strings.Repeat("😀", 2048)},
		"accent":    {strings.Repeat("б", 4095) + "е\u0301" + "x", strings.Repeat("б", 4095)},
		"family":    {strings.Repeat("б", 4092) + "👨‍👩‍👧" + "x", strings.Repeat("б", 4092)},
	} {
		if got := send(t, w, bot.Reply{Text: c.text})[0].Text; got != c.first {
			t.Errorf("%s: the first part has %d letters, want %d", name, utf8.RuneCountInString(got), utf8.RuneCountInString(c.first))
		}
	}
}

func TestPartsOfALongReply(t *testing.T) {
	w := newWorld(t, telegramtest.Options{}, fast)
	asked := w.fake.User(person, "ru").Sends("привет")
	r := bot.Reply{
		Text: "Вердикт\n\n" + strings.Repeat("слово ", 1500), About: fmt.Sprint(asked.ID),
		Choices: []bot.Choice{{ID: "help", Label: "Помощь"}},
	}
	id, err := w.Send(context.Background(), chatOf, r)
	if err != nil {
		t.Fatal(err)
	}
	sent := w.fake.Sent(person)
	if len(sent) != 3 {
		t.Fatalf("%d messages", len(sent))
	}
	if id != fmt.Sprint(sent[0].ID) {
		t.Errorf("the id is %s, the first message's %d", id, sent[0].ID)
	}
	for i, m := range sent {
		if (m.ReplyTo == asked.ID) != (i == 0) || (len(m.Buttons) > 0) != (i == 2) || strings.Contains(m.HTML, "<b>") != (i == 0) {
			t.Errorf("part %d: under %d, %d rows of buttons, %.20q", i, m.ReplyTo, len(m.Buttons), m.HTML)
		}
	}
}

func TestReplyAboutAMessageThatIsGone(t *testing.T) {
	w := newWorld(t, telegramtest.Options{}, fast)
	w.fake.User(person, "ru").Sends("привет")
	for _, about := range []string{"4711", "no number"} {
		if m := send(t, w, bot.Reply{Text: "ответ", About: about}); len(m) != 1 || m[0].ReplyTo != 0 {
			t.Errorf("about %s: %+v", about, m)
		}
	}
}

func TestKeyboard(t *testing.T) {
	w := newWorld(t, telegramtest.Options{}, fast)
	w.fake.User(person, "ru").Sends("привет")
	choices := []bot.Choice{
		{ID: "a", Label: "Проверить"}, {ID: "b", Label: "Помощь"},
		{ID: "c", Label: "Я уже перевёл деньги мошенникам"},
		{ID: "d", Label: "Да"},
		{ID: "e", Label: strings.Repeat("очень ", 20)},
		{ID: "f", Label: "Иә"}, {ID: "g", Label: "Жоқ"}, {ID: "h", Label: " \n"}, {ID: "i", Label: "Тілді\nөзгерту"},
		{ID: strings.Repeat("x", telegram.MaxChoice+1), Label: "Слишком длинный"},
	}
	m := send(t, w, bot.Reply{Text: "Выберите", Choices: choices})[0]
	var got []string
	for _, row := range m.Buttons {
		var labels []string
		for _, b := range row {
			labels = append(labels, b.Label)
			if len(b.Data) > 64 || b.Data == "" {
				t.Errorf("%q holds %d bytes", b.Label, len(b.Data))
			}
		}
		got = append(got, strings.Join(labels, " | "))
	}
	want := []string{
		"Проверить | Помощь", "Я уже перевёл деньги мошенникам", "Да",
		"очень очень очень очень очень очень очень очень очень очень…", "Иә | Жоқ", "Тілді өзгерту",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if !strings.Contains(w.log.String(), "too long an id") {
		t.Error("the button that was left out is not in the log")
	}
}

// TestAllChoicesFit: an id that does not fit into a button is a mistake of the
// program.
func TestAllChoicesFit(t *testing.T) {
	catalogue, err := scheme.LoadCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	ids := []string{
		bot.ChoiceCheck, bot.ChoiceHappened, bot.ChoiceHelp, bot.ChoiceLanguage, bot.ChoicePrivacy, bot.ChoiceMyData,
		bot.ChoiceForget, bot.ChoiceAboutBot, bot.ChoiceWhatsApp, bot.ChoiceGoodbye, bot.ChoiceUnknown, bot.ChoiceStale,
	}
	for _, scheme := range catalogue.IDs() {
		ids = append(ids, "scheme:"+scheme, "nothing:"+scheme)
	}
	ids = append(ids, "aid:"+strings.Repeat("x", firstaid.MaxKey))
	for _, id := range ids {
		if len(id) > telegram.MaxChoice {
			t.Errorf("%s has %d bytes, a button takes %d", id, len(id), telegram.MaxChoice)
		}
	}
}

// press gives the choice that a press of a button with this data means.
func press(t *testing.T, w *world, data string, chat int64) string {
	t.Helper()
	payload := fmt.Sprintf(`{"update_id":9,"callback_query":{"id":"1","from":{"id":5},"message":{"message_id":3,"chat":{"id":%d,"type":"private"}},"data":%q}}`, chat, data)
	event, err := w.Event(context.Background(), []dispatch.Update{{Chat: fmt.Sprint("telegram:", chat), Payload: []byte(payload)}})
	if err != nil {
		t.Fatal(err)
	}
	return event.Choice
}

func TestButtonsOutliveARestartAndNothingElse(t *testing.T) {
	now := time.Date(2025, 11, 20, 23, 59, 0, 0, time.UTC)
	clock := func(c *telegram.Config) { fast(c); c.Now = func() time.Time { return now } }
	w := newWorld(t, telegramtest.Options{}, clock)
	w.fake.User(person, "ru").Sends("привет")
	longest := strings.Repeat("x", telegram.MaxChoice)
	for _, choice := range []string{"aid:money.phone:m:bank_stop:f:done", "check", longest} {
		now = time.Date(2025, 11, 20, 23, 59, 0, 0, time.UTC)
		data := send(t, w, bot.Reply{Text: "?", Choices: []bot.Choice{{ID: choice, Label: "Да"}}})[0].Buttons[0][0].Data
		again := newWorld(t, telegramtest.Options{}, clock) // as after a restart
		otherKey := newWorld(t, telegramtest.Options{}, func(c *telegram.Config) { clock(c); c.ButtonKey = []byte("another key for buttons") })
		for name, c := range map[string]struct {
			w     *world
			data  string
			chat  int64
			after time.Duration
			want  string
		}{
			"at once":             {again, data, person, 0, choice},
			"after thirty days":   {again, data, person, 30 * 24 * time.Hour, choice},
			"after 31 days":       {again, data, person, 31 * 24 * time.Hour, "stale"},
			"clock steps back":    {again, data, person, -24 * time.Hour, choice},
			"from the future":     {again, data, person, -48 * time.Hour, "stale"},
			"another chat":        {again, data, person + 1, 0, "stale"},
			"another key":         {otherKey, data, person, 0, "stale"},
			"another choice":      {again, data[:12] + "forget", person, 0, "stale"},
			"cut off":             {again, data[:12], person, 0, "stale"},
			"empty":               {again, "", person, 0, "stale"},
			"not base64":          {again, "????????????" + choice, person, 0, "stale"},
			"stamp of another":    {again, "AAAA" + data[4:], person, 0, "stale"},
			"longer than allowed": {again, data + strings.Repeat("y", 60), person, 0, "stale"},
		} {
			now = time.Date(2025, 11, 20, 23, 59, 0, 0, time.UTC).Add(c.after)
			if got := press(t, c.w, c.data, c.chat); got != c.want {
				t.Errorf("%s, %s: %q, want %q", choice, name, got, c.want)
			}
		}
	}
}

func TestReplaceTakesThePlaceOfAReply(t *testing.T) {
	w := newWorld(t, telegramtest.Options{}, fast)
	u := w.fake.User(person, "ru")
	u.Sends("привет")
	ctx := context.Background()
	id, err := w.Send(ctx, chatOf, bot.Reply{Text: "Смотрю…"})
	if err != nil {
		t.Fatal(err)
	}
	final := bot.Reply{Text: "⛔ Мошенники\n\nНе платите", Choices: []bot.Choice{{ID: "check", Label: "Ещё"}}, Replace: true}
	for range 2 { // the second changes nothing, which is no error
		if err := w.Replace(ctx, chatOf, id, final); err != nil {
			t.Fatal(err)
		}
	}
	sent := w.fake.Sent(person)
	if len(sent) != 1 || sent[0].Text != final.Text || sent[0].Labels()[0] != "Ещё" || !sent[0].NoPreview {
		t.Errorf("%+v", sent)
	}
	for name, gone := range map[string]string{"unknown": "4711", "no id": ""} {
		before := len(w.fake.Sent(person))
		if err := w.Replace(ctx, chatOf, gone, final); err != nil {
			t.Fatal(err)
		}
		if sent := w.fake.Sent(person); len(sent) != before+1 {
			t.Errorf("%s: the reply was not sent anew", name)
		}
	}
	for _, words := range []string{"message can't be edited", "MESSAGE_ID_INVALID"} {
		before := len(w.fake.Sent(person))
		w.fake.Fault("editMessageText", 1, telegramtest.Refusal(400, "Bad Request: "+words))
		if err := w.Replace(ctx, chatOf, id, final); err != nil || len(w.fake.Sent(person)) != before+1 {
			t.Errorf("%s: %v, or not sent anew", words, err)
		}
	}
	before := len(w.fake.Sent(person))
	if err := w.Replace(ctx, chatOf, id, bot.Reply{Text: strings.Repeat("слово ", 1000), Choices: final.Choices}); err != nil {
		t.Fatal(err)
	}
	sent = w.fake.Sent(person)
	if len(sent) != before+1 || len(sent[0].Buttons) != 0 || len(sent[before].Buttons) != 1 {
		t.Error("a long reply is not continued in another message with the buttons")
	}
}

func TestReplyThatCannotBeSent(t *testing.T) {
	w := newWorld(t, telegramtest.Options{}, fast)
	for name, c := range map[string]struct {
		chat, text string
	}{"no words": {chatOf, " \n\t"}, "no chat": {"terminal:1", "x"}, "no number": {"telegram:x", "x"}, "zero": {"telegram:0", "x"}} {
		if _, err := w.Send(context.Background(), c.chat, bot.Reply{Text: c.text}); !errors.Is(err, dispatch.ErrRefused) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := len(w.fake.Requests()); n != 0 {
		t.Errorf("%d calls", n)
	}
}

func TestTypingAndAcknowledging(t *testing.T) {
	w := newWorld(t, telegramtest.Options{}, fast)
	u := w.fake.User(person, "ru")
	u.Sends("привет")
	ctx := context.Background()
	w.Typing(ctx, chatOf)
	if n := w.fake.Typing(person); n != 1 {
		t.Errorf("typing was shown %d times", n)
	}
	send(t, w, bot.Reply{Text: "?", Choices: []bot.Choice{{ID: "check", Label: "Да"}}})
	pressed, err := u.Presses("Да")
	if err != nil {
		t.Fatal(err)
	}
	payload := fmt.Appendf(nil, `{"update_id":%d,%s}`, pressed.Update.ID, pressed.Update.Body)
	w.Answered(ctx, dispatch.Update{Payload: payload})
	if _, _, answered := w.fake.Answered(pressed); !answered {
		t.Error("the press was not acknowledged")
	}
	w.Answered(ctx, dispatch.Update{Payload: []byte(`{"update_id":1,"message":{"chat":{"id":5512}}}`)})
	if n := w.fake.Count("answerCallbackQuery"); n != 1 {
		t.Errorf("%d presses were acknowledged", n)
	}
}

// TestPicturesStandAboveTheText: they help, and the text goes out without them.
func TestPicturesStandAboveTheText(t *testing.T) {
	picture := onePixel(t)
	w := newWorld(t, telegramtest.Options{}, fast)
	w.fake.User(person, "ru").Sends("/start")
	reply := bot.Reply{Text: "Как переслать", Pictures: [][]byte{picture, picture}}
	sent := send(t, w, reply)
	if len(sent) != 3 || sent[0].File == nil || !bytes.Equal(sent[1].File.Data, picture) || sent[2].Text != reply.Text {
		t.Errorf("%d messages arrived: %+v", len(sent), sent)
	}
	w.fake.Fault("sendPhoto", -1, telegramtest.Refusal(400, "Bad Request: IMAGE_PROCESS_FAILED"))
	if sent := send(t, w, reply); len(sent) != 1 || sent[0].Text != reply.Text {
		t.Errorf("without pictures there is %+v", sent)
	}
}

// onePixel is the smallest picture.
func onePixel(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 1, 1))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
