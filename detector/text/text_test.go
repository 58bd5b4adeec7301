package text_test

import (
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/aldanba/aldanba/detector/kazakh"
	"github.com/aldanba/aldanba/detector/text"
	"github.com/google/go-cmp/cmp"
)

// words returns the norms of a text, joined by spaces.
func words(a *text.Analyzer, s string) string {
	d := a.Parse(s)
	defer d.Release()
	norms := make([]string, len(d.Tokens))
	for i, t := range d.Tokens {
		norms[i] = t.Norm
	}
	return strings.Join(norms, " ")
}

func TestParseUndoesDisguise(t *testing.T) {
	a := text.NewAnalyzer()
	for _, test := range []struct {
		name, in, want string
		undone         text.Disguise
	}{
		{"plain words", "Ёлка, Йод и ЁЖ", "елка йод и еж", 0},
		{"composed letters", "мои\u0306 е\u0308ж", "мой еж", 0},
		{"stress marks", "замо\u0301к", "замок", 0},

		{"Latin letters in a Cyrillic word", "КAЗAК", "казак", text.Homoglyph},
		{"nothing but twins", "cyкa", "сука", text.Homoglyph},
		{"twins among plain words", "Cpoчнo скажи кapтy", "срочно скажи карту", text.Homoglyph},
		{"a word all in Latin twins", "наш CEPBEP упал, KACCA закрыта", "наш сервер упал касса закрыта", text.Homoglyph},
		{"the bank's СМС in Latin", "код из CMC и из cmc", "код из смс и из смс", text.Homoglyph},
		{"Cyrillic letters in a Latin word", "kаspi раyраl", "kaspi paypal", text.Homoglyph},
		{"a Latin word in Cyrillic letters only", "Каѕрі раураӏ", "kaspi paypal", text.Homoglyph},
		{"Greek letters", "кοд κарта", "код карта", text.Homoglyph},
		{"Latin letters with accents", "скажи кöд и кàртý", "скажи код и карту", text.Homoglyph},
		{"Latin Kazakh with its own letters", "ол köp айтты", "ол köp айтты", 0},
		{"Latin i and h in Kazakh words", "тiлi hәм əдемі", "тілі һәм әдемі", 0},
		{"a Latin c for a preposition", "снять c карты", "снять с карты", 0},
		{"real Latin words stay", "PIN от карты, MAX и TOP, Choco, глава XIII", "pin от карты max и top choco глава xiii", 0},
		{"a Latin name with a Kazakh ending", "Kaspiден SMSка OTPкод", "kaspi ден sms ка otp код", 0},

		{"digits between letters", "к0д пер3вод бан4ик сбер6анк", "код перевод банчик сбербанк", text.Digit},
		{"digits and twins", "KA3AK", "казак", text.Digit | text.Homoglyph},
		{"a digit in front of a common word", "0плата 3аказ 4тобы 6анк", "оплата заказ чтобы банк", text.Digit},
		{"a zero at the end", "казин0", "казино", text.Digit},
		{"digits in Latin words", "c0de b0nus", "code bonus", text.Digit},
		{"signs for letters", "п@роль к@рт@ ca$h", "пароль карта cash", text.Digit},
		{"numbers stay", "45 000 45000 +7 700", "45 000 45000 7 700", 0},
		{"sizes and models stay", "A4 5G 3D p2p 10к iPhone15 kz2030", "a4 5g 3d p2p 10к iphone 15 kz 2030", 0},
		{"units are cut from numbers", "5000тенге 3дня 100тыс до50000тг", "5000 тенге 3 дня 100 тыс до 50000 тг", 0},
		{"plates and addresses stay", "А777ВС дом5а мкр4б", "а777вс дом5а мкр4б", 0},
		{"random strings stay", "aZ3kP0q", "az3kp0q", 0},
		{"mail addresses stay", "ivan@mail.example", "ivan mail example", 0},

		{"letters between spaces", "скажи к о д", "скажи код", text.Apart},
		{"letters between dots", "к.о.д", "код", text.Apart},
		{"letters between hyphens", "п-а-р-о-л-ь", "пароль", text.Apart},
		{"letters between underscores", "к_о_д", "код", text.Apart},
		{"letters between pictures", "к🔥о🔥д", "код", text.Apart},
		{"a spaced word before a dotted one", "к о д к.о.д", "код код", text.Apart},
		{"syllables between hyphens", "на-зо-ви-те код", "назовите код", text.Apart},
		{"slashes and bars in common words", "п/е/р/е/в/о/д забло|кирована", "перевод заблокирована", text.Apart},
		{"pictures between syllables", "безо🔥пасности ба💳нка", "безопасности банка", text.Emoji},
		{"pictures between words", "люблю😘тебя ок👌да", "люблю тебя ок да", 0},
		{"hyphened words stay apart", "кто-то банк-клиент код-то шо-то да/нет", "кто то банк клиент код то шо то да нет", 0},
		{"an abbreviation between spaces", "из с м с", "из смс", text.Apart},
		{"two words with a wider gap", "п и н  к о д", "пин код", text.Apart},
		{"small words stay apart", "я и ты", "я и ты", 0},
		{"small words before an abbreviation", "а я в г. Алматы", "а я в г алматы", 0},
		{"initials", "А.Б. Иванов, П. Л. в списке", "а б иванов п л в списке", 0},
		{"a list of letters", "а б в г", "а б в г", 0},
		{"sizes", "S M L", "s m l", 0},
		{"different gaps", "к о-д", "к о д", 0},

		{"zero width", "к\u200bо\u200cд", "код", text.Hidden},
		{"soft hyphens", "до\u00adро\u00adга", "дорога", text.Hidden},
		{"direction marks", "ко\u202eд", "код", text.Hidden},
		{"struck through", "к\u0336о\u0336д\u0336", "код", text.Hidden},
		{"invisible at the edges", "\u200bкод\u200b да", "код да", 0},

		{"stretched", "сроооочно кооод", "срочно код", text.Stretched},
		{"doubles stay", "касса", "касса", 0},
		{"abbreviations of one letter", "СССР www XIII", "ссср www xiii", 0},

		{"mathematical letters", "𝐤𝐚𝐬𝐩𝐢", "kaspi", text.Styled},
		{"circled letters", "ⓚⓞⓓ", "kod", text.Styled},
		{"negative squared letters", "🅺🅾🅳", "kod", text.Styled},
		{"full width", "ｋｏｄ １２", "kod 12", text.Styled},
		{"small capitals", "ᴋᴀꜱᴘɪ", "kaspi", text.Styled},
		{"flags are no letters", "🇰🇿 код", "код", 0},

		{"a picture inside a word", "ко🔥д ка💳рта", "код карта", text.Emoji},
		{"a picture between words", "Рахмет👍супер да🔥нет страны🤔и", "рахмет супер да нет страны и", 0},

		{"hyphens part words", "онлайн-банк", "онлайн банк", 0},
		{"apostrophes of Latin Kazakh", "j'iber a’lem", "jiber alem", 0},
		{"nothing to read", " \u200b\t…", "", 0},
		{"broken bytes", "ко\xffд", "ко д", 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := words(a, test.in); got != test.want {
				t.Errorf("words of %q:\n got %q\nwant %q", test.in, got, test.want)
			}
			d := a.Parse(test.in)
			defer d.Release()
			if d.Undone != test.undone {
				t.Errorf("undone in %q: got %07b, want %07b", test.in, d.Undone, test.undone)
			}
		})
	}
}

