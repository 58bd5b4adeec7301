package media_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"image"
	"image/color"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aldanba/aldanba/bot"
	"github.com/aldanba/aldanba/bot/media"
)

// endpoint is a service that speaks OpenAI's protocol on a real socket and
// counts what it is sent.
type endpoint struct {
	*httptest.Server
	mu       sync.Mutex
	requests int
	bytes    int64
	path     string
	key      string
	model    string
	picture  []byte // of the last chat completion
	sound    []byte // of the last transcription
	filename string
	answers  []answer // for the next requests in turn; the last one stays
}

type answer struct {
	status int
	text   string
	header http.Header
	raw    string // instead of a well-formed body
	hang   bool   // until the client gives up
}

func newEndpoint(t testing.TB, answers ...answer) *endpoint {
	e := &endpoint{answers: answers}
	e.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		e.mu.Lock()
		defer e.mu.Unlock()
		e.requests++
		e.bytes += int64(len(body))
		e.path, e.key = r.URL.Path, r.Header.Get("Authorization")
		a := e.answers[0]
		if len(e.answers) > 1 {
			e.answers = e.answers[1:]
		}
		if a.hang {
			<-r.Context().Done()
			return
		}
		for name, values := range a.header {
			w.Header()[name] = values
		}
		switch {
		case a.status != http.StatusOK:
			w.WriteHeader(a.status)
			io.WriteString(w, `{"error":{"message":"busy","type":"server_error"}}`)
		case a.raw != "":
			io.WriteString(w, a.raw)
		case strings.HasSuffix(r.URL.Path, "/chat/completions"):
			e.takePicture(t, body)
			json.NewEncoder(w).Encode(map[string]any{"choices": []any{map[string]any{"message": map[string]any{"role": "assistant", "content": a.text}}}})
		case strings.HasSuffix(r.URL.Path, "/audio/transcriptions"):
			r.Body = io.NopCloser(bytes.NewReader(body))
			file, header, err := r.FormFile("file")
			if err != nil {
				t.Error(err)
				return
			}
			e.sound, _ = io.ReadAll(file)
			e.filename, e.model = header.Filename, r.FormValue("model")
			json.NewEncoder(w).Encode(map[string]any{"text": a.text})
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	t.Cleanup(e.Close)
	return e
}

// takePicture reads a request of the real shape: parts of text and image_url.
func (e *endpoint) takePicture(t testing.TB, body []byte) {
	var request struct {
		Model    string `json:"model"`
		Messages []struct {
			Content []struct {
				Type     string `json:"type"`
				Text     string `json:"text"`
				ImageURL struct {
					URL string `json:"url"`
				} `json:"image_url"`
			} `json:"content"`
		} `json:"messages"`
	}
	if err := json.Unmarshal(body, &request); err != nil {
		t.Errorf("request: %v", err)
	}
	e.model = request.Model
	for _, part := range request.Messages[0].Content {
		if data, ok := strings.CutPrefix(part.ImageURL.URL, "data:image/jpeg;base64,"); ok && part.Type == "image_url" {
			e.picture, _ = base64.StdEncoding.DecodeString(data)
		}
	}
}

func (e *endpoint) reader(t testing.TB, l media.Limits) *media.Reader {
	return newReader(t, media.Config{Tesseract: media.Off, Limits: l,
		Service: media.Service{BaseURL: e.URL + "/v1", Key: "key-0", VisionModel: "see-1", SpeechModel: "hear-1"}})
}

func readAs(r *media.Reader, kind bot.FileKind, data []byte, s bot.Services) bot.Reading {
	return r.Read(context.Background(), bot.File{Kind: kind}, opening(data), s)
}

// voice is a voice note of so many seconds, as far as its container tells.
func voice(seconds int) []byte {
	page := func(position uint64, payload string) []byte {
		b := []byte("OggS\x00\x02")
		for i := range 8 {
			b = append(b, byte(position>>(8*i)))
		}
		b = append(b, make([]byte, 12)...)
		b = append(b, 1, byte(len(payload)))
		return append(b, payload...)
	}
	return append(page(0, "OpusHead\x01\x01\x38\x01\x80\xbb\x00\x00\x00\x00\x00"), page(uint64(seconds)*48000, strings.Repeat("s", 200))...)
}

func TestNothingLeavesWithoutSwitchAndConsent(t *testing.T) {
	picture := pngOf(t, newCanvas(t, 200, 200, white))
	for _, switched := range []bool{false, true} {
		for _, consent := range []bot.Consent{bot.NotAsked, bot.Refused, bot.Agreed} {
			e := newEndpoint(t, answer{status: 200, text: "слова"})
			c := media.Config{Tesseract: media.Off, Service: media.Service{BaseURL: e.URL + "/v1", Key: "key-0"}}
			if switched {
				c.Service.VisionModel, c.Service.SpeechModel = "see-1", "hear-1"
			}
			r := newReader(t, c)
			services := bot.Services{Picture: consent, Voice: consent}
			seen := readAs(r, bot.Picture, picture, services)
			heard := readAs(r, bot.Voice, voice(3), services)
			hidden := readAs(r, bot.Document, voice(3), services) // sound under another name
			e.mu.Lock()
			requests, sent := e.requests, e.bytes
			e.mu.Unlock()
			if switched && consent == bot.Agreed {
				if requests != 3 || seen.Text != "слова" || heard.Text != "слова" || hidden.Text != "слова" {
					t.Errorf("with both: %d requests, read %q, %q and %q", requests, seen.Text, heard.Text, hidden.Text)
				}
				continue
			}
			if requests != 0 || sent != 0 {
				t.Errorf("switched on %v, consent %d: %d requests of %d bytes left", switched, consent, requests, sent)
			}
			want := map[bot.Consent][2]bot.Gap{
				bot.NotAsked: {bot.GapAskPicture, bot.GapAskVoice}, bot.Refused: {bot.GapDeniedPicture, bot.GapDeniedVoice}}[consent]
			if !switched {
				want = [2]bot.Gap{bot.GapNoPictures, bot.GapNoVoice}
			}
			wantGaps(t, seen, want[0])
			wantGaps(t, heard, want[1])
			wantGaps(t, hidden, want[1])
		}
	}
}

// One consent does not stand for the other.
func TestConsentIsForOneKind(t *testing.T) {
	e := newEndpoint(t, answer{status: 200, text: "слова"})
	r := e.reader(t, media.Limits{})
	wantGaps(t, readAs(r, bot.Picture, pngOf(t, newCanvas(t, 50, 50, white)), bot.Services{Voice: bot.Agreed}), bot.GapAskPicture)
	wantGaps(t, readAs(r, bot.Voice, voice(1), bot.Services{Picture: bot.Agreed}), bot.GapAskVoice)
	if e.requests != 0 {
		t.Errorf("%d requests", e.requests)
	}
}

func TestPicturesThatAreReadHereStayHere(t *testing.T) {
	e := newEndpoint(t, answer{status: 200, text: "слова"})
	seeing(t)
	r := newReader(t, media.Config{Service: media.Service{BaseURL: e.URL, VisionModel: "see-1"}})
	got := readAs(r, bot.Picture, rows(t, "Переведите деньги").png(), bot.Services{Picture: bot.Agreed})
	if e.requests != 0 || !strings.Contains(got.Text, "Переведите") {
		t.Errorf("%d requests, text %q", e.requests, got.Text)
	}
}

func TestVisionIsAskedForTheWords(t *testing.T) {
	e := newEndpoint(t, answer{status: 200, text: "14:32 LTE 87%\nПереведите деньги\nСообщение\n"})
	original := screenshot(t, light, russianChat).png()
	secret := []byte("GPS 43.2389 76.8897")
	original = append(original, secret...)
	got := readAs(e.reader(t, media.Limits{}), bot.Picture, original, bot.Services{Picture: bot.Agreed})
	wantLines(t, got, "Переведите деньги")
	wantGaps(t, got)
	if e.path != "/v1/chat/completions" || e.key != "Bearer key-0" || e.model != "see-1" {
		t.Errorf("path %q, key %q, model %q", e.path, e.key, e.model)
	}
	config, kind, err := image.DecodeConfig(bytes.NewReader(e.picture))
	if err != nil || kind != "jpeg" || max(config.Width, config.Height) > 1600 {
		t.Errorf("sent a %s of %d×%d: %v", kind, config.Width, config.Height, err)
	}
	if bytes.Contains(e.picture, secret) || bytes.Contains(e.picture, []byte("Exif")) {
		t.Error("what is not seen in the picture has left with it")
	}
}

func TestSpeechIsSentWithItsFormat(t *testing.T) {
	e := newEndpoint(t, answer{status: 200, text: "Мама, срочно нужны деньги"})
	sound := voice(4)
	got := readAs(e.reader(t, media.Limits{}), bot.Voice, sound, bot.Services{Voice: bot.Agreed})
	wantLines(t, got, "Мама, срочно нужны деньги")
	if !bytes.Equal(e.sound, sound) || e.filename != "sound.ogg" || e.model != "hear-1" || e.path != "/v1/audio/transcriptions" {
		t.Errorf("file %q of %d bytes for %q at %q", e.filename, len(e.sound), e.model, e.path)
	}
}

func TestServiceThatFails(t *testing.T) {
	ok := answer{status: 200, text: "слова"}
	now := http.Header{"Retry-After": {"0"}}
	for name, c := range map[string]struct {
		answers  []answer
		want     bot.Gap // none: the words are read
		requests int
	}{
		"busy once":       {[]answer{{status: 429, header: now}, ok}, "", 2},
		"broken once":     {[]answer{{status: 503, header: now}, ok}, "", 2},
		"busy":            {[]answer{{status: 429, header: now}}, bot.GapUnreadable, 2},
		"busy for long":   {[]answer{{status: 429, header: http.Header{"Retry-After": {"3600"}}}}, bot.GapUnreadable, 1},
		"broken":          {[]answer{{status: 500, header: now}}, bot.GapUnreadable, 2},
		"wrong key":       {[]answer{{status: 401}}, bot.GapUnreadable, 1},
		"slow":            {[]answer{{hang: true}}, bot.GapUnreadable, 1},
		"not JSON":        {[]answer{{status: 200, raw: "<html>"}}, bot.GapUnreadable, 1},
		"without choices": {[]answer{{status: 200, raw: `{"choices":[]}`}}, bot.GapUnreadable, 1},
		"endless":         {[]answer{{status: 200, raw: `{"choices":[{"message":{"content":"` + strings.Repeat("a", 3<<20)}}, bot.GapUnreadable, 1},
		"moved":           {[]answer{{status: 307, header: http.Header{"Location": {"https://elsewhere.example/"}}}}, bot.GapUnreadable, 1},
		"no words":        {[]answer{{status: 200}}, bot.GapNoText, 1},
	} {
		t.Run(name, func(t *testing.T) {
			e := newEndpoint(t, c.answers...)
			patience := time.Minute
			if c.answers[0].hang {
				patience = 300 * time.Millisecond
			}
			got := readAs(e.reader(t, media.Limits{Time: patience}), bot.Picture, pngOf(t, newCanvas(t, 50, 50, white)), bot.Services{Picture: bot.Agreed})
			if c.want == "" {
				wantGaps(t, got)
				wantLines(t, got, "слова")
			} else {
				wantGaps(t, got, c.want)
			}
			e.mu.Lock()
			defer e.mu.Unlock()
			if hangs := c.answers[0].hang; e.requests != c.requests && !(hangs && e.requests == 0) { // the time may be over before the service is asked
				t.Errorf("%d requests, want %d", e.requests, c.requests)
			}
		})
	}
}

// A number before a word is a date only where the word is a month.
func TestWhatPeopleWriteIsNoDate(t *testing.T) {
	said := []string{
		"Ваш сын в полиции, нужны 2 миллиона, курьер подъедет через час.", "Срочно 5 тысяч", "2 миллиона", "Бүгін 3 миллион керек", "Ждите в 14:05, код 4821",
	}
	dates := []string{"12 марта", "Пн, 5 мая", "12 наурыз 2026 ж.", "Вт 14 апр.", "14:05 LTE 81%", "3 июля 2026 г."}
	e := newEndpoint(t, answer{status: http.StatusOK, text: strings.Join(slices.Concat(said, dates), "\n")})
	got := readAs(e.reader(t, media.Limits{}), bot.Picture, newCanvas(t, 200, 200, color.White).png(), bot.Services{Picture: bot.Agreed})
	if want := strings.Join(said, "\n"); got.Text != want {
		t.Errorf("read %q, want %q", got.Text, want)
	}
}
