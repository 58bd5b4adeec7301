package telegramtest_test

import (
	"bytes"
	"flag"
	"image"
	"image/png"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aldanba/aldanba/bot/telegram/telegramtest"
)

var renew = flag.Bool("update", false, "write golden files anew")

func picture(t testing.TB) []byte {
	var data bytes.Buffer
	if err := png.Encode(&data, image.NewGray(image.Rect(0, 0, 300, 200))); err != nil {
		t.Fatal(err)
	}
	return data.Bytes()
}

// TestKinds compares all kinds of updates with a golden file, whose objects were
// checked against the types of an independent client.
func TestKinds(t *testing.T) {
	clock := newClock()
	s, c := start(t, telegramtest.Options{Now: clock.Now})
	u := s.User(7, "kk").Named("Aruzhan", "A.", "aruzhan")
	pic := []byte("a JPEG of no measurable size")
	first := u.Sends("/start@test_bot see https://x.example.kz, me@example.kz @somebody #tag +7 700 000 00 01")
	u.Posts(telegramtest.HTML(`<a href="https://bad.example.kz">bank.example.kz</a> <b>now</b> y.example.kz`))
	u.Forwards(telegramtest.FromUser(9, "Bob", "B.", "bob"), telegramtest.Text("user"))
	u.Forwards(telegramtest.FromBot(10, "Bank", "bank_bot"), telegramtest.Text("bot"))
	u.Forwards(telegramtest.FromHidden("Hidden"), telegramtest.Text("hidden"), telegramtest.Photo(pic))
	u.Forwards(telegramtest.FromChat(-1001, "Group", "admin"), telegramtest.Text("chat"))
	u.Posts(telegramtest.Text("channel"), telegramtest.Forwarded(telegramtest.FromChannel(-1002, "Channel", "chan", 5, "")),
		telegramtest.WithButtons([]telegramtest.Button{{Label: "Open", URL: "https://z.example.kz"}}), telegramtest.WithPreview("https://x.example.kz"))
	u.SendsAlbum([]telegramtest.Content{telegramtest.Photo(pic).Captioned("album"), telegramtest.Video([]byte("v"), time.Second)})
	for _, content := range []telegramtest.Content{
		telegramtest.Document("a.apk", "application/vnd.android.package-archive", []byte("PK")).Captioned("install me"),
		telegramtest.Document("", "", []byte("x")).With(telegramtest.HTML(`<a href="https://bad.example.kz">good</a>`)),
		telegramtest.BigDocument("b.zip", "application/zip", 30<<20),
		telegramtest.Voice([]byte("OggS"), 3*time.Second),
		telegramtest.Audio("a.mp3", "audio/mpeg", []byte("ID3"), time.Minute),
		telegramtest.VideoNote([]byte("v"), 2*time.Second),
		telegramtest.Sticker("👍"),
		telegramtest.Poll("Which?", "this", "that"),
		telegramtest.Contact("+77000000001", "Bob", "", "BEGIN:VCARD\nEND:VCARD"),
		telegramtest.Location(43.25, 76.9),
		telegramtest.Venue("Bank", "Abay 1", 43.25, 76.9),
		telegramtest.Story(-1002, "Channel", 3),
		telegramtest.Raw(`"dice":{"emoji":"🎲","value":3}`),
	} {
		u.Posts(content)
	}
	u.Sends("reply", telegramtest.ReplyTo(first, "see"), telegramtest.WithFields(`"is_from_offline":true`))
	u.Edits(first, "edited")
	u.PressesData(first.ID, "known")
	u.PressesData(99, "stale")
	s.Group(-500, "Family", u).Migrates(-1000000000500)
	u.Blocks()

	r := c.call("getUpdates", nil)
	got := strings.ReplaceAll(string(r.Result), `},{"update_id"`, "},\n{\"update_id\"") + "\n"
	const golden = "testdata/kinds.json"
	if *renew {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Error(diff)
	}
	for _, u := range readUpdates(t, r.Result) {
		if len(u.Raw) != 2 {
			t.Errorf("more than one kind: %v", u.Raw)
		}
	}
}

