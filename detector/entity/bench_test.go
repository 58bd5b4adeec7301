package entity_test

import (
	"strings"
	"testing"

	"github.com/aldanba/aldanba/detector/entity"
)

const (
	plainText = "Здравствуйте, мама просила передать, что ужин готов, приходите вечером к нам. Әжең сәлем айтты, бауырсақ пісірді, " +
		"ертең тойға бірге барамыз — кеш қалмай келіңдер!"
	richText = "Служба безопасности Kaspi: с карты 4242 4242 4242 4242 списано 45 000 тг. Отмена kaspi-otmena.top/a?x=1, код 4512, тел. +7 700 000 00 01"
)

func BenchmarkFind(b *testing.B) {
	f := newFinder(b)
	for _, bm := range []struct{ name, text string }{
		{"nothing", plainText},
		{"several", richText},
		{"digits64K", strings.Repeat("4", 64<<10)},
		{"spaced64K", strings.Repeat("4 ", 32<<10)},
		{"cards64K", strings.Repeat("4242 4242 4242 4242 ", 3277)},
		{"phones64K", strings.Repeat("+7 700 000 00 01 ", 3856)},
		{"dots64K", strings.Repeat(".", 64<<10)},
		{"hosts64K", strings.Repeat("a.", 32<<10)},
		{"ats64K", strings.Repeat("@", 64<<10)},
		{"slashes64K", strings.Repeat("a://", 16<<10)},
		{"stars64K", strings.Repeat("*1", 32<<10)},
		{"k64K", strings.Repeat("kz1", 22<<10)},
	} {
		b.Run(bm.name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(bm.text)))
			for b.Loop() {
				f.Find(bm.text)
			}
		})
	}
}

func BenchmarkRedact(b *testing.B) {
	f := newFinder(b)
	for _, bm := range []struct{ name, text string }{{"nothing", plainText}, {"several", richText}, {"digits64K", strings.Repeat("4", 64<<10)}, {"names64K", strings.Repeat("Айгүл ", 6000)}} {
		b.Run(bm.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				f.Redact(bm.text)
			}
		})
	}
}

func BenchmarkNew(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := entity.New(); err != nil {
			b.Fatal(err)
		}
	}
}

func TestFindDoesNotAllocateWhereNothingIs(t *testing.T) {
	if raceEnabled {
		t.Skip("sync.Pool drops views under the race detector")
	}
	f := newFinder(t)
	if n := testing.AllocsPerRun(100, func() { f.Find(plainText) }); n != 0 {
		t.Errorf("Find allocates %v times on a text without entities, want 0", n)
	}
}

// TestFindAllocatesOnceForAllThatItSays holds Find to its slice and its string,
// however many entities they tell of.
func TestFindAllocatesOnceForAllThatItSays(t *testing.T) {
	if raceEnabled {
		t.Skip("sync.Pool drops views under the race detector")
	}
	f := newFinder(t)
	for _, s := range []string{richText, "https://kaspi-pay.top/a?b=1 и wa.me/77000000001, 45 000 тг, KZ86125KZT5004100100, @kaspi_help, foto.apk"} {
		if n := testing.AllocsPerRun(100, func() { f.Find(s) }); n > 3 {
			t.Errorf("%.40q: %v allocations", s, n)
		}
	}
}

func TestFindReportsABoundedNumber(t *testing.T) {
	f := newFinder(t)
	text := strings.Repeat("4242 4242 4242 4242 и ", 1000)
	if n := len(f.Find(text)); n != 256 {
		t.Errorf("Find reports %d entities, want 256", n)
	}
	if out := f.Redact(text); strings.Contains(out, "4242") {
		t.Error("Redact leaves a card behind the bound of Find")
	}
}
