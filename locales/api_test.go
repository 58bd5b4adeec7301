package locales_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/aldanba/aldanba/locales"
)

func load(t testing.TB) (*locales.Texts, *locales.Contacts) {
	t.Helper()
	texts, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	contacts, err := locales.LoadContacts("")
	if err != nil {
		t.Fatal(err)
	}
	return texts, contacts
}

func TestTextIsToldInTheLanguageOfThePerson(t *testing.T) {
	texts, _ := load(t)
	for lang, want := range map[string]string{
		"ru": "Проверить сообщение", "kk": "Хабарламаны тексеру", "mixed": "Проверить сообщение", "": "Проверить сообщение",
	} {
		if got := texts.Text(lang, "choice_check", nil); got != want {
			t.Errorf("Text(%q) = %q, want %q", lang, got, want)
		}
	}
}

func TestTextFillsPlaceholders(t *testing.T) {
	texts, contacts := load(t)
	got := texts.Text("ru", "verdict_scam_named", map[string]any{"Scheme": "Ложный {{.Police}}"})
	if want := "🔴 Опасно, похоже на обман: «Ложный {{.Police}}»."; got != want {
		t.Errorf("a value is data and never a template: got %q, want %q", got, want)
	}
	got = texts.Text("kk", "emergency", contacts.Args())
	if want := "Өмірге қауіп төнсе, қазір қоңырау шалыңыз: 112."; firstLine(got) != want {
		t.Errorf("emergency = %q, want %q first", got, want)
	}
}

func TestMissingKeysAreVisible(t *testing.T) {
	texts, contacts := load(t)
	for what, got := range map[string]string{
		"text":   texts.Text("kk", "no_such_key", nil),
		"plural": texts.Plural("ru", "no_such_key", 2, nil),
	} {
		if got != "⟦no_such_key⟧" {
			t.Errorf("missing %s = %q", what, got)
		}
	}
	if got := texts.Advice("ru", "no_such_key", contacts); got != "⟦advice.no_such_key⟧" {
		t.Errorf("missing advice = %q", got)
	}
	if got := texts.Reason("kk", "no_such_key", nil); got != "⟦reason.no_such_key⟧" {
		t.Errorf("missing reason = %q", got)
	}
	if _, ok := texts.Scheme("ru", "no_such_key"); ok {
		t.Error("a scheme that does not exist was found")
	}
}

func TestPluralFollowsTheRulesOfTheLanguage(t *testing.T) {
	texts, _ := load(t)
	tests := []struct {
		lang string
		n    int
		want string
	}{
		{"ru", 0, "Нашли 0 признаков обмана."},
		{"ru", 1, "Нашли 1 признак обмана."},
		{"ru", 2, "Нашли 2 признака обмана."},
		{"ru", 5, "Нашли 5 признаков обмана."},
		{"ru", 11, "Нашли 11 признаков обмана."},
		{"ru", 21, "Нашли 21 признак обмана."},
		{"ru", 104, "Нашли 104 признака обмана."},
		{"kk", 1, "Алаяқтықтың 1 белгісін таптық."},
		{"kk", 7, "Алаяқтықтың 7 белгісін таптық."},
	}
	for _, tt := range tests {
		if got := texts.Plural(tt.lang, "signs_found", tt.n, nil); got != tt.want {
			t.Errorf("Plural(%s, %d) = %q, want %q", tt.lang, tt.n, got, tt.want)
		}
	}
}

func TestSchemeCannotBeChangedByItsReader(t *testing.T) {
	texts, _ := load(t)
	first, ok := texts.Scheme("kk", "blackmail")
	if !ok || first.ID != "blackmail" || len(first.Flags) == 0 {
		t.Fatalf("Scheme = %+v, %v", first, ok)
	}
	first.Flags[0] = "changed"
	if second, _ := texts.Scheme("kk", "blackmail"); second.Flags[0] == "changed" {
		t.Error("a change by one reader reached another")
	}
}

func TestTextsServeManyReadersAtOnce(t *testing.T) {
	texts, contacts := load(t)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for _, lang := range locales.Languages() {
				if got := texts.Advice(lang, "call_police", contacts); got == "" {
					t.Error("empty advice")
				}
				texts.Text(lang, "person", contacts.Args())
				texts.Plural(lang, "signs_found", 3, nil)
				texts.Reason(lang, "link_lookalike", map[string]any{"Brand": "B", "Official": "b.kz"})
			}
		})
	}
	wg.Wait()
}

func BenchmarkLoad(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := locales.Load(); err != nil {
			b.Fatal(err)
		}
		if _, err := locales.LoadContacts(""); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAnswer(b *testing.B) {
	texts, contacts := load(b)
	b.ReportAllocs()
	for b.Loop() {
		texts.Text("ru", "verdict_scam_named", map[string]any{"Scheme": "Ложный банк"})
		for range 3 {
			texts.Reason("ru", "wants_code", nil)
		}
		for range 4 {
			texts.Advice("ru", "call_police", contacts)
		}
	}
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}
