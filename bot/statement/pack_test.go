package statement_test

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/aldanba/aldanba/bot/statement"
	"github.com/aldanba/aldanba/locales"
)

// keeps hands over files by their reference, as a messenger does.
type keeps map[string][]byte

var errGone = errors.New("the messenger has it no more")

func (k keeps) open(_ context.Context, f statement.File) (io.ReadCloser, error) {
	data, ok := k[f.Ref]
	if !ok {
		return nil, errGone
	}
	return io.NopCloser(bytes.NewReader(data)), nil
}

var kept = keeps{"receipt": []byte("%PDF"), "photo": []byte("\xff\xd8\xff\xe0 jpeg")}

func makePack(t testing.TB, c statement.Case, open statement.Opener) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := papers(t).Pack(t.Context(), &b, c, open); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// unpacked reads a pack as archive/zip does, refusing names that are unsafe.
func unpacked(t testing.TB, data []byte) (names []string, files map[string][]byte) {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	files = make(map[string][]byte)
	for _, f := range r.File {
		if f.Name != path.Clean(f.Name) || path.IsAbs(f.Name) || strings.HasPrefix(f.Name, "..") ||
			strings.Trim(f.Name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/") != "" {
			t.Errorf("unsafe name %q", f.Name)
		}
		if _, twice := files[f.Name]; twice {
			t.Errorf("%s stands twice", f.Name)
		}
		opened, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if files[f.Name], err = io.ReadAll(opened); err != nil {
			t.Fatal(err)
		}
		names = append(names, f.Name)
	}
	return names, files
}

// checkSums does what "sha256sum -c SHA256SUMS.txt" does, and wants a line for
// every other file.
func checkSums(t testing.TB, files map[string][]byte) {
	t.Helper()
	checked := map[string]bool{"SHA256SUMS.txt": true}
	for line := range strings.Lines(string(files["SHA256SUMS.txt"])) {
		sum, name, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "  ")
		data, known := files[name]
		if got := sha256.Sum256(data); !ok || !known || hex.EncodeToString(got[:]) != sum {
			t.Errorf("SHA256SUMS.txt is wrong: %q", line)
		}
		checked[name] = true
	}
	for name := range files {
		if !checked[name] {
			t.Errorf("SHA256SUMS.txt lacks %s", name)
		}
	}
}

// readTable reads a table of the pack, cells by the name of their column.
func readTable(t testing.TB, data []byte) []map[string]string {
	t.Helper()
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(data), "\uFEFF")))
	r.Comma = ';'
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var table []map[string]string
	for _, row := range rows[1:] {
		cells := make(map[string]string)
		for i, cell := range row {
			cells[rows[0][i]] = cell
		}
		table = append(table, cells)
	}
	return table
}

func TestThePackHoldsEverything(t *testing.T) {
	data := makePack(t, russian(), kept.open)
	names, files := unpacked(t, data)
	want := []string{
		"zayavlenie-v-policiyu.pdf", "zayavlenie-v-policiyu.txt",
		"zayavlenie-v-bank-1.pdf", "zayavlenie-v-bank-1.txt", "zayavlenie-v-bank-2.pdf", "zayavlenie-v-bank-2.txt",
		"originaly/001.txt", "originaly/002_file.pdf", "originaly/003.txt", "originaly/003_file.jpg",
		"hronologiya.txt", "hronologiya.csv", "opis.txt", "opis.csv", "SHA256SUMS.txt",
	}
	if !slices.Equal(names, want) {
		t.Errorf("the pack holds\n%q, want\n%q", names, want)
	}
	checkSums(t, files)
	c := russian()
	if got := string(files["originaly/001.txt"]); got != c.Messages[0].Text {
		t.Errorf("the text is not kept as it was: %q", got)
	}
	if got := files["originaly/003_file.jpg"]; !bytes.Equal(got, kept["photo"]) {
		t.Errorf("the file is not kept as it was: %q", got)
	}
	p := papers(t)
	if got := string(files["zayavlenie-v-policiyu.txt"]); got != p.Statement(c).Text() {
		t.Error("the statement in the pack differs")
	}
	if got := string(files["zayavlenie-v-bank-2.txt"]); got != p.Letter(c, "Второй Банк").Text() {
		t.Error("the second letter in the pack differs")
	}
	if name := p.PackName(c); name != "dokazatelstva.zip" {
		t.Errorf("the pack is called %q", name)
	}
	for _, list := range []string{"opis.txt", "opis.csv", "hronologiya.txt", "hronologiya.csv"} {
		golden(t, "pack_ru_"+list, withoutSums(string(files[list])))
	}
	_, files = unpacked(t, makePack(t, kazakh(), kept.open))
	for _, list := range []string{"tizimdeme.txt", "hronologiya.txt"} {
		golden(t, "pack_kk_"+list, withoutSums(string(files[list])))
	}
}

