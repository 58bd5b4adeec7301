// Package metrics counts what happens on the way of a message, for Prometheus.
// It is told classes and times, never what a person wrote or who they are.
package metrics

import (
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/aldanba/aldanba/bot/dispatch"
	"github.com/aldanba/aldanba/bot/telegram"
)

// Metrics observes the dispatcher and Telegram; Later gives what observes the due-list.
type Metrics struct {
	registry    *prometheus.Registry
	verdicts    *prometheus.CounterVec
	cases       *prometheus.CounterVec
	messages    prometheus.Counter
	stages      *prometheus.HistogramVec
	failures    *prometheus.CounterVec
	dropped     *prometheus.CounterVec
	redelivered prometheus.Counter
	recovered   prometheus.Counter
	panics      *prometheus.CounterVec
	store       *prometheus.CounterVec
	due         *prometheus.CounterVec
	calls       *prometheus.HistogramVec
	failed      *prometheus.CounterVec
	opinions    *prometheus.HistogramVec
	tokens      *prometheus.CounterVec
	cost        *prometheus.CounterVec
}

// New makes metrics in a registry of their own, with those of the Go runtime
// and the process.
func New() *Metrics {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
	}
	single := func(name, help string) prometheus.Counter {
		return prometheus.NewCounter(prometheus.CounterOpts{Name: name, Help: help})
	}
	histogram := func(name, help, label string, buckets []float64) *prometheus.HistogramVec {
		return prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: name, Help: help, Buckets: buckets}, []string{label})
	}
	m := &Metrics{
		registry:    prometheus.NewRegistry(),
		verdicts:    counter("aldanba_verdicts_total", "Cases that were judged.", "level", "lang", "scheme"),
		cases:       counter("aldanba_cases_total", "Cases by the way their handling ended.", "result"),
		messages:    single("aldanba_messages_total", "Updates in the cases that were handled."),
		stages:      histogram("aldanba_stage_seconds", "Time that a part of the way of a case took.", "stage", prometheus.ExponentialBuckets(0.0001, 3, 12)),
		failures:    counter("aldanba_send_failures_total", "Replies that the messenger did not take.", "reason"),
		dropped:     counter("aldanba_dropped_total", "Updates that were deleted without an answer.", "reason"),
		redelivered: single("aldanba_redelivered_total", "Updates that had been seen before."),
		recovered:   single("aldanba_recovered_chats_total", "Chats taken over from a process that ended."),
		panics:      counter("aldanba_panics_total", "Panics that were caught.", "stage"),
		store:       counter("aldanba_store_failures_total", "Calls of the store that failed.", "part"),
		due:         counter("aldanba_due_total", "Reminders and the like that were due, by what became of them.", "kind", "result"),
		calls:       histogram("aldanba_messenger_call_seconds", "Time of a call to the messenger.", "method", prometheus.ExponentialBuckets(0.001, 3, 10)),
		failed:      counter("aldanba_messenger_failures_total", "Calls to the messenger that failed.", "method", "reason"),
	}
	m.opinions = prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "aldanba_judge_seconds", Help: "Time of a question to the judge.", Buckets: prometheus.ExponentialBuckets(0.01, 2.5, 10),
	}, []string{"model", "result"})
	m.tokens = counter("aldanba_judge_tokens_total", "Tokens of questions to the judge.", "model", "direction")
	m.cost = counter("aldanba_judge_cost_total", "Cost of the judge at the prices of the settings.", "model")
	m.registry.MustRegister(m.opinions, m.tokens, m.cost, m.verdicts, m.cases, m.messages, m.stages, m.failures, m.dropped, m.redelivered, m.recovered,
		m.panics, m.store, m.due, m.calls, m.failed, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Gauge adds a number that is asked for when the metrics are read, such as the
// depth of a queue.
func (m *Metrics) Gauge(name, help string, value func() float64) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, value))
}

// Handler answers Prometheus.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{MaxRequestsInFlight: 4, Timeout: 10 * time.Second})
}

// Closed counts a case and its verdict.
func (m *Metrics) Closed(o dispatch.Outcome) {
	m.cases.WithLabelValues(string(o.Result)).Inc()
	m.messages.Add(float64(o.Messages))
	if o.Level != "" && (o.Result == dispatch.Answered || o.Result == dispatch.Reading) {
		m.verdicts.WithLabelValues(o.Level, o.Lang, o.Scheme).Inc()
	}
}

// Took notes how long a stage lasted.
func (m *Metrics) Took(stage dispatch.Stage, d time.Duration) {
	m.stages.WithLabelValues(string(stage)).Observe(d.Seconds())
}

// SendFailed counts a reply that was not taken.
func (m *Metrics) SendFailed(class string) { m.failures.WithLabelValues(class).Inc() }

// Dropped counts updates that were deleted without an answer.
func (m *Metrics) Dropped(reason dispatch.DropReason, records int) {
	m.dropped.WithLabelValues(string(reason)).Add(float64(records))
}

// Redelivered counts updates that had been seen before.
func (m *Metrics) Redelivered(updates int) { m.redelivered.Add(float64(updates)) }

// Recovered counts chats that were taken over.
func (m *Metrics) Recovered(chats int) { m.recovered.Add(float64(chats)) }

// Panicked counts a panic that was caught.
func (m *Metrics) Panicked(stage dispatch.Stage) { m.panics.WithLabelValues(string(stage)).Inc() }

// StoreFailed counts a call of the store that failed.
func (m *Metrics) StoreFailed(part string) { m.store.WithLabelValues(part).Inc() }

// Called notes how a call to Telegram ended and how long it took.
func (m *Metrics) Called(method string, reason telegram.Reason, took time.Duration) {
	m.calls.WithLabelValues(method).Observe(took.Seconds())
	if reason != telegram.Done {
		m.failed.WithLabelValues(method, string(reason)).Inc()
	}
}
