package entity_test

import (
	"testing"

	"github.com/aldanba/aldanba/detector/entity"
)

func TestLinks(t *testing.T) {
	finds(t, entity.Link, map[string][]string{
		"kaspi.kz":                               {"kaspi.kz"},
		"зайдите на kaspi-bonus.top.":            {"kaspi-bonus.top"},
		"(kaspi-bonus.top/pay?x=1)":              {"kaspi-bonus.top/pay?x=1"},
		"https://egov-kz.info/a_(b)!":            {"https://egov-kz.info/a_(b)"},
		"hxxps://kaspi[.]example-pay[.]top/x":    {"https://kaspi.example-pay.top/x"},
		"kaspi.kz.example":                       {"kaspi.kz.example"},
		"kaspi.kz.secure-login.zzz/a":            {"kaspi.kz.secure-login.zzz/a"},
		"Платите на kaspi.kz.Спасибо":            {"kaspi.kz"},
		"Pay at kaspi.kz.Thank you":              {"kaspi.kz"},
		"kaspi(.)kz":                             {"kaspi.kz"},
		"kaspi{dot}kz":                           {"kaspi.kz"},
		"kaspi [.] kz":                           {"kaspi.kz"},
		"kaspi точка kz":                         {"kaspi.kz"},
		"kaspi-kz .com":                          {"kaspi-kz.com"},
		"kaspi . kz":                             {"kaspi.kz"},
		"kaspi。kz и halyk․kz и egov．kz":          {"kaspi.kz", "halyk.kz", "egov.kz"},
		"kas\u200bpi.kz":                         {"kaspi.kz"},
		"[тут](https://kaspi-pay.top/a)":         {"https://kaspi-pay.top/a"},
		"<a href=\"http://kaspi-pay.top\">":      {"http://kaspi-pay.top"},
		"tg://login?token=abc":                   {"tg://login?token=abc"},
		"tg://resolve?domain=abc":                {"tg://resolve?domain=abc"},
		"t.me/kaspi_help":                        {"t.me/kaspi_help"},
		"wa.me/77000000001":                      {"wa.me/77000000001"},
		"whatsapp://send?phone=77000000001":      {"whatsapp://send?phone=77000000001"},
		"intent://scan/#Intent;scheme=zxing;end": {"intent://scan/#Intent;scheme=zxing;end"},
		"сайт каспи.қаз, и госуслуги.рф":         {"каспи.қаз", "госуслуги.рф"},
		"каспи.кз":                               {"каспи.kz"},
		"egov.kz-ке кіріңіз":                     {"egov.kz"},
		"kaspi.kz-тен, olx.kz-te":                {"kaspi.kz", "olx.kz"},
		"stat.gov.kz-ten алдым":                  {"stat.gov.kz"},
		"https://egov.kz-те":                     {"https://egov.kz"},
		"kaspi.kz-login.example-pay.top":         {"kaspi.kz-login.example-pay.top"},
		"kaspi.kz-login":                         nil,
		`kaspi\.kz`:                              {"kaspi.kz"},
		"Kaspi.KZ":                               {"kaspi.kz"},
		"http://192.0.2.7:8080/login":            {"http://192.0.2.7:8080/login"},
		"192.0.2.7/login":                        {"192.0.2.7/login"},
		"https://kaspi.kz@evil-pay.top/x":        {"https://kaspi.kz@evil-pay.top/x"},
		"xn--80aswg.xn--p1ai":                    {"xn--80aswg.xn--p1ai"},
		"жүктеhttps://kaspi-pay.top/a":           {"https://kaspi-pay.top/a"},
		"kaspi.kz.Потом перезвоню":               {"kaspi.kz"},
		"сказал.Потом ушёл":                      nil,
		"и т.д. и т.п.":                          nil,
		"12.05 в 14.30":                          nil,
		"12.05.2026":                             nil,
		"ИП.Серик":                               nil,
		"файл отчёт.pdf и архив.zip":             nil,
		"keldim.men":                             nil,
		"пришёл.Онлайн занятия":                  nil,
		"конец...начало":                         nil,
		"ivan@example.com":                       nil,
		"1.5 млн и 3.14":                         nil,
	})
}

func TestInstallers(t *testing.T) {
	finds(t, entity.Installer, map[string][]string{
		"foto.apk":                   {"foto.apk"},
		"Фото.JPG.APK":               {"фото.jpg.apk"},
		"тойға_шақыру.apk жүкте":     {"тойға_шақыру.apk"},
		"Kaspi.exe":                  {"kaspi.exe"},
		"egov.mobileconfig":          {"egov.mobileconfig"},
		"тойға (1).apk":              {"тойға (1).apk"},
		"Фото_той.АРК в Cyrillic":    {"фото_той.арк"},
		"тойға.апк":                  {"тойға.апк"},
		"invoice.js":                 {"invoice.js"},
		"учу Node.js и Vue.js":       nil,
		"скачай apk":                 nil,
		"foto.jpg":                   nil,
		"https://evil-pay.top/a.apk": nil,
	})
}

func TestHandlesAndEmails(t *testing.T) {
	finds(t, entity.Email, map[string][]string{
		"пишите ivan.petrov@example.com.":  {"ivan.petrov@example.com"},
		"mail: a+b@bank.example.kz":        {"a+b@bank.example.kz"},
		"mailto:apa@example.com?subject=a": {"apa@example.com"},
		"@example.com":                     nil,
		"a@b":                              nil,
	})
	finds(t, entity.Telegram, map[string][]string{
		"пишите @kaspi_help":  {"@kaspi_help"},
		"(@Kaspi_Help)":       {"@kaspi_help"},
		"@ab":                 nil,
		"ivan@example.com":    nil,
		"ватсап: @kaspi_help": nil,
	})
	finds(t, entity.WhatsApp, map[string][]string{
		"ватсап: @kaspi_help": {"@kaspi_help"},
	})
}
