package locales_test

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/aldanba/aldanba/locales"
)

// catalogue is as much of the detector's catalogue as the texts must keep up with.
type catalogue struct {
	Scheme []struct {
		ID    string   `toml:"id"`
		Rank  int      `toml:"rank"`
		Wants []string `toml:"wants"`
		Steps []string `toml:"steps"`
	} `toml:"scheme"`
	Stage []struct {
		ID            string   `toml:"id"`
		Steps         []string `toml:"steps"`
		StepsRelative []string `toml:"steps_relative"`
	} `toml:"stage"`
	Verdict map[string][]string `toml:"verdict"`
}

func readCatalogue(t *testing.T) catalogue {
	t.Helper()
	return decode[catalogue](t, "../detector/scheme/catalogue.toml")
}

// longestAnswer is what a person can read at once, in letters: an answer that needs scrolling is not read.
const longestAnswer = 700

func TestEverySchemeAndStageHasItsTexts(t *testing.T) {
	texts, _ := load(t)
	c := readCatalogue(t)
	if len(c.Scheme) != 31 || len(c.Stage) != 9 {
		t.Errorf("catalogue holds %d schemes and %d stages", len(c.Scheme), len(c.Stage))
	}
	for _, lang := range locales.Languages() {
		known := decode[map[string]any](t, lang+"/schemes.toml")
		for _, s := range c.Scheme {
			delete(known, s.ID)
			scheme, ok := texts.Scheme(lang, s.ID)
			if !ok || scheme.Name == "" || scheme.How == "" || len(scheme.Flags) != 3 || scheme.Wants == "" {
				t.Errorf("%s/%s is not fully described: %+v", lang, s.ID, scheme)
			}
			if n := utf8.RuneCountInString(scheme.Name); n > 36 {
				t.Errorf("%s/%s: a name of %d letters does not fit a verdict", lang, s.ID, n)
			}
		}
		for id := range known {
			t.Errorf("%s describes %s, which is not in the catalogue", lang, id)
		}
	}
	trees := make(map[string]bool)
	for _, tree := range readTrees(t).Tree {
		trees[tree.Stage] = true
	}
	for _, s := range c.Stage {
		if s.ID != "nothing_yet" && !trees[s.ID] {
			t.Errorf("nothing leads on from the stage %s", s.ID)
		}
	}
}

// trees is as much of the first minutes as the texts must keep up with.
type trees struct {
	Tree []struct {
		ID      string   `toml:"id"`
		Stage   string   `toml:"stage"`
		OwnLead bool     `toml:"own_lead"`
		Remind  []string `toml:"remind"`
		Closing []string `toml:"closing"`
		Way     []struct {
			ID    string   `toml:"id"`
			Steps []string `toml:"steps"`
		} `toml:"way"`
	} `toml:"tree"`
	Step []struct {
		ID          string `toml:"id"`
		Words       string `toml:"words"`
		Say         string `toml:"say"`
		SayRelative string `toml:"say_relative"`
	} `toml:"step"`
}

func readTrees(t *testing.T) trees {
	t.Helper()
	return decode[trees](t, "../bot/firstaid/trees.toml")
}

