package entity

import (
	"strings"

	"github.com/aldanba/aldanba/detector/kazakh"
)

// cue is what a word says about the numbers around it.
type cue uint32

const (
	cueCode     cue = 1 << iota // a one-time code or a password
	cueCodeWeak                 // the same, only right beside the number
	cueNotCode                  // a code of another kind: of a city, of an error
	cueCVV
	cueBack // the back of a card
	cueExpiry
	cuePhone
	cueRemote // a program of remote access
	cueSpan   // a unit of time or measure behind a number
	cuePlace  // a word that a house number, an article of law, an order number follows
	cueCrowd  // people, views: what a round number may count
	cueYear
	cueTold // a number is said, sent or typed: perhaps a code
)

// stem is a beginning of words, or a whole word.
type stem struct {
	runes []rune
	whole bool
	cues  cue
}

// cueTable finds stems by their first two runes. A stem of one rune is a whole
// word.
type cueTable [1 << cueBits][]stem

const cueBits = 11

// of gives the stems that words with these runes at the beginning may have; 0
// stands for no second one.
func (t *cueTable) of(first, second rune) []stem { return t[cueBucket(first, second)] }

func (t *cueTable) add(s stem) {
	second := rune(0)
	if len(s.runes) > 1 {
		second = s.runes[1]
	}
	at := cueBucket(s.runes[0], second)
	t[at] = append(t[at], s)
}

func cueBucket(first, second rune) uint32 {
	return (uint32(first)*0x9E3779B1 ^ uint32(second)*0x85EBCA6B) >> (32 - cueBits)
}

// A "=" in front marks a whole word; everything else is a beginning. Kazakh
// letters are folded to their Russian neighbours before the comparison, so
// each word stands here in that form.
var cueWords = map[cue]string{
	cueCode: "код парол пассворд =пин пинкод =отп купиясоз купия растау одноразов " +
		"=code =codes =kod kody kodt kodi koda parol password passcode =pin pincode =otp qupia qupiya qupıa kupia kupiya qupyia rastau rastaw verif",
	cueCodeWeak: "=смс смск =sms подтвержд подтверд цифр комбинац авториз =санын =сандарды =сандар =санды confirm podtver",
	cueNotCode: "кодекс кодиров город регион почтов =индекс товар ошибк =кбе =кнп оквэд =вэд домофон штрих артикул промо " +
		"kodak region postal zip =qr кала облыс пошта",
	cueCVV:    "=cvv =cvc =cvs =свв =цвв =свс =цвс =cvv2 =cvc2 =сиви =сививи =цвц =цвк",
	cueBack:   "оборот обратн задней артындағы артында =арткы =арт артжа сырты",
	cueExpiry: "=срок действ =годен годна expir =exp =valid thru мерзім мерзими жарамды карты карта картан картам карточ card",
	cuePhone: "тел телефон номер звон позвон перезвон набер ватсап вацап вотсап whatsapp watsap =wa нөмір номир номер хабарлас конырау " +
		"шалын звян вайбер viber nomer tel phone call =whatsap ұялы моб contact контакт",
	cueRemote: "anydesk энидеск анидеск энидэск анидэск энидекс rustdesk растдеск растдэск рустдеск rustdeck teamviewer тимвьювер тимвивер " +
		"тимвьюер тимвювер enidesk anidesk hoptodesk ultraviewer аспия aspia ammyy аммии",
	cueSpan: "минут =мин сек час =ч сагат =дн =дня =дней день суток =кун =кунд =кунн =раз рет процент пайыз =км =м =кг =шт =г =гг год =ж жыл лет " +
		"=min =minut sekund saghat sagat =kun kunde =year =years =hours =minutes =seconds =цифр символ",
	cuePlace: "дом =д кв квартир =ул улиц =ст стать =бап =баб офис каб =пункт =п заказ рейс поезд аптека школ мектеп уй =номер номери " +
		"звон позвон набер тел нөмір номир =с =со =от конырау =стр =кв =корп =мкр =кабинет",
	cueCrowd: "человек =чел шаг кадам адам люд подписч жазыл просмотр участ километр =км =кг =м =шт штук =га литр тонн жител тургын " +
		"клиент голос раз рет лет жыл жил год студент оқушы бала семей кв",
	cueTold: "скаж назов назва сообщ продикт диктуй диктуе пришл прише придет введит введи ввел вбей отправ скинь скину айт айтып жибер жазып келд енгиз " +
		"skazh nazov soobsh prishl prishe vvedi aityp zhiber keldi",
	cueYear: "=г =гг =год =года =году =годы =годов =жыл =жылы =жылгы =ж =year",
}

