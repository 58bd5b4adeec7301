package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/aldanba/aldanba/bot/firstaid"
	tgt "github.com/aldanba/aldanba/bot/telegram/telegramtest"
)

func TestCommandsAndButtons(t *testing.T) {
	t.Parallel()
	trees, err := firstaid.Load()
	if err != nil {
		t.Fatal(err)
	}
	scenes(t, nil, true, slices.Concat(commandScenes(), stepScenes(trees.All()), consentScenes(), pressScenes()))
}

func commandScenes() []scene {
	var all []scene
	for _, name := range []string{"start", "check", "help", "language", "happened", "privacy", "mydata", "forget", "about"} {
		all = append(all, scene{"command_" + name, name == "start" || name == "privacy", func(c *cast) { c.tells(1, "/"+name, "/"+name) }})
	}
	return append(all,
		scene{"command_with_name", false, func(c *cast) { c.tells(1, "/help@test_bot", "/help@test_bot") }},
		scene{"command_in_capitals", false, func(c *cast) { c.tells(1, "/HELP", "/HELP") }},
		scene{"command_unknown", false, func(c *cast) { c.tells(1, "/frobnicate", "/frobnicate") }},
		scene{"command_check_with_text", false, func(c *cast) { c.verdict(c.tells(1, "/check "+codeRU, "/check "+codeKK)[0], red) }},
		scene{"start_by_a_link", false, func(c *cast) { c.tells(1, "/start pay_me_now", "/start pay_me_now") }},
		scene{"start_again", false, func(c *cast) {
			c.tells(1, moneyRU, moneyKK)
			c.tells(2, codeRU, codeKK)
			c.presses("choice_yes")
			c.presses("choice_happened")
			c.presses("aid.tree_money")
			c.presses("aid.way_money_phone")
			c.presses("aid.choice_done")
			c.tells(1, "/start", "/start")
			c.presses("aid.choice_continue")
		}},
		scene{"whatsapp_help", false, func(c *cast) {
			c.tells(1, "/help", "/help")
			if picture := c.presses("choice_whatsapp"); picture.File == nil {
				c.Errorf("the way from WhatsApp is told without a picture: %s", picture.Text)
			}
			c.hears(2) // the second picture and the words
		}},
	)
}

// stepScenes are the ways from what has happened to the steps.
func stepScenes(trees []firstaid.Tree) []scene {
	var all []scene
	for _, tree := range trees {
		all = append(all, scene{"steps_" + tree.ID, tree.ID == "money", func(c *cast) {
			c.tells(1, "/happened", "/happened")
			c.presses("aid.tree_" + tree.ID)
			c.presses("aid.choice_relative")
			if len(tree.Ways) > 1 {
				c.presses("aid.way_" + tree.ID + "_" + tree.Ways[len(tree.Ways)-1].ID)
			}
			c.presses("aid.choice_cannot")
			press, err := c.person.Presses(c.phrase("aid.choice_done"))
			if err != nil {
				c.Fatal(err)
			}
			c.acknowledged(press)
			c.hears(1)
		}})
	}
	all = append(all, scene{"steps_nothing_yet", false, func(c *cast) {
		c.tells(1, "/happened", "/happened")
		c.presses("stage_nothing_yet")
	}}, scene{"reminders", true, func(c *cast) {
		c.asksForReminders()
		c.tells(1, "/mydata", "/mydata")
		c.tells(1, "/privacy", "/privacy")
		c.presses("aid.choice_remind_stop")
	}})
	return append(all,
		scene{"from_verdict_to_steps", true, func(c *cast) {
			c.tells(1, codeRU, codeKK)
			c.presses("choice_happened")
			c.presses("aid.tree_code")
			c.presses("aid.way_code_bank")
		}},
		scene{"nothing_yet", false, func(c *cast) {
			c.tells(1, codeRU, codeKK)
			c.presses("stage_nothing_yet")
		}},
		scene{"how_they_cheat", false, func(c *cast) {
			c.tells(1, moneyRU, moneyKK)
			c.presses("choice_about")
		}},
		scene{"language_switched", true, func(c *cast) {
			c.tells(1, "/language", "/language")
			c.presses(c.or("language_kk", "language_ru"))
			// It stays as chosen, whatever language a message is in.
			m := c.tells(1, codeRU, codeKK)[0]
			if want := phrase(c, map[string]string{"ru": "kk", "kk": "ru"}[c.lang], "ask_stage"); !strings.Contains(m.Text, want) {
				c.Errorf("the answer is not in the chosen language: %s", m.Text)
			}
		}},
	)
}