// TestTheFirstMinutesHaveAllTheirWords: every tree, way, step, script and reminder has words in both languages, and no
// words are left over.
func TestTheFirstMinutesHaveAllTheirWords(t *testing.T) {
	needed := make(map[string]bool)
	for _, key := range []string{
		"lead_relative", "progress", "progress_instead", "say_head", "urgent_head", "choice_done", "choice_cannot", "words_done", "words_cannot", "choice_relative",
		"choice_mine", "choice_continue", "choice_again", "call_end", "end_all", "end_some", "end_none", "end_done", "end_open",
		"ask_remind", "choice_remind_yes", "choice_remind_no", "choice_remind_stop", "choice_remind_steps",
		"remind_yes", "remind_no", "remind_stopped",
	} {
		needed[key] = true
	}
	all := readTrees(t)
	words := make(map[string]string)
	for _, s := range all.Step {
		words[s.ID] = cmp.Or(s.Words, s.ID)
		needed["step_"+words[s.ID]], needed["step_"+words[s.ID]+"_r"] = true, true
		for _, say := range []string{s.Say, s.SayRelative} {
			needed["say_"+say] = needed["say_"+say] || say != ""
		}
	}
	for _, tree := range all.Tree {
		needed["tree_"+tree.ID], needed["lead_"+tree.ID] = true, true
		needed["lead_"+tree.ID+"_r"] = tree.OwnLead
		needed["question_"+tree.ID] = len(tree.Way) > 1
		for _, name := range tree.Remind {
			needed["remind_"+name] = true
		}
		for _, name := range tree.Closing {
			needed[name] = true
		}
		for _, way := range tree.Way {
			needed["way_"+tree.ID+"_"+way.ID] = way.ID != ""
			for _, step := range way.Steps {
				needed["short_"+words[step]] = true
			}
		}
	}
	for _, lang := range locales.Languages() {
		have := decode[map[string]string](t, lang+"/firstaid.toml")
		for key, need := range needed {
			if need && have[key] == "" {
				t.Errorf("%s has no words for %s", lang, key)
			}
		}
		for key := range have {
			if !needed[key] {
				t.Errorf("%s/%s is said nowhere", lang, key)
			}
		}
	}
}

func TestStepsAreFewAndAllHaveWords(t *testing.T) {
	c := readCatalogue(t)
	used := make(map[string]bool)
	check := func(where string, steps []string, least, most int) {
		t.Helper()
		if len(steps) < least || len(steps) > most {
			t.Errorf("%s has %d steps", where, len(steps))
		}
		if len(slices.Compact(slices.Sorted(slices.Values(steps)))) != len(steps) {
			t.Errorf("%s repeats a step: %v", where, steps)
		}
		for _, id := range steps {
			used[id] = true
		}
	}
	for _, s := range c.Scheme {
		check(s.ID, s.Steps, 3, 5)
	}
	for _, s := range c.Stage {
		check(s.ID, s.Steps, 3, 5)
		check(s.ID+" of a relative", s.StepsRelative, 3, 5)
	}
	for _, verdict := range []string{"suspicious", "no_signs", "unreadable"} {
		check(verdict, c.Verdict[verdict], 3, 5)
	}
	for _, lang := range locales.Languages() {
		advice := decode[map[string]string](t, lang+"/advice.toml")
		for id := range used {
			if advice[id] == "" {
				t.Errorf("%s has no words for %s", lang, id)
			}
		}
		for id := range advice {
			if !used[id] {
				t.Errorf("%s/%s is advice that nothing gives", lang, id)
			}
		}
	}
}

func TestTheStoryOutranksTheDemand(t *testing.T) {
	rank := make(map[string]int)
	byRank := make(map[int]string)
	for _, s := range readCatalogue(t).Scheme {
		if twin, taken := byRank[s.Rank]; taken {
			t.Errorf("%s and %s share rank %d", s.ID, twin, s.Rank)
		}
		rank[s.ID], byRank[s.Rank] = s.Rank, s.ID
	}
	stories := []string{"safe_account", "fake_police_or_knb", "fake_bank_security", "relative_in_trouble", "romance",
		"account_takeover_vote", "gov_payout", "fake_delivery", "investment", "easy_money_job"}
	for _, story := range stories {
		for _, demand := range []string{"otp_or_code_request", "card_details_request", "phishing_link"} {
			if rank[story] >= rank[demand] {
				t.Errorf("%s does not outrank %s", story, demand)
			}
		}
	}
	if slices.Max(slices.Collect(maps.Values(rank))) != rank["other"] {
		t.Error("other is not last")
	}
}

func TestTheBankComesFirstWhereMoneyIsConcerned(t *testing.T) {
	for _, s := range readCatalogue(t).Stage {
		switch s.ID {
		case "told_code", "gave_card_data", "sent_money", "took_loan":
			police := slices.Index(s.Steps, "call_police")
			if !strings.HasPrefix(s.Steps[0], "bank_") || police < 1 {
				t.Errorf("%s: %v, want the bank first and the police after it", s.ID, s.Steps)
			}
		case "installed_app":
			if s.Steps[0] != "go_offline" || s.Steps[1] != "bank_from_other_phone" {
				t.Errorf("%s: %v, want the network off, then the bank", s.ID, s.Steps)
			}
		}
	}
}

