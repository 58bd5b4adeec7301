package bot_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/aldanba/aldanba/bot"
	"github.com/aldanba/aldanba/bot/bottest"
	"github.com/aldanba/aldanba/locales"
)

func newBot(t testing.TB, sessions bot.Sessions) *bot.Bot {
	t.Helper()
	return bot.New(newConfig(t, sessions))
}

// newConfig gives all parts that come with the program.
func newConfig(t testing.TB, sessions bot.Sessions) bot.Config {
	t.Helper()
	config := bottest.Parts(t)
	config.Sessions = sessions
	return config
}

// say handles one event and fails the test on an error.
func say(t testing.TB, b *bot.Bot, event bot.Event) []bot.Reply {
	t.Helper()
	answer, err := b.Handle(context.Background(), event)
	if err != nil {
		t.Fatal(err)
	}
	return answer.Replies
}

// said is a case of one message in the person's own words.
func said(text string) []bot.Message { return []bot.Message{{Text: text}} }

func corpus(t testing.TB) []string {
	t.Helper()
	files, err := filepath.Glob("../testdata/corpus/*.jsonl")
	if err != nil || len(files) == 0 {
		t.Fatalf("no corpus: %v", err)
	}
	var messages []string
	for _, name := range files {
		file, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		scanner := bufio.NewScanner(file)
		for scanner.Scan() {
			var line struct {
				Text string `json:"text"`
			}
			if err := json.Unmarshal(scanner.Bytes(), &line); err != nil {
				t.Fatal(err)
			}
			messages = append(messages, line.Text)
		}
		file.Close()
	}
	return messages
}

var (
	clickable = regexp.MustCompile(`https?://|\b[\pL\d-]+\.(top|xyz|site|online|click|fun|shop|icu|su|pw|art|info|live|club)\b`)
	step      = regexp.MustCompile(`(?m)^\d\. `)
	reason    = regexp.MustCompile(`(?m)^• `)
)

// TestEveryAnswerIsShortAndHarmless holds what every answer promises, over
// every message of the corpus and in both languages.
func TestEveryAnswerIsShortAndHarmless(t *testing.T) {
	messages := corpus(t)
	if testing.Short() {
		messages = messages[:400]
	}
	sessions := bot.NewMemorySessions()
	b := newBot(t, sessions)
	for _, lang := range []string{locales.Russian, locales.Kazakh} {
		if err := sessions.Save(context.Background(), lang, bot.Session{Lang: lang, LangChosen: true}); err != nil {
			t.Fatal(err)
		}
		for _, message := range messages {
			replies := say(t, b, bot.Event{Person: lang, Messages: said(message)})
			if len(replies) == 0 {
				t.Fatalf("no answer to %q", message)
			}
			for _, reply := range replies {
				text := reply.Text
				switch {
				case utf8.RuneCountInString(text) > 700:
					t.Errorf("%d letters in the answer to %q", utf8.RuneCountInString(text), message)
				case len(step.FindAllString(text, -1)) > 5:
					t.Errorf("more than five steps for %q:\n%s", message, text)
				case len(reason.FindAllString(text, -1)) > 3:
					t.Errorf("more than three reasons for %q:\n%s", message, text)
				case clickable.MatchString(text):
					t.Errorf("a link can be pressed in the answer to %q:\n%s", message, text)
				case strings.Contains(text, "⟦") || strings.Contains(text, "<no value>"):
					t.Errorf("a text is missing in the answer to %q:\n%s", message, text)
				case strings.Contains(text, "4242 4242 4242 4242") || strings.Contains(text, "4111 1111 1111 1111"):
					t.Errorf("a card number comes back in the answer to %q:\n%s", message, text)
				}
				if len(reply.Choices) == 0 && !strings.Contains(text, "КБ") {
					t.Errorf("nothing to choose after the answer to %q", message)
				}
			}
		}
	}
}

func TestTheThreeChoicesAreAlwaysAtHand(t *testing.T) {
	b := newBot(t, bot.NewMemorySessions())
	for _, event := range []bot.Event{
		{Start: true}, {Messages: said("Привет, как дела у вас сегодня")}, {Messages: said("Назовите код из смс, это банк")},
		{Choice: bot.ChoiceCheck}, {Choice: "aid:money:m"}, {Choice: "aid:code.bank:r"}, {Choice: "aid:card:m:bank_card:1f:cannot"}, {Choice: "no such choice"}, {Choice: bot.ChoiceUnknown},
		{Choice: bot.ChoiceForget}, {Messages: said("")}, {Messages: said("спасибо")},
	} {
		replies := say(t, b, event)
		ids := map[string]bool{}
		for _, choice := range replies[len(replies)-1].Choices {
			ids[choice.ID] = true
			if strings.TrimSpace(choice.Label) == "" {
				t.Errorf("%+v: the choice %s has no words", event, choice.ID)
			}
		}
		if !ids[bot.ChoiceCheck] || !ids[bot.ChoiceHappened] || !ids[bot.ChoiceHelp] {
			t.Errorf("%+v leaves only %v", event, ids)
		}
	}
}

