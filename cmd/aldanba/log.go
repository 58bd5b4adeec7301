package main

import (
	"fmt"
	"io"
	"log/slog"
	"strings"
)

// newLog makes the log of the program. No value of a secret passes it, in
// whatever field or error it hides: the bot's token, for one, is part of every
// address that Telegram is asked at, and so of every error of a request.
func newLog(out io.Writer, level slog.Level, format string, secrets []string) *slog.Logger {
	options := &slog.HandlerOptions{Level: level, ReplaceAttr: withoutSecrets(secrets)}
	if format == "json" {
		return slog.New(slog.NewJSONHandler(out, options))
	}
	return slog.New(slog.NewTextHandler(out, options))
}

// withoutSecrets replaces secrets in the message and in every value.
func withoutSecrets(secrets []string) func([]string, slog.Attr) slog.Attr {
	var pairs []string
	for _, secret := range secrets {
		pairs = append(pairs, secret, "[secret]")
		// The second half of a token is the secret one.
		if _, half, ok := strings.Cut(secret, ":"); ok && len(half) >= 10 {
			pairs = append(pairs, half, "[secret]")
		}
	}
	replacer := strings.NewReplacer(pairs...)
	return func(_ []string, a slog.Attr) slog.Attr {
		switch a.Value.Kind() {
		case slog.KindString:
			a.Value = slog.StringValue(replacer.Replace(a.Value.String()))
		case slog.KindAny:
			a.Value = slog.StringValue(replacer.Replace(fmt.Sprint(a.Value.Any())))
		}
		return a
	}
}
