package statement_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"github.com/aldanba/aldanba/bot/statement"
	"github.com/aldanba/aldanba/locales"
)

var update = flag.Bool("update", false, "write the golden papers")

func TestPapersReadAsTheGoldenOnes(t *testing.T) {
	p := papers(t)
	for name, c := range cases() {
		bank := ""
		if len(c.Banks) > 0 {
			bank = c.Banks[0]
		}
		for paper, got := range map[string]string{
			"statement": p.Statement(c).Text(), "letter": p.Letter(c, bank).Text(),
		} {
			golden(t, paper+"_"+name+".txt", got)
		}
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

// TestPayeesStandInFull: here they are evidence, so nothing of them is masked
// and no link is taken apart.
func TestPayeesStandInFull(t *testing.T) {
	p, c := papers(t), russian()
	c.Marks = append(c.Marks, statement.Mark{Kind: "unheard_of", Value: "0xTEST0000000000000000000000000000000001", Payee: true})
	for paper, text := range map[string]string{"statement": p.Statement(c).Text(), "letter": p.Letter(c, "").Text()} {
		for _, m := range c.Marks {
			if (m.Payee || paper == "statement") && !strings.Contains(text, m.Value) {
				t.Errorf("the %s lacks %q", paper, m.Value)
			}
		}
	}
}

func TestAPaperSaysNothingThatWasNotTold(t *testing.T) {
	p := papers(t)
	for _, lang := range locales.Languages() {
		text := p.Statement(statement.Case{Lang: lang}).Text() + p.Letter(statement.Case{Lang: lang}, "").Text()
		texts, _ := tables(t)
		for _, key := range []string{"posed", "wanted", "head_marks", "head_given", "head_done", "total", "head_victim", "ask_loan", "cut"} {
			if phrase := texts.Text(lang, locales.PaperPrefix+key, nil); strings.Contains(text, phrase) {
				t.Errorf("%s: an empty case tells %q", lang, phrase)
			}
		}
		if strings.ContainsAny(text, "⟦⟧<>") {
			t.Errorf("%s: a text is missing:\n%s", lang, text)
		}
	}
}

func TestADraftSurvivesJSON(t *testing.T) {
	p := papers(t)
	for name, c := range cases() {
		data, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		var back statement.Case
		if err := json.Unmarshal(data, &back); err != nil {
			t.Fatal(err)
		}
		if got, want := p.Statement(back).Text(), p.Statement(c).Text(); got != want {
			t.Errorf("%s: the statement of a stored draft differs:\n%s", name, cmp.Diff(want, got))
		}
	}
}

func TestSumsAreAddedWhereTheyCanBe(t *testing.T) {
	kzt := func(amounts ...string) (all []statement.Payment) {
		for _, a := range amounts {
			all = append(all, statement.Payment{Amount: a, Currency: "KZT"})
		}
		return all
	}
	tests := []struct {
		name     string
		payments []statement.Payment
		want     string // after "Всего: ", empty: no total
	}{
		{"one", kzt("1000"), ""},
		{"two", kzt("1000", "2 500"), "3\u00a0500\u00a0тенге"},
		{"an empty one beside", append(kzt("1000", "2000"), statement.Payment{}), "3\u00a0000\u00a0тенге"},
		{"words", kzt("1000", "примерно две тысячи"), ""},
		{"two currencies", append(kzt("1000"), statement.Payment{Amount: "5", Currency: "USD"}), ""},
		{"a sum of no sense", kzt("999999999999999999999", "1"), ""},
	}
	for _, tt := range tests {
		text := papers(t).Statement(statement.Case{Payments: tt.payments}).Text()
		_, after, _ := strings.Cut(text, "\nВсего: ")
		if got, _, _ := strings.Cut(after, "\n"); got != tt.want {
			t.Errorf("%s: total %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestWhatIsTooLongIsCutAndSaidSo(t *testing.T) {
	const cut, more = "[текст сокращён]", "Не вошло в список: "
	long := statement.Case{Story: strings.Repeat("слово ", 5000), When: strings.Repeat("о", 5000)}
	for i := range 100 {
		long.Marks = append(long.Marks, statement.Mark{Kind: statement.MarkPhone, Value: "+7 700 000 " + strings.Repeat("0", i), Payee: true})
		long.Payments = append(long.Payments, statement.Payment{Amount: "1"})
		long.Messages = append(long.Messages, statement.Message{File: &statement.File{Name: "a.jpg"}})
	}
	text := papers(t).Statement(long).Text()
	if n := strings.Count(text, cut); n != 2 {
		t.Errorf("the cut is told %d times, want for the story and for the time", n)
	}
	for _, want := range []string{more + "60.", more + "80.", "Другие файлы, количество: 80."} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not told", want)
		}
	}
	if n := len([]rune(text)); n > 15000 {
		t.Errorf("the statement has %d letters", n)
	}
	short := papers(t).Statement(statement.Case{Story: strings.Repeat("слово ", 500)}).Text()
	if strings.Contains(short, cut) || strings.Count(short, "слово") != 500 {
		t.Error("a story of 3,000 letters is cut")
	}
}

func TestHostileTextIsMadeHarmless(t *testing.T) {
	tests := map[string]struct{ told, want string }{
		"controls":             {"до\x00\x1b[31mпосле\x7f", "до[31mпосле"},
		"turned around":        {"photo\u202Egpj.exe\u2066", "photogpj.exe"},
		"invisible":            {"ак\u00ADша\u200B\uFEFF", "акша"},
		"broken UTF-8":         {"a\xffb", "a\uFFFDb"},
		"marks apart":          {"и\u0306", "й"},
		"emoji of many pieces": {"👨\u200D👩 ☎\uFE0F", "👨👩 ☎"},
		"lines":                {" a \r\n b\u2028c ", "a b c"},
	}
	for name, tt := range tests {
		text := papers(t).Statement(statement.Case{When: tt.told}).Text()
		_, after, _ := strings.Cut(text, "Когда: ")
		if got, _, _ := strings.Cut(after, "\n"); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}

// hostile is a case that holds the same strange texts in many places.
func hostile(lang, story, mark, amount, name string, relative bool) statement.Case {
	return statement.Case{
		Lang: lang, Relative: relative, Story: story, When: story, Kin: mark, Police: name, Banks: []string{mark, story},
		Payments: []statement.Payment{{Amount: amount, Currency: name, Way: statement.Way(mark)}, {When: story}},
		Given:    []statement.Given{statement.Given(mark)},
		Marks:    []statement.Mark{{Kind: statement.MarkKind(name), Value: mark, Payee: relative}},
		Messages: []statement.Message{{Text: story, Sender: mark, File: &statement.File{Name: name}}},
	}
}

func addHostile(f *testing.F) {
	f.Add("ru", "слово\n\n\n\nещё", "+7 700 000 00 02", "250000", "чек.pdf", true)
	f.Add("kk", "\u202E\x00😀\xff", "../../etc/passwd", "99999999999999999", "a\x00\\b/..\u202Egpj.exe", false)
	f.Add("", strings.Repeat("e\u0301", 3000), "=1+1", "-5", "", true)
}

// FuzzText: whatever is told, the papers are text that can be shown, bounded.
func FuzzText(f *testing.F) {
	addHostile(f)
	p := papers(f)
	f.Fuzz(func(t *testing.T, lang, story, mark, amount, name string, relative bool) {
		c := hostile(lang, story, mark, amount, name, relative)
		for _, d := range []statement.Document{p.Statement(c), p.Letter(c, mark)} {
			text := d.Text()
			if text != strings.ToValidUTF8(text, "") || len(text) > 200_000 {
				t.Fatalf("the text is invalid or has %d bytes", len(text))
			}
			if i := strings.IndexFunc(text, func(r rune) bool { return r != '\n' && unicode.In(r, unicode.Cc, unicode.Cf) }); i >= 0 {
				t.Fatalf("the text holds a control character: %q", text[i:min(len(text), i+20)])
			}
		}
	})
}

// FuzzPDF: the same for what is printed.
func FuzzPDF(f *testing.F) {
	addHostile(f)
	p := papers(f)
	f.Fuzz(func(t *testing.T, lang, story, mark, amount, name string, relative bool) {
		data := makePDF(t, p.Statement(hostile(lang, story, mark, amount, name, relative)))
		if n := structure(t, data).NumPage(); n > 40 || len(data) > 1<<20 {
			t.Fatalf("%d pages, %d bytes", n, len(data))
		}
	})
}

func TestEveryWayAndLossHasWords(t *testing.T) {
	texts, _ := tables(t)
	var keys []string
	for _, w := range statement.Ways() {
		keys = append(keys, "way_"+string(w))
	}
	for _, g := range statement.AllGiven() {
		keys = append(keys, "given_"+string(g))
	}
	for _, lang := range locales.Languages() {
		for _, key := range keys {
			if got := texts.Text(lang, locales.PaperPrefix+key, nil); strings.Contains(got, "⟦") {
				t.Errorf("%s: %s has no words", lang, key)
			}
		}
	}
}

func BenchmarkStatementText(b *testing.B) {
	p, c := papers(b), russian()
	b.ReportAllocs()
	for b.Loop() {
		p.Statement(c).Text()
	}
}

func BenchmarkStatementPDF(b *testing.B) {
	p, c := papers(b), russian()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := p.Statement(c).PDF(); err != nil {
			b.Fatal(err)
		}
	}
}
