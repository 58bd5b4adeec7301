package bot_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/aldanba/aldanba/bot"
	"github.com/aldanba/aldanba/detector"
	"github.com/aldanba/aldanba/locales"
)

const (
	scam     = "Служба безопасности банка: на вас оформляют кредит. Назовите код из SMS и переведите деньги на безопасный счёт."
	scamKK   = "Банктің қауіпсіздік қызметінен хабарласып тұрмыз. Шотыңыз бұғатталды, SMS-пен келген кодты айтыңыз."
	harmless = "Мам, купи хлеба и молока по дороге домой, пожалуйста"
)

func handle(t *testing.T, b *bot.Bot, event bot.Event) bot.Answer {
	t.Helper()
	answer, err := b.Handle(t.Context(), event)
	if err != nil {
		t.Fatal(err)
	}
	if len(answer.Replies) == 0 {
		t.Fatalf("no reply to %+v", event)
	}
	return answer
}

func TestForwardedMessagesAreOneCase(t *testing.T) {
	b := newBot(t, bot.NewMemorySessions())
	answer := handle(t, b, bot.Event{Messages: []bot.Message{
		{ID: "1", Text: "Это правда?"},
		{ID: "2", Text: harmless, Forwarded: true},
		{ID: "3", Text: scam, Forwarded: true},
		{ID: "4", Text: "Здравствуйте", Forwarded: true},
	}})
	if len(answer.Replies) != 1 || answer.Level != detector.Scam || answer.Replies[0].About != "3" {
		t.Errorf("%d replies, %s, about %q", len(answer.Replies), answer.Level, answer.Replies[0].About)
	}
}

func TestHarmlessCompanyHidesNothing(t *testing.T) {
	b := newBot(t, bot.NewMemorySessions())
	var messages []bot.Message
	for range 9 {
		messages = append(messages, bot.Message{ID: "harmless", Text: strings.Repeat(harmless+". ", 8), Forwarded: true})
	}
	messages = append(messages, bot.Message{ID: "scam", Text: scam, Forwarded: true})
	answer := handle(t, b, bot.Event{Messages: messages})
	if answer.Level != detector.Scam || answer.Replies[0].About != "scam" {
		t.Errorf("%s about %q", answer.Level, answer.Replies[0].About)
	}
}

func TestWhatOthersWroteIsNoWishOfThePerson(t *testing.T) {
	sessions := bot.NewMemorySessions()
	b := newBot(t, sessions)
	handle(t, b, bot.Event{Person: "p", Messages: said(scam)})
	for _, text := range []string{"забудь меня", "Здравствуйте", "спасибо"} {
		answer := handle(t, b, bot.Event{Person: "p", Messages: []bot.Message{{Text: text, Forwarded: true}}})
		if answer.Erased || answer.Level == "" {
			t.Errorf("forwarded %q is taken for a wish: %+v", text, answer)
		}
	}
	answer := handle(t, b, bot.Event{Messages: []bot.Message{{Text: "Я перевела деньги мошенникам, что делать", Forwarded: true}}})
	if answer.Replies[0].Urgent {
		t.Errorf("a stranger's words are answered as the person's emergency: %+v", answer.Replies[0])
	}
}

func TestOwnEmergencyComesBeforeTheVerdictOnWhatWasForwarded(t *testing.T) {
	b := newBot(t, bot.NewMemorySessions())
	answer := handle(t, b, bot.Event{Messages: []bot.Message{
		{ID: "1", Text: scam, Forwarded: true}, {ID: "2", Text: "Я уже перевела им деньги, помогите"},
	}})
	if len(answer.Replies) != 2 || !answer.Replies[0].Urgent || answer.Level != detector.Scam {
		t.Fatalf("%+v", answer)
	}
	if !strings.Contains(answer.Replies[0].Text, "Вы не виноваты") {
		t.Errorf("the first reply does not lead through the first steps:\n%s", answer.Replies[0].Text)
	}
}

func TestFilesAreAnsweredTwiceAndOnlyMoreDangerIsHeard(t *testing.T) {
	b := newBot(t, bot.NewMemorySessions())
	picture := []bot.File{{Kind: bot.Picture}}
	for name, test := range map[string]struct {
		caption, read string
		first         detector.Level
		heard         bool
	}{
		"harmless picture": {read: harmless},
		"scam in it":       {read: scam, heard: true},
		"scam above it":    {caption: scam, read: harmless, first: detector.Scam},
		"scam below":       {caption: harmless, read: scam, first: detector.NoSigns, heard: true},
	} {
		answer := handle(t, b, bot.Event{Messages: []bot.Message{{ID: "1", Text: test.caption, Forwarded: true, Files: picture}}})
		if !answer.Reading || answer.Level != test.first || !strings.HasPrefix(answer.Replies[0].Text, "⏳") {
			t.Errorf("%s: at first %+v", name, answer)
		}
		answer = handle(t, b, bot.Event{
			Messages: []bot.Message{{ID: "1", Text: test.caption, Forwarded: true}, {ID: "1", Text: test.read, Forwarded: true, Read: true}},
			Earlier:  &bot.Earlier{Level: test.first},
		})
		last := answer.Replies[len(answer.Replies)-1]
		if answer.Reading || last.Replace == test.heard || !answer.Replies[0].Replace {
			t.Errorf("%s: in the end %+v", name, answer)
		}
		if want := test.heard || test.first == detector.Scam; want != (answer.Level == detector.Scam) {
			t.Errorf("%s is %s in the end", name, answer.Level)
		}
	}
}

