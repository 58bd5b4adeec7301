package locales_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aldanba/aldanba/locales"
)

func TestOnlyCheckedNumbersAreShown(t *testing.T) {
	_, contacts := load(t)
	for id, want := range map[string]string{
		"police": "102", "ambulance": "103", "emergency": "112", "national_bank": "1477", "halyk": "7111",
		"kaspi": "", "otbasy": "", "antifraud_atyrau": "", "kcell": "", "no_such_contact": "",
	} {
		number, ok := contacts.Shown(id)
		if number != want || ok != (want != "") {
			t.Errorf("Shown(%q) = %q, %v, want %q", id, number, ok, want)
		}
	}
	for _, c := range contacts.Unverified() {
		if _, ok := contacts.Shown(c.ID); ok {
			t.Errorf("%s is shown and called unverified", c.ID)
		}
	}
	if got := len(contacts.All()) - len(contacts.Unverified()); got != len(contacts.Args()) {
		t.Errorf("%d contacts can be shown, %d have a placeholder", got, len(contacts.Args()))
	}
}

func TestEveryContactTellsWhereItComesFrom(t *testing.T) {
	_, contacts := load(t)
	seen := make(map[string]bool)
	for _, c := range contacts.All() {
		if seen[c.ID] {
			t.Errorf("%s stands twice", c.ID)
		}
		seen[c.ID] = true
		for _, lang := range locales.Languages() {
			if c.Owner(lang) == "" || c.What(lang) == "" {
				t.Errorf("%s: owner or purpose is missing in %s", c.ID, lang)
			}
		}
		if _, err := time.Parse(time.DateOnly, c.Date); err != nil || c.Source == "" {
			t.Errorf("%s: source %q, date %q", c.ID, c.Source, c.Date)
		}
		switch c.Confidence {
		case locales.Universal:
			if !slices.Contains([]string{"102", "103", "112"}, c.Number) {
				t.Errorf("%s: %s is no universal number", c.ID, c.Number)
			}
		case locales.Verified, locales.Secondary, locales.Unverified:
		default:
			t.Errorf("%s: confidence %q", c.ID, c.Confidence)
		}
	}
}

// TestFactsAreVerifiedAndUsed binds facts and texts to each other: a text that rests on a fact is named by it or asks for
// its value, and only what is verified may be named.
func TestFactsAreVerifiedAndUsed(t *testing.T) {
	_, contacts := load(t)
	for _, lang := range locales.Languages() {
		all := source(t, lang)
		asked := make(map[string]bool)
		for _, text := range all {
			for _, p := range placeholders(text) {
				asked[strings.TrimPrefix(p, "with .")] = true
			}
		}
		for _, f := range contacts.Facts() {
			if f.Source == "" || f.WhatRU == "" || f.WhatKK == "" || (f.ValueRU == "") != (f.ValueKK == "") {
				t.Errorf("fact %s is not fit to be told: %+v", f.ID, f)
			}
			if _, err := time.Parse(time.DateOnly, f.Date); err != nil {
				t.Errorf("fact %s: %v", f.ID, err)
			}
			if len(f.UsedBy) == 0 && !asked[camel(f.ID)] {
				t.Errorf("fact %s is used by nothing", f.ID)
			}
			if len(f.UsedBy) > 0 && f.Confidence != locales.Verified {
				t.Errorf("fact %s is told and is only %s", f.ID, f.Confidence)
			}
			for _, name := range f.UsedBy {
				if text, ok := all[name]; !ok || !asked[camel(f.ID)] && !strings.Contains(text, f.Value(lang)) {
					t.Errorf("fact %s (%s) does not stand in %s/%s: %q", f.ID, f.Value(lang), lang, name, text)
				}
			}
		}
	}
}

// camel is the name of a placeholder for an id.
func camel(id string) string {
	var b strings.Builder
	for part := range strings.SplitSeq(id, "_") {
		b.WriteString(strings.ToUpper(part[:1]) + part[1:])
	}
	return b.String()
}

