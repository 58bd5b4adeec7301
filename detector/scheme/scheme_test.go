package scheme_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/aldanba/aldanba/detector/scheme"
	"github.com/aldanba/aldanba/detector/text"
)

// rule gives a pack of one rule with the classes that the tests use.
func rule(fields string) string {
	return `
[class.tell]
ru = ["назов*", "скаж*", "сообщ*"]
kk = ["айт*", "бер*"]
[class.code]
ru = ["код"]
kk = ["код*"]

[[rule]]
id = "demand.code"
kind = "demand"
weight = 1.5
match_ru = ["x"]
match_kk = ["x"]
reject_ru = ["x"]
reject_kk = ["x"]
` + fields
}

func compile(t *testing.T, analyzer *text.Analyzer, source string) *scheme.Matcher {
	t.Helper()
	pack, err := scheme.ParsePack("test.toml", []byte(source))
	if err != nil {
		t.Fatal(err)
	}
	m, err := scheme.Compile([]*scheme.Pack{pack}, analyzer.StemRussian)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// fires says which rules hold in a message, with what they quote.
func fires(m *scheme.Matcher, analyzer *text.Analyzer, message string, marks ...scheme.Mark) map[string]string {
	doc := analyzer.Parse(message)
	defer doc.Release()
	found := map[string]string{}
	var all scheme.Found
	m.Match(doc, marks, &all)
	for _, hit := range all.Hits {
		found[hit.Rule.ID] = message[hit.Start:hit.End]
	}
	return found
}

func TestPatternsHoldAsTheirOperatorsSay(t *testing.T) {
	analyzer := text.NewAnalyzer()
	for _, c := range []struct {
		name, fields, message string
		want                  string // the quote; "" when the rule must not hold
	}{
		{"near, in order", `any = ["%tell & %code"]`, "Быстро назовите мне код из смс", "назовите мне код"},
		{"near, other order", `any = ["%tell & %code"]`, "код нужен, назовите", "код нужен, назовите"},
		{"near, kazakh suffixes", `any = ["%tell & %code"]`, "Келген кодты айтыңызшы", "кодты айтыңызшы"},
		{"near, languages mixed", `any = ["%tell & %code"]`, "Апа, маған келген кодты тез назовите", "кодты тез назовите"},
		{"near, latin kazakh", `any = ["%tell & %code"]`, "kodty aityp jiber", "kodty aityp"},
		{"too far", `any = ["%tell & %code"]`, "назовите " + strings.Repeat("слово ", 12) + "код", ""},
		{"another sentence but one", `any = ["%tell & %code"]`, "Назовите. Себя. Код.", ""},
		{"in order", `any = ["%tell ~ %code"]`, "код надо назвать, назовите", ""},
		{"anywhere", `any = ["%tell && %code"]`, "назовите " + strings.Repeat("слово ", 30) + "код", "назовите " + strings.Repeat("слово ", 30) + "код"},
		{"negated russian", `any = ["%tell & %code"]`, "Не сообщайте код никому", ""},
		{"negated over a helper", `any = ["%tell & %code"]`, "никогда не просят сообщать код", ""},
		{"negated kazakh suffix", `any = ["%tell & %code"]`, "Кодты ешкімге айтпаңыз", ""},
		{"negated kazakh helper verb", `any = ["%tell & %code"]`, "кодты айтып қоймаңыз", ""},
		{"negation wanted", `any = ["-%tell & %code"]`, "Кодты ешкімге айтпаңыз", "Кодты ешкімге айтпаңыз"},
		{"negation not wanted", `any = ["-%tell & %code"]`, "Кодты айтыңыз", ""},
		{"either", `any = ["?%tell & %code"]`, "не сообщайте код", "сообщайте код"},
		{"stem, not prefix", `ru = ["код"]`, "кодекс", ""},
		{"stem in another case", `ru = ["код"]`, "кодом", "кодом"},
		{"exact", `any = ["=код"]`, "кодом", ""},
		{"bare word of no language is exact", `any = ["код"]`, "кодом", ""},
		{"phrase", `ru = ["служб* безопасност*"]`, "из службы безопасности банка", "службы безопасности"},
		{"phrase broken", `ru = ["служб* безопасност*"]`, "службы нашей безопасности", ""},
		{"hyphens part words", `any = ["=смс-=код"]`, "пришёл смс-код вам", "смс-код"},
		{"disguise undone", `any = ["%tell & %code"]`, "нaз0вите к о д из смс", "нaз0вите к о д"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := compile(t, analyzer, rule(c.fields))
			got, held := fires(m, analyzer, c.message)["demand.code"]
			if held != (c.want != "") || got != c.want {
				t.Errorf("%s on %q: held %v, quote %q, want %q", c.fields, c.message, held, got, c.want)
			}
		})
	}
}

