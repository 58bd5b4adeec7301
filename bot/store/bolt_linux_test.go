package store

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
)

// A file that has been read through is not counted as memory of the program
// after a rest, and reads as before.
func TestMappedPagesAreGivenBack(t *testing.T) {
	dir := t.TempDir()
	eng, err := openBolt(dir, time.Now, 1<<30)
	if err != nil {
		t.Fatal(err)
	}
	defer eng.close()
	const records, size = 24, 1 << 20
	key := func(n int) recordKey { return recordKey{codeSession, digest{byte(n)}} }
	value := func(n int) []byte { return bytes.Repeat([]byte{byte(n)}, size) }
	for n := range records {
		if err := eng.set(t.Context(), key(n), value(n), time.Hour); err != nil {
			t.Fatal(err)
		}
	}
	read := func() {
		t.Helper()
		for n := range records {
			if got, err := eng.get(t.Context(), key(n)); err != nil || !bytes.Equal(got, value(n)) {
				t.Fatalf("record %d: %d bytes, %v", n, len(got), err)
			}
		}
	}
	read()
	const whole = records * size >> 10
	if before := mappedKB(t, dir); before < whole/2 {
		t.Skipf("the system has taken pages back by itself: %d KB are there", before)
	}
	eng.(*kv).backend.(*bolt).rest()
	if left := mappedKB(t, dir); left > whole/8 {
		t.Errorf("%d KB of the file are still there", left)
	}
	read()
}

// mappedKB is how much of the files in a directory this process has in memory.
func mappedKB(t *testing.T, dir string) (kb int) {
	t.Helper()
	maps, err := os.ReadFile("/proc/self/smaps")
	if err != nil {
		t.Skip("the memory of this process is not told")
	}
	ours := false
	for line := range strings.Lines(string(maps)) {
		var rss int
		switch _, err := fmt.Sscanf(line, "Rss: %d kB", &rss); {
		case err == nil && ours:
			kb += rss
		case !strings.HasSuffix(strings.Fields(line)[0], ":"): // the head of a mapping
			ours = strings.Contains(line, dir)
		}
	}
	return kb
}
