package bot_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/aldanba/aldanba/bot"
	"github.com/aldanba/aldanba/detector"
)

// desk is a bot that writes statements, on a clock of its own.
type desk struct {
	*bot.Bot
	t      testing.TB
	memory *bot.MemorySessions
	now    time.Time
}

// newDesk makes one that judges with the given checker, nil: with the real one.
func newDesk(t testing.TB, checker bot.Checker) *desk {
	config := parts(t, nil)
	if config.Checker = checker; checker == nil {
		config.Checker = newBot(t, nil).Checker
	}
	return openDesk(t, config)
}

// openDesk makes one of its parts, with a memory of its own.
func openDesk(t testing.TB, config bot.Config) *desk {
	d := &desk{t: t, memory: bot.NewMemorySessions(), now: time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)}
	config.Sessions, config.Drafts, config.Stories, config.AskConsent = d.memory, d.memory, d.memory, true
	config.Clock = func() time.Time { return d.now }
	d.Bot = bot.New(config)
	return d
}

func (d *desk) does(event bot.Event) bot.Answer {
	d.t.Helper()
	event.Person, event.Lang = "p", "ru"
	answer, err := d.Handle(context.Background(), event)
	if err != nil {
		d.t.Fatal(err)
	}
	return answer
}

// presses gives the last reply to the last of some buttons.
func (d *desk) presses(ids ...string) (last bot.Reply) {
	d.t.Helper()
	for _, id := range ids {
		replies := d.does(bot.Event{Choice: id}).Replies
		last = replies[len(replies)-1]
	}
	return last
}

func (d *desk) says(text string) bot.Reply {
	d.t.Helper()
	replies := d.does(bot.Event{Messages: said(text)}).Replies
	return replies[len(replies)-1]
}

// draft gives the draft as it is kept.
func (d *desk) draft() string {
	data, _ := d.memory.LoadDraft(context.Background(), "p")
	return string(data)
}

// at says whether a screen is that of a question.
func at(r bot.Reply, question string) bool { return strings.Contains(ids(r), "ask:skip:"+question) }

func TestWhatIsToldIsNotJudgedAndNotRemembered(t *testing.T) {
	d := newDesk(t, alarmed)
	d.presses("ask:begin:ru:", "ask:ready:originals")
	for _, told := range []struct{ text, next string }{
		{"20 ноября вечером", "amount"}, {"450 000 тенге", "way"},
	} {
		answer := d.does(bot.Event{Messages: said(told.text)})
		if answer.Level != "" || len(answer.Replies) != 1 || !at(answer.Replies[0], told.next) {
			t.Errorf("%q leads to %+v", told.text, answer)
		}
	}
	if r := d.says("не помню"); !at(r, "payee") {
		t.Errorf("skipping by words leads to %s", ids(r))
	}
	d.says("4242 4242 4242 4242, Канарейкин П.")
	session, _ := d.memory.Load(context.Background(), "p")
	pieces, _ := d.memory.Pieces(context.Background(), "p")
	kept, err := json.Marshal([]any{session, pieces})
	if err != nil {
		t.Fatal(err)
	}
	for _, canary := range []string{"4242", "Канарейкин", "450", "ноября"} {
		if bytes.Contains(kept, []byte(canary)) {
			t.Errorf("%q is remembered beside the draft: %s", canary, kept)
		}
		if canary != "450" && !strings.Contains(d.draft(), canary) {
			t.Errorf("%q is not in the draft", canary)
		}
	}
}

