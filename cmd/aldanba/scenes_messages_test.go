package main

import (
	"slices"
	"strings"
	"testing"

	tgt "github.com/aldanba/aldanba/bot/telegram/telegramtest"
)

// The texts that are sent again and again.
const (
	codeRU   = "Ваш счёт заблокирован. Назовите код из SMS, чтобы отменить перевод."
	codeKK   = "Шотыңыз бұғатталды, SMS-пен келген кодты айтыңыз"
	moneyRU  = "Это служба безопасности банка. Срочно переведите деньги на безопасный счёт."
	moneyKK  = "Бұл банктің қауіпсіздік қызметі. Ақшаңызды шұғыл түрде қауіпсіз шотқа аударыңыз."
	harmRU   = "Мама, купи хлеб и молоко, я буду к семи."
	harmKK   = "Ертең түскі асқа күтеміз."
	evilLink = "https://egov-kz.vyplata.example/login"
)

func TestMessagesOfEveryKind(t *testing.T) {
	t.Parallel()
	scenes(t, nil, true, slices.Concat(textScenes(), forwardScenes(), kindScenes()))
}

func textScenes() []scene {
	return []scene{
		{"text", true, func(c *cast) {
			c.verdict(c.tells(1, codeRU, codeKK)[0], red)
		}},
		{"text_without_signs", false, func(c *cast) {
			c.verdict(c.tells(2, harmRU, harmKK)[0], white)
		}},
		{"hidden_link", true, func(c *cast) {
			m := c.posts(1, tgt.HTML(c.or(
				`Вам положена выплата. Войдите в <a href="`+evilLink+`">egov.kz</a>, чтобы её получить.`,
				`Сізге төлем тағайындалды. Алу үшін <a href="`+evilLink+`">egov.kz</a> сайтына кіріңіз.`)), tgt.Forwarded(tgt.FromHidden("Gov")))[0]
			if slices.Contains(m.Links(), evilLink) {
				c.Errorf("the link of a swindler can be tapped: %q", m.Links())
			}
		}},
		{"quote_and_reply", false, func(c *cast) {
			letter := c.person.Sends(c.or(harmRU+"\n"+codeRU, harmKK+"\n"+codeKK))
			c.hears(1)
			c.person.Sends(c.or("Это правда?", "Бұл рас па?"), tgt.ReplyTo(letter, c.or(codeRU, codeKK)))
			c.verdict(c.hears(2)[0], red)
		}},
		{"reply_from_another_chat", false, func(c *cast) {
			c.posts(1, tgt.Text(c.or("Что это?", "Бұл не?")), tgt.WithFields(
				`"external_reply":{"origin":{"type":"hidden_user","sender_user_name":"X","date":1700000000},"message_id":5},"quote":{"text":"`+
					c.or(codeRU, codeKK)+`","position":0}`))
		}},
		{"inline_keyboard", true, func(c *cast) {
			c.posts(1, tgt.Text(c.or("Вам одобрена выплата 250 000 тенге.", "Сізге 250 000 теңге төлем мақұлданды.")),
				tgt.Forwarded(tgt.FromBot(901, "Gov", "gov_pay_bot")),
				tgt.WithButtons([]tgt.Button{{Label: c.or("Получить", "Алу"), URL: evilLink}}))
		}},
		{"edited", true, func(c *cast) {
			m := c.person.Sends(c.or(harmRU, harmKK))
			c.verdict(c.hears(2)[0], white)
			c.person.Edits(m, c.or(codeRU, codeKK))
			c.verdict(c.hears(1)[0], red)
		}},
		{"edited_without_change", false, func(c *cast) {
			m := c.person.Sends(c.or(codeRU, codeKK))
			c.hears(1)
			c.person.Edits(m, c.or(codeRU, codeKK)) // as when Telegram adds what a bot does not see
		}},
		{"very_long_text", false, func(c *cast) {
			c.tells(1, codeRU+strings.Repeat(" Погода хорошая, дети здоровы.", 8), codeKK+strings.Repeat(" Ауа райы жақсы, балалар аман.", 8))
		}},
		{"small_talk", false, func(c *cast) {
			c.tells(1, "Здравствуйте", "Сәлеметсіз бе")
			c.tells(1, "Спасибо", "Рақмет")
			c.tells(1, "кто вы?", "сіз кімсіз?")
			c.tells(1, "до свидания", "сау болыңыз")
		}},
		{"already_happened_in_words", true, func(c *cast) {
			c.tells(1, "Я назвала им код из СМС, что делать?", "Мен оларға СМС кодты айтып қойдым, не істеймін?")
		}},
		{"danger_to_life", true, func(c *cast) {
			c.tells(1, "Я всё потеряла, не хочу больше жить", "Бәрінен айырылдым, өмір сүргім келмейді")
		}},
	}
}

func forwardScenes() []scene {
	forward := func(name string, from tgt.Origin) scene {
		return scene{name, name == "forwarded_from_channel", func(c *cast) {
			c.person.Forwards(from, tgt.Text(c.or(moneyRU, moneyKK)))
			c.verdict(c.hears(1)[0], red)
		}}
	}
	return []scene{
		forward("forwarded_from_user", tgt.FromUser(902, "Ержан", "", "yerzhan_bank")),
		forward("forwarded_from_hidden_user", tgt.FromHidden("Служба банка")),
		forward("forwarded_from_chat", tgt.FromChat(-1000000000903, "Соседи", "")),
		forward("forwarded_from_channel", tgt.FromChannel(-1000000000904, "Выплаты", "vyplaty_kz", 5, "")),
	}
}

