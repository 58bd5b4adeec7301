package main

import (
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
		var b balancer
		front := httptest.NewServer(b.handler())
		t.Cleanup(front.Close)
		v := newVictim(t, map[string]string{
			"REDIS_URL": startRedisServer(t).url(), "ALDANBA_SECRET": redisSecret,
			"TELEGRAM_WEBHOOK_URL": front.URL + "/telegram", "TELEGRAM_WEBHOOK_SECRET": webhookSecret,
		})
		other := startProcess(t, v.telegram, v.environ)
		b.leadsTo(t, v.process, other)
		v.takesOver(other, func() { b.leadsTo(t, other) })
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

// balancer brings webhook deliveries to several bots by turns.
type balancer struct {
	behind atomic.Pointer[[]*url.URL]
	turn   atomic.Uint64
}

// leadsTo sets where it leads from now on.
func (b *balancer) leadsTo(t testing.TB, bots ...*process) {
	t.Helper()
	var all []*url.URL
	for _, p := range bots {
		u, err := url.Parse(p.address(t))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, u)
	}
	b.behind.Store(&all)
}

func (b *balancer) handler() http.Handler {
	away := func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusBadGateway) }
	proxy := &httputil.ReverseProxy{ErrorHandler: away, Rewrite: func(r *httputil.ProxyRequest) {
		all := *b.behind.Load()
		r.SetURL(all[b.turn.Add(1)%uint64(len(all))])
	}}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if b.behind.Load() == nil {
			away(w, r, nil)
			return
		}
		proxy.ServeHTTP(w, r)
	})
}
