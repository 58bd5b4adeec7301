package media_test

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"image/jpeg"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ledongthuc/pdf"

	"github.com/aldanba/aldanba/bot"
	"github.com/aldanba/aldanba/bot/media"
)

// Documents of four writers: fpdf, Ghostscript, PDFKit and pdf-lib.
var writtenPDFs = map[string][]string{
	"fpdf": {"Перевод успешно совершен", "Комиссия: 0 ₸", "ФИО отправителя: Әсел Д.", "Номер квитанции: 1234567", "Қауіпсіз шотқа ақша аударыңыз",
		"Өтініш беру", "Құрметті клиент,", "шотыңыз", "бұғатталды,", "төмендегі сілтемеге", "өтіңіз", "https://phish.example/kk"},
	"gs": {"Your account is blocked: https://bank.example/login", "Call +7 700 000 00 11 (now)"},
	"pdfkit": {"Сіздің шотыңыз бұғатталды. Ақшаңызды қауіпсіз шотқа", "аударыңыз.", "Войти в кабинет",
		"Переведите 250 000 ₸ до", "15:30", "https://egov-kz.example/login"},
	"pdflib": {"Срочно сообщите код из СМС", "Кодты ешкімге айтпаңыз"},
}

func writtenPDF(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("../../testdata/media/pdf", name+".pdf"))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestDocumentsOfSeveralWriters(t *testing.T) {
	for name, want := range writtenPDFs {
		t.Run(name, func(t *testing.T) {
			got := read(documents(t), bot.Document, name+".pdf", writtenPDF(t, name))
			wantLines(t, got, want...)
			wantGaps(t, got)
			if got.Receipt != (name == "fpdf") {
				t.Errorf("receipt %v", got.Receipt)
			}
		})
	}
}

// The letters are those that another reader finds; spaces and lines are a
// matter of layout, in which readers differ. (It does not understand the codes
// of fpdf.)
func TestLettersAgreeWithAnotherReader(t *testing.T) {
	for _, name := range []string{"gs", "pdfkit", "pdflib"} {
		data := writtenPDF(t, name)
		other, err := pdf.NewReader(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			t.Fatal(err)
		}
		text, err := other.GetPlainText()
		if err != nil {
			t.Fatal(err)
		}
		var theirs bytes.Buffer
		theirs.ReadFrom(text)
		ours := read(documents(t), bot.Document, "", data).Text
		if i := strings.LastIndex(ours, "\nhttps://"); i >= 0 {
			ours = ours[:i] // behind a link, which the other does not read
		}
		bare := func(s string) string { return strings.ReplaceAll(strings.Join(strings.Fields(s), ""), "�", "") }
		if bare(ours) != bare(theirs.String()) {
			t.Errorf("%s: ours %q, theirs %q", name, bare(ours), bare(theirs.String()))
		}
	}
}

// object writes one object of a document.
func object(number int, body string) string {
	return fmt.Sprintf("%d 0 obj\n%s\nendobj\n", number, body)
}

func stream(dict, content string) string {
	return fmt.Sprintf("<< %s /Length %d >>\nstream\n%s\nendstream", dict, len(content), content)
}

func deflated(content string) string {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	w.Write([]byte(content))
	w.Close()
	return b.String()
}

// page is a document of one page.
func page(content string, more ...string) []byte {
	return []byte("%PDF-1.4\n" + object(1, "<< /Type /Catalog /Pages 2 0 R >>") +
		object(2, "<< /Type /Pages /Kids [3 0 R] /Count 1 /Resources << /Font << /F 5 0 R >> /XObject << /X 6 0 R >> >> >>") +
		object(3, "<< /Type /Page /Parent 2 0 R /Contents 4 0 R >>") + object(4, content) + strings.Join(more, "") + "trailer << /Root 1 0 R >>\n%%EOF")
}

func TestWaysOfWritingText(t *testing.T) {
	plain := object(5, "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
	cyrillic := object(5, "<< /Type /Font /Subtype /Type1 /Encoding << /Differences [65 /afii10017 /uni04D8 /afii10071 /space /ellipsis] >> >>")
	for name, c := range map[string]struct {
		content string
		more    string
		want    string
	}{
		"operators": {"BT /F 10 Tf 14 TL 50 700 Td (One) Tj T* (two) Tj (three) ' 1 2 (four) \" ET", plain, "One\ntwo\nthree\nfour"},
		"kerning":   {"BT /F 10 Tf 50 700 Td [(Pay) -30 (ment) -600 (due)] TJ ET", plain, "Payment due"},
		"escapes": {`BT /F 10 Tf (a\(b\)\101\
c\\ <d>) Tj <6566> Tj ET`, plain, `a(b)Ac\ <d>ef`},
		"names":        {"BT /F 10 Tf (ABCDE) Tj ET", cyrillic, "АӘё …"},
		"form":         {"q /X Do Q", plain + object(6, stream("/Type /XObject /Subtype /Form", "BT /F 10 Tf (in a form) Tj ET")), "in a form"},
		"form in form": {"/X Do", plain + object(6, stream("/Subtype /Form /Resources << /XObject << /X 6 0 R >> /Font << /F 5 0 R >> >>", "BT /F 10 Tf (again) Tj ET /X Do")), "again again again again"},
		"picture":      {"BI /W 1 ID ...(no)... EI BT /F 10 Tf (yes) Tj ET", plain, "yes"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, content := range []string{stream("", c.content), stream("/Filter /FlateDecode", deflated(c.content)),
				stream("/Filter [/ASCIIHexDecode /FlateDecode]", fmt.Sprintf("%x>", deflated(c.content)))} {
				got := read(documents(t), bot.Document, "", page(content, c.more))
				if strings.Join(strings.Fields(got.Text), " ") != strings.Join(strings.Fields(c.want), " ") {
					t.Errorf("got %q, want %q", got.Text, c.want)
				}
			}
		})
	}
}