// TestStepsPapersAndPassagesHoldNoFactOfTheirOwn: every number, address, hour and article that they tell has a row in
// one of the two tables, because the texts themselves hold none.
func TestStepsPapersAndPassagesHoldNoFactOfTheirOwn(t *testing.T) {
	_, contacts := load(t)
	known := map[string]bool{"else": true, "N": true, "Total": true}
	for _, given := range []string{"Name", "Date", "Glyph", "Zone", "Sum", "Command", "Answer"} { // what a paper is about
		known[given] = true
	}
	for _, c := range contacts.All() {
		known[camel(c.ID)] = true
	}
	for _, f := range contacts.Facts() {
		known[camel(f.ID)] = true
	}
	own := regexp.MustCompile(`[0-9]|https?:|\.kz|\.com|стать[яеию]|(^|[^а-яё])час(а|ов)?([^а-яё]|$)|[0-9]-бап|сағат`)
	mustRest := regexp.MustCompile(`(?i)бесплатн|тегін|договор прекращ|шарт тоқтай|списать кредит|есептен шығ|реестр|тізілім`)
	eachText(t, func(t *testing.T, lang, name, text string) {
		if !strings.HasPrefix(name, "aid.") && !strings.HasPrefix(name, "ask.") && !strings.HasPrefix(name, "topic.") && !official(name) {
			return
		}
		for _, p := range placeholders(text) {
			if !known[strings.TrimLeft(strings.TrimPrefix(p, "with "), ".")] {
				t.Errorf("%s/%s asks for %q, which has no row", lang, name, p)
			}
		}
		plain := action.ReplaceAllString(text, "")
		ours := slices.Contains([]string{"aid.ask_remind", "aid.step_mule_stop", "aid.step_mule_stop_r", "topic.scheme_dropper_recruitment.text"}, name) // an article, and our own times
		if found := own.FindString(plain); found != "" && !ours {
			t.Errorf("%s/%s tells %q by itself: %q", lang, name, found, text)
		}
		rests := slices.ContainsFunc(contacts.Facts(), func(f locales.Fact) bool { return slices.Contains(f.UsedBy, name) })
		if found := mustRest.FindString(plain); found != "" && !rests && !strings.HasPrefix(name, "aid.short_") {
			t.Errorf("%s/%s tells %q and no fact bears it: %q", lang, name, found, text)
		}
	})
}

func TestOnlyVerifiedFactsAreShown(t *testing.T) {
	_, contacts := load(t)
	for _, lang := range locales.Languages() {
		args := contacts.ArgsWithFacts(lang)
		for _, f := range contacts.Facts() {
			value, shown := args[camel(f.ID)]
			if want := f.Confidence == locales.Verified && f.Value(lang) != ""; shown != want || shown && value != f.Value(lang) {
				t.Errorf("%s: %s is %q, shown %v", lang, f.ID, value, shown)
			}
		}
		if args["Police"] != "102" {
			t.Errorf("%s: the numbers are missing: %v", lang, args)
		}
	}
}

func TestNoTextHoldsANumberOfItsOwn(t *testing.T) {
	_, contacts := load(t)
	figures := regexp.MustCompile(`[0-9][0-9-]*`)
	eachText(t, func(t *testing.T, lang, name, text string) {
		for _, figure := range figures.FindAllString(text, -1) {
			bound := slices.ContainsFunc(contacts.Facts(), func(f locales.Fact) bool {
				return strings.Trim(figure, "-") == f.Value(lang) && slices.Contains(f.UsedBy, name)
			})
			if !bound {
				t.Errorf("%s/%s: %q comes from no fact and no contact", lang, name, figure)
			}
		}
	})
}

// TestTextsAskOnlyForWhatTheyAreGiven renders every text as if no number but the universal ones were confirmed.
func TestTextsAskOnlyForWhatTheyAreGiven(t *testing.T) {
	texts, contacts := load(t)
	var file strings.Builder
	args := make(map[string]any)
	for _, c := range contacts.All() {
		if c.Confidence == locales.Universal {
			number, _ := contacts.Shown(c.ID)
			args[strings.ToUpper(c.ID[:1])+c.ID[1:]] = number
			continue
		}
		file.WriteString(row(c.ID, "999", "unverified"))
	}
	bare, err := locales.LoadContacts(write(t, file.String()))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"Scheme", "Reason", "Quote", "Brand", "Official", "Limit", "Words", "Name", "Number", "Label", "N", "Total", "Language", "Stage", "Region", "Date", "Verdict", "Answer", "Question", "Glyph", "Zone", "Sum", "Command"} {
		args[name] = "x"
	}
	eachText(t, func(t *testing.T, lang, name, _ string) {
		var got string
		switch kind, id, _ := strings.Cut(name, "."); kind {
		case "advice":
			got = texts.Advice(lang, id, bare)
		case "reason":
			got = texts.Reason(lang, id, args)
		case "scheme":
			return
		case "aid", "ask", "paper":
			phrase, _, _ := strings.Cut(id, ".") // without the form of a phrase that counts
			got = texts.Text(lang, kind+"."+phrase, args)
		case "topic":
			if !strings.HasSuffix(name, ".text") {
				return
			}
			got = texts.Passage(lang, strings.TrimSuffix(id, ".text"), bare)
		default:
			got = texts.Text(lang, kind, args)
		}
		if got == "" || strings.Contains(got, "<no value>") || strings.ContainsAny(got, "⟦{}") || strings.Contains(got, "999") {
			t.Errorf("%s/%s reads %q", lang, name, got)
		}
	})
}

func row(id, number, confidence string) string {
	return "[[contact]]\nid = \"" + id + "\"\nnumber = \"" + number + "\"\nconfidence = \"" + confidence +
		"\"\nsource = \"called\"\ndate = \"2026-12-01\"\n"
}

