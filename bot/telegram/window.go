package telegram

import (
	"math"
	"time"
)

// window is a limit as Telegram counts it: at most so many in a stretch of time,
// wherever the stretch begins. It remembers the time of each.
type window struct {
	taken []int64 // ring of times in nanoseconds
	next  int     // the oldest of them
	per   time.Duration
}

func newWindow(n int, per time.Duration) window {
	w := window{taken: make([]int64, n), per: per}
	for i := range w.taken {
		w.taken[i] = math.MinInt64 / 2
	}
	return w
}

// free gives the time from which one more is allowed.
func (w *window) free() int64 { return w.taken[w.next] + int64(w.per) }

// take counts one more at the time.
func (w *window) take(now int64) {
	w.taken[w.next] = now
	w.next = (w.next + 1) % len(w.taken)
}

// idle says that nothing of the past counts any more.
func (w *window) idle(now int64) bool {
	last := w.taken[(w.next+len(w.taken)-1)%len(w.taken)]
	return last+int64(w.per) <= now
}
