package main

import (
	"bytes"
	"fmt"
	"html"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	tgt "github.com/aldanba/aldanba/bot/telegram/telegramtest"
	"github.com/aldanba/aldanba/detector/judge/judgetest"
)

// carrier is a way by which the words of an attack reach the bot.
type carrier struct {
	name  string
	sends func(p *tgt.User, a judgetest.Attack, n int) // n is a number of its own
	takes func(a judgetest.Attack) bool                // nil: it carries all
	adds  bool                                         // it is something to be warned of by itself
}

// Where hidden links and buttons of the carriers lead, and who they come from.
const (
	carrierSite = "skryto-canary.example"
	carrierURL  = "https://" + carrierSite + "/x"
	carrierNick = "carrier_canary"
)

var carrierBait = []string{carrierURL, "//" + carrierSite, " " + carrierSite, "@" + carrierNick, carrierNick}

// carriers are all ways. Pictures are drawn and read by a stand-in for
// tesseract, which finds in them what lies in its directory.
func carriers(t *testing.T, ocr *fakeOCR) []carrier {
	forwarded := tgt.Forwarded(tgt.FromHidden("X"))
	content := func(name string, make func(text string) tgt.Content) carrier {
		return carrier{name: name, sends: func(p *tgt.User, a judgetest.Attack, _ int) { p.Posts(make(a.Text), forwarded) }}
	}
	document := func(name, file, mime string, make func(text string) string) carrier {
		return content(name, func(text string) tgt.Content { return tgt.Document(file, mime, []byte(make(text))) })
	}
	named := func(name string, origin func(displayed string) tgt.Origin) carrier {
		return carrier{name: name, sends: func(p *tgt.User, a judgetest.Attack, _ int) {
			displayed, body := nameAndBody(a)
			p.Posts(tgt.Text(body), tgt.Forwarded(origin(displayed)))
		}, takes: func(a judgetest.Attack) bool { return len(a.Text) < 2000 }}
	}
	oneLine := func(text string) string { return strings.Join(strings.Fields(text), " ") }
	short := func(most int) func(a judgetest.Attack) bool {
		return func(a judgetest.Attack) bool { return len(a.Text) <= most }
	}
	with := func(c carrier, takes func(a judgetest.Attack) bool) carrier { c.takes = takes; return c }
	adding := func(c carrier) carrier { c.adds = true; return c }
	return []carrier{
		content("text", tgt.Text),
		content("caption", func(text string) tgt.Content {
			return tgt.Document("a.txt", "text/plain", []byte("OK")).Captioned(text)
		}),
		adding(content("hidden_link", func(text string) tgt.Content {
			return tgt.HTML(html.EscapeString(text) + ` <a href="` + carrierURL + `">kaspi.kz</a>`)
		})),
		{name: "buttons", adds: true, sends: func(p *tgt.User, a judgetest.Attack, _ int) {
			p.Posts(tgt.Text("..."), forwarded, tgt.WithButtons([]tgt.Button{{Label: a.Text, URL: carrierURL}}))
		}},
		content("contact", func(text string) tgt.Content { return tgt.Contact("77000000012", text, "", "") }),
		content("contact_card", func(text string) tgt.Content {
			note := strings.NewReplacer("\\", "\\\\", "\n", "\\n", ",", "\\,", ";", "\\;").Replace(text)
			return tgt.Contact("77000000012", "A", "", "BEGIN:VCARD\nVERSION:3.0\nFN:A\nNOTE:"+note+"\nEND:VCARD\n")
		}),
		with(content("poll", func(text string) tgt.Content {
			question, options, _ := strings.Cut(text, "\n")
			return tgt.Poll(question, append(strings.Split(options, "\n"), "OK")...)
		}), func(a judgetest.Attack) bool { return strings.Count(a.Text, "\n") < 10 }),
		content("venue", func(text string) tgt.Content { return tgt.Venue(text, "Алматы", 43.25, 76.95) }),
		content("voice", func(text string) tgt.Content { return tgt.Voice(voice(text), 5*time.Second) }),
		document("txt", "a.txt", "text/plain", func(text string) string { return text }),
		adding(document("html", "a.html", "text/html", func(text string) string {
			return "<html><body><p>" + strings.ReplaceAll(html.EscapeString(text), "\n", "<br>") + `</p><a href="` + carrierURL + `">kaspi.kz</a></body></html>`
		})),
		document("eml", "a.eml", "message/rfc822", func(text string) string {
			return "From: A <a@gmail.com>\nTo: b@gmail.com\nSubject: A\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n" + text + "\n"
		}),
		with(document("pdf", "a.pdf", "application/pdf", func(text string) string { return string(pdf(oneLine(text))) }), isPlain),
		document("chat", "Чат WhatsApp.txt", "text/plain", func(text string) string {
			return "12.03.2024, 14:05 - +7 700 000 00 11: " + text + "\n12.03.2024, 14:06 - Асель: ?\n"
		}),
		{name: "file_name", sends: func(p *tgt.User, a judgetest.Attack, _ int) {
			p.Posts(tgt.Document(oneLine(a.Text)+".apk", "application/vnd.android.package-archive", zipped(t, "AndroidManifest.xml", "x", "classes.dex", "dex\n035")), forwarded)
		}, adds: true},
		{name: "archived_name", sends: func(p *tgt.User, a judgetest.Attack, _ int) {
			p.Posts(tgt.Document("a.zip", "application/zip", zipped(t, strings.ReplaceAll(oneLine(a.Text), "/", "_")+".apk", "PK")), forwarded)
		}, takes: short(500), adds: true},
		with(content("qr", func(text string) tgt.Content { return tgt.Photo(qr(t, text)) }), short(400)),
		{name: "screenshot", sends: func(p *tgt.User, a judgetest.Attack, n int) { p.Posts(tgt.Photo(ocr.picture(t, a.Text, n)), forwarded) }, takes: short(2000)},
		named("name_hidden", tgt.FromHidden),
		named("name_user", func(displayed string) tgt.Origin { return tgt.FromUser(700_001, displayed, displayed, carrierNick) }),
		named("name_channel", func(displayed string) tgt.Origin {
			return tgt.FromChannel(-1_001_000_000_001, displayed, carrierNick, 7, displayed)
		}),
		{name: "name_own", sends: func(p *tgt.User, a judgetest.Attack, _ int) {
			displayed, body := nameAndBody(a)
			p.Named(displayed, displayed, carrierNick).Posts(tgt.Text(body), forwarded)
		}},
	}
}

