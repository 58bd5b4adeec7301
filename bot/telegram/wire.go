package telegram

import (
	"encoding/json"
	"errors"

	"github.com/go-telegram/bot/models"
)

// update is what is read of an update of the Bot API. It is read leniently: a
// field of an unexpected type counts as absent, and a kind that did not exist
// when this was written leaves the other fields readable. For that reason the
// library's own Update and Message are not used, which refuse a message as a
// whole when the type of its origin is new to them.
type update struct {
	ID            int64       `json:"update_id"`
	Message       *message    `json:"message"`
	EditedMessage *message    `json:"edited_message"`
	CallbackQuery *press      `json:"callback_query"`
	MyChatMember  *membership `json:"my_chat_member"`
}

// press is a pressed button.
type press struct {
	ID      string       `json:"id"`
	From    *models.User `json:"from"`
	Message *message     `json:"message"` // absent under messages sent inline; without content when it is old
	Data    string       `json:"data"`
}

// membership says what has become of the bot in a chat.
type membership struct {
	Chat models.Chat `json:"chat"`
	New  struct {
		Status   string `json:"status"`
		IsMember *bool  `json:"is_member"` // of the status "restricted"
	} `json:"new_chat_member"`
}

// message is a message of a person.
type message struct {
	ID              int                    `json:"message_id"`
	From            *models.User           `json:"from"`
	SenderChat      *models.Chat           `json:"sender_chat"`
	Chat            models.Chat            `json:"chat"`
	Date            int64                  `json:"date"`
	Origin          *origin                `json:"forward_origin"`
	ReplyTo         *message               `json:"reply_to_message"`
	ExternalReply   *externalReply         `json:"external_reply"`
	Quote           *models.TextQuote      `json:"quote"`
	ReplyToStory    *models.Story          `json:"reply_to_story"`
	ViaBot          *models.User           `json:"via_bot"`
	Text            string                 `json:"text"`
	Entities        []models.MessageEntity `json:"entities"`
	Caption         string                 `json:"caption"`
	CaptionEntities []models.MessageEntity `json:"caption_entities"`
	ReplyMarkup     *keyboard              `json:"reply_markup"`
	MigrateTo       int64                  `json:"migrate_to_chat_id"`
	content
}

// content is what a message can hold besides text; a message and a reply to a
// message of another chat have it in common.
type content struct {
	Animation   *models.Animation          `json:"animation"`
	Audio       *models.Audio              `json:"audio"`
	Document    *models.Document           `json:"document"`
	PaidMedia   *paidMedia                 `json:"paid_media"`
	Photo       []models.PhotoSize         `json:"photo"`
	Sticker     *models.Sticker            `json:"sticker"`
	Story       *models.Story              `json:"story"`
	Video       *models.Video              `json:"video"`
	VideoNote   *models.VideoNote          `json:"video_note"`
	Voice       *models.Voice              `json:"voice"`
	Checklist   *models.Checklist          `json:"checklist"`
	Contact     *models.Contact            `json:"contact"`
	Dice        *models.Dice               `json:"dice"`
	Game        *models.Game               `json:"game"`
	Giveaway    *models.Giveaway           `json:"giveaway"`
	Winners     *models.GiveawayWinners    `json:"giveaway_winners"`
	Invoice     *models.Invoice            `json:"invoice"`
	Location    *models.Location           `json:"location"`
	Poll        *models.Poll               `json:"poll"`
	Venue       *models.Venue              `json:"venue"`
	LinkPreview *models.LinkPreviewOptions `json:"link_preview_options"`
}

// externalReply is the message of another chat that a message answers.
type externalReply struct {
	Origin *origin `json:"origin"`
	content
}

// origin tells whose words were forwarded. The types are "user", "hidden_user",
// "chat" and "channel"; whatever the type, a public name is looked for.
type origin struct {
	Date      int64        `json:"date"`
	User      *models.User `json:"sender_user"`
	Name      string       `json:"sender_user_name"`
	From      *models.Chat `json:"sender_chat"`
	Chat      *models.Chat `json:"chat"`
	Signature string       `json:"author_signature"`
}

// paidMedia are pictures and videos that are seen after paying.
type paidMedia struct {
	Media []struct {
		Photo []models.PhotoSize `json:"photo"`
		Video *models.Video      `json:"video"`
	} `json:"paid_media"`
}

// keyboard holds the buttons under a message.
type keyboard struct {
	Rows [][]button `json:"inline_keyboard"`
}

// button is one of them: the label, and what it leads to.
type button struct {
	Text     string                 `json:"text"`
	Data     string                 `json:"callback_data,omitempty"`
	URL      string                 `json:"url,omitempty"`
	LoginURL *models.LoginURL       `json:"login_url,omitempty"`
	WebApp   *models.WebAppInfo     `json:"web_app,omitempty"`
	CopyText *models.CopyTextButton `json:"copy_text,omitempty"`
}

var errUpdate = errors.New("telegram: this is not an update of the Bot API")

// parse reads an update. It fails only where there is no JSON object with an
// update_id.
func parse(raw []byte) (*update, error) {
	u := &update{ID: -1}
	if err := json.Unmarshal(raw, u); err != nil {
		var wrongType *json.UnmarshalTypeError
		if !errors.As(err, &wrongType) {
			return nil, errUpdate
		}
	}
	if u.ID < 0 {
		return nil, errUpdate
	}
	return u, nil
}

// said gives the message of an update and whether it replaces an earlier
// version, or nil.
func (u *update) said() (m *message, edited bool) {
	if u.Message != nil {
		return u.Message, false
	}
	return u.EditedMessage, u.EditedMessage != nil
}

// chat names the chat of an update, 0 where it has none.
func (u *update) chat() int64 {
	if m, _ := u.said(); m != nil {
		return m.Chat.ID
	}
	switch p := u.CallbackQuery; {
	case p == nil:
		return 0
	case p.Message != nil:
		return p.Message.Chat.ID
	case p.From != nil:
		return p.From.ID
	}
	return 0
}

// from gives who sent the update, or nil.
func (u *update) from() *models.User {
	if m, _ := u.said(); m != nil {
		return m.From
	}
	if u.CallbackQuery != nil {
		return u.CallbackQuery.From
	}
	return nil
}
