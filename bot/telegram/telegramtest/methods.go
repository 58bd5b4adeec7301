package telegramtest

import "strings"

// methodTable lists the methods of the Bot API that the server knows, by their
// names in small letters: the Bot API does not tell cases apart.
func methodTable() map[string]method {
	table := map[string]method{}
	for _, m := range []method{
		{"getMe", (*Server).getMe},
		{"getUpdates", (*Server).getUpdates},
		{"setWebhook", (*Server).setWebhook},
		{"deleteWebhook", (*Server).deleteWebhook},
		{"getWebhookInfo", (*Server).getWebhookInfo},
		{"sendMessage", (*Server).sendMessage},
		{"sendDocument", (*Server).sendDocument},
		{"sendPhoto", (*Server).sendPhoto},
		{"sendChatAction", (*Server).sendChatAction},
		{"editMessageText", (*Server).editMessageText},
		{"editMessageReplyMarkup", (*Server).editMessageReplyMarkup},
		{"deleteMessage", (*Server).deleteMessage},
		{"setMessageReaction", (*Server).setMessageReaction},
		{"answerCallbackQuery", (*Server).answerCallbackQuery},
		{"getFile", (*Server).getFile},
		{"getChat", (*Server).getChat},
		{"getChatMember", (*Server).getChatMember},
		{"leaveChat", (*Server).leaveChat},
		{"setMyCommands", (*Server).setMyCommands},
		{"getMyCommands", (*Server).getMyCommands},
		{"deleteMyCommands", (*Server).deleteMyCommands},
		{"setMyName", setText("name", 64)},
		{"getMyName", getText("name")},
		{"setMyDescription", setText("description", 512)},
		{"getMyDescription", getText("description")},
		{"setMyShortDescription", setText("short_description", 120)},
		{"getMyShortDescription", getText("short_description")},
		{"setChatMenuButton", (*Server).setChatMenuButton},
		{"getChatMenuButton", (*Server).getChatMenuButton},
	} {
		table[strings.ToLower(m.name)] = m
	}
	return table
}