func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "own.toml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestOperatorConfirmsAndCorrectsNumbers(t *testing.T) {
	contacts, err := locales.LoadContacts(write(t,
		row("antifraud_atyrau", "+7 700 000 00 01", "verified")+row("national_bank", "1477", "unverified")))
	if err != nil {
		t.Fatal(err)
	}
	if number, ok := contacts.Shown("antifraud_atyrau"); !ok || number != "+7 700 000 00 01" {
		t.Errorf("the confirmed number is not shown: %q, %v", number, ok)
	}
	if number, ok := contacts.Shown("national_bank"); ok {
		t.Errorf("a number called wrong is shown: %q", number)
	}
	texts, _ := load(t)
	if got := texts.Text("ru", "person", contacts.Args()); strings.Contains(got, "1477") || !strings.Contains(got, "102") {
		t.Errorf("person = %q", got)
	}
	windows := "\ufeff" + strings.ReplaceAll(row("antifraud_atyrau", "+7 700 000 00 01", "verified"), "\n", "\r\n")
	if contacts, err := locales.LoadContacts(write(t, windows)); err != nil {
		t.Errorf("as Windows writes it: %v", err)
	} else if _, ok := contacts.Shown("antifraud_atyrau"); !ok {
		t.Error("as Windows writes it: the number is not shown")
	}
	_, untouched := load(t)
	if _, ok := untouched.Shown("antifraud_atyrau"); ok {
		t.Error("one operator's correction reached another table")
	}
}

func TestMistakesInTheOperatorsFileNameTheirLine(t *testing.T) {
	good := row("kaspi", "9999", "verified") // six lines
	tests := []struct{ name, file, want string }{
		{"unknown contact", good + row("bank_of_nowhere", "1234", "verified"), `own.toml:8: there is no contact "bank_of_nowhere"`},
		{"contact twice", good + good, `own.toml:8: contact "kaspi" stands twice`},
		{"universal number", good + row("police", "1", "verified"), `own.toml:8: contact "police" is a universal number`},
		{"no id", good + "\n[[contact]]\nnumber = \"1\"\n", `own.toml:8: a contact needs an id`},
		{"no number", "[[contact]]\nid = \"kaspi\"\nconfidence = \"verified\"\n", `own.toml:1: contact "kaspi" needs a number`},
		{"two numbers", row("kaspi", "300 / 1432", "verified"), `own.toml:3: "300 / 1432" is not one telephone number`},
		{"double space", row("kaspi", "300  1432", "verified"), `own.toml:3: `},
		{"too short", row("kaspi", "12", "verified"), `own.toml:3: `},
		{"made-up confidence", good + row("forte", "7575", "universal"), `own.toml:10: confidence of "forte"`},
		{"no source", strings.Replace(good, `"called"`, `" "`, 1), `own.toml:5: contact "kaspi" needs a source`},
		{"no date", strings.Replace(good, "2026-12-01", "1.12.2026", 1), `own.toml:6: date of "kaspi"`},
		{"unknown field", good + "hours = \"24/7\"\n", `own.toml:7: unknown field contact.hours`},
		{"wrong type", strings.Replace(good, `"9999"`, `9999`, 1), `own.toml:3: `},
		{"not TOML", good + "[[contact\n", `own.toml:7: `},
		{"inline rows", `contact = [{id = "nobody"}]`, `own.toml:1: there is no contact "nobody"`},
		{"too large", strings.Repeat("#", 300<<10), "own.toml: larger than"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := locales.LoadContacts(write(t, tt.file))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
}

func TestAllMistakesAreReportedAtOnce(t *testing.T) {
	_, err := locales.LoadContacts(write(t, row("nobody", "1234", "verified")+row("kaspi", "x", "verified")))
	if err == nil || strings.Count(err.Error(), "own.toml:") != 2 {
		t.Errorf("got %v", err)
	}
	if _, err := locales.LoadContacts(filepath.Join(t.TempDir(), "absent.toml")); !os.IsNotExist(err) {
		t.Errorf("a missing file gives %v", err)
	}
}

// FuzzOperatorsFile shows that no file, however broken, does more than be refused.
func FuzzOperatorsFile(f *testing.F) {
	f.Add(row("kaspi", "9999", "verified"))
	f.Add("contact = [{id = 'kaspi'}]\n[[contact]]\n")
	f.Add("[[contact]]\n[contact.id]\n")
	f.Add("[[\"contact\"]]\nid.x = 1")
	path := filepath.Join(f.TempDir(), "own.toml")
	f.Fuzz(func(t *testing.T, text string) {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		contacts, err := locales.LoadContacts(path)
		if err != nil {
			if !strings.Contains(err.Error(), "own.toml:") {
				t.Errorf("an error without its place: %v", err)
			}
			return
		}
		if number, ok := contacts.Shown("police"); !ok || number != "102" {
			t.Errorf("the police cannot be reached: %q, %v", number, ok)
		}
	})
}