func TestFiles(t *testing.T) {
	s, c := start(t, telegramtest.Options{})
	u := s.User(7, "ru")
	pic := picture(t)
	u.Posts(telegramtest.Photo(pic))
	u.Posts(telegramtest.BigDocument("b.zip", "application/zip", 30<<20))
	updates := c.updates(nil)
	sizes := updates[0].Message["photo"].([]any)
	large := sizes[len(sizes)-1].(map[string]any)
	if len(sizes) != 2 || large["width"] != 300.0 || large["height"] != 200.0 || large["file_size"] != float64(len(pic)) {
		t.Errorf("got %v", sizes)
	}
	file := c.ok("getFile", map[string]any{"file_id": large["file_id"]})
	base := strings.Replace(c.url, "/bot", "/file/bot", 1)
	fetch := func(path string) (int, []byte) {
		response, err := http.Get(base + path)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = response.Body.Close() }()
		data, _ := io.ReadAll(response.Body)
		return response.StatusCode, data
	}
	path := file["file_path"].(string)
	if status, data := fetch(path); status != 200 || !bytes.Equal(data, pic) {
		t.Errorf("%d, %d bytes", status, len(data))
	}
	if status, _ := fetch("documents/none"); status != 404 {
		t.Errorf("got %d", status)
	}
	s.Fault("download", 1, telegramtest.Page(500))
	if status, _ := fetch(path); status != 500 {
		t.Errorf("got %d", status)
	}
	s.Fault("download", 1, telegramtest.Truncated())
	if _, data := fetch(path); len(data) != len(pic)/2 {
		t.Errorf("%d bytes of %d", len(data), len(pic))
	}
	big := updates[1].Message["document"].(map[string]any)
	c.refused(400, "Bad Request: file is too big", "getFile", map[string]any{"file_id": big["file_id"]})
	c.refused(400, "Bad Request: invalid file_id", "getFile", map[string]any{"file_id": path})
	c.refused(400, "Bad Request: file_id not specified", "getFile", nil)

	if r := c.multipart("sendPhoto", multipartFile("7", "photo", "a.png", string(pic))); !r.OK {
		t.Error(r.Description)
	}
	if r := c.multipart("sendPhoto", multipartFile("7", "photo", "a.png", "no picture")); r.Description != "Bad Request: IMAGE_PROCESS_FAILED" {
		t.Error(r.Description)
	}
	c.ok("sendPhoto", map[string]any{"chat_id": 7, "photo": large["file_id"]})
	c.refused(400, "Bad Request: wrong file identifier/HTTP URL specified", "sendPhoto", map[string]any{"chat_id": 7, "photo": "x"})
	c.refused(400, "Bad Request: there is no document in the request", "sendDocument", map[string]any{"chat_id": 7})
	c.refused(400, "Bad Request: message caption is too long", "sendPhoto", map[string]any{"chat_id": 7, "photo": large["file_id"], "caption": strings.Repeat("x", 1025)})
	sent := s.Sent(7)
	if len(sent) != 2 || sent[0].Text != "see" || !bytes.Equal(sent[0].File.Data, pic) || !bytes.Equal(sent[1].File.Data, pic) {
		t.Errorf("got %+v", sent)
	}
}

func TestGroups(t *testing.T) {
	s, c := start(t, telegramtest.Options{})
	u := s.User(7, "ru")
	g := s.Group(-1000000000005, "Family", u)
	in := s.User(8, "kk").In(g)
	in.Sends("not for the bot")
	asked := in.Sends("/check@test_bot")
	mine := c.ok("sendMessage", map[string]any{"chat_id": g.Chat(), "text": "what?"})
	in.Sends("this", telegramtest.ReplyTo(s.Sent(g.Chat())[0], ""))
	got := c.updates(nil)
	if len(got) != 3 || got[0].Member["new_chat_member"].(map[string]any)["status"] != "member" ||
		got[1].Message["text"] != asked.Text || got[2].Message["reply_to_message"].(map[string]any)["message_id"] != mine["message_id"] {
		t.Fatalf("got %v", got)
	}
	member := func(user int64) any {
		return c.ok("getChatMember", map[string]any{"chat_id": g.Chat(), "user_id": user})["status"]
	}
	if member(7) != "creator" || member(8) != "member" || member(123456) != "member" {
		t.Error("wrong members")
	}
	c.refused(400, "Bad Request: message can't be deleted", "deleteMessage", map[string]any{"chat_id": g.Chat(), "message_id": asked.ID})
	c.refused(400, "Bad Request: chat member status can't be changed in private chats", "leaveChat", map[string]any{"chat_id": func() int64 { u.Sends("hi"); return 7 }()})
	if chat := c.ok("getChat", map[string]any{"chat_id": g.Chat()}); chat["type"] != "supergroup" || chat["title"] != "Family" {
		t.Errorf("got %v", chat)
	}
	g.Kicks(u)
	if member(123456) != "left" {
		t.Error("still a member")
	}
	in.Sends("/unheard")
	g.Adds(u)
	in.Sends("/heard")
	last := c.updates(map[string]any{"offset": -3})
	if last[0].Member == nil || last[1].Member == nil || last[2].Message["text"] != "/heard" {
		t.Errorf("got %v", last)
	}
}

