package bot_test

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aldanba/aldanba/bot"
	"github.com/aldanba/aldanba/bot/firstaid"
	"github.com/aldanba/aldanba/bot/statement"
	"github.com/aldanba/aldanba/locales"
)

// row is a number or fact that may be shown, with where it comes from.
type row struct{ id, value, source, date, confidence string }

// rowsOf gives all that may be shown in a language, the longest first.
func rowsOf(contacts *locales.Contacts, lang string) []row {
	var rows []row
	for _, c := range contacts.All() {
		if c.Shown() {
			rows = append(rows, row{c.ID, c.Number, c.Source, c.Date, string(c.Confidence)})
		}
	}
	for _, f := range contacts.Facts() {
		if v := f.Value(lang); v != "" {
			rows = append(rows, row{f.ID, v, f.Source, f.Date, string(f.Confidence)})
		}
	}
	slices.SortFunc(rows, func(a, b row) int { return cmp.Compare(len(b.value), len(a.value)) })
	return rows
}

var (
	// ours are figures that are no facts: how far one has come, and lists.
	ours = regexp.MustCompile(`Шаг [0-9] из [0-9]|Вопрос [0-9] из [0-9]|[0-9] қадамның [0-9]-қадамы|[0-9] сұрақтың [0-9]-сұрағы|Вопросов мало: [0-9]|Сұрақ аз: [0-9]|(?m:^[0-9]\. )`)
	// fact is what only a row may say.
	fact = regexp.MustCompile(`(?i)[0-9]+|https?:|[a-z0-9-]+\.(kz|com|org|gov|ru)\b|стать[яеиёю]|кодекс|\bУПК\b|\bУК\b|ҚПК|-бап|бабы|[0-9] ?(час|сағат)`)
)

// TestEveryFactThatIsShownHasItsRow walks through the first minutes, the
// reminders, the interview and the papers: each number, link and article in
// them is the value of a row with source, date and confidence.
func TestEveryFactThatIsShownHasItsRow(t *testing.T) {
	memory := bot.NewMemorySessions()
	config := parts(t, memory)
	config.Drafts, config.Reminders = memory, &promises{}
	b := bot.New(config)
	for _, lang := range locales.Languages() {
		shown, rows := map[string]bool{}, rowsOf(config.Contacts, lang)
		check := func(where, text string) {
			text = ours.ReplaceAllString(text, "")
			for _, r := range rows {
				if !strings.Contains(text, r.value) {
					continue
				}
				shown[r.id] = true
				text = regexp.MustCompile(`(стать\pL+ )?`+regexp.QuoteMeta(r.value)+`(-бап\pL*)?`).ReplaceAllString(text, "")
				_, err := time.Parse(time.DateOnly, r.date)
				if r.source == "" || err != nil || r.confidence != string(locales.Verified) && r.confidence != string(locales.Universal) {
					t.Errorf("%s/%s tells %s, which is not fit to be told: %+v", lang, where, r.id, r)
				}
			}
			if found := fact.FindString(text); found != "" {
				t.Errorf("%s/%s tells %q, which has no row:\n%s", lang, where, found, text)
			}
		}
		seen := 0
		for where, text := range repliesOf(t, b, memory, lang) {
			seen++
			check(where, text)
		}
		for where, text := range papersOf(config, lang) {
			seen++
			check(where, text)
		}
		for _, id := range []string{"police", "ambulance", "emergency", "antifraud_centre", "cooling_bank", "stop_credit_site", "statement_sites", "victim_article", "false_report_article", "egov_sender", "mule_article"} {
			if !shown[id] {
				t.Errorf("%s: %s is shown nowhere: is everything looked at?", lang, id)
			}
		}
		if seen < 600 {
			t.Errorf("%s: only %d texts", lang, seen)
		}
	}
}

// repliesOf gives every screen of the first minutes and of the interview, and
// every reminder.
func repliesOf(t *testing.T, b *bot.Bot, memory *bot.MemorySessions, lang string) map[string]string {
	t.Helper()
	all := map[string]string{}
	begin := func(person string) string {
		if err := memory.Save(t.Context(), person, bot.Session{Lang: lang, LangChosen: true, Reminders: bot.Agreed}); err != nil {
			t.Fatal(err)
		}
		return person
	}
	look := func(person, id string) bot.Reply {
		r := press(t, b, person, id)
		all[id] = r.Text
		for _, c := range r.Choices {
			all[id] += "\n" + c.Label
		}
		return r
	}
	person := begin(lang + "-steps")
	for _, tree := range b.Trees.All() {
		for _, relative := range []bool{false, true} {
			look(person, "aid:"+firstaid.Place{Tree: tree.ID, Relative: relative}.Key())
			for _, way := range tree.Ways {
				p, _, _ := b.Trees.Parse(firstaid.Place{Tree: tree.ID, Way: way.ID, Relative: relative}.Key())
				for p.Step != "" {
					look(person, "aid:"+p.Key())
					look(person, "aid:"+p.Answered(firstaid.Done))
					look(person, "aid:"+p.Answered(firstaid.Cannot))
					p = b.Trees.Next(p, firstaid.Cannot)
				}
			}
			for i := range tree.Remind {
				say := fmt.Sprint(i, ":", firstaid.Place{Tree: tree.ID, Relative: relative}.Key())
				r, ok, err := b.Remind(t.Context(), person, say)
				if err != nil || !ok {
					t.Fatalf("reminder %s: %v, %v", say, ok, err)
				}
				all["reminder "+say] = r.Text
			}
		}
	}
	for _, place := range []string{"", "r"} {
		person := begin(lang + "-interview" + place)
		look(person, "ask:offer:"+place)
		r := look(person, "ask:begin:"+lang+":"+place)
		for strings.Contains(ids(r), "ask:skip:") {
			question := strings.Fields(ids(r)[strings.Index(ids(r), "ask:skip:"):])[0]
			r = look(person, question)
		}
		made, err := b.Make(t.Context(), person, nil)
		if err != nil {
			t.Fatal(err)
		}
		for i, reply := range made.Replies {
			all[fmt.Sprint("papers", place, " ", i)] = reply.Text
		}
	}
	for _, id := range []string{bot.ChoiceHelp, bot.ChoicePrivacy, bot.ChoiceAboutBot, bot.ChoiceHappened, bot.ChoiceCheck, bot.ChoiceWhatsApp} {
		look(begin(lang+id), id)
	}
	return all
}

// papersOf gives the papers of every kind of case, as far as they are filled by
// us.
func papersOf(config bot.Config, lang string) map[string]string {
	papers := statement.New(config.Texts, config.Contacts)
	all := map[string]string{}
	for _, relative := range []bool{false, true} {
		for _, given := range append(statement.AllGiven(), "") {
			for _, way := range append(statement.Ways(), "") {
				c := statement.Case{Lang: lang, Relative: relative}
				if given != "" {
					c.Given = []statement.Given{given}
				}
				if way != "" {
					c.Payments = []statement.Payment{{Way: way}}
				}
				name := fmt.Sprint(relative, " ", given, " ", way)
				all["statement "+name], all["letter "+name] = papers.Statement(c).Text(), papers.Letter(c, "").Text()
			}
		}
	}
	return all
}
