package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"github.com/caarlos0/env/v11"
	"golang.org/x/sync/errgroup"

	"github.com/aldanba/aldanba/bot"
	"github.com/aldanba/aldanba/bot/dispatch"
	"github.com/aldanba/aldanba/bot/duelist"
	"github.com/aldanba/aldanba/bot/media"
	"github.com/aldanba/aldanba/bot/metrics"
	"github.com/aldanba/aldanba/bot/store"
	"github.com/aldanba/aldanba/bot/telegram"
	"github.com/aldanba/aldanba/detector"
	"github.com/aldanba/aldanba/detector/judge"
	"github.com/aldanba/aldanba/locales"
)

type serveCommand struct {
	Check bool `help:"Check the settings, say what is on and what is off, and stop."`
}

// Help says where the settings come from.
func (*serveCommand) Help() string {
	return "All settings come from the environment; the README lists them in one table. TELEGRAM_BOT_TOKEN is the only one that must be set."
}

// Run serves until the program is told to end, then finishes what is in work.
func (c *serveCommand) Run(w *world) error {
	s, err := readSettings(env.ToMap(w.environ))
	if err != nil {
		return fmt.Errorf("the settings are not right:\n%w", err)
	}
	reader, err := s.reader()
	if err != nil {
		return fmt.Errorf("the settings are not right:\nALDANBA_TESSERACT: %w", err)
	}
	if c.Check {
		// What the service would load at its start: a mistake in a pack is found here.
		parts, err := w.parts()
		if err == nil {
			err = s.judging(&parts, nil)
		}
		if err != nil {
			return err
		}
		for _, line := range w.describe(s, reader) {
			fmt.Fprintln(w.out, line)
		}
		return nil
	}
	service, err := w.service(s, reader)
	if err != nil {
		return err
	}
	w.saveMemory()
	if err := service.run(w); err != nil {
		return err
	}
	return errDrained
}

// servePercent is GOGC while the bot serves. Most of what is alive are rules,
// texts and words, some 40 MB that hardly change, and up to 20 MB of what people
// said in the last hours and of what waits. With less garbage beside them the bot
// keeps below 150 MB in a rush, and collecting takes an eighth of the time at most.
const servePercent = 60

// serveLimit is GOMEMLIMIT while the bot serves, in bytes: near it garbage is
// collected sooner. The program itself and the pages of the embedded file take
// some 30 MB more. It is no wall: a picture that needs more is given it.
const serveLimit = 116 << 20

// saveMemory sets how much garbage may pile up, unless the environment does.
func (w *world) saveMemory() {
	set := env.ToMap(w.environ)
	if set["GOGC"] == "" {
		debug.SetGCPercent(servePercent)
	}
	if set["GOMEMLIMIT"] == "" {
		debug.SetMemoryLimit(serveLimit)
	}
}

// service is the running bot.
type service struct {
	settings
	log        *slog.Logger
	store      *store.Store
	dispatcher *dispatch.Dispatcher
	telegram   *telegram.Adapter
	later      *duelist.Runner
	texts      *locales.Texts
	listener   net.Listener
	handler    http.Handler
	told       []string               // what is on and what is off
	trouble    atomic.Pointer[string] // why Telegram could not be asked at the start, or nil
}

