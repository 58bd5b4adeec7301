package telegram

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"io"
	"net/http"
	"strings"

	tg "github.com/go-telegram/bot"

	"github.com/aldanba/aldanba/bot/dispatch"
)

const (
	maxUpdate = 1 << 20 // bytes of an update

	// webhookConnections is how many updates Telegram may deliver at once.
	webhookConnections = 64

	secretHeader = "X-Telegram-Bot-Api-Secret-Token"
)

// Webhook gives the handler that Telegram delivers updates to. It answers 200
// only when the sink has accepted the update; on every other answer Telegram
// delivers it again. Without Config.WebhookSecret it lets nobody in.
func (a *Adapter) Webhook() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			w.Header().Set("Allow", http.MethodPost)
			w.WriteHeader(http.StatusMethodNotAllowed)
			return
		}
		if !a.isSecret(r.Header.Get(secretHeader)) {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxUpdate))
		var tooLong *http.MaxBytesError
		switch {
		case errors.As(err, &tooLong):
			w.WriteHeader(http.StatusRequestEntityTooLarge)
			return
		case err != nil:
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		u, err := parse(body)
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		if err := a.take(r.Context(), []incoming{{u, body}}); err != nil {
			a.setTrouble(notKept)
			if !errors.Is(err, dispatch.ErrFull) && !errors.Is(err, dispatch.ErrStopping) {
				a.log.Error("telegram: an update was not accepted", "error", err)
			}
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		a.setTrouble("")
		w.WriteHeader(http.StatusOK)
	})
}

// isSecret compares in a time that tells nothing about the secret, not even its
// length.
func (a *Adapter) isSecret(given string) bool {
	want, got := sha256.Sum256([]byte(a.webhookSecret)), sha256.Sum256([]byte(given))
	return subtle.ConstantTimeCompare(want[:], got[:]) == 1 && a.webhookSecret != ""
}

// SetWebhook asks Telegram to deliver updates to an address (https, except to a
// Bot API server of one's own). Updates that wait are kept.
func (a *Adapter) SetWebhook(ctx context.Context, address string) error {
	if a.webhookSecret == "" {
		return errors.New("telegram: a webhook needs a secret")
	}
	err := a.call(ctx, outgoing{method: "setWebhook", do: func(ctx context.Context, _ int64) error {
		_, err := a.bot.SetWebhook(ctx, &tg.SetWebhookParams{
			URL: address, SecretToken: a.webhookSecret, AllowedUpdates: allowedUpdates, MaxConnections: webhookConnections,
		})
		return err
	}})
	var failed *CallError
	if errors.As(err, &failed) && failed.Reason == Refused {
		failed.detail += ": the address of the webhook must be https, its host one that can be found from outside, its port 443, 80, 88 or 8443"
	}
	return err
}

// DeleteWebhook asks Telegram to keep updates until Poll asks for them.
func (a *Adapter) DeleteWebhook(ctx context.Context) error {
	return a.call(ctx, outgoing{method: "deleteWebhook", do: func(ctx context.Context, _ int64) error {
		_, err := a.bot.DeleteWebhook(ctx, nil)
		return err
	}})
}

// isSecretToken says whether Telegram takes a text for the secret of a webhook.
func isSecretToken(text string) bool {
	return len(text) <= 256 && strings.Trim(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-") == ""
}
