package media_test

import (
	"bytes"
	"image"
	"image/draw"
	"image/jpeg"
	"os/exec"
	"strings"
	"testing"
	"unicode"

	"github.com/aldanba/aldanba/bot"
	"github.com/aldanba/aldanba/bot/media"
)

// seeing is a reader of pictures; without tesseract and its languages the test
// is skipped.
func seeing(t testing.TB) *media.Reader {
	t.Helper()
	if _, err := exec.LookPath("tesseract"); err != nil {
		t.Skip("needs tesseract (packages tesseract-ocr, tesseract-ocr-kaz, tesseract-ocr-rus)")
	}
	r := newReader(t, media.Config{})
	if len(r.Means().Languages) < 3 {
		t.Skipf("needs tesseract's languages kaz, rus and eng, has %q", r.Means().Languages)
	}
	return r
}

var russianChat = chat{
	contact: "Служба безопасности", seen: "был(а) в сети сегодня в 14:20", day: "Сегодня", input: "Сообщение",
	bubbles: []bubble{
		{false, "Здравствуйте! С вашей карты пытаются\nснять 250 000 тенге.", "14:21"},
		{true, "Что мне делать?", "14:23"},
		{false, "Срочно переведите деньги на безопасный\nсчёт и никому не сообщайте код из СМС.\nВстреча в банке в 15:30", "14:25"},
		{false, "Ссылка: https://bank-zashita.example/vhod", "14:26"},
	},
}

var kazakhChat = chat{
	contact: "Қауіпсіздік қызметі", seen: "желіде", day: "Бүгін", input: "Хабарлама жазыңыз",
	bubbles: []bubble{
		{false, "Сәлеметсіз бе! Сіздің картаңыздан\n250 000 теңге шешіп алмақшы.", "14:21"},
		{true, "Не істеуім керек?", "14:23"},
		{false, "Ақшаңызды шұғыл түрде қауіпсіз шотқа\nаударыңыз, СМС кодын ешкімге айтпаңыз,\nтек маған хабарлаңыз.", "14:25"},
		{false, "Өтініш бойынша үйге қоңырау шаламыз", "14:26"},
	},
}

// said are the words of a drawn chat, its interface left out.
func (c chat) said() []string {
	words := strings.Fields(c.contact)
	for _, b := range c.bubbles {
		words = append(words, strings.Fields(b.text)...)
	}
	return words
}

// sent draws a screenshot as it arrives: scaled by a messenger and packed as JPEG.
func sent(t testing.TB, l look, c chat, width int) []byte {
	t.Helper()
	shot := screenshot(t, l, c)
	img := resized(shot, width, shot.Rect.Dy()*width/shot.Rect.Dx())
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 75}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// recall is the share of words that were read, ё counting as е.
func recall(text string, words []string) float64 {
	plain := func(s string) string {
		return strings.Map(func(r rune) rune {
			if r = unicode.ToLower(r); r == 'ё' {
				return 'е'
			}
			return r
		}, s)
	}
	have := map[string]int{}
	for _, w := range strings.Fields(plain(text)) {
		have[w]++
	}
	found := 0
	for _, w := range words {
		if w = plain(w); have[w] > 0 {
			have[w]--
			found++
		}
	}
	return float64(found) / float64(len(words))
}

func TestScreenshotsOfChats(t *testing.T) {
	r := seeing(t)
	interfaces := []string{"14:2", "14:32", "LTE", "87%", "Сегодня", "Бүгін", "Сообщение", "Хабарлама", "в сети", "желіде"}
	for name, c := range map[string]struct {
		look  look
		chat  chat
		width int
		floor float64
	}{
		"russian light": {light, russianChat, 1080, 0.95}, "russian dark": {dark, russianChat, 1080, 0.95},
		"kazakh light": {light, kazakhChat, 1080, 0.95}, "kazakh dark": {dark, kazakhChat, 1080, 0.95},
		"russian light small": {light, russianChat, 590, 0.9}, "russian dark small": {dark, russianChat, 590, 0.9},
		"russian white on blue": {blue, russianChat, 1080, 0.9}, "kazakh white on blue": {blue, kazakhChat, 1080, 0.9},
		"russian on a wallpaper": {drawn, russianChat, 1080, 0.9}, "kazakh on a wallpaper": {drawn, kazakhChat, 720, 0.9},
		"kazakh light small": {light, kazakhChat, 590, 0.9}, "kazakh dark small": {dark, kazakhChat, 590, 0.9},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if testing.Short() && name != "russian light small" && name != "kazakh dark" {
				t.Skip("two of the screenshots are enough for a short run")
			}
			got := read(r, bot.Picture, "", sent(t, c.look, c.chat, c.width))
			wantGaps(t, got)
			share := recall(got.Text, c.chat.said())
			t.Logf("recall of words %.2f", share)
			if share < c.floor {
				t.Errorf("recall of words %.2f, at least %.2f is expected:\n%s", share, c.floor, got.Text)
			}
			for _, word := range interfaces {
				if strings.Contains(got.Text, word) {
					t.Errorf("%q of the interface is left in:\n%s", word, got.Text)
				}
			}
			if got.Receipt {
				t.Error("a chat is no receipt")
			}
		})
	}
}

