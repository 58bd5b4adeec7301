package telegram_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"github.com/aldanba/aldanba/bot"
	"github.com/aldanba/aldanba/bot/dispatch"
	"github.com/aldanba/aldanba/bot/telegram"
)

func benchAdapter(b *testing.B, c telegram.Config) *telegram.Adapter {
	b.Helper()
	c.Token, c.ButtonKey, c.WebhookSecret = botToken, []byte(buttonKey), secret
	c.Log = slog.New(slog.DiscardHandler)
	c.Sink = func(context.Context, []dispatch.Update) error { return nil }
	a, err := telegram.New(c)
	if err != nil {
		b.Fatal(err)
	}
	return a
}

func recorded(b *testing.B, name string) []byte {
	b.Helper()
	archive, err := txtar.ParseFile("testdata/updates/" + name + ".txtar")
	if err != nil {
		b.Fatal(err)
	}
	var updates []json.RawMessage
	if err := json.Unmarshal(archive.Files[0].Data, &updates); err != nil {
		b.Fatal(err)
	}
	return updates[0]
}

// BenchmarkKind is called for every update on its way in.
func BenchmarkKind(b *testing.B) {
	a := benchAdapter(b, telegram.Config{})
	u := dispatch.Update{Chat: chatOf, Payload: recorded(b, "forward_keyboard")}
	b.ReportAllocs()
	for b.Loop() {
		a.Kind(u)
	}
}

func BenchmarkEvent(b *testing.B) {
	a := benchAdapter(b, telegram.Config{})
	for _, name := range []string{"text", "forward_keyboard", "external_reply"} {
		u := []dispatch.Update{{Chat: chatOf, Payload: recorded(b, name)}}
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := a.Event(context.Background(), u); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkWebhook(b *testing.B) {
	handler := benchAdapter(b, telegram.Config{}).Webhook()
	body := string(recorded(b, "text"))
	b.ReportAllocs()
	for b.Loop() {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
		r.Header.Set("X-Telegram-Bot-Api-Secret-Token", secret)
		answer := httptest.NewRecorder()
		if handler.ServeHTTP(answer, r); answer.Code != http.StatusOK {
			b.Fatal(answer.Code)
		}
	}
}

var verdict = bot.Reply{
	Text:  "⛔ Это похоже на мошенников: «безопасный счёт»\n\nПочему:\n• просят перевести деньги\n• пугают <полицией>\n\nЧто делать:\n1. Не платите.\n2. Позвоните в банк: 1409",
	About: "17",
	Choices: []bot.Choice{
		{ID: "stage:nothing_yet", Label: "Ничего не сделал"}, {ID: "happened", Label: "Уже случилось"}, {ID: "check", Label: "Проверить"}, {ID: "help", Label: "Помощь"},
	},
}

// BenchmarkSendMessage is all of a reply except the network: text, keyboard,
// limits, the library's form, the answer.
func BenchmarkSendMessage(b *testing.B) {
	client := &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
		_, err := io.Copy(io.Discard, r.Body)
		return &http.Response{StatusCode: 200, Request: r, Body: io.NopCloser(strings.NewReader(`{"ok":true,"result":{"message_id":77,"date":1,"chat":{"id":5512,"type":"private"},"text":"x"}}`))}, err
	})}
	a := benchAdapter(b, telegram.Config{Client: client, Rates: telegram.Rates{Global: 1 << 20, Chat: 1 << 20}})
	b.ReportAllocs()
	for b.Loop() {
		if _, err := a.Send(context.Background(), chatOf, verdict); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkSendOverLoopback includes the network of the machine and a server
// that only answers.
func BenchmarkSendOverLoopback(b *testing.B) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		_, _ = io.WriteString(w, `{"ok":true,"result":{"message_id":77}}`)
	}))
	defer server.Close()
	a := benchAdapter(b, telegram.Config{APIURL: server.URL, Rates: telegram.Rates{Global: 1 << 20, Chat: 1 << 20}})
	b.ReportAllocs()
	b.SetParallelism(16)
	started := time.Now()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := a.Send(context.Background(), chatOf, verdict); err != nil {
				b.Error(err)
				return
			}
		}
	})
	b.ReportMetric(float64(b.N)/time.Since(started).Seconds(), "replies/s")
}

// BenchmarkSplit is the worst text: long, and without a place to break.
func BenchmarkSplit(b *testing.B) {
	client := canned(`{"ok":true,"result":{"message_id":77}}`)
	a := benchAdapter(b, telegram.Config{Client: client, Rates: telegram.Rates{Global: 1 << 20, Chat: 1 << 20}})
	for _, n := range []int{4 << 10, 64 << 10} {
		text := strings.Repeat("ж", n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := a.Send(context.Background(), chatOf, bot.Reply{Text: text}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
