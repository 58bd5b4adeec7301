package text_test

import (
	"testing"

	"github.com/aldanba/aldanba/detector/text"
)

func TestPrefixEndsBetweenLetters(t *testing.T) {
	for _, test := range []struct {
		s    string
		n    int
		want string
	}{
		{"код", 100, "код"}, {"код", 6, "код"}, {"код", 5, "ко"}, {"код", 4, "ко"}, {"код", 1, ""},
		{"code", 2, "co"}, {"код", 0, ""}, {"код", -1, ""}, {"", 3, ""}, {"a🔒b", 4, "a"}, {"\x80\x80\x80", 2, ""},
	} {
		if got := text.Prefix(test.s, test.n); got != test.want {
			t.Errorf("%q, %d bytes: %q, want %q", test.s, test.n, got, test.want)
		}
	}
}
