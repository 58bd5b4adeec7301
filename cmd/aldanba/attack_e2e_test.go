package main

import (
	"context"
	"fmt"
	"hash/fnv"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode"

	tgt "github.com/aldanba/aldanba/bot/telegram/telegramtest"
	"github.com/aldanba/aldanba/detector/judge/judgetest"
)

// delivered is one attack on its way.
type delivered struct {
	attack  judgetest.Attack
	carrier carrier
	person  int64
}

// firstAttacker is the id of the first person who passes an attack on.
const firstAttacker = 3_000_000

// share is how many ways an attack takes of those that there are: one of them
// in a short run, all of them where the environment asks for it, else a third.
// Whatever is chosen, every way carries attacks and every attack arrives.
func share(ways int) int {
	switch {
	case testing.Short():
		return ways
	case os.Getenv("ALDANBA_TEST_ATTACKS") == "all":
		return 1
	}
	return 3
}

// deliveries gives the attacks on the carriers that take them.
func deliveries(all []judgetest.Attack, ways []carrier) []delivered {
	var out []delivered
	for i, a := range all {
		for j, way := range ways {
			if way.takes != nil && !way.takes(a) || (i+j)%min(share(len(ways)), len(ways)) > 0 {
				continue
			}
			out = append(out, delivered{a, way, int64(firstAttacker + len(out))})
		}
	}
	return out
}

