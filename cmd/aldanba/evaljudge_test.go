package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aldanba/aldanba/detector/judge/judgetest"
)

// labelled writes a small corpus of messages that nobody can be sure about,
// and of one that everybody is.
func labelled(t *testing.T) string {
	t.Helper()
	var lines []string
	for _, m := range []struct{ text, label, lang string }{
		{salonRU, "ham", "ru"}, {songKK, "ham", "kk"}, {callRU, "scam", "ru"}, {notaryKK, "scam", "kk"}, {moneyRU, "scam", "ru"},
		{"DOWN " + salonRU, "ham", "ru"},
	} {
		line, err := json.Marshal(map[string]string{"text": m.text, "label": m.label, "lang": m.lang})
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, string(line))
	}
	name := filepath.Join(t.TempDir(), "corpus.jsonl")
	if err := os.WriteFile(name, []byte(strings.Join(lines, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestEvalRecordsAJudgeAndPlaysItAgain(t *testing.T) {
	s := judgetest.Start(t, opinions(nil))
	for name, value := range with(judged(s), "ALDANBA_LLM_PRICE_IN", "1", "ALDANBA_LLM_PRICE_OUT", "4") {
		t.Setenv(name, value)
	}
	corpus, replies := labelled(t), filepath.Join(t.TempDir(), "replies.jsonl")
	code, live, errOut := doubtingly(t, "", "eval", "--judge", "--record", replies, corpus)
	if code != 0 {
		t.Fatalf("exit %d, %s", code, errOut)
	}
	for _, want := range []string{
		"6 messages, the judge was asked about 5 and gave an opinion on 4.",
		"changed 4 verdicts for the better (lowered 2, raised 2), 0 for the worse, and left 0 as they were.",
		"Requests: 5 (answered 4, failed 1); 10000 tokens in, 600 out, cost 0.0124, 2.48 for a thousand.",
		"is ham, judged suspicious (0.52): locally suspicious (0.52), without the judge",
	} {
		if !strings.Contains(live, want) {
			t.Errorf("it is not said: %s\n%s", want, live)
		}
	}
	data, err := os.ReadFile(replies)
	if err != nil || strings.Count(string(data), "\n") != 4 || strings.Contains(string(data), "Лейле") || strings.Contains(string(data), serviceKey) {
		t.Errorf("kept: %s, %v", data, err)
	}
	before := len(s.Requests())
	t.Setenv("OPENAI_BASE_URL", "http://127.0.0.1:1/v1")
	t.Setenv("OPENAI_MODEL", "") // the file names it
	code, again, errOut := doubtingly(t, "", "eval", "--judge", "--replay", replies, corpus)
	if code != 0 || len(s.Requests()) != before {
		t.Fatalf("exit %d, %s", code, errOut)
	}
	table := func(out string) string { return out[:strings.Index(out, "Requests:")] }
	if table(again) != table(live) || !strings.Contains(again, "1 replies are not in the file") {
		t.Errorf("recorded:\n%s\nplayed:\n%s", live, again)
	}
	code, out, _ := doubtingly(t, "", "eval", "--json", "--judge", "--replay", replies, corpus)
	var run struct {
		Asked, Answered, Missing, Dated int
		All                             []struct {
			Name  string
			Brier float64
		}
		Better, Worse map[string]int
		In            int      `json:"tokens_in"`
		Cost          float64  `json:"cost"`
		Median        *float64 `json:"latency_median_milliseconds"`
	}
	if err := json.Unmarshal([]byte(out), &run); code != 0 || err != nil || run.Asked != 5 || run.Answered != 4 || run.Missing != 1 || run.Dated != 0 {
		t.Errorf("exit %d, %v, %s", code, err, out)
	}
	if len(run.All) != 3 || run.All[2].Name != "fused" || run.Better["raised"] != 2 || len(run.Worse) != 0 || run.In != 10000 || run.Cost == 0 || run.Median == nil {
		t.Errorf("%+v", run)
	}
}

// A recording serves on when the prompt has been worded better, and says so;
// with a network every reply is asked for anew.
func TestARecordingOutlivesItsPrompt(t *testing.T) {
	s := judgetest.Start(t, opinions(nil))
	for name, value := range judged(s) {
		t.Setenv(name, value)
	}
	corpus, replies := labelled(t), filepath.Join(t.TempDir(), "replies.jsonl")
	record := []string{"eval", "--judge", "--record", replies, corpus}
	if code, _, errOut := doubtingly(t, "", record...); code != 0 {
		t.Fatal(errOut)
	}
	asked := len(s.Requests())
	if doubtingly(t, "", record...); len(s.Requests()) != asked+2 { // the one that failed, and its second try
		t.Errorf("%d requests, then %d", asked, len(s.Requests()))
	}
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "judge"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "judge", "system.md"), []byte("Judge the message."), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("ALDANBA_PROMPTS", dir)
	_, out, _ := doubtingly(t, "", "eval", "--judge", "--replay", replies, corpus)
	if !strings.Contains(out, "gave an opinion on 4") || !strings.Contains(out, "4 replies were given to an earlier prompt") {
		t.Error(out)
	}
	asked = len(s.Requests())
	if _, out, _ = doubtingly(t, "", record...); len(s.Requests()) != asked+6 || strings.Contains(out, "earlier prompt") {
		t.Errorf("%d requests, then %d\n%s", asked, len(s.Requests()), out)
	}
	if _, out, _ = doubtingly(t, "", "eval", "--judge", "--replay", replies, corpus); strings.Contains(out, "earlier prompt") {
		t.Errorf("the newer replies do not count:\n%s", out)
	}
}

// Heard everywhere, the judge is compared where it is not asked, and changes
// nothing there.
func TestAJudgeMayBeHeardEverywhere(t *testing.T) {
	s := judgetest.Start(t, opinions(nil))
	for name, value := range judged(s) {
		t.Setenv(name, value)
	}
	code, out, errOut := doubtingly(t, "", "eval", "--judge", "--everywhere", labelled(t))
	if code != 0 || !strings.Contains(out, "asked about 5 and gave an opinion on 4") || !strings.Contains(out, "Requests: 6 ") {
		t.Fatalf("exit %d, %s\n%s", code, errOut, out)
	}
	rows := map[string]string{}
	for line := range strings.Lines(out) {
		if row, found := strings.CutPrefix(strings.TrimSpace(line), "not asked about"); found {
			fields := strings.Fields(row)
			rows[fields[0]] = strings.Join(fields[1:], " ")
		}
	}
	if len(rows) != 3 || rows["local"] != rows["fused"] {
		t.Errorf("%q\n%s", rows, out)
	}
}

func TestEvalWithAJudgeNeedsToKnowWhich(t *testing.T) {
	corpus := labelled(t)
	for name, args := range map[string][]string{
		"OPENAI_MODEL is not set": {"eval", "--judge", corpus},
		"both":                    {"eval", "--judge", "--record", "a", "--replay", "b", corpus},
		"no judge to hear":        {"eval", "--everywhere", corpus},
	} {
		if code, out, _ := aldanba(t, "", args...); code == 0 {
			t.Errorf("%s: exit 0, %s", name, out)
		}
	}
	broken := filepath.Join(t.TempDir(), "broken.jsonl")
	if err := os.WriteFile(broken, []byte("{}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("OPENAI_MODEL", "model")
	t.Setenv("OPENAI_API_KEY", "key")
	if code, _, errOut := doubtingly(t, "", "eval", "--judge", "--replay", broken, corpus); code != 1 || !strings.Contains(errOut, "line 1 is no recorded reply") {
		t.Errorf("exit %d, %s", code, errOut)
	}
}
