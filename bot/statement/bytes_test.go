package statement_test

import (
	"bytes"
	"testing"
)

func TestTheSameCaseGivesTheSameBytes(t *testing.T) {
	for name, c := range cases() {
		first, err := papers(t).Statement(c).PDF()
		if err != nil {
			t.Fatal(err)
		}
		second, err := papers(t).Statement(c).PDF()
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(first, second) {
			t.Errorf("%s: two PDFs of one case differ", name)
		}
	}
}
