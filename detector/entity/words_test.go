package entity_test

import (
	"testing"

	"github.com/aldanba/aldanba/detector/entity"
)

func TestCodesOnlyWhereTheWordsSaySo(t *testing.T) {
	finds(t, entity.Code, map[string][]string{
		"Ваш код 4512": {"4512"},
		"Никому не сообщайте код: 482913": {"482913"},
		"482913 - ваш код подтверждения":  {"482913"},
		"код 12-34":    {"1234"},
		"код 123 456":  {"123456"},
		"код: 1 2 3 4": {"1234"},
		"код4512":      {"4512"},
		"к0д 4512":     {"4512"},
		"Кодыңыз 7712, ешкімге айтпаңыз":    {"7712"},
		"растау саны 502219":                {"502219"},
		"Құпиясөз: 8841":                    {"8841"},
		"купия код 8841":                    {"8841"},
		"Your verification code is 882163":  {"882163"},
		"kod 5512 eshkimge aitpa":           {"5512"},
		"rastau kody 551200":                {"551200"},
		"пароль 99887766 для входа":         {"99887766"},
		"смс 4512 продиктуйте":              {"4512"},
		"4512":                              nil,
		"дом 4512":                          nil,
		"код на 5000 тг":                    nil,
		"код региона 727":                   nil,
		"почтовый код 050000":               nil,
		"ул. Абая 150, код домофона 25в":    nil,
		"код ошибки 404":                    nil,
		"кодекс статья 190":                 nil,
		"код придёт 12.05.2026 в 14:30":     nil,
		"код действует 120 секунд":          nil,
		"не говорите код, звоните 1414":     nil,
		"код айтпаңыз, 102-ге хабарласыңыз": nil,
		"в 2026 году введут новый код":      nil,
		"кешке 1500 адам келді":             nil,
	})
}

func TestAmounts(t *testing.T) {
	finds(t, entity.Amount, map[string][]string{
		"45000 тг":          {"45000 KZT"},
		"45 000 тенге":      {"45000 KZT"},
		"45\u00a0000 ₸":     {"45000 KZT"},
		"45.000тг":          {"45000 KZT"},
		"₸45000":            {"45000 KZT"},
		"1 250 000 теңге":   {"1250000 KZT"},
		"5000 теңгені":      {"5000 KZT"},
		"45к":               {"45000 KZT"},
		"45k sal":           {"45000 KZT"},
		"50мың":             {"50000 KZT"},
		"50 мын тенге":      {"50000 KZT"},
		"50 myn tenge":      {"50000 KZT"},
		"1,5 млн":           {"1500000 KZT"},
		"1.5 млн тг":        {"1500000 KZT"},
		"2 млн":             {"2000000 KZT"},
		"2 mln tg":          {"2000000 KZT"},
		"300 тысяч":         {"300000 KZT"},
		"300 тыс. тг":       {"300000 KZT"},
		"45т":               {"45000 KZT"},
		"5000 т":            {"5000 KZT"},
		"300 000 надо":      {"300000 KZT"},
		"10 000-15 000 тг":  {"10000 KZT", "15000 KZT"},
		"$500":              {"500 USD"},
		"500$":              {"500 USD"},
		"100 долларов":      {"100 USD"},
		"20 €":              {"20 EUR"},
		"700 руб":           {"700 RUB"},
		"1 250,50 тг":       {"1250 KZT"},
		"300 000 человек":   nil,
		"45 т.р.":           {"45000 RUB"},
		"1 000 000 000 тг":  {"1000000000 KZT"},
		"бюджет45к":         {"45000 KZT"},
		"abc5r":             nil,
		"5 т.д.":            nil,
		"45 мына":           nil,
		"до 18 т":           nil,
		"12.05.2026":        nil,
		"87000000001 тг":    nil,
		"4512 к вам придёт": nil,
		"+7 700 000 00 01":  nil,
	})
}

func TestRemoteIDsBesideTheirProgram(t *testing.T) {
	finds(t, entity.RemoteID, map[string][]string{
		"AnyDesk 123 456 789": {"123456789"},
		"скачайте эниdesk, ваш ид 1234567890":   {"1234567890"},
		"анидеск жүктеп, 123-456-789 жіберіңіз": {"123456789"},
		"растдеск: 987654321":                   {"987654321"},
		"teamviewer ID 1 234 567 890":           {"1234567890"},
		"номер заказа 123456789":                nil,
		"AnyDesk 12345":                         nil,
	})
}

func TestForwardingCodes(t *testing.T) {
	finds(t, entity.Forwarding, map[string][]string{
		"наберите **21*87000000001#": {"**21*87000000001#"},
		"*21*+7 700 000 00 01#":      {"*21*+77000000001#"},
		"**61* тер":                  {"**61*"},
		"##002# теріңіз":             {"##002#"},
		"*#21#":                      {"*#21#"},
		"*100#":                      {"*100#"},
		"карта *4242":                nil,
		"5*21*3":                     nil,
		"*важно* и #тег":             nil,
	})
}

func TestWallets(t *testing.T) {
	finds(t, entity.Wallet, map[string][]string{
		"1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa":         {"1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"},
		"bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4": {"bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"},
		"USDT TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t.":   {"TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t"},
		"0x52908400098527886E0F7030069857D2E4169EE7": {"0x52908400098527886E0F7030069857D2E4169EE7"},
		"1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb":         nil,
		"bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5": nil,
		"TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6T":         nil,
		"0x52908400098527886E0F7030069857D2E4169EZ7": nil,
	})
}
