package telegram

import (
	"bytes"
	"context"
	"fmt"
	"strconv"
	"time"
	"unicode/utf16"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"github.com/aldanba/aldanba/bot"
	"github.com/aldanba/aldanba/bot/dispatch"
)

const (
	maxUpload  = 50 << 20        // bytes of a file, core.telegram.org/bots/api#senddocument
	maxCaption = 1024            // UTF-16 units of the text under it
	uploadTime = 2 * time.Minute // for one attempt
)

// sendFiles sends files as documents. The text stands under the last of them,
// with the buttons; one that is too long for that follows by itself.
func (a *Adapter) sendFiles(ctx context.Context, to int64, r bot.Reply, p priority) (first string, err error) {
	for _, f := range r.Attached {
		if len(f.Data) > maxUpload || len(f.Data) == 0 {
			return "", fmt.Errorf("telegram: a file of %d bytes is not sent: %w", len(f.Data), dispatch.ErrRefused)
		}
	}
	apart := len(utf16.Encode([]rune(r.Text))) > maxCaption
	for i, f := range r.Attached {
		last := i == len(r.Attached)-1
		err := a.call(ctx, outgoing{
			method: "sendDocument", chat: to, priority: p, within: uploadTime,
			do: func(ctx context.Context, chat int64) error {
				to = chat // what follows goes where a group has moved
				params := &tg.SendDocumentParams{
					ChatID: chat, Document: &models.InputFileUpload{Filename: f.Name, Data: bytes.NewReader(f.Data)},
					DisableContentTypeDetection: true,
				}
				if last && !apart {
					params.Caption, params.ParseMode = render(r.Text, true), models.ParseModeHTML
					params.ReplyMarkup = a.buttons(chat, r.Choices)
				}
				sent, err := a.bot.SendDocument(ctx, params)
				if err == nil && first == "" && sent.ID != 0 {
					first = strconv.Itoa(sent.ID)
				}
				return err
			},
		})
		if err != nil {
			return "", err
		}
	}
	if apart {
		if _, err := a.sendParts(ctx, to, r, split(r.Text, maxMessage), 0, p); err != nil {
			return "", err
		}
	}
	return first, nil
}
