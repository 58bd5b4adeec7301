package dispatch_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aldanba/aldanba/bot"
	"github.com/aldanba/aldanba/bot/dispatch"
)

// The payload of a test's update is a few words that say what it is:
//
//	"hello"          a message with this text
//	"press yes"      a button
//	"edit hello"     an edited message
//	"picture a.png"  a message with a picture, "voice b.ogg" one with a voice note
//	"nothing"        an update that asks for no answer
//	"broken"         an update that the messenger cannot understand

// spoken is a reply as it arrived.
type spoken struct {
	chat, text string
	replaces   string // name of the message whose place it took
	at         time.Duration
}

// messenger remembers what is said.
type messenger struct {
	began time.Time
	// deliver decides what becomes of a reply, nil: it arrives.
	deliver func(ctx context.Context, chat string, reply bot.Reply) error
	person  func(chat string) string // nil: the chat itself

	mu       sync.Mutex
	said     []spoken
	typed    map[string]int
	answered []string
}

func (m *messenger) Kind(u dispatch.Update) dispatch.Kind {
	switch word, _, _ := strings.Cut(string(u.Payload), " "); word {
	case "press":
		return dispatch.Urgent
	case "edit":
		return dispatch.Edit
	}
	return dispatch.Message
}

func (m *messenger) Event(_ context.Context, updates []dispatch.Update) (bot.Event, error) {
	event := bot.Event{Person: updates[0].Chat}
	if m.person != nil {
		event.Person = m.person(updates[0].Chat)
	}
	for _, u := range updates {
		word, rest, _ := strings.Cut(string(u.Payload), " ")
		message := bot.Message{ID: u.ID, Text: string(u.Payload)}
		switch word {
		case "nothing":
			continue
		case "broken":
			return bot.Event{}, errors.New("not understood: " + string(u.Payload))
		case "press":
			event.Choice = rest
			continue
		case "edit":
			event.Edited = true
			message.Text = rest
		case "picture", "voice":
			message.Text = ""
			for name := range strings.FieldsSeq(rest) {
				message.Files = append(message.Files, bot.File{Kind: bot.FileKind(word), Ref: name, Name: name})
			}
		}
		event.Messages = append(event.Messages, message)
	}
	return event, nil
}

func (m *messenger) say(ctx context.Context, chat, replaces string, r bot.Reply) (string, error) {
	if m.deliver != nil {
		if err := m.deliver(ctx, chat, r); err != nil {
			return "", err
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.said = append(m.said, spoken{chat: chat, text: r.Text, replaces: replaces, at: time.Since(m.began)})
	return fmt.Sprintf("#%d", len(m.said)), nil
}

func (m *messenger) Send(ctx context.Context, chat string, r bot.Reply) (string, error) {
	return m.say(ctx, chat, "", r)
}

func (m *messenger) Replace(ctx context.Context, chat, id string, r bot.Reply) error {
	_, err := m.say(ctx, chat, id, r)
	return err
}

func (m *messenger) Typing(_ context.Context, chat string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.typed[chat]++
}

func (m *messenger) Fetch(_ context.Context, f bot.File) (io.ReadCloser, error) {
	return io.NopCloser(strings.NewReader("inside " + f.Ref)), nil
}

func (m *messenger) Answered(_ context.Context, u dispatch.Update) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.answered = append(m.answered, u.ID)
}

// heard gives what was said to the chat.
func (m *messenger) heard(chat string) []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	var texts []string
	for _, s := range m.said {
		if s.chat != chat {
			continue
		}
		if s.replaces != "" {
			s.text += " in place of " + s.replaces
		}
		texts = append(texts, s.text)
	}
	return texts
}

// when gives how long after the beginning each reply to the chat arrived.
func (m *messenger) when(chat string) []time.Duration {
	m.mu.Lock()
	defer m.mu.Unlock()
	var times []time.Duration
	for _, s := range m.said {
		if s.chat == chat {
			times = append(times, s.at.Round(time.Millisecond))
		}
	}
	return times
}

// talker answers with the words that it heard. "two x" gets two replies,
// "panic" makes it panic.
type talker struct {
	handle  func(context.Context, bot.Event) (bot.Answer, error) // nil: as above
	opinion func(context.Context, bot.Event) *bot.Opinion        // nil: none

	mu       sync.Mutex
	handled  []string
	services map[string]bot.Services
}

func (t *talker) Handle(ctx context.Context, e bot.Event) (bot.Answer, error) {
	words := wordsOf(e)
	t.mu.Lock()
	t.handled = append(t.handled, words)
	t.mu.Unlock()
	if t.handle != nil {
		return t.handle(ctx, e)
	}
	return t.answer(e, words), nil
}

func (t *talker) answer(e bot.Event, words string) bot.Answer {
	answer := bot.Answer{Lang: "ru", Level: "suspicious", Replies: []bot.Reply{{Text: "re: " + words}}}
	files := 0
	for _, m := range e.Messages {
		files += len(m.Files)
	}
	switch {
	case strings.Contains(words, "panic"):
		panic("secret words: " + words)
	case e.Choice == "yes":
		t.agree(e.Person)
		answer.Resume = true
	case e.Choice == "forget":
		answer.Erased = true
	case files > 0:
		answer.Reading = true
		answer.Replies[0].Text = fmt.Sprintf("reading %d", files)
	case e.Earlier != nil:
		answer.Replies[0].Replace = true
		answer.Replies[0].Text = fmt.Sprintf("after %s: %s", e.Earlier.Level, words)
	case strings.HasPrefix(words, "two "):
		answer.Replies = []bot.Reply{{Text: "1 " + words}, {Text: "2 " + words}}
	}
	return answer
}

