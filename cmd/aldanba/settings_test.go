package main

import (
	"bytes"
	"errors"
	"log/slog"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/caarlos0/env/v11"

	"github.com/aldanba/aldanba/bot/media"
)

const (
	testToken  = "123456789:AAcanaryTOKENcanaryTOKENcanary"
	testSecret = "canary-secret-of-at-least-thirty-two-bytes"
)

func environment(more map[string]string) map[string]string {
	all := map[string]string{"TELEGRAM_BOT_TOKEN": testToken}
	maps.Copy(all, more)
	return all
}

func TestSettingsHaveDefaultsForEverythingButTheToken(t *testing.T) {
	s, err := readSettings(environment(nil))
	if err != nil {
		t.Fatal(err)
	}
	if s.Workers != 128 || s.APIURL != "https://api.telegram.org" || s.LogLevel != slog.LevelInfo {
		t.Errorf("%+v", s)
	}
}

func TestEveryMistakeIsToldInASentenceWithoutTheValue(t *testing.T) {
	for name, test := range map[string]struct {
		set  map[string]string
		want string
	}{
		"no token":               {map[string]string{"TELEGRAM_BOT_TOKEN": ""}, "TELEGRAM_BOT_TOKEN is missing"},
		"no token but a word":    {map[string]string{"TELEGRAM_BOT_TOKEN": "canary"}, "TELEGRAM_BOT_TOKEN is not a token"},
		"token in quotes":        {map[string]string{"TELEGRAM_BOT_TOKEN": `"` + testToken + `"`}, "without quotes, spaces or a word before it"},
		"token and a space":      {map[string]string{"TELEGRAM_BOT_TOKEN": testToken + " "}, "TELEGRAM_BOT_TOKEN is not a token"},
		"token with a star":      {map[string]string{"TELEGRAM_BOT_TOKEN": testToken + "*"}, "TELEGRAM_BOT_TOKEN is not a token"},
		"bot before the token":   {map[string]string{"TELEGRAM_BOT_TOKEN": "bot" + testToken}, "TELEGRAM_BOT_TOKEN is not a token"},
		"API with a query":       {map[string]string{"TELEGRAM_API_URL": "https://api.example/?canary"}, "TELEGRAM_API_URL is not"},
		"API without a scheme":   {map[string]string{"TELEGRAM_API_URL": "canary.example"}, "TELEGRAM_API_URL is not"},
		"webhook without secret": {map[string]string{"TELEGRAM_WEBHOOK_URL": "https://bot.example/canary"}, "TELEGRAM_WEBHOOK_SECRET must have"},
		"webhook without https":  {map[string]string{"TELEGRAM_WEBHOOK_URL": "http://bot.example/canary", "TELEGRAM_WEBHOOK_SECRET": strings.Repeat("x", 16)}, "TELEGRAM_WEBHOOK_URL must begin with https"},
		"webhook at a port":      {map[string]string{"TELEGRAM_WEBHOOK_URL": "https://bot.example:9000/canary", "TELEGRAM_WEBHOOK_SECRET": strings.Repeat("x", 16)}, "443, 80, 88 or 8443"},
		"webhook is no address":  {map[string]string{"TELEGRAM_WEBHOOK_URL": "canary", "TELEGRAM_WEBHOOK_SECRET": strings.Repeat("x", 16)}, "TELEGRAM_WEBHOOK_URL is not"},
		"secret without webhook": {map[string]string{"TELEGRAM_WEBHOOK_SECRET": "canarycanarycanary"}, "without TELEGRAM_WEBHOOK_URL"},
		"no port":                {map[string]string{"LISTEN_ADDR": "canary"}, "LISTEN_ADDR is not host:port"},
		"Redis without secret":   {map[string]string{"REDIS_URL": "redis://:canary@localhost:1"}, "ALDANBA_SECRET is missing"},
		"Redis at no address":    {map[string]string{"REDIS_URL": "canary", "ALDANBA_SECRET": strings.Repeat("x", 32)}, "REDIS_URL: "},
		"Redis with an option":   {map[string]string{"REDIS_URL": "redis://localhost?canary=1", "ALDANBA_SECRET": strings.Repeat("x", 32)}, "an option in REDIS_URL is not known"},
		"memory in a file":       {map[string]string{"ALDANBA_DATA": "settings_test.go"}, "ALDANBA_DATA names a file"},
		"no such listener":       {map[string]string{"ALDANBA_TRANSCRIBE_CMD": "/canary ru"}, "ALDANBA_TRANSCRIBE_CMD names no program"},
		"listener in a quote":    {map[string]string{"ALDANBA_TRANSCRIBE_CMD": "cat 'canary"}, "a quote in it is not closed"},
		"no such reader":         {map[string]string{"ALDANBA_TESSERACT": "/canary"}, "ALDANBA_TESSERACT names no program"},
		"short secret":           {map[string]string{"ALDANBA_SECRET": "canary"}, "ALDANBA_SECRET is too short"},
		"short old secret":       {map[string]string{"ALDANBA_OLD_SECRET": "canary"}, "ALDANBA_OLD_SECRET is too short"},
		"workers are no number":  {map[string]string{"ALDANBA_WORKERS": "canary"}, "ALDANBA_WORKERS cannot be read: it is to be a whole number"},
		"time without a unit":    {map[string]string{"ALDANBA_DRAIN": "10canary"}, "ALDANBA_DRAIN cannot be read: it is to be a time"},
		"unknown level":          {map[string]string{"LOG_LEVEL": "canary"}, "LOG_LEVEL cannot be read: it is to be DEBUG"},
		"unknown format":         {map[string]string{"LOG_FORMAT": "canary"}, "LOG_FORMAT is text or json"},
		"no workers":             {map[string]string{"ALDANBA_WORKERS": "0"}, "ALDANBA_WORKERS must be"},
		"files in no time":       {map[string]string{"ALDANBA_FILE_TIME": "0s"}, "must be longer than nothing"},
		"port out of range":      {map[string]string{"LISTEN_ADDR": "127.0.0.1:99999"}, "LISTEN_ADDR has no port"},
		"webhook on our page":    {map[string]string{"TELEGRAM_WEBHOOK_URL": "https://canary.example/metrics", "TELEGRAM_WEBHOOK_SECRET": strings.Repeat("x", 16)}, "TELEGRAM_WEBHOOK_URL has the path"},
		"waits backwards":        {map[string]string{"ALDANBA_CASE_WAIT": "-1s"}, "ALDANBA_CASE_WAIT must be"},
		"waits for an hour":      {map[string]string{"ALDANBA_CASE_WAIT": "1h"}, "ALDANBA_CASE_WAIT must be"},
		"negative rate":          {map[string]string{"ALDANBA_SEND_RATE": "-1"}, "must be at least 1"},
		"fallback of nothing":    {map[string]string{"OPENAI_FALLBACK_MODEL": "canary"}, "OPENAI_FALLBACK_MODEL is set without"},
		"judge without a key":    {map[string]string{"OPENAI_MODEL": "canary"}, "OPENAI_API_KEY is missing"},
		"vision without a key":   {map[string]string{"OPENAI_VISION_MODEL": "canary"}, "OPENAI_API_KEY is missing"},
		"voice without a key":    {map[string]string{"OPENAI_TRANSCRIBE_MODEL": "canary", "OPENAI_BASE_URL": "https://api.openai.com/v1/"}, "OPENAI_API_KEY is missing"},
		"judge with a query":     {map[string]string{"OPENAI_MODEL": "canary", "OPENAI_BASE_URL": "https://ai.example/v1?canary"}, "OPENAI_BASE_URL is not"},
		"judge at no address":    {map[string]string{"OPENAI_MODEL": "canary", "OPENAI_BASE_URL": "canary"}, "OPENAI_BASE_URL is not"},
		"second of one":          {map[string]string{"OPENAI_MODEL": "canary", "ALDANBA_LLM_SECOND_OPINION": "true"}, "ALDANBA_LLM_SECOND_OPINION is set without"},
		"an hour for an answer":  {map[string]string{"OPENAI_MODEL": "canary", "ALDANBA_LLM_TIMEOUT": "1h"}, "ALDANBA_LLM_TIMEOUT must be"},
		"no questions":           {map[string]string{"OPENAI_MODEL": "canary", "ALDANBA_LLM_CONCURRENCY": "0"}, "ALDANBA_LLM_CONCURRENCY must be"},
		"a word in reply":        {map[string]string{"OPENAI_MODEL": "canary", "ALDANBA_LLM_MAX_OUTPUT": "1"}, "ALDANBA_LLM_MAX_OUTPUT must be"},
		"tokens owed":            {map[string]string{"OPENAI_MODEL": "canary", "ALDANBA_LLM_TOKENS_PER_DAY": "-1"}, "must not be negative"},
		"price is no number":     {map[string]string{"ALDANBA_LLM_PRICE_IN": "canary"}, "ALDANBA_LLM_PRICE_IN cannot be read: it is to be a number"},
		"price is NaN":           {map[string]string{"OPENAI_MODEL": "canary", "ALDANBA_LLM_PRICE_OUT": "NaN"}, "ALDANBA_LLM_PRICE_IN and ALDANBA_LLM_PRICE_OUT"},
		"neither yes nor no":     {map[string]string{"ALDANBA_LLM_SECOND_OPINION": "canary"}, "cannot be read: it is to be true or false"},
		"prompts in no place":    {map[string]string{"OPENAI_MODEL": "canary", "ALDANBA_PROMPTS": "/canary"}, "ALDANBA_PROMPTS names no directory"},
		"vision without address": {map[string]string{"OPENAI_VISION_MODEL": "canary", "OPENAI_BASE_URL": "canary"}, "OPENAI_BASE_URL is not"},
	} {
		_, err := readSettings(environment(test.set))
		if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAllMistakesAreToldAtOnce(t *testing.T) {
	_, err := readSettings(map[string]string{"LOG_FORMAT": "xml", "LISTEN_ADDR": "here"})
	for _, want := range []string{"TELEGRAM_BOT_TOKEN", "LOG_FORMAT", "LISTEN_ADDR"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s is not told: %v", want, err)
		}
	}
}

// A server of one's own behind a proxy wants a webhook of another kind.
func TestAServerOfOnesOwnMayDeliverAnywhere(t *testing.T) {
	for _, address := range []string{"http://bot.example:9000/hook", "https://bot.example/hook", "http://127.0.0.1/hook"} {
		if _, err := readSettings(environment(map[string]string{
			"TELEGRAM_API_URL": "http://127.0.0.1:8081", "TELEGRAM_WEBHOOK_URL": address, "TELEGRAM_WEBHOOK_SECRET": strings.Repeat("x", 16),
		})); err != nil {
			t.Errorf("%s: %v", address, err)
		}
	}
}

// The README lists every setting with what holds without it, and nothing else.
func TestTheReadmeListsEverySetting(t *testing.T) {
	readme, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]string{}
	for line := range strings.Lines(string(readme)) {
		cells := strings.Split(strings.TrimSpace(line), "|")
		for _, name := range regexp.MustCompile("`([A-Z]+_[A-Z_]+)`").FindAllStringSubmatch(cells[min(1, len(cells)-1)], -1) {
			if len(cells) == 5 {
				rows[name[1]] = cells[3]
			}
		}
	}
	fields, err := env.GetFieldParams(&settings{})
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{"ALDANBA_RULES": true, "ALDANBA_CONTACTS": true}
	for _, field := range fields {
		known[field.Key] = true
		row, ok := rows[field.Key]
		if !ok {
			t.Errorf("the README does not list %s", field.Key)
		}
		if !strings.Contains(row, field.DefaultValue) {
			t.Errorf("the README says %q of %s, which is %q without a setting", row, field.Key, field.DefaultValue)
		}
	}
	for name := range rows {
		if !known[name] {
			t.Errorf("the README lists %s, which is no setting", name)
		}
	}
}

