package judge_test

import (
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aldanba/aldanba/detector"
	"github.com/aldanba/aldanba/detector/eval"
	"github.com/aldanba/aldanba/detector/judge"
	"github.com/aldanba/aldanba/detector/judge/judgetest"
	"github.com/aldanba/aldanba/detector/llm"
)

// original is a message with what the judge was asked about it.
type original struct {
	text string
	detector.Inquiry
}

// every is which part of the corpus is tried.
const every = 40

func corpus(t testing.TB) (some []eval.Example) {
	t.Helper()
	files, err := filepath.Glob("../../testdata/corpus/*.jsonl")
	if err != nil || len(files) == 0 {
		t.Fatal("there is no corpus", err)
	}
	for _, name := range files {
		file, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		examples, err := eval.Read(name, file)
		file.Close()
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i < len(examples); i += every {
			some = append(some, examples[i])
		}
	}
	return some
}

// repeating is a service without a network that always says the same.
type repeating struct{ reply string }

func (r *repeating) Complete(context.Context, llm.Request) (llm.Reply, error) {
	return llm.Reply{Text: r.reply}, nil
}

// copies change a message a little, as those do who send it on.
var copies = map[string]func(*rand.Rand, []string) []string{
	"a greeting more": func(_ *rand.Rand, w []string) []string { return append([]string{"Здравствуйте!"}, w...) },
	"capitals": func(_ *rand.Rand, w []string) []string {
		return strings.Fields(strings.ToUpper(strings.Join(w, " ")) + " !!!")
	},
	"a word less": func(r *rand.Rand, w []string) []string {
		i := r.IntN(len(w))
		return append(w[:i:i], w[i+1:]...)
	},
	"another word": func(r *rand.Rand, w []string) []string {
		w[r.IntN(len(w))] = "ромашка"
		return w
	},
	"two words more": func(r *rand.Rand, w []string) []string {
		for _, word := range []string{"ромашка", "облако"} {
			i := r.IntN(len(w) + 1)
			w = append(w[:i:i], append([]string{word}, w[i:]...)...)
		}
		return w
	},
	"a slip of the finger": func(r *rand.Rand, w []string) []string {
		i := r.IntN(len(w))
		if letters := []rune(w[i]); len(letters) > 3 {
			letters[1], letters[2] = letters[2], letters[1]
			w[i] = string(letters)
		}
		return w
	},
}

// turns change a message in a word or two, and with them what it says or whom it
// serves.
var turns = map[string]func(*rand.Rand, []string) []string{
	"не": func(r *rand.Rand, w []string) []string {
		i := r.IntN(len(w))
		return append(w[:i:i], append([]string{"не"}, w[i:]...)...)
	},
	"емес":        func(_ *rand.Rand, w []string) []string { return append(w, "емес") },
	"a telephone": func(_ *rand.Rand, w []string) []string { return append(w, "+7 700 000 99 93") },
	"a card":      func(_ *rand.Rand, w []string) []string { return append(w, "4000 0566 5566 5556") },
	"a link":      func(_ *rand.Rand, w []string) []string { return append(w, "example.com/14") },
	"a handle":    func(_ *rand.Rand, w []string) []string { return append(w, "@desk_fourteen") },
	"a number":    func(_ *rand.Rand, w []string) []string { return append(w, "№ 123456789012345") },
}

// Of slightly changed copies whose links, payees and demands are the same nearly
// all are recognised; hardly any message is taken for another one, and none whose
// meaning or payee was changed.
func TestCopiesOfTheCorpusAreRecognised(t *testing.T) {
	service := &repeating{reply: `{"verdict":"scam","probability":0.97}`}
	d := newDetector(t)
	j := newJudge(t, judgetest.Start(t, nil), func(c *judge.Config) { c.Service, c.Cache, c.Key = service, newShelf(), []byte("a key for tests") })
	inquiry := func(message string) detector.Inquiry {
		v := d.Check(message)
		v.Level = detector.Suspicious
		return d.Inquiry(v, "ru", "")
	}
	var kept []original
	joined := 0
	for _, e := range corpus(t) {
		q := inquiry(e.Text)
		if len(q.Like.Words) < 8 {
			continue
		}
		if o, err := j.Judge(t.Context(), q); err != nil {
			t.Fatal(err)
		} else if o.Alike {
			t.Logf("%s is taken for another message: %s", e.ID, e.Text)
			joined++
		}
		kept = append(kept, original{e.Text, q})
	}
	if joined > len(kept)/200 {
		t.Errorf("%d of %d messages are taken for others", joined, len(kept))
	}
	// What is asked now serves no copy.
	service.reply = `{"verdict":"no_signs","probability":0.03}`
	for name, change := range copies {
		random, equal, found := rand.New(rand.NewPCG(7, 8)), 0, 0
		for _, o := range kept {
			c := inquiry(strings.Join(change(random, strings.Fields(o.text)), " "))
			if c.Like.Facts != o.Like.Facts || len(c.Like.Words) < 8 {
				continue
			}
			equal++
			if o, err := j.Judge(t.Context(), c); err == nil && o.Level == detector.Scam {
				found++
			}
		}
		t.Logf("%s: %d of %d copies with the same links, payees and demands, of %d", name, found, equal, len(kept))
		if equal < len(kept)/2 || found < equal*95/100 {
			t.Errorf("%s: %d of %d copies are recognised, of %d", name, found, equal, len(kept))
		}
	}
	for name, change := range turns {
		random := rand.New(rand.NewPCG(9, 10))
		for _, o := range kept {
			turned := strings.Join(change(random, strings.Fields(o.text)), " ")
			if got, err := j.Judge(t.Context(), inquiry(turned)); err != nil || got.Level == detector.Scam {
				t.Errorf("%s: %+v, %v: %s", name, got, err, turned)
			}
		}
	}
}
