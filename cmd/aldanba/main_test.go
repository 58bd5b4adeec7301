package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// aldanba runs the program in process: exit code, standard output and error.
func aldanba(t *testing.T, stdin string, args ...string) (code int, out, errOut string) {
	t.Helper()
	name := filepath.Join(t.TempDir(), "stdin")
	if err := os.WriteFile(name, []byte(stdin), 0o600); err != nil {
		t.Fatal(err)
	}
	in, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	var stdout, stderr bytes.Buffer
	code = run(context.Background(), args, in, &stdout, &stderr)
	return code, stdout.String(), stderr.String()
}

func TestHelpListsEveryCommand(t *testing.T) {
	for _, args := range [][]string{{"--help"}, {}} {
		code, out, _ := aldanba(t, "", args...)
		if code != 0 {
			t.Errorf("%v exits with %d", args, code)
		}
		for _, command := range []string{"chat", "serve", "backup", "restore", "check", "eval", "prompt", "stem", "lang", "rules", "contacts", "ALDANBA_RULES", "ALDANBA_CONTACTS"} {
			if !strings.Contains(out, command) {
				t.Errorf("%v does not name %s:\n%s", args, command, out)
			}
		}
	}
}

func TestWrongCommandLinesGetASentence(t *testing.T) {
	for _, args := range [][]string{{"chekc"}, {"check", "--no-such-flag"}, {"stem"}, {"stem", "--lang", "en"}, {"eval"}, {"chat", "--papers", "/no/such/place"}} {
		code, _, errOut := aldanba(t, "", args...)
		if code != 2 || !strings.HasPrefix(errOut, "aldanba: ") {
			t.Errorf("%v: exit %d, %q", args, code, errOut)
		}
	}
}

