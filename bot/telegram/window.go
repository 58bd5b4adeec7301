package telegram

import (
	"math"
	"time"
)

// window is a limit as Telegram counts it: at most so many in a stretch of time,
// wherever the stretch begins. When a call arrives at Telegram is not known,
// only that it is between the time it went out and the time its answer came.
// So a call counts from the one until a stretch after the other, and no delay on
// the way can bring more of them together than are allowed.
type window struct {
	ended []int64 // ring of the times, in nanoseconds, at which answers came
	next  int     // the oldest of them
	out   int     // calls without an answer yet
	per   time.Duration
}

func newWindow(n int, per time.Duration) window {
	w := window{ended: make([]int64, n), per: per}
	for i := range w.ended {
		w.ended[i] = math.MinInt64 / 2
	}
	return w
}

// free gives the time from which one more may be allowed. While all that are
// allowed have no answer it is the earliest there can be.
func (w *window) free(now int64) int64 {
	if w.out >= len(w.ended) {
		return now + int64(w.per)
	}
	return w.ended[(w.next+w.out)%len(w.ended)] + int64(w.per)
}

// take counts a call that goes out.
func (w *window) take() { w.out++ }

// end notes that the answer to a call has come.
func (w *window) end(now int64) {
	w.out--
	w.ended[w.next] = now
	w.next = (w.next + 1) % len(w.ended)
}

// idle says that nothing of the past counts any more.
func (w *window) idle(now int64) bool {
	last := w.ended[(w.next+len(w.ended)-1)%len(w.ended)]
	return w.out == 0 && last+int64(w.per) <= now
}
