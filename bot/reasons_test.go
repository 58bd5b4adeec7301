package bot_test

import (
	"strings"
	"testing"

	"github.com/aldanba/aldanba/bot"
	"github.com/aldanba/aldanba/detector/scheme"
	"github.com/aldanba/aldanba/locales"
)

// TestReasonsAreOfTheMessage reads whole answers: what must stand in them, and
// what would be untrue of the message.
func TestReasonsAreOfTheMessage(t *testing.T) {
	for _, test := range []struct{ text, want, never string }{
		// Words of a ransom in a talk about a flat, an address near an office.
		{"Квартира у акимата, 70 тысяч. Хозяйка в Турции, ключ у соседа. Бронь 30 тысяч, решайте сейчас", "жильё за предоплату", "имени государства"},
		{"Оплатите залог 350 000, иначе сегодня задержание. Реквизиты пришлёт капитан", "«Оплатите залог 350 000»", "личное"},
		// What a call is about is quoted by whole clauses.
		{"Бабушка, это Данияр. Я в полиции, сбил человека, нужны деньги срочно. Не говори маме", "«Не говори маме»", "Пишут от имени близкого: «нужны"},
		{"Уважаемый клиент! Ваша карта заблокирована. Позвоните +7 700 000 00 11", "«Ваша карта заблокирована»", "Угрожают"},
		{"Красиво танцуете без камеры) вернее, думали, что без. Сестре уже показать или договоримся?", "показать личное", "долгом"},
		// One reason is given once, and a place for every one.
		{"Права категории B без автошколы за 150 тысяч, официально в базу, 50% вперёд, паспорт и фото в личку", "Так часто пишут мошенники: «", "Так часто пишут мошенники."},
		// Too little text is no threat.
		{"потеряла карту", "заблокируйте карту", "Угрожают"},
		// Who has paid is not told to wait with paying, nor named a scheme by guess.
		{"перевела 200 тысяч мошенникам, помогите", "Позвоните в свой банк", "Ложный банк"},
		{"назвала код из смс", "Позвоните в свой банк", "доставка"},
		{"у меня украли деньги с карты", "Вы не виноваты", "пока не платите"},
		// A card is nothing to send; a receipt with thanks in it is no thanks.
		{"4242 4242 4242 4242", "Свой номер никому не пишите", "Искали просьбы"},
		{"Перевод 50 000 ₸ от Айгуль К. Сообщение: спасибо", "не нашли", "Пожалуйста"},
		{"Мне позвонили якобы из банка, спрашивали про вклады, я испугалась и положила трубку. Что это было?", "", "Как отправили деньги"},
		{"Адвокат обещает вернуть деньги, которые у меня украли мошенники, просит 10 процентов вперёд", "Не платите тем, кто обещает вернуть", "Как отправили деньги"},
		{"У меня на карте 300 тысяч, куда лучше положить", "", "Перешлите сюда"},
		{"Держу трубку, мужчина говорит не класть", "Положите трубку прямо сейчас", "Что уже произошло"},
		// The payment of every day is no misfortune.
		{"Балама садикке 20 мың аудардым", "не нашли", "не виноваты"},
		{"Код: 771 204. Никому не сообщайте. eGov", "1. Никому не говорите код", "по номеру, который знаете"},
	} {
		b := newBot(t, bot.NewMemorySessions())
		say(t, b, bot.Event{Person: "p", Choice: "language:ru"})
		replies := say(t, b, bot.Event{Person: "p", Messages: said(test.text)})
		var all strings.Builder
		for _, r := range replies {
			all.WriteString(r.Text + "\n")
		}
		if got := all.String(); !strings.Contains(got, test.want) || strings.Contains(got, test.never) {
			t.Errorf("%q: want %q, never %q\n%s", test.text, test.want, test.never, got)
		}
	}
}

// TestEveryTellingReasonHasWords holds the table of the catalogue to reasons that
// exist.
func TestEveryTellingReasonHasWords(t *testing.T) {
	catalogue, err := scheme.LoadCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	texts := newConfig(t, nil).Texts
	for reason := range catalogue.Tells {
		for _, lang := range locales.Languages() {
			if texts.Reason(lang, reason, nil) == "" {
				t.Errorf("%s has no words for %s", lang, reason)
			}
		}
	}
}