// withoutSums leaves out what the squeezing of a PDF decides, not the words.
func withoutSums(list string) string {
	list = regexp.MustCompile(`[0-9a-f]{64}`).ReplaceAllString(list, "(sum)")
	list = regexp.MustCompile(`(Байт: )[0-9]+`).ReplaceAllString(list, "$1(bytes)")
	return regexp.MustCompile(`;[0-9]+;\(sum\)`).ReplaceAllString(list, ";(bytes);(sum)")
}

func TestThePackIsTheSameForTheSameCase(t *testing.T) {
	if !bytes.Equal(makePack(t, russian(), kept.open), makePack(t, russian(), kept.open)) {
		t.Error("two packs of one case differ")
	}
}

func TestThePackOfNothingIsWhole(t *testing.T) {
	for _, lang := range locales.Languages() {
		names, files := unpacked(t, makePack(t, statement.Case{Lang: lang}, kept.open))
		checkSums(t, files)
		if len(names) != 9 {
			t.Errorf("%s: the pack holds %q", lang, names)
		}
	}
}

func TestNamesOfOriginalsAreSafe(t *testing.T) {
	tests := []struct{ name, want string }{
		{"чек.jpg", "file.jpg"},
		{"IMG 2026 (1).JPG", "IMG-2026-1.jpg"},
		{"../../etc/passwd", "passwd"},
		{`C:\Windows\system.ini`, "system.ini_"},
		{"photo\u202Egpj.exe", "photo-gpj.exe_"},
		{"Kaspi.apk", "Kaspi.apk_"},
		{"a.pdf.js", "a-pdf.js_"},
		{"x.docm", "x.docm_"},
		{"", "file"},
		{"..", "file"},
		{"a.\x00\n/", "file"},
		{"con.txt", "con.txt"},
		{strings.Repeat("a", 500) + ".png", "" + strings.Repeat("a", 40) + ".png"},
		{"a." + strings.Repeat("b", 500), "a." + strings.Repeat("b", 10) + "_"},
	}
	var c statement.Case
	for _, tt := range tests {
		c.Messages = append(c.Messages, statement.Message{File: &statement.File{Name: tt.name, Ref: "photo"}})
	}
	names, files := unpacked(t, makePack(t, c, kept.open))
	checkSums(t, files)
	for i, tt := range tests {
		if want := fmt.Sprintf("originaly/%03d_%s", i+1, tt.want); !slices.Contains(names, want) {
			t.Errorf("%q is called otherwise than %q: %q", tt.name, want, names)
		}
	}
}

