package scheme_test

import (
	"slices"
	"testing"

	"github.com/aldanba/aldanba/detector/scheme"
	"github.com/aldanba/aldanba/detector/text"
)

// What one text denies and another says is never the same denial.
func TestDenialsTellApart(t *testing.T) {
	analyzer := text.NewAnalyzer()
	denials := func(s string) []string {
		doc := analyzer.Parse(s)
		defer doc.Release()
		return scheme.Denials(doc)
	}
	for _, c := range [][2]string{
		{"Сообщите код сотруднику", "Не сообщайте код сотруднику"},
		{"Не сообщайте код, позвоните нам", "Сообщите код, не звоните нам"},
		{"Предоплата нужна", "Предоплаты нет"},
		{"Это можно делать", "Это делать нельзя"},
		{"Работа с вложениями", "Работа без вложений"},
		{"Кодты айтыңыз", "Кодты айтпаңыз"},
		{"Кодты айтып жіберіңіз", "Кодты айтып жібермеңіз"},
		{"Ақша аударыңыз", "Ақша аудармаңыз"},
		{"Төлем керек", "Төлем керек емес"},
		{"Бұл ақысы бар жұмыс", "Бұл ақысы жоқ жұмыс"},
		{"Кодты айтуға болады", "Кодты айтуға болмайды"},
		{"Kodty aitynyz", "Kodty aitpanyz"},
	} {
		if plain, denied := denials(c[0]), denials(c[1]); slices.Equal(plain, denied) || len(denied) == 0 {
			t.Errorf("%q and %q both deny %q", c[0], c[1], denied)
		}
	}
	for _, same := range [][2]string{
		{"Не сообщайте код, позвоните нам", "Не сообщайте КОД!!! Позвоните нам"},
		{"Кодты айтпаңыз, бізге жазыңыз", "Кодты айтпаныз, бизге жазыныз"},
		{"Сообщите код", "Скажите пароль"},
	} {
		if a, b := denials(same[0]), denials(same[1]); !slices.Equal(a, b) {
			t.Errorf("%q denies %q, %q denies %q", same[0], a, same[1], b)
		}
	}
}
