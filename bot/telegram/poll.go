package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/aldanba/aldanba/bot/dispatch"
)

const (
	pollTime   = 50 * time.Second // Telegram holds the call so long when there is nothing
	pollSpare  = 15 * time.Second // and the network may take so long on top
	pollLimit  = 100              // updates at a time, the most that Telegram gives
	firstPause = 500 * time.Millisecond
	lastPause  = 30 * time.Second
	emptyPause = 250 * time.Millisecond // where an empty answer comes at once, as some emulators give it
)

// Poll asks Telegram for updates until ctx is done. Telegram is told to forget
// updates only by the call after the one that brought them, when the sink has
// accepted them. The library's own loop tells it before they are handled.
func (a *Adapter) Poll(ctx context.Context) {
	offset := int64(0)
	pause := firstPause
	for ctx.Err() == nil {
		asked := time.Now()
		updates, next, err := a.getUpdates(ctx, offset)
		if err == nil && a.username.Load() == nil {
			_, _ = a.Identify(ctx) // a failure is logged and observed; only groups need the name
		}
		if err == nil && len(updates) == 0 {
			err = sleep(ctx, emptyPause-time.Since(asked))
		}
		if err == nil {
			err = a.takeUntilKept(ctx, updates)
		}
		if ctx.Err() != nil {
			return
		}
		if err == nil {
			a.setTrouble("")
			pause, offset = firstPause, next
			continue
		}
		a.setTrouble(string(reasonOf(err)))
		wait := a.explain(err, jittered(pause))
		pause = min(2*pause, lastPause)
		if sleep(ctx, wait) != nil {
			return
		}
	}
}

// takeUntilKept hands updates over, again and again while there is no room.
func (a *Adapter) takeUntilKept(ctx context.Context, updates []incoming) error {
	for pause := firstPause; ; pause = min(2*pause, lastPause) {
		err := a.take(ctx, updates)
		if err == nil || ctx.Err() != nil {
			return ctx.Err()
		}
		a.setTrouble(notKept)
		switch {
		case errors.Is(err, dispatch.ErrFull):
			a.log.Warn("telegram: too many updates wait; no more are asked for until there is room")
			pause = firstPause // room comes soon
		case !errors.Is(err, dispatch.ErrStopping):
			a.log.Error("telegram: updates were not accepted", "error", err)
		}
		if err := sleep(ctx, jittered(pause)); err != nil {
			return err
		}
	}
}

// explain logs why updates cannot be had and says how long to wait.
func (a *Adapter) explain(err error, pause time.Duration) time.Duration {
	var answer *apiError
	errors.As(err, &answer)
	switch reason := reasonOf(err); reason {
	case Limited:
		pause = max(pause, answer.retryAfter)
		a.log.Warn("telegram: asked to wait before asking for updates", "seconds", pause.Seconds())
	case Conflict:
		pause = max(pause, 5*time.Second)
		a.log.Error("telegram: another program reads the updates of this bot, or a webhook is set: stop the one, delete the other")
	case Unauthorized:
		pause = lastPause
		a.log.Error("telegram: the token of the bot is not accepted: compare it with what @BotFather says")
	default:
		a.log.Warn("telegram: updates cannot be had, trying again", "reason", reason, "error", failure("getUpdates", err))
	}
	return pause
}

// getUpdates waits for updates after the offset and gives them as they were
// written, with the offset that follows them. The library has no such call: its
// own would lose what it does not know.
func (a *Adapter) getUpdates(ctx context.Context, offset int64) (updates []incoming, next int64, err error) {
	started := time.Now()
	attempt, cancel := context.WithTimeout(ctx, pollTime+pollSpare)
	defer cancel()
	var answer struct {
		envelope
		Result []json.RawMessage `json:"result"`
	}
	err = a.post(attempt, "getUpdates", map[string]any{
		"offset": offset, "limit": pollLimit, "timeout": int(pollTime.Seconds()), "allowed_updates": allowedUpdates,
	}, &answer)
	if err != nil && ctx.Err() == nil && attempt.Err() != nil {
		err = &lineError{what: "timeout"}
	}
	a.observer.Called("getUpdates", reasonOf(err), time.Since(started))
	if err != nil {
		return nil, 0, err
	}
	for _, raw := range answer.Result {
		u, err := parse(raw)
		if err != nil {
			a.log.Warn("telegram: an update cannot be read and is left out", "bytes", len(raw))
			continue
		}
		updates = append(updates, incoming{u, raw})
		next = max(next, u.ID+1)
	}
	if next == 0 && len(answer.Result) > 0 {
		return nil, 0, &lineError{what: "the answer holds no updates"}
	}
	// After an empty answer everything before the offset is forgotten, so none
	// is needed. That way the ids may begin anew, as they do after a quiet week.
	return updates, next, nil
}
