package detector_test

import (
	"strings"
	"testing"

	"github.com/aldanba/aldanba/detector"
)

// TestHarmlessWordsDoNotOutweighADangerousMessage hides scams in a long talk
// about bread and the weather.
func TestHarmlessWordsDoNotOutweighADangerousMessage(t *testing.T) {
	d := newDetector(t)
	talk := map[string]string{
		"ru": "Сегодня ходили в парк, погода хорошая, дети катались на велосипеде. Потом пили чай и смотрели старый фильм. ",
		"kk": "Бүгін балалармен саябаққа бардық, ауа райы жақсы болды. Кешке шай ішіп, ескі фильм көрдік. ",
	}
	for lang, scams := range map[string][]string{
		"ru": {
			"Служба безопасности банка. На ваше имя оформляют кредит, назовите код из SMS и переведите деньги на безопасный счёт.",
			"Вы выиграли автомобиль! Чтобы получить приз, оплатите налог 45 000 тенге на карту нашего менеджера сегодня.",
		},
		"kk": {
			"Банктің қауіпсіздік қызметінен хабарласып тұрмыз. Шотыңыз бұғатталды, SMS-пен келген кодты айтыңыз.",
			"Сіз көлік ұтып алдыңыз! Сыйлықты алу үшін салықты бүгін менеджеріміздің картасына аударыңыз, 45 000 теңге.",
		},
	} {
		for _, scam := range scams {
			alone := d.Check(scam)
			for _, sentences := range []int{0, 20, 80, 300} {
				padding := strings.Repeat(talk[lang], sentences/2)
				hidden := d.Check(padding + "\n" + scam + "\n" + padding)
				if hidden.Level != detector.Scam {
					t.Errorf("%s between twice %d harmless sentences: %s, %.2f (alone %.2f)", scam, sentences, hidden.Level, hidden.Score, alone.Score)
				}
				for _, signal := range hidden.Signals {
					if quote := hidden.Quote(signal); strings.Contains(quote, "фильм") {
						t.Errorf("the harmless words are quoted as a reason: %q", quote)
					}
				}
			}
			if harmless := d.Check(strings.Repeat(talk[lang], 150)); harmless.Level != detector.NoSigns {
				t.Errorf("the talk alone is %s", harmless.Level)
			}
		}
	}
}