// TestTheLongestAnswerFits builds the worst verdict that can happen to each scheme: the longest first line, the three
// longest reasons with quotations of 40 letters, all steps and the question.
func TestTheLongestAnswerFits(t *testing.T) {
	texts, contacts := load(t)
	c := readCatalogue(t)
	for _, lang := range locales.Languages() {
		why := texts.Text(lang, "heading_why", nil)
		for _, reason := range longestReasons(t, texts, lang, 3) {
			why += "\n• " + texts.Text(lang, "reason_quoted", map[string]any{"Reason": reason, "Quote": strings.Repeat("о", 40)})
		}
		for _, s := range c.Scheme {
			scheme, _ := texts.Scheme(lang, s.ID)
			first := texts.Text(lang, "verdict_scam_named", map[string]any{"Scheme": scheme.Name})
			answer := strings.Join([]string{first, why, steps(texts, contacts, lang, s.Steps), texts.Text(lang, "ask_stage", nil)}, "\n\n")
			if n := utf8.RuneCountInString(answer); n > longestAnswer {
				t.Errorf("%s/%s: %d letters:\n%s", lang, s.ID, n, answer)
			}
		}
	}
}

func steps(texts *locales.Texts, contacts *locales.Contacts, lang string, ids []string) string {
	lines := []string{texts.Text(lang, "heading_steps", nil)}
	for _, id := range ids {
		lines = append(lines, "1. "+texts.Advice(lang, id, contacts))
	}
	return strings.Join(lines, "\n")
}

func longestReasons(t *testing.T, texts *locales.Texts, lang string, n int) []string {
	t.Helper()
	args := map[string]any{"Brand": "Halyk Bank", "Official": "halykbank.kz"}
	var all []string
	for id := range decode[map[string]any](t, lang+"/reasons.toml") {
		all = append(all, texts.Reason(lang, id, args))
	}
	slices.SortFunc(all, func(a, b string) int {
		return cmp.Compare(utf8.RuneCountInString(b), utf8.RuneCountInString(a))
	})
	return all[:n]
}

func TestEachTextFitsItsPlace(t *testing.T) {
	eachText(t, func(t *testing.T, lang, name, text string) {
		most := longestAnswer
		switch {
		case strings.HasPrefix(name, "advice."):
			most = 75
		case strings.HasPrefix(name, "reason."), strings.HasPrefix(name, "verdict_"):
			most = 66
		case strings.HasPrefix(name, "stage_lead_"):
			most = 100
		case strings.HasPrefix(name, "stage_"), strings.HasPrefix(name, "choice_check"), strings.HasPrefix(name, "aid.tree_"),
			strings.HasPrefix(name, "aid.way_"), strings.HasPrefix(name, "aid.choice_"):
			most = 30
		case strings.HasPrefix(name, "topic.") && strings.HasSuffix(name, ".title"):
			most = 30
		case strings.HasPrefix(name, "topic.scheme_"): // the scheme itself follows
			most = 200
		case strings.HasPrefix(name, "topic."):
			most = 600
		case strings.HasPrefix(name, "aid.short_"):
			most = 40
		case strings.HasPrefix(name, "aid.step_loan_no_confirm"): // what a template decides stands in it, too
			most = 370
		case strings.HasPrefix(name, "aid.step_"), strings.HasPrefix(name, "aid.say_"), strings.HasPrefix(name, "aid.lead_"):
			most = 240
		}
		// What a template decides takes no room of its own.
		shown := strings.NewReplacer("{{with .Official}}", "", "{{with .EgovSender}}", "", "{{end}}", "", "{{.}}", "{{.Official}}").Replace(text)
		if n := utf8.RuneCountInString(shown); n > most {
			t.Errorf("%s/%s has %d letters, room is for %d: %q", lang, name, n, most, text)
		}
	})
}
