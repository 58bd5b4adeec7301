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
	eng, err := openBolt(t.TempDir(), time.Now, 1<<30)
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
	before := mappedKB(t)
	eng.(*kv).backend.(*bolt).rest()
	if given := before - mappedKB(t); given < records*size/2>>10 {
		t.Errorf("%d KB of the file were given back", given)
	}
	read()
}

// mappedKB is how much of files this process has in memory.
func mappedKB(t *testing.T) (kb int) {
	t.Helper()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Skip("the memory of this process is not told")
	}
	_, rest, _ := strings.Cut(string(status), "RssFile:")
	if _, err := fmt.Sscan(rest, &kb); err != nil {
		t.Fatal(err)
	}
	return kb
}
