package detector_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/aldanba/aldanba/detector"
	"github.com/aldanba/aldanba/detector/entity"
)

// excerptsOf gives what a person is shown of a message, one line a signal.
func excerptsOf(v *detector.Verdict) string {
	var lines []string
	for _, s := range v.Signals {
		if text := v.Excerpt(s); text != "" {
			lines = append(lines, text)
		}
	}
	return strings.Join(lines, "\n")
}

// TestExcerptsMakeSense wants whole clauses where they are short, the beginning
// and the end of what is long, and nothing that can be followed or misused.
func TestExcerptsMakeSense(t *testing.T) {
	d := newDetector(t)
	for text, want := range map[string]string{
		"Добрый день. Вас беспокоит служба безопасности банка, назовите код из SMS, это срочно":                           "назовите код из SMS",
		"Алло, бұл емхана. Тізім жасап жатырмыз, сосын келген кодты оқып беріңіз":                                         "сосын келген кодты оқып беріңіз",
		"Шкаф «Нордик» купил сосед, а вы назовите код из смс":                                                             "а вы назовите код из смс",
		"Kaspi: карта заблокирована, подтвердите: https://kaspi-bonus.top/pay?id=77":                                      "kaspi-bonus[.]top/…",
		"Kaspi: картаңыз шектелді, өтіңіз: kaspi-ashu точка site/k":                                                       "kaspi-ashu[.]site/…",
		"Упаковка ручек на дому, до 220 тысяч в месяц, обучение бесплатно, оплачиваете только залог за сырьё 7 500 тенге": "Упаковка ручек на дому",
	} {
		if got := excerptsOf(d.Check(text)); !strings.Contains("\n"+got+"\n", want) {
			t.Errorf("%q shows\n%s\nnot %q", text, got, want)
		}
	}
}

func FuzzExcerpt(f *testing.F) {
	d := newDetector(f)
	for _, seed := range []string{
		"«Код» — назовите код: 4821, карта 4242 4242 4242 4242, CVV 123", "назовите\nкод\n", "\xff код назовите из смс \xff", "кодты айтыңыз, " + strings.Repeat("ә", 200),
		"Оплатите залог 350 000, иначе сегодня задержание. Реквизиты пришлёт капитан", "ссылка https://a.example/?x=1.2, назовите код",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		v := d.Check(text)
		for _, s := range v.Signals {
			got := v.Excerpt(s)
			if utf8.RuneCountInString(got) > 90 || strings.ContainsAny(got, "\n«»") {
				t.Errorf("%q of %q", got, text)
			}
			for _, e := range v.Entities {
				if whole := text[e.Start:e.End]; e.Kind == entity.Card && strings.Contains(got, whole) {
					t.Errorf("%q shows a card of %q", got, text)
				}
			}
		}
	})
}
