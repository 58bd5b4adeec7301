package bot_test

import (
	"strings"
	"testing"
	"time"

	"github.com/aldanba/aldanba/bot"
	"github.com/aldanba/aldanba/detector"
)

// alarmed is a detector that takes everything for a scam: whoever asks it has
// judged what was not to be judged.
var alarmed = sure{verdict: detector.Verdict{Level: detector.Scam, Score: 1, Intent: detector.Content, Stage: detector.NothingYet}}

func TestWordsMeanTheButtonsOfAStep(t *testing.T) {
	for typed, want := range map[string]string{
		"Готово!": "aid:money.phone:m:police:e:done", "сделала": "aid:money.phone:m:police:e:done", "  Уже сделал. ": "aid:money.phone:m:police:e:done",
		"ГОТОВО": "aid:money.phone:m:police:e:done", "Дайын": "aid:money.phone:m:police:e:done", "болды": "aid:money.phone:m:police:e:done",
		"daiyn": "aid:money.phone:m:police:e:done", "жасадым": "aid:money.phone:m:police:e:done", "ок": "aid:money.phone:m:police:e:done",
		"Не получается": "aid:money.phone:m:bank_app:f:done", "не могу": "aid:money.phone:m:bank_app:f:done", "алмадым": "aid:money.phone:m:bank_app:f:done",
		"болмай жатыр": "aid:money.phone:m:bank_app:f:done", "Жасай алмадым...": "aid:money.phone:m:bank_app:f:done",
	} {
		for _, consent := range []bot.Consent{bot.Agreed, bot.Refused} {
			sessions := bot.NewMemorySessions()
			config := parts(t, sessions)
			config.Checker, config.AskConsent = alarmed, true
			if err := sessions.Save(t.Context(), "p", bot.Session{Lang: "ru", Consent: consent}); err != nil {
				t.Fatal(err)
			}
			b := bot.New(config)
			press(t, b, "p", "aid:money.phone:m")
			answer := handle(t, b, bot.Event{Person: "p", Messages: said(typed)})
			if len(answer.Replies) != 1 || !strings.Contains(ids(answer.Replies[0]), want) || answer.Level != "" {
				t.Errorf("consent %d, %q leads to %+v", consent, typed, answer)
			}
		}
	}
}

func TestOnlyOwnShortWordsMeanAButton(t *testing.T) {
	sessions := bot.NewMemorySessions()
	config := parts(t, sessions)
	config.Checker = alarmed
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	config.Clock, config.AskConsent = func() time.Time { return now }, true
	for name, event := range map[string]bot.Event{
		"forwarded":      {Messages: []bot.Message{{Text: "готово", Forwarded: true}}},
		"more than that": {Messages: said("готово, теперь назовите код из SMS")},
		"two messages":   {Messages: []bot.Message{{Text: "готово"}, {Text: "сделала"}}},
	} {
		b := bot.New(config)
		event.Person = name
		press(t, b, name, "aid:money.phone:m")
		if answer := handle(t, b, event); answer.Level != detector.Scam {
			t.Errorf("%s: not judged: %+v", name, answer)
		}
	}
	b := bot.New(config)
	if answer := handle(t, b, bot.Event{Person: "nowhere", Messages: said("готово")}); answer.Level != detector.Scam {
		t.Errorf("outside the steps: %+v", answer)
	}
	press(t, b, "late", "aid:money.phone:m")
	now = now.Add(2 * time.Hour)
	if answer := handle(t, b, bot.Event{Person: "late", Messages: said("готово")}); answer.Level != detector.Scam {
		t.Errorf("two hours later without consent: %+v", answer)
	}
	press(t, b, "forgotten", "aid:money.phone:m")
	handle(t, b, bot.Event{Person: "forgotten", Choice: bot.ChoiceForget})
	if answer := handle(t, b, bot.Event{Person: "forgotten", Messages: said("готово")}); answer.Level != detector.Scam {
		t.Errorf("after forgetting: %+v", answer)
	}
}

