package main

import (
	"testing"

	tgt "github.com/aldanba/aldanba/bot/telegram/telegramtest"
)

func TestGroupsBlocksAndFloods(t *testing.T) {
	t.Parallel()
	scenes(t, map[string]string{"ALDANBA_PERSON_RATE": "2"}, true, []scene{
		{"blocked_and_back", true, func(c *cast) {
			c.tells(1, codeRU, codeKK)
			c.person.Blocks()
			c.person.Unblocks()
			c.tells(2, moneyRU, moneyKK)
		}},
		{"flood", true, func(c *cast) {
			// Each is a case of its own: an edit never waits for others.
			m := c.person.Sends(c.or(codeRU, codeKK))
			c.hears(1)
			c.person.Edits(m, c.or(moneyRU, moneyKK))
			c.hears(2)
			c.person.Edits(m, c.or(harmRU, harmKK))
			if got := c.hears(1)[0].Text; got != c.phrase("too_many") {
				c.Errorf("too many messages were answered with %q", got)
			}
			for range 5 {
				c.person.Edits(m, c.or(harmRU, harmKK))
			}
			c.presses("choice_happened") // buttons still work, and nothing came in between
		}},
	})
}

// group plays a scene in a group, which the person has put the bot into.
func group(t *testing.T, name string, id int64, play func(c *cast, g *tgt.Group, member *tgt.User)) {
	for i, lang := range []string{"ru", "kk"} {
		t.Run(name+"_"+lang, func(t *testing.T) {
			t.Parallel()
			telegram := startTelegram(t, tgt.Options{ReadsGroups: true})
			bot := startBot(t, telegram, nil)
			person := telegram.User(int64(3000+i), lang).Named(map[string]string{"ru": "Асель", "kk": "Әсел"}[lang], "", "")
			g := telegram.Group(id, map[string]string{"ru": "Семья", "kk": "Отбасы"}[lang], person)
			c := &cast{T: t, telegram: telegram, bot: bot, person: person.In(g), lang: lang}
			play(c, g, c.person)
			c.ends(name, true)
		})
	}
}

func TestGroups(t *testing.T) {
	t.Parallel()
	group(t, "group", -100000000000777, func(c *cast, g *tgt.Group, member *tgt.User) {
		member.Sends(c.or(codeRU, codeKK)) // people talk to each other
		member.Sends("/check@other_bot")
		letter := member.Forwards(tgt.FromHidden("Банк"), tgt.Text(c.or(moneyRU, moneyKK)))[0]
		member.Sends("/check@test_bot", tgt.ReplyTo(letter, ""))
		sent := c.hears(1)[0]
		c.verdict(sent, red)
		if sent.ReplyTo == 0 {
			c.Error("in a group the answer does not show which message it is about")
		}
	})
	group(t, "group_called_by_name", -100000000000778, func(c *cast, g *tgt.Group, member *tgt.User) {
		member.Sends("@test_bot " + c.or(codeRU, codeKK))
		c.verdict(c.hears(1)[0], red)
		member.Sends("@test_bot")
		if got := c.hears(1)[0].Text; got != c.phrase("help") {
			c.Errorf("who calls the bot and says no more hears %q", got)
		}
	})
	group(t, "group_becomes_supergroup", -3001, func(c *cast, g *tgt.Group, member *tgt.User) {
		member.Sends("/help@test_bot")
		c.hears(1)
		next := g.Migrates(-1000000003001)
		c.person, c.heard = member.In(next), 0
		c.person.Sends("/check@test_bot " + c.or(codeRU, codeKK))
		c.verdict(c.hears(1)[0], red)
	})
}
