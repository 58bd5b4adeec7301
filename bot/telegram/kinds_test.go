package telegram_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aldanba/aldanba/bot"
	"github.com/aldanba/aldanba/bot/dispatch"
	fake "github.com/aldanba/aldanba/bot/telegram/telegramtest"
)

// TestKindsOfTheFake: the recorded updates were written by whoever wrote the
// adapter; the fake was not. What it sends of every kind is read as it is
// meant, and its files arrive as they are.
func TestKindsOfTheFake(t *testing.T) {
	w := newWorld(t, fake.Options{}, fast)
	u := w.fake.User(person, "kk")
	data := []byte("\xff\xd8\xffбайттар")
	channel := fake.FromChannel(-1001234509999, "Төлемдер", "tolem_demo", 3, "")
	for name, c := range map[string]struct {
		message fake.Message
		want    bot.Message // without ids
	}{
		"text":          {u.Sends("СМС кодын айтыңыз"), bot.Message{Text: "СМС кодын айтыңыз"}},
		"hidden link":   {u.Posts(fake.HTML(`😀 <a href="https://evil.example/a">kaspi.kz</a>`)), bot.Message{Text: "😀 kaspi.kz\nhttps://evil.example/a"}},
		"photo":         {u.Posts(fake.Photo(data)), bot.Message{Files: []bot.File{{Kind: bot.Picture}}}},
		"document":      {u.Posts(fake.Document("a.apk", "application/vnd.android.package-archive", data)), bot.Message{Files: []bot.File{{Kind: bot.Document, Name: "a.apk", MIME: "application/vnd.android.package-archive"}}}},
		"big document":  {u.Posts(fake.BigDocument("eGov.apk", "application/zip", 30<<20)), bot.Message{Text: "eGov.apk", Ending: "apk", Gaps: []bot.Gap{bot.GapTooBig}}},
		"voice":         {u.Posts(fake.Voice(data, 7*time.Second)), bot.Message{Files: []bot.File{{Kind: bot.Voice, MIME: "audio/ogg", Length: 7 * time.Second}}}},
		"audio":         {u.Posts(fake.Audio("a.mp3", "audio/mpeg", data, time.Minute)), bot.Message{Files: []bot.File{{Kind: bot.Voice, Name: "a.mp3", MIME: "audio/mpeg", Length: time.Minute}}}},
		"video":         {u.Posts(fake.Video(data, 5*time.Second)), bot.Message{Files: []bot.File{{Kind: bot.Video, MIME: "video/mp4", Length: 5 * time.Second}}}},
		"video note":    {u.Posts(fake.VideoNote(data, 5*time.Second)), bot.Message{Files: []bot.File{{Kind: bot.Video, MIME: "video/mp4", Length: 5 * time.Second}}}},
		"sticker":       {u.Posts(fake.Sticker("👍")), bot.Message{Gaps: []bot.Gap{bot.GapSticker}}},
		"poll":          {u.Posts(fake.Poll("Ақша саласыз ба?", "иә", "жоқ")), bot.Message{Text: "Ақша саласыз ба?\nиә\nжоқ"}},
		"contact":       {u.Posts(fake.Contact("+77000000003", "Банк", "", "")), bot.Message{Text: "Банк\n+77000000003"}},
		"location":      {u.Posts(fake.Location(51, 71)), bot.Message{Gaps: []bot.Gap{bot.GapLocation}}},
		"venue":         {u.Posts(fake.Venue("Обменник", "Абай, 1", 51, 71)), bot.Message{Text: "Обменник\nАбай, 1", Gaps: []bot.Gap{bot.GapLocation}}},
		"story":         {u.Posts(fake.Story(-1001234509999, "Төлемдер", 4)), bot.Message{Gaps: []bot.Gap{bot.GapStory}}},
		"unknown":       {u.Posts(fake.Raw(`"hologram":{"depth":3}`)), bot.Message{Gaps: []bot.Gap{bot.GapUnknown}}},
		"forward":       {u.Forwards(channel, fake.Text("Төлем алыңыз"))[0], bot.Message{Text: "Төлем алыңыз\n@tolem_demo", Forwarded: true}},
		"forward, user": {u.Forwards(fake.FromUser(7, "Марат", "", "marat_demo"), fake.Text("Сәлем"))[0], bot.Message{Text: "Сәлем\n@marat_demo", Forwarded: true}},
		"forward, bot":  {u.Forwards(fake.FromBot(8, "Prize", "prize_demo_bot"), fake.Text("Сәлем"))[0], bot.Message{Text: "Сәлем\n@prize_demo_bot", Forwarded: true}},
		"hidden user":   {u.Forwards(fake.FromHidden("Қауіпсіздік қызметі"), fake.Text("Сәлем"))[0], bot.Message{Text: "Сәлем", Forwarded: true}},
		"chat":          {u.Forwards(fake.FromChat(-1001234508888, "Чат", "Админ"), fake.Text("Сәлем"))[0], bot.Message{Text: "Сәлем", Forwarded: true}},
		"buttons": {
			u.Posts(fake.Text("Алыңыз"), fake.Forwarded(channel), fake.WithButtons([]fake.Button{{Label: "Алу", URL: "https://evil.example/b"}, {Label: "Код", Copy: "4242"}})),
			bot.Message{Text: "Алыңыз\nАлу\nhttps://evil.example/b\nКод\n4242\n@tolem_demo", Forwarded: true},
		},
		"preview": {
			u.Posts(fake.Text("https://evil.example/c"), fake.WithPreview("https://evil.example/c")),
			bot.Message{Text: "https://evil.example/c", Gaps: []bot.Gap{bot.GapPreview}},
		},
	} {
		event, err := w.Event(context.Background(), []dispatch.Update{{Chat: chatOf, Payload: fmt.Appendf(nil, `{"update_id":%d,%s}`, c.message.Update.ID, c.message.Update.Body)}})
		if err != nil || len(event.Messages) != 1 || event.Lang != "kk" {
			t.Errorf("%s: %+v, %v", name, event, err)
			continue
		}
		got := event.Messages[0]
		if got.ID != fmt.Sprint(c.message.ID) {
			t.Errorf("%s: the message is %s, not %d", name, got.ID, c.message.ID)
		}
		if got.At.IsZero() || got.Forwarded != (got.Sender != "") {
			t.Errorf("%s: sent by %q at %v", name, got.Sender, got.At)
		}
		got.ID, got.At, got.Sender, got.From = "", time.Time{}, "", ""
		for i, f := range got.Files {
			body, err := w.Fetch(context.Background(), f)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			if file, err := io.ReadAll(body); err != nil || !bytes.Equal(file, data) || f.Size != int64(len(data)) {
				t.Errorf("%s: %d bytes of %d, %v", name, len(file), f.Size, err)
			}
			body.Close()
			got.Files[i].Ref, got.Files[i].Size = "", 0
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}
