package dispatch

import (
	"context"
	"io"
	"time"

	"github.com/aldanba/aldanba/bot"
)

// paper is a case whose papers are to be made.
type paper struct {
	chat    *chat
	reading *reading
	person  string
}

// make makes papers, in a goroutine of their pool. It stays until they are
// sent, or have been kept for long enough: so only so many take up memory.
func (d *Dispatcher) make(p *paper) {
	r := p.reading
	if r.ctx.Err() != nil {
		return // too late, or nobody wants them any more
	}
	d.typing(r.ctx, p.chat.name, 0)
	ctx, done := context.WithTimeout(r.ctx, d.cfg.MakeTime)
	defer done()
	d.chats.madeOne(p, d.guardedMake(ctx, p))
	wait := time.NewTimer(d.cfg.HoldTime)
	defer wait.Stop()
	select {
	case <-r.dropped:
	case <-wait.C:
		d.chats.dropReading(p.chat, r.id)
	case <-d.work.Done():
	}
}

// guardedMake gives no papers where they could not be made.
func (d *Dispatcher) guardedMake(ctx context.Context, p *paper) (made bot.Papers) {
	defer func() {
		if recover() != nil {
			d.panicked(StageRead)
			made = bot.Papers{}
		}
	}()
	fetch := func(ctx context.Context, file bot.File) (io.ReadCloser, error) {
		return d.cfg.Messenger.Fetch(ctx, file)
	}
	made, err := d.cfg.Maker.Make(ctx, p.person, fetch)
	if err != nil {
		d.cfg.Log.Warn("papers could not be made", "class", class(err))
		return bot.Papers{}
	}
	return made
}

// delivered tells that papers have reached the person. Where that cannot be
// told, the draft ends with its time.
func (w *work) delivered() {
	call, done := w.recording()
	defer done()
	if err := w.cfg.Maker.Delivered(call, w.event.Person); err != nil {
		w.cfg.Observer.StoreFailed("memory")
		w.cfg.Log.Warn("that papers were delivered was not noted", "class", class(err))
	}
}
