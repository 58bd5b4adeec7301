package judge_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/aldanba/aldanba/detector"
	"github.com/aldanba/aldanba/detector/judge"
	"github.com/aldanba/aldanba/detector/judge/judgetest"
)

const (
	courier = "Добрый день! Ваша посылка задержана на складе в Алматы, адрес доставки указан неверно, исправьте его на post-kz.example.com/id до вечера"
	tenant  = "Квартира ещё свободна, хозяйка уехала к дочери в Актау. Чтобы придержать до субботы, люди переводят бронь на карту 4242 4242 4242 4242, потом вычтем"
	flatKK  = "Пәтер әлі бос, үй иесі Ақтауға кетіп қалды. Сенбіге дейін ұстап тұру үшін бронды +7 700 000 00 14 нөміріне түсіріп жатыр, кейін шегереміз"
	caller  = "Вам перезвонят из центра безопасности, внимательно слушайте специалиста и отвечайте коротко, иначе заявка уйдёт в исполнение сегодня"
)

// inquiryOf gives what the judge is asked about a message, whatever the local
// verdict on it is.
func inquiryOf(t testing.TB, message string, level detector.Level) detector.Inquiry {
	d := newDetector(t)
	v := d.Check(message)
	v.Level = level
	return d.Inquiry(v, "ru", "p1")
}

// obeyed is the opinion of a judge that was told what to say, and noticed.
func obeyed() judgetest.Opinion {
	o := judgetest.Fraud("fake_bank_security")
	o.Manipulates = true
	return o
}

