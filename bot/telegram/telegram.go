// Package telegram connects the bot to Telegram: updates become events, replies
// become calls of the Bot API.
//
// Updates come in by Poll or by Webhook and are handed to a sink, which keeps
// them as Telegram wrote them; Event reads them later, perhaps after a restart.
// Replies go out through one sender that knows Telegram's limits. The token is
// a part of every address of the Bot API, so no error of net/http leaves this
// package: failures are told by method and class.
package telegram

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	tg "github.com/go-telegram/bot"

	"github.com/aldanba/aldanba/bot/dispatch"
)

// PublicAPI is where Telegram itself answers.
const PublicAPI = "https://api.telegram.org"

// Config is what an Adapter is made of.
type Config struct {
	Token         string // of @BotFather
	APIURL        string // of the Bot API server, for calls and files; empty: Telegram's own
	WebhookSecret string // 1 to 256 of A-Z a-z 0-9 _ -; empty: no webhook
	ButtonKey     []byte // at least 16 secret bytes; a change makes all buttons stale
	Rates         Rates

	// Sink keeps updates. When it returns nil they must not be lost any more.
	Sink func(ctx context.Context, updates []dispatch.Update) error

	Chats    Chats            // nil: nobody wants to know
	Observer Observer         // nil: nobody watches
	Client   *http.Client     // its Transport is used; nil: one of its own
	Now      func() time.Time // nil: time.Now
	Log      *slog.Logger     // nil: slog.Default()
}

// Adapter speaks with Telegram. It is a dispatch.Messenger and safe for
// concurrent use.
type Adapter struct {
	token, apiURL string
	webhookSecret string
	stamps        *sync.Pool             // of buttons
	id            int64                  // of the bot's account, the first part of the token
	username      atomic.Pointer[string] // of the bot, when Telegram has told it
	trouble       atomic.Pointer[string] // why updates do not come in, nil while they do

	bot      *tg.Bot
	client   *client
	limits   *limiter
	versions *versions
	sink     func(context.Context, []dispatch.Update) error
	chats    Chats
	observer Observer
	now      func() time.Time
	log      *slog.Logger
}

var _ dispatch.Messenger = (*Adapter)(nil)

var tokenForm = regexp.MustCompile(`^[0-9]{1,18}:[A-Za-z0-9_-]+$`)

// IsToken says whether a text has the form of a bot's token.
func IsToken(text string) bool { return tokenForm.MatchString(text) }

// New makes an adapter. It makes no call, so it works while Telegram is away.
func New(c Config) (*Adapter, error) {
	if !IsToken(c.Token) {
		return nil, errors.New("telegram: the token is not of the form 123456:ABC…; @BotFather gives it")
	}
	account, _, _ := strings.Cut(c.Token, ":")
	id, err := strconv.ParseInt(account, 10, 64)
	if err != nil {
		return nil, errors.New("telegram: the token does not begin with a number")
	}
	apiURL := strings.TrimRight(cmp.Or(c.APIURL, PublicAPI), "/")
	if u, err := url.Parse(apiURL); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.RawQuery != "" || u.Fragment != "" {
		return nil, errors.New("telegram: the address of the Bot API is not of the form https://host or http://host:port")
	}
	switch {
	case len(c.ButtonKey) < 16:
		return nil, errors.New("telegram: the key for buttons is shorter than 16 bytes")
	case !isSecretToken(c.WebhookSecret):
		return nil, errors.New("telegram: the secret of the webhook may have up to 256 of A-Z a-z 0-9 _ and -")
	case c.Sink == nil:
		return nil, errors.New("telegram: there is nothing to hand updates to")
	case c.Rates.Global < 0 || c.Rates.Chat < 0 || c.Rates.Group < 0:
		return nil, errors.New("telegram: a rate is negative")
	}
	a := &Adapter{
		token: c.Token, apiURL: apiURL, webhookSecret: c.WebhookSecret, stamps: newStamps(c.ButtonKey), id: id,
		client:   &client{line: lineOf(c.Client)},
		limits:   newLimiter(c.Rates.withDefaults()),
		versions: newVersions(),
		sink:     c.Sink,
		chats:    c.Chats,
		observer: c.Observer,
		now:      c.Now,
		log:      cmp.Or(c.Log, slog.Default()),
	}
	if a.chats == nil {
		a.chats = unheard{}
	}
	if a.observer == nil {
		a.observer = unobserved{}
	}
	if a.now == nil {
		a.now = time.Now
	}
	a.bot, err = tg.New(c.Token,
		tg.WithServerURL(apiURL), tg.WithHTTPClient(callTime, a.client), tg.WithSkipGetMe(),
		// The library reports failures twice: here, with what it sent, and to its caller.
		tg.WithErrorsHandler(func(error) {}),
	)
	if err != nil {
		return nil, errors.New("telegram: the library refuses the token")
	}
	return a, nil
}

// lineOf gives the way to the network of a client, or one of our own.
func lineOf(given *http.Client) http.RoundTripper {
	if given != nil && given.Transport != nil {
		return given.Transport
	}
	own := http.DefaultTransport.(*http.Transport).Clone()
	own.MaxIdleConns, own.MaxIdleConnsPerHost = idleLines, idleLines // all calls go to one host
	own.DisableCompression = true                                    // answers are short
	own.ResponseHeaderTimeout = pollTime + pollSpare
	return own
}

// idleLines is how many connections to Telegram are kept while nothing is sent:
// in a rush as many calls are made side by side as there are workers.
const idleLines = 128

// Ready says why updates do not come in, or nil.
func (a *Adapter) Ready() error {
	if why := a.trouble.Load(); why != nil {
		return errors.New(*why)
	}
	return nil
}

// setTrouble takes note of why updates do not come in; empty: they do.
func (a *Adapter) setTrouble(why string) {
	if why == "" {
		a.trouble.Store(nil)
		return
	}
	why = "telegram: updates do not come in: " + why
	a.trouble.Store(&why)
}

// notKept is the trouble of a sink that does not accept updates.
const notKept = "they cannot be kept"

// unheard is where nobody wants to know what becomes of chats.
type unheard struct{}

func (unheard) Gone(context.Context, string) error          { return nil }
func (unheard) Back(context.Context, string) error          { return nil }
func (unheard) Moved(context.Context, string, string) error { return nil }