func TestParseKeepsSpansStemsAndSentences(t *testing.T) {
	a := text.NewAnalyzer()
	for _, test := range []struct {
		name, in string
		want     []text.Token
	}{
		{"Russian", "Назовите к.о.д!", []text.Token{
			{Start: 0, End: 16, Norm: "назовите", Key: "назовите", RU: "назов"},
			{Start: 17, End: 25, Norm: "код", Key: "код", RU: "код", Undone: text.Apart},
		}},
		{"Kazakh", "Ақшаны жібер.", []text.Token{
			{Start: 0, End: 12, Norm: "ақшаны", Key: "акшани", KK: kazakh.Stem("ақшаны")},
			{Start: 13, End: 23, Norm: "жібер", Key: "жибер", KK: kazakh.Stem("жібер")},
		}},
		{"a number and a unit", "5тенге", []text.Token{
			{Start: 0, End: 1, Norm: "5", Key: "5"},
			{Start: 1, End: 11, Norm: "тенге", Key: "тенге", RU: "тенг", KK: kazakh.Stem("тенге")},
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := a.Parse(test.in)
			defer d.Release()
			for i := range d.Tokens {
				d.Tokens[i].Notes = nil // it is for others
			}
			if diff := cmp.Diff(test.want, d.Tokens); diff != "" {
				t.Errorf("tokens of %q (-want +got):\n%s", test.in, diff)
			}
		})
	}
}

