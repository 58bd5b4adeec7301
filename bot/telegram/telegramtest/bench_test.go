package telegramtest_test

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/aldanba/aldanba/bot/telegram/telegramtest"
)

// sending is a call as the bot makes it: multipart, HTML, a keyboard.
func sending(chat int) (contentType string, body []byte) {
	var buffer bytes.Buffer
	form := multipart.NewWriter(&buffer)
	for _, field := range [][2]string{
		{"chat_id", fmt.Sprint(chat)},
		{"text", "<b>Похоже на обман.</b>\nНе платите и не называйте код. Позвоните в банк по номеру на карте."},
		{"parse_mode", "HTML"},
		{"link_preview_options", `{"is_disabled":true}`},
		{"reply_markup", `{"inline_keyboard":[[{"text":"Что делать?","callback_data":"v1:help:abcdef","copy_text":{"text":""}}],[{"text":"Уже случилось","callback_data":"v1:happened:abcdef","copy_text":{"text":""}}]]}`},
	} {
		_ = form.WriteField(field[0], field[1])
	}
	_ = form.Close()
	return form.FormDataContentType(), buffer.Bytes()
}

// nowhere is a ResponseWriter that keeps only the status.
type nowhere struct {
	header http.Header
	status int
}

func (n *nowhere) Header() http.Header         { return n.header }
func (n *nowhere) WriteHeader(status int)      { n.status = status }
func (n *nowhere) Write(p []byte) (int, error) { return len(p), nil }

// BenchmarkHandler is the server's own part of a sendMessage.
func BenchmarkHandler(b *testing.B) {
	s := telegramtest.New(telegramtest.Options{KeepNothing: true})
	defer s.Close()
	contentType, body := sending(7)
	b.ReportAllocs()
	for b.Loop() {
		r := httptest.NewRequest(http.MethodPost, "/bot"+s.Token()+"/sendMessage", bytes.NewReader(body))
		r.Header.Set("Content-Type", contentType)
		w := nowhere{header: http.Header{}}
		if s.ServeHTTP(&w, r); w.status != 200 {
			b.Fatal(w.status)
		}
	}
}

// BenchmarkSendMessage is a sendMessage over the loopback, with the client's
// part: both share the cores.
func BenchmarkSendMessage(b *testing.B) {
	for _, kept := range []bool{false, true} {
		b.Run(fmt.Sprintf("kept=%v", kept), func(b *testing.B) {
			s, c := start(b, telegramtest.Options{KeepNothing: !kept})
			s.User(7, "ru").Sends("/start")
			contentType, body := sending(7)
			pool := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
			defer pool.CloseIdleConnections()
			b.ReportAllocs()
			b.SetParallelism(8)
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					response, err := pool.Post(c.url+"sendMessage", contentType, bytes.NewReader(body))
					if err != nil {
						b.Error(err)
						return
					}
					_, _ = io.Copy(io.Discard, response.Body)
					_ = response.Body.Close()
				}
			})
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "calls/s")
		})
	}
}
