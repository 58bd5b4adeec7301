package main

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/aldanba/aldanba/bot/media"
	tgt "github.com/aldanba/aldanba/bot/telegram/telegramtest"
)

func TestFilesOfEveryKind(t *testing.T) {
	t.Parallel()
	scenes(t, map[string]string{"ALDANBA_TRANSCRIBE_CMD": transcriber(t)}, true, slices.Concat(documentScenes(), soundScenes()))
}

func TestFilesThatCannotBeRead(t *testing.T) {
	t.Parallel()
	sparePictures(t)
	scenes(t, nil, true, unreadScenes())
}

// It runs alone: reading pictures takes all that the machine has.
func TestPicturesWithWords(t *testing.T) {
	sparePictures(t)
	needsTesseract(t)
	scenes(t, map[string]string{"ALDANBA_TESSERACT": ""}, false, pictureScenes())
}

// needsTesseract leaves out what the program does that reads pictures.
func needsTesseract(t testing.TB) {
	t.Helper()
	r, err := media.New(media.Config{})
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Means().Languages; len(got) < 3 {
		t.Skipf("needs tesseract with kaz, rus and eng (packages tesseract-ocr, tesseract-ocr-kaz, tesseract-ocr-rus), has %q", got)
	}
}

// sparePictures leaves out what looks for codes in pictures, which takes longer
// under the race detector than a file may take.
func sparePictures(t testing.TB) {
	t.Helper()
	if testing.Short() {
		t.Skip("pictures are left out of a short run")
	}
}

