package dispatch

import (
	"context"
	"io"
	"slices"
	"sync"
	"time"

	"github.com/aldanba/aldanba/bot"
)

// reading is a case whose files are being read.
type reading struct {
	id       string
	event    bot.Event // the case, for the judge
	services bot.Services
	began    time.Time
	ctx      context.Context
	cancel   context.CancelFunc
	typing   sync.Once
	dropped  chan struct{} // closed when nobody wants it any more

	// Under the lock of chats.
	results []bot.Reading
	got     []bool
	left    int
	judging bool         // when the files are read, a judge is to be asked
	asked   bool         // it is being asked
	opinion *bot.Opinion // what it said
	read    bool
	made    *bot.Papers // where papers were made instead of files read
	after   time.Time   // the answer could not be sent: not to be tried before
	timer   *time.Timer
}

// file is one file of a case.
type file struct {
	chat    *chat
	reading *reading
	index   int
	file    bot.File
}

// beginReading records that the files of the case are to be read, and has them
// read. Until the time in Step.After no other process does the same; it is put
// off as long as they are being read.
func (t *turn) beginReading(k *task) error {
	call, cancel := context.WithTimeout(t.ctx, t.cfg.HandleTime)
	defer cancel()
	event, services, err := t.filesOf(call, k)
	if cause := t.ended(); cause != nil {
		return cause
	}
	if err != nil {
		event = bot.Event{} // work on the case meets the same error and deals with it
	}
	r := &reading{id: k.id, event: event, services: services, judging: k.step.Judging}
	if event.Choice != "" { // who pressed a button sent no file: they want papers
		r.made, r.left = &bot.Papers{}, 1
	}
	within, err := t.record(k, r)
	if err != nil {
		r.cancel()
		return err
	}
	if r.made != nil {
		t.chats.addReading(t.chat, r, within)
		t.Dispatcher.made.push(&paper{chat: t.chat, reading: r, person: event.Person}, false)
		return nil
	}
	var files []*file
	for _, m := range event.Messages {
		for _, f := range m.Files {
			files = append(files, &file{chat: t.chat, reading: r, index: len(files), file: f})
		}
	}
	r.results, r.got = make([]bot.Reading, len(files)), make([]bool, len(files))
	r.left = min(len(files), maxFiles)
	for i := range files {
		if i >= maxFiles {
			r.results[i], r.got[i] = unread(), true
		}
	}
	t.chats.addReading(t.chat, r, within)
	for _, f := range files[:r.left] {
		t.files.push(f, false)
	}
	return nil
}

// record notes in the inbox that a case is being read or judged, or its papers
// made, and gives the time for it.
func (t *turn) record(k *task, r *reading) (within time.Duration, err error) {
	within = t.cfg.CaseTime
	switch {
	case r.made != nil:
		within = t.cfg.MakeTime + t.cfg.HoldTime // their turn has to come
	case r.judging:
		within += t.cfg.JudgeTime
	}
	step := k.step
	step.Case, step.Reading, step.Judging, step.Tries = k.id, true, r.judging, 0
	step.After = time.Now().Add(t.cfg.ClaimTime)
	r.began, r.dropped = time.Now(), make(chan struct{})
	r.ctx, r.cancel = context.WithCancel(t.Dispatcher.work)
	return within, t.advance(k.ids, step)
}

// renewReading tells other processes that the files of a case are still being
// read here.
func (t *turn) renewReading(k *task) error {
	step := k.step
	step.After = time.Now().Add(t.cfg.ClaimTime)
	return t.advance(k.ids, step)
}

// filesOf asks the messenger and the conversation for what a reader needs.
func (t *turn) filesOf(ctx context.Context, k *task) (event bot.Event, services bot.Services, err error) {
	defer func() {
		if recover() != nil {
			t.panicked(StageRead)
			err = errPanic
		}
	}()
	if event, err = t.cfg.Messenger.Event(ctx, k.updates); err != nil {
		return event, services, err
	}
	return event, t.cfg.Talker.Services(ctx, event.Person), nil
}

// unread is the reading of a file that took too long or broke the reader.
func unread() bot.Reading { return bot.Reading{Gaps: []bot.Gap{bot.GapUnreadable}} }

// read has one file read, in a goroutine of the pool of readers.
func (d *Dispatcher) read(f *file) {
	r := f.reading
	if r.ctx.Err() != nil {
		return // too late, or nobody wants to know any more
	}
	r.typing.Do(func() { d.typing(r.ctx, f.chat.name, 0) })
	ctx, done := context.WithTimeout(r.ctx, d.cfg.FileTime)
	defer done()
	d.chats.readOne(f, d.guardedRead(ctx, f))
}

func (d *Dispatcher) guardedRead(ctx context.Context, f *file) (result bot.Reading) {
	defer func() {
		if recover() != nil {
			d.panicked(StageRead)
			result = unread()
		}
	}()
	open := func(ctx context.Context) (io.ReadCloser, error) { return d.cfg.Messenger.Fetch(ctx, f.file) }
	return d.cfg.Reader.Read(ctx, f.file, open, f.reading.services)
}

// fill puts what was read into the event. again is true when the person gave
// their word while their files were read without it: they are read again.
func (w *work) fill() (again bool, err error) {
	r := w.chats.results(w.chat, w.id)
	if r == nil {
		return true, w.beginReading(w.task)
	}
	if w.step.Final == 0 && w.step.Tries == 0 {
		stage := StageRead
		if w.step.Judging {
			stage = StageJudge
		}
		w.cfg.Observer.Took(stage, time.Since(r.began))
	}
	if r.made != nil {
		w.event.Choice, w.event.Made = "", r.made
		return false, nil
	}
	receipt := r.fill(&w.event)
	w.event.Earlier = &bot.Earlier{Receipt: receipt, Judged: w.step.Judging, Opinion: r.opinion}
	as(&w.event.Earlier.Level, w.step.Level)
	if !w.asksForConsent() {
		return false, nil
	}
	call, done := context.WithTimeout(w.ctx, w.cfg.HandleTime)
	defer done()
	if now := w.cfg.Talker.Services(call, w.event.Person); now != r.services {
		w.chats.dropReading(w.chat, w.id)
		w.step.Judging, w.step.Final = false, 0
		return true, w.beginReading(w.task)
	}
	return false, nil
}

// fill puts what was read into an event, in the places of the files. receipt
// says that one of them is one.
func (r *reading) fill(event *bot.Event) (receipt bool) {
	var messages []bot.Message
	i := 0
	for _, m := range event.Messages {
		files := m.Files
		m.Files = nil
		messages = append(messages, m)
		for _, f := range files {
			result := unread()
			if i < len(r.results) {
				result = r.results[i]
			}
			i++
			receipt = receipt || result.Receipt
			messages = append(messages, bot.Message{
				ID: m.ID, Text: result.Text, Gaps: result.Gaps, Read: true, Ending: result.Ending,
				Forwarded: m.Forwarded || f.Kind != bot.Voice,
			})
		}
	}
	event.Messages = messages
	return receipt
}

// as sets a value of a text type whose package is not known here.
func as[T ~string](p *T, s string) { *p = T(s) }

func (w *work) hasFiles() bool {
	return slices.ContainsFunc(w.event.Messages, func(m bot.Message) bool { return len(m.Files) > 0 })
}
