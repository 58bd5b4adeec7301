package entity_test

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestMaskKnowsWhereItsPartsComeFrom(t *testing.T) {
	f := newFinder(t)
	for _, c := range []struct{ text, quote, want string }{
		{"Переведите на карту 4242 4242 4242 4242 сегодня до 18:00", "на карту [card] сегодня", "на карту 4242 4242 4242 4242 сегодня"},
		{"Переведите на карту 4242 4242 4242 4242 сегодня", "[card]", "4242 4242 4242 4242"},
		{"Переведите на карту 4242 4242 4242 4242 сегодня", "Переведите", "Переведите"},
		{"Звоните +7 700 000 00 11 или +7 700 000 00 12, срочно", "срочно", "срочно"},
		{"Звоните +7 700 000 00 11 или +7 700 000 00 12, срочно", "или [phone]", "или +7 700 000 00 12"},
		{"без тайн", "тайн", "тайн"},
	} {
		m := f.Mask(c.text)
		if m.Text != f.Redact(c.text) {
			t.Errorf("Mask gives %q, Redact %q", m.Text, f.Redact(c.text))
		}
		at := strings.Index(m.Text, c.quote)
		if at < 0 {
			t.Fatalf("%q is not in %q", c.quote, m.Text)
		}
		from, to := m.Source(at, at+len(c.quote))
		if got := c.text[from:to]; got != c.want {
			t.Errorf("%q of %q comes from %q, want %q", c.quote, m.Text, got, c.want)
		}
	}
}

func FuzzMask(f *testing.F) {
	for _, seed := range []string{"код 123456 от банка", "4242424242424242 4242424242424242", "https://a.kz/1?x=2 и +77000000011", "\xff 12 ٣٤٥٦٧٨"} {
		f.Add(seed)
	}
	finder := newFinder(f)
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 4096 || !utf8.ValidString(s) {
			t.Skip()
		}
		m := finder.Mask(s)
		last := 0
		for i := range m.Text {
			from, to := m.Source(i, i+1)
			if from < last || to < from || to > len(s) {
				t.Fatalf("byte %d of %q comes from %d to %d of %q", i, m.Text, from, to, s)
			}
			last = from
		}
		if from, to := m.Source(0, len(m.Text)); from != 0 || to != len(s) {
			t.Fatalf("the whole of %q is %d to %d of %q", m.Text, from, to, s)
		}
	})
}