func newCueTable() *cueTable {
	t := &cueTable{}
	for c, words := range cueWords {
		for _, w := range strings.Fields(words) {
			s := stem{cues: c}
			if w[0] == '=' {
				s.whole = true
				w = w[1:]
			}
			for _, r := range w {
				s.runes = append(s.runes, russianKey(r))
			}
			t.add(s)
		}
	}
	return t
}

// classify returns the cues of a lower-case word.
func (t *cueTable) classify(w []rune) cue {
	if len(w) > longestCue {
		w = w[:longestCue]
	}
	latin, cyrillic := false, false
	for _, r := range w {
		latin = latin || r >= 'a' && r <= 'z'
		cyrillic = cyrillic || r >= 0x400 && r < 0x530
	}
	second := rune(0)
	if len(w) > 1 {
		second = cueKey(w[1], latin, cyrillic)
	}
	var cues cue
next:
	for _, s := range t.of(cueKey(w[0], latin, cyrillic), second) {
		if len(w) < len(s.runes) || s.whole && len(w) != len(s.runes) {
			continue
		}
		for i, r := range s.runes {
			if cueKey(w[i], latin, cyrillic) != r {
				continue next
			}
		}
		cues |= s.cues
	}
	if cues&cueNotCode != 0 {
		cues &^= cueCode | cueCodeWeak
	}
	return cues
}

// longestCue is how many letters of a word are looked at.
const longestCue = 24

// cueKey folds a letter of a word with letters of these scripts to the form in
// which the stems are written.
func cueKey(r rune, latin, cyrillic bool) rune {
	r = russianKey(r)
	if cyrillic {
		r = toCyrillic(r, latin)
	}
	return r
}

// russianKey folds a Kazakh letter to the one a Russian keyboard offers for it.
func russianKey(r rune) rune {
	if r < 'i' || r >= 'а' && r <= 'я' {
		return r
	}
	if r == 'ı' {
		return 'i'
	}
	if typed := kazakh.OnRussianKeyboard(r); typed != 0 {
		return typed
	}
	return r
}

// toCyrillic undoes a disguise inside a Cyrillic word: Latin look-alikes where
// the word has any, and the digits 0 and 3.
func toCyrillic(r rune, latin bool) rune {
	switch r {
	case '0':
		return 'о'
	case '3':
		return 'з'
	}
	if !latin {
		return r
	}
	if uint32(r) < uint32(len(cyrillicTwins)) && cyrillicTwins[r] != 0 {
		return cyrillicTwins[r]
	}
	return r
}

// cyrillicTwins pairs Latin letters with the Cyrillic ones that they stand for.
var cyrillicTwins = func() (t [128]rune) {
	const from, to = "aceopxykmtbhudsinlvzgfr", "асеорхукмтвнидсинлвзгфр"
	i := 0
	for _, c := range to {
		t[from[i]] = c
		i++
	}
	return t
}()

// cuesBefore returns the cues of up to n words before group i.
func (v *view) cuesBefore(i, n int) cue {
	var c cue
	at := v.groups[i].start
	for k := v.groups[i].word - 1; k >= 0 && n > 0 && at-v.words[k].end <= reach; k-- {
		c |= v.cuesOf(k)
		n--
	}
	return c
}

// cuesBehind returns the cues of up to n words behind group j.
func (v *view) cuesBehind(j, n int) cue {
	var c cue
	at := v.groups[j].end
	for k := v.groups[j].word; k < len(v.words) && n > 0 && v.words[k].start-at <= reach; k++ {
		c |= v.cuesOf(k)
		n--
	}
	return c
}

// cuesWithin returns the cues of the words within so many runes before group i.
func (v *view) cuesWithin(i, runes int) cue {
	var c cue
	at := v.groups[i].start
	for k := v.groups[i].word - 1; k >= 0 && at-v.words[k].end <= runes; k-- {
		c |= v.cuesOf(k)
	}
	return c
}

func (v *view) cuesAround(i, j, before, behind int) cue {
	return v.cuesBefore(i, before) | v.cuesBehind(j, behind)
}