func TestWhoIsOnThePhoneIsOneButtonAway(t *testing.T) {
	config := parts(t, bot.NewMemorySessions())
	config.Checker = alarmed
	b := bot.New(config)
	for name, event := range map[string]bot.Event{
		"start": {Start: true}, "a verdict": {Messages: said("сообщение")}, "help": {Choice: bot.ChoiceHelp}, "check": {Choice: bot.ChoiceCheck},
		"privacy": {Choice: bot.ChoicePrivacy}, "a step": {Choice: "aid:money.phone:m"}, "stale": {Choice: bot.ChoiceStale},
		"nothing yet": {Choice: "nothing:romance"}, "the menu": {Choice: bot.ChoiceHappened}, "whatsapp": {Choice: bot.ChoiceWhatsApp},
	} {
		event.Person = name
		if replies := say(t, b, event); !strings.Contains(" "+ids(replies[len(replies)-1])+" ", " aid:call:m ") {
			t.Errorf("%s leaves no way out of a call: %s", name, ids(replies[len(replies)-1]))
		}
	}
	screen := press(t, b, "p", "aid:call:m")
	if n := strings.Count(" "+ids(screen)+" ", " aid:call:m "); n != 0 {
		t.Errorf("the screen leads to itself: %s", ids(screen))
	}
}

// TestAWordAnswersAQuestionAsItsButtonDoes: after a suspicious verdict, and under
// "what has happened" after an alarming one.
func TestAWordAnswersAQuestionAsItsButtonDoes(t *testing.T) {
	config := newConfig(t, nil)
	const doubtRU, doubtKK = "мне позвонили из банка, что делать?", "маған банктен қоңырау шалды, не істеймін?"
	const scamRU, scamKK = "Это полиция. Ваши деньги в опасности, переведите их на безопасный счёт и никому не говорите", "Бұл полиция. Ақшаңызды қауіпсіз шотқа аударыңыз, ешкімге айтпаңыз"
	for _, tt := range []struct{ lang, message, typed, label string }{
		{"ru", doubtRU, "да", "Да"}, {"ru", doubtRU, "Ага", "Да"}, {"ru", doubtRU, "Нет.", "Нет"}, {"ru", doubtRU, "не знаю", "Не знаю"},
		{"ru", doubtRU, "жоқ", "Нет"}, {"kk", doubtKK, "иә", "Иә"}, {"kk", doubtKK, "жок", "Жоқ"}, {"kk", doubtKK, "Білмеймін", "Білмеймін"},
		{"ru", scamRU, "пока ничего", "Пока ничего"}, {"ru", scamRU, "нет", "Пока ничего"}, {"ru", scamRU, "да", "Это уже случилось"},
		{"kk", scamKK, "ештеңе", "Әзірге ештеңе"}, {"kk", scamKK, "жоқ", "Әзірге ештеңе"},
	} {
		var texts []string
		for _, word := range []string{tt.typed, ""} {
			config.Sessions = bot.NewMemorySessions()
			b := bot.New(config)
			handle(t, b, bot.Event{Person: "p", Choice: "language:" + tt.lang})
			reply := handle(t, b, bot.Event{Person: "p", Messages: said(tt.message)}).Replies[0]
			if word == "" {
				texts = append(texts, pressLabel(t, b, reply, tt.label).Text)
			} else {
				texts = append(texts, handle(t, b, bot.Event{Person: "p", Messages: said(word)}).Replies[0].Text)
			}
		}
		if texts[0] != texts[1] {
			t.Errorf("%q, then %q:\n%s\nthe button says:\n%s", tt.message, tt.typed, texts[0], texts[1])
		}
	}
}

// TestNobodyAgreesToBeRememberedByAWord: it may be meant for the question above.
func TestNobodyAgreesToBeRememberedByAWord(t *testing.T) {
	config := newConfig(t, bot.NewMemorySessions())
	config.AskConsent = true
	b := bot.New(config)
	handle(t, b, bot.Event{Person: "p", Lang: "ru", Messages: said(scam)}) // under the first alarm nobody is asked
	asked := handle(t, b, bot.Event{Person: "p", Lang: "ru", Messages: said("мне позвонили из банка, что делать?")})
	if last := asked.Replies[len(asked.Replies)-1]; !strings.HasPrefix(last.Choices[0].ID, "remember:") {
		t.Fatalf("it is not asked whether to remember: %+v", last)
	}
	if got := handle(t, b, bot.Event{Person: "p", Messages: said("да")}).Replies[0].Text; !strings.HasPrefix(got, "Пришлите сообщение") {
		t.Errorf("a yes that may mean two things is answered with %q", got)
	}
	session, err := config.Sessions.Load(t.Context(), "p")
	if err != nil || session.Consent == bot.Agreed {
		t.Errorf("a word is taken for consent: %+v, %v", session, err)
	}
}

