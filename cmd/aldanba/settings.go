package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"os/exec"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/caarlos0/env/v11"

	"github.com/aldanba/aldanba/bot/media"
	"github.com/aldanba/aldanba/bot/store"
	"github.com/aldanba/aldanba/bot/telegram"
)

// settings are what `aldanba serve` takes from the environment. The README
// lists them in one table.
type settings struct {
	Token         string `env:"TELEGRAM_BOT_TOKEN"`
	APIURL        string `env:"TELEGRAM_API_URL" envDefault:"https://api.telegram.org"`
	WebhookURL    string `env:"TELEGRAM_WEBHOOK_URL"`
	WebhookSecret string `env:"TELEGRAM_WEBHOOK_SECRET"`
	Listen        string `env:"LISTEN_ADDR" envDefault:"127.0.0.1:8080"`

	Memory memorySettings
	Judge  judgeSettings

	OpenAIKey       string `env:"OPENAI_API_KEY"`
	OpenAIURL       string `env:"OPENAI_BASE_URL" envDefault:"https://api.openai.com/v1"`
	VisionModel     string `env:"OPENAI_VISION_MODEL"`
	TranscribeModel string `env:"OPENAI_TRANSCRIBE_MODEL"`
	TranscribeCmd   string `env:"ALDANBA_TRANSCRIBE_CMD"`
	Tesseract       string `env:"ALDANBA_TESSERACT"`

	SendRate   int           `env:"ALDANBA_SEND_RATE" envDefault:"30"`
	ChatRate   int           `env:"ALDANBA_CHAT_RATE" envDefault:"3"`
	GroupRate  int           `env:"ALDANBA_GROUP_RATE" envDefault:"20"`
	PersonRate int           `env:"ALDANBA_PERSON_RATE" envDefault:"20"`
	Workers    int           `env:"ALDANBA_WORKERS" envDefault:"128"`
	Quiet      time.Duration `env:"ALDANBA_CASE_WAIT" envDefault:"500ms"`
	FileTime   time.Duration `env:"ALDANBA_FILE_TIME" envDefault:"10s"`
	Drain      time.Duration `env:"ALDANBA_DRAIN" envDefault:"10s"`

	LogLevel  slog.Level `env:"LOG_LEVEL" envDefault:"INFO"`
	LogFormat string     `env:"LOG_FORMAT" envDefault:"text"`

	unknown []string // names in the environment that look like settings and are none
}

// memorySettings say where the bot remembers.
type memorySettings struct {
	RedisURL  string `env:"REDIS_URL"`
	Data      string `env:"ALDANBA_DATA" envDefault:"aldanba-data"`
	Secret    string `env:"ALDANBA_SECRET"`
	OldSecret string `env:"ALDANBA_OLD_SECRET"`
}

// readSettings reads and checks the settings. The error names every mistake in
// a sentence of its own; none repeats a value, which may be a secret.
func readSettings(environment map[string]string) (settings, error) {
	s, err := env.ParseAsWithOptions[settings](env.Options{Environment: environment})
	if err != nil {
		return s, unreadable(err)
	}
	s.unknown = unknownSettings(environment)
	return s, s.check()
}

// unknownSettings gives the names that begin as settings do and are none: one
// that is misspelled would be left out without a word.
func unknownSettings(environment map[string]string) []string {
	var unknown []string
	known := settingNames()
	for name := range environment {
		prefix, _, _ := strings.Cut(name, "_")
		if slices.Contains([]string{"ALDANBA", "TELEGRAM", "OPENAI"}, prefix) && !slices.Contains(known, name) {
			unknown = append(unknown, name)
		}
	}
	slices.Sort(unknown)
	return unknown
}

// settingNames are the names of all settings, those of the command line too.
func settingNames() []string {
	names := []string{"ALDANBA_RULES", "ALDANBA_CONTACTS"}
	fields, err := env.GetFieldParams(&settings{})
	if err != nil {
		return names
	}
	for _, field := range fields {
		names = append(names, field.Key)
	}
	return names
}

// unreadable names the settings that are no numbers or times, without their values.
func unreadable(err error) error {
	var all env.AggregateError
	if !errors.As(err, &all) {
		return errors.New("a setting cannot be read")
	}
	var mistakes []error
	for _, err := range all.Errors {
		var parse env.ParseError
		if errors.As(err, &parse) {
			mistakes = append(mistakes, fmt.Errorf("%s cannot be read: it is to be %s", variable(parse.Name), kinds[parse.Type]))
		}
	}
	return errors.Join(mistakes...)
}

// variable gives the name in the environment of a field of settings.
func variable(name string) string {
	for _, t := range []reflect.Type{reflect.TypeFor[settings](), reflect.TypeFor[judgeSettings](), reflect.TypeFor[memorySettings]()} {
		if field, ok := t.FieldByName(name); ok && field.Tag.Get("env") != "" {
			return field.Tag.Get("env")
		}
	}
	return "a setting"
}

