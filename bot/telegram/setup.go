package telegram

import (
	"context"
	"errors"
	"slices"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"
)

// Profile is what people see of the bot before they write to it, in one
// language.
type Profile struct {
	Name        string // up to 64 letters; empty: as it is
	Description string // up to 512 letters, in the empty chat
	Short       string // up to 120 letters, on the bot's page
	Commands    []Command
}

// Command is an entry of the menu.
type Command struct {
	Name string // without the slash: up to 32 small Latin letters, digits and underscores
	Text string // up to 256 letters
}

// Identify asks Telegram for the bot's name, by which groups call it. It also
// shows that the token is right. Poll asks when nobody has.
func (a *Adapter) Identify(ctx context.Context) (username string, err error) {
	err = a.call(ctx, outgoing{method: "getMe", do: func(ctx context.Context, _ int64) error {
		me, err := a.bot.GetMe(ctx)
		if err == nil {
			a.username.Store(&me.Username)
			username = me.Username
		}
		return err
	}})
	return username, err
}

// Setup puts up the menu, the descriptions and the name in every language of
// the profile ("" stands for all languages without one of their own). It only
// writes what is different, because Telegram allows few changes a day. The
// errors of all that failed come together; the bot works without any of it.
func (a *Adapter) Setup(ctx context.Context, profile map[string]Profile) error {
	var errs []error
	languages := make([]string, 0, len(profile))
	for lang := range profile {
		languages = append(languages, lang)
	}
	slices.Sort(languages)
	for _, lang := range languages {
		errs = append(errs, a.setupIn(ctx, lang, profile[lang])...)
	}
	errs = append(errs, a.call(ctx, outgoing{method: "setChatMenuButton", do: func(ctx context.Context, _ int64) error {
		_, err := a.bot.SetChatMenuButton(ctx, &tg.SetChatMenuButtonParams{
			MenuButton: models.MenuButtonCommands{Type: models.MenuButtonTypeCommands},
		})
		return err
	}}))
	return errors.Join(errs...)
}

// setting is a text of the profile that can be read and written.
type setting struct {
	get, set string // methods
	want     string
	read     func(context.Context) (string, error)
	write    func(context.Context) (bool, error)
}

func (a *Adapter) setupIn(ctx context.Context, lang string, p Profile) []error {
	errs := []error{a.setCommands(ctx, lang, p.Commands)}
	settings := []setting{{
		get: "getMyDescription", set: "setMyDescription", want: p.Description,
		read: func(ctx context.Context) (string, error) {
			d, err := a.bot.GetMyDescription(ctx, orNil(&tg.GetMyDescriptionParams{LanguageCode: lang}))
			return d.Description, err
		},
		write: func(ctx context.Context) (bool, error) {
			return a.bot.SetMyDescription(ctx, orNil(&tg.SetMyDescriptionParams{LanguageCode: lang, Description: p.Description}))
		},
	}, {
		get: "getMyShortDescription", set: "setMyShortDescription", want: p.Short,
		read: func(ctx context.Context) (string, error) {
			d, err := a.bot.GetMyShortDescription(ctx, orNil(&tg.GetMyShortDescriptionParams{LanguageCode: lang}))
			return d.ShortDescription, err
		},
		write: func(ctx context.Context) (bool, error) {
			return a.bot.SetMyShortDescription(ctx, orNil(&tg.SetMyShortDescriptionParams{LanguageCode: lang, ShortDescription: p.Short}))
		},
	}}
	if p.Name != "" {
		settings = append(settings, setting{
			get: "getMyName", set: "setMyName", want: p.Name,
			read: func(ctx context.Context) (string, error) {
				n, err := a.bot.GetMyName(ctx, orNil(&tg.GetMyNameParams{LanguageCode: lang}))
				return n.Name, err
			},
			write: func(ctx context.Context) (bool, error) {
				return a.bot.SetMyName(ctx, &tg.SetMyNameParams{LanguageCode: lang, Name: p.Name})
			},
		})
	}
	for _, s := range settings {
		var have string
		err := a.call(ctx, outgoing{method: s.get, do: func(ctx context.Context, _ int64) (err error) {
			have, err = s.read(ctx)
			return err
		}})
		if err == nil && have != s.want {
			err = a.call(ctx, outgoing{method: s.set, do: func(ctx context.Context, _ int64) error {
				_, err := s.write(ctx)
				return err
			}})
		}
		errs = append(errs, err)
	}
	return errs
}

func (a *Adapter) setCommands(ctx context.Context, lang string, commands []Command) error {
	want := make([]models.BotCommand, len(commands))
	for i, c := range commands {
		want[i] = models.BotCommand{Command: c.Name, Description: c.Text}
	}
	var have []models.BotCommand
	err := a.call(ctx, outgoing{method: "getMyCommands", do: func(ctx context.Context, _ int64) (err error) {
		have, err = a.bot.GetMyCommands(ctx, orNil(&tg.GetMyCommandsParams{LanguageCode: lang}))
		return err
	}})
	if err != nil || slices.Equal(have, want) {
		return err
	}
	return a.call(ctx, outgoing{method: "setMyCommands", do: func(ctx context.Context, _ int64) error {
		_, err := a.bot.SetMyCommands(ctx, &tg.SetMyCommandsParams{LanguageCode: lang, Commands: want})
		return err
	}})
}

// orNil gives nil for parameters that are all absent: the library writes them
// as a form without parts, which a server may find malformed.
func orNil[T comparable](params *T) *T {
	var none T
	if *params == none {
		return nil
	}
	return params
}