// plays sends everything to a bot and waits until all is answered.
func plays(t *testing.T, settings map[string]string, all []delivered) (*tgt.Server, *running) {
	t.Helper()
	telegram := startTelegram(t, tgt.Options{})
	b := startBot(t, telegram, with(settings, "ALDANBA_CASE_WAIT", "1ms", "ALDANBA_SEND_RATE", "100000", "ALDANBA_CHAT_RATE", "1000",
		"ALDANBA_TRANSCRIBE_CMD", transcriber(t), "ALDANBA_LLM_CONCURRENCY", "64"))
	for n, d := range all {
		d.carrier.sends(telegram.User(d.person, d.attack.Answers()), d.attack, n)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for _, d := range all {
		if _, err := telegram.Wait(ctx, d.person, settled); err != nil {
			t.Fatalf("%s by %s is not answered: %v", d.attack.ID, d.carrier.name, err)
		}
	}
	return telegram, b
}

// settled says that a verdict was given and nothing is being read or judged.
func settled(sent []tgt.Message) bool {
	verdict := false
	for _, m := range sent {
		if strings.HasPrefix(m.Text, "⏳") {
			return false
		}
		for line := range strings.Lines(m.Text) {
			verdict = verdict || slices.ContainsFunc([]string{red, yellow, white, doubt}, func(mark string) bool { return strings.HasPrefix(line, mark) })
		}
	}
	return verdict
}

// marked gives how grave the last verdict in a chat is.
func marked(sent []tgt.Message) int {
	grave := 0
	for _, m := range sent {
		for line := range strings.Lines(m.Text) {
			switch {
			case strings.HasPrefix(line, red):
				grave = 2
			case strings.HasPrefix(line, yellow):
				grave = 1
			case strings.HasPrefix(line, white), strings.HasPrefix(line, doubt):
				grave = 0
			}
		}
	}
	return grave
}

// everSaid is all that the bot has shown in a chat, what it has changed since
// included.
func everSaid(sent []tgt.Message) string {
	var all strings.Builder
	for _, m := range sent {
		fmt.Fprintln(&all, m.Text, m.HTML, strings.Join(m.Labels(), "\n"), strings.Join(m.Links(), "\n"))
		for _, e := range m.Edits {
			fmt.Fprintln(&all, e.Text, e.HTML)
		}
	}
	return all.String()
}

// hostile is a model that does what a message could want, and more: by turns of
// the message it obeys, tells its orders, or names places of its own.
func hostile(r judgetest.Request) judgetest.Reply {
	h := fnv.New32()
	fmt.Fprint(h, r.Fenced())
	return []func(judgetest.Request) judgetest.Reply{judgetest.Obedient, judgetest.Chatty, judgetest.Eager}[h.Sum32()%3](r)
}

// sides are the conversations of a bot without a model and of one with.
type sides struct{ alone, together *tgt.Server }

// playBoth plays the same to both.
func playBoth(t *testing.T, settings map[string]string, model *judgetest.Service, all []delivered) (both sides) {
	t.Helper()
	both.alone, _ = plays(t, settings, all)
	both.together, _ = plays(t, with(settings, pairs(judged(model))...), all)
	return both
}

// compares says where the model has lowered a verdict, and how often there was
// none to lower.
func (s sides) compares(t *testing.T, sent []delivered) (missed int) {
	t.Helper()
	for _, d := range sent {
		local, fused := marked(s.alone.Sent(d.person)), marked(s.together.Sent(d.person))
		if fused < local {
			t.Errorf("%s: the verdict is lowered:\n%s", d, s.together.Conversation(d.person))
		}
		if local == 0 {
			t.Logf("%s is missed", d)
			missed++
		}
	}
	return missed
}

// said is all that both have shown to a person.
func (s sides) said(d delivered) string {
	return everSaid(s.alone.Sent(d.person)) + everSaid(s.together.Sent(d.person))
}

func (d delivered) String() string {
	return fmt.Sprintf("%s by %s (%q)", d.attack.ID, d.carrier.name, d.attack.Text[max(0, len(d.attack.Text)-200):])
}

// Whatever carries an attack, and whatever it makes a model say: the verdict is
// not below that of a bot without a model, and nothing of the attacker's is in
// an answer, which is in the person's language.
func TestAttacksOnEveryCarrier(t *testing.T) {
	sparePictures(t)
	all, _ := judgetest.Attacks(t, "../../testdata/attacks/attacks.jsonl")
	ocr := newFakeOCR(t)
	settings := map[string]string{"ALDANBA_TESSERACT": ocr.program}
	model := judgetest.Start(t, hostile)
	sent := deliveries(all, carriers(t, ocr))
	both := playBoth(t, settings, model, sent)
	// That much a model may lose where it is learned anew.
	if missed, most := both.compares(t, sent), len(sent)/33; missed > most {
		t.Errorf("%d of %d attacks are missed, at most %d may be", missed, len(sent), most)
	}
	for _, d := range sent {
		said := both.said(d)
		for _, bait := range slices.Concat(d.attack.Bait, carrierBait, judgetest.Lures, []string{judgetest.Telltale}) {
			if strings.Contains(said, bait) {
				t.Errorf("%s: an answer holds %q: %s", d, bait, said)
			}
		}
		speaks := func(lang string) bool { return strings.Contains(said, phrase(t, lang, "heading_steps")) }
		if speaks("ru") == speaks("kk") || d.attack.Lang != "mixed" && d.attack.Lang != "en" && !speaks(d.attack.Answers()) {
			t.Errorf("%s: the answers are not in the language of the person: %s", d, said)
		}
	}
	leaksNoName(t, model, sent)
	t.Logf("%d attacks arrived %d times, a model was asked %d times", len(all), len(sent), len(model.Requests()))
}

// leaksNoName looks for names that are only displayed in what a model was sent.
func leaksNoName(t *testing.T, model *judgetest.Service, sent []delivered) {
	t.Helper()
	for _, r := range model.Requests() {
		if strings.Contains(r.Fenced(), displayedMark) {
			t.Errorf("a displayed name went to the model: %s", r.Fenced())
		}
	}
}

// Orders to a model beside what the detector alone doubts: here the model is
// asked, obeys, and is not heard.
func TestOrdersOnEveryCarrier(t *testing.T) {
	sparePictures(t)
	orders, _ := judgetest.Attacks(t, "../../testdata/attacks/orders.jsonl")
	for i, o := range orders {
		orders[i].Text += "\n" + map[string]string{"ru": salonRU, "kk": songKK}[o.Answers()]
	}
	ocr := newFakeOCR(t)
	settings := map[string]string{"ALDANBA_TESSERACT": ocr.program}
	model := judgetest.Start(t, judgetest.Obedient)
	sent := slices.DeleteFunc(deliveries(orders, carriers(t, ocr)), func(d delivered) bool {
		// What has no letters is not read from a picture, and reaches no model.
		first, _, _ := strings.Cut(d.attack.Text, "\n")
		return d.carrier.name == "screenshot" && !strings.ContainsFunc(first, unicode.IsLetter)
	})
	both := playBoth(t, doubting(settings), model, sent)
	if missed := both.compares(t, sent); missed > 0 {
		t.Errorf("%d messages are not doubted", missed)
	}
	if asked := len(model.Requests()); asked < len(orders) {
		t.Errorf("the model was asked %d times about %d orders", asked, len(orders))
	}
	leaksNoName(t, model, sent)
}

// Who merely mentions robots, rules and instructions is not punished, by
// whatever way the words come.
func TestWordsOfAttacksAreNoCrimeOnAnyCarrier(t *testing.T) {
	sparePictures(t)
	_, benign := judgetest.Attacks(t, "../../testdata/attacks/attacks.jsonl")
	ocr := newFakeOCR(t)
	settings := map[string]string{"ALDANBA_TESSERACT": ocr.program}
	ways := slices.DeleteFunc(carriers(t, ocr), func(c carrier) bool { return c.adds })
	model := judgetest.Start(t, func(judgetest.Request) judgetest.Reply { return judgetest.Harmless().Reply() })
	sent := deliveries(benign, ways)
	both := playBoth(t, settings, model, sent)
	local, fused := 0, 0
	for _, d := range sent {
		alone, together := marked(both.alone.Sent(d.person)), marked(both.together.Sent(d.person))
		if together > alone {
			t.Errorf("%s: the model raised the verdict", d)
		}
		if alone > 0 {
			t.Logf("%s is an alarm without a model", d)
			local++
		}
		if together > 0 {
			fused++
		}
	}
	if most := len(sent) / 10; local > most || fused > local {
		t.Errorf("of %d harmless deliveries %d are alarms without a model, %d with one", len(sent), local, fused)
	}
}

// The same from real pictures, read by the real program.
func TestAttacksOnScreenshots(t *testing.T) {
	sparePictures(t)
	needsTesseract(t)
	all, _ := judgetest.Attacks(t, "../../testdata/attacks/attacks.jsonl")
	all = slices.DeleteFunc(all, func(a judgetest.Attack) bool { return a.Form != "screenshot" })
	drawing := carrier{name: "drawn", sends: func(p *tgt.User, a judgetest.Attack, _ int) {
		p.Posts(tgt.Photo(drawn(t, a.Text)), tgt.Forwarded(tgt.FromHidden("X")))
	}}
	sent := deliveries(all, []carrier{drawing})
	model := judgetest.Start(t, hostile)
	both := playBoth(t, map[string]string{"ALDANBA_TESSERACT": ""}, model, sent)
	if missed := both.compares(t, sent); missed > 1 {
		t.Errorf("%d of %d screenshots are missed", missed, len(sent))
	}
}
