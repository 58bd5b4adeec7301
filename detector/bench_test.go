package detector_test

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/aldanba/aldanba/detector"
)

// messages of about 150 letters, as people send them.
var messages = []string{
	"Здравствуйте, это служба безопасности банка. На ваше имя пытаются оформить кредит, назовите код из SMS и переведите деньги на безопасный счёт, срочно",
	"Қайырлы күн! Сізге 150 000 теңге көлемінде өтемақы тағайындалды. Алу үшін kaspi-tolem.top/alu сілтемесіне өтіп, карта деректерін енгізіңіз, мерзімі бүгін",
	"Дочка, мы с папой доехали до дачи, картошку посадили, завтра приедем за рассадой. Возьми, пожалуйста, в аптеке капли для дедушки и позвони тёте Гале",
	"Salemetsiz be, men bank qyzmetkerimin, sizdin kartanyzdan 45 000 tg audarylyp jatyr, toqtatu ushin telefonynyzga kelgen kodty aityp jiberiniz, tez",
}

func BenchmarkCheck(b *testing.B) {
	d := newDetector(b)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		d.Check(messages[i%len(messages)])
	}
}

// BenchmarkCheckLatency shows the slowest hundredth.
func BenchmarkCheckLatency(b *testing.B) {
	d := newDetector(b)
	var took []time.Duration
	for i := 0; b.Loop(); i++ {
		start := time.Now()
		d.Check(messages[i%len(messages)])
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*99/100].Nanoseconds()), "p99-ns/op")
}

// BenchmarkCheckText shows that the cost is linear in the text.
func BenchmarkCheckText(b *testing.B) {
	d := newDetector(b)
	for _, kib := range []int{1, 4, 16, 64} {
		text := strings.Repeat(strings.Join(messages, "\n")+"\n", 128)[:kib<<10]
		b.Run(fmt.Sprintf("%dKiB", kib), func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				d.Check(text)
			}
		})
	}
}

// BenchmarkCheckRules shows that the cost is nearly flat in the number of rules.
func BenchmarkCheckRules(b *testing.B) {
	own := len(newDetector(b).Rules())
	for _, times := range []int{1, 2, 4} {
		d, err := detector.New(detector.Config{Rules: moreRules((times - 1) * own)})
		if err != nil {
			b.Fatal(err)
		}
		b.Run(fmt.Sprintf("x%d", times), func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				d.Check(messages[i%len(messages)])
			}
		})
	}
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		newDetector(b)
	}
}

// moreRules makes rules of invented words with real beginnings.
func moreRules(n int) []fs.FS {
	var pack strings.Builder
	for i := range n {
		word := strings.Map(func(r rune) rune { return 'а' + (r-'0')*3 }, fmt.Sprint(i+1000))
		fmt.Fprintf(&pack, `
[[rule]]
id = "extra.r%d"
kind = "story"
weight = 1
ru = ["код%[2]s* & пере%[2]s*", "банк%[2]s деньг%[2]s*"]
kk = ["ақша%[2]s* ~ айт%[2]s*"]
match_ru = ["x"]
match_kk = ["x"]
reject_ru = ["x"]
reject_kk = ["x"]
`, i, word)
	}
	return []fs.FS{fstest.MapFS{"extra.toml": {Data: []byte(pack.String())}}}
}

// TestCheckAllocatesLittle holds the number of allocations of one message.
func TestCheckAllocatesLittle(t *testing.T) {
	if raceDetector {
		t.Skip("the race detector makes pools forget, so allocations cannot be counted")
	}
	d := newDetector(t)
	for _, message := range messages {
		if n := testing.AllocsPerRun(100, func() { d.Check(message) }); n >= 20 {
			t.Errorf("%v allocations for %.40q", n, message)
		}
	}
}
