package telegramtest

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// webhook delivers updates to the bot's URL: those of one chat one after the
// other, those of different chats side by side over at most so many
// connections. Its fields are guarded by the server's lock.
type webhook struct {
	server  *Server
	url     string
	secret  string
	most    int // connections
	chats   map[int64]*line
	ready   []*line // whose next update may be delivered now
	flying  int
	waiting int // updates in lines
	ctx     context.Context
	cancel  context.CancelFunc
	work    sync.WaitGroup

	lastError   string
	lastErrorAt time.Time
}

// line is the queue of one chat.
type line struct {
	chat    int64
	updates []*Update
	busy    bool // under way, ready, or waiting for its next attempt
	delay   time.Duration
}

// setWebhook starts delivery. Like a Bot API server of one's own it also
// accepts plain HTTP and any port. Calls in the bot's answers are passed over.
func (s *Server) setWebhook(c *call) error {
	target := c.params.str("url")
	if target == "" {
		return s.deleteWebhook(c)
	}
	parsed, err := url.Parse(target)
	if err != nil || parsed.Host == "" || parsed.Scheme != "http" && parsed.Scheme != "https" {
		return badRequest("invalid webhook URL specified")
	}
	secret := c.params.str("secret_token")
	switch {
	case len(secret) > 256:
		return badRequest("secret token is too long")
	case strings.Trim(secret, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-") != "":
		return badRequest("secret token contains unallowed characters")
	}
	ctx, cancel := context.WithCancel(s.ctx)
	hook := &webhook{
		server: s, url: target, secret: secret,
		most:  int(min(max(c.params.int("max_connections", 40), 1), 100)),
		chats: map[int64]*line{}, ctx: ctx, cancel: cancel,
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queue.allow(c)
	s.abortPoll("Conflict: terminated by setWebhook request")
	s.unhook(c.params.bool("drop_pending_updates"))
	s.hook = hook
	waiting := append(s.queue.again, s.queue.pending...)
	s.queue.again, s.queue.pending = nil, nil
	for _, u := range waiting {
		hook.add(u)
	}
	hook.pull()
	return c.done()
}

func (s *Server) deleteWebhook(c *call) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.unhook(c.params.bool("drop_pending_updates"))
	return c.done()
}

// unhook ends delivery and takes undelivered updates back. What is under way
// may still arrive.
func (s *Server) unhook(drop bool) {
	if s.hook != nil {
		s.hook.cancel()
		for _, l := range s.hook.chats {
			s.queue.pending = append(s.queue.pending, l.updates...)
		}
		slices.SortFunc(s.queue.pending, func(a, b *Update) int { return int(a.ID - b.ID) })
		s.hook = nil
	}
	if drop {
		s.queue.pending, s.queue.again, s.queue.sources = nil, nil, nil
	}
}

func (s *Server) getWebhookInfo(c *call) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	o := &c.result
	o.open()
	if s.hook == nil {
		o.str("url", "")
	} else {
		o.str("url", s.hook.url)
	}
	o.bool("has_custom_certificate", false)
	o.int("pending_update_count", int64(s.pending()))
	if s.hook != nil {
		if s.hook.lastError != "" {
			o.int("last_error_date", s.hook.lastErrorAt.Unix())
			o.str("last_error_message", s.hook.lastError)
		}
		o.int("max_connections", int64(s.hook.most))
	}
	if s.queue.allowed != nil {
		o.array("allowed_updates", func() {
			for _, kind := range s.queue.allowed {
				o.buf = appendString(o.comma(), kind)
			}
		})
	}
	o.close()
	return nil
}

// add puts an update into the line of its chat.
func (h *webhook) add(u *Update) {
	l := h.chats[u.Chat]
	if l == nil {
		l = &line{chat: u.Chat}
		h.chats[u.Chat] = l
	}
	l.updates = append(l.updates, u)
	h.waiting++
	if !l.busy {
		l.busy = true
		h.ready = append(h.ready, l)
	}
	h.dispatch()
}

// dispatch starts deliveries while there are lines ready and connections free.
func (h *webhook) dispatch() {
	for h.ctx.Err() == nil && h.flying < h.most && len(h.ready) > 0 {
		l := h.ready[0]
		h.ready = h.ready[1:]
		h.flying++
		u := l.updates[0]
		h.work.Go(func() { h.deliver(l, u) })
	}
}

// pull takes updates of Feed while connections are free.
func (h *webhook) pull() {
	q := &h.server.queue
	for h.ctx.Err() == nil && h.flying < h.most && len(h.ready) == 0 && len(q.sources) > 0 && h.waiting < 4*h.most {
		h.add(q.draw())
	}
}

// deliver posts one update and decides what comes next in its line.
func (h *webhook) deliver(l *line, u *Update) {
	after, err := h.post(u)
	s := h.server
	s.mu.Lock()
	defer s.mu.Unlock()
	h.flying--
	if h.ctx.Err() != nil {
		return // unhook has taken the updates
	}
	if err == nil {
		h.waiting--
		l.updates, l.delay = l.updates[1:], 0
		if len(l.updates) > 0 {
			h.ready = append(h.ready, l)
		} else {
			delete(h.chats, l.chat)
		}
	} else {
		h.lastError, h.lastErrorAt = err.Error(), s.options.Now()
		l.delay = min(max(2*l.delay, s.options.WebhookRetry), time.Minute)
		if after == 0 {
			after = l.delay
		}
		retry := s.options.After(after)
		h.work.Go(func() { h.later(l, retry) })
	}
	h.dispatch()
	h.pull()
}

// later makes a line ready again when its time has come.
func (h *webhook) later(l *line, retry <-chan time.Time) {
	select {
	case <-retry:
	case <-h.ctx.Done():
		return
	}
	h.server.mu.Lock()
	defer h.server.mu.Unlock()
	h.ready = append(h.ready, l)
	h.dispatch()
}

// post makes one attempt. after is what the bot asked for in a Retry-After.
func (h *webhook) post(u *Update) (after time.Duration, err error) {
	ctx, cancel := context.WithCancelCause(h.ctx)
	defer cancel(nil)
	expired := h.server.options.After(h.server.options.WebhookTimeout)
	go func() {
		select {
		case <-expired:
			cancel(&apiError{description: "Read timeout expired"}) // the server's words, for getWebhookInfo
		case <-ctx.Done():
		}
	}()
	var o object
	u.write(&o)
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, h.url, bytes.NewReader(o.buf))
	if err != nil {
		return 0, err
	}
	r.Header.Set("Content-Type", "application/json")
	if h.secret != "" {
		r.Header.Set("X-Telegram-Bot-Api-Secret-Token", h.secret)
	}
	response, err := h.server.options.WebhookClient.Do(r)
	status := 0
	if err == nil {
		status = response.StatusCode
		_, _ = io.Copy(io.Discard, io.LimitReader(response.Body, 64<<10)) // so that the connection can be used again
		_ = response.Body.Close()
	}
	h.server.record(Request{Call: Call{Method: "webhook", Chat: u.Chat, Status: status, At: h.server.options.Now()}, Body: o.buf})
	switch {
	case ctx.Err() != nil && h.ctx.Err() == nil:
		return 0, context.Cause(ctx)
	case err != nil:
		return 0, err
	case status/100 != 2:
		n, _ := strconv.Atoi(response.Header.Get("Retry-After"))
		return seconds(int64(min(max(n, 0), 3600))), &apiError{description: "Wrong response from the webhook: " + response.Status}
	}
	return 0, nil
}

// close ends delivery and waits for what is under way.
func (h *webhook) close() {
	h.cancel()
	h.work.Wait()
}
