package interview_test

import (
	"runtime"
	"strings"
	"testing"
	"unsafe"
	"weak"

	"github.com/aldanba/aldanba/bot/interview"
	"github.com/aldanba/aldanba/detector/entity"
)

func TestTheLargestSumIsNotedWhole(t *testing.T) {
	finder, err := entity.New()
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"сначала 50 тыс, потом перевела 1 млн 200 тыс тг":  "1 млн 200 тыс тг",
		"Барлығы 2 миллион 350 мың теңге, бірінде 300 мың": "2 миллион 350 мың теңге",
		"отправила 900 000 тг и ещё 1 млн":                 "1 млн",
		"перевела 1,5 млн, комиссия 500 тг":                "1,5 млн",
		"взяли 500 долларов и 20 тыс":                      "20 тыс",
		"45 тысяч 500 тенге":                               "45 тысяч 500 тенге",
		"по 10 тыс 300 000 раз":                            "10 тыс",
		"500 тыс 200 тыс":                                  "500 тыс",
		"500 долларов":                                     "500 долларов",
	} {
		var noted interview.Noted
		noted.Take(text, finder.Find(text))
		if noted.Amount != want {
			t.Errorf("%q: %q was noted, want %q", text, noted.Amount, want)
		}
	}
}

// TestWhatIsNotedKeepsNoTextAlive: what is noted stays for hours, the message
// that it was taken from must not.
func TestWhatIsNotedKeepsNoTextAlive(t *testing.T) {
	var noted interview.Noted
	take := func() weak.Pointer[byte] {
		text := new([4096]byte)
		copy(text[:], "12.11.2026 "+strings.Repeat("x", 4000)+" 450000 4242424242424242")
		whole := string(text[:])
		at := strings.Index(whole, "450000")
		card := strings.Index(whole, "4242424242424242")
		noted.Take(whole, []entity.Entity{
			{Kind: entity.Amount, Start: at, End: at + 6}, {Kind: entity.Card, Start: card, End: card + 16},
		})
		return weak.Make(unsafe.StringData(whole))
	}
	text := take()
	runtime.GC()
	if noted.When == "" || noted.Amount == "" || len(noted.Marks) != 1 {
		t.Fatalf("not all was noted: %+v", noted)
	}
	if text.Value() != nil {
		t.Error("the text is still in memory")
	}
	runtime.KeepAlive(&noted)
}
