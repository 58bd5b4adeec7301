package detector_test

import (
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf8"

	"github.com/aldanba/aldanba/detector"
)

func newDetector(t testing.TB) *detector.Detector {
	t.Helper()
	d, err := detector.New(detector.Config{})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestEveryRuleBehavesAsItsExamplesSay(t *testing.T) {
	for _, failure := range newDetector(t).TestRules() {
		t.Error(failure)
	}
}

func TestLevels(t *testing.T) {
	d := newDetector(t)
	for _, c := range []struct {
		message string
		level   detector.Level
	}{
		{"", detector.Unreadable},
		{"...", detector.Unreadable},
		{"ок", detector.Unreadable},
		{"Мам, купи хлеба и молока по дороге домой", detector.NoSigns},
		{"Ертең кешке бәріміз апамның үйінде жиналамыз", detector.NoSigns},
		{"Служба безопасности Kaspi. Назовите код из SMS и переведите деньги на безопасный счёт", detector.Scam},
		{"Банктің қауіпсіздік қызметі. SMS-кодты айтыңыз, ақшаңызды қауіпсіз шотқа аударыңыз", detector.Scam},
	} {
		if v := d.Check(c.message); v.Level != c.level {
			t.Errorf("%q is %s (%.2f), want %s", c.message, v.Level, v.Score, c.level)
		}
	}
}

func TestScoreIsAProbability(t *testing.T) {
	d := newDetector(t)
	for _, message := range []string{"", "привет", strings.Repeat("назовите код, переведите на безопасный счёт ", 500)} {
		if v := d.Check(message); !(v.Score >= 0 && v.Score <= 1) {
			t.Errorf("score %v of %.40q", v.Score, message)
		}
	}
}

func TestAVerdictWithoutRiskNamesNoScheme(t *testing.T) {
	d := newDetector(t)
	v := d.Check("Мам, купи хлеба и молока по дороге домой")
	if v.Scheme != "" || len(v.Schemes) != 0 {
		t.Errorf("schemes %v", v.Schemes)
	}
	if len(v.Advice) == 0 {
		t.Error("no advice: silence is not an answer")
	}
}

func TestQuotesShowThePersonsWordsButNoIdentifiers(t *testing.T) {
	d := newDetector(t)
	v := d.Check("Служба безопасности банка: назовите код 482913 и номер карты 4242 4242 4242 4242, зайдите на kaspi-bonus.top/login?id=77")
	if len(v.Signals) == 0 {
		t.Fatal("no signals")
	}
	for _, s := range v.Signals {
		quote := v.Quote(s)
		for _, secret := range []string{"482913", "4242 4242 4242", "kaspi-bonus.top", "id=77"} {
			if strings.Contains(quote, secret) {
				t.Errorf("%s quotes %q", s.Rule.ID, quote)
			}
		}
	}
}

// TestQuotesDoNotSteerAScreen: what is quoted is read, never obeyed.
func TestQuotesDoNotSteerAScreen(t *testing.T) {
	v := newDetector(t).Check("Служба безопасности \x1b[31mбанка\x07 \x1b]0;x\x07, назовите\u202e код из\u2066 SMS\x7f и перешлите")
	if v.Level.Danger() == 0 {
		t.Fatalf("%s", v.Level)
	}
	for _, s := range v.Signals {
		for _, quote := range []string{v.Quote(s), v.Excerpt(s)} {
			if strings.ContainsAny(quote, "\x1b\x07\x7f\u202e\u2066") {
				t.Errorf("%s: %q", s.Rule.ID, quote)
			}
		}
	}
}

func TestALongTextIsCutAndSaysSo(t *testing.T) {
	d := newDetector(t)
	v := d.Check(strings.Repeat("ә", detector.MaxText))
	if !v.Cut {
		t.Error("a text over the limit is not said to be cut")
	}
	if v = d.Check(strings.Repeat("а", detector.MaxText/2)); v.Cut {
		t.Error("a text within the limit is said to be cut")
	}
}

func TestStageDecidesTheAdvice(t *testing.T) {
	d := newDetector(t)
	for _, stage := range detector.Stages() {
		own := d.Advice(detector.Scam, "safe_account", stage, false)
		near := d.Advice(detector.Scam, "safe_account", stage, true)
		if len(own) == 0 || len(own) > 5 || len(near) == 0 || len(near) > 5 {
			t.Errorf("%s: %v, %v", stage, own, near)
		}
	}
	if own, near := d.Advice(detector.Scam, "", detector.SentMoney, false), d.Advice(detector.Scam, "", detector.SentMoney, true); slices.Equal(own, near) {
		t.Error("a relative's steps are the person's own")
	}
}

func TestADirectoryAddsRulesAndItsMistakesAreNamed(t *testing.T) {
	rule := `
[[rule]]
id = "story.local_lottery"
kind = "story"
weight = 4
schemes = ["prize_lottery"]
ru = ["лотерея цирка"]
kk = ["цирк лотереясы"]
match_ru = ["Лотерея цирка ждёт вас"]
match_kk = ["Цирк лотереясы сізді күтеді"]
reject_ru = ["Цирк приехал"]
reject_kk = ["Цирк келді"]
`
	d, err := detector.New(detector.Config{Rules: dir(rule)})
	if err != nil {
		t.Fatal(err)
	}
	if v := d.Check("Лотерея цирка: вы прошли"); v.Level == detector.NoSigns || v.Scheme != "prize_lottery" {
		t.Errorf("the added rule is not heard: %s %s", v.Level, v.Scheme)
	}
	_, err = detector.New(detector.Config{Rules: dir(strings.Replace(rule, "prize_lottery", "no_such_scheme", 1))})
	if err == nil || !strings.Contains(err.Error(), "local.toml:3") {
		t.Errorf("the mistake is not named: %v", err)
	}
	for _, mistake := range []struct{ line, instead, want string }{
		{"weight = 4", "weight = nan", "log-odds"},
		{`ru = ["лотерея цирка"]`, `ru = ["лотерея цирка & <links>"]`, `unknown mark "links"`},
		{"weight = 4", "weight = 4\nwants = \"tell_joke\"", `unknown wants "tell_joke"`},
		{`kind = "story"`, "kind = \"intent\"\nintent = \"joke\"", `unknown intent "joke"`},
	} {
		_, err := detector.New(detector.Config{Rules: dir(strings.Replace(rule, mistake.line, mistake.instead, 1))})
		if err == nil || !strings.Contains(err.Error(), "local.toml:3: rule story.local_lottery: ") || !strings.Contains(err.Error(), mistake.want) {
			t.Errorf("%s: %v", mistake.instead, err)
		}
	}
	_, err = detector.New(detector.Config{Rules: dir(strings.NewReplacer("\n", "\n  ", "prize_lottery", "no_such_scheme").Replace(rule))})
	if err == nil || !strings.Contains(err.Error(), "local.toml:3") {
		t.Errorf("the mistake of an indented rule is not named: %v", err)
	}
	if _, err := detector.New(detector.Config{Rules: dir("\ufeff" + strings.ReplaceAll(rule, "\n", "\r\n"))}); err != nil {
		t.Errorf("as Windows writes it: %v", err)
	}
}

func FuzzCheck(f *testing.F) {
	for _, seed := range []string{"", "Назовите код", "\u202e4242 4242\u200b4242 4242", "**21*+77000000000#", "https://kaspi.kz@evil.top/%ff", "\xff\xfe", "к.о.д из смс"} {
		f.Add(seed)
	}
	d := newDetector(f)
	f.Fuzz(func(t *testing.T, message string) {
		v := d.Check(message)
		if v.Score < 0 || v.Score > 1 || v.Level == "" || len(v.Advice) == 0 {
			t.Errorf("%q: %+v", message, v)
		}
		for _, s := range v.Signals {
			if utf8.ValidString(message) && !utf8.ValidString(v.Quote(s)) {
				t.Errorf("%q: quote of %s breaks a letter", message, s.Rule.ID)
			}
		}
	})
}

func dir(rule string) []fs.FS {
	return []fs.FS{fstest.MapFS{"local.toml": {Data: []byte(rule)}}}
}

// What is quoted leads nowhere, not even by the name of a file.
func TestNamesOfProgramsLeadNowhere(t *testing.T) {
	v := newDetector(t).Check("Установите pay-kaspi.top.apk сейчас")
	for _, s := range v.Signals {
		if quote := v.Quote(s); strings.Contains(quote, "kaspi.top") {
			t.Errorf("%s quotes %q", s.Rule.ID, quote)
		}
	}
	if len(v.Signals) == 0 {
		t.Error("nothing is quoted")
	}
}