func TestProfile(t *testing.T) {
	s, c := start(t, telegramtest.Options{})
	set := func(lang string, commands ...any) map[string]any {
		return map[string]any{"language_code": lang, "scope": map[string]any{"type": "all_private_chats"}, "commands": commands}
	}
	command := func(name, description string) any {
		return map[string]any{"command": name, "description": description}
	}
	c.ok("setMyCommands", set("kk", command("/start", "Бастау")))
	c.ok("setMyCommands", set("", command("start", "Начать"), command("help", "Помощь")))
	if got := s.Commands("all_private_chats", "kk"); len(got) != 1 || got[0].Command != "start" || got[0].Description != "Бастау" {
		t.Errorf("got %v", got)
	}
	if got := s.Commands("all_private_chats", ""); len(got) != 2 || s.Commands("default", "") != nil {
		t.Errorf("got %v", got)
	}
	c.refused(400, "Bad Request: BOT_COMMAND_INVALID", "setMyCommands", set("", command("Start", "x")))
	c.refused(400, "Bad Request: command length must not exceed 32", "setMyCommands", set("", command(strings.Repeat("a", 33), "x")))
	c.refused(400, "Bad Request: command name and description must be non-empty", "setMyCommands", set("", command("a", "")))
	c.refused(400, "Bad Request: invalid language code specified", "setMyCommands", set("kaz"))
	c.refused(400, "Bad Request: can't parse BotCommandScope: Unsupported type specified", "setMyCommands", map[string]any{"scope": map[string]any{"type": "x"}})
	c.ok("deleteMyCommands", set("kk"))
	if s.Commands("all_private_chats", "kk") != nil {
		t.Error("not deleted")
	}
	c.ok("setMyDescription", map[string]any{"description": "D", "language_code": "kk"})
	c.ok("setMyShortDescription", map[string]any{"short_description": "S"})
	c.ok("setMyName", map[string]any{"name": "N"})
	c.refused(400, "Bad Request: BOT_NAME_TOO_LONG", "setMyName", map[string]any{"name": strings.Repeat("x", 65)})
	c.ok("setChatMenuButton", map[string]any{"menu_button": map[string]any{"type": "commands"}})
	if s.Profile("description", "kk") != "D" || s.Profile("short_description", "") != "S" || s.Profile("name", "") != "N" || s.Profile("menu_button", "") != `{"type":"commands"}` {
		t.Error("wrong profile")
	}
	r := c.call("getMyCommands", map[string]any{"scope": map[string]any{"type": "all_private_chats"}})
	if want := `[{"command":"start","description":"Начать"},{"command":"help","description":"Помощь"}]`; string(r.Result) != want {
		t.Errorf("got %s", r.Result)
	}
	if got := c.ok("getChatMenuButton", map[string]any{"chat_id": 7}); got["type"] != "default" {
		t.Errorf("got %v", got)
	}
	if diff := cmp.Diff([]string{"kk"}, s.ProfileLanguages("description")); diff != "" {
		t.Error(diff)
	}
	if got := c.ok("getMyShortDescription", map[string]any{"language_code": "ru"}); got["short_description"] != "S" {
		t.Errorf("got %v", got)
	}
}

func TestPresses(t *testing.T) {
	s, c := start(t, telegramtest.Options{})
	u := s.User(7, "ru")
	u.Sends("hi")
	for _, data := range []string{"old", "new"} {
		c.ok("sendMessage", map[string]any{"chat_id": 7, "text": data, "reply_markup": keyboard([]map[string]any{button("Go", data), {"text": "Site", "url": "https://example.kz"}})})
	}
	for label, want := range map[string]string{"Go": "new", "old": "old"} {
		press, err := u.Presses(label)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.updates(map[string]any{"offset": press.Update.ID}); got[0].Press["data"] != want || got[0].Press["message"].(map[string]any)["text"] != want {
			t.Errorf("%s: got %v", label, got[0].Press)
		}
	}
	for _, label := range []string{"None", "Site"} {
		if _, err := u.Presses(label); err == nil {
			t.Errorf("%s can be pressed", label)
		}
	}
	forged := u.PressesData(99, "forged")
	if got := c.updates(map[string]any{"offset": forged.Update.ID}); got[0].Press["message"].(map[string]any)["date"] != 0.0 {
		t.Errorf("got %v", got[0].Press)
	}
	c.refused(400, "Bad Request: query is too old and response timeout expired or query ID is invalid", "answerCallbackQuery", map[string]any{"callback_query_id": "1"})
}
