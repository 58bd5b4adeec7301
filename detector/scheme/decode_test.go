package scheme

import (
	"testing"

	"github.com/aldanba/aldanba/detector/text"
)

// FuzzSnapshot breaks the snapshot of a small pack: it is refused or gives a
// pack that compiles or says what is wrong, and never panics.
func FuzzSnapshot(f *testing.F) {
	file := []byte(`
[class.tell]
ru = ["назов*", "скажите код"]
kk = ["айт*"]
[[rule]]
id = "demand.code"
kind = "demand"
weight = 1.5
schemes = ["otp_or_code_request"]
ru = ["%tell & код", "-%tell ~ <code>"]
match_ru = ["x"]
match_kk = ["x"]
reject_ru = ["x"]
reject_kk = ["x"]
`)
	stem := text.NewAnalyzer().StemRussian
	pack, err := ParsePack("small.toml", file)
	if err != nil {
		f.Fatal(err)
	}
	read, err := readSource(pack, stem)
	if err != nil {
		f.Fatal(err)
	}
	body := encoder{}
	body.source(read)
	f.Add(string(body.out))
	for i := range body.out {
		f.Add(string(body.out[:i]))
		broken := []byte(string(body.out))
		broken[i] ^= 0xff
		f.Add(string(broken))
	}
	f.Fuzz(func(t *testing.T, body string) {
		known := snapshot{"small.toml": string(digest(file)) + body}
		if got := known.pack("small.toml", file); got != nil {
			_, _ = Compile([]*Pack{got}, stem)
		}
		if got := known.pack("small.toml", append([]byte("# changed\n"), file...)); got != nil {
			t.Error("a pack is taken from a snapshot of another file")
		}
		openSnapshot(snapshotMagic + body)
	})
}