// kinds says what a setting of a type looks like.
var kinds = map[reflect.Type]string{
	reflect.TypeFor[int]():           "a whole number",
	reflect.TypeFor[float64]():       "a number, as 0.15",
	reflect.TypeFor[bool]():          "true or false",
	reflect.TypeFor[time.Duration](): "a time, as 10s or 500ms",
	reflect.TypeFor[slog.Level]():    "DEBUG, INFO, WARN or ERROR",
}

// caseWait gives how long the dispatcher waits for more of a case: to it, no time
// is a setting left out, and less than none says not to wait.
func (s settings) caseWait() time.Duration {
	if s.Quiet == 0 {
		return -1
	}
	return s.Quiet
}

// check finds what is missing or does not fit together.
func (s settings) check() error {
	var mistakes []error
	wrong := func(format string, args ...any) { mistakes = append(mistakes, fmt.Errorf(format, args...)) }
	if s.Token == "" {
		wrong("TELEGRAM_BOT_TOKEN is missing: ask @BotFather in Telegram for a bot and give its token here")
	} else if _, secret, _ := strings.Cut(s.Token, ":"); !telegram.IsToken(s.Token) || len(secret) < 10 {
		wrong("TELEGRAM_BOT_TOKEN is not a token: it looks like 123456789:AA…, as @BotFather gives it, without quotes, spaces or a word before it")
	}
	if !isBase(s.APIURL) {
		wrong("TELEGRAM_API_URL is not an http or https address without ? and #")
	}
	if s.WebhookURL != "" {
		mistakes = append(mistakes, s.checkWebhookURL())
		if len(s.WebhookSecret) < 16 || len(s.WebhookSecret) > 256 || strings.ContainsFunc(s.WebhookSecret, notSecretLetter) {
			wrong("TELEGRAM_WEBHOOK_SECRET must have 16 to 256 letters, digits, _ or -: without it anybody could speak as Telegram")
		}
	} else if s.WebhookSecret != "" {
		wrong("TELEGRAM_WEBHOOK_SECRET is set without TELEGRAM_WEBHOOK_URL")
	}
	if _, port, err := net.SplitHostPort(s.Listen); err != nil {
		wrong("LISTEN_ADDR is not host:port, as 127.0.0.1:8080")
	} else if _, err := net.LookupPort("tcp", port); err != nil {
		wrong("LISTEN_ADDR has no port between 0 and 65535, as 127.0.0.1:8080")
	}
	mistakes = append(mistakes, s.Memory.check(), s.Judge.check())
	if s.Judge.Model == "" && (s.VisionModel != "" || s.TranscribeModel != "") {
		mistakes = append(mistakes, checkService(s.OpenAIURL, s.OpenAIKey))
	}
	if s.TranscribeCmd != "" && media.CheckCommand(s.TranscribeCmd) != nil {
		wrong("ALDANBA_TRANSCRIBE_CMD names no program that can be run, or a quote in it is not closed")
	}
	if s.Tesseract != "" && s.Tesseract != media.Off {
		if _, err := exec.LookPath(s.Tesseract); err != nil {
			wrong("ALDANBA_TESSERACT names no program that can be run; without it tesseract is looked for, off leaves it alone")
		}
	}
	if min(s.SendRate, s.ChatRate, s.GroupRate, s.PersonRate) < 1 {
		wrong("ALDANBA_SEND_RATE, ALDANBA_CHAT_RATE, ALDANBA_GROUP_RATE and ALDANBA_PERSON_RATE must be at least 1")
	}
	if s.Workers < 1 || s.Workers > 4096 {
		wrong("ALDANBA_WORKERS must be between 1 and 4096")
	}
	if s.Quiet < 0 || s.Quiet > time.Minute {
		wrong("ALDANBA_CASE_WAIT must be between 0s (every message by itself) and a minute, as 500ms")
	}
	if min(s.Drain, s.FileTime) <= 0 {
		wrong("ALDANBA_DRAIN and ALDANBA_FILE_TIME must be longer than nothing, as 10s")
	}
	if !slices.Contains([]string{"text", "json"}, s.LogFormat) {
		wrong("LOG_FORMAT is text or json")
	}
	return errors.Join(mistakes...)
}

// checkWebhookURL holds the address of the webhook to what Telegram takes,
// core.telegram.org/bots/api#setwebhook; a server of one's own takes more.
func (s settings) checkWebhookURL() error {
	switch u, err := url.Parse(s.WebhookURL); {
	case err != nil || !isURL(s.WebhookURL):
		return errors.New("TELEGRAM_WEBHOOK_URL is not an https address")
	case slices.Contains([]string{"/healthz", "/readyz", "/metrics"}, webhookPath(s.WebhookURL)):
		return errors.New("TELEGRAM_WEBHOOK_URL has the path of a page of the program's own: give it another, as /telegram")
	case !strings.HasPrefix(s.APIURL, telegram.PublicAPI):
		return nil
	case u.Scheme != "https":
		return errors.New("TELEGRAM_WEBHOOK_URL must begin with https: Telegram delivers to nothing else")
	case !slices.Contains([]string{"", "443", "80", "88", "8443"}, u.Port()):
		return errors.New("TELEGRAM_WEBHOOK_URL has a port that Telegram does not deliver to: it may be 443, 80, 88 or 8443")
	}
	return nil
}