// TestWhatCouldNotBePackedIsNamed: an investigator learns what is missing and
// the rest is whole.
func TestWhatCouldNotBePackedIsNamed(t *testing.T) {
	half := errors.New("the line broke")
	opener := func(ctx context.Context, f statement.File) (io.ReadCloser, error) {
		switch f.Ref {
		case "breaks":
			return io.NopCloser(io.MultiReader(strings.NewReader("half"), iotest.ErrReader(half))), nil
		case "endless":
			return io.NopCloser(zeros{}), nil
		}
		return kept.open(ctx, f)
	}
	file := func(ref string, size int64) statement.Message {
		return statement.Message{Received: day, File: &statement.File{Name: ref + ".jpg", Ref: ref, Size: size}}
	}
	c := statement.Case{Made: day, Messages: []statement.Message{
		file("gone", 0), file("photo", 0), file("breaks", 0), file("large", statement.MaxPack+1), file("endless", 0), file("photo", 4),
	}}
	data := makePack(t, c, opener)
	if len(data) > statement.MaxPack+1<<20 {
		t.Errorf("the pack has %d bytes", len(data))
	}
	_, files := unpacked(t, data)
	checkSums(t, files)
	var got []string
	for _, row := range readTable(t, files["opis.csv"]) {
		if row["Исходное имя файла"] != "" {
			got = append(got, row["Исходное имя файла"]+": "+row["Файл"]+" "+row["Байт"]+" "+row["Состояние"])
		}
	}
	want := []string{
		"gone.jpg:   не получен",
		"photo.jpg: originaly/002_photo.jpg 9 полностью",
		"breaks.jpg: originaly/003_breaks.jpg 4 получен не полностью",
		"large.jpg:   не вошёл: слишком большой",
		"endless.jpg: originaly/005_endless.jpg 41943027 получен не полностью",
		"photo.jpg:   не вошёл: слишком большой",
	}
	if !slices.Equal(got, want) {
		t.Errorf("the manifest tells\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	for _, line := range []string{"gone.jpg", "не получен", "слишком большой", "получен не полностью"} {
		if !strings.Contains(string(files["opis.txt"]), line) {
			t.Errorf("the manifest for people does not tell %q", line)
		}
	}
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }

func TestTheTimeLineFollowsTheClock(t *testing.T) {
	at := func(minutes int) time.Time { return day.Add(time.Duration(minutes) * time.Minute) }
	c := statement.Case{Made: day, Messages: []statement.Message{
		{Text: "third", Sent: at(-10), Received: at(-1)},
		{Text: "fourth, of unknown time", Received: at(-5)},
		{Text: "first", Sent: at(-30).UTC(), Received: at(-2)},
		{Text: "second", Sent: at(-20), Received: at(-3), Sender: "=HYPERLINK(\"http://x.example\")"},
	}}
	_, files := unpacked(t, makePack(t, c, kept.open))
	rows := readTable(t, files["hronologiya.csv"])
	var order []string
	for _, row := range rows {
		order = append(order, row["Текст"])
	}
	if want := []string{"first", "second", "third", "fourth, of unknown time"}; !slices.Equal(order, want) {
		t.Fatalf("order %q, want %q", order, want)
	}
	if got, want := rows[0]["Отправлено"], "2026-11-23T15:35:00+05:00"; got != want {
		t.Errorf("sent %q, want %q", got, want)
	}
	if got := rows[3]["Отправлено"]; got != "" {
		t.Errorf("an unknown time is told: %q", got)
	}
	if got := rows[1]["Отправитель"]; got != "'=HYPERLINK(\"http://x.example\")" {
		t.Errorf("a spreadsheet would take %q for a formula", got)
	}
	if rows[0]["Файл"] != "003.txt" || rows[0]["Номер"] != "3" {
		t.Errorf("the first message is not found among the originals: %v", rows[0])
	}
}

func TestMessagesBeyondTheLimitAreCounted(t *testing.T) {
	c := statement.Case{Made: day}
	for range 250 {
		c.Messages = append(c.Messages, statement.Message{Text: "a"})
	}
	names, files := unpacked(t, makePack(t, c, kept.open))
	if len(names) != 209 {
		t.Errorf("%d files are in the pack", len(names))
	}
	for _, list := range []string{"opis.txt", "hronologiya.txt"} {
		if !strings.Contains(string(files[list]), "Не вошло в список: 50.") {
			t.Errorf("%s does not say what had no room", list)
		}
	}
}

func TestAPackThatCannotBeWrittenFails(t *testing.T) {
	full := errors.New("full")
	for _, room := range []int{0, 100, 40_000} {
		w := &narrow{room: room, err: full}
		if err := papers(t).Pack(t.Context(), w, russian(), kept.open); !errors.Is(err, full) {
			t.Errorf("room for %d bytes: %v", room, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	err := papers(t).Pack(ctx, io.Discard, russian(), func(context.Context, statement.File) (io.ReadCloser, error) {
		cancel()
		return nil, errGone
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("a pack that nobody waits for: %v", err)
	}
}

// narrow takes so many bytes and no more.
type narrow struct {
	room int
	err  error
}

func (n *narrow) Write(b []byte) (int, error) {
	if len(b) > n.room {
		return 0, n.err
	}
	n.room -= len(b)
	return len(b), nil
}

// TestEveryFileIsClosed: the pack leaves nothing open, whatever happens.
func TestEveryFileIsClosed(t *testing.T) {
	open := 0
	opener := func(ctx context.Context, f statement.File) (io.ReadCloser, error) {
		r, err := kept.open(ctx, f)
		if err == nil {
			open++
			r = closing{r, &open}
		}
		return r, err
	}
	makePack(t, russian(), opener)
	if open != 0 {
		t.Errorf("%d files are left open", open)
	}
	if err := papers(t).Pack(t.Context(), &narrow{room: 90_000, err: errGone}, russian(), opener); err == nil || open != 0 {
		t.Errorf("%d files are left open after %v", open, err)
	}
}

type closing struct {
	io.ReadCloser
	open *int
}

func (c closing) Close() error { *c.open--; return c.ReadCloser.Close() }

func FuzzPack(f *testing.F) {
	f.Add("чек.pdf", "text", "sender", []byte("data"))
	f.Add("../..\\a\u202Egpj.exe", "=1+1\r\n\x00", "\xff;\"\n", []byte{})
	p := papers(f)
	f.Fuzz(func(t *testing.T, name, text, sender string, data []byte) {
		m := statement.Message{Sent: day, Sender: sender, Text: text, File: &statement.File{Name: name, Ref: "x"}}
		c := statement.Case{Lang: locales.Kazakh, Made: day, Messages: []statement.Message{m, m}}
		var b bytes.Buffer
		if err := p.Pack(t.Context(), &b, c, keeps{"x": data}.open); err != nil {
			t.Fatal(err)
		}
		_, files := unpacked(t, b.Bytes())
		checkSums(t, files)
		readTable(t, files["tizimdeme.csv"])
		if rows := readTable(t, files["hronologiya.csv"]); len(rows) != 2 {
			t.Fatalf("the time line has %d rows", len(rows))
		}
		if text != "" && string(files["tupnuskalar/001.txt"]) != text {
			t.Fatalf("the text is kept as %q", files["tupnuskalar/001.txt"])
		}
	})
}

func BenchmarkPack(b *testing.B) {
	p, c := papers(b), russian()
	b.ReportAllocs()
	for b.Loop() {
		if err := p.Pack(b.Context(), io.Discard, c, kept.open); err != nil {
			b.Fatal(err)
		}
	}
}
