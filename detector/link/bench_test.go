package link_test

import (
	"testing"

	"github.com/aldanba/aldanba/detector/link"
)

func BenchmarkInspect(b *testing.B) {
	table, err := link.Load()
	if err != nil {
		b.Fatal(err)
	}
	for _, c := range []struct{ name, raw string }{
		{"official", "https://guide.kaspi.kz/client/ru"},
		{"lookalike", "https://kaspi-bonus.top/pay"},
		{"misspelt", "https://kasppi.kz/"},
		{"unknown", "https://almaty-remont.kz/uslugi/vannaya-komnata?utm_source=wa"},
		{"article", "https://www.example-news.com/2026/11/23/economy/bank-rate-decision-in-almaty.html"},
		{"messenger", "https://t.me/+AbCdEf"},
		{"cyrillic", "https://каспи-бонус.рф/вход"},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				table.Inspect(c.raw)
			}
		})
	}
}
