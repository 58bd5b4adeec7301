package media_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aldanba/aldanba/bot"
	"github.com/aldanba/aldanba/bot/media"
)

// newReader makes a reader that takes its time, on a slow machine too, unless the
// test is about it.
func newReader(t testing.TB, c media.Config) *media.Reader {
	t.Helper()
	if c.Limits.Time == 0 {
		c.Limits.Time = 2 * time.Minute
	}
	r, err := media.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// spare leaves a test out of a short run, as under the race detector: it takes
// long there, and only one goroutine is at work in it.
func spare(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("left out of a short run")
	}
}

// documents reads whatever needs no program and no service.
func documents(t testing.TB) *media.Reader { return newReader(t, media.Config{Tesseract: media.Off}) }

func opening(data []byte) func(context.Context) (io.ReadCloser, error) {
	return func(context.Context) (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil }
}

func read(r *media.Reader, kind bot.FileKind, name string, data []byte) bot.Reading {
	return r.Read(context.Background(), bot.File{Kind: kind, Name: name, Size: int64(len(data))}, opening(data), bot.Services{})
}

func wantGaps(t *testing.T, got bot.Reading, want ...bot.Gap) {
	t.Helper()
	if !slices.Equal(got.Gaps, want) {
		t.Errorf("gaps %q, want %q", got.Gaps, want)
	}
}

// wantLines asserts the lines of the text, whole and in their order.
func wantLines(t *testing.T, got bot.Reading, want ...string) {
	t.Helper()
	if text := strings.Join(want, "\n"); got.Text != text {
		t.Errorf("text:\n%s\nwant:\n%s", got.Text, text)
	}
}

func never(t *testing.T) func(context.Context) (io.ReadCloser, error) {
	return func(context.Context) (io.ReadCloser, error) {
		t.Error("fetched in vain")
		return nil, errors.New("no")
	}
}

func TestWhatCannotBeReadIsNotFetched(t *testing.T) {
	listening := newReader(t, media.Config{Tesseract: media.Off, TranscribeCmd: "cat"})
	served := newReader(t, media.Config{Tesseract: media.Off, Service: media.Service{BaseURL: "http://127.0.0.1:1", SpeechModel: "m"}})
	for name, c := range map[string]struct {
		reader   *media.Reader
		file     bot.File
		services bot.Services
		want     bot.Gap
	}{
		"larger than is fetched":    {documents(t), bot.File{Kind: bot.Document, Size: 20<<20 + 1}, bot.Services{}, bot.GapTooBig},
		"nothing listens":           {documents(t), bot.File{Kind: bot.Voice}, bot.Services{Voice: bot.Agreed}, bot.GapNoVoice},
		"longer than is listened":   {listening, bot.File{Kind: bot.Voice, Length: 6 * time.Minute}, bot.Services{}, bot.GapTooLong},
		"the person was not asked":  {served, bot.File{Kind: bot.Video}, bot.Services{}, bot.GapAskVoice},
		"the person does not agree": {served, bot.File{Kind: bot.Voice}, bot.Services{Voice: bot.Refused}, bot.GapDeniedVoice},
	} {
		t.Run(name, func(t *testing.T) {
			got := c.reader.Read(context.Background(), c.file, never(t), c.services)
			wantGaps(t, got, c.want)
		})
	}
}

func TestFetching(t *testing.T) {
	r := newReader(t, media.Config{Tesseract: media.Off, Limits: media.Limits{Bytes: 1000, Time: time.Minute}})
	file := bot.File{Kind: bot.Document, Name: "a.txt"}
	ctx, giveUp := context.WithCancel(context.Background())
	hangs := func(ctx context.Context) (io.ReadCloser, error) {
		pr, pw := io.Pipe()
		context.AfterFunc(ctx, func() { pw.CloseWithError(ctx.Err()) })
		giveUp()
		return pr, nil
	}
	for name, c := range map[string]struct {
		open func(context.Context) (io.ReadCloser, error)
		want bot.Gap
	}{
		"refused":             {func(context.Context) (io.ReadCloser, error) { return nil, errors.New("gone") }, bot.GapUnfetched},
		"more than announced": {opening(bytes.Repeat([]byte("abc "), 300)), bot.GapTooBig},
		"empty":               {opening(nil), bot.GapNoText},
	} {
		t.Run(name, func(t *testing.T) {
			wantGaps(t, r.Read(context.Background(), file, c.open, bot.Services{}), c.want)
		})
	}
	wantGaps(t, r.Read(ctx, file, hangs, bot.Services{}), bot.GapUnfetched)
}

