package text_test

import (
	"testing"

	"github.com/aldanba/aldanba/detector/text"
)

func TestLanguage(t *testing.T) {
	a := text.NewAnalyzer()
	for _, test := range []struct{ name, in, want string }{
		{"Russian", "Мама, я попал в аварию, переведи деньги на эту карту", "ru"},
		{"Russian with a Latin name", "Halyk Homebank: обнаружен вход, отмените его", "ru"},
		{"Russian with a Kazakh name", "Смета готова, реквизиты Серікбай пришлёт вам завтра", "ru"},
		{"Russian in Latin letters", "Privet, perevedi mne dengi na kartu, ochen nuzhno segodnya", "ru"},
		{"disguised Russian", "Cpoчнo отпpaвьтe к0д из CMC, пожaлyйcтa", "ru"},
		{"Kazakh", "Қайырлы күн, несиеңіз мақұлданды", "kk"},
		{"Kazakh on a Russian keyboard", "Маган акша керек болып тур, картанызга келген кодты айтыныз", "kk"},
		{"Kazakh in Latin letters", "Apa, aqsha kerek bolyp tur, kaspige salyp jiberinizshi", "kk"},
		{"loan words in Kazakh", "Приложение өте жақсы, рахмет, банк картасы да бар", "kk"},
		{"a sentence of each", "Пожалуйста, переведите мне деньги до вечера. Маған ақша өте керек болып тұр.", "mixed"},
		{"a sentence of each on a Russian keyboard", "Не могу перевести ему деньги сегодня. Акшаны аудара алмай жатырмын, кутип отыр.", "mixed"},
		{"a clause of each", "я уже дома, сен қашан келесің", "mixed"},
		{"a wish on a Russian keyboard", "кешке шай ишейик", "kk"},
		{"English", "Your account is locked, click the link to verify your card", "other"},
		{"another script", "这是一个测试", "other"},
		{"numbers only", "4242 4242", "other"},
		{"nothing", "", "other"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := a.Language(test.in).String(); got != test.want {
				t.Errorf("Language(%q) = %s, want %s", test.in, got, test.want)
			}
		})
	}
}
