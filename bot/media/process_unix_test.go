//go:build unix

package media_test

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/aldanba/aldanba/bot"
	"github.com/aldanba/aldanba/bot/media"
)

func TestTimeoutKillsWhatTheProgramStarted(t *testing.T) {
	noted := filepath.Join(t.TempDir(), "pid")
	path := script(t, "sleep 600 & echo $! > '"+noted+"'; wait")
	r := newReader(t, media.Config{Tesseract: media.Off, TranscribeCmd: "'" + path + "'", Limits: media.Limits{Time: 300 * time.Millisecond}})
	wantGaps(t, readAs(r, bot.Voice, voice(3), bot.Services{}), bot.GapUnreadable)
	data, err := os.ReadFile(noted)
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(data)))
	if err != nil {
		t.Fatal(err)
	}
	if err := gone(pid); err != nil {
		t.Errorf("the child lives: %v", err)
	}
}

// gone reports nil when a process is no more, or is only waited for.
func gone(pid int) error {
	if err := syscall.Kill(pid, 0); errors.Is(err, syscall.ESRCH) {
		return nil
	}
	state, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil || strings.Contains(string(state), ") Z ") {
		return nil
	}
	return errors.New(strings.TrimSpace(string(state)))
}
