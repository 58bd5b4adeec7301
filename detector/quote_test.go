package detector

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzQuoteForm holds the quick ways to the plain ones.
func FuzzQuoteForm(f *testing.F) {
	for _, seed := range []string{"", " ", "а  б", "слово\u00a0слово", "\xff", strings.Repeat("слово ", 20), strings.Repeat("ж", 70), strings.Repeat("\xd0", 61) + " a"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if got, want := oneSpace(s), strings.Join(strings.Fields(s), " "); got != want {
			t.Errorf("oneSpace(%q) = %q, want %q", s, got, want)
		}
		want := s
		if utf8.RuneCountInString(s) > maxQuote {
			want = string([]rune(s)[:maxQuote])
			if cut := strings.LastIndex(want, " "); cut >= len(want)/2 {
				want = want[:cut]
			}
			want += "…"
		}
		if got := shorten(s, maxQuote); got != want {
			t.Errorf("shorten(%q) = %q, want %q", s, got, want)
		}
	})
}