// service puts the parts together. It makes no call to Telegram.
func (w *world) service(s settings, reader *media.Reader) (*service, error) {
	log := newLog(w.err, s.LogLevel, s.LogFormat, s.secrets())
	parts, err := w.parts()
	if err != nil {
		return nil, err
	}
	memory, err := store.Open(w, store.Config{
		RedisURL: s.Memory.RedisURL, Dir: s.Memory.Data, Secret: s.Memory.Secret, OldSecret: s.Memory.OldSecret, GoOn: true, Log: log, Clock: w.clock,
	})
	if err != nil {
		return nil, err
	}
	means, counts := reader.Means(), metrics.New()
	parts.Sessions, parts.History, parts.Stories, parts.Drafts, parts.Reminders, parts.Counts, parts.AskConsent = memory, memory, memory, memory, reminders{memory}, memory, true
	parts.Clock = w.clock
	parts.SeesPictures, parts.HearsVoice, parts.Deaf = means.Vision, means.Speech, !means.Speech && !means.Command
	// What the judge has said and cost outlives the process.
	if err := s.judging(&parts, func(c *judge.Config) {
		c.Analyzer = parts.Analyzer
		c.Observer, c.Cache, c.Counters, c.Key = counts, memory, memory, memory.Key("judge")
	}); err != nil {
		return nil, errors.Join(err, memory.Close())
	}
	talker := bot.New(parts)
	v := &service{settings: s, log: log, store: memory, texts: parts.Texts, told: w.describe(s, reader)}
	v.telegram, err = telegram.New(telegram.Config{
		Token: s.Token, APIURL: s.APIURL, WebhookSecret: s.WebhookSecret, ButtonKey: memory.Key("buttons"),
		Rates: telegram.Rates{Global: s.SendRate, Chat: s.ChatRate, Group: s.GroupRate},
		Sink:  func(ctx context.Context, updates []dispatch.Update) error { return v.dispatcher.Accept(ctx, updates) },
		Chats: memory, Observer: counts, Log: log,
	})
	if err != nil {
		return nil, errors.Join(err, memory.Close())
	}
	v.dispatcher = dispatch.New(dispatch.Config{
		Inbox: memory, Limits: memory, Messenger: v.telegram, Reader: reader, Talker: talker, Maker: talker, Observer: counts, Log: log, Gone: memory.Gone, Alone: s.Memory.RedisURL == "",
		Judges: s.Judge.Together, JudgeTime: s.Judge.Timeout + judgeWait, Workers: s.Workers, Quiet: s.caseWait(), FileTime: s.FileTime, DrainTime: s.Drain, PersonRate: s.PersonRate,
	})
	v.later = duelist.New(duelist.Config{
		Store: memory, Handlers: map[string]duelist.Handler{kindReminder: remind(talker, v.telegram, memory, log)},
		Observer: counts.Later(), Log: log, Quiet: duelist.Night(), DrainTime: s.Drain,
	})
	if v.listener, err = net.Listen("tcp", s.Listen); err != nil {
		return nil, errors.Join(fmt.Errorf("LISTEN_ADDR cannot be listened on: %w", err), memory.Close())
	}
	v.handler = v.routes(counts)
	return v, nil
}

// run takes updates in and answers them until ctx is done, then drains: first
// nothing more is taken in, then what is in work is answered, then the store
// is closed.
func (v *service) run(ctx context.Context) error {
	defer v.store.Close()
	v.log.Info("aldanba serves", "address", v.listener.Addr().String())
	for _, line := range v.told {
		v.log.Info(line)
	}
	server := &http.Server{Handler: v.handler, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 30 * time.Second, IdleTimeout: 2 * time.Minute, ErrorLog: slog.NewLogLogger(v.log.Handler(), slog.LevelDebug)}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return v.dispatcher.Run(ctx) })
	group.Go(func() error { return v.receive(ctx) })
	group.Go(func() error { return v.later.Run(ctx) })
	group.Go(func() error {
		if err := server.Serve(v.listener); !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		return nil
	})
	group.Go(func() error {
		<-ctx.Done()
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), v.Drain)
		defer cancel()
		return server.Shutdown(last)
	})
	err := group.Wait()
	v.log.Info("aldanba has ended")
	return err
}

// receive introduces the bot to Telegram and has updates brought in. Whatever
// fails is tried again: Telegram may be away when the bot starts.
func (v *service) receive(ctx context.Context) error {
	if !v.persist(ctx, "name of the bot", func() error { _, err := v.telegram.Identify(ctx); return err }) {
		return nil
	}
	// People do not wait for the menu: it takes a call for each language and kind,
	// and a server of the Bot API may know none of them.
	var menu sync.WaitGroup
	defer menu.Wait()
	menu.Go(func() {
		if err := v.telegram.Setup(ctx, profiles(v.texts)); err != nil && ctx.Err() == nil {
			v.log.Warn("the menu or the description of the bot could not be put up", "error", err)
		}
	})
	if v.WebhookURL != "" {
		v.persist(ctx, "webhook", func() error { return v.telegram.SetWebhook(ctx, v.WebhookURL) })
		return nil
	}
	if v.persist(ctx, "webhook", func() error { return v.telegram.DeleteWebhook(ctx) }) {
		v.pollWhileLeading(ctx)
	}
	return nil
}

// persist does something until it succeeds; false: the program ends.
func (v *service) persist(ctx context.Context, what string, do func() error) bool {
	for pause := time.Second; ; pause = min(2*pause, time.Minute) {
		err := do()
		if ctx.Err() != nil {
			return false
		}
		if err == nil {
			v.trouble.Store(nil)
			return true
		}
		v.log.Error("Telegram could not be asked, it is tried again", "for", what, "error", err)
		why := err.Error()
		v.trouble.Store(&why)
		select {
		case <-ctx.Done():
			return false
		case <-time.After(pause):
		}
	}
}

// started says what Telegram answered when it was asked for the name of the bot
// or told of the webhook, as long as that fails.
func (v *service) started() error {
	if why := v.trouble.Load(); why != nil {
		return errors.New(*why)
	}
	return nil
}

const (
	// pollers names those of whom one leads.
	pollers = "telegram poll"
	// leadTime is how long a process leads without renewing it.
	leadTime = 6 * time.Second
)