// displayedMark begins every name that a carrier displays.
const displayedMark = "КанарейкаИмени "

// nameAndBody splits an attack by a name; the others are all of both.
func nameAndBody(a judgetest.Attack) (displayed, body string) {
	if head, rest, ok := strings.Cut(a.Text, "\n"); ok && a.Form == "display_name" {
		if _, displayed, ok := strings.Cut(head, ": "); ok {
			return displayedMark + displayed, rest
		}
	}
	return displayedMark + strings.Join(strings.Fields(a.Text), " "), a.Text
}

// isPlain says that the letters are among those of the documents that the tests make.
func isPlain(a judgetest.Attack) bool {
	return len(a.Text) < 2000 && !strings.ContainsFunc(a.Text, func(r rune) bool {
		return r != '\n' && (r < ' ' || r > 0xff && r < 0x400 || r > 0x4ff)
	})
}

// qr draws a code.
func qr(t testing.TB, payload string) []byte {
	t.Helper()
	hints := map[gozxing.EncodeHintType]any{gozxing.EncodeHintType_CHARACTER_SET: "UTF-8"}
	matrix, err := qrcode.NewQRCodeWriter().Encode(payload, gozxing.BarcodeFormat_QR_CODE, 0, 0, hints)
	if err != nil {
		t.Fatalf("%v: %s", err, payload)
	}
	const dot = 4
	img := image.NewGray(image.Rect(0, 0, dot*matrix.GetWidth(), dot*matrix.GetHeight()))
	for y := range img.Rect.Dy() {
		for x := range img.Rect.Dx() {
			if !matrix.Get(x/dot, y/dot) {
				img.SetGray(x, y, color.Gray{Y: 0xff})
			}
		}
	}
	return pngOf(t, img)
}