// What comes together is one case, also where the machine takes its time
// between one message and the next.
func TestWhatComesTogetherIsOneCase(t *testing.T) {
	t.Parallel()
	scenes(t, map[string]string{"ALDANBA_CASE_WAIT": "5s"}, true, togetherScenes())
}

func togetherScenes() []scene {
	return []scene{
		{"forwarded_together", true, func(c *cast) {
			sent := c.person.Forwards(tgt.FromHidden("Банк"), tgt.Text(c.or(harmRU, harmKK)), tgt.Text(c.or(codeRU, codeKK)), tgt.Text(c.or("До встречи!", "Кездескенше!")))
			m := c.hears(1)[0]
			c.verdict(m, red)
			if m.ReplyTo != sent[1].ID {
				c.Errorf("the answer quotes message %d, the problem is %d", m.ReplyTo, sent[1].ID)
			}
		}},
		{"question_then_forward", false, func(c *cast) {
			c.person.Sends(c.or("Это правда? Мне прислали", "Бұл рас па? Маған жіберді"))
			c.person.Forwards(tgt.FromHidden("Банк"), tgt.Text(c.or(codeRU, codeKK)))
			c.verdict(c.hears(1)[0], red)
		}},
		{"album_with_captions", true, func(c *cast) {
			sparePictures(c.T)
			sent := c.person.SendsAlbum([]tgt.Content{
				tgt.Photo(c.file("no_words.png")).Captioned(c.or(harmRU, harmKK)), tgt.Photo(c.file("no_words.png")).Captioned(c.or(codeRU, codeKK)),
			}, tgt.Forwarded(tgt.FromHidden("Банк")))
			m := c.hears(1)[0]
			c.verdict(m, c.phrase("still_reading")[:len("⏳")])
			c.sees(m)
			if m.ReplyTo != sent[1].ID {
				c.Errorf("the answer quotes message %d, the problem is %d", m.ReplyTo, sent[1].ID)
			}
			c.hears(1)
		}},
	}
}

// kindScenes are messages of which a bot sees little.
func kindScenes() []scene {
	card := "BEGIN:VCARD\nVERSION:3.0\nFN:Служба безопасности\nORG:Банк\nTEL:+77000000011\nURL:https://bank-help.example\nEND:VCARD"
	return []scene{
		{"contact", true, func(c *cast) {
			c.posts(1, tgt.Contact("+77000000011", c.or("Служба", "Қауіпсіздік"), c.or("безопасности", "қызметі"), card))
		}},
		{"sticker", true, func(c *cast) { c.posts(1, tgt.Sticker("😀")) }},
		{"poll", false, func(c *cast) {
			c.posts(1, tgt.Poll(
				c.or("Вам положена выплата 250 000 тенге. Оплатите пошлину 5 000 тенге на карту 4242 4242 4242 4242?", "Сізге 250 000 теңге өтемақы бөлінді. Алу үшін 5 000 теңге бажды 4242 4242 4242 4242 картасына аударасыз ба?"),
				c.or("Да, переведу деньги за оформление", "Иә, рәсімдеуге ақша аударамын"), c.or("Нет", "Жоқ"),
			), tgt.Forwarded(tgt.FromHidden("X")))
		}},
		{"location", false, func(c *cast) { c.posts(1, tgt.Location(43.238, 76.945)) }},
		{"venue", false, func(c *cast) {
			c.posts(3, tgt.Venue(c.or("Отделение банка", "Банк бөлімшесі"), c.or("Алматы, улица 1", "Алматы, 1-көше"), 43.238, 76.945))
		}},
		{"story", true, func(c *cast) { c.posts(1, tgt.Story(-1000000000905, "Выплаты", 3)) }},
		{"link_preview", false, func(c *cast) { c.posts(2, tgt.Text(evilLink), tgt.WithPreview(evilLink)) }},
		{"file_too_big", true, func(c *cast) {
			c.posts(2, tgt.BigDocument("Kaspi_zashita.apk", "application/vnd.android.package-archive", 50<<20).Captioned(c.or("Установите нашу защиту", "Қорғаныс қосымшамызды орнатыңыз")), tgt.Forwarded(tgt.FromHidden("Банк")))
		}},
		{"file_too_big_by_type", false, func(c *cast) {
			// It is called a picture and is a program.
			sent := c.posts(2, tgt.BigDocument("foto.jpg", "application/vnd.android.package-archive", 50<<20), tgt.Forwarded(tgt.FromHidden("Банк")))
			c.verdict(sent[0], red)
		}},
		{"animation", false, func(c *cast) {
			c.posts(1, tgt.Raw(`"animation":{"file_id":"a1","file_unique_id":"u1","width":320,"height":240,"duration":3,"mime_type":"video/mp4"},"document":{"file_id":"a1","file_unique_id":"u1","mime_type":"video/mp4"}`), tgt.Forwarded(tgt.FromHidden("X")))
		}},
		{"unknown_kind", true, func(c *cast) {
			c.posts(1, tgt.Raw(`"hologram":{"file_id":"h1","depth":3}`))
		}},
		{"dice", false, func(c *cast) { c.posts(1, tgt.Raw(`"dice":{"emoji":"🎲","value":3}`)) }},
	}
}
