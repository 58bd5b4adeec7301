package detector_test

import (
	"slices"
	"testing"
)

// TestStepsFitTheMessage wants the step that answers what is asked for before
// the others of its kind, and no warning of a link where there is none.
func TestStepsFitTheMessage(t *testing.T) {
	d := newDetector(t)
	for text, want := range map[string]struct{ first, then, never string }{
		"Газовая инспекция. Счётчик просрочен, оплатите мастеру заранее 7 500, иначе отключим газ":  {"move_no_money", "tell_no_code", "open_no_link"},
		"Сәлеметсіз бе, курьермін, сәлемдемеңіз келді, түскен кодты айтыңыз":                        {"tell_no_code", "give_no_card_data", "open_no_link"},
		"Вам положена доплата к пенсии 48 000. Сообщите ИИН и номер карты для зачисления":           {"give_no_card_data", "tell_no_code", "open_no_link"},
		"Казпочта: посылка ждёт, оплатите доставку картой на сайте https://kazpost-track.top/pay/7": {"open_no_link", "", ""},
	} {
		v := d.Check(text)
		first, then := slices.Index(v.Advice, want.first), slices.Index(v.Advice, want.then)
		if first < 0 || then >= 0 && then < first {
			t.Errorf("%q (%s): %v, want %s before %s", text, v.Scheme, v.Advice, want.first, want.then)
		}
		if slices.Contains(v.Advice, want.never) {
			t.Errorf("%q (%s): %v holds %s", text, v.Scheme, v.Advice, want.never)
		}
	}
}

// TestWhatIsInTheMessageIsAnsweredFirst wants the step about a link or a file in
// front, whatever story is told around it, and no such step without one.
func TestWhatIsInTheMessageIsAnsweredFirst(t *testing.T) {
	d := newDetector(t)
	for text, want := range map[string]string{
		"ALTEL: ваша SIM будет отключена завтра, подтвердите лицо: altel-sim-kz.online":      "open_no_link",
		"Altel: нөміріңіз ертең бұғатталады, растау үшін кіріңіз: altel-rastau-kz.online":    "open_no_link",
		"Ваша SIM-карта отключится, модем устарел, поставьте программу Operator5G.apk":       "open_no_file",
		"Салығыңыз екі рет есептелген, төлемей қалмаңыз, тізімді тексеріңіз: salyq_2026.apk": "open_no_file",
	} {
		if v := d.Check(text); v.Level.Danger() == 0 || v.Advice[0] != want || len(v.Advice) > 5 {
			t.Errorf("%q (%s %s): %v, want %s first", text, v.Level, v.Scheme, v.Advice, want)
		}
	}
	if v := d.Check("Beeline: ваш номер отключат, назовите код из SMS, чтобы продлить договор"); slices.Contains(v.Advice, "open_no_link") || slices.Contains(v.Advice, "open_no_file") {
		t.Errorf("%v", v.Advice)
	}
}

// TestShownCards answers the number of a card that somebody sends, whoever asks
// for nothing; a demand for money stays one.
func TestShownCards(t *testing.T) {
	d := newDetector(t)
	for _, text := range []string{"4242 4242 4242 4242", "Вот номер моей карты 4242 4242 4242 4242, проверьте", "Картам 5555 5555 5555 4444, тексеріп беріңізші"} {
		if v := d.Check(text); v.Intent != "shows_card" || v.Level != "no_signs" || v.Advice[0] != "give_no_card_data" {
			t.Errorf("%q: %s, %s, %v", text, v.Intent, v.Level, v.Advice)
		}
	}
	for _, text := range []string{"Мам, телефон разбил, скинь 40 000 на карту 4242 4242 4242 4242", "Апа, мына картаға 40 мың салып жіберші: 4242 4242 4242 4242"} {
		if v := d.Check(text); v.Intent == "shows_card" || v.Level.Danger() == 0 {
			t.Errorf("%q: %s, %s", text, v.Intent, v.Level)
		}
	}
	if v := d.Check("Код: 771 204. Никому не сообщайте. eGov"); len(v.Advice) == 0 || v.Advice[0] != "tell_no_code" {
		t.Errorf("a code as it is sent: %v", v.Advice)
	}
}