// pollWhileLeading asks Telegram for updates as long as this process leads:
// Telegram lets only one ask. The others stand by.
func (v *service) pollWhileLeading(ctx context.Context) {
	tick := time.NewTicker(leadTime / 3)
	defer tick.Stop()
	stop := func() {}
	polling := false
	for {
		leads, err := v.store.Lead(ctx, pollers, leadTime)
		if err != nil && ctx.Err() == nil {
			v.log.Warn("it is not known who leads", "error", err)
		}
		switch {
		case leads && !polling:
			stop = v.startPolling(ctx)
		case !leads && polling:
			stop()
		}
		polling = leads
		select {
		case <-ctx.Done():
			stop()
			// Who stands by takes over now and not when the time is over.
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), leadTime/3)
			defer cancel()
			if err := v.store.Resign(last, pollers); err != nil {
				v.log.Warn("the lead could not be given up", "error", err)
			}
			return
		case <-tick.C:
		}
	}
}

// startPolling polls until stop is called, which waits for the end of it.
func (v *service) startPolling(ctx context.Context) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		v.telegram.Poll(ctx)
	}()
	return func() { cancel(); <-ended }
}

// routes are the addresses of the service: for Telegram, for whoever watches
// over the process, and for Prometheus.
func (v *service) routes(counts *metrics.Metrics) http.Handler {
	counts.Gauge("aldanba_waiting_chats", "Chats that wait for an answer.", func() float64 { chats, _ := v.dispatcher.Depth(); return float64(chats) })
	counts.Gauge("aldanba_waiting_updates", "Updates that wait for an answer.", func() float64 { _, updates := v.dispatcher.Depth(); return float64(updates) })
	counts.Gauge("aldanba_store_up", "1 while the store works, 0 while the bot goes on without memory.", func() float64 {
		if v.store.Health() != nil {
			return 0
		}
		return 1
	})
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) {
		if err := errors.Join(v.store.Health(), v.dispatcher.Ready(), v.telegram.Ready(), v.started()); err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
		fmt.Fprintln(w, "ok")
	})
	mux.Handle("GET /metrics", counts.Handler())
	if v.WebhookURL == "" {
		return mux
	}
	// Telegram asks for the very path that it was told: no pattern of the mux,
	// to which a slash at the end or a brace means something else.
	path, webhook := webhookPath(v.WebhookURL), v.telegram.Webhook()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == path {
			webhook.ServeHTTP(w, r)
			return
		}
		mux.ServeHTTP(w, r)
	})
}

// webhookPath gives the path of an address as a request has it.
func webhookPath(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Path == "" {
		return "/"
	}
	return u.Path
}

// judgeWait is how long a case may wait for its turn with the judge.
const judgeWait = 5 * time.Second

// judging adds the judge, if there is one, to the parts of the conversation.
func (s settings) judging(parts *bot.Config, change func(*judge.Config)) error {
	d, ok := parts.Checker.(*detector.Detector)
	if !ok {
		return errors.New("the judge needs the detector")
	}
	j, err := s.Judge.judge(d, change)
	if j != nil {
		parts.Judge, parts.Adviser, parts.Answerer = j, d, j
	}
	return err
}

// reader makes the reader of files.
func (s settings) reader() (*media.Reader, error) {
	return media.New(media.Config{
		Tesseract: s.Tesseract, TranscribeCmd: s.TranscribeCmd, Limits: media.Limits{Time: s.FileTime},
		Service: media.Service{BaseURL: s.OpenAIURL, Key: s.OpenAIKey, VisionModel: s.VisionModel, SpeechModel: s.TranscribeModel},
	})
}

// describe says what is on and what is off, without a secret.
func (w *world) describe(s settings, reader *media.Reader) []string {
	lines := s.describe(reader.Means())
	if dir := w.commands.RulePacks; dir != "" {
		lines = append(lines, "on:  further rule packs in "+dir)
	}
	if file := w.commands.ContactsFile; file != "" {
		lines = append(lines, "on:  telephone numbers confirmed by "+file)
	}
	return lines
}

// profiles are the menu and the descriptions in every language; Russian also
// stands for those without words of their own.
func profiles(texts *locales.Texts) map[string]telegram.Profile {
	all := map[string]telegram.Profile{}
	for _, lang := range locales.Languages() {
		p := telegram.Profile{Description: texts.Text(lang, "profile_description", nil), Short: texts.Text(lang, "profile_short", nil)}
		for _, name := range []string{"start", "check", "happened", "statement", "help", "language", "privacy", "mydata", "forget", "about"} {
			p.Commands = append(p.Commands, telegram.Command{Name: name, Text: texts.Text(lang, "command_"+name, nil)})
		}
		all[lang] = p
	}
	all[""] = all[locales.Russian]
	return all
}
