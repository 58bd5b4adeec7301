package dispatch

import (
	"context"

	"github.com/aldanba/aldanba/bot"
)

// judging is a case about which a judge is to be asked.
type judging struct {
	chat    *chat
	reading *reading
}

// beginJudging has a judge asked about a case whose verdict is given. The case
// leaves the queue of its chat, as one whose files are read does; what was read
// of it is kept.
func (w *work) beginJudging() error {
	r := &reading{id: w.id, event: w.event, judging: true}
	if old := w.chats.results(w.chat, w.id); old != nil {
		r.results, r.got, r.services = old.results, old.got, old.services
	}
	w.step.Final = 0
	within, err := w.record(w.task, r)
	if err != nil {
		r.cancel()
		return err
	}
	w.chats.addReading(w.chat, r, within)
	return nil
}

// judge has a judge asked about a case, in a goroutine of their pool.
func (d *Dispatcher) judge(j *judging) {
	r := j.reading
	if r.ctx.Err() != nil {
		return // too late, or nobody wants to know any more
	}
	ctx, done := context.WithTimeout(r.ctx, d.cfg.JudgeTime)
	defer done()
	d.chats.heard(j.chat, r, d.guardedOpinion(ctx, r))
}

func (d *Dispatcher) guardedOpinion(ctx context.Context, r *reading) (opinion *bot.Opinion) {
	defer func() {
		if recover() != nil {
			d.panicked(StageJudge)
			opinion = nil
		}
	}()
	event := r.event
	r.fill(&event)
	return d.cfg.Talker.Opinion(ctx, event)
}
