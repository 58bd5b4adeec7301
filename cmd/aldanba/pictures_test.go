package main

import (
	"bytes"
	"image"
	"image/png"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	tgt "github.com/aldanba/aldanba/bot/telegram/telegramtest"
)

const (
	picturesASecond = 1
	textsASecond    = 50
	firstPainter    = 2_000_000 // id of the first of those who send pictures
)

// BenchmarkPictures brings screenshots of the size of a telephone to the whole
// bot, one a second, while others write fifty texts a second. The bot is a
// process of its own and shares the machine with Telegram and with tesseract.
// Run it with as many pictures as are to be measured, as -benchtime 20x.
//
//   - text: from a text to its answer
//   - reading: from a picture to the word that it is being read
//   - picture: from a picture to what was found in it
//
// unread are those in which nothing was found in time.
func BenchmarkPictures(b *testing.B) {
	sparePictures(b)
	needsTesseract(b)
	screenshots := [][]byte{screenshot(b, "chat_ru.png"), screenshot(b, "chat_kk.png")}
	texts := corpus(b)
	s := &painters{began: map[int64]time.Time{}, said: map[int64]int{}, found: make(chan struct{}, b.N)}
	telegram := tgt.New(tgt.Options{Token: testToken, Observe: s.observe})
	b.Cleanup(telegram.Close)
	p := startProcess(b, telegram, map[string]string{"ALDANBA_SEND_RATE": "20000", "ALDANBA_TESSERACT": "", "ALDANBA_DATA": b.TempDir()})
	p.serves(b)
	b.ResetTimer()
	written := 0
	ticks := time.NewTicker(time.Second / textsASecond)
	defer ticks.Stop()
	for began, posted, found := time.Now(), 0, 0; found < b.N; {
		select {
		case <-s.found:
			found++
		case <-ticks.C:
			person := int64(firstPerson + written)
			s.begins(person)
			telegram.User(person, "ru").Sends(texts[written%len(texts)])
			written++
			if posted < b.N && time.Since(began).Seconds()*picturesASecond >= float64(posted) {
				painter := int64(firstPainter + posted)
				s.begins(painter)
				telegram.User(painter, "ru").Posts(tgt.Photo(screenshots[posted%len(screenshots)]), tgt.Forwarded(tgt.FromHidden("Банк")))
				posted++
			}
		}
	}
	b.StopTimer()
	eventually(b, "everything is answered", func() bool { return p.metric(b, "aldanba_waiting_updates") == 0 })
	unread := 0
	for n := range b.N {
		if conversation := telegram.Conversation(int64(firstPainter + n)); !strings.Contains(conversation, red) && !strings.Contains(conversation, yellow) {
			unread++
		}
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(unread), "unread")
	s.report(b)
	p.terminate(b)
}

// painters is what is measured.
type painters struct {
	found chan struct{} // one for each picture in which something was found, or nothing

	mu                     sync.Mutex
	began                  map[int64]time.Time
	said                   map[int64]int // by person: answers so far
	text, reading, picture []time.Duration
}

func (s *painters) begins(person int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.began[person] = time.Now()
}

func (s *painters) observe(c tgt.Call) {
	if c.Method != "sendMessage" && c.Method != "editMessageText" {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.said[c.Chat]++
	took := c.At.Sub(s.began[c.Chat])
	switch n := s.said[c.Chat]; {
	case c.Chat < firstPainter && n == 1:
		s.text = append(s.text, took)
	case c.Chat >= firstPainter && n == 1:
		s.reading = append(s.reading, took)
	case c.Chat >= firstPainter && n == 2:
		s.picture = append(s.picture, took)
		s.found <- struct{}{}
	}
}

func (s *painters) report(b *testing.B) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for name, took := range map[string][]time.Duration{"text": s.text, "reading": s.reading, "picture": s.picture} {
		slices.Sort(took)
		for share, at := range map[string]int{"p50": 50, "p95": 95} {
			b.ReportMetric(float64(took[min(len(took)*at/100, len(took)-1)].Milliseconds()), name+"-"+share+"-ms")
		}
	}
}

// screenshot makes a picture as a telephone takes it: 1080 pixels across, the
// conversation of the file twice.
func screenshot(b *testing.B, name string) []byte {
	b.Helper()
	from, err := png.Decode(bytes.NewReader(testFile(b, "telegram", name)))
	if err != nil {
		b.Fatal(err)
	}
	const across = 1080
	size := from.Bounds()
	high := size.Dy() * across / size.Dx()
	to := image.NewGray(image.Rect(0, 0, across, 2*high))
	for y := range 2 * high {
		for x := range across {
			to.Set(x, y, from.At(size.Min.X+x*size.Dx()/across, size.Min.Y+y%high*size.Dx()/across))
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, to); err != nil {
		b.Fatal(err)
	}
	return out.Bytes()
}