func pngOf(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// fakeOCR stands in for tesseract: it knows a picture by its width.
type fakeOCR struct{ dir, program string }

// ocrWidth is the width of picture 0. The bot enlarges small pictures twice.
const ocrWidth = 100

func newFakeOCR(t testing.TB) *fakeOCR {
	t.Helper()
	o := &fakeOCR{dir: t.TempDir()}
	o.program = filepath.Join(o.dir, "tesseract")
	script := "#!/bin/sh\nif [ \"$1\" = --list-langs ]; then echo kaz rus eng; exit; fi\n" +
		"read -r magic\nread -r width height\ncat >/dev/null\nexec cat \"" + o.dir + "/$width\"\n"
	if err := os.WriteFile(o.program, []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	return o
}

// picture gives an empty picture in which the stand-in reads a text.
func (o *fakeOCR) picture(t testing.TB, text string, n int) []byte {
	t.Helper()
	const heading = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n"
	rows := heading
	for i, line := range strings.Split(text, "\n") {
		for j, word := range strings.Fields(line) {
			rows += fmt.Sprintf("5\t1\t1\t1\t%d\t%d\t%d\t%d\t90\t20\t95\t%s\n", i+1, j+1, 100*j, 30*i, word)
		}
	}
	width := ocrWidth + n
	if err := os.WriteFile(filepath.Join(o.dir, fmt.Sprint(2*width)), []byte(rows), 0o600); err != nil {
		t.Fatal(err)
	}
	img := image.NewGray(image.Rect(0, 0, width, 16))
	draw.Draw(img, img.Rect, image.White, image.Point{}, draw.Src)
	return pngOf(t, img)
}

// typeface is read once for all pictures with letters.
var typeface = sync.OnceValues(func() (*opentype.Font, error) {
	data, err := os.ReadFile(filepath.Join("..", "..", "testdata", "media", "DejaVuSans.ttf"))
	if err != nil {
		return nil, err
	}
	return opentype.Parse(data)
})

// drawn gives a picture of a text, one line of it below the other, as a
// telephone shows it.
func drawn(t testing.TB, text string) []byte {
	t.Helper()
	parsed, err := typeface()
	if err != nil {
		t.Fatal(err)
	}
	face, err := opentype.NewFace(parsed, &opentype.FaceOptions{Size: 36, DPI: 72, Hinting: font.HintingFull})
	if err != nil {
		t.Fatal(err)
	}
	defer face.Close()
	lines := wrapped(text, 46)
	img := image.NewGray(image.Rect(0, 0, 1080, 80+60*len(lines)))
	draw.Draw(img, img.Rect, image.White, image.Point{}, draw.Src)
	for i, line := range lines {
		d := font.Drawer{Dst: img, Src: image.Black, Face: face, Dot: fixed.P(40, 80+60*i)}
		d.DrawString(line)
	}
	return pngOf(t, img)
}

// wrapped breaks a text into lines of at most so many letters.
func wrapped(text string, most int) []string {
	var lines []string
	for line := range strings.Lines(text) {
		now := ""
		for _, word := range strings.Fields(line) {
			if now != "" && len([]rune(now+" "+word)) > most {
				lines, now = append(lines, now), ""
			}
			now = strings.TrimSpace(now + " " + word)
		}
		lines = append(lines, now)
	}
	return lines
}
