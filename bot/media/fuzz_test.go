package media

import (
	"archive/zip"
	"bytes"
	"context"
	"image"
	"image/color"
	"image/gif"
	"image/png"
	"os"
	"path/filepath"
	"testing"
	"unicode/utf8"

	"golang.org/x/image/bmp"
	"golang.org/x/tools/txtar"

	"github.com/aldanba/aldanba/bot"
)

// These look into the package because Read would hide a panic of our own.

// fuzzTask is a task with little to spend, so that a round is short.
func fuzzTask(r *Reader) *task {
	return &task{Reader: r, ctx: context.Background(), unpacked: r.limits.Unpacked, entries: r.limits.Entries}
}

func fuzzReader(f *testing.F) *Reader {
	r, err := New(Config{Tesseract: Off, Limits: Limits{Unpacked: 1 << 20, Entries: 100, Text: 4 << 10, Pixels: 100_000}})
	if err != nil {
		f.Fatal(err)
	}
	return r
}

// check holds for every reading.
func check(t *testing.T, task *task) {
	t.Helper()
	got := task.reading()
	if !utf8.ValidString(got.Text) || len(got.Text) > task.limits.Text {
		t.Errorf("%d bytes of text, valid: %v", len(got.Text), utf8.ValidString(got.Text))
	}
	if got.Text == "" && len(got.Gaps) == 0 {
		t.Error("neither text nor gap")
	}
}

// cases adds the files of the cases with one of the endings.
func cases(f *testing.F, endings ...string) {
	paths, _ := filepath.Glob("../../testdata/media/cases/*.txtar")
	for _, path := range paths {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			f.Fatal(err)
		}
		for _, e := range endings {
			if ending(archive.Files[0].Name) == e {
				f.Add(archive.Files[0].Data)
			}
		}
	}
}

// fuzzBytes reads bytes in one way.
func fuzzBytes(f *testing.F, way func(*task, []byte)) {
	r := fuzzReader(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		task := fuzzTask(r)
		way(task, data)
		check(t, task)
	})
}

func FuzzAnything(f *testing.F) {
	cases(f, "txt", "eml", "vcf")
	for _, seed := range []string{"PK\x03\x04", "Rar!\x1a\x07\x01\x00", "\x1f\x8b", "%PDF-1.4", "MZ", "OggS", "RIFF\x00\x00\x00\x00WAVE", "\xff\xfea\x00", "BEGIN:VCARD", "L\x00\x00\x00"} {
		f.Add([]byte(seed))
	}
	fuzzBytes(f, func(task *task, data []byte) { task.content(data, "name.bin") })
}

func FuzzPDF(f *testing.F) {
	paths, _ := filepath.Glob("../../testdata/media/pdf/*.pdf")
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte("1 0 obj<</Type/Page/Contents 2 0 R/Resources<</Font<</F<</Subtype/Type0/ToUnicode 3 0 R/DescendantFonts[<</W[0[1]1 9 2]>>]>>>>>>>>endobj " +
		"2 0 obj<<>>stream\nBT/F 1 Tf(ab)Tj[(c)-9]TJ ET\nendstream endobj 3 0 obj<<>>stream\n<00><ff>endcodespacerange<00><10><0041>endbfrange\nendstream"))
	f.Add([]byte(`1 0 obj<</Type/Catalog/Pages(\`))
	fuzzBytes(f, (*task).pdf)
}

func FuzzZip(f *testing.F) {
	for _, name := range []string{"a.txt", "_chat.txt", "AndroidManifest.xml", "word/document.xml", "b.zip"} {
		var b bytes.Buffer
		w := zip.NewWriter(&b)
		if part, err := w.Create(name); err == nil {
			part.Write([]byte("<w:t>12.03.2024, 14:05 - +7: PK\x03\x04</w:t>"))
		}
		w.Create("[Content_Types].xml")
		w.Close()
		f.Add(b.Bytes())
	}
	fuzzBytes(f, func(task *task, data []byte) {
		task.contained(data, "a.zip")
		task.container(data, "a.zip")
	})
}

func FuzzMail(f *testing.F) {
	cases(f, "eml")
	fuzzBytes(f, (*task).mail)
}

func FuzzTexts(f *testing.F) {
	cases(f, "txt", "vcf")
	f.Add([]byte("<a href=https://a.example>b</a><meta content='0;url=//c'><script>"))
	r := fuzzReader(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, way := range []func(*task, string){(*task).html, (*task).chat, (*task).card, (*task).payload, (*task).written} {
			task := fuzzTask(r)
			way(task, decodeText(data))
			check(t, task)
		}
		officeText(data)
		soundLength(data)
		installerContent(data)
	})
}

func FuzzPictures(f *testing.F) {
	img := image.NewPaletted(image.Rect(0, 0, 40, 40), color.Palette{color.Black, color.White})
	for i := range img.Pix {
		img.Pix[i] = uint8(i / 3 % 2)
	}
	var p, g, b bytes.Buffer
	png.Encode(&p, img)
	gif.Encode(&g, img, nil)
	bmp.Encode(&b, img)
	for _, seed := range [][]byte{p.Bytes(), g.Bytes(), b.Bytes()} {
		f.Add(seed)
	}
	fuzzBytes(f, (*task).picture)
}

// FuzzScreens reads what a program and a service say of a picture.
func FuzzScreens(f *testing.F) {
	f.Add("5\t1\t1\t1\t1\t1\t10\t20\t30\t40\t95.5\tПереведите\n5\t1\t1\t1\t1\t2\t90\t20\t30\t40\t12\t14:32\n")
	f.Add("Перевод успешно совершен\nКомиссия 0 ₸\n14:32 LTE 87%\nСегодня")
	r := fuzzReader(f)
	f.Fuzz(func(t *testing.T, text string) {
		task := fuzzTask(r)
		task.screen(layOut(parseTSV(text)))
		task.screen([]string{text})
		check(t, task)
		_, _ = splitWords(text)
	})
}

// What a third-party decoder throws costs one gap.
func TestPanicsAreCaught(t *testing.T) {
	r, err := New(Config{Tesseract: Off})
	if err != nil {
		t.Fatal(err)
	}
	r.vocabulary = nil // stands for a decoder that breaks
	task := fuzzTask(r)
	task.read([]byte("words"))
	if got := task.reading(); len(got.Gaps) != 1 || got.Gaps[0] != bot.GapUnreadable {
		t.Errorf("got %+v", got)
	}
}