func (s memorySettings) check() error {
	var mistakes []error
	wrong := func(format string, args ...any) { mistakes = append(mistakes, fmt.Errorf(format, args...)) }
	if s.RedisURL == "" && s.Data == "" {
		wrong("ALDANBA_DATA is empty and REDIS_URL is not set: there is nowhere to remember")
	}
	if info, err := os.Stat(s.Data); s.RedisURL == "" && err == nil && !info.IsDir() {
		wrong("ALDANBA_DATA names a file: it is to be a directory")
	}
	if s.RedisURL != "" {
		if err := store.CheckRedisURL(s.RedisURL); err != nil {
			wrong("REDIS_URL: %w", err)
		}
	}
	if s.RedisURL != "" && s.Secret == "" {
		wrong("ALDANBA_SECRET is missing: with Redis it must be given, at least 32 bytes, the same for every process")
	}
	for _, secret := range []struct{ name, value string }{{"ALDANBA_SECRET", s.Secret}, {"ALDANBA_OLD_SECRET", s.OldSecret}} {
		if secret.value != "" && len(secret.value) < 32 {
			wrong("%s is too short: it needs at least 32 bytes, as `openssl rand -hex 32` gives", secret.name)
		}
	}
	return errors.Join(mistakes...)
}

// isURL says whether a text is an address of the web.
func isURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https")
}

// isBase says whether a path can be put behind an address.
func isBase(s string) bool { return isURL(s) && !strings.ContainsAny(s, "?#") }

func notSecretLetter(r rune) bool {
	return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '_' && r != '-'
}

// secrets are the values that must never be printed.
func (s settings) secrets() []string {
	all := append(store.RedisPasswords(s.Memory.RedisURL), s.Token, s.WebhookSecret, s.Memory.Secret, s.Memory.OldSecret, s.OpenAIKey)
	for _, address := range []string{s.APIURL, s.OpenAIURL} {
		if u, err := url.Parse(address); err == nil && u.User != nil {
			password, _ := u.User.Password()
			all = append(all, password)
		}
	}
	return slices.DeleteFunc(all, func(secret string) bool { return secret == "" })
}

// describe says what is on and what is off, without a secret. means is what there
// is to read files with.
func (s settings) describe(means media.Means) []string {
	on := func(value bool, yes, no string) string {
		if value {
			return "on:  " + yes
		}
		return "off: " + no
	}
	noVision, noSpeech := "(OPENAI_VISION_MODEL)", "(OPENAI_TRANSCRIBE_MODEL)"
	if s.VisionModel != "" {
		noVision = "although OPENAI_VISION_MODEL is set: tesseract reads them here, unless ALDANBA_TESSERACT is off"
	}
	if s.TranscribeModel != "" {
		noSpeech = "although OPENAI_TRANSCRIBE_MODEL is set: the program of ALDANBA_TRANSCRIBE_CMD listens here"
	}
	lines := []string{
		on(true, "Telegram at "+shown(s.APIURL), ""),
		on(true, "health and metrics on "+s.Listen, ""),
		on(s.WebhookURL != "", "webhook, listening on "+s.Listen, "webhook (TELEGRAM_WEBHOOK_URL); updates are polled"),
		on(s.Memory.RedisURL != "", "memory in Redis", "Redis (REDIS_URL); memory in "+s.Memory.Data),
		on(s.Judge.Model != "", "judge "+s.Judge.Model+" at "+shown(s.Judge.URL)+", for masked text where the verdict is not certain", "judge (OPENAI_MODEL); the rules and the learned model decide alone"),
		on(len(means.Languages) > 0, "the text of pictures by tesseract, languages "+strings.Join(means.Languages, ", ")+missing(means.Languages), "the text of pictures by tesseract (it is not installed, or ALDANBA_TESSERACT is off)"),
		on(means.Vision, "pictures by the service at "+shown(s.OpenAIURL)+", after consent", "pictures by a service "+noVision),
		on(means.Command, "voice by a program on this machine", "voice by a program on this machine (ALDANBA_TRANSCRIBE_CMD)"),
		on(means.Speech, "voice by the service at "+shown(s.OpenAIURL)+", after consent", "voice by a service "+noSpeech),
	}
	for _, name := range s.unknown {
		lines = append(lines, "?    "+name+" is no setting: it may be misspelled")
	}
	return lines
}

// missing names the languages that tesseract is to be given.
func missing(languages []string) string {
	without := slices.DeleteFunc([]string{"kaz", "rus"}, func(lang string) bool { return slices.Contains(languages, lang) })
	if len(without) == 0 {
		return ""
	}
	return "; without " + strings.Join(without, " and ") + ", which another package of tesseract brings"
}

// shown is an address without a password.
func shown(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "an address"
	}
	return u.Redacted()
}
