package bot_test

import (
	"strings"
	"testing"

	"github.com/aldanba/aldanba/bot"
)

// TestRemarksBetweenMessages: what is said to us in between is answered as such,
// and never judged as if somebody else had written it.
func TestRemarksBetweenMessages(t *testing.T) {
	const ru, kk = "Доча, это мой новый номер. Скинь срочно 30 тысяч на карту, потом объясню", "Апай, банктің қауіпсіздік қызметінен. SMS-кодты айтыңыз, ешкімге айтпаңыз"
	config := newConfig(t, nil)
	for _, tt := range []struct {
		before, said, told string // told is a key of locales, or how the answer begins
		urgent             bool
	}{
		{ru, "я уже отправила", "ask_happened", true},
		{kk, "айтып койдым", "ask_happened", true},
		{"", "я уже отправила", "ask_happened", true},
		{"", "450000 теңге жібердім", "ask_happened", true},
		{"", "каспимен 200000 салып жибердим", "ask_happened", true},
		{"", "мен 450 мың теңге жіберіп қойдым", "ask_happened", true},
		{ru, "они опять звонят", "", true},
		{kk, "олар тагы звондап тур", "", true},
		{ru, "нет, я не отправляла", "stage_lead_nothing_yet", false},
		{kk, "жоқ, кодты айтқан жоқпын", "stage_lead_nothing_yet", false},
		{ru, "что теперь делать", "🔴", false},
		{kk, "енді не істеймін", "🔴", false},
		{kk, "бул не", "🔴", false},
		{ru, "это точно обман?", "🔴", false},
		{kk, "бұл алаяқ па", "🔴", false},
		{"", "что делать", "ask_stage", false},
		{ru, "хорошо, позвоню ей", "noted", false},
		{kk, "жақсы, өзім барам", "noted", false},
		{ru, "а если я отправлю только половину", "🔴", false},
		{kk, "давайте на русском", "language_switched", false},
		{ru, "қазақша айтыңызшы", "language_switched", false},
		{ru, "не понимаю по казахски", "language_switched", false},
	} {
		config.Sessions = bot.NewMemorySessions()
		b := bot.New(config)
		lang := "ru"
		if tt.before == kk {
			lang = "kk"
		}
		if tt.before != "" {
			handle(t, b, bot.Event{Person: "p", Lang: lang, Messages: said(tt.before)})
		}
		answer := handle(t, b, bot.Event{Person: "p", Lang: lang, Messages: said(tt.said)})
		first := answer.Replies[0]
		if tt.before == "" {
			lang = answer.Lang // that of the words
		}
		switch tt.said {
		case "давайте на русском":
			lang = "ru"
		case "қазақша айтыңызшы":
			lang = "kk"
		}
		told := tt.told
		if told != "" && told != "🔴" {
			told = phraseOf(t, lang, told)
		}
		if !strings.HasPrefix(first.Text, told) || first.Urgent != tt.urgent || strings.HasPrefix(first.Text, "⚪") || strings.HasPrefix(first.Text, "❓") {
			t.Errorf("%q after %q is told:\n%s", tt.said, tt.before, first.Text)
		}
	}
}

// TestWhatNowGoesOnWithTheSteps that the person stands before.
func TestWhatNowGoesOnWithTheSteps(t *testing.T) {
	b := newBot(t, bot.NewMemorySessions())
	handle(t, b, bot.Event{Person: "p", Choice: "language:kk"})
	step := handle(t, b, bot.Event{Person: "p", Messages: said("карта деректерін беріп қойдым")})
	if again := handle(t, b, bot.Event{Person: "p", Messages: said("тағы не істеймін")}); !strings.Contains(step.Replies[0].Text, again.Replies[0].Text) && again.Replies[0].Text != step.Replies[0].Text {
		t.Errorf("first\n%s\nthen\n%s", step.Replies[0].Text, again.Replies[0].Text)
	}
}

// TestWordsInTheFirstMinutes: who types instead of pressing gets on, and is never
// told that the text is too short.
func TestWordsInTheFirstMinutes(t *testing.T) {
	for _, tt := range []struct{ lang, happened, typed, way string }{
		{"ru", "я назвала им код из смс", "1414 пришло", "1414"},
		{"ru", "я назвала им код из смс", "от банка", "Код банка"},
		{"kk", "кодты айтып қойдым", "ватсаптікі WhatsApp", "WhatsApp коды"},
	} {
		b := newBot(t, bot.NewMemorySessions())
		handle(t, b, bot.Event{Person: "p", Choice: "language:" + tt.lang})
		menu := handle(t, b, bot.Event{Person: "p", Messages: said(tt.happened)}).Replies[0]
		for _, remark := range []string{"ой", "да", "подождите", "иә"} {
			if again := handle(t, b, bot.Event{Person: "p", Messages: said(remark)}).Replies[0]; again.Choices[0] != menu.Choices[0] {
				t.Errorf("%q after %q is told:\n%s", remark, tt.happened, again.Text)
			}
		}
		want := ""
		for _, c := range menu.Choices {
			if strings.Contains(c.Label, tt.way) {
				want = handle(t, newBot(t, bot.NewMemorySessions()), bot.Event{Person: "p", Lang: tt.lang, Choice: c.ID}).Replies[0].Text
			}
		}
		if got := handle(t, b, bot.Event{Person: "p", Messages: said(tt.typed)}).Replies[0].Text; want == "" || got != want {
			t.Errorf("%q is told:\n%s\nand not:\n%s", tt.typed, got, want)
		}
	}
}

// TestAFewWordsDoNotChangeTheLanguage: two words may be of either.
func TestAFewWordsDoNotChangeTheLanguage(t *testing.T) {
	b := newBot(t, bot.NewMemorySessions())
	handle(t, b, bot.Event{Person: "p", Messages: said("Балам апатқа түсті деп ақша сұрап звондады, не істеймін")})
	if answer := handle(t, b, bot.Event{Person: "p", Messages: said("дауысы соныки")}); answer.Lang != "kk" {
		t.Errorf("it is told in %s:\n%s", answer.Lang, answer.Replies[0].Text)
	}
	if answer := handle(t, b, bot.Event{Person: "p", Messages: said("я вас не понимаю, скажите по-русски")}); answer.Lang != "ru" {
		t.Errorf("it is told in %s:\n%s", answer.Lang, answer.Replies[0].Text)
	}
}