func TestAnOpinionServesNearDuplicates(t *testing.T) {
	const doubt, none, scam = detector.Suspicious, detector.NoSigns, detector.Scam
	replace := strings.NewReplacer
	for name, c := range map[string]struct {
		message, copy string
		opinion       judgetest.Opinion
		local         detector.Level
		reused        bool
	}{
		"greeting":            {courier, "Здравствуйте. " + courier, judgetest.Fraud("fake_delivery"), doubt, true},
		"another word":        {courier, replace("складе", "терминале").Replace(courier), judgetest.Fraud("fake_delivery"), doubt, true},
		"another town":        {tenant, replace("Актау", "Тараз").Replace(tenant), judgetest.Fraud("rental_prepayment"), none, true},
		"disguise":            {caller, replace("центра", "цeнтрa").Replace(caller), judgetest.Fraud("fake_bank_security"), doubt, true},
		"kazakh":              {flatKK, replace("Ақтауға", "Семейге").Replace(flatKK), judgetest.Fraud("rental_prepayment"), doubt, true},
		"kazakh, ru keyboard": {flatKK, replace("қ", "к", "ғ", "г", "ү", "у", "ұ", "у", "ң", "н", "ө", "о", "і", "и", "ә", "а").Replace(flatKK), judgetest.Fraud("rental_prepayment"), doubt, true},
		"doubt confirmed":     {caller, "Ало. " + caller, judgetest.Opinion{Verdict: "suspicious", Probability: 0.6}, doubt, true},
		"a scam stays one":    {caller, "Ало. " + caller, judgetest.Fraud("fake_bank_security"), scam, true},

		"another link":         {courier, replace("post-kz.example.com/id", "post-kz.example.net/id").Replace(courier), judgetest.Fraud("fake_delivery"), doubt, false},
		"another page":         {courier, replace("/id", "/pay").Replace(courier), judgetest.Fraud("fake_delivery"), doubt, false},
		"one more link":        {courier, courier + " или help.example.org", judgetest.Fraud("fake_delivery"), doubt, false},
		"no link":              {courier, replace("на post-kz.example.com/id ", "").Replace(courier), judgetest.Fraud("fake_delivery"), doubt, false},
		"another card":         {tenant, "Ало. " + replace("4242 4242 4242 4242", "5555 5555 5555 4444").Replace(tenant), judgetest.Fraud("rental_prepayment"), doubt, false},
		"another IBAN":         {replace("карту 4242 4242 4242 4242", "счёт KZ86125KZT5004100100").Replace(tenant), "Ало. " + replace("карту 4242 4242 4242 4242", "счёт KZ21125KZT1001300335").Replace(tenant), judgetest.Fraud("rental_prepayment"), doubt, false},
		"another telephone":    {flatKK, "Алло. " + replace("00 14", "00 15").Replace(flatKK), judgetest.Fraud("rental_prepayment"), doubt, false},
		"another handle":       {caller + " @help_bank_desk", caller + " @help_bank_desk2", judgetest.Fraud("fake_bank_security"), doubt, false},
		"another account":      {caller + " счёт 7412589630", "Ало. " + caller + " счёт 7412589631", judgetest.Fraud("fake_bank_security"), doubt, false},
		"another demand":       {courier, courier + ". Назовите код из SMS", judgetest.Fraud("fake_delivery"), doubt, false},
		"negation":             {caller, replace("отвечайте", "не отвечайте").Replace(caller), judgetest.Fraud("fake_bank_security"), doubt, false},
		"negation moved":       {replace("слушайте", "не слушайте").Replace(caller), replace("отвечайте", "не отвечайте").Replace(caller), judgetest.Fraud("fake_bank_security"), doubt, false},
		"kazakh negation":      {flatKK, replace("түсіріп жатыр", "түсірмеңіз").Replace(flatKK), judgetest.Fraud("rental_prepayment"), doubt, false},
		"a warning":            {caller, caller + ". Так говорят мошенники, банк предупреждает: никому не верьте", judgetest.Fraud("fake_bank_security"), doubt, false},
		"it has happened":      {courier, courier + ". Я перевела им деньги", judgetest.Fraud("fake_delivery"), doubt, false},
		"another story":        {courier, "Добрый день! Это классный руководитель, завтра родительское собрание в шесть, расписание кружков на post-kz.example.com/id", judgetest.Fraud("fake_delivery"), doubt, false},
		"orders to the judge":  {caller, "Ало. " + caller, obeyed(), doubt, false},
		"harmless":             {caller, "Ало. " + caller, judgetest.Harmless(), none, false},
		"harmless, doubt here": {caller, "Ало. " + caller, judgetest.Harmless(), doubt, false},
		"doubt, a scam here":   {caller, "Ало. " + caller, judgetest.Opinion{Verdict: "suspicious", Probability: 0.6}, scam, false},
		"too short":            {"Перезвоните мне вечером насчёт посылки", "Ало, перезвоните мне вечером насчёт посылки", judgetest.Fraud("fake_delivery"), doubt, false},
	} {
		t.Run(name, func(t *testing.T) {
			s := judgetest.Start(t, always(c.opinion.Reply()))
			w := &watcher{}
			j := newJudge(t, s, func(cfg *judge.Config) { cfg.Cache, cfg.Observer = newShelf(), w })
			first, err := j.Judge(t.Context(), inquiryOf(t, c.message, c.local))
			if err != nil {
				t.Fatal(err)
			}
			got, err := j.Judge(t.Context(), inquiryOf(t, c.copy, c.local))
			if err != nil {
				t.Fatal(err)
			}
			if got.Alike != c.reused || len(s.Requests()) == 1 != c.reused {
				t.Fatalf("%d requests, %+v", len(s.Requests()), got)
			}
			if !c.reused {
				return
			}
			if w.results()[1] != judge.Alike || got.Level != first.Level || got.Score != first.Score || !slices.Equal(got.Schemes, first.Schemes) {
				t.Errorf("%v: first %+v, then %+v", w.results(), first, got)
			}
			if len(got.Quotes) > 0 || got.Explanation != "" || got.Question != "" {
				t.Errorf("words of another message: %+v", got)
			}
		})
	}
}

// What is said of a copy is no opinion on it: it is not handed on to copies of
// the copy.
func TestLikenessDoesNotDrift(t *testing.T) {
	s := judgetest.Start(t, always(judgetest.Fraud("fake_bank_security").Reply()))
	j := newJudge(t, s, func(cfg *judge.Config) { cfg.Cache = newShelf() })
	words := strings.Fields(caller)
	for i := range words {
		words[i] = []string{"ромашка", "облако", "дорога", "кирпич"}[i%4]
		if _, err := j.Judge(t.Context(), inquiryOf(t, strings.Join(words, " "), detector.Suspicious)); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(s.Requests()); n < 3 {
		t.Errorf("a text that became another word by word was asked about %d times", n)
	}
}

// A key that others do not know makes likeness of no use to them: prints of
// another key find nothing.
func TestLikenessWantsTheKey(t *testing.T) {
	s := judgetest.Start(t, always(judgetest.Fraud("fake_bank_security").Reply()))
	cache := newShelf()
	for i, key := range []string{"one", "two", "two"} {
		j := newJudge(t, s, func(cfg *judge.Config) { cfg.Cache, cfg.Key = cache, []byte(key) })
		if _, err := j.Judge(t.Context(), inquiryOf(t, strings.Repeat("Ало. ", i)+caller, detector.Suspicious)); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(s.Requests()); n != 2 {
		t.Errorf("asked %d times", n)
	}
}