func TestSentences(t *testing.T) {
	a := text.NewAnalyzer()
	for _, test := range []struct {
		name, in string
		want     []int
	}{
		{"full stop", "Код пришел. Скажи его", []int{0, 0, 1, 1}},
		{"marks and dots", "Да! Нет? Ну... вот… так; да", []int{0, 1, 2, 3, 4, 5}},
		{"lines and bullets", "один\nдва • три ✅ четыре", []int{0, 1, 2, 3}},
		{"empty sentences do not count", "?! Да", []int{0}},
		{"no space behind", "Спасибо.Как дела", []int{0, 1, 1}},
		{"a number", "37.000 сом", []int{0, 0, 0}},
		{"a link", "сайт kaspi.kz тут", []int{0, 0, 0, 0}},
		{"a link in Cyrillic", "каспи.кз тут", []int{0, 0, 0}},
		{"abbreviations", "тысяча тг. и т.д. еще", []int{0, 0, 0, 0, 0, 0}},
		{"initials", "от А. Иванова", []int{0, 0, 0}},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := a.Parse(test.in)
			defer d.Release()
			var got []int
			for _, token := range d.Tokens {
				got = append(got, token.Sentence)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("sentences of %q (-want +got):\n%s", test.in, diff)
			}
		})
	}
}

func TestSpellingsOfARussianWordShareAStem(t *testing.T) {
	a := text.NewAnalyzer()
	for _, test := range []struct{ in, want string }{
		{"переведите", "перевед"}, {"Перевёл", "перевел"}, {"деньги", "денг"}, {"картой", "карт"}, {"карту", "карт"},
		{"код", "код"}, {"", ""}, {"ақша", ""}, {"kod", ""}, {"код1", ""},
		{strings.Repeat("а", 65), ""},
	} {
		if got := a.StemRussian(test.in); got != test.want {
			t.Errorf("StemRussian(%q) = %q, want %q", test.in, got, test.want)
		}
	}
	d := a.Parse("Здравствуйте, срочно perevedite dengi на карту. Это банк, ваши деньги")
	defer d.Release()
	stems := map[string]string{}
	for _, token := range d.Tokens {
		stems[token.Norm] = token.RU
	}
	if stems["perevedite"] != "перевед" || stems["dengi"] != stems["деньги"] {
		t.Errorf("translit stems: %v", stems)
	}
}

func TestIrregularWordsOfTheFieldShareAStem(t *testing.T) {
	for _, forms := range [][]string{
		{"отдать", "отдам", "отдал", "отдай", "отдаст"}, {"перевести", "переведите", "перевёл", "перевела", "переведут"},
		{"сказать", "скажите", "сказала", "скажет"}, {"войти", "вошёл", "войду", "вошла"}, {"деньги", "денег", "деньгами"},
	} {
		for _, form := range forms[1:] {
			if got, want := text.StemOfRussian(form), text.StemOfRussian(forms[0]); got != want {
				t.Errorf("%s has the stem %q, %s has %q", form, got, forms[0], want)
			}
		}
	}
	if text.StemOfRussian("отдых") == text.StemOfRussian("отдать") {
		t.Error("отдых and отдать are one")
	}
}