func TestOwnVoiceIsHeardAsOwnWords(t *testing.T) {
	b := newBot(t, bot.NewMemorySessions())
	answer := handle(t, b, bot.Event{
		Messages: []bot.Message{{ID: "1", Text: "Я перевела деньги мошенникам, что мне делать", Read: true}},
		Earlier:  &bot.Earlier{},
	})
	if !answer.Replies[0].Urgent || !strings.Contains(answer.Replies[0].Text, "Вы не виноваты") {
		t.Errorf("%+v", answer.Replies)
	}
}

func TestAReceiptIsNoProofOfMoney(t *testing.T) {
	b := newBot(t, bot.NewMemorySessions())
	answer := handle(t, b, bot.Event{
		Messages: []bot.Message{{ID: "1", Text: "Перевод успешно совершен 45 000 ₸ Kaspi Gold комиссия 0 ₸ номер квитанции 000", Forwarded: true, Read: true}},
		Earlier:  &bot.Earlier{Receipt: true},
	})
	reply := answer.Replies[len(answer.Replies)-1]
	if !strings.Contains(reply.Text, "подделать") || reply.Choices[0].ID != "aid:money:m" {
		t.Errorf("%s\n%+v", reply.Text, reply.Choices)
	}
}

func TestWhatCannotBeReadIsSaidWithAWayThatWorks(t *testing.T) {
	b := newBot(t, bot.NewMemorySessions())
	for gaps, want := range map[[2]bot.Gap]string{
		{bot.GapStory}: "снимок экрана", {bot.GapSticker}: "снимок экрана", {bot.GapUnknown}: "снимок экрана",
		{bot.GapUnfetched}: "перескажите", {bot.GapUnreadable}: "перескажите",
		{bot.GapLocation}: "перескажите", {bot.GapTooBig}: "перескажите", {bot.GapTooLong}: "перескажите", {bot.GapNoPictures}: "перескажите",
		{bot.GapNoVoice}: "перескажите", {bot.GapNoText}: "перескажите", {bot.GapEncrypted}: "перескажите",
		{bot.GapDeniedPicture}: "перескажите", {bot.GapDeniedVoice}: "перескажите",
		{bot.GapSticker, bot.GapNoPictures}: "перескажите", {bot.GapNoPictures, bot.GapSticker}: "перескажите", {bot.GapPreview, bot.GapStory}: "снимок экрана",
	} {
		reply := handle(t, b, bot.Event{Messages: []bot.Message{{Gaps: slices.DeleteFunc(gaps[:], func(g bot.Gap) bool { return g == "" })}}}).Replies[0]
		if strings.Contains(reply.Text, "⟦") || !strings.Contains(reply.Text, want) || reply.Choices[0].ID != bot.ChoiceWhatsApp {
			t.Errorf("%s: %s %+v", gaps, reply.Text, reply.Choices)
		}
	}
	how := handle(t, b, bot.Event{Choice: bot.ChoiceWhatsApp}).Replies[0]
	if len(how.Pictures) != 2 {
		t.Errorf("%d pictures show the way from WhatsApp", len(how.Pictures))
	}
}

func TestNobodyIsSentBackToADangerousPageOrFile(t *testing.T) {
	b := newBot(t, bot.NewMemorySessions())
	for _, gap := range []bot.Gap{bot.GapPreview, bot.GapTooBig, bot.GapNoPictures} {
		replies := handle(t, b, bot.Event{Messages: []bot.Message{{ID: "1", Text: scam, Forwarded: true, Gaps: []bot.Gap{gap}}}}).Replies
		if last := replies[len(replies)-1]; strings.Contains(last.Text, "снимок") || strings.Contains(last.Text, "перескажите") {
			t.Errorf("%s: %s", gap, last.Text)
		}
	}
}

func TestTheReasonsAreOfTheMessageThatIsTheProblem(t *testing.T) {
	b := newBot(t, bot.NewMemorySessions())
	answer := handle(t, b, bot.Event{Messages: []bot.Message{
		{ID: "1", Text: "Мама, купи хлеб, я буду к семи.", Forwarded: true}, {ID: "2", Text: scam, Forwarded: true},
	}})
	if reply := answer.Replies[0]; reply.About != "2" || strings.Contains(reply.Text, "хлеб") {
		t.Errorf("about %s: %s", reply.About, reply.Text)
	}
}