func TestBubblesAreInReadingOrder(t *testing.T) {
	spare(t)
	text := read(seeing(t), bot.Picture, "", screenshot(t, light, russianChat).png()).Text
	at := -1
	for _, word := range []string{"пытаются", "делать", "Срочно", "15:30", "Ссылка"} {
		i := strings.Index(text, word)
		if i <= at {
			t.Fatalf("%q is missing or in the wrong place:\n%s", word, text)
		}
		at = i
	}
}

// rows draws lines of labels and values, as receipts and letters have them.
func rows(t testing.TB, lines ...string) *canvas {
	c := newCanvas(t, 1000, 120+80*len(lines), white)
	for i, line := range lines {
		label, value, _ := strings.Cut(line, "|")
		c.write(50, 100+80*i, 34, rgb(0x222222), label)
		c.write(520, 100+80*i, 34, rgb(0x222222), value)
	}
	return c
}

func TestReceiptsAreRecognised(t *testing.T) {
	spare(t)
	r := seeing(t)
	for name, c := range map[string]struct {
		lines []string
		want  bool
	}{
		"russian": {[]string{"Перевод успешно совершен", "20 000 ₸", "Комиссия|0 ₸", "ФИО отправителя|Асель Д.", "Номер квитанции|QR1234567890", "Дата и время|12.11.2026 14:02"}, true},
		"kazakh":  {[]string{"Аударым сәтті орындалды", "20 000 ₸", "Комиссия|0 ₸", "Жіберуші|Әсел Д.", "Алушы|Ерлан Қ.", "Түбіртек нөмірі|1234567", "Күні мен уақыты|12.11.2026 14:02"}, true},
		"message": {[]string{"Отправьте чек о переводе,", "комиссия за перевод 5 000 тенге,", "получатель сам вам позвонит"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := read(r, bot.Picture, "", rows(t, c.lines...).png()); got.Receipt != c.want {
				t.Errorf("receipt %v, want %v:\n%s", got.Receipt, c.want, got.Text)
			}
		})
	}
}

func TestPicturesWithoutWords(t *testing.T) {
	wantGaps(t, read(seeing(t), bot.Picture, "", newCanvas(t, 300, 300, rgb(0x88aa66)).png()), bot.GapNoText)
}

func TestCodesAndWordsOfOnePicture(t *testing.T) {
	c := newCanvas(t, 900, 900, white)
	c.code(250, 300, 400, black, white, evilLink)
	c.write(80, 150, 40, black, "Получите выплату по коду")
	got := read(seeing(t), bot.Picture, "", c.png())
	if !strings.Contains(got.Text, evilLink) || !strings.Contains(got.Text, "Получите выплату") {
		t.Errorf("text %q", got.Text)
	}
	wantGaps(t, got)
}

// A camera held upright notes so instead of turning what it stores.
func TestPhotographsAreTurnedUpright(t *testing.T) {
	spare(t)
	r := seeing(t)
	upright := rows(t, "Переведите деньги", "на безопасный счет")
	for orientation, degrees := range map[byte]float64{3: 180, 6: 90, 8: 270} {
		square := newCanvas(t, 700, 700, white)
		draw.Draw(square, square.Rect, upright, image.Point{}, draw.Src)
		var b bytes.Buffer
		if err := jpeg.Encode(&b, turned(square, degrees), nil); err != nil {
			t.Fatal(err)
		}
		exif := "Exif\x00\x00MM\x00\x2a\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00" + string(rune(orientation)) + "\x00\x00"
		data := append([]byte("\xff\xd8\xff\xe1\x00"+string(rune(len(exif)+2))+exif), b.Bytes()[2:]...)
		if got := read(r, bot.Picture, "", data); !strings.HasPrefix(got.Text, "Переведите деньги") {
			t.Errorf("orientation %d: %q", orientation, got.Text)
		}
	}
}

func BenchmarkScreenshot(b *testing.B) {
	r, data := seeing(b), sent(b, light, kazakhChat, 1080)
	b.ReportAllocs()
	for b.Loop() {
		if got := read(r, bot.Picture, "", data); got.Text == "" {
			b.Fatal("nothing read")
		}
	}
}
