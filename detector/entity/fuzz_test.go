package entity_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/aldanba/aldanba/detector/entity"
)

var fuzzSeeds = []string{
	"точка0kZ000", "4242 тг 4242 пробел 4242&#52;242", "kaspi.kz-тен stat.gov.kz-ten",
	"карта 4242 4242 4242 4242 12/27 123", "KZ86125KZT5004100100", "ИИН 971240001315", "+7 (700) 000-00-01", "код 1 2 3 4", "1,5 млн тг",
	"hxxps://kaspi[.]kz/a?b", "kaspi точка kz", "**21*87000000001#", "@kaspi_help ivan@example.com", "AnyDesk 123 456 789", "foto.jpg.apk",
	"Это Ержан Болатович Сериков", "[card] [code] 345 [name]", "٤٢٤٢", "⒈⑩½㏂", "\xff\xfe4\xc0", "…..@@//:://", "8 7OO OOO OO O1", "https://a@b@c.kz:1/2?3#4",
}

func FuzzFind(f *testing.F) {
	for _, s := range fuzzSeeds {
		f.Add(s)
	}
	finder := newFinder(f)
	f.Fuzz(func(t *testing.T, s string) {
		last := 0
		for _, e := range finder.Find(s) {
			if e.Start < last || e.End <= e.Start || e.End > len(s) {
				t.Fatalf("bad span %d-%d behind %d in %q", e.Start, e.End, last, s)
			}
			if utf8.ValidString(s) && !utf8.ValidString(s[e.Start:e.End]) {
				t.Fatalf("span %d-%d cuts a rune of %q", e.Start, e.End, s)
			}
			if e.Kind == "" || e.Value == "" || e.Masked == "" {
				t.Fatalf("empty field in %+v of %q", e, s)
			}
			last = e.End
		}
	})
}

func FuzzRedact(f *testing.F) {
	for _, s := range fuzzSeeds {
		f.Add(s)
	}
	finder := newFinder(f)
	f.Fuzz(func(t *testing.T, s string) {
		out := finder.Redact(s)
		if again := finder.Redact(out); again != out {
			t.Fatalf("Redact(%q) = %q, and again %q", s, out, again)
		}
		for _, e := range finder.Find(out) {
			switch e.Kind {
			case entity.Amount, entity.Link, entity.Telegram, entity.WhatsApp, entity.Installer, entity.Forwarding:
			default:
				t.Fatalf("Redact(%q) = %q leaves %s %q", s, out, e.Kind, out[e.Start:e.End])
			}
		}
		// The surroundings hold no digits, so none of the card may be left.
		letters := strings.Map(func(r rune) rune {
			if r < 0x80 && r > '@' || r >= 0x410 && r < 0x450 {
				return r
			}
			return ' '
		}, s)
		if got := finder.Redact(letters + " 4242 4242 4242 4242 " + letters); strings.Contains(got, "4242") {
			t.Fatalf("a card survives: %q", got)
		}
	})
}
