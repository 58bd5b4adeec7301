package bot_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/aldanba/aldanba/bot"
	"github.com/aldanba/aldanba/locales"
)

// TestEveryScreenOfTheInterviewIsWhole fills every question with the longest
// answer and with none, in both languages, for oneself and for somebody near.
func TestEveryScreenOfTheInterviewIsWhole(t *testing.T) {
	for _, lang := range locales.Languages() {
		for _, place := range []string{"", "r", "money.card:m", "blackmail.minor:r"} {
			for _, long := range []bool{true, false} {
				d := newDesk(t, mute{})
				if err := d.memory.Save(t.Context(), "p", bot.Session{Lang: lang, LangChosen: true}); err != nil {
					t.Fatal(err)
				}
				look := func(r bot.Reply) bot.Reply {
					t.Helper()
					if n := utf8.RuneCountInString(r.Text); n > 700 || n == 0 || strings.ContainsAny(r.Text, "⟦{}") || strings.Contains(r.Text, "<no value>") {
						t.Errorf("%s/%s: %d letters:\n%s", lang, place, n, r.Text)
					}
					for _, c := range r.Choices {
						if len(c.ID) > 52 || c.Label == "" || strings.ContainsAny(c.Label, "⟦{") || utf8.RuneCountInString(c.Label) > 40 {
							t.Errorf("%s/%s: the choice %q is called %q", lang, place, c.ID, c.Label)
						}
					}
					if !strings.Contains(ids(r), "aid:call:m") {
						t.Errorf("%s/%s leaves no way out of a call: %s", lang, place, ids(r))
					}
					return r
				}
				look(d.presses("ask:offer:" + place))
				r := look(d.presses("ask:begin:" + lang + ":" + place))
				for range 9 {
					if strings.Contains(ids(r), "ask:make") {
						break
					}
					question := strings.Fields(ids(r)[strings.Index(ids(r), "ask:skip:")+len("ask:skip:"):])[0]
					look(d.presses("ask:stop"))
					look(d.presses(bot.ChoiceStatement))
					look(d.presses("ask:wrong:" + question))
					look(d.presses("ask:back:" + question))
					look(d.presses("ask:wrong:" + question))
					if long && question != "originals" && question != "way" {
						r = look(d.says(strings.Repeat("ұзын сөз, ", 500)))
						continue
					}
					r = look(d.presses("ask:skip:" + question))
				}
				if !strings.Contains(ids(r), "ask:make") {
					t.Fatalf("%s/%s does not end: %s", lang, place, ids(r))
				}
				d.presses("ask:stop", "ask:erase")
				look(d.presses(bot.ChoiceStatement))
			}
		}
	}
}