func TestTextIsBounded(t *testing.T) {
	r := newReader(t, media.Config{Tesseract: media.Off, Limits: media.Limits{Text: 1000}})
	for name, data := range map[string]string{
		"many lines": strings.Repeat("қауіпсіз шот\n", 1000),
		"one line":   strings.Repeat("қауіпсіз шот ", 1000),
	} {
		got := read(r, bot.Document, "a.txt", []byte(data))
		if n := len(got.Text); n > 1000 || n < 900 || strings.ContainsRune(got.Text, '�') {
			t.Errorf("%s: %d bytes kept", name, n)
		}
	}
}

func TestContentDecidesWhatAFileIs(t *testing.T) {
	r := documents(t)
	picture := pngOf(t, newCanvas(t, 30, 30, rgb(0xffffff)))
	wantGaps(t, read(r, bot.Document, "contract.txt", picture), bot.GapNoPictures)
	wantLines(t, read(r, bot.Picture, "photo.jpg", []byte("Переведите деньги\nна безопасный счет")), "Переведите деньги", "на безопасный счет")
	wantGaps(t, read(r, bot.Voice, "voice.ogg", nil), bot.GapNoVoice)
	for name, data := range map[string]string{
		"7z":        "7z\xbc\xaf\x27\x1c\x00\x04aaaaaaaaaaaaaaaaaaaaaaaa",
		"elf":       "\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\x3e\x00",
		"noise":     "\x00\x01\x02\x03\xff\xfe\xfd\x00\x9c\x81\x00\x00\x13\x37\x00",
		"heic":      "\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic",
		"sqlite":    "SQLite format 3\x00\x10\x00\x01\x01\x00",
		"cut png":   string(picture[:60]),
		"cut pdf":   "%PDF-1.7\n",
		"cut zip":   "PK\x03\x04\x14\x00\x00\x00",
		"cut rar":   "Rar!\x1a\x07\x01\x00aaaaaaa",
		"rich text": `{\rtf1\ansi Hello}`,
	} {
		t.Run(name, func(t *testing.T) {
			got := read(r, bot.Document, "file.bin", []byte(data))
			if len(got.Gaps) != 1 || got.Gaps[0] != bot.GapUnreadable && got.Gaps[0] != bot.GapNoText || got.Text != "" {
				t.Errorf("got %+v", got)
			}
		})
	}
}

func TestNewRefusesWhatIsNotThere(t *testing.T) {
	for name, c := range map[string]media.Config{
		"no such tesseract":  {Tesseract: "/nowhere/tesseract"},
		"not a tesseract":    {Tesseract: "true"},
		"no such command":    {Tesseract: media.Off, TranscribeCmd: "no-such-program-anywhere"},
		"open quote":         {Tesseract: media.Off, TranscribeCmd: `cat "a`},
		"blank command":      {Tesseract: media.Off, TranscribeCmd: "  "},
		"service at no host": {Tesseract: media.Off, Service: media.Service{VisionModel: "m"}},
		"service over ftp":   {Tesseract: media.Off, Service: media.Service{SpeechModel: "m", BaseURL: "ftp://example.org"}},
	} {
		if _, err := media.New(c); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

// What is read and heard here is shown to no service, and so nobody is told that
// it may be.
func TestMeans(t *testing.T) {
	service := media.Service{BaseURL: "https://api.example.org/v1", VisionModel: "v", SpeechModel: "s"}
	tesseract := script(t, "echo rus")
	for name, c := range map[string]struct {
		config media.Config
		want   media.Means
	}{
		"nothing":  {media.Config{Tesseract: media.Off}, media.Means{}},
		"services": {media.Config{Tesseract: media.Off, Service: service}, media.Means{Vision: true, Speech: true}},
		"command":  {media.Config{Tesseract: media.Off, TranscribeCmd: "cat", Service: service}, media.Means{Vision: true, Command: true}},
		"program":  {media.Config{Tesseract: tesseract, Service: service}, media.Means{Languages: []string{"rus"}, Speech: true}},
		"all":      {media.Config{Tesseract: tesseract, TranscribeCmd: "cat", Service: service}, media.Means{Languages: []string{"rus"}, Command: true}},
	} {
		if got := newReader(t, c.config).Means(); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %+v", name, got)
		}
	}
}
