package main

import (
	"fmt"
	"strings"

	"github.com/aldanba/aldanba/detector"
)

type promptCommand struct {
	Show promptShowCommand `cmd:"" help:"Print what would be sent to the judge for a message."`
}

type promptShowCommand struct {
	Text []string `arg:"" optional:"" help:"The message. Nothing: standard input."`
	Lang string   `enum:"ru,kk,auto" default:"auto" help:"Language of the reply: ru, kk, or auto for the language of the message (default ${default})."`
	JSON bool     `name:"json" help:"Print the body of the request as it goes over the wire."`
}

// Run prints the request; no call is made. The marks around the message are
// drawn anew every time.
func (c *promptShowCommand) Run(w *world) error {
	message := strings.Join(c.Text, " ")
	if len(c.Text) == 0 {
		var err error
		if message, err = readMessage(w.in); err != nil {
			return err
		}
	}
	s, err := readJudgeSettings(w.environ)
	if err != nil {
		return err
	}
	if s.Model == "" {
		s.Model = "OPENAI_MODEL-is-not-set"
	}
	d, err := w.detector()
	if err != nil {
		return err
	}
	j, err := s.judge(d, nil)
	if err != nil {
		return err
	}
	v := d.Check(message)
	lang := c.Lang
	if lang == "auto" {
		lang = languageOf(v)
	}
	request, err := j.Request(d.Inquiry(v, lang, ""))
	if err != nil {
		return err
	}
	if c.JSON {
		body, err := request.Body()
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(w.out, "%s\n", body)
		return err
	}
	asked := "a judge is asked"
	if !d.Asks(v) {
		asked = "no judge is asked"
	}
	fmt.Fprintf(w.out, "The local verdict is %s (%.2f): %s.\nModel %s, at most %d tokens in reply, held to this schema:\n%s\n", v.Level, v.Score, asked, request.Model, request.MaxTokens, request.Schema)
	for _, m := range request.Messages {
		fmt.Fprintf(w.out, "\n===== %s =====\n%s\n", m.Role, m.Text)
	}
	return nil
}

// languageOf gives the language in which a verdict is told: who mixes both
// reads Kazakh.
func languageOf(v *detector.Verdict) string {
	if lang := v.Lang.String(); lang == "kk" || lang == "mixed" {
		return "kk"
	}
	return "ru"
}
