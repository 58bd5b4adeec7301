package text_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aldanba/aldanba/detector/text"
)

const (
	russianMessage = "Здравствуйте, я сотрудник службы безопасности банка. По вашей карте замечен подозрительный перевод, срочно назовите код из СМС, деньги нужно защитить."
	kazakhMessage  = "Сәлеметсіз бе, мен банктің қауіпсіздік қызметінен хабарласып тұрмын. Картаңыздан күдікті аударым байқалды, СМС арқылы келген кодты тез айтыңызшы."
	hiddenMessage  = "Здpaвcтвуйтe, cлужба безопаcнocти бaнкa. Сро\u200bчно наз0вите к.о.д из С М С, пер3вод 45 000 тг бу\u0336дет отмeнён, 𝐤𝐚𝐬𝐩𝐢 не вин0ват, жми🔥те cюдa скореееее!!"
)

func BenchmarkParse(b *testing.B) {
	for _, bench := range []struct{ name, text string }{
		{"russian", russianMessage},
		{"kazakh", kazakhMessage},
		{"disguised", hiddenMessage},
	} {
		b.Run(bench.name, func(b *testing.B) {
			a := text.NewAnalyzer()
			b.ReportAllocs()
			for b.Loop() {
				a.Parse(bench.text).Release()
			}
		})
	}
}

// BenchmarkParseHostile shows that the cost of 64 KiB stays near linear whatever they hold.
func BenchmarkParseHostile(b *testing.B) {
	const size = 64 << 10
	fill := func(s string) string { return strings.Repeat(s, size/len(s)) }
	for _, bench := range []struct{ name, text string }{
		{"plain", fill(russianMessage + " ")},
		{"zero width", fill("\u200b")},
		{"combining marks", "а" + fill("\u0336")},
		{"single letters", fill("к ")},
		{"single letters, changing gaps", fill("к о-д.")},
		{"one word", fill("ж")},
		{"one mixed word", fill("жg")},
		{"digits in one word", fill("а0")},
		{"emoji between letters", fill("ааа🔥")},
		{"leet signs", fill("а@")},
		{"ligatures", fill("ﷺ")},
		{"dots", fill("т.")},
	} {
		b.Run(bench.name, func(b *testing.B) {
			a := text.NewAnalyzer()
			b.ReportAllocs()
			b.SetBytes(size)
			for b.Loop() {
				a.Parse(bench.text).Release()
			}
		})
	}
}

// BenchmarkParseFlood reads words that no memo has seen, as a flood of random text would bring them.
func BenchmarkParseFlood(b *testing.B) {
	const letters = "абвгдежзиклмнопрстуфхцчшэюя"
	alphabet := []rune(letters)
	a := text.NewAnalyzer()
	b.ReportAllocs()
	seed := uint64(1)
	for b.Loop() {
		var message strings.Builder
		for range 20 {
			for range 7 {
				seed = seed*6364136223846793005 + 1442695040888963407
				message.WriteRune(alphabet[seed>>33%uint64(len(alphabet))])
			}
			message.WriteByte(' ')
		}
		a.Parse(message.String()).Release()
	}
}

func BenchmarkParseParallel(b *testing.B) {
	a := text.NewAnalyzer()
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			a.Parse(russianMessage).Release()
		}
	})
}

// BenchmarkLanguage guesses the language of lines as people write them, none of
// which the analyzer has seen before the first round.
func BenchmarkLanguage(b *testing.B) {
	names, err := filepath.Glob("../../testdata/corpus/*.jsonl")
	if err != nil || len(names) == 0 {
		b.Fatalf("no corpus: %v", err)
	}
	var lines []string
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			b.Fatal(err)
		}
		for line := range bytes.Lines(data) {
			var message struct{ Text string }
			if err := json.Unmarshal(line, &message); err != nil {
				b.Fatal(err)
			}
			lines = append(lines, message.Text)
		}
	}
	a := text.NewAnalyzer()
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		a.Language(lines[i%len(lines)])
	}
}
