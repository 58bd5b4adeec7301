//go:build unix

package media_test

import (
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/aldanba/aldanba/bot"
	"github.com/aldanba/aldanba/bot/media"
)

// The program's child holds a pipe open: when the pipe ends, the child is dead.
func TestTimeoutKillsWhatTheProgramStarted(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	pipe, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer pipe.Close()
	program := script(t, "(echo started; exec sleep 600) > '"+path+"' & wait")
	r := newReader(t, media.Config{Tesseract: media.Off, TranscribeCmd: "'" + program + "'", Limits: media.Limits{Time: time.Second}})
	wantGaps(t, readAs(r, bot.Voice, voice(3), bot.Services{}), bot.GapUnreadable)
	if said, err := io.ReadAll(pipe); err != nil || string(said) != "started\n" {
		t.Errorf("the child said %q: %v", said, err)
	}
}
