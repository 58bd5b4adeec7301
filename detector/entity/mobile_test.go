package entity

import (
	"strconv"
	"testing"
	"unicode"

	"github.com/nyaruka/phonenumbers"
)

func TestMobilePrefixesAgreeWithThePhoneLibrary(t *testing.T) {
	for prefix := 700; prefix < 800; prefix++ {
		n, err := phonenumbers.Parse("+7"+strconv.Itoa(prefix)+"0000001", "KZ")
		if err != nil {
			t.Fatal(err)
		}
		want := phonenumbers.GetNumberType(n) == phonenumbers.MOBILE && phonenumbers.IsValidNumberForRegion(n, "KZ")
		if got := mobile(prefix); got != want {
			t.Errorf("mobile(%d) = %v, the library says %v", prefix, got, want)
		}
	}
}

func TestDigitsOfEveryScriptHaveTheirValue(t *testing.T) {
	for _, table := range unicode.Nd.R16 {
		checkRow(t, rune(table.Lo), rune(table.Hi), uint32(table.Stride))
	}
	for _, table := range unicode.Nd.R32 {
		checkRow(t, rune(table.Lo), rune(table.Hi), table.Stride)
	}
}

func checkRow(t *testing.T, lo, hi rune, stride uint32) {
	t.Helper()
	if stride != 1 || (hi-lo+1)%10 != 0 {
		t.Fatalf("the range %U-%U holds no whole rows of ten", lo, hi)
	}
	for r := lo; r <= hi; r++ {
		if got, want := digitOf(r), int(r-lo)%10; got != want {
			t.Fatalf("digitOf(%U) = %d, want %d", r, got, want)
		}
	}
}
