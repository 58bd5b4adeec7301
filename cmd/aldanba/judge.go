package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/caarlos0/env/v11"

	"github.com/aldanba/aldanba/bot"
	"github.com/aldanba/aldanba/detector"
	"github.com/aldanba/aldanba/detector/judge"
	"github.com/aldanba/aldanba/detector/llm"
	"github.com/aldanba/aldanba/prompts"
)

// judgeSettings say which model gives a second opinion on a message, and what
// it may cost. OPENAI_MODEL switches it on.
type judgeSettings struct {
	URL      string `env:"OPENAI_BASE_URL" envDefault:"https://api.openai.com/v1"`
	Key      string `env:"OPENAI_API_KEY"`
	Model    string `env:"OPENAI_MODEL"`
	Fallback string `env:"OPENAI_FALLBACK_MODEL"`
	Second   bool   `env:"ALDANBA_LLM_SECOND_OPINION"`

	Timeout   time.Duration `env:"ALDANBA_LLM_TIMEOUT" envDefault:"8s"`
	Together  int           `env:"ALDANBA_LLM_CONCURRENCY" envDefault:"8"`
	MaxOutput int           `env:"ALDANBA_LLM_MAX_OUTPUT" envDefault:"700"`
	Day       int           `env:"ALDANBA_LLM_TOKENS_PER_DAY" envDefault:"5000000"`
	Person    int           `env:"ALDANBA_LLM_TOKENS_PER_PERSON" envDefault:"200000"`
	PriceIn   float64       `env:"ALDANBA_LLM_PRICE_IN"`
	PriceOut  float64       `env:"ALDANBA_LLM_PRICE_OUT"`
	Prompts   string        `env:"ALDANBA_PROMPTS"`
}

// readJudgeSettings reads them where no other settings are needed.
func readJudgeSettings(environ []string) (judgeSettings, error) {
	s, err := env.ParseAsWithOptions[judgeSettings](env.Options{Environment: env.ToMap(environ)})
	if err != nil {
		return s, unreadable(err)
	}
	return s, s.check()
}

// openAI is the service that wants a key.
const openAI = "https://api.openai.com/v1"

// checkService says what is wrong with the address of a service and the key to it.
func checkService(address, key string) error {
	switch {
	case !isBase(address):
		return errors.New("OPENAI_BASE_URL is not an http or https address without ? and #")
	case strings.TrimRight(address, "/") == openAI && key == "":
		return errors.New("OPENAI_API_KEY is missing: OpenAI asks for one; for a server of your own set OPENAI_BASE_URL")
	}
	return nil
}

// check finds what is missing or does not fit together.
func (s judgeSettings) check() error {
	var mistakes []error
	wrong := func(format string, args ...any) { mistakes = append(mistakes, fmt.Errorf(format, args...)) }
	if s.Model == "" {
		if s.Fallback != "" {
			wrong("OPENAI_FALLBACK_MODEL is set without OPENAI_MODEL, which switches the judge on")
		}
		return errors.Join(mistakes...)
	}
	mistakes = append(mistakes, checkService(s.URL, s.Key))
	if s.Second && s.Fallback == "" {
		wrong("ALDANBA_LLM_SECOND_OPINION is set without OPENAI_FALLBACK_MODEL, the model that would give it")
	}
	if s.Timeout <= 0 || s.Timeout > 5*time.Minute {
		wrong("ALDANBA_LLM_TIMEOUT must be longer than nothing and at most five minutes, as 8s")
	}
	if s.Together < 1 || s.Together > 256 {
		wrong("ALDANBA_LLM_CONCURRENCY must be between 1 and 256")
	}
	if s.MaxOutput < 100 || s.MaxOutput > 8000 {
		wrong("ALDANBA_LLM_MAX_OUTPUT must be between 100 and 8000 tokens")
	}
	if min(s.Day, s.Person) < 0 {
		wrong("ALDANBA_LLM_TOKENS_PER_DAY and ALDANBA_LLM_TOKENS_PER_PERSON must not be negative; 0 sets no limit")
	}
	if !(s.PriceIn >= 0 && s.PriceOut >= 0) {
		wrong("ALDANBA_LLM_PRICE_IN and ALDANBA_LLM_PRICE_OUT are prices of a million tokens and must not be negative")
	}
	if _, err := s.promptDir(); err != nil {
		wrong("ALDANBA_PROMPTS %w", err)
	}
	return errors.Join(mistakes...)
}

// promptDir gives the directory that replaces prompts, or nil.
func (s judgeSettings) promptDir() (fs.FS, error) {
	if s.Prompts == "" {
		return nil, nil
	}
	if info, err := os.Stat(s.Prompts); err != nil || !info.IsDir() {
		return nil, errors.New("names no directory that can be read")
	}
	return os.DirFS(s.Prompts), nil
}

// judge makes the judge that the settings ask for. nil: they ask for none.
func (s judgeSettings) judge(d *detector.Detector, change func(*judge.Config)) (*judge.Judge, error) {
	if s.Model == "" {
		return nil, nil
	}
	client, err := llm.New(llm.Config{BaseURL: s.URL, Key: s.Key})
	if err != nil {
		return nil, fmt.Errorf("OPENAI_BASE_URL: %w", err)
	}
	dir, err := s.promptDir()
	if err != nil {
		return nil, fmt.Errorf("ALDANBA_PROMPTS %w", err)
	}
	prompt, err := prompts.LoadJudge(dir, judge.Lists(d.Catalogue()))
	if err != nil {
		return nil, fmt.Errorf("ALDANBA_PROMPTS: %w", err)
	}
	answering, err := prompts.LoadAnswer(dir)
	if err != nil {
		return nil, fmt.Errorf("ALDANBA_PROMPTS: %w", err)
	}
	cfg := judge.Config{
		Answering: answering,
		Service:   client, Model: s.Model, Fallback: s.Fallback, SecondOpinion: s.Second, Prompt: prompt, Detector: d,
		Timeout: s.Timeout, Together: s.Together, MaxOutput: s.MaxOutput, TokensPerDay: int64(s.Day), TokensPerPerson: int64(s.Person),
		Price: judge.Price{In: s.PriceIn, Out: s.PriceOut},
	}
	if change != nil {
		change(&cfg)
	}
	return judge.New(cfg)
}

// judgeFirst adds the judge of the environment to the parts of a conversation
// whose answers cannot be changed once they are given.
func (w *world) judgeFirst(parts *bot.Config) error {
	s, err := readJudgeSettings(w.environ)
	if err != nil {
		return err
	}
	d, ok := parts.Checker.(*detector.Detector)
	if !ok {
		return errors.New("the judge needs the detector")
	}
	j, err := s.judge(d, func(c *judge.Config) { c.Analyzer = parts.Analyzer })
	if j != nil {
		parts.Judge, parts.Adviser, parts.Answerer, parts.JudgeFirst = j, d, j, true
	}
	return err
}
