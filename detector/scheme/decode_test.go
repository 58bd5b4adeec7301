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
	e := encoder{}
	e.sources([]*source{read, read})
	f.Add(string(e.out))
	for i := range e.out {
		f.Add(string(e.out[:i]))
		broken := []byte(string(e.out))
		broken[i] ^= 0xff
		f.Add(string(broken))
	}
	f.Fuzz(func(t *testing.T, body string) {
		if packs := openSnapshot(snapshotMagic+"sum"+body, "sum"); packs != nil {
			_, _ = Compile(packs, stem)
		}
		if openSnapshot(snapshotMagic+"sum"+body, "other") != nil {
			t.Error("a snapshot of other files is taken")
		}
	})
}
