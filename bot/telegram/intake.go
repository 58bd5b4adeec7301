package telegram

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"

	"github.com/go-telegram/bot/models"

	"github.com/aldanba/aldanba/bot/dispatch"
)

// allowedUpdates are the kinds that Telegram is asked for. Reactions, changes
// of members and inline queries are accepted and lead to nothing yet.
var allowedUpdates = []string{
	models.AllowedUpdateMessage, models.AllowedUpdateEditedMessage, models.AllowedUpdateCallbackQuery,
	models.AllowedUpdateMyChatMember, models.AllowedUpdateChatMember,
	models.AllowedUpdateMessageReaction, models.AllowedUpdateInlineQuery,
}

// Chats hears what becomes of chats.
type Chats interface {
	// Gone: the bot was blocked or removed.
	Gone(ctx context.Context, chat string) error
	// Back: the bot may write again.
	Back(ctx context.Context, chat string) error
	// Moved: the group has become a supergroup with another name.
	Moved(ctx context.Context, from, to string) error
}

// incoming is an update as it came, and what is read of it.
type incoming struct {
	*update
	payload []byte
}

// take hands updates over. It returns nil only when all that matters in them is
// kept, so that Telegram may forget them.
func (a *Adapter) take(ctx context.Context, arrived []incoming) error {
	var updates []dispatch.Update
	for _, u := range arrived {
		if err := a.hear(ctx, u.update); err != nil {
			return fmt.Errorf("telegram: what became of a chat was not kept: %w", err)
		}
		if a.concerns(u) {
			updates = append(updates, dispatch.Update{
				ID:      "telegram:" + strconv.FormatInt(u.ID, 10),
				Chat:    chatName(u.chat()),
				At:      a.now(),
				Payload: u.payload,
			})
		}
	}
	if len(updates) == 0 {
		return nil
	}
	return a.sink(ctx, updates)
}

// hear passes on what has become of a chat.
func (a *Adapter) hear(ctx context.Context, u *update) error {
	switch member := u.MyChatMember; {
	case member != nil && member.Chat.ID != 0:
		chat := chatName(member.Chat.ID)
		switch member.New.Status {
		case "left", "kicked":
			return a.chats.Gone(ctx, chat)
		case "restricted":
			if in := member.New.IsMember; in != nil && !*in {
				return a.chats.Gone(ctx, chat)
			}
		}
		return a.chats.Back(ctx, chat)
	case u.Message != nil && u.Message.MigrateTo != 0 && u.Message.Chat.ID != 0:
		return a.chats.Moved(ctx, chatName(u.Message.Chat.ID), chatName(u.Message.MigrateTo))
	}
	return nil
}

// concerns says whether an update is something to answer.
func (a *Adapter) concerns(u incoming) bool {
	if u.chat() == 0 {
		return false
	}
	if u.CallbackQuery != nil {
		return true
	}
	m, edited := u.said()
	if m == nil || m.From != nil && m.From.IsBot && m.SenderChat == nil {
		return false
	}
	if edited {
		_, command := a.commandOf(m)
		moving := m.Location != nil && m.Venue == nil // a live location is edited every few seconds
		if command || moving {
			return false
		}
	}
	switch m.Chat.Type {
	case models.ChatTypePrivate:
		return !isService(m, u.payload)
	case models.ChatTypeGroup, models.ChatTypeSupergroup:
		return a.addressed(m)
	}
	return false
}

// serviceKinds are the fields of messages that nobody wrote: Telegram tells of
// an event in the chat.
var serviceKinds = []string{
	"new_chat_members", "left_chat_member", "new_chat_title", "new_chat_photo", "delete_chat_photo",
	"group_chat_created", "supergroup_chat_created", "channel_chat_created", "message_auto_delete_timer_changed",
	"migrate_to_chat_id", "migrate_from_chat_id", "pinned_message", "successful_payment", "refunded_payment",
	"users_shared", "chat_shared", "gift", "unique_gift", "gift_upgrade_sent", "connected_website",
	"write_access_allowed", "passport_data", "proximity_alert_triggered", "boost_added", "chat_background_set",
	"checklist_tasks_done", "checklist_tasks_added", "direct_message_price_changed", "forum_topic_created",
	"forum_topic_edited", "forum_topic_closed", "forum_topic_reopened", "general_forum_topic_hidden",
	"general_forum_topic_unhidden", "giveaway_created", "giveaway_completed", "paid_message_price_changed",
	"suggested_post_approved", "suggested_post_approval_failed", "suggested_post_declined", "suggested_post_paid",
	"suggested_post_refunded", "video_chat_scheduled", "video_chat_started", "video_chat_ended",
	"video_chat_participants_invited", "web_app_data", "chat_owner_left", "chat_owner_changed",
}

// isService says whether a message only tells of an event in the chat. A
// message without known content is looked at by the names of its fields: kinds
// that are new to the bot are to be answered.
func isService(m *message, payload []byte) bool {
	if m.Text != "" || m.Caption != "" || !reflect.ValueOf(m.content).IsZero() {
		return false
	}
	var u struct {
		Message map[string]json.RawMessage `json:"message"`
	}
	if json.Unmarshal(payload, &u) != nil {
		return false
	}
	for _, kind := range serviceKinds {
		if _, ok := u.Message[kind]; ok {
			return true
		}
	}
	return false
}
