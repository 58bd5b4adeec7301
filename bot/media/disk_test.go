package media_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aldanba/aldanba/bot"
	"github.com/aldanba/aldanba/bot/media"
)

// What people send is read in memory: without a place for temporary files
// everything is read all the same, and nothing is left where the program runs.
func TestNothingIsWrittenToTheDisk(t *testing.T) {
	files := map[string]struct {
		data []byte
		want string
	}{
		"voice.ogg": {voice(3), "OpusHead"},
		"a.zip":     {zipped(t, member{"docs/update.apk", "z"}, member{"inner.zip", string(zipped(t, member{"b.txt", "x"}))}), "update.apk"},
		"a.rar":     {rarred(member{"a.txt", "x"}), "a.txt"},
		"a.tar.gz":  {gzipped("", tarred(t, member{"b.txt", "x"})), "b.txt"},
		"a.html":    {[]byte("<p>Переведите деньги</p>"), "Переведите деньги"},
		"big.txt":   {bytes.Repeat([]byte("слово "), 1<<20), "слово"},
	}
	config := media.Config{TranscribeCmd: "cat"}
	if picture := newReader(t, media.Config{}); len(picture.Means().Languages) < 3 || testing.Short() {
		config.Tesseract = media.Off
	} else {
		files["photo.png"] = struct {
			data []byte
			want string
		}{rows(t, "Переведите деньги").png(), "Переведите деньги"}
	}
	dir := t.TempDir()
	for _, name := range []string{"TMPDIR", "TMP", "TEMP"} {
		t.Setenv(name, filepath.Join(dir, "nowhere"))
	}
	t.Chdir(dir)
	r := newReader(t, config)
	for name, file := range files {
		if got := read(r, bot.Document, name, file.data); !strings.Contains(got.Text, file.want) {
			t.Errorf("of %s was read: %+v", name, got)
		}
		left, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		if len(left) > 0 {
			t.Fatalf("%s leaves %v", name, left)
		}
	}
}
