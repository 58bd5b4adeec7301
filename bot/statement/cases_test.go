package statement_test

import (
	"testing"
	"time"

	"github.com/aldanba/aldanba/bot/statement"
	"github.com/aldanba/aldanba/locales"
)

// day is when the papers of the tests are made, in the time of Kazakhstan.
var day = time.Date(2026, time.November, 23, 16, 5, 0, 0, time.FixedZone("UTC+5", 5*60*60))

// russian is a loss of one's own with every question answered.
func russian() statement.Case {
	return statement.Case{
		Lang: locales.Russian,
		Made: day,
		Applicant: statement.Person{
			Name: "Примерова Анна Ивановна", IIN: "990101000004", Address: "г. Атырау, ул. Примерная, д. 1, кв. 2", Phone: "+7 700 000 00 01",
		},
		Police:  "г. Атырау",
		Banks:   []string{"Пример Банк", "Второй Банк"},
		When:    "22 ноября 2026 года, около 14:30",
		Contact: "позвонили с незнакомого номера, затем написали в WhatsApp",
		Posed:   "сотрудником службы безопасности банка",
		Wanted:  "перевести деньги на «безопасный счёт», чтобы спасти их",
		Story: "Мне позвонил мужчина и сказал, что на моё имя оформляют кредит.\n" +
			"Он просил не класть трубку и никому не рассказывать. По его указанию деньги были переведены на номер телефона, который он назвал.",
		Payments: []statement.Payment{
			{When: "22 ноября, 14:50", Amount: "250000", Currency: "KZT", Way: statement.ByPhone},
			{When: "22 ноября, 15:10", Amount: "1 200 000", Currency: "KZT", Way: statement.ByLoan},
		},
		Given: []statement.Given{statement.GivenLoan, statement.GivenCode},
		Marks: []statement.Mark{
			{Kind: statement.MarkPhone, Value: "+7 700 000 00 02", Payee: true},
			{Kind: statement.MarkName, Value: "Тест Т.", Payee: true},
			{Kind: statement.MarkCard, Value: "4242 4242 4242 4242", Payee: true},
			{Kind: statement.MarkIBAN, Value: "KZ18722C0000TEST0001", Payee: true},
			{Kind: statement.MarkPhone, Value: "+7 700 000 00 03"},
			{Kind: statement.MarkLink, Value: "https://bezopasny-schet.example/vhod?id=1"},
			{Kind: statement.MarkHandle, Value: "@test_security_example"},
		},
		Done: statement.Done{Bank: "22 ноября в 16:00, обращение № 12345", Police: "да", Other: "карта заблокирована в приложении"},
		Messages: []statement.Message{
			{
				Sent: day.Add(-26 * time.Hour), Received: day.Add(-time.Hour), Sender: "Служба Безопасности",
				Text: "Анна Ивановна, не кладите трубку. Вот счёт: https://bezopasny-schet.example/vhod?id=1",
			},
			{Received: day.Add(-50 * time.Minute), File: &statement.File{Name: "чек перевода.pdf", Ref: "receipt", Size: 4}},
			{Sent: day.Add(-25 * time.Hour), Received: day.Add(-49 * time.Minute), Sender: "Служба Безопасности", Text: "Фото удостоверения", File: &statement.File{Ref: "photo", MIME: "image/jpeg"}},
		},
	}
}

// kazakh is a loss of a mother, told by her child.
func kazakh() statement.Case {
	return statement.Case{
		Lang:      locales.Kazakh,
		Made:      day,
		Applicant: statement.Person{Name: "Үлгі Әсел Қанатқызы", IIN: "990101000004", Address: "Атырау қ., Үлгі к-сі, 1-үй", Phone: "+7 700 000 00 01"},
		Relative:  true,
		Kin:       "анам",
		Victim:    statement.Person{Name: "Үлгі Ғалия Өтегенқызы", Phone: "+7 700 000 00 04"},
		Police:    "Атырау қаласы",
		Banks:     []string{"Үлгі Банк"},
		When:      "2026 жылғы 22 қарашада, түстен кейін",
		Contact:   "WhatsApp арқылы қоңырау шалды",
		Posed:     "банк қауіпсіздік қызметінің қызметкері",
		Wanted:    "ақшаны «қауіпсіз шотқа» аудару керек деді",
		Story:     "Анама бейтаныс адам қоңырау шалып, атыңызға несие рәсімделіп жатыр деді. Тұтқаны қоймаңыз, ешкімге айтпаңыз деп қорқытты. Анам айтқан нөміріне ақша аударып жіберген.",
		Payments:  []statement.Payment{{When: "22 қараша, 14:50", Amount: "250000", Currency: "KZT", Way: statement.ByPhone}},
		Marks: []statement.Mark{
			{Kind: statement.MarkPhone, Value: "+7 700 000 00 02", Payee: true},
			{Kind: statement.MarkName, Value: "Тест Т.", Payee: true},
		},
		Done: statement.Done{Bank: "22 қарашада сағат 16:00-де"},
		Messages: []statement.Message{
			{Sent: day.Add(-26 * time.Hour), Received: day.Add(-time.Hour), Sender: "Қауіпсіздік қызметі", Text: "Тұтқаны қоймаңыз!"},
		},
	}
}

func papers(t testing.TB) *statement.Papers {
	t.Helper()
	return statement.New(tables(t))
}

func tables(t testing.TB) (*locales.Texts, *locales.Contacts) {
	t.Helper()
	texts, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	contacts, err := locales.LoadContacts("")
	if err != nil {
		t.Fatal(err)
	}
	return texts, contacts
}

// cases are what the papers are tested on: everything told, and nothing.
func cases() map[string]statement.Case {
	mine, theirs := russian(), kazakh()
	mine.Lang, theirs.Lang = locales.Kazakh, locales.Russian
	return map[string]statement.Case{
		"ru_mine": russian(), "kk_mine": mine, "ru_relative": theirs, "kk_relative": kazakh(),
		"ru_empty": {Lang: locales.Russian}, "kk_empty": {Lang: locales.Kazakh},
		"ru_relative_empty": {Lang: locales.Russian, Relative: true}, "kk_relative_empty": {Lang: locales.Kazakh, Relative: true},
		"ru_data":          {Lang: locales.Russian, Made: day, Given: []statement.Given{statement.GivenCode, statement.GivenApp, statement.GivenAccount}},
		"kk_relative_data": {Lang: locales.Kazakh, Made: day, Relative: true, Given: statement.AllGiven()},
		"ru_cash": {
			Lang: locales.Russian, Made: day, Story: "Деньги забрал курьер в чёрной куртке.",
			Payments: []statement.Payment{{Amount: "500000", Currency: "KZT", Way: statement.ByCash}},
		},
	}
}
