package telegram

import (
	"strings"

	"github.com/go-telegram/bot/models"

	"github.com/aldanba/aldanba/bot"
)

// commandStart opens the conversation; it has no choice of its own.
const commandStart = "start"

// commands says which choice a command stands for.
var commands = map[string]string{
	"check":     bot.ChoiceCheck,
	"help":      bot.ChoiceHelp,
	"language":  bot.ChoiceLanguage,
	"lang":      bot.ChoiceLanguage,
	"happened":  bot.ChoiceHappened,
	"sos":       bot.ChoiceHappened,
	"privacy":   bot.ChoicePrivacy,
	"mydata":    bot.ChoiceMyData,
	"forget":    bot.ChoiceForget,
	"about":     bot.ChoiceAboutBot,
	"statement": bot.ChoiceStatement,
}

// command is what a message that begins with a slash asks for.
type command struct {
	name    string // in small letters, without the slash and without the bot's name
	forUs   bool   // the bot is named
	payload string // what follows it
}

// commandOf reads the command of a message. A command that somebody else wrote
// and that was forwarded, or that a group means for another bot, is none.
func (a *Adapter) commandOf(m *message) (command, bool) {
	if m == nil || m.Origin != nil || len(m.Entities) == 0 {
		return command{}, false
	}
	first := m.Entities[0]
	if first.Type != models.MessageEntityTypeBotCommand || first.Offset != 0 {
		return command{}, false
	}
	_, word, payload, ok := cut(m.Text, 0, first.Length)
	if !ok || !strings.HasPrefix(word, "/") {
		return command{}, false
	}
	name, addressee, named := strings.Cut(word[1:], "@")
	if named && m.Chat.Type != models.ChatTypePrivate && !a.isUs(addressee) {
		return command{}, false
	}
	return command{name: strings.ToLower(name), forUs: named, payload: strings.TrimSpace(payload)}, true
}

// choice gives what a command stands for. One that is not known is answered
// with help.
func (c command) choice() string {
	if choice, ok := commands[c.name]; ok {
		return choice
	}
	return bot.ChoiceHelp
}

// addressed says whether a message in a group is meant for the bot: a command,
// an answer to it, or a message that names it. All else that people say to each
// other is none of its business.
func (a *Adapter) addressed(m *message) bool {
	if command, ok := a.commandOf(m); ok {
		_, known := commands[command.name]
		return known || command.forUs || command.name == commandStart
	}
	if m.ReplyTo != nil && a.isOurs(m.ReplyTo) {
		return true
	}
	_, text := a.withoutName(m.Text, m.Entities)
	_, caption := a.withoutName(m.Caption, m.CaptionEntities)
	return text || caption
}

// withoutName takes the bot's name out of a text. named is false where the text
// does not hold it.
func (a *Adapter) withoutName(text string, entities []models.MessageEntity) (rest string, named bool) {
	for _, e := range entities[:min(len(entities), maxEntities)] {
		if e.Type != models.MessageEntityTypeMention && e.Type != models.MessageEntityTypeTextMention {
			continue
		}
		before, name, after, ok := cut(text, e.Offset, e.Length)
		if ok && (e.User != nil && e.User.ID == a.id || a.isUs(strings.TrimPrefix(name, "@"))) {
			return strings.TrimLeft(strings.TrimSpace(before+after), ",:;. "), true
		}
	}
	return text, false
}

// isUs says whether a name is the bot's. Until Telegram has told the name, no
// name is.
func (a *Adapter) isUs(username string) bool {
	us := a.username.Load()
	return us != nil && strings.EqualFold(*us, username)
}

// isOurs says whether the bot wrote a message.
func (a *Adapter) isOurs(m *message) bool { return m.From != nil && m.From.ID == a.id }
