package main

import (
	"crypto/rand"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"sync/atomic"
	"testing"
	"time"
)

// TestAnotherProcessTakesOver kills one of two bots on one Redis under load.
// The other answers what is left, and nothing was answered by both.
func TestAnotherProcessTakesOver(t *testing.T) {
	t.Run("polling", func(t *testing.T) {
		t.Parallel() // the other waits until the first leads no more
		v := newVictim(t, map[string]string{"REDIS_URL": startRedisServer(t).url(), "ALDANBA_SECRET": redisSecret})
		v.process.serves(t)
		v.soon(false) // it leads
		v.takesOver(startProcess(t, v.telegram, v.environ), func() {})
	})
	t.Run("webhook", func(t *testing.T) {
		t.Parallel()
		b := newBalancer(t)
		v := newVictim(t, with(b.settings(), "REDIS_URL", startRedisServer(t).url(), "ALDANBA_SECRET", redisSecret))
		other := startProcess(t, v.telegram, v.environ)
		b.leadsTo(v.process, other)
		v.takesOver(other, func() { b.leadsTo(other) })
	})
}

// takesOver kills the bot while the other works beside it, and lets the other
// go on alone.
func (v *victim) takesOver(other *process, changed func()) {
	v.Helper()
	other.serves(v)
	v.soon(false)
	v.soon(true)
	v.process.kill()
	v.kills = append(v.kills, &kill{at: time.Now(), most: killedWorkers})
	v.process = other
	changed()
	v.soon(false) // the other is brought what is written from now on
	v.check()
}

// balancer is the address of a webhook that brings deliveries to bots by turns,
// wherever they listen.
type balancer struct {
	url    string
	secret string // of its own: a bot of another test may come to listen where one was killed
	behind atomic.Pointer[[]*process]
	turn   atomic.Uint64
}

func newBalancer(t testing.TB) *balancer {
	b := &balancer{secret: webhookSecret + rand.Text()}
	front := httptest.NewServer(b.handler())
	t.Cleanup(front.Close)
	b.url = front.URL + "/telegram"
	return b
}

// settings make a bot that is to stand behind it.
func (b *balancer) settings() map[string]string {
	return map[string]string{"TELEGRAM_WEBHOOK_URL": b.url, "TELEGRAM_WEBHOOK_SECRET": b.secret}
}

// leadsTo sets where it leads from now on.
func (b *balancer) leadsTo(bots ...*process) { b.behind.Store(&bots) }

func (b *balancer) handler() http.Handler {
	away := func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusBadGateway) }
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		bots := b.behind.Load()
		if bots == nil {
			away(w, r, nil)
			return
		}
		to, err := url.Parse((*bots)[b.turn.Add(1)%uint64(len(*bots))].listens())
		if err != nil || to.Host == "" {
			away(w, r, err) // it is still starting
			return
		}
		proxy := &httputil.ReverseProxy{ErrorHandler: away, Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(to) }}
		proxy.ServeHTTP(w, r)
	})
}
