package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	tgt "github.com/aldanba/aldanba/bot/telegram/telegramtest"
	"github.com/aldanba/aldanba/locales"
)

// serviceKey is the key to the service of the tests.
const serviceKey = "sk-canary-of-the-service-0000000000"

// service is a service outside that reads pictures and listens. It counts what
// it is sent.
func startService(t *testing.T, words string) (address string, bytes, calls *atomic.Int64) {
	bytes, calls = new(atomic.Int64), new(atomic.Int64)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n, _ := io.Copy(io.Discard, r.Body)
		bytes.Add(n)
		calls.Add(1)
		answer := any(map[string]any{"text": words})
		if strings.HasSuffix(r.URL.Path, "/chat/completions") {
			answer = map[string]any{"choices": []any{map[string]any{"message": map[string]any{"role": "assistant", "content": words}}}}
		}
		if r.Header.Get("Authorization") != "Bearer "+serviceKey {
			w.WriteHeader(http.StatusUnauthorized)
		}
		_ = json.NewEncoder(w).Encode(answer)
	}))
	t.Cleanup(server.Close)
	return server.URL + "/v1", bytes, calls
}

// What cannot be masked leaves only where a setting and the person say so.
func TestNothingLeavesWithoutASettingAndAYes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind, setting string
		content       func(c *cast) tgt.Content
	}{
		{"picture", "OPENAI_VISION_MODEL", func(c *cast) tgt.Content { return tgt.Photo(c.file("chat_*.png")) }},
		{"voice", "OPENAI_TRANSCRIBE_MODEL", func(*cast) tgt.Content { return tgt.Voice(voice(""), 5*time.Second) }},
	} {
		for _, lang := range locales.Languages() {
			play := func(name string, settings map[string]string, scene func(c *cast, sent func() int64)) {
				t.Run(c.kind+"_"+name+"_"+lang, func(t *testing.T) {
					t.Parallel()
					if c.kind == "picture" {
						sparePictures(t)
					}
					cast := &cast{T: t, telegram: startTelegram(t, tgt.Options{}), lang: lang}
					address, bytes, calls := startService(t, cast.or(moneyRU, moneyKK))
					cast.bot = startBot(t, cast.telegram, with(with(quick, "OPENAI_BASE_URL", address, "OPENAI_API_KEY", serviceKey), pairs(settings)...))
					cast.person = cast.telegram.User(700, lang).Named(cast.or("Асель", "Әсел"), "", "")
					scene(cast, func() int64 { return bytes.Load() + calls.Load() })
					cast.ends("service_"+c.kind+"_"+name, true)
					if leaks := cast.telegram.Leaks(serviceKey); len(leaks) > 0 {
						t.Error("the key of the service went to Telegram")
					}
				})
			}
			forwarded := tgt.Forwarded(tgt.FromHidden("Банк"))
			unread := func(c *cast, sent func() int64, content tgt.Content) tgt.Message {
				c.Helper()
				m := c.sees(c.posts(1, content, forwarded)[0])
				if n := sent(); n > 0 {
					c.Errorf("%d bytes left", n)
				}
				return m
			}
			play("off", nil, func(cast *cast, sent func() int64) {
				if c.kind == "picture" { // it may show a code
					unread(cast, sent, c.content(cast))
					return
				}
				cast.posts(1, c.content(cast), forwarded)
				if n := sent(); n > 0 {
					cast.Errorf("%d bytes left", n)
				}
			})
			on := map[string]string{c.setting: "model"}
			play("no", on, func(cast *cast, sent func() int64) {
				asked := unread(cast, sent, c.content(cast))
				cast.presses("choice_no")
				cast.sees(asked) // now it says that nobody was shown it
				unread(cast, sent, c.content(cast))
			})
			play("yes", on, func(cast *cast, sent func() int64) {
				unread(cast, sent, c.content(cast))
				cast.presses("choice_yes")
				// The one that waited is answered without being sent again.
				cast.verdict(cast.hears(1)[0], red)
				if sent() == 0 {
					cast.Error("nothing was shown to the service after all")
				}
				cast.tells(1, "/privacy", "/privacy")
				cast.sees(cast.posts(1, c.content(cast), forwarded)[0]) // nobody is asked twice
				cast.verdict(cast.hears(2)[0], red)
			})
			play("forgotten", on, func(cast *cast, sent func() int64) {
				unread(cast, sent, c.content(cast))
				cast.tells(1, "/forget", "/forget")
				// What waited went with the rest, so a late yes shows nothing to anybody.
				cast.presses("choice_yes")
				cast.tells(1, "/help", "/help")
				if n := sent(); n > 0 {
					cast.Errorf("%d bytes of what was to be forgotten left", n)
				}
			})
			play("taken_back", on, func(cast *cast, sent func() int64) {
				unread(cast, sent, c.content(cast))
				cast.presses("choice_yes")
				cast.hears(1)
				before := sent()
				cast.tells(1, "/privacy", "/privacy")
				cast.presses("choice_" + c.kind + "_no")
				cast.sees(cast.posts(1, c.content(cast), forwarded)[0])
				if sent() != before {
					cast.Error("something left after the person took it back")
				}
			})
		}
	}
}

// pairs gives settings by turns of name and value.
func pairs(settings map[string]string) []string {
	var all []string
	for name, value := range settings {
		all = append(all, name, value)
	}
	return all
}