// What the program is packed with and run by names settings that there are.
func TestPackagesNameSettingsThatThereAre(t *testing.T) {
	for path, wanted := range map[string][]string{
		"../../Dockerfile":   {"ALDANBA_DATA", "LISTEN_ADDR", "LOG_FORMAT"},
		"../../compose.yaml": {"TELEGRAM_BOT_TOKEN", "ALDANBA_SECRET", "REDIS_URL"},
		"aldanba.service":    {"ALDANBA_DATA"},
	} {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		named := regexp.MustCompile(`\b(ALDANBA|TELEGRAM|OPENAI|REDIS|LISTEN|LOG)_[A-Z_]+`).FindAllString(string(text), -1)
		for _, name := range named {
			if !slices.Contains(settingNames(), name) {
				t.Errorf("%s names %s, which is no setting", path, name)
			}
		}
		for _, name := range wanted {
			if !slices.Contains(named, name) {
				t.Errorf("%s does not name %s", path, name)
			}
		}
	}
}

func TestCheckSaysWhatIsOnAndWhatIsOff(t *testing.T) {
	check := func(environ map[string]string) string {
		t.Helper()
		for name, value := range environ {
			t.Setenv(name, value)
		}
		code, out, errOut := aldanba(t, "", "serve", "--check")
		if code != 0 || errOut != "" {
			t.Fatalf("exit %d, %q", code, errOut)
		}
		return out
	}
	dir := filepath.Join(t.TempDir(), "memory")
	out := check(environment(map[string]string{"ALDANBA_DATA": dir, "ALDANBA_TESSERACT": "off"}))
	for _, want := range []string{
		"on:  Telegram at https://api.telegram.org\n", "on:  health and metrics on 127.0.0.1:8080\n", "off: webhook", "off: Redis (REDIS_URL); memory in " + dir + "\n",
		"off: judge", "off: pictures by a service", "off: voice by a service", "off: voice by a program", "off: the text of pictures by tesseract",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not told:\n%s", want, out)
		}
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("a check makes a memory")
	}
	out = check(map[string]string{
		"TELEGRAM_API_URL": "https://bot:canary@api.example", "TELEGRAM_WEBHOOK_URL": "https://bot.example/hook", "TELEGRAM_WEBHOOK_SECRET": "canary_webhook_secret",
		"REDIS_URL": "redis-sentinel://bot:canary@a:1,b:2/main", "ALDANBA_SECRET": testSecret, "OPENAI_BASE_URL": "http://bot:canary@ai.example/v1",
		"OPENAI_MODEL": "thinks", "OPENAI_VISION_MODEL": "sees", "OPENAI_TRANSCRIBE_MODEL": "hears", "ALDANBA_TRANSCRIBE_CMD": "cat",
		"ALDANBA_RULES": t.TempDir(), "ALDANBA_CASE_WIAT": "canary", "TELEGRAM_TOKEN": "canary",
	})
	for _, want := range []string{
		"on:  Telegram at https://bot:xxxxx@api.example\n", "on:  webhook, listening on 127.0.0.1:8080\n", "on:  memory in Redis\n",
		"on:  judge thinks at http://bot:xxxxx@ai.example/v1", "on:  pictures by the service", "on:  voice by a program",
		"off: voice by a service although OPENAI_TRANSCRIBE_MODEL is set: the program of ALDANBA_TRANSCRIBE_CMD listens here",
		"on:  further rule packs", "?    ALDANBA_CASE_WIAT is no setting", "?    TELEGRAM_TOKEN is no setting",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not told:\n%s", want, out)
		}
	}
	if strings.Contains(out, "canary") {
		t.Errorf("a secret is told:\n%s", out)
	}
}

