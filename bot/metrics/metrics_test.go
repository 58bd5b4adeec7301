package metrics_test

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aldanba/aldanba/bot/dispatch"
	"github.com/aldanba/aldanba/bot/duelist"
	"github.com/aldanba/aldanba/bot/metrics"
	"github.com/aldanba/aldanba/bot/telegram"
)

var (
	_ dispatch.Observer = (*metrics.Metrics)(nil)
	_ telegram.Observer = (*metrics.Metrics)(nil)
)

func TestWhatHappensIsCounted(t *testing.T) {
	m := metrics.New()
	m.Gauge("aldanba_waiting", "Updates that wait.", func() float64 { return 7 })
	m.Closed(dispatch.Outcome{Result: dispatch.Answered, Messages: 3, Level: "scam", Lang: "kk", Scheme: "safe_account"})
	m.Closed(dispatch.Outcome{Result: dispatch.Postponed, Messages: 1, Level: "scam", Lang: "kk"})
	m.Took(dispatch.StageHandle, 2*time.Millisecond)
	m.SendFailed("gone")
	m.Dropped(dispatch.DropOld, 4)
	m.Redelivered(2)
	m.Recovered(1)
	m.Panicked(dispatch.StageHandle)
	m.StoreFailed("inbox")
	m.Later().Ended("reminder", duelist.Merged, time.Minute)
	m.Later().Panicked("reminder")
	m.Later().StoreFailed()
	m.Called("sendMessage", telegram.ServerFault, time.Second)
	page := httptest.NewRecorder()
	m.Handler().ServeHTTP(page, httptest.NewRequest("GET", "/metrics", nil))
	for _, want := range []string{
		`aldanba_verdicts_total{lang="kk",level="scam",scheme="safe_account"} 1`,
		`aldanba_cases_total{result="answered"} 1`, `aldanba_cases_total{result="postponed"} 1`,
		"aldanba_messages_total 4", `aldanba_stage_seconds_count{stage="handle"} 1`,
		`aldanba_send_failures_total{reason="gone"} 1`, `aldanba_dropped_total{reason="old"} 4`,
		"aldanba_redelivered_total 2", "aldanba_recovered_chats_total 1", `aldanba_panics_total{stage="handle"} 1`,
		`aldanba_due_total{kind="reminder",result="merged"} 1`, `aldanba_panics_total{stage="later"} 1`, `aldanba_store_failures_total{part="due"} 1`,
		`aldanba_store_failures_total{part="inbox"} 1`, "aldanba_waiting 7", `aldanba_messenger_call_seconds_count{method="sendMessage"} 1`,
		`aldanba_messenger_failures_total{method="sendMessage",reason="server"} 1`,
	} {
		if !strings.Contains(page.Body.String(), want+"\n") {
			t.Errorf("%s is missing", want)
		}
	}
}
