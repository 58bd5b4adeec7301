package telegram_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aldanba/aldanba/bot"
	"github.com/aldanba/aldanba/bot/dispatch"
	"github.com/aldanba/aldanba/bot/telegram"
	"github.com/aldanba/aldanba/bot/telegram/telegramtest"
)

// files is a Bot API server that names a path for every file and hands out the
// bytes under it.
type files struct {
	path   string
	size   int64
	body   func() io.Reader
	code   int
	length int64    // that is announced, 0 for none
	seen   []string // addresses that were asked for
}

func (f *files) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		_, _ = io.Copy(io.Discard, r.Body)
		r.Body.Close()
	}
	answer := &http.Response{StatusCode: http.StatusOK, Request: r, ContentLength: -1, Header: http.Header{}}
	if strings.HasSuffix(r.URL.Path, "/getFile") {
		answer.Body = io.NopCloser(strings.NewReader(fmt.Sprintf(`{"ok":true,"result":{"file_id":"F","file_path":%q,"file_size":%d}}`, f.path, f.size)))
		return answer, nil
	}
	f.seen = append(f.seen, r.URL.String())
	if f.code != 0 {
		answer.StatusCode = f.code
		answer.Header.Set("Location", "http://elsewhere.invalid/")
	}
	if f.length != 0 {
		answer.ContentLength = f.length
	}
	answer.Body = io.NopCloser(f.body())
	return answer, nil
}

func fetch(t *testing.T, f *files, file bot.File) ([]byte, error) {
	t.Helper()
	a, err := telegram.New(telegram.Config{
		Token: botToken, APIURL: "http://files.invalid", ButtonKey: []byte(buttonKey), Client: &http.Client{Transport: f},
		Sink: func(context.Context, []dispatch.Update) error { return nil }, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	body, err := a.Fetch(context.Background(), file)
	if err != nil {
		return nil, err
	}
	defer body.Close()
	return io.ReadAll(body)
}

func TestFetch(t *testing.T) {
	const limit = 20 << 20
	bytesOf := func(n int) func() io.Reader {
		return func() io.Reader { return bytes.NewReader(make([]byte, n)) }
	}
	for name, c := range map[string]struct {
		files   files
		size    int64 // that the message named
		got     int
		fails   bool
		refused bool
		asked   string // address of the download
	}{
		"file":                    {files: files{path: "photos/file_1.jpg", body: bytesOf(1000)}, got: 1000, asked: "http://files.invalid/file/bot" + botToken + "/photos/file_1.jpg"},
		"odd name":                {files: files{path: "documents/a b?c#d.pdf", body: bytesOf(1)}, got: 1, asked: "http://files.invalid/file/bot" + botToken + "/documents/a%20b%3Fc%23d.pdf"},
		"as large as allowed":     {files: files{path: "a/b", body: bytesOf(limit)}, got: limit, asked: "http://files.invalid/file/bot" + botToken + "/a/b"},
		"larger than it said":     {files: files{path: "a/b", body: bytesOf(limit + 1)}, fails: true, refused: true, asked: "http://files.invalid/file/bot" + botToken + "/a/b"},
		"larger by its header":    {files: files{path: "a/b", body: bytesOf(1), length: limit + 1}, fails: true, refused: true, asked: "http://files.invalid/file/bot" + botToken + "/a/b"},
		"larger by the message":   {files: files{path: "a/b"}, size: limit + 1, fails: true, refused: true},
		"larger by getFile":       {files: files{path: "a/b", size: limit + 1}, fails: true, refused: true},
		"local server":            {files: files{path: "/var/lib/telegram-bot-api/1/photos/a.jpg"}, fails: true, refused: true},
		"local server, Windows":   {files: files{path: `C:\bot\a.jpg`}, fails: true, refused: true},
		"no path":                 {files: files{}, fails: true, refused: true},
		"path that climbs":        {files: files{path: "photos/../../../bot"}, fails: true, refused: true},
		"path with an empty part": {files: files{path: "photos//a"}, fails: true, refused: true},
		"expired":                 {files: files{path: "a/b", code: 404, body: bytesOf(9)}, fails: true, refused: true, asked: "http://files.invalid/file/bot" + botToken + "/a/b"},
		"away":                    {files: files{path: "a/b", code: 502, body: bytesOf(9)}, fails: true, asked: "http://files.invalid/file/bot" + botToken + "/a/b"},
		"redirection":             {files: files{path: "a/b", code: 302, body: bytesOf(9)}, fails: true, refused: true, asked: "http://files.invalid/file/bot" + botToken + "/a/b"},
		"breaks off":              {files: files{path: "a/b", body: func() io.Reader { return io.MultiReader(strings.NewReader("x"), broken{}) }}, fails: true, asked: "http://files.invalid/file/bot" + botToken + "/a/b"},
	} {
		got, err := fetch(t, &c.files, bot.File{Ref: "F", Size: c.size})
		if (err != nil) != c.fails || errors.Is(err, dispatch.ErrRefused) != c.refused || err == nil && len(got) != c.got {
			t.Errorf("%s: %d bytes, %v", name, len(got), err)
		}
		if err != nil && strings.Contains(err.Error(), "AAtest") {
			t.Errorf("%s: the token is in the error: %v", name, err)
		}
		if asked := strings.Join(c.files.seen, " "); asked != c.asked {
			t.Errorf("%s: asked for %s", name, asked)
		}
	}
}

// broken is a connection that breaks with an error that names the address.
type broken struct{}

func (broken) Read([]byte) (int, error) {
	return 0, errors.New(`Get "http://files.invalid/file/bot` + botToken + `/a/b": broken`)
}

func TestFetchOfWhatTheServerRefuses(t *testing.T) {
	w := newWorld(t, telegramtest.Options{}, nil)
	if _, err := w.Fetch(context.Background(), bot.File{Ref: "unknown"}); !errors.Is(err, dispatch.ErrRefused) {
		t.Error(err)
	}
}

// TestSlowFileEndsWithTheCaller: a file that trickles in does not hold a reader
// longer than it is given.
func TestSlowFileEndsWithTheCaller(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, telegramtest.Options{}, nil)
		m := w.fake.User(person, "ru").Posts(telegramtest.Document("a.txt", "text/plain", make([]byte, 1000)))
		event, err := w.Event(context.Background(), []dispatch.Update{{Chat: chatOf, Payload: fmt.Appendf(nil, `{"update_id":%d,%s}`, m.Update.ID, m.Update.Body)}})
		if err != nil {
			t.Fatal(err)
		}
		w.fake.Fault("download", 1, telegramtest.Slow(1, time.Second))
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		started := time.Now()
		body, err := w.Fetch(ctx, event.Messages[0].Files[0])
		if err != nil {
			t.Fatal(err)
		}
		defer body.Close()
		got, err := io.ReadAll(body)
		if !errors.Is(err, context.DeadlineExceeded) || len(got) == 0 || time.Since(started) > 10*time.Second {
			t.Errorf("%d bytes, %v after %v", len(got), err, time.Since(started))
		}
	})
}
