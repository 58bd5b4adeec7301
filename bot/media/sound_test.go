package media_test

import (
	"encoding/binary"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aldanba/aldanba/bot"
	"github.com/aldanba/aldanba/bot/media"
)

// script writes a shell script that stands for a program.
func script(t *testing.T, lines string) string {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("needs a shell for stand-ins of programs")
	}
	path := filepath.Join(t.TempDir(), "program name")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+lines), 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestLocalCommandListens(t *testing.T) {
	path := script(t, `printf '%s, %s, ' "$1" "$2"; head -c 4`)
	r := newReader(t, media.Config{Tesseract: media.Off, TranscribeCmd: "'" + path + `' --lang "ru kk"`})
	for _, kind := range []bot.FileKind{bot.Voice, bot.Document} {
		got := readAs(r, kind, voice(3), bot.Services{Voice: bot.Refused}) // nothing leaves, nobody is asked
		wantLines(t, got, "--lang, ru kk, OggS")
		wantGaps(t, got)
	}
}

func TestLocalCommandThatFails(t *testing.T) {
	for name, c := range map[string]struct {
		lines    string
		patience time.Duration
		want     bot.Gap
	}{
		"exits":         {"exit 3", time.Minute, bot.GapUnreadable},
		"says nothing":  {"exit 0", time.Minute, bot.GapNoText},
		"says too much": {"yes", time.Minute, bot.GapUnreadable},
		"never ends":    {"sleep 600", 300 * time.Millisecond, bot.GapUnreadable},
	} {
		t.Run(name, func(t *testing.T) {
			r := newReader(t, media.Config{Tesseract: media.Off, TranscribeCmd: "'" + script(t, c.lines) + "'", Limits: media.Limits{Time: c.patience}})
			wantGaps(t, readAs(r, bot.Voice, voice(3), bot.Services{}), c.want)
		})
	}
}

func TestSecretsAreNotHandedToPrograms(t *testing.T) {
	for _, name := range []string{"TELEGRAM_BOT_TOKEN", "OPENAI_API_KEY", "REDIS_URL", "ALDANBA_SECRET"} {
		t.Setenv(name, "canary-42")
	}
	r := newReader(t, media.Config{Tesseract: media.Off, TranscribeCmd: "'" + script(t, "env") + "'"})
	got := readAs(r, bot.Voice, voice(3), bot.Services{})
	if strings.Contains(got.Text, "canary-42") || !strings.Contains(got.Text, "PATH=") {
		t.Errorf("environment:\n%s", got.Text)
	}
}

func TestSoundTellsItsOwnLength(t *testing.T) {
	r := newReader(t, media.Config{Tesseract: media.Off, TranscribeCmd: "'" + script(t, "echo heard") + "'"})
	wav := append([]byte("RIFF\x00\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00"), make([]byte, 8000*301)...)
	binary.LittleEndian.PutUint32(wav[28:], 8000)
	copy(wav[36:], "data")
	movie := func(version byte, seconds uint32) []byte {
		b := append([]byte("\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2"), "\x00\x00\x00\x6cmoov\x00\x00\x00\x6cmvhd"...)
		header := make([]byte, 100)
		header[0] = version
		binary.BigEndian.PutUint32(header[12:], 1000)
		binary.BigEndian.PutUint32(header[16:], seconds*1000)
		if version == 1 {
			binary.BigEndian.PutUint32(header[20:], 1000)
			binary.BigEndian.PutUint64(header[24:], uint64(seconds)*1000)
		}
		return append(b, header...)
	}
	for name, c := range map[string]struct {
		data []byte
		want bot.Gap
	}{
		"short note":     {voice(299), ""},
		"long note":      {voice(301), bot.GapTooLong},
		"endless note":   {voice(1 << 40), bot.GapTooLong},
		"long wave":      {wav, bot.GapTooLong},
		"short movie":    {movie(0, 20), ""},
		"long movie":     {movie(0, 301), bot.GapTooLong},
		"long new movie": {movie(1, 301), bot.GapTooLong},
	} {
		t.Run(name, func(t *testing.T) {
			got := readAs(r, bot.Voice, c.data, bot.Services{})
			if c.want == "" {
				wantLines(t, got, "heard")
			} else {
				wantGaps(t, got, c.want)
			}
		})
	}
}

// Real speech in a real format reaches the command as it is.
func TestSpokenRussian(t *testing.T) {
	if _, err := exec.LookPath("espeak-ng"); err != nil {
		t.Skip("needs espeak-ng")
	}
	sound, err := exec.Command("espeak-ng", "-v", "ru", "--stdout", "Переведите деньги").Output()
	if err != nil {
		t.Fatal(err)
	}
	r := newReader(t, media.Config{Tesseract: media.Off, TranscribeCmd: "wc -c"})
	wantLines(t, readAs(r, bot.Voice, sound, bot.Services{}), strconv.Itoa(len(sound)))
}

func TestTesseractThatFails(t *testing.T) {
	languages := `[ "$1" = --list-langs ] && { echo 'List of available languages (2):'; echo rus; echo osd; exit 0; }` + "\n"
	for name, c := range map[string]struct {
		lines    string
		patience time.Duration
		want     bot.Gap
	}{
		"breaks":          {"exit 1", time.Minute, bot.GapUnreadable},
		"never ends":      {"sleep 600", 300 * time.Millisecond, bot.GapUnreadable},
		"endless":         {"yes", time.Minute, bot.GapUnreadable},
		"writes nonsense": {"cat > /dev/null; printf '5\\t1\\t1\\t1\\t1\\t1\\t-4\\tx\\t0\\t0\\t99\\tword\\n5\\t\\t\\nlevel\\n'", time.Minute, bot.GapNoText},
	} {
		t.Run(name, func(t *testing.T) {
			r := newReader(t, media.Config{Tesseract: script(t, languages+c.lines), Limits: media.Limits{Time: c.patience}})
			if l := r.Means().Languages; len(l) != 1 || l[0] != "rus" {
				t.Fatalf("languages %q", l)
			}
			wantGaps(t, read(r, bot.Picture, "", pngOf(t, newCanvas(t, 80, 80, white))), c.want)
		})
	}
}