func consentScenes() []scene {
	return []scene{
		{"consent_yes", true, func(c *cast) {
			c.tells(1, moneyRU, moneyKK)
			c.tells(2, codeRU, codeKK)
			c.presses("choice_yes")
			c.tells(1, codeRU, codeKK)
			mydata := c.tells(1, "/mydata", "/mydata")[0]
			if !strings.Contains(mydata.Text, c.phrase("level_scam")) {
				c.Errorf("the verdict is not remembered: %s", mydata.Text)
			}
		}},
		{"consent_no", false, func(c *cast) {
			c.tells(1, moneyRU, moneyKK)
			c.tells(2, codeRU, codeKK)
			c.presses("choice_no")
			c.tells(1, codeRU, codeKK)
			c.tells(1, "/mydata", "/mydata")
		}},
		{"consent_taken_back", false, func(c *cast) {
			c.tells(1, moneyRU, moneyKK)
			c.tells(2, codeRU, codeKK)
			c.presses("choice_yes")
			c.tells(1, codeRU, codeKK)
			c.tells(1, "/privacy", "/privacy")
			c.presses("choice_remember_no")
			if m := c.tells(1, "/mydata", "/mydata")[0]; strings.Contains(m.Text, c.phrase("level_scam")) {
				c.Errorf("a verdict is still remembered: %s", m.Text)
			}
		}},
		{"warnings_and_region", false, func(c *cast) {
			c.tells(1, moneyRU, moneyKK)
			c.tells(2, codeRU, codeKK)
			c.presses("choice_yes")
			c.tells(1, moneyRU, moneyKK)
			c.tells(1, codeRU, codeKK)
			c.tells(2, harmRU, harmKK)
			c.presses("choice_yes")
			c.presses("region_shymkent")
			c.tells(1, harmRU, harmKK)
		}},
		{"forgotten", true, func(c *cast) {
			c.tells(1, moneyRU, moneyKK)
			c.tells(2, codeRU, codeKK)
			c.presses("choice_yes")
			c.tells(1, codeRU, codeKK)
			c.tells(1, "/forget", "/forget")
			if m := c.tells(1, "/mydata", "/mydata")[0]; strings.Contains(m.Text, c.phrase("level_scam")) {
				c.Errorf("something is remembered after all: %s", m.Text)
			}
		}},
		{"forgotten_by_words", false, func(c *cast) {
			c.tells(1, codeRU, codeKK)
			c.tells(1, "забудь меня", "мені ұмыт")
		}},
	}
}

// pressScenes are presses of buttons that are not what they were, or never
// were the bot's.
func pressScenes() []scene {
	return []scene{
		{"forged_press", true, func(c *cast) {
			m := c.tells(1, "/help", "/help")[0]
			for _, data := range []string{"privacy", "AAAAAAAAAAAAforget", strings.Repeat("x", 64), m.Buttons[0][0].Data + "x"} {
				press := c.person.PressesData(m.ID, data)
				if got := c.hears(1)[0].Text; got != c.phrase("choice_stale") {
					c.Errorf("%q was answered with %q", data, got)
				}
				c.acknowledged(press)
			}
		}},
		{"press_of_another_chat", false, func(c *cast) {
			other := c.telegram.User(c.person.Chat()+5_000_000, c.lang)
			other.Sends("/help")
			theirs := answers(c, c.telegram, other.Chat(), 1)[0]
			c.tells(1, "/help", "/help")
			c.person.PressesData(theirs.ID, theirs.Buttons[0][0].Data)
			if got := c.hears(1)[0].Text; got != c.phrase("choice_stale") {
				c.Errorf("a button of another chat was answered with %q", got)
			}
		}},
		{"press_twice", false, func(c *cast) {
			c.tells(1, "/help", "/help")
			c.presses("choice_happened")
			m := c.telegram.Sent(c.person.Chat())[0]
			c.person.PressesData(m.ID, m.Buttons[1][0].Data)
			c.hears(1)
		}},
		{"question_without_words", false, func(c *cast) { c.posts(2, tgt.Text("?")) }},
	}
}
