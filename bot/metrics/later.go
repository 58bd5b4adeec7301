package metrics

import (
	"time"

	"github.com/aldanba/aldanba/bot/dispatch"
	"github.com/aldanba/aldanba/bot/duelist"
)

// StageLater is the stage of what happens later.
const StageLater dispatch.Stage = "later"

// Later gives the observer of the due-list.
func (m *Metrics) Later() duelist.Observer { return later{m} }

type later struct{ *Metrics }

// Ended counts what became of an item that was due.
func (l later) Ended(kind string, result duelist.Result, _ time.Duration) {
	l.due.WithLabelValues(kind, string(result)).Inc()
}

// Panicked counts a panic of a handler.
func (l later) Panicked(string) { l.Metrics.Panicked(StageLater) }

// StoreFailed counts a call of the due-list that failed.
func (l later) StoreFailed() { l.Metrics.StoreFailed("due") }
