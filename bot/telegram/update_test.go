package telegram_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"os"

	"github.com/aldanba/aldanba/bot/dispatch"
	"github.com/aldanba/aldanba/bot/telegram/telegramtest"
)

// TestUpdates reads the updates of each file of testdata/updates as Telegram
// delivers them and compares what is kept, what is said about chats and what
// the bot is told with the file.
func TestUpdates(t *testing.T) {
	names, err := filepath.Glob("testdata/updates/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatalf("no updates: %v", err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			var updates []json.RawMessage
			if err := json.Unmarshal(archive.Files[0].Data, &updates); err != nil {
				t.Fatal(err)
			}
			got := understood(t, updates)
			if *update {
				archive.Files[1].Data = []byte(got)
				if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(string(archive.Files[1].Data), got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// understood says in words what becomes of updates that come together.
func understood(t *testing.T, updates []json.RawMessage) string {
	w := newWorld(t, telegramtest.Options{}, nil)
	if _, err := w.Identify(context.Background()); err != nil {
		t.Fatal(err)
	}
	for _, raw := range updates {
		if code := w.deliver(t, string(raw)); code != http.StatusOK {
			t.Fatalf("the webhook answers %d", code)
		}
	}
	var b strings.Builder
	for _, news := range w.chats.news {
		fmt.Fprintln(&b, "chat:", news)
	}
	kept := w.sink.all()
	if len(kept) == 0 {
		fmt.Fprintln(&b, "nothing to answer")
		return b.String()
	}
	for _, u := range kept {
		fmt.Fprintf(&b, "kept: %s of %s, %s\n", u.ID, u.Chat, [...]string{"a message", "an edit", "urgent"}[w.Kind(u)])
	}
	event, err := w.Event(context.Background(), kept)
	if err != nil {
		t.Fatal(err)
	}
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", " ")
	if err := encoder.Encode(event); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestPayloadIsKeptAsItCame(t *testing.T) {
	w := newWorld(t, telegramtest.Options{}, nil)
	raw := `{"update_id":7, "message":{"message_id":1,"chat":{"id":5512,"type":"private"},"from":{"id":5512}, "new_kind":{"a": [1, 2]}}}`
	w.deliver(t, raw)
	kept := w.sink.all()
	if len(kept) != 1 || string(kept[0].Payload) != raw {
		t.Errorf("kept %q", kept)
	}
}

func TestEventOfWhatIsNoUpdateAsksForNothing(t *testing.T) {
	w := newWorld(t, telegramtest.Options{}, nil)
	for _, payload := range []string{"", "null", "[]", `{"update_id":"x"}`, `{"update_id":3}`, `{"update_id":3,"message":null}`} {
		event, err := w.Event(context.Background(), []dispatch.Update{{Chat: chatOf, Payload: []byte(payload)}})
		if err != nil || event.Start || event.Choice != "" || event.Messages != nil {
			t.Errorf("%q: %+v, %v", payload, event, err)
		}
	}
}

// TestEditsThatChangeNothing: Telegram also brings the edit of a message in which
// only something has changed that a bot does not see. Nobody has edited it.
func TestEditsThatChangeNothing(t *testing.T) {
	w := newWorld(t, telegramtest.Options{}, nil)
	again := newWorld(t, telegramtest.Options{}, nil) // as after a restart
	message := func(id int, edit bool, more string) dispatch.Update {
		kind := "message"
		if edit {
			kind = "edited_message"
		}
		return dispatch.Update{Chat: chatOf, Payload: fmt.Appendf(nil, `{"update_id":%d,"%s":{"message_id":9,"chat":{"id":5512,"type":"private"},"from":{"id":5512},%s}}`, id, kind, more)}
	}
	file := func(ref, name string) string {
		return fmt.Sprintf(`"document":{"file_id":"%s","file_name":"%s","file_size":7}`, ref, name)
	}
	for i, step := range []struct {
		w      *world
		update dispatch.Update
		heard  bool
	}{
		{w, message(1, false, `"text":"Алло"`), true},
		{w, message(2, true, `"text":"Алло"`), false},
		{w, message(2, true, `"text":"Алло"`), false},
		{w, message(3, true, `"text":"Код айтыңыз"`), true},
		{w, message(3, true, `"text":"Код айтыңыз"`), true}, // its answer is tried again
		{w, message(4, true, `"text":"Код айтыңыз"`), false},
		{w, message(5, true, `"text":"Алло"`), true},
		{w, message(6, true, `"text":"Алло","entities":[{"type":"text_link","offset":0,"length":4,"url":"https://evil.example"}]`), true},
		{w, message(7, true, `"caption":"Алло",`+file("a", "a.pdf")), true},
		{w, message(8, true, `"caption":"Алло",`+file("b", "a.pdf")), false},
		{w, message(9, true, `"caption":"Алло",`+file("b", "a.apk")), true},
		{again, message(10, true, `"caption":"Алло",`+file("b", "a.apk")), true},
	} {
		event, err := step.w.Event(context.Background(), []dispatch.Update{step.update})
		if err != nil || (len(event.Messages) > 0) != step.heard {
			t.Errorf("step %d: %+v, %v", i, event, err)
		}
	}
}

// FuzzUpdate: whatever comes in, nothing breaks, and what the bot is told stays
// within bounds.
func FuzzUpdate(f *testing.F) {
	names, err := filepath.Glob("testdata/updates/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range names {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			f.Fatal(err)
		}
		var updates []json.RawMessage
		if err := json.Unmarshal(archive.Files[0].Data, &updates); err != nil {
			f.Fatal(err)
		}
		f.Add([]byte(updates[0]))
	}
	w := newWorld(f, telegramtest.Options{}, nil)
	if _, err := w.Identify(context.Background()); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, payload []byte) {
		w.deliver(t, string(payload))
		u := dispatch.Update{ID: "telegram:1", Chat: chatOf, Payload: payload}
		w.Kind(u)
		event, err := w.Event(context.Background(), []dispatch.Update{u, u})
		if err != nil {
			t.Fatal(err)
		}
		if len(event.Messages) > 2*2 {
			t.Errorf("two updates became %d messages", len(event.Messages))
		}
		for _, m := range event.Messages {
			if len(m.Text) > 64<<10 {
				t.Errorf("a text of %d bytes", len(m.Text))
			}
		}
	})
}