func TestSecretsNeverReachTheLog(t *testing.T) {
	s, err := readSettings(environment(map[string]string{
		"ALDANBA_SECRET": testSecret, "OPENAI_API_KEY": "canary-key-of-the-service",
		"REDIS_URL":       "redis-sentinel://bot:canary-password@a:1,b:2/main?sentinel_password=canary-of-sentinel",
		"OPENAI_BASE_URL": "https://bot:canary-of-a-proxy@ai.example/v1", "TELEGRAM_API_URL": "https://bot:canary-of-another@api.example",
		"TELEGRAM_WEBHOOK_URL": "https://bot.example/", "TELEGRAM_WEBHOOK_SECRET": "canary_webhook_secret",
	}))
	if err != nil {
		t.Fatal(err)
	}
	if n := len(s.secrets()); n != 8 {
		t.Fatalf("%d secrets are known", n)
	}
	for _, format := range []string{"text", "json"} {
		var out bytes.Buffer
		log := newLog(&out, slog.LevelDebug, format, s.secrets())
		for _, secret := range append(s.secrets(), "AAcanaryTOKENcanaryTOKENcanary") {
			log.Info("a message with "+secret, "value", secret, "error", &url.Error{Op: "Post", URL: "https://api.example/bot" + secret + "/getMe", Err: errors.New(secret)})
			log.With("with", secret).WithGroup(secret[:3]).Warn("grouped", slog.Group("inner", "value", secret))
		}
		if strings.Contains(strings.ToLower(out.String()), "canary") {
			t.Errorf("%s: a secret is in the log:\n%s", format, out.String())
		}
		if !strings.Contains(out.String(), "[secret]") {
			t.Errorf("%s: nothing was replaced, so the test shows nothing", format)
		}
	}
	for _, line := range s.describe(media.Means{Vision: true, Speech: true}) {
		if strings.Contains(line, "canary") {
			t.Errorf("a secret is described: %s", line)
		}
	}
}