func (t *talker) agree(person string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.services[person] = bot.Services{Picture: bot.Agreed, Voice: bot.Agreed}
}

func wordsOf(e bot.Event) string {
	if e.Choice != "" {
		return "press " + e.Choice
	}
	var words []string
	if e.Edited {
		words = append(words, "edited")
	}
	for _, m := range e.Messages {
		if m.Text != "" {
			words = append(words, m.Text)
		}
		for _, gap := range m.Gaps {
			words = append(words, string(gap))
		}
	}
	return strings.Join(words, "+")
}

func (t *talker) asked() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.handled)
}

func (t *talker) Opinion(ctx context.Context, event bot.Event) *bot.Opinion {
	if t.opinion == nil {
		return nil
	}
	return t.opinion(ctx, event)
}

func (t *talker) Services(_ context.Context, person string) bot.Services {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.services[person]
}

func (t *talker) Sorry(context.Context, string) bot.Reply { return bot.Reply{Text: "sorry"} }
func (t *talker) Busy(context.Context, string) bot.Reply  { return bot.Reply{Text: "busy"} }

// reader reads a file within a second. Voice needs the person's word.
type reader struct {
	read func(ctx context.Context, f bot.File) bot.Reading // nil: as above
}

func (r *reader) Read(ctx context.Context, f bot.File, open func(context.Context) (io.ReadCloser, error), services bot.Services) bot.Reading {
	if r.read != nil {
		return r.read(ctx, f)
	}
	if f.Kind == bot.Voice && services.Voice == bot.NotAsked {
		return bot.Reading{Gaps: []bot.Gap{bot.GapAskVoice}}
	}
	select {
	case <-time.After(time.Second):
	case <-ctx.Done():
		return bot.Reading{Gaps: []bot.Gap{bot.GapUnreadable}}
	}
	body, err := open(ctx)
	if err != nil {
		return bot.Reading{Gaps: []bot.Gap{bot.GapUnfetched}}
	}
	defer body.Close()
	text, _ := io.ReadAll(body)
	return bot.Reading{Text: string(text)}
}

// observer counts.
type observer struct {
	mu     sync.Mutex
	counts map[string]int
}

func (o *observer) add(name string, n int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.counts[name] += n
}

func (o *observer) count(name string) int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.counts[name]
}

func (o *observer) Closed(c dispatch.Outcome)                 { o.add(string(c.Result), 1) }
func (o *observer) Took(s dispatch.Stage, _ time.Duration)    { o.add("took "+string(s), 1) }
func (o *observer) SendFailed(class string)                   { o.add("send "+class, 1) }
func (o *observer) Dropped(reason dispatch.DropReason, n int) { o.add("drop "+string(reason), n) }
func (o *observer) Redelivered(n int)                         { o.add("redelivered", n) }
func (o *observer) Recovered(n int)                           { o.add("recovered", n) }
func (o *observer) Panicked(s dispatch.Stage)                 { o.add("panic "+string(s), 1) }
func (o *observer) StoreFailed(part string)                   { o.add("store "+part, 1) }

// bench is a dispatcher with everything around it.
type bench struct {
	*dispatch.Dispatcher
	t         *testing.T
	inbox     *process
	messenger *messenger
	talker    *talker
	reader    *reader
	observer  *observer
	log       *bytes.Buffer
	cfg       dispatch.Config
	next      int
	stop      context.CancelFunc
	ended     chan error
}

func newBench(t *testing.T) *bench {
	return newBenchOn(t, newInbox(), "first", &messenger{began: time.Now(), typed: map[string]int{}})
}

func newBenchOn(t *testing.T, in *inbox, owner string, m *messenger) *bench {
	b := &bench{
		t: t, inbox: in.process(owner), messenger: m,
		talker: &talker{services: map[string]bot.Services{}}, reader: &reader{},
		observer: &observer{counts: map[string]int{}}, log: &bytes.Buffer{}, ended: make(chan error, 1),
	}
	b.cfg = dispatch.Config{
		Inbox: b.inbox, Messenger: m, Talker: b.talker, Reader: b.reader, Observer: b.observer,
		Log: slog.New(slog.NewTextHandler(b.log, nil)),
	}
	return b
}

// run starts the dispatcher.
func (b *bench) run() {
	b.Dispatcher = dispatch.New(b.cfg)
	ctx, stop := context.WithCancel(b.t.Context())
	b.stop = stop
	go func() { b.ended <- b.Run(ctx) }()
	synctest.Wait()
}

// end stops it and waits for the end.
func (b *bench) end() {
	b.t.Helper()
	b.stop()
	if err := <-b.ended; err != nil {
		b.t.Errorf("Run: %v", err)
	}
}

// say delivers an update to the chat.
func (b *bench) say(chat, payload string) {
	b.t.Helper()
	if err := b.Accept(b.t.Context(), []dispatch.Update{b.update(chat, payload)}); err != nil {
		b.t.Errorf("Accept: %v", err)
	}
}

func (b *bench) update(chat, payload string) dispatch.Update {
	b.next++
	return dispatch.Update{ID: fmt.Sprintf("%s:%d", b.inbox.owner, b.next), Chat: chat, At: time.Now(), Payload: []byte(payload)}
}

// pass lets time go by until all is at rest.
func (b *bench) pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// inBubble runs a test on a clock of its own with a running dispatcher.
func inBubble(t *testing.T, prepare func(*bench), test func(*bench)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		if prepare != nil {
			prepare(b)
		}
		b.run()
		test(b)
		b.end()
	})
}
