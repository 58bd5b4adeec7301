package media_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"hash/crc32"
	"io"
	"testing"
	"time"

	"github.com/aldanba/aldanba/bot"
	"github.com/aldanba/aldanba/bot/media"
)

func TestPicturesThatAreTooLarge(t *testing.T) {
	vast := func(w, h uint32) []byte {
		data := pngOf(t, newCanvas(t, 10, 10, white))
		binary.BigEndian.PutUint32(data[16:], w)
		binary.BigEndian.PutUint32(data[20:], h)
		binary.BigEndian.PutUint32(data[29:], crc32.ChecksumIEEE(data[12:29]))
		return data
	}
	gif := []byte("GIF89a\xff\xff\xff\xff\x00\x00\x00,\x00\x00\x00\x00\xff\xff\xff\xff\x00\x02\x02\x4c\x01\x00;")
	for name, data := range map[string][]byte{
		"50,000 × 50,000": vast(50_000, 50_000), "long": vast(30_000, 10), "overflowing": vast(1<<31-1, 1<<31-1), "gif": gif,
	} {
		wantGaps(t, read(documents(t), bot.Picture, name, data), bot.GapUnreadable)
	}
}

// endlessScans is a progressive JPEG of 6000 × 6000 whose scans cost 50 bytes
// each and say that nothing changes: decoding all would take hours.
func endlessScans() []byte {
	var b bytes.Buffer
	b.WriteString("\xff\xd8\xff\xdb\x00\x43\x00")
	b.Write(bytes.Repeat([]byte{1}, 64))
	b.WriteString("\xff\xc2\x00\x0b\x08\x17\x70\x17\x70\x01\x01\x11\x00")
	code := append([]byte{1}, make([]byte, 15)...) // one code of one bit
	b.WriteString("\xff\xc4\x00\x14\x00")
	b.Write(append(code, 0x00))
	b.WriteString("\xff\xc4\x00\x14\x10")
	b.Write(append(code, 0xe0)) // the end of 16,384 blocks and so many more
	b.WriteString("\xff\xda\x00\x08\x01\x01\x00\x00\x00\x00")
	b.Write(make([]byte, 750*750/8+1))
	var run [40]byte // 21 times the code and the bits of "10,922 more"
	for i := range 21 {
		for bit := range 15 {
			if bit%2 == 1 {
				at := i*15 + bit
				run[at/8] |= 0x80 >> (at % 8)
			}
		}
	}
	scan := append([]byte("\xff\xda\x00\x08\x01\x01\x00\x01\x3f\x00"), run[:]...)
	for b.Len() < 2<<20 {
		b.Write(scan)
	}
	b.WriteString("\xff\xd9")
	return b.Bytes()
}

func TestPicturesThatTakeTooLong(t *testing.T) {
	r := newReader(t, media.Config{Tesseract: media.Off, Limits: media.Limits{Time: 500 * time.Millisecond}})
	wantGaps(t, read(r, bot.Picture, "", endlessScans()), bot.GapUnreadable)
}

// While as many pictures are read as may be, the next one waits, and no longer
// than its time allows. The program's first run never ends, the second would.
func TestPicturesWaitForTheirTurn(t *testing.T) {
	program := script(t, `[ "$1" = --list-langs ] && { echo rus; exit 0; }
mkdir "$0.runs" && exec sleep 600
printf '5\t1\t1\t1\t1\t1\t1\t1\t50\t10\t90\tword\n'
`)
	r := newReader(t, media.Config{Tesseract: program, Limits: media.Limits{Processes: 1, Time: time.Hour}})
	picture := pngOf(t, newCanvas(t, 80, 80, white))
	first, stop := context.WithCancel(context.Background())
	begun, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		r.Read(first, bot.File{Kind: bot.Picture}, func(context.Context) (io.ReadCloser, error) {
			close(begun)
			return io.NopCloser(bytes.NewReader(picture)), nil
		}, bot.Services{})
	}()
	<-begun
	second, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
	defer cancel()
	wantGaps(t, r.Read(second, bot.File{Kind: bot.Picture}, opening(picture), bot.Services{}), bot.GapUnreadable)
	stop()
	<-done
	wantLines(t, read(r, bot.Picture, "", picture), "word") // the turn is free again
}
