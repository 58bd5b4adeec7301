package main

import (
	"fmt"
	"os"

	"github.com/aldanba/aldanba/bot"
	"github.com/aldanba/aldanba/bot/terminal"
	"github.com/aldanba/aldanba/locales"
)

type chatCommand struct {
	Lang   string `enum:"ru,kk,auto" default:"auto" help:"Language to begin in: ru, kk, or auto for the language of the first message (default ${default})."`
	Papers string `placeholder:"DIR" type:"existingdir" help:"Directory for the papers that are written (default: the working directory)."`
}

// Run holds the conversation until the person leaves.
func (c *chatCommand) Run(w *world) error {
	parts, err := w.parts()
	if err != nil {
		return err
	}
	if err := w.judgeFirst(&parts); err != nil {
		return err
	}
	memory := bot.NewMemorySessions()
	parts.Sessions, parts.Stories, parts.Drafts = memory, memory, memory
	b := bot.New(parts)
	for _, lang := range locales.Languages() {
		if c.Lang == "auto" || c.Lang == lang {
			fmt.Fprintln(w.out, parts.Texts.Text(lang, "terminal_hint", nil))
		}
	}
	if c.Lang != "auto" {
		if err := parts.Sessions.Save(w, terminal.Person, bot.Session{Lang: c.Lang, LangChosen: true}); err != nil {
			return err
		}
	}
	out, ok := w.out.(*os.File)
	if !ok {
		return terminal.Talk(w, b, terminal.Lines(w, w.in), w.out, c.Papers)
	}
	lines, screen, restore, err := terminal.Open(w, w.in, out)
	if err != nil {
		return fmt.Errorf("the terminal cannot be prepared: %w", err)
	}
	defer restore()
	return terminal.Talk(w, b, lines, screen, c.Papers)
}

// contacts reads the telephone numbers with the operator's corrections.
func (w *world) contacts() (*locales.Contacts, error) {
	contacts, err := locales.LoadContacts(w.commands.ContactsFile)
	if err != nil && w.commands.ContactsFile != "" {
		return nil, fmt.Errorf("ALDANBA_CONTACTS: %w", err)
	}
	return contacts, err
}
