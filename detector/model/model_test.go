package model_test

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/aldanba/aldanba/detector/model"
	"github.com/aldanba/aldanba/detector/text"
)

var analyzer = text.NewAnalyzer()

// input is a message without rules and marks.
func input(t testing.TB, message string) model.Input {
	t.Helper()
	doc := analyzer.Parse(message)
	t.Cleanup(doc.Release)
	return model.Input{Doc: doc, Hidden: make([]bool, len(doc.Tokens))}
}

func train(samples []model.Sample) *model.Model {
	return model.Train(samples, toySchemes, model.Calibrate(samples))
}

// toy is a small world in which scams speak of a "сейф" and genuine messages
// of a "дача", in two schemes and by two writers.
func toy(t testing.TB) []model.Sample {
	t.Helper()
	var samples []model.Sample
	for i := range 40 {
		writer := fmt.Sprint("w", i%2)
		samples = append(samples,
			model.NewSample(input(t, fmt.Sprintf("переложите накопления в сейф номер %d сегодня", i)), true, "safe_account", writer),
			model.NewSample(input(t, fmt.Sprintf("посылка застряла, доплатите курьеру за склад %d", i)), true, "fake_delivery", writer),
			model.NewSample(input(t, fmt.Sprintf("едем на дачу в субботу, захвати рассаду %d", i)), false, "", writer),
			model.NewSample(input(t, fmt.Sprintf("купи хлеба и молока домой, подъезд %d", i)), false, "", writer))
	}
	return samples
}

var toySchemes = []string{"safe_account", "fake_delivery"}

func TestLearnsWhatTellsScamsFromGenuineMessages(t *testing.T) {
	m := train(toy(t))
	for message, scam := range map[string]bool{
		"срочно переложите всё в сейф": true, "доплатите за склад и посылку": true,
		"на даче хорошо, рассада взошла": false, "молока купи": false,
	} {
		o := m.Judge(input(t, message))
		if (o.LogOdds > 0) != scam {
			t.Errorf("%q: log-odds %.2f", message, o.LogOdds)
		}
		o.Release()
	}
}

func TestTellsSchemesApartAndNamesTheWords(t *testing.T) {
	m := train(toy(t))
	message := "добрый день, переложите накопления в сейф, всего доброго вам"
	in := input(t, message)
	o := m.Judge(in)
	defer o.Release()
	schemes := o.Schemes(nil)
	if sum := schemes[0] + schemes[1]; math.Abs(sum-1) > 1e-9 || schemes[0] < schemes[1] {
		t.Errorf("schemes %v", schemes)
	}
	first, last := o.Strongest(len(in.Doc.Tokens))
	quote := message[in.Doc.Tokens[first].Start:in.Doc.Tokens[last-1].End]
	if !strings.Contains(quote, "сейф") && !strings.Contains(quote, "накопления") {
		t.Errorf("the words that speak most are %q", quote)
	}
}

func TestTheSameSamplesGiveTheSameBytes(t *testing.T) {
	var first, second bytes.Buffer
	for _, out := range []*bytes.Buffer{&first, &second} {
		if err := train(toy(t)).Write(out); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Error("two models of the same samples differ")
	}
}

func TestAModelSurvivesItsFile(t *testing.T) {
	m := train(toy(t))
	var file bytes.Buffer
	if err := m.Write(&file); err != nil {
		t.Fatal(err)
	}
	size := file.Len()
	if size > 2<<20 {
		t.Errorf("the model is %d bytes, over 2 MiB", size)
	}
	again, err := model.Read(file.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	in := input(t, "переложите накопления в сейф")
	a, b := m.Judge(in), again.Judge(in)
	if a.LogOdds != b.LogOdds {
		t.Errorf("log-odds %v before, %v after", a.LogOdds, b.LogOdds)
	}
	for _, cut := range []int{0, 5, 40, size / 2, size - 1} {
		if _, err := model.Read(file.Bytes()[:cut]); err == nil {
			t.Errorf("a file cut at %d is taken for a model", cut)
		}
	}
	if _, err := model.Read([]byte("some other file of no matter what length")); err == nil {
		t.Error("any file is taken for a model")
	}
}

func TestLeaveOutLeavesThePartOut(t *testing.T) {
	samples := toy(t)
	judge := func(m *model.Model) float64 {
		o := m.Judge(input(t, "переложите накопления в сейф"))
		defer o.Release()
		return o.LogOdds
	}
	byWriter := model.LeaveOut(samples, toySchemes, model.Calibrate(samples), func(i int) string { return samples[i].Group })
	byScheme := model.LeaveOut(samples, toySchemes, model.Calibrate(samples), func(i int) string { return samples[i].Scheme })
	if len(byWriter) != 2 || len(byScheme) != 2 {
		t.Fatalf("%d and %d models, want two writers and two schemes", len(byWriter), len(byScheme))
	}
	// Whoever has never seen the word сейф cannot be sure of it.
	if seen, unseen := judge(byWriter["w0"]), judge(byScheme["safe_account"]); seen <= unseen {
		t.Errorf("log-odds %.2f with the scheme seen, %.2f without", seen, unseen)
	}
}

func FuzzJudge(f *testing.F) {
	m, err := model.Load()
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{"", "назовите код", "қауіпсіз шотқа аударыңыз", strings.Repeat("а ", 5000), "\xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, message string) {
		doc := analyzer.Parse(message)
		defer doc.Release()
		o := m.Judge(model.Input{Doc: doc, Hidden: make([]bool, len(doc.Tokens))})
		defer o.Release()
		if math.IsNaN(o.LogOdds) || math.IsInf(o.LogOdds, 0) {
			t.Errorf("log-odds %v", o.LogOdds)
		}
		if first, last := o.Strongest(len(doc.Tokens)); first < 0 || first > last || last > len(doc.Tokens) {
			t.Errorf("words %d to %d of %d", first, last, len(doc.Tokens))
		}
	})
}

func BenchmarkJudge(b *testing.B) {
	m, err := model.Load()
	if err != nil {
		b.Fatal(err)
	}
	in := input(b, "Здравствуйте, это служба безопасности банка. На ваше имя пытаются оформить кредит, назовите код из SMS и переведите деньги на безопасный счёт, срочно")
	b.ReportAllocs()
	for b.Loop() {
		m.Judge(in).Release()
	}
}

func BenchmarkTrain(b *testing.B) {
	samples := toy(b)
	for b.Loop() {
		train(samples)
	}
}
