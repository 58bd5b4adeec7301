package statement_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/go-fonts/dejavu/dejavusanscondensed"
	"github.com/go-fonts/dejavu/dejavusanscondensedbold"
	"github.com/ledongthuc/pdf"
	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"

	"github.com/aldanba/aldanba/bot"
	"github.com/aldanba/aldanba/bot/media"
	"github.com/aldanba/aldanba/bot/statement"
	"github.com/aldanba/aldanba/locales"
)

const (
	kazakhLetters  = "ӘәҒғҚқҢңӨөҰұҮүҺһІі"
	russianLetters = "АаБбВвГгДдЕеЁёЖжЗзИиЙйКкЛлМмНнОоПпРрСсТтУуФфХхЦцЧчШшЩщЪъЫыЬьЭэЮюЯя"
)

func makePDF(t testing.TB, d statement.Document) []byte {
	t.Helper()
	data, err := d.PDF()
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// set is a piece of text where a page sets it, in points from its lower left.
type set struct {
	text string
	x, y float64
	bold bool
	size float64
}

// structure reads a PDF with a module that did not make it.
func structure(t testing.TB, data []byte) *pdf.Reader {
	t.Helper()
	r, err := pdf.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// pieces reads what each page sets, in its order.
func pieces(t testing.TB, data []byte) [][]set {
	t.Helper()
	r := structure(t, data)
	var all [][]set
	for i := range r.NumPage() {
		page := r.Page(i + 1)
		var now set
		var pieces []set
		pdf.Interpret(page.V.Key("Contents"), func(stack *pdf.Stack, op string) {
			args := make([]pdf.Value, stack.Len())
			for i := range args {
				args[len(args)-1-i] = stack.Pop()
			}
			switch op {
			case "Tf":
				now.bold = strings.HasSuffix(page.Font(args[0].Name()).BaseFont(), "B")
				now.size = args[1].Float64()
			case "Td":
				now.x, now.y = args[0].Float64(), args[1].Float64()
			case "Tj":
				now.text = utf16Text(args[0].RawString())
				pieces = append(pieces, now)
			}
		})
		all = append(all, pieces)
	}
	return all
}

// utf16Text decodes big-endian UTF-16, as the fonts of the papers are coded.
func utf16Text(raw string) string {
	var units []uint16
	for i := 0; i+1 < len(raw); i += 2 {
		units = append(units, uint16(raw[i])<<8|uint16(raw[i+1]))
	}
	return string(utf16.Decode(units))
}

// pageLines joins the pieces that stand on one line.
func pageLines(t testing.TB, data []byte) [][]string {
	t.Helper()
	var all [][]string
	for _, pieces := range pieces(t, data) {
		var lines []string
		y := 0.0
		for _, p := range pieces {
			if len(lines) > 0 && p.y == y {
				lines[len(lines)-1] += " " + p.text
			} else {
				lines = append(lines, p.text)
			}
			y = p.y
		}
		all = append(all, lines)
	}
	return all
}

// read reads the text layer of a paper as the bot reads a paper that it is
// sent.
func read(t testing.TB, data []byte) string {
	t.Helper()
	reader, err := media.New(media.Config{Tesseract: media.Off, Limits: media.Limits{Time: 5 * time.Minute}})
	if err != nil {
		t.Fatal(err)
	}
	file := bot.File{Kind: bot.Document, Name: "paper.pdf", MIME: "application/pdf", Size: int64(len(data))}
	return reader.Read(context.Background(), file, func(context.Context) (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(data)), nil
	}, bot.Services{}).Text
}

// squeezed is text without its spaces, which a page breaks lines at.
func squeezed(s string) string { return strings.Join(strings.Fields(s), "") }

// TestTheTextLayerHoldsEveryWord compares each PDF with the same paper as
// text: what is printed can be copied and searched.
func TestTheTextLayerHoldsEveryWord(t *testing.T) {
	p := papers(t)
	for name, c := range cases() {
		documents := map[string]statement.Document{"statement": p.Statement(c)}
		if c.Relative {
			documents["letter"] = p.Letter(c, "")
		}
		for paper, d := range documents {
			layer := strings.Fields(read(t, makePDF(t, d)))
			for word := range strings.FieldsSeq(strings.ReplaceAll(d.Text(), "_", " ")) {
				if word != ":" && !slices.ContainsFunc(layer, func(printed string) bool { return strings.Contains(printed, word) }) {
					t.Errorf("%s %s: the text layer lacks the word %q", paper, name, word)
				}
			}
		}
	}
}

func TestTheTextLayerHoldsEveryLetter(t *testing.T) {
	letters := kazakhLetters + russianLetters + "₸₽№«»—–…§€•"
	for _, where := range []statement.Case{{Story: letters}, {When: letters}} { // the two faces of the font
		if layer := squeezed(read(t, makePDF(t, papers(t).Statement(where)))); strings.Contains(layer, "[знак]") {
			t.Errorf("the font lacks one of %q: %q", letters, layer)
		} else if !strings.Contains(layer, letters[:40]) || !strings.Contains(layer, letters[len(letters)-20:]) {
			t.Errorf("the text layer reads %q, it lacks some of %q", layer, letters)
		}
	}
}

func TestTheSameCaseGivesTheSameBytes(t *testing.T) {
	for name, c := range map[string]statement.Case{"mine": russian(), "a relative's": kazakh(), "none": {}} {
		if !bytes.Equal(makePDF(t, papers(t).Statement(c)), makePDF(t, papers(t).Statement(c))) {
			t.Errorf("%s: two PDFs of one case differ", name)
		}
	}
	other := russian()
	other.Made = other.Made.AddDate(0, 0, 1)
	if bytes.Equal(makePDF(t, papers(t).Statement(russian())), makePDF(t, papers(t).Statement(other))) {
		t.Error("the day stands nowhere in the file")
	}
}

func TestNothingInThePDFCanBeClicked(t *testing.T) {
	c := russian()
	c.Story = "https://bezopasny-schet.example javascript:alert(1) mailto:a@b.example"
	data := makePDF(t, papers(t).Statement(c))
	for _, action := range []string{"/Annot", "/URI", "/Link", "/Action", "/JavaScript", "/OpenAction"} {
		if bytes.Contains(data, []byte(action)) {
			t.Errorf("the PDF holds %s", action)
		}
	}
}

func TestThePDFIsCalledByItsName(t *testing.T) {
	for lang, title := range map[string]string{locales.Russian: "Заявление о мошенничестве", locales.Kazakh: "Алаяқтық туралы арыз"} {
		info := structure(t, makePDF(t, papers(t).Statement(statement.Case{Lang: lang}))).Trailer().Key("Info")
		if got := info.Key("Title").Text(); got != title {
			t.Errorf("%s: title %q", lang, got)
		}
		if got := info.Key("Author").Text() + info.Key("Creator").Text(); got != "" {
			t.Errorf("%s: the file names an author: %q", lang, got)
		}
	}
}

// TestWhatTheFontLacksIsSaid: a reader sees a word, never an empty box, and
// the text keeps what was told.
func TestWhatTheFontLacksIsSaid(t *testing.T) {
	const told = "до 😀😀😀 и 漢字, سلام после"
	d := papers(t).Statement(statement.Case{Story: told})
	layer := squeezed(read(t, makePDF(t, d)))
	for _, want := range []string{"до[знак]и[знак],[знак]после", squeezed("Словом «[знак]» заменены знаки, которых нет в шрифте.")} {
		if !strings.Contains(layer, want) {
			t.Errorf("the PDF reads %q, want %q", layer, want)
		}
	}
	if !strings.Contains(d.Text(), told) {
		t.Errorf("the text does not keep what was told: %q", d.Text())
	}
	if plain := read(t, makePDF(t, papers(t).Statement(russian()))); strings.Contains(plain, "[знак]") {
		t.Error("a replacement is told and nothing was replaced")
	}
}

// TestPagesBreakWhereAReaderExpects moves the end of the page through the
// paper: no heading stands last on a page, no signature without the sentence
// that is signed, and every page is numbered.
func TestPagesBreakWhereAReaderExpects(t *testing.T) {
	texts, _ := tables(t)
	heads := make(map[string]bool)
	for _, key := range []string{"head_events", "story", "head_money", "head_payees", "head_marks", "head_given", "head_done", "head_ask", "head_attached"} {
		heads[texts.Text(locales.Russian, locales.PaperPrefix+key, nil)] = true
	}
	p, c := papers(t), russian()
	most := 0
	for n := range 12 {
		c.Story = strings.Repeat("Он сказал перевести деньги на другой счёт. ", 7*n)
		pages := pageLines(t, makePDF(t, p.Statement(c)))
		most = max(most, len(pages))
		found := 0
		for i, lines := range pages {
			foot := lines[len(lines)-1]
			if want := fmt.Sprintf(" %d / %d", i+1, len(pages)); !strings.HasSuffix(foot, want) {
				t.Fatalf("%d sentences: page %d ends in %q, want %q", n, i+1, foot, want)
			}
			for j, line := range lines {
				if heads[line] {
					found++
				}
				if heads[line] && j == len(lines)-2 {
					t.Errorf("%d sentences: the heading %q stands last on page %d", n, line, i+1)
				}
			}
		}
		if want := len(heads); found != want {
			t.Errorf("%d sentences: %d headings of %d", n, found, want)
		}
		last := strings.Join(pages[len(pages)-1], " ")
		if !strings.Contains(last, "Подпись:") || !strings.Contains(last, "ложный донос") {
			t.Errorf("%d sentences: the signature stands without its sentence: %q", n, last)
		}
	}
	if most < 3 {
		t.Errorf("the longest paper has %d pages", most)
	}
}

// TestLongValuesStayOnThePage measures where letters stand.
func TestLongValuesStayOnThePage(t *testing.T) {
	c := russian()
	c.Marks = []statement.Mark{{Kind: statement.MarkLink, Value: "https://example.com/" + strings.Repeat("Ж9", 100), Payee: true}}
	c.Applicant.Name, c.Applicant.Address = strings.Repeat("Щ", 300), strings.Repeat("Кабанбай-батыр-", 30)
	c.Story = strings.Repeat("Ш", 3000)
	data := makePDF(t, papers(t).Statement(c))
	const width, height, margin = 595.28, 841.89, 28.0 // points
	for i, page := range pieces(t, data) {
		for _, p := range page {
			end := p.x + advance(t, p)
			if strings.TrimSpace(p.text) == "" || p.x < margin || end > width-margin || p.y < margin || p.y > height-margin {
				t.Errorf("page %d: %q stands from %.0f to %.0f, at height %.0f", i+1, p.text, p.x, end, p.y)
			}
		}
	}
	layer := read(t, data)
	for letter, want := range map[string]int{"Ш": 3000, "Щ": 300, "Ж9": 100, "Кабанбай-": 30} {
		if got := strings.Count(squeezed(layer), letter); got != want {
			t.Errorf("%q is printed %d times, want %d", letter, got, want)
		}
	}
}

// advance measures a piece with the font itself, in points.
func advance(t testing.TB, p set) float64 {
	t.Helper()
	face := dejavusanscondensed.TTF
	if p.bold {
		face = dejavusanscondensedbold.TTF
	}
	f, err := sfnt.Parse(face)
	if err != nil {
		t.Fatal(err)
	}
	var b sfnt.Buffer
	total := 0.0
	for _, r := range p.text {
		glyph, err := f.GlyphIndex(&b, r)
		if err != nil || glyph == 0 {
			t.Fatalf("the font lacks %q", r)
		}
		one, err := f.GlyphAdvance(&b, glyph, fixed.I(1000), font.HintingNone)
		if err != nil {
			t.Fatal(err)
		}
		total += float64(one) / 64 / 1000 * p.size
	}
	return total
}