func TestMarksStandInPatternsAndHideTheWordsOfAddresses(t *testing.T) {
	analyzer := text.NewAnalyzer()
	m := compile(t, analyzer, rule(`any = ["%tell & <link>"]`)+rule2("demand.word", `any = ["%code"]`))
	message := "назовите на kod.example и всё"
	start := strings.Index(message, "kod.example")
	address := scheme.Mark{Name: "link", Start: start, End: start + len("kod.example"), Hide: true}
	found := fires(m, analyzer, message, address)
	if got := found["demand.code"]; got != "назовите на kod.example" {
		t.Errorf("the rule with a link quotes %q", got)
	}
	if quote, held := found["demand.word"]; held {
		t.Errorf("a word inside an address was matched: %q", quote)
	}
}

func TestRulesLeanOnOtherRules(t *testing.T) {
	analyzer := text.NewAnalyzer()
	m := compile(t, analyzer, rule(`any = ["%tell & %code"]`)+
		rule2("identity.bank", `ru = ["банк*"]`)+
		rule2("combo.bank_code", `needs = ["demand", "identity.bank|identity.police"]`)+
		rule2("demand.alone", "any = [\"%tell\"]\nunless = [\"identity\"]")+
		rule2("combo.late", `needs = ["combo.bank_code"]`))
	for _, c := range []struct{ message, want string }{
		{"это банк, назовите код", "combo.bank_code combo.late demand.code identity.bank"},
		{"назовите код", "demand.alone demand.code"},
		{"это банк", "identity.bank"},
	} {
		var ids []string
		for id := range fires(m, analyzer, c.message) {
			ids = append(ids, id)
		}
		slices.Sort(ids)
		if got := strings.Join(ids, " "); got != c.want {
			t.Errorf("%q fires %q, want %q", c.message, got, c.want)
		}
	}
}

// rule2 gives a further rule for the same pack.
func rule2(id, fields string) string {
	return `
[[rule]]
id = "` + id + `"
kind = "demand"
weight = 1
match_ru = ["x"]
match_kk = ["x"]
reject_ru = ["x"]
reject_kk = ["x"]
` + fields + "\n"
}

func TestMistakesInPacksNameFileAndLine(t *testing.T) {
	analyzer := text.NewAnalyzer()
	for _, c := range []struct{ name, source, want string }{
		{"not toml", "[[rule]]\nid = ", "test.toml:2"},
		{"unknown field", rule("wieght = 2"), "test.toml:17: unknown field rule.wieght"},
		{"no pattern", rule(""), "test.toml:10: rule demand.code: the rule has no pattern"},
		{"unknown class", rule(`any = ["%tel & %code"]`), "test.toml:17: rule demand.code: class %tel is not declared"},
		{"dangling operator", rule("any = [\n\"%tell & %code\",\n\"%tell &\"]"), "test.toml:19: rule demand.code: an operator at the end"},
		{"bad class entry", "[class.x]\nru = [\n\"а\",\n\"б & в\"]\n", "test.toml:4: class x"},
		{"needs a rule that is not there", rule("any = [\"%tell\"]\nneeds = [\"story.x\"]"), "test.toml:18: rule demand.code: needs \"story.x\""},
		{"id twice", rule(`any = ["%tell"]`) + rule2("demand.code", `any = ["%tell"]`), "the id is taken"},
		{"counter with a positive weight", strings.Replace(rule(`any = ["%tell"]`), `"demand"`, `"counter"`, 1), "test.toml:10: rule demand.code: counter-evidence"},
		{"doubled letters that fold", rule("any = [\"%tell\",\n\"касс*\"]"), "test.toml:18: rule demand.code: \"касс*\": of doubled letters one counts"},
		{"a word of one doubled letter", rule("any = [\"%tell\",\n\"=ии\"]"), "test.toml:18: rule demand.code: \"=ии\": doubled letters count as one"},
		{"no examples", strings.Replace(rule(`any = ["%tell"]`), `match_kk = ["x"]`, "", 1), "example that matches in both languages"},
	} {
		t.Run(c.name, func(t *testing.T) {
			pack, err := scheme.ParsePack("test.toml", []byte(c.source))
			if err == nil {
				_, err = scheme.Compile([]*scheme.Pack{pack}, analyzer.StemRussian)
			}
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
}

func FuzzParsePack(f *testing.F) {
	f.Add(rule(`any = ["%tell & %code"]`))
	f.Add("[[rule]]\nid = 1")
	f.Add(rule(`ru = ["-%tell ~ код <link> && =x"]`))
	analyzer := text.NewAnalyzer()
	f.Fuzz(func(t *testing.T, source string) {
		pack, err := scheme.ParsePack("fuzz.toml", []byte(source))
		if err != nil {
			return
		}
		if m, err := scheme.Compile([]*scheme.Pack{pack}, analyzer.StemRussian); err == nil {
			fires(m, analyzer, "назовите код из смс, айтыңыз кодты")
		}
	})
}
