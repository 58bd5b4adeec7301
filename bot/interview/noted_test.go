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