// TestTheLabelOfAButtonIsTheButton: whoever types it, or says what it is there
// for, sends no message to be judged.
func TestTheLabelOfAButtonIsTheButton(t *testing.T) {
	texts := newConfig(t, nil).Texts
	for _, tt := range []struct{ lang, typed, want string }{
		{"ru", "Проверить сообщение", "ask_message"}, {"kk", "хабарламаны тексеру", "ask_message"},
		{"ru", "это уже случилось!", "ask_stage"}, {"kk", "Болып койды", "ask_stage"}, {"ru", "меня обманули", "ask_happened"},
		{"kk", "Алаяктарга алданып калдым", "ask_happened"}, {"kk", "meni aldap ketti", "ask_happened"}, {"ru", "деньги сняли", "ask_happened"},
		{"ru", "Помощь", "help"}, {"ru", "ничего не понимаю", "help"}, {"kk", "не басу керек?", "help"}, {"ru", "Отмена", "help"},
		{"ru", "Смени язык", "ask_language"}, {"kk", "тілді ауыстыр", "ask_language"},
		{"ru", "Говорю с ними сейчас", "aid.lead_call"}, {"kk", "қазір телефонда тұр", "aid.lead_call"}, {"ru", "Держу трубку", "aid.lead_call"},
		{"ru", "Сказали код", "aid.lead_code"}, {"kk", "Код айтылды", "aid.lead_code"}, {"kk", "Карта бөтенге берілді", "aid.lead_mule"},
	} {
		config := parts(t, bot.NewMemorySessions())
		config.Checker = alarmed
		b := bot.New(config)
		handle(t, b, bot.Event{Person: "p", Choice: "language:" + tt.lang})
		answer := handle(t, b, bot.Event{Person: "p", Messages: said(tt.typed)})
		first, _, _ := strings.Cut(strings.TrimSpace(texts.Text(tt.lang, tt.want, nil)), "\n")
		if answer.Level != "" || !strings.HasPrefix(answer.Replies[0].Text, first) {
			t.Errorf("%q is answered with\n%s", tt.typed, answer.Replies[0].Text)
		}
	}
}

func TestALanguageIsAskedForInManyWords(t *testing.T) {
	for typed, want := range map[string]string{
		"Қазақша": "kk", "казакша": "kk", "qazaqsha": "kk", "по-казахски": "kk", "На казахском, пожалуйста": "kk",
		"Русский": "ru", "по-русски": "ru", "Можно на русском?": "ru", "орысша": "ru", "оры́сша жазыңыз": "ru",
	} {
		b := newBot(t, bot.NewMemorySessions())
		handle(t, b, bot.Event{Person: "p", Lang: map[string]string{"ru": "kk", "kk": "ru"}[want], Start: true})
		if answer := handle(t, b, bot.Event{Person: "p", Messages: said(typed)}); answer.Lang != want || answer.Level != "" {
			t.Errorf("%q: answered in %q: %s", typed, answer.Lang, answer.Replies[0].Text)
		}
	}
}

// TestTheLanguageOfThePapersIsTyped: it is an answer, and not a wish to be spoken
// to in another language.
func TestTheLanguageOfThePapersIsTyped(t *testing.T) {
	for typed, papers := range map[string]string{"на русском": "ru", "Орысша": "ru", "Қазақша": "kk", "На казахском": "kk"} {
		memory := bot.NewMemorySessions()
		config := newConfig(t, memory)
		config.Drafts = memory
		b := bot.New(config)
		handle(t, b, bot.Event{Person: "p", Choice: "language:ru"})
		handle(t, b, bot.Event{Person: "p", Messages: said("заявление")})
		answer := handle(t, b, bot.Event{Person: "p", Messages: said(typed)})
		draft, err := memory.LoadDraft(t.Context(), "p")
		if err != nil || !strings.Contains(string(draft), `"Lang":"`+papers+`"`) || answer.Lang != "ru" {
			t.Errorf("%q: answered in %s, draft %s, %v", typed, answer.Lang, draft, err)
		}
	}
}

// TestAFirstWordIsAnsweredInItsLanguage: whose language nobody knows yet shows it
// also by words that mean a button.
func TestAFirstWordIsAnsweredInItsLanguage(t *testing.T) {
	for typed, want := range map[string]string{
		"алданып қалдым": "кінәлі емессіз", "ақшамды ұрлап кетті": "кінәлі емессіз", "алаяқтарға түсіп қалдым": "кінәлі емессіз",
		"меня обманули": "не виноваты", "с моей карты списали деньги": "не виноваты", "көмек": "Күмәнді", "иә": "жіберіңіз",
	} {
		b := bot.New(parts(t, bot.NewMemorySessions()))
		answer := handle(t, b, bot.Event{Person: "p", Messages: said(typed)})
		if text := answer.Replies[0].Text; !strings.Contains(text, want) {
			t.Errorf("%q is answered by %q", typed, text)
		}
	}
}