func TestEveryOfferedChoiceIsAnswered(t *testing.T) {
	b := newBot(t, bot.NewMemorySessions())
	seen := map[string]bool{}
	queue := []bot.Event{{Start: true}, {Messages: said("Назовите код из смс, это банк")}}
	for len(queue) > 0 && len(seen) < 400 {
		for _, reply := range say(t, b, queue[0]) {
			for _, choice := range reply.Choices {
				if !seen[choice.ID] {
					seen[choice.ID] = true
					queue = append(queue, bot.Event{Choice: choice.ID})
				}
			}
		}
		queue = queue[1:]
	}
	for _, want := range []string{"aid:money:m", "aid:call:m", "aid:money:r", "nothing:", "language:kk", bot.ChoiceLanguage} {
		if !seen[want] {
			t.Errorf("%s cannot be reached by choosing", want)
		}
	}
}

func TestTheLanguageFollowsTheMessageUntilItIsChosen(t *testing.T) {
	b := newBot(t, bot.NewMemorySessions())
	if got := say(t, b, bot.Event{Messages: said("Ертең бәріміз ауылға барамыз, дайындалыңдар")})[0].Text; !strings.Contains(got, "Не істеу керек") {
		t.Errorf("a Kazakh message is answered:\n%s", got)
	}
	if got := say(t, b, bot.Event{Messages: said("Завтра все едем в аул, готовьтесь к дороге")})[0].Text; !strings.Contains(got, "Что делать") {
		t.Errorf("a Russian message is answered:\n%s", got)
	}
	say(t, b, bot.Event{Choice: "language:kk"})
	if got := say(t, b, bot.Event{Messages: said("Завтра все едем в аул, готовьтесь к дороге")})[0].Text; !strings.Contains(got, "Не істеу керек") {
		t.Errorf("after Kazakh was chosen a Russian message is answered:\n%s", got)
	}
}

func TestNothingFoundIsNeverCalledSafe(t *testing.T) {
	b := newBot(t, bot.NewMemorySessions())
	for _, message := range []string{"Мам, купи хлеба и молока по дороге домой", "Ертең кешке апамның үйінде жиналамыз, келіңдер"} {
		text := strings.ToLower(say(t, b, bot.Event{Person: message, Messages: said(message)})[0].Text)
		for _, word := range []string{"безопасн", "не мошен", "можете доверять", "қауіпсіз", "алаяқ емес", "сенуге болады"} {
			if strings.Contains(text, word) {
				t.Errorf("%q is answered with %q:\n%s", message, word, text)
			}
		}
	}
}

func TestALongTextIsSaidToBeCut(t *testing.T) {
	b := newBot(t, bot.NewMemorySessions())
	replies := say(t, b, bot.Event{Messages: said(strings.Repeat("назовите код из смс ", 6000))})
	if len(replies) != 2 || !strings.Contains(replies[0].Text, "64") {
		t.Errorf("%d replies, the first: %s", len(replies), replies[0].Text)
	}
}

func TestErasingForgetsEverything(t *testing.T) {
	sessions := bot.NewMemorySessions()
	b := newBot(t, sessions)
	say(t, b, bot.Event{Person: "p", Messages: said("Назовите код из смс, это банк")})
	if s, _ := sessions.Load(context.Background(), "p"); s == (bot.Session{}) {
		t.Fatal("nothing was remembered, so the test shows nothing")
	}
	say(t, b, bot.Event{Person: "p", Messages: said("забудь меня")})
	if s, _ := sessions.Load(context.Background(), "p"); s != (bot.Session{}) {
		t.Errorf("still remembered: %+v", s)
	}
}

// brokenSessions is a store that is away.
type brokenSessions struct{}

var errAway = errors.New("the store is away")

func (brokenSessions) Load(context.Context, string) (bot.Session, error) {
	return bot.Session{}, errAway
}
func (brokenSessions) Save(context.Context, string, bot.Session) error { return errAway }
func (brokenSessions) Erase(context.Context, string) error             { return errAway }

func TestAnswersGoOnWithoutTheStore(t *testing.T) {
	b := newBot(t, brokenSessions{})
	answer, err := b.Handle(context.Background(), bot.Event{Messages: said("Служба безопасности банка, назовите код из SMS")})
	if !errors.Is(err, errAway) {
		t.Errorf("the fault of the store is not told: %v", err)
	}
	replies := answer.Replies
	if len(replies) != 1 || !strings.Contains(replies[0].Text, "Что делать") {
		t.Errorf("%+v", replies)
	}
	answer, _ = b.Handle(context.Background(), bot.Event{Messages: said("забудь меня")})
	replies = answer.Replies
	if len(replies) != 1 || strings.Contains(replies[0].Text, "Стёрли") {
		t.Errorf("erasing is claimed though the store is away: %+v", replies)
	}
}

func BenchmarkHandle(b *testing.B) {
	talk := newBot(b, bot.NewMemorySessions())
	b.ReportAllocs()
	for b.Loop() {
		say(b, talk, bot.Event{Messages: said("Служба безопасности банка, назовите код из SMS, переведите деньги на безопасный счёт")})
	}
}