func TestWrongSettingsGetASentence(t *testing.T) {
	empty, broken, mute := t.TempDir(), t.TempDir(), t.TempDir()
	rules := filepath.Join(broken, "mine.toml")
	if err := os.WriteFile(rules, []byte("[[rule]]\nid = \"x\"\nkind = \"tale\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	noSentence := "[[rule]]\nid = \"x\"\nkind = \"story\"\nreason = \"no_such_sentence\"\nru = [\"цирк\"]\nkk = [\"цирк\"]\n" +
		"match_ru = [\"цирк\"]\nmatch_kk = [\"цирк\"]\nreject_ru = [\"парк\"]\nreject_kk = [\"парк\"]\n"
	if err := os.WriteFile(filepath.Join(mute, "mine.toml"), []byte(noSentence), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ variable, value, want string }{
		{"ALDANBA_RULES", filepath.Join(empty, "missing"), "ALDANBA_RULES"},
		{"ALDANBA_RULES", rules, "not a directory"},
		{"ALDANBA_RULES", broken, `mine.toml:2: rule x: unknown kind "tale"`},
		{"ALDANBA_RULES", mute, `mine.toml:2: rule x: there is no reason "no_such_sentence"`},
		{"ALDANBA_CONTACTS", filepath.Join(empty, "missing"), "ALDANBA_CONTACTS"},
	} {
		t.Run(c.variable+" "+c.want, func(t *testing.T) {
			t.Setenv(c.variable, c.value)
			code, _, errOut := aldanba(t, "", "check", "привет, как дела у вас сегодня")
			if code != 1 || !strings.Contains(errOut, c.want) || strings.Contains(errOut, "goroutine") {
				t.Errorf("exit %d, %q", code, errOut)
			}
			t.Setenv("TELEGRAM_BOT_TOKEN", testToken)
			if code, _, errOut := aldanba(t, "", "serve", "--check"); code != 1 || !strings.Contains(errOut, c.want) {
				t.Errorf("serve --check: exit %d, %q", code, errOut)
			}
		})
	}
}

func TestCheckTakesTextFilesAndStandardInput(t *testing.T) {
	message := "Служба безопасности банка, назовите код из SMS и переведите деньги на безопасный счёт"
	file := filepath.Join(t.TempDir(), "message.txt")
	if err := os.WriteFile(file, []byte(message), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, run := range map[string]func() (int, string, string){
		"words": func() (int, string, string) {
			return aldanba(t, "", append([]string{"check", "--json"}, strings.Fields(message)...)...)
		},
		"file":           func() (int, string, string) { return aldanba(t, "", "check", "--json", file) },
		"standard input": func() (int, string, string) { return aldanba(t, message, "check", "--json") },
	} {
		code, out, errOut := run()
		var r result
		if err := json.Unmarshal([]byte(out), &r); code != 0 || err != nil || r.Verdict != "scam" {
			t.Errorf("%s: exit %d, %v, %s%s", name, code, err, out, errOut)
		}
	}
}

func TestCheckRefusesWhatIsNoMessage(t *testing.T) {
	dir := t.TempDir()
	for _, args := range [][]string{{"check", dir}, {"check", filepath.Join(dir, "missing.txt")}} {
		if code, out, errOut := aldanba(t, "", args...); code != 1 || out != "" || !strings.HasPrefix(errOut, "aldanba: ") {
			t.Errorf("%v: exit %d, %q, %q", args, code, out, errOut)
		}
	}
	program := filepath.Join(dir, "program")
	if err := os.WriteFile(program, []byte("\x7fELF\x00\x00\x00\xff\xfe\x00код\x00банк\x00"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, out, _ := aldanba(t, "", "check", "--json", program); !strings.Contains(out, `"verdict":"unreadable"`) {
		t.Errorf("a program is judged: %s", out)
	}
}

func TestAMarkBeforeTheFirstLineIsNoMistake(t *testing.T) {
	code, out, _ := aldanba(t, "\ufeff"+`{"id":1,"text":"привет, как дела у вас"}`, "check", "--jsonl")
	if code != 0 || !strings.Contains(out, `"id":1`) {
		t.Errorf("exit %d: %s", code, out)
	}
}

func TestCheckForPeopleSpeaksTheLanguageOfTheMessage(t *testing.T) {
	_, ru, _ := aldanba(t, "", "check", "Служба безопасности банка, назовите код из SMS, переведите деньги на безопасный счёт")
	_, kk, _ := aldanba(t, "", "check", "Банктің қауіпсіздік қызметі, SMS-кодты айтыңыз, ақшаңызды қауіпсіз шотқа аударыңыз")
	if !strings.Contains(ru, "Что делать") || !strings.Contains(kk, "Не істеу керек") {
		t.Errorf("ru:\n%s\nkk:\n%s", ru, kk)
	}
	_, chosen, _ := aldanba(t, "", "check", "--lang", "kk", "Служба безопасности банка, назовите код из SMS, переведите деньги на безопасный счёт")
	if !strings.Contains(chosen, "Не істеу керек") {
		t.Errorf("asked for Kazakh:\n%s", chosen)
	}
}

func TestLinesAreAnsweredInOrderAndBadOnesInTheirPlace(t *testing.T) {
	var in strings.Builder
	const lines = 3000
	for i := range lines {
		switch {
		case i == 7:
			in.WriteString("{not json\n")
		case i == 8:
			in.WriteString(`{"id":8}` + "\n")
		case i == 9:
			in.WriteString(`{"id":"nine","text":["a"]}` + "\n")
		case i == 10:
			in.WriteString(`{"id":10,"text":"` + strings.Repeat("а", maxLine) + `"}` + "\n")
		case i == 11:
			in.WriteString("\n")
		default:
			fmt.Fprintf(&in, `{"id":%d,"text":"назовите код из смс, сообщение номер %d"}`+"\n", i, i)
		}
	}
	code, out, _ := aldanba(t, in.String(), "check", "--jsonl")
	if code != 1 {
		t.Errorf("exit %d after bad lines, want 1", code)
	}
	answers := strings.Split(strings.TrimSuffix(out, "\n"), "\n")
	if len(answers) != lines {
		t.Fatalf("%d answers to %d lines", len(answers), lines)
	}
	for i, answer := range answers {
		var got struct {
			ID      json.RawMessage `json:"id"`
			Verdict string          `json:"verdict"`
			Error   string          `json:"error"`
		}
		if err := json.Unmarshal([]byte(answer), &got); err != nil {
			t.Fatalf("answer %d is no JSON: %s", i, answer)
		}
		bad := i >= 7 && i <= 11
		if bad != (got.Error != "") || bad == (got.Verdict != "") {
			t.Errorf("answer %d: %s", i, answer)
		}
		if want := fmt.Sprint(i); !bad && string(got.ID) != want {
			t.Fatalf("answer %d has the id %s", i, got.ID)
		}
	}
	if !strings.Contains(answers[9], `"id":"nine"`) || !strings.Contains(answers[8], `"id":8`) {
		t.Errorf("the id of a bad line is lost: %s %s", answers[8], answers[9])
	}
}

func TestLinesWithoutMistakesExitWithZero(t *testing.T) {
	code, out, _ := aldanba(t, `{"id":"a","text":"қалайсың, бауырым, не жаңалық бар"}`, "check", "--jsonl")
	var fields map[string]any
	if err := json.Unmarshal([]byte(out), &fields); code != 0 || err != nil {
		t.Fatalf("exit %d, %v, %s", code, err, out)
	}
	for _, name := range []string{"id", "verdict", "score", "scheme", "schemes", "stage", "lang", "signals", "entities", "advice"} {
		if _, ok := fields[name]; !ok {
			t.Errorf("the field %s is missing: %s", name, out)
		}
	}
}

func TestStemAndLangAnswerEveryLine(t *testing.T) {
	_, stems, _ := aldanba(t, "картаңызды\nақшаны\n", "stem", "--lang", "kk")
	if lines := strings.Split(stems, "\n"); len(lines) != 3 || !strings.HasPrefix(lines[0], "картаңызды\t") {
		t.Errorf("stem: %q", stems)
	}
	_, langs, _ := aldanba(t, "переведите деньги на счёт\nақшаны аударыңыз\nhello my dear friend\n", "lang")
	if langs != "ru\tпереведите деньги на счёт\nkk\tақшаны аударыңыз\nother\thello my dear friend\n" {
		t.Errorf("lang: %q", langs)
	}
}

func TestALineOverTheLimitIsNamed(t *testing.T) {
	for _, args := range [][]string{{"lang"}, {"stem", "--lang", "kk"}} {
		code, out, errOut := aldanba(t, "сөз\n"+strings.Repeat("а", maxLine)+"\n", args...)
		if code != 1 || !strings.Contains(errOut, "line 2: the line is longer than 1 MiB") || strings.Count(out, "\n") != 1 {
			t.Errorf("%v: exit %d, %q, %d bytes of answers", args, code, errOut, len(out))
		}
	}
}

func TestEvalRefusesWhatItCannotMeasure(t *testing.T) {
	file := filepath.Join(t.TempDir(), "labelled.jsonl")
	if err := os.WriteFile(file, []byte(`{"text":"назовите код из SMS","label":"spam"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		args []string
		want string
	}{
		{[]string{"eval", file}, "no message labelled scam or ham"},
		{[]string{"eval", "--split", "test", file}, "of the split test"},
		{[]string{"eval", "--record", file + ".replies", file}, "they go with --judge"},
	} {
		if code, _, errOut := aldanba(t, "", test.args...); code != 1 || !strings.Contains(errOut, test.want) {
			t.Errorf("%v: exit %d, %q", test.args, code, errOut)
		}
	}
}

// broken is an output whose every writing is a defect of the program.
type broken struct{}

func (broken) Write([]byte) (int, error) { panic("a defect") }

func TestADefectIsNeverTakenForSuccess(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("the defect was hidden")
		}
	}()
	code := run(t.Context(), []string{"contacts"}, nil, broken{}, io.Discard)
	t.Errorf("the defect ended with exit code %d", code)
}

func TestEvalPrintsTablesAndJSON(t *testing.T) {
	file := filepath.Join(t.TempDir(), "labelled.jsonl")
	corpus := `{"id":"1","text":"Служба безопасности банка, назовите код из SMS, переведите на безопасный счёт","label":"scam","lang":"ru","scheme":"safe_account"}
{"id":2,"text":"Мам, купи хлеба по дороге домой, пожалуйста","label":"ham","lang":"ru"}
`
	if err := os.WriteFile(file, []byte(corpus), 0o600); err != nil {
		t.Fatal(err)
	}
	code, out, errOut := aldanba(t, "", "eval", file)
	if code != 0 || !strings.Contains(out, "safe_account") || !strings.Contains(out, "Brier") {
		t.Errorf("exit %d:\n%s%s", code, out, errOut)
	}
	if code, out, _ := aldanba(t, "", "eval", "--mistakes=-1", file); code != 0 || !strings.Contains(out, "Brier") {
		t.Errorf("fewer mistakes than none: exit %d:\n%s", code, out)
	}
	code, out, _ = aldanba(t, "", "eval", "--json", file)
	var report struct {
		Overall struct {
			Scams   int `json:"scams"`
			Caught  int `json:"caught"`
			Genuine int `json:"genuine"`
			Alarms  int `json:"alarms"`

			Recall    float64 `json:"recall"`
			Precision float64 `json:"precision"`
		} `json:"overall"`
		Mistakes []any `json:"mistakes"`
	}
	if err := json.Unmarshal([]byte(out), &report); code != 0 || err != nil {
		t.Fatalf("exit %d, %v: %s", code, err, out)
	}
	if o := report.Overall; o.Scams != 1 || o.Caught != 1 || o.Genuine != 1 || o.Alarms != 0 || o.Recall != 1 || o.Precision != 1 {
		t.Errorf("%+v", o)
	}
	if report.Mistakes == nil || len(report.Mistakes) > 0 {
		t.Errorf("no mistakes are written as an empty list, not as %v", report.Mistakes)
	}
	if err := os.WriteFile(file, []byte("\ufeff"+strings.ReplaceAll(corpus, "\n", "\r\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, errOut := aldanba(t, "", "eval", file); code != 0 {
		t.Errorf("as Windows writes it: exit %d, %s", code, errOut)
	}
	if err := os.WriteFile(file, []byte(corpus+`{"label":"ham","text":"`+strings.Repeat("x", 1<<20)+"\"}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, errOut := aldanba(t, "", "eval", file); code != 1 || !strings.Contains(errOut, "labelled.jsonl:3: the line is longer") {
		t.Errorf("a giant line: exit %d, %q", code, errOut)
	}
	if err := os.WriteFile(file, []byte(corpus+"{broken\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, errOut = aldanba(t, "", "eval", file); code != 1 || !strings.Contains(errOut, "labelled.jsonl:3") {
		t.Errorf("a broken line: exit %d, %q", code, errOut)
	}
}

func TestRulesShowAndContacts(t *testing.T) {
	_, list, _ := aldanba(t, "", "rules", "list")
	var id string
	if lines := strings.Split(list, "\n"); len(lines) > 2 {
		id = strings.Fields(lines[1])[0]
	}
	if code, out, _ := aldanba(t, "", "rules", "show", id); code != 0 || !strings.Contains(out, "must match:") {
		t.Errorf("rules show %q: exit %d\n%s", id, code, out)
	}
	if code, _, errOut := aldanba(t, "", "rules", "show", "no.such"); code != 1 || !strings.Contains(errOut, "no.such") {
		t.Errorf("an unknown rule: exit %d, %q", code, errOut)
	}
	if code, out, _ := aldanba(t, "", "contacts"); code != 0 || !strings.Contains(out, "102") || !strings.Contains(out, "no, call to confirm") {
		t.Errorf("contacts: exit %d\n%s", code, out)
	}
}

func TestChatOverAPipe(t *testing.T) {
	code, out, errOut := aldanba(t, "Служба безопасности банка, назовите код из SMS,\nпереведите деньги на безопасный счёт\n\n2\n3\nexit\n", "chat", "--lang", "ru")
	if code != 0 || errOut != "" {
		t.Fatalf("exit %d, %q", code, errOut)
	}
	for _, want := range []string{"Здравствуйте", "🔴", "Что уже произошло?", "Вы не виноваты", "До свидания"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not said:\n%s", want, out)
		}
	}
}