func TestOnlyACryForHelpComesBeforeAnAnswer(t *testing.T) {
	d := newDesk(t, nil)
	for _, c := range []struct {
		question, text string
		answer         bool // it is taken for the answer
		waits          bool // the interview waits afterwards
	}{
		{"amount", "Я перевела мошенникам 300 000 тенге", true, false},
		{"when", "Вчера я перевела деньги мошенникам", true, false},
		{"wanted", "Мне звонят мошенники и просят код", true, false},
		{"wanted", "Служба безопасности банка, назовите код из SMS", true, false},
		{"amount", "Помогите, мне прямо сейчас звонят мошенники", false, true},
		{"bank", "Я только что перевела деньги мошенникам, что делать", false, true},
		{"who", "Я больше не хочу жить", false, true},
		{"payee", "Өмір сүргім келмейді", false, true},
		{"bank", "помощь", false, false},
		{"bank", "Позовите оператора", false, false},
	} {
		d.presses(bot.ChoiceForget, "ask:begin:ru:")
		d.presses("ask:wrong:" + c.question)
		reply := d.says(c.text)
		if answered := strings.HasPrefix(reply.Text, "Записали"); answered != c.answer {
			t.Errorf("%s: %q is answered with %q", c.question, c.text, reply.Text)
		}
		if waits := strings.Contains(d.draft(), `"Aside":true`); waits != c.waits {
			t.Errorf("%s: after %q the interview waits: %v", c.question, c.text, waits)
		}
		if !c.answer {
			if back := d.presses(bot.ChoiceStatement); !at(back, c.question) {
				t.Errorf("%s: after %q it goes on at %s", c.question, c.text, ids(back))
			}
		}
	}
}

func TestADangerousMessageLongAfterTheLastAnswerIsJudged(t *testing.T) {
	for after, judged := range map[time.Duration]bool{time.Minute: false, 2 * time.Hour: true} {
		d := newDesk(t, nil)
		d.presses("ask:begin:ru:", "ask:wrong:bank")
		d.now = d.now.Add(after)
		answer := d.does(bot.Event{Messages: said("Ваш счёт заблокирован. Назовите код из SMS, чтобы отменить перевод.")})
		if got := answer.Level != ""; got != judged {
			t.Errorf("after %v it is judged: %v", after, got)
		}
		if back := d.presses(bot.ChoiceStatement); judged && !at(back, "bank") {
			t.Errorf("it goes on at %s", ids(back))
		}
		d.now = d.now.Add(2 * time.Hour)
		d.presses(bot.ChoiceStatement, "ask:wrong:bank")
		d.now = d.now.Add(2 * time.Hour)
		if r := d.says("Халык банк"); !at(r, "who") {
			t.Errorf("an answer after %v leads to %s", after, ids(r))
		}
	}
}

func TestChoicesThatLeadAwayLetTheInterviewWait(t *testing.T) {
	d := newDesk(t, alarmed)
	for choice, waits := range map[string]bool{
		bot.ChoiceCheck: true, bot.ChoiceHappened: true, "aid:call:m": true, bot.ChoiceHelp: false, bot.ChoicePrivacy: false, bot.ChoiceMyData: false,
	} {
		d.presses(bot.ChoiceForget, "ask:begin:ru:", "ask:skip:originals")
		if r := d.presses(choice); !strings.Contains(ids(r), bot.ChoiceStatement) {
			t.Errorf("%s leaves no way back: %s", choice, ids(r))
		}
		answer := d.does(bot.Event{Messages: said("вчера вечером")})
		if judged := answer.Level != ""; judged != waits {
			t.Errorf("after %s what is sent is judged: %v", choice, judged)
		}
	}
}

func TestADraftIsErasedByEveryEnd(t *testing.T) {
	d := newDesk(t, alarmed)
	for name, end := range map[string]func(){
		"forget":         func() { d.presses(bot.ChoiceForget) },
		"not remembered": func() { d.presses("remember:yes", "remember:no") },
		"stop and erase": func() { d.presses("ask:stop", "ask:erase") },
		"delivered":      func() { d.delivers() },
		"a day later":    func() { d.now = d.now.Add(24 * time.Hour); d.does(bot.Event{Start: true}) },
	} {
		d.presses(bot.ChoiceForget, "ask:begin:kk:", "ask:skip:originals")
		if d.draft() == "" {
			t.Fatalf("%s: there is no draft to be erased", name)
		}
		end()
		if left := d.draft(); left != "" {
			t.Errorf("%s leaves %s", name, left)
		}
		if s, _ := d.memory.Load(context.Background(), "p"); !s.Draft.IsZero() {
			t.Errorf("%s leaves the time %v", name, s.Draft)
		}
		if answer := d.does(bot.Event{Messages: said("сообщение")}); answer.Level != detector.Scam {
			t.Errorf("after %s a message is not judged", name)
		}
	}
}

