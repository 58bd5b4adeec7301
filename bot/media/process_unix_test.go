//go:build unix

package media_test

import (
	"context"
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
	writer, err := os.OpenFile(path, os.O_WRONLY, 0) // until the child has it open too
	if err != nil {
		t.Fatal(err)
	}
	defer writer.Close()
	program := script(t, "(echo started; exec sleep 600) > '"+path+"' & wait")
	r := newReader(t, media.Config{Tesseract: media.Off, TranscribeCmd: "'" + program + "'", Limits: media.Limits{Time: time.Hour}})
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	done := make(chan bot.Reading)
	go func() { done <- r.Read(ctx, bot.File{Kind: bot.Voice}, opening(voice(3)), bot.Services{}) }()
	if _, err := io.ReadFull(pipe, make([]byte, len("started\n"))); err != nil {
		t.Fatal(err)
	}
	writer.Close()
	stop()
	wantGaps(t, <-done, bot.GapUnreadable)
	if rest, err := io.ReadAll(pipe); err != nil || len(rest) > 0 {
		t.Errorf("the child said %q: %v", rest, err)
	}
}
