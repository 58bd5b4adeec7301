package locales

import (
	"maps"
	"slices"
	"testing"

	"github.com/nicksnyder/go-i18n/v2/i18n"
)

// TestPatternsSayWhatTheTemplatesSay: a text that is filled in the quick way reads as its template makes it.
func TestPatternsSayWhatTheTemplatesSay(t *testing.T) {
	texts, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range Languages() {
		if len(texts.patterns[lang]) == 0 {
			t.Errorf("%s has no text without a template", lang)
		}
		for _, key := range slices.Sorted(maps.Keys(texts.patterns[lang])) {
			p := texts.patterns[lang][key]
			args := map[string]any{}
			for i, name := range p.names {
				args[name] = "<" + name + " & «x»>"
				if i%2 == 1 {
					args[name] = i
				}
			}
			want := texts.localize(lang, &i18n.LocalizeConfig{MessageID: key, TemplateData: args})
			if got := texts.Text(lang, key, args); got != want {
				t.Errorf("%s %s: %q, the template says %q", lang, key, got, want)
			}
			if len(p.names) == 0 {
				continue
			}
			delete(args, p.names[0])
			if _, ok := p.fill(args); ok {
				t.Errorf("%s %s was filled without %s", lang, key, p.names[0])
			}
		}
	}
}

func BenchmarkText(b *testing.B) {
	texts, err := Load()
	if err != nil {
		b.Fatal(err)
	}
	args := map[string]any{"Reason": "Код сұрайды", "Quote": "кодты айтыңыз"}
	b.ReportAllocs()
	for b.Loop() {
		texts.Text(Kazakh, "reason_quoted", args)
	}
}
