package scheme_test

import (
	"testing"

	"github.com/aldanba/aldanba/detector/scheme"
	"github.com/aldanba/aldanba/detector/text"
)

// BenchmarkCompile is the start of the program as far as rules go.
func BenchmarkCompile(b *testing.B) {
	analyzer := text.NewAnalyzer()
	b.ReportAllocs()
	for b.Loop() {
		packs, err := scheme.BuiltinPacks()
		if err != nil {
			b.Fatal(err)
		}
		if _, err := scheme.Compile(packs, analyzer.StemRussian); err != nil {
			b.Fatal(err)
		}
	}
}
