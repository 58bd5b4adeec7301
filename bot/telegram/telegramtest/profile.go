package telegramtest

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// profileText is one thing that the bot says about itself: its commands, name,
// descriptions or menu button, for one language, scope or chat.
type profileText struct {
	text     string
	commands []Command
}

// Command is one entry of the bot's menu.
type Command struct {
	Command     string `json:"command"`
	Description string `json:"description"`
}

// Commands gives the commands that were set for exactly this scope ("default",
// "all_private_chats", "chat:5" …) and language ("" for all others).
func (s *Server) Commands(scope, lang string) []Command {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.profile["commands "+scope+" "+lang].commands)
}

// Profile gives a text that was set for exactly this language: "name",
// "description", "short_description", or "menu_button" with a chat's id (or "")
// in place of the language.
func (s *Server) Profile(what, lang string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.profile[what+" "+lang].text
}

// ProfileLanguages lists the languages for which a text was set.
func (s *Server) ProfileLanguages(what string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var langs []string
	for key := range maps.Keys(s.profile) {
		if lang, ok := strings.CutPrefix(key, what+" "); ok {
			langs = append(langs, lang)
		}
	}
	slices.Sort(langs)
	return langs
}

func langParam(c *call) (string, error) {
	lang := c.params.str("language_code")
	if lang == "" {
		return "", nil
	}
	if len(lang) != 2 || strings.Trim(lang, "abcdefghijklmnopqrstuvwxyz") != "" {
		return "", badRequest("invalid language code specified")
	}
	return lang, nil
}

// scopeParam names the scope of a call's commands.
func scopeParam(c *call) (string, error) {
	raw := c.params.bytes("scope")
	if len(raw) == 0 {
		return "default", nil
	}
	var scope struct {
		Type string          `json:"type"`
		Chat json.RawMessage `json:"chat_id"`
		User int64           `json:"user_id"`
	}
	if json.Unmarshal(raw, &scope) != nil {
		return "", badRequest("can't parse BotCommandScope JSON object")
	}
	chat := strings.Trim(string(scope.Chat), `"`)
	switch scope.Type {
	case "default", "all_private_chats", "all_group_chats", "all_chat_administrators":
		return scope.Type, nil
	case "chat", "chat_administrators":
		return scope.Type + ":" + chat, nil
	case "chat_member":
		return scope.Type + ":" + chat + ":" + strconv.FormatInt(scope.User, 10), nil
	}
	return "", badRequest("can't parse BotCommandScope: Unsupported type specified")
}

func commandsKey(c *call) (string, error) {
	scope, err := scopeParam(c)
	if err != nil {
		return "", err
	}
	lang, err := langParam(c)
	return "commands " + scope + " " + lang, err
}

func (s *Server) setMyCommands(c *call) error {
	key, err := commandsKey(c)
	if err != nil {
		return err
	}
	var commands []Command
	if raw := c.params.bytes("commands"); len(raw) > 0 && json.Unmarshal(raw, &commands) != nil {
		return badRequest("can't parse commands JSON object")
	}
	if len(commands) > 100 {
		return badRequest("BOT_COMMANDS_TOO_MUCH")
	}
	for i := range commands {
		commands[i].Command = strings.TrimPrefix(commands[i].Command, "/")
		name, description := commands[i].Command, commands[i].Description
		switch {
		case name == "" || description == "":
			return badRequest("command name and description must be non-empty")
		case len(name) > 32:
			return badRequest("command length must not exceed 32")
		case utf8.RuneCountInString(description) > 256:
			return badRequest("command description length must not exceed 256")
		case strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789_") != "":
			return badRequest("BOT_COMMAND_INVALID")
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.profile[key] = profileText{commands: commands}
	return c.done()
}

func (s *Server) deleteMyCommands(c *call) error {
	key, err := commandsKey(c)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.profile, key)
	return c.done()
}

func (s *Server) getMyCommands(c *call) error {
	key, err := commandsKey(c)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	o := &c.result
	o.buf = append(o.buf, '[')
	for _, command := range s.profile[key].commands {
		o.element(func() {
			o.str("command", command.Command)
			o.str("description", command.Description)
		})
	}
	o.buf = append(o.buf, ']')
	return nil
}

// setText makes the method that sets one text of the bot, at most so many
// characters long.
func setText(what string, most int) func(*Server, *call) error {
	return func(s *Server, c *call) error {
		lang, err := langParam(c)
		if err != nil {
			return err
		}
		text := strings.TrimSpace(c.params.str(what))
		if utf8.RuneCountInString(text) > most {
			return badRequest("BOT_%s_TOO_LONG", strings.ToUpper(what))
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		s.profile[what+" "+lang] = profileText{text: text}
		return c.done()
	}
}

// getText makes the method that reads one text of the bot. A language without
// one of its own falls back to the general one.
func getText(what string) func(*Server, *call) error {
	return func(s *Server, c *call) error {
		lang, err := langParam(c)
		if err != nil {
			return err
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		text := s.profile[what+" "+lang].text
		if text == "" {
			text = s.profile[what+" "].text
		}
		if text == "" && what == "name" {
			text = s.options.Name
		}
		c.result.open()
		c.result.str(what, text)
		c.result.close()
		return nil
	}
}

func (s *Server) setChatMenuButton(c *call) error {
	button := c.params.str("menu_button")
	var kind struct {
		Type string `json:"type"`
	}
	if button == "" {
		button, kind.Type = `{"type":"default"}`, "default"
	} else if json.Unmarshal([]byte(button), &kind) != nil {
		return badRequest("can't parse menu button JSON object")
	}
	switch kind.Type {
	case "default", "commands", "web_app":
	default:
		return badRequest("can't parse menu button: MenuButton has unsupported type")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.profile["menu_button "+c.params.str("chat_id")] = profileText{text: button}
	return c.done()
}

func (s *Server) getChatMenuButton(c *call) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	button := s.profile["menu_button "+c.params.str("chat_id")].text
	if button == "" {
		button = `{"type":"default"}`
	}
	c.result.buf = append(c.result.buf, button...)
	return nil
}
