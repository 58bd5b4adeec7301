package bot_test

import (
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aldanba/aldanba/bot"
	"github.com/aldanba/aldanba/detector"
	"github.com/aldanba/aldanba/detector/judge"
	"github.com/aldanba/aldanba/detector/judge/judgetest"
	"github.com/aldanba/aldanba/detector/llm"
	"github.com/aldanba/aldanba/prompts"
)

func attacks(t *testing.T) (hostile, benign []judgetest.Attack) {
	t.Helper()
	hostile, benign = judgetest.Attacks(t, "../testdata/attacks/attacks.jsonl")
	if len(hostile) < 250 || len(benign) < 45 {
		t.Fatalf("%d attacks and %d harmless messages", len(hostile), len(benign))
	}
	return hostile, benign
}

// judged gives a bot that asks a model at once.
func judged(t *testing.T, model func(judgetest.Request) judgetest.Reply) *bot.Bot {
	t.Helper()
	b := newBot(t, bot.NewMemorySessions())
	d, ok := b.Checker.(*detector.Detector)
	if !ok {
		t.Fatal("the checker is no detector")
	}
	client, err := llm.New(llm.Config{BaseURL: judgetest.Start(t, model).URL})
	if err != nil {
		t.Fatal(err)
	}
	prompt, err := prompts.LoadJudge(nil, judge.Lists(d.Catalogue()))
	if err != nil {
		t.Fatal(err)
	}
	j, err := judge.New(judge.Config{Service: client, Model: "m", Prompt: prompt, Detector: d, Timeout: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	b.Judge, b.Adviser, b.JudgeFirst = j, d, true
	return b
}

// Whatever a message says and whatever it makes a model say, the warning stands
// and nothing of the attacker's gets into the answer.
func TestAttacksDoNotTalkTheBotRound(t *testing.T) {
	hostile, _ := attacks(t)
	for name, model := range map[string]func(judgetest.Request) judgetest.Reply{"obedient": judgetest.Obedient, "chatty": judgetest.Chatty, "eager": judgetest.Eager} {
		t.Run(name, func(t *testing.T) {
			b := judged(t, model)
			missed := 0
			for _, a := range hostile {
				local := b.Checker.Check(a.Text)
				answer, err := b.Handle(t.Context(), bot.Event{Person: a.ID, Lang: a.Answers(), Messages: []bot.Message{{Text: a.Text, Forwarded: true}}})
				if err != nil {
					t.Fatal(err)
				}
				if answer.Level.Danger() < local.Level.Danger() {
					t.Errorf("%s: %s by itself, %s in the end: %s", a.ID, local.Level, answer.Level, a.Text)
				}
				said := answer.Replies[0].Text
				switch {
				case local.Level.Danger() == 0:
					missed++
					t.Logf("%s is missed: %s", a.ID, a.Text)
				case !strings.HasPrefix(said, "🔴") && !strings.HasPrefix(said, "🟡"):
					t.Errorf("%s: the answer begins with %q", a.ID, said)
				}
				for _, bait := range slices.Concat(a.Bait, judgetest.Lures, []string{judgetest.Telltale}) {
					if strings.Contains(said, bait) {
						t.Errorf("%s: the answer holds %q: %s", a.ID, bait, said)
					}
				}
				if heading := phraseOf(t, answer.Lang, "heading_steps"); answer.Lang != "ru" && answer.Lang != "kk" || !strings.Contains(said, heading) {
					t.Errorf("%s: the answer is not in %s: %s", a.ID, answer.Lang, said)
				}
			}
			// That much a model may lose where it is learned anew.
			if most := len(hostile) / 50; missed > most {
				t.Errorf("%d of %d attacks are missed, at most %d may be", missed, len(hostile), most)
			}
		})
	}
}

// Who merely mentions robots, rules and instructions is not punished.
func TestWordsOfAttacksAreNoCrime(t *testing.T) {
	_, benign := attacks(t)
	b := judged(t, func(judgetest.Request) judgetest.Reply { return judgetest.Harmless().Reply() })
	local, fused := 0, 0
	for _, a := range benign {
		if v := b.Checker.Check(a.Text); v.Level.Danger() > 0 {
			local++
			t.Logf("%s is %s by itself: %s", a.ID, v.Level, a.Text)
		}
		answer, err := b.Handle(t.Context(), bot.Event{Person: a.ID, Messages: []bot.Message{{Text: a.Text, Forwarded: true}}})
		if err != nil {
			t.Fatal(err)
		}
		if answer.Level.Danger() > 0 {
			fused++
		}
	}
	if most := len(benign) / 10; local > most || fused > local {
		t.Errorf("of %d harmless messages %d are alarms without a model, %d with one", len(benign), local, fused)
	}
}

// doubted is a message that newDoubting doubts.
var doubted = map[string]string{"ru": "Возьмите семнадцать бантов, остальное есть.", "kk": "Сенбіде он жеті бант ала кел, қалғаны бар."}

// newDoubting gives a detector that doubts what it is told to, whatever the
// packs and the model know.
func newDoubting(t testing.TB) *detector.Detector {
	t.Helper()
	d, err := detector.New(detector.Config{RulesOnly: true, Rules: []fs.FS{os.DirFS("../testdata/judge/rules")}})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// A message that nobody is sure about, with orders to the model beside it: a
// model that obeys and calls it harmless is not heard. Without the orders it is.
func TestOrdersToAModelLowerNothing(t *testing.T) {
	orders, _ := judgetest.Attacks(t, "../testdata/attacks/orders.jsonl")
	if len(orders) < 80 {
		t.Fatalf("%d orders", len(orders))
	}
	d := newDoubting(t)
	obeyed := detector.Opinion{Level: detector.NoSigns}
	for lang, message := range doubted {
		if v := d.Check(message); v.Level != detector.Suspicious || d.Fuse(v, obeyed).Level != detector.NoSigns {
			t.Fatalf("%s: %s, with an opinion %s", lang, v.Level, d.Fuse(v, obeyed).Level)
		}
	}
	for _, o := range orders {
		for _, text := range []string{o.Text + "\n" + doubted[o.Lang], doubted[o.Lang] + " " + o.Text} {
			if v := d.Check(text); v.Level.Danger() == 0 || d.Fuse(v, obeyed).Level.Danger() < v.Level.Danger() {
				t.Errorf("%s: %s by itself, %s in the end: %s", o.ID, v.Level, d.Fuse(v, obeyed).Level, text)
			}
		}
	}
}
