package hear_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aldanba/aldanba/bot/hear"
)

func TestWhatIsSaidIsHeard(t *testing.T) {
	ear, err := hear.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		said            string
		asked, disputed bool
	}{
		{"это моя дочь", false, true},
		{"Это моя дочь пишет, я её знаю", false, true},
		{"это правда мой банк", false, true},
		{"Нет, это настоящий банк, я уверена", false, true},
		{"вы ошиблись", false, true},
		{"Вы не правы, это мой племянник", false, true},
		{"бот ошибается? нет, это ошибка, там мой сын", true, true},
		{"я проверила, это не мошенники", false, true},
		{"Скажите, что это безопасно", false, true},
		{"напиши что это не обман", false, true},
		{"отмените предупреждение", false, true},
		{"я знаю этого человека", false, true},
		{"я узнала его голос, это внук", false, true},
		{"қателестіңіз, бұл менің қызым", false, true},
		{"Бұл шынымен менің банкім", false, true},
		{"бул менин улым", false, true},
		{"Ол алаяқ емес", false, true},
		{"Мен оны танимын, ол менің құрбым", false, true},
		{"сіз қателесесіз", false, true},
		{"siz qatelesesiz, bul menin qyzym", false, true},
		{"тексердім, бұл шын банк", false, true},
		{"Қауіпсіз деп жазыңыз", false, true},
		{"өзгертіңіз жауабыңызды", false, false},

		{"что такое безопасный счёт", true, false},
		{"как проверить номер", true, false},
		{"қауіпсіз шот деген не", true, false},
		{"банк ақшаны қайтара ма", true, false},
		{"Здравствуйте", false, false},
		{"спасибо вам большое", false, false},
		{"рақмет сізге", false, false},
		{"Код никому не говорите", false, false},
		{"Ваша карта заблокирована, звоните", false, false},
		{"", false, false},
	} {
		meanings, _ := ear.Hear(tt.said)
		if got := slices.Contains(meanings, hear.Asking); got != tt.asked && tt.asked {
			t.Errorf("%q: a question %v", tt.said, got)
		}
		if got := slices.Contains(meanings, hear.Disputed); got != tt.disputed {
			t.Errorf("%q: contested %v", tt.said, got)
		}
	}
}

func TestWhoWondersIsHeard(t *testing.T) {
	ear, err := hear.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	for said, want := range map[string][2]bool{ // wonders, opens
		"если я назову дату рождения": {true, false}, "чем грозит если дать карту": {true, true}, "как узнать есть ли кредит": {true, true},
		"кодты айтсам не болады": {true, false}, "қалай білемін алаяқ екенін": {true, true}, "почему они звонят": {false, true}, "неге звондайды": {false, true},
		"я назвала код": {false, false}, "скажите почему": {false, false}, "кодты айтып қойдым": {false, false}, "": {false, false},
	} {
		meanings, _ := ear.Hear(said)
		if got := [2]bool{slices.Contains(meanings, hear.Wonders), slices.Contains(meanings, hear.Opens)}; got != want {
			t.Errorf("%q: heard %v", said, got)
		}
	}
}

func TestRemarksAreHeard(t *testing.T) {
	ear, err := hear.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	remarks := []hear.Meaning{hear.Happened, hear.Nothing, hear.Calls, hear.Doubts, hear.WhatNow, hear.ToRussian, hear.ToKazakh}
	for said, want := range map[string]hear.Meaning{
		"я уже отправила": hear.Happened, "уже сказала": hear.Happened, "айтып қойдым": hear.Happened, "жіберіп қойдым": hear.Happened, "айтып койдым": hear.Happened,
		"я не отправляла": hear.Nothing, "нет, код не называла": hear.Nothing, "жоқ, ақша жіберген жоқпын": hear.Nothing, "айтпадым": hear.Nothing,
		"они опять звонят": hear.Calls, "тағы звондап тұр": hear.Calls, "олар тагы звондап тур": hear.Calls, "қайта қоңырау шалып жатыр": hear.Calls,
		"что делать": hear.WhatNow, "и что мне теперь делать": "", "как быть": hear.WhatNow, "что теперь делать": hear.WhatNow, "енді не істеймін": hear.WhatNow, "не істеуім керек": hear.WhatNow, "бұл не": hear.WhatNow, "что это": hear.WhatNow,
		"это точно обман": hear.Doubts, "бұл алаяқ па": hear.Doubts, "это правда обман?": hear.Doubts,
		"на русском": hear.ToRussian, "по-русски пожалуйста": hear.ToRussian, "я не понимаю по казахски": hear.ToRussian, "орысша": hear.ToRussian,
		"қазақша айтыңызшы": hear.ToKazakh, "қазақша": hear.ToKazakh, "казакша": hear.ToKazakh,
		"здравствуйте": "", "мама пришла": "", "рақмет": "", "он сказал что придёт": "", "не делать этого": "", "звонит из банка девушка и просит код": "",
	} {
		var got hear.Meaning
		meanings, _ := ear.Hear(said)
		for _, m := range remarks {
			if slices.Contains(meanings, m) {
				got += m
			}
		}
		if got != want {
			t.Errorf("%q: heard %q, want %q", said, got, want)
		}
	}
}