// transcriber is a command that listens: it takes the words from where the
// sounds of the tests have them, after the first line.
func transcriber(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "transcribe.sh")
	if err := os.WriteFile(path, []byte("exec sed 1d\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return "sh '" + path + "'"
}

// voice is five seconds of Ogg as far as anybody looks.
func voice(words string) []byte {
	head := append([]byte("OggS\x00\x04"), binary.LittleEndian.AppendUint64(nil, 5*48000)...)
	return append(head, "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x13OpusHead\n"+words+"\n"...)
}

// video is an MP4 as far as anybody looks.
func video(words string) []byte {
	return []byte("\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isommp42\n" + words + "\n")
}

// zipped packs files, given as name and content by turns.
func zipped(t testing.TB, files ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		w, err := z.Create(files[i])
		if err == nil {
			_, err = w.Write([]byte(files[i+1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// pdf is a document of one page with a line of text, whose letters are coded
// as in Unicode.
func pdf(line string) []byte {
	code := ""
	for _, u := range utf16.Encode([]rune(line)) {
		code += fmt.Sprintf("%04X", u)
	}
	stream := func(s string) string { return fmt.Sprintf("<</Length %d>>\nstream\n%s\nendstream", len(s), s) }
	objects := []string{
		"<</Type/Catalog/Pages 2 0 R>>",
		"<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 5 0 R>>>>/Contents 4 0 R>>",
		stream("BT /F1 12 Tf 50 780 Td <" + code + "> Tj ET"),
		"<</Type/Font/Subtype/Type0/BaseFont/Test/Encoding/Identity-H/DescendantFonts[6 0 R]/ToUnicode 7 0 R>>",
		"<</Type/Font/Subtype/CIDFontType2/BaseFont/Test/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/DW 600>>",
		stream("1 begincodespacerange <0000> <FFFF> endcodespacerange\n2 beginbfrange\n<0020> <00FF> <0020>\n<0400> <04FF> <0400>\nendbfrange"),
	}
	var b strings.Builder
	b.WriteString("%PDF-1.4\n")
	table := fmt.Sprintf("xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for i, o := range objects {
		table += fmt.Sprintf("%010d 00000 n \n", b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := b.Len()
	fmt.Fprintf(&b, "%strailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", table, len(objects)+1, start)
	return []byte(b.String())
}

// reads plays what a forwarded file without words leads to: that it is being
// read is said first, and then what was found in it.
func reads(c *cast, mark string, file tgt.Content) {
	c.Helper()
	first := c.posts(1, file, tgt.Forwarded(tgt.FromHidden(c.or("Банк", "Банк қызметі"))))[0]
	c.verdict(first, "⏳")
	edited := c.sees(first)
	if mark == red || mark == yellow {
		// The danger has risen: that is to be heard.
		if edited.Text != c.phrase("read_below") {
			c.Errorf("the first answer became %q", edited.Text)
		}
		c.verdict(c.hears(1)[0], mark)
		return
	}
	c.verdict(edited, mark)
}

func documentScenes() []scene {
	document := func(name, file, mime, mark string, content func(c *cast) []byte) scene {
		return scene{"document_" + name, name == "txt" || name == "apk", func(c *cast) {
			reads(c, mark, tgt.Document(file, mime, content(c)))
			switch mark {
			case white: // the question about consent
				c.hears(1)
			case doubt: // what was not read, too
				c.hears(2)
			}
		}}
	}
	return []scene{
		document("txt", "pismo.txt", "text/plain", red, func(c *cast) []byte { return []byte(c.or(moneyRU, moneyKK)) }),
		document("pdf", "schet.pdf", "application/pdf", red, func(c *cast) []byte { return pdf(c.or(moneyRU, moneyKK)) }),
		document("html", "vyplata.html", "text/html", red, func(c *cast) []byte {
			return []byte("<html><body><p>" + c.or(moneyRU, moneyKK) + ` <a href="` + evilLink + `">egov.kz</a></p></body></html>`)
		}),
		document("eml", "letter.eml", "message/rfc822", red, func(c *cast) []byte {
			return []byte("From: Bank <help@bank-help.example>\nTo: asel@mail.example\nSubject: Bank\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n" + c.or(codeRU, codeKK) + "\n")
		}),
		document("zip", "dokumenty.zip", "application/zip", red, func(c *cast) []byte {
			return zipped(c, "readme.txt", c.or("Ваши документы", "Сіздің құжаттарыңыз"), "Kaspi_zashita.apk", "PK")
		}),
		document("apk", "update.apk", "application/vnd.android.package-archive", red, func(c *cast) []byte {
			return zipped(c, "AndroidManifest.xml", "x", "classes.dex", "dex\n035")
		}),
		document("vcf", "kontakt.vcf", "text/vcard", white, func(c *cast) []byte {
			return []byte("BEGIN:VCARD\nVERSION:3.0\nFN:" + c.or("Асель Соседка", "Көрші Әсел") + "\nTEL:+77000000012\nEND:VCARD\n")
		}),
		document("whatsapp_txt", "Чат WhatsApp.txt", "text/plain", red, func(c *cast) []byte { return []byte(export(c)) }),
		document("whatsapp_zip", "Чат WhatsApp.zip", "application/zip", red, func(c *cast) []byte { return zipped(c, "_chat.txt", export(c)) }),
		document("locked_zip", "arhiv.zip", "application/zip", doubt, func(c *cast) []byte { return locked(zipped(c, "a.txt", "x")) }),
		document("broken", "foto.jpg", "image/jpeg", "", func(*cast) []byte { return []byte("\xff\xd8\xff\xe0 broken") }),
	}
}

// export is a chat as WhatsApp exports it.
func export(c *cast) string {
	stranger, own := "12.03.2024, 14:05 - +7 700 000 00 11: ", "12.03.2024, 14:06 - "+c.or("Асель", "Әсел")+": "
	return stranger + c.or("Здравствуйте, это служба безопасности банка", "Сәлеметсіз бе, бұл банктің қауіпсіздік қызметі") + "\n" +
		own + c.or("Кто это?", "Бұл кім?") + "\n" + stranger + c.or(moneyRU, moneyKK) + "\n"
}

// locked marks the files of an archive as locked with a password.
func locked(archive []byte) []byte {
	for _, head := range []struct {
		mark string
		flag int
	}{{"PK\x03\x04", 6}, {"PK\x01\x02", 8}} {
		for i := range archive {
			if bytes.HasPrefix(archive[i:], []byte(head.mark)) {
				archive[i+head.flag] |= 1
			}
		}
	}
	return archive
}

func soundScenes() []scene {
	return []scene{
		{"voice", true, func(c *cast) { reads(c, red, tgt.Voice(voice(c.or(moneyRU, moneyKK)), 5*time.Second)) }},
		{"own_voice_about_what_happened", false, func(c *cast) {
			first := c.posts(1, tgt.Voice(voice(c.or("Я назвала им код из СМС, что делать?", "Мен оларға СМС кодты айтып қойдым, не істеймін?")), 5*time.Second))[0]
			c.hears(1)
			c.sees(first)
		}},
		{"audio", false, func(c *cast) {
			reads(c, red, tgt.Audio("record.ogg", "audio/ogg", voice(c.or(codeRU, codeKK)), 5*time.Second))
		}},
		{"video_note", false, func(c *cast) { reads(c, red, tgt.VideoNote(video(c.or(moneyRU, moneyKK)), 5*time.Second)) }},
		{"video_with_caption", false, func(c *cast) {
			first := c.posts(1, tgt.Video(video(c.or("Смотрите", "Қараңыз")), 5*time.Second).Captioned(c.or(codeRU, codeKK)), tgt.Forwarded(tgt.FromHidden("Банк")))[0]
			c.sees(first)
		}},
		{"voice_too_long", false, func(c *cast) { reads(c, "", tgt.Voice(voice("x"), 20*time.Minute)) }},
	}
}

// unreadScenes are files for which nothing is installed.
func unreadScenes() []scene {
	return []scene{
		{"photo_without_ocr", true, func(c *cast) { reads(c, "", tgt.Photo(c.file("chat_*.png"))) }},
		{"photo_qr", true, func(c *cast) { reads(c, red, tgt.Photo(c.file("qr.png"))); c.hears(1) }},
		{"voice_without_transcription", true, func(c *cast) {
			c.posts(1, tgt.Voice(voice(""), 5*time.Second), tgt.Forwarded(tgt.FromHidden("Банк")))
			c.posts(1, tgt.Voice(voice(""), 5*time.Second).Captioned(c.or(codeRU, codeKK)))
			c.hears(1)
		}},
		{"video_note_without_transcription", false, func(c *cast) {
			c.posts(1, tgt.VideoNote(video(""), 5*time.Second), tgt.Forwarded(tgt.FromHidden("Банк")))
		}},
	}
}

func pictureScenes() []scene {
	return []scene{
		{"chat_screenshot", true, func(c *cast) { reads(c, red, tgt.Photo(c.file("chat_*.png"))) }},
		{"receipt", false, func(c *cast) { reads(c, white, tgt.Photo(c.file("receipt_*.png"))); c.hears(1) }},
		{"photo_without_words", false, func(c *cast) { reads(c, "", tgt.Photo(c.file("no_words.png"))) }},
		{"photo_of_a_scam_that_was_known", false, func(c *cast) {
			// The caption is dangerous already, so the picture only completes the answer.
			first := c.posts(1, tgt.Photo(c.file("chat_*.png")).Captioned(c.or(codeRU, codeKK)), tgt.Forwarded(tgt.FromHidden("Банк")))[0]
			c.verdict(c.sees(first), red)
		}},
	}
}