func TestLockedDocument(t *testing.T) {
	data := bytes.Replace(page(stream("", "BT (x) Tj ET")), []byte("/Root 1 0 R"), []byte("/Root 1 0 R /Encrypt 9 0 R"), 1)
	wantGaps(t, read(documents(t), bot.Document, "", data), bot.GapEncrypted)
}

func TestScannedDocument(t *testing.T) {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, oneCode(t, 300, black, white), nil); err != nil {
		t.Fatal(err)
	}
	data := page(stream("", "/X Do"), object(6, stream("/Type /XObject /Subtype /Image /Filter /DCTDecode", b.String())))
	got := read(documents(t), bot.Document, "order.pdf", data)
	wantLines(t, got, evilLink)
	wantGaps(t, got, bot.GapNoPictures)
}

// Every one of these would keep a trusting reader busy or fill its memory.
func TestHostileDocuments(t *testing.T) {
	plain := object(5, "<< /Subtype /Type1 >>")
	cmap := func(s string) string {
		return object(5, "<< /Subtype /Type0 /ToUnicode 7 0 R >>") + object(7, stream("", s))
	}
	show := stream("", "BT /F 10 Tf (word) Tj ET")
	bomb := strings.Repeat("BT (a) Tj ET ", 1<<18)
	for name, data := range map[string][]byte{
		"pages in a circle":     []byte("%PDF-1.4\n" + object(1, "<< /Type /Catalog /Pages 2 0 R >>") + object(2, "<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 1000000000 >>")),
		"pages doubled":         []byte("%PDF-1.4\n" + doubled(40)),
		"references in circle":  []byte("%PDF-1.4\n" + object(1, "2 0 R") + object(2, "1 0 R")),
		"deep arrays":           []byte("%PDF-1.4\n" + object(1, strings.Repeat("[", 1<<18))),
		"deep dictionaries":     []byte("%PDF-1.4\n" + object(1, strings.Repeat("<</A", 1<<18))),
		"open strings":          []byte("%PDF-1.4\n" + object(1, strings.Repeat("(", 1<<18))),
		"unpacks to much":       page(stream("/Filter /FlateDecode", deflated(bomb)), plain),
		"packed twice":          page(stream("/Filter [/FlateDecode /FlateDecode]", deflated(deflated(strings.Repeat("\x00", 8<<20)))), plain),
		"map of all codes":      page(show, cmap(strings.Repeat("<0000> <ffffffff> <0041> endbfrange ", 5_000))),
		"count that lies":       page(show, cmap("999999999999 beginbfchar endbfchar 9999999 endcodespacerange")),
		"widths of all codes":   page(show, object(5, "<< /Subtype /Type0 /DescendantFonts [<< /W ["+strings.Repeat("0 2000000000 1 ", 2_000)+"] >>] >>")),
		"objects in one stream": page(show, plain+object(8, stream("/Type /ObjStm /N 99999999 /First 10", strings.Repeat("1 0 ", 1000)))),
		"fonts without end":     page(stream("", strings.Repeat("/F 1 Tf ", 1<<14)), plain),
		"many objects":          []byte("%PDF-1.4\n" + strings.Repeat("1 0 obj stream ", 1<<17)),
		"forms without end":     page(stream("", strings.Repeat("/X Do ", 1<<12)), plain+object(6, stream("/Subtype /Form", strings.Repeat("/X Do ", 1<<12)))),
	} {
		t.Run(name, func(t *testing.T) {
			r := newReader(t, media.Config{Tesseract: media.Off, Limits: media.Limits{Unpacked: 2 << 20}})
			got := read(r, bot.Document, "a.pdf", data)
			if len(got.Text) > 64<<10 {
				t.Errorf("%d bytes of text", len(got.Text))
			}
		})
	}
}

// doubled is a tree in which every node names the next one twice.
func doubled(depth int) string {
	var b strings.Builder
	b.WriteString(object(1, "<< /Type /Catalog /Pages 2 0 R >>"))
	for i := range depth {
		b.WriteString(object(2+i, fmt.Sprintf("<< /Type /Pages /Kids [%d 0 R %d 0 R] >>", 3+i, 3+i)))
	}
	return b.String()
}