func TestStringsOutliveTheDocument(t *testing.T) {
	a := text.NewAnalyzer()
	d := a.Parse("Срочно переведите деньги")
	first := d.Tokens[0]
	d.Release()
	a.Parse("Мүлдем басқа мәтін келді").Release()
	if first.Norm != "срочно" || first.Key != "срочно" || first.RU != "срочн" {
		t.Errorf("the token changed after Release: %+v", first)
	}
}

func TestConcurrentParsesAgree(t *testing.T) {
	a := text.NewAnalyzer()
	messages := []string{russianMessage, kazakhMessage, hiddenMessage}
	want := make([]string, len(messages))
	for i, m := range messages {
		want[i] = words(a, m)
	}
	var group sync.WaitGroup
	for g := range 4 {
		group.Go(func() {
			for n := range 50 {
				i := (g + n) % len(messages)
				if got := words(a, messages[i]); got != want[i] {
					t.Errorf("a concurrent parse differs:\n got %q\nwant %q", got, want[i])
				}
			}
		})
	}
	group.Wait()
}

func TestParseOfAWarmMessageAllocatesOnlyItsStrings(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector makes pools drop their contents")
	}
	a := text.NewAnalyzer()
	for _, message := range []string{russianMessage, kazakhMessage, hiddenMessage} {
		a.Parse(message).Release()
		if got := testing.AllocsPerRun(200, func() { a.Parse(message).Release() }); got > 6 {
			t.Errorf("%v allocations for %q", got, message)
		}
	}
}

// checkDocument holds for the document of any text.
func checkDocument(t *testing.T, s string, d *text.Document) {
	t.Helper()
	if d.Original != s {
		t.Fatalf("Original is %q, want %q", d.Original, s)
	}
	end, sentence := 0, 0
	var undone text.Disguise
	for _, token := range d.Tokens {
		if token.Start < end || token.End <= token.Start || token.End > len(s) {
			t.Fatalf("span [%d,%d) after %d in %q", token.Start, token.End, end, s)
		}
		if !utf8.RuneStart(s[token.Start]) || token.End < len(s) && utf8.ValidString(s) && !utf8.RuneStart(s[token.End]) {
			t.Fatalf("span [%d,%d) cuts a character of %q", token.Start, token.End, s)
		}
		if token.Norm == "" || !utf8.ValidString(token.Norm) || token.Norm != strings.ToLower(token.Norm) {
			t.Fatalf("norm %q of %q", token.Norm, s)
		}
		if token.Key != kazakh.Key(token.Norm) {
			t.Fatalf("key %q of norm %q", token.Key, token.Norm)
		}
		if token.Sentence < sentence || token.Sentence > sentence+1 {
			t.Fatalf("sentence %d after %d in %q", token.Sentence, sentence, s)
		}
		end, sentence = token.End, token.Sentence
		undone |= token.Undone
	}
	if d.Undone != undone {
		t.Fatalf("Undone %b of the text, %b of its tokens", d.Undone, undone)
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		russianMessage, kazakhMessage, hiddenMessage,
		"к о-д.к_о_д А.Б. ааа🔥🔥б 0плат4 к@рт@ $a@b\xff\xd0", "🇰🇿🇰 ﷺ ½ ａ\u0301\u200d\u20e3 İ ς ŉ",
		"жgжg Kaspiден п\u0336\u200b\u0336", "т.д.тг. 1.2.3 …;", "ßſΐⅷㄱ각ｱﾞ",
	} {
		f.Add(seed)
	}
	a := text.NewAnalyzer()
	f.Fuzz(func(t *testing.T, s string) {
		d := a.Parse(s)
		checkDocument(t, s, d)
		lang := d.Lang
		d.Release()
		if got := a.Language(s); got != lang {
			t.Fatalf("Language says %v, Parse %v", got, lang)
		}
	})
}
