package telegram

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strconv"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"github.com/aldanba/aldanba/bot"
	"github.com/aldanba/aldanba/bot/dispatch"
)

// Send brings a reply to the chat and gives the id of its (first) message. A
// text that is too long for one message becomes several. The error is, by
// errors.Is and errors.As, dispatch.ErrGone, dispatch.ErrRefused, a
// *dispatch.RetryError, or one that may pass.
func (a *Adapter) Send(ctx context.Context, chat string, r bot.Reply) (string, error) {
	return a.send(ctx, chat, r, priorityOf(r))
}

// SendBulk is Send for what goes to many: it goes out when no answer to a
// person waits.
func (a *Adapter) SendBulk(ctx context.Context, chat string, r bot.Reply) (string, error) {
	return a.send(ctx, chat, r, bulk)
}

func (a *Adapter) send(ctx context.Context, chat string, r bot.Reply, p priority) (string, error) {
	id, err := chatID(chat)
	if err != nil {
		return "", err
	}
	parts := split(r.Text, maxMessage)
	if len(parts) == 0 {
		return "", fmt.Errorf("telegram: a reply without words: %w", dispatch.ErrRefused)
	}
	if len(r.Attached) > 0 {
		return a.sendFiles(ctx, id, r, p)
	}
	a.sendPictures(ctx, id, r.Pictures, p)
	return a.sendParts(ctx, id, r, parts, 0, p)
}

// sendPictures shows pictures above the text. The text says the same in words,
// so that it goes out also where a picture does not.
func (a *Adapter) sendPictures(ctx context.Context, to int64, pictures [][]byte, p priority) {
	for _, picture := range pictures {
		err := a.call(ctx, outgoing{method: "sendPhoto", chat: to, priority: p, do: func(ctx context.Context, chat int64) error {
			_, err := a.bot.SendPhoto(ctx, &tg.SendPhotoParams{
				ChatID: chat, Photo: &models.InputFileUpload{Filename: "aldanba.png", Data: bytes.NewReader(picture)},
			})
			return err
		}})
		if err != nil {
			a.log.Warn("telegram: a picture was not sent", "error", err)
			return
		}
	}
}

// Replace puts a reply in the place of the message with the id, without a
// sound. That it reads so already is no error. Where the message is not there
// any more, the reply is sent as a new one. Errors as of Send.
func (a *Adapter) Replace(ctx context.Context, chat, id string, r bot.Reply) error {
	to, err := chatID(chat)
	if err != nil {
		return err
	}
	message, err := strconv.Atoi(id)
	parts := split(r.Text, maxMessage)
	if err != nil || len(parts) == 0 {
		_, err = a.Send(ctx, chat, r)
		return err
	}
	err = a.call(ctx, outgoing{
		method: "editMessageText", chat: to, priority: priorityOf(r),
		do: func(ctx context.Context, chat int64) error {
			params := &tg.EditMessageTextParams{
				ChatID: chat, MessageID: message,
				Text: render(parts[0], true), ParseMode: models.ParseModeHTML, LinkPreviewOptions: noPreview(),
			}
			if len(parts) == 1 {
				params.ReplyMarkup = a.buttons(chat, r.Choices)
			}
			return a.post(ctx, "editMessageText", params, &sent{})
		},
	})
	var failed *CallError
	if errors.As(err, &failed) {
		switch failed.Reason {
		case Unchanged:
			err = nil
		case Vanished:
			_, err = a.Send(ctx, chat, r)
			return err
		}
	}
	if err != nil || len(parts) == 1 {
		return err
	}
	_, err = a.sendParts(ctx, to, r, parts, 1, priorityOf(r))
	return err
}

// sendParts sends the parts of a reply from the given one on. The first stands
// under the message that the reply is about, the last holds the buttons.
func (a *Adapter) sendParts(ctx context.Context, to int64, r bot.Reply, parts []string, from int, p priority) (first string, err error) {
	for i := from; i < len(parts); i++ {
		err := a.call(ctx, outgoing{
			method: "sendMessage", chat: to, priority: p,
			do: func(ctx context.Context, chat int64) error {
				to = chat // further parts follow a group that has moved
				params := &tg.SendMessageParams{
					ChatID: chat, Text: render(parts[i], i == 0), ParseMode: models.ParseModeHTML, LinkPreviewOptions: noPreview(),
				}
				if about, err := strconv.Atoi(r.About); err == nil && i == 0 {
					params.ReplyParameters = &models.ReplyParameters{MessageID: about, AllowSendingWithoutReply: true}
				}
				if i == len(parts)-1 {
					params.ReplyMarkup = a.buttons(chat, r.Choices)
				}
				var message sent
				err := a.post(ctx, "sendMessage", params, &message)
				if id := message.Result.ID; err == nil && first == "" && id != "0" {
					first = id.String()
				}
				return err
			},
		})
		if err != nil {
			return "", err
		}
	}
	return first, nil
}

func priorityOf(r bot.Reply) priority {
	if r.Urgent {
		return urgent
	}
	return people
}

// noPreview keeps Telegram from showing what a link leads to: the link may be
// the swindler's.
func noPreview() *models.LinkPreviewOptions {
	return &models.LinkPreviewOptions{IsDisabled: tg.True()}
}

// Typing shows for a few seconds that an answer is on its way, unless there is
// more important traffic. It is not tried twice.
func (a *Adapter) Typing(ctx context.Context, chat string) {
	id, err := chatID(chat)
	if err != nil || !a.limits.try() {
		return
	}
	defer a.limits.end(0)
	// A failure is observed; nothing else is lost with it.
	_ = a.once(ctx, outgoing{method: "sendChatAction", chat: id, do: func(ctx context.Context, chat int64) error {
		_, err := a.bot.SendChatAction(ctx, &tg.SendChatActionParams{ChatID: chat, Action: models.ChatActionTyping})
		return err
	}})
}

// Answered acknowledges the press of a button, so that it stops spinning.
// Updates that are no press are left alone.
func (a *Adapter) Answered(ctx context.Context, u dispatch.Update) {
	parsed, err := parse(u.Payload)
	if err != nil || parsed.CallbackQuery == nil {
		return
	}
	// A press that is too old is refused; nothing is to be done about that.
	_ = a.once(ctx, outgoing{method: "answerCallbackQuery", do: func(ctx context.Context, _ int64) error {
		_, err := a.bot.AnswerCallbackQuery(ctx, &tg.AnswerCallbackQueryParams{CallbackQueryID: parsed.CallbackQuery.ID})
		return err
	}})
}