// delivers makes the papers and hands them over.
func (d *desk) delivers() []bot.Reply {
	d.t.Helper()
	if answer := d.does(bot.Event{Choice: "ask:make"}); !answer.Making {
		d.t.Fatalf("no papers are made: %+v", answer)
	}
	made, err := d.Make(context.Background(), "p", func(_ context.Context, f bot.File) (io.ReadCloser, error) {
		if f.Ref == "lost" {
			return nil, errors.New("it is gone")
		}
		return io.NopCloser(strings.NewReader("bytes of " + f.Ref)), nil
	})
	if err != nil {
		d.t.Fatal(err)
	}
	answer := d.does(bot.Event{Made: &made})
	if !answer.Handed {
		d.t.Fatalf("nothing is handed over: %+v", answer)
	}
	if err := d.Delivered(context.Background(), "p"); err != nil {
		d.t.Fatal(err)
	}
	return answer.Replies
}

func TestASpokenAnswerBelongsToItsQuestion(t *testing.T) {
	d := newDesk(t, mute{})
	d.presses("ask:begin:ru:", "ask:skip:originals")
	voice := bot.Message{ID: "7", Files: []bot.File{{Kind: bot.Voice, Ref: "v"}}}
	if answer := d.does(bot.Event{Messages: []bot.Message{voice}}); !answer.Reading {
		t.Fatalf("nobody listens: %+v", answer)
	}
	d.presses("ask:skip:when") // meanwhile the person goes on
	heard := bot.Event{Messages: []bot.Message{{ID: "7"}, {ID: "7", Read: true, Text: "Двадцатого ноября"}}, Earlier: &bot.Earlier{}}
	reply := d.does(heard).Replies[0]
	if !reply.Replace || !at(reply, "amount") || !strings.Contains(reply.Text, "Двадцатого ноября") {
		t.Errorf("what was said leads to %+v", reply)
	}
	if back := d.presses("ask:back:amount"); !strings.Contains(back.Text, "Двадцатого ноября") {
		t.Errorf("the question reads %s", back.Text)
	}
	for gap, want := range map[bot.Gap]string{bot.GapNoVoice: "не разобрали", bot.GapAskVoice: "Можно?"} {
		d.does(bot.Event{Messages: []bot.Message{voice}})
		reply := d.does(bot.Event{Messages: []bot.Message{{ID: "7"}, {ID: "7", Read: true, Gaps: []bot.Gap{gap}}}, Earlier: &bot.Earlier{}}).Replies[0]
		if !strings.Contains(reply.Text, want) {
			t.Errorf("%s: %s", gap, reply.Text)
		}
	}
}

func TestEvidenceIsWelcomeAtAnyQuestion(t *testing.T) {
	d := newDesk(t, nil)
	d.presses("ask:begin:ru:", "ask:skip:originals", "ask:pick:when:today")
	r := d.does(bot.Event{Messages: []bot.Message{{ID: "1", Forwarded: true, Text: "Переведите 90 000 тенге на карту 4242 4242 4242 4242", At: d.now}}}).Replies[0]
	if !at(r, "amount") || !strings.Contains(r.Text, "90 000 тенге") {
		t.Errorf("the question reads %s", r.Text)
	}
}