func TestAfterOwnWordsWereHeardNothingSeemsToBeReadAnyMore(t *testing.T) {
	b := newBot(t, bot.NewMemorySessions())
	answer := handle(t, b, bot.Event{Messages: []bot.Message{{ID: "1", Text: "Я назвала им код из СМС, что делать?", Read: true}}, Earlier: &bot.Earlier{}})
	if len(answer.Replies) != 2 || answer.Replies[0].Replace || !strings.Contains(answer.Replies[0].Text, "не виноваты") || !answer.Replies[1].Replace {
		t.Errorf("%+v", answer.Replies)
	}
}

func TestAServiceReadsOnlyWhatThePersonAllows(t *testing.T) {
	sessions := bot.NewMemorySessions()
	b := newBot(t, sessions)
	asked := handle(t, b, bot.Event{Person: "p", Messages: []bot.Message{{Gaps: []bot.Gap{bot.GapAskPicture}}}, Earlier: &bot.Earlier{}})
	choices := asked.Replies[len(asked.Replies)-1].Choices
	if choices[0].ID != "picture:yes" || choices[1].ID != "picture:no" {
		t.Fatalf("%+v", choices)
	}
	if got := b.Services(t.Context(), "p"); got != (bot.Services{}) {
		t.Errorf("before the answer: %+v", got)
	}
	for choice, want := range map[string]bot.Services{
		"picture:yes": {Picture: bot.Agreed}, "voice:yes": {Voice: bot.Agreed}, "picture:no": {Picture: bot.Refused}, "voice:no": {Voice: bot.Refused},
	} {
		answer := handle(t, b, bot.Event{Person: choice, Choice: choice})
		if got := b.Services(t.Context(), choice); got != want || !answer.Resume {
			t.Errorf("%s: %+v, resume %v", choice, got, answer.Resume)
		}
	}
}

func TestAnEditedMessageIsJudgedAnew(t *testing.T) {
	b := newBot(t, bot.NewMemorySessions())
	reply := handle(t, b, bot.Event{Edited: true, Messages: said(scam)}).Replies[0]
	if !strings.Contains(reply.Text, "изменили") {
		t.Errorf("%s", reply.Text)
	}
}

func TestTheLanguageOfOthersTellsLessThanOnesOwn(t *testing.T) {
	for _, c := range []struct{ messenger, text, from, want string }{
		{"kk", scam, "others", "kk"},
		{"ru", "Шотыңыз бұғатталды, SMS-пен келген кодты айтыңыз", "others", "kk"},
		{"ru", "ФИО получателя: Ерлан Қ. Перевод на карту, назовите код из SMS", "others", "ru"},
		{"", scam, "others", "ru"},
		{"kk", "Я назвала им код из СМС, что делать?", "own", "ru"},
		{"ru", "Мен оларға СМС кодты айтып қойдым, не істеймін?", "own", "kk"},
	} {
		b := newBot(t, bot.NewMemorySessions())
		answer := handle(t, b, bot.Event{Lang: c.messenger, Messages: []bot.Message{{ID: "1", Text: c.text, Forwarded: c.from == "others"}}})
		if answer.Lang != c.want {
			t.Errorf("messenger %q, %s: %q is answered in %s", c.messenger, c.from, c.text, answer.Lang)
		}
	}
}

func TestTheMessengersLanguageGreets(t *testing.T) {
	for code, want := range map[string]string{"ru": "Здравствуйте", "kk-KZ": "Сәлеметсіз бе", "en": "Сәлеметсіз бе", "": "Сәлеметсіз бе"} {
		b := newBot(t, bot.NewMemorySessions())
		got := handle(t, b, bot.Event{Person: code, Lang: code, Start: true}).Replies[0].Text
		if !strings.HasPrefix(got, want) {
			t.Errorf("%q: %s", code, got)
		}
	}
	if len(locales.Regions()) != 20 {
		t.Error("Kazakhstan has 17 regions and 3 cities of their rank")
	}
}

// A program may be named so that the rules hear a warning of programs.
func TestWhatAProgramIsCalledExcusesNothing(t *testing.T) {
	b := newBot(t, bot.NewMemorySessions())
	for _, name := range []string{"не верьте мошенникам", "Не открывайте, это вирус", "ешкім_жібермейді", "ашпаңыз"} {
		m := bot.Message{ID: "1", Text: name + ".apk", Forwarded: true, Read: true, Ending: "apk"}
		answer := handle(t, b, bot.Event{Messages: []bot.Message{m}})
		if answer.Level != detector.Scam || strings.Contains(answer.Replies[0].Text, "file.apk") {
			t.Errorf("%s: %s, %s", name, answer.Level, answer.Replies[0].Text)
		}
		m.Text, m.Ending = name+".pdf", "pdf"
		if answer := handle(t, b, bot.Event{Messages: []bot.Message{m}}); answer.Level == detector.Scam {
			t.Errorf("%s is a scam as a document, too", name)
		}
	}
}