func TestDangerIsHeard(t *testing.T) {
	ear, err := hear.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	for said, danger := range map[string]bool{
		"лучше бы я умерла": true, "хочу умереть": true, "устала жить": true, "жизнь кончена": true, "муж меня бьёт": true, "сын избивает меня": true,
		"ломятся в дверь": true, "күйеуім ұрып жатыр": true, "есігімді бұзып жатыр": true, "өлгенім жақсы": true, "өмірден шаршадым": true, "өмірім бітті": true,
		"они стоят под дверью с ножом": true, "мне угрожают пистолетом": true, "муж ходит по дому с ножом": true, "нож приставили к горлу": true,
		"пышақ тіреп тұр": true, "избили и отобрали телефон": true, "пожар в квартире": true, "газом пахнет": true, "үй жанып жатыр": true,
		"внук проглотил батарейку": true, "балам батарейка жұтып қойды": true,
		"купил нож и топор в магазине": false, "меня ограбили мошенники, перевела деньги": false, "горит лампочка": false, "оплатите газ за ноябрь": false,
		"пышақ сатып алдым": false, "проглотил обиду": false, "дома всё хорошо": false,
		"бабушка умерла в мае": false, "чуть не умер со смеху": false, "он бьёт по мячу": false, "закройте дверь": false, "как жить на пенсию": false,
		"дверь сломали": false, "балам доп ойнап жүр": false, "есікті жауып қойдым": false, "өмір жақсы": false, "жизнь хороша": false,
	} {
		if meanings, _ := ear.Hear(said); slices.Contains(meanings, hear.Danger) != danger {
			t.Errorf("%q: danger is heard %v", said, !danger)
		}
	}
}

// TestMessagesToCheckSpeakOfNoDanger: what swindlers and others write is not
// taken for the person's own trouble.
func TestMessagesToCheckSpeakOfNoDanger(t *testing.T) {
	ear, err := hear.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("../../testdata/corpus/*.jsonl")
	if err != nil || len(files) == 0 {
		t.Fatalf("no corpus: %v", err)
	}
	heard, all := 0, 0
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(data)) {
			var message struct{ Text string }
			if err := json.Unmarshal([]byte(line), &message); err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			all++
			if meanings, _ := ear.Hear(message.Text); slices.Contains(meanings, hear.Danger) {
				heard++
			}
		}
	}
	if t.Logf("danger is heard in %d of %d messages", heard, all); all < 5000 || heard*1000 > all {
		t.Errorf("danger is heard in %d of %d messages", heard, all)
	}
}

func FuzzHear(f *testing.F) {
	ear, err := hear.New(nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Add("вы ошиблись, это моя дочь")
	f.Add("\xff қателестіңіз \x00?")
	f.Fuzz(func(t *testing.T, said string) {
		meanings, words := ear.Hear(said)
		if words > len(said) || len(meanings) > 5 {
			t.Errorf("%q: %v, %d words", said, meanings, words)
		}
	})
}

func BenchmarkHear(b *testing.B) {
	ear, err := hear.New(nil)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		ear.Hear("нет, вы ошиблись, это правда моя дочь пишет с нового номера")
	}
}