func TestNobodyWritesAStatementInAGroup(t *testing.T) {
	d := newDesk(t, mute{})
	for _, choice := range []string{bot.ChoiceStatement, "ask:offer:", "ask:begin:ru:"} {
		r := d.does(bot.Event{Choice: choice, Group: true}).Replies[0]
		if !strings.Contains(r.Text, "личном чате") || d.draft() != "" {
			t.Errorf("%s in a group: %s", choice, r.Text)
		}
	}
	if menu := d.does(bot.Event{Choice: bot.ChoiceHappened, Group: true}).Replies[0]; strings.Contains(ids(menu), "ask:") {
		t.Errorf("a group is offered %s", ids(menu))
	}
}

// brokenDrafts fail.
type brokenDrafts struct{}

func (brokenDrafts) LoadDraft(context.Context, string) ([]byte, error)          { return nil, errAway }
func (brokenDrafts) SaveDraft(context.Context, string, []byte, time.Time) error { return errAway }
func (brokenDrafts) EraseDraft(context.Context, string) error                   { return errAway }

func TestWithoutTheStoreNothingIsLostSilently(t *testing.T) {
	d := newDesk(t, alarmed)
	d.presses("ask:begin:ru:", "ask:skip:originals")
	broken := d.Config
	broken.Drafts = brokenDrafts{}
	b := bot.New(broken)
	for name, event := range map[string]bot.Event{
		"an answer": {Messages: said("вчера")}, "a button": {Choice: "ask:skip:when"}, "going on": {Choice: bot.ChoiceStatement}, "beginning": {Choice: "ask:begin:ru:"},
		"erasing": {Choice: "ask:erase"}, "papers": {Choice: "ask:make"},
	} {
		event.Person = "p"
		answer, err := b.Handle(t.Context(), event)
		if !errors.Is(err, errAway) || len(answer.Replies) != 1 || answer.Level != "" || !strings.Contains(answer.Replies[0].Text, "сломалось") {
			t.Errorf("%s: %v, %+v", name, err, answer)
		}
	}
}

func TestOldAndForgedButtonsOfTheInterview(t *testing.T) {
	d := newDesk(t, mute{})
	nothing := d.presses("ask:skip:when").Text
	if !strings.Contains(nothing, "Черновика нет") {
		t.Errorf("without a draft it is said: %s", nothing)
	}
	stale := d.presses("no such choice").Text
	d.presses("ask:begin:ru:")
	for _, id := range []string{"ask:", "ask:skip:", "ask:skip:nothing", "ask:pick:way:gold", "ask:pick:way", "ask:begin:de:", "ask:begin:ru:x", "ask:begin", "ask:ready:", "ask:steal:when"} {
		if got := d.presses(id).Text; got != stale {
			t.Errorf("%s is answered with %s", id, got)
		}
	}
}

func FuzzInterview(f *testing.F) {
	for _, seed := range []string{"ask:pick:way:card\nвчера\n!+7 700 000 00 11, 4242 4242 4242 4242\nask:back:", "ask:begin:kk:r\nask:make\n", "\n\n!\nask:skip:who"} {
		f.Add(seed)
	}
	config := parts(f, nil)
	config.Checker = newBot(f, nil).Checker
	f.Fuzz(func(t *testing.T, script string) {
		d := openDesk(t, config)
		d.presses("ask:begin:ru:")
		for i, line := range strings.Split(script, "\n") {
			event := bot.Event{Messages: []bot.Message{{ID: fmt.Sprint(i), Text: strings.TrimPrefix(line, "!"), Forwarded: strings.HasPrefix(line, "!")}}}
			if strings.HasPrefix(line, "ask:") {
				event = bot.Event{Choice: line}
			}
			for _, r := range d.does(event).Replies {
				if r.Text == "" || utf8.RuneCountInString(r.Text) > 2000 {
					t.Errorf("%q is answered with %d letters", line, len(r.Text))
				}
			}
		}
		if draft := d.draft(); len(draft) > 512<<10 {
			t.Errorf("a draft of %d bytes", len(draft))
		}
	})
}
