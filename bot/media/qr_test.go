package media_test

import (
	"bytes"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"math"
	"math/rand/v2"
	"os/exec"
	"strings"
	"testing"

	"golang.org/x/image/bmp"
	"golang.org/x/image/draw"

	"github.com/aldanba/aldanba/bot"
)

var (
	white = rgb(0xffffff)
	black = rgb(0)
)

const evilLink = "https://kaspi-bonus.example/login?id=7"

func oneCode(t testing.TB, side int, dark, light color.Color) *canvas {
	c := newCanvas(t, 2*side, 2*side, light)
	c.code(side/2, side/2, side, dark, light, evilLink)
	return c
}

// turned rotates a picture about its middle.
func turned(img image.Image, degrees float64) image.Image {
	b := img.Bounds()
	out := image.NewGray(b)
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	cx, cy := float64(b.Dx())/2, float64(b.Dy())/2
	for y := range b.Dy() {
		for x := range b.Dx() {
			dx, dy := float64(x)-cx, float64(y)-cy
			sx, sy := int(cx+dx*cos-dy*sin), int(cy+dx*sin+dy*cos)
			if image.Pt(sx, sy).In(b) {
				out.Set(x, y, img.At(sx, sy))
			} else {
				out.Set(x, y, white)
			}
		}
	}
	return out
}

func resized(img image.Image, w, h int) image.Image {
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.CatmullRom.Scale(out, out.Rect, img, img.Bounds(), draw.Src, nil)
	return out
}

func noisy(img image.Image) image.Image {
	b := img.Bounds()
	random := rand.New(rand.NewPCG(1, 2))
	out := image.NewGray(b)
	for y := range b.Dy() {
		for x := range b.Dx() {
			v := int(color.GrayModel.Convert(img.At(x, y)).(color.Gray).Y)
			v = v*2/3 + 30 + x*60/b.Dx() + random.IntN(50) - 25 // paler, lit from the side, grainy
			out.Pix[out.PixOffset(x, y)] = uint8(min(max(v, 0), 255))
		}
	}
	return out
}

func TestCodesAreReadInEveryView(t *testing.T) {
	spare(t)
	r := documents(t)
	plain := oneCode(t, 300, black, white)
	encode := func(how func(*bytes.Buffer) error) []byte {
		var b bytes.Buffer
		if err := how(&b); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	pictures := map[string][]byte{
		"plain":        plain.png(),
		"inverted":     oneCode(t, 300, white, black).png(),
		"coloured":     oneCode(t, 300, rgb(0x003399), rgb(0xffdd88)).png(),
		"quarter turn": pngOf(t, turned(plain, 90)),
		"upside down":  pngOf(t, turned(plain, 180)),
		"askew":        pngOf(t, turned(plain, 33)),
		"small":        pngOf(t, resized(plain, 110, 110)),
		"stretched":    pngOf(t, resized(plain, 600, 520)),
		"photographed": pngOf(t, noisy(turned(plain, 8))),
		"jpeg": encode(func(b *bytes.Buffer) error {
			return jpeg.Encode(b, plain, &jpeg.Options{Quality: 30})
		}),
		"gif":   encode(func(b *bytes.Buffer) error { return gif.Encode(b, plain, nil) }),
		"bmp":   encode(func(b *bytes.Buffer) error { return bmp.Encode(b, plain) }),
		"large": pngOf(t, resized(plain, 2500, 2500)),
	}
	for name, data := range pictures {
		t.Run(name, func(t *testing.T) {
			got := read(r, bot.Picture, "", data)
			wantLines(t, got, evilLink)
			wantGaps(t, got, bot.GapNoPictures)
		})
	}
}

func TestTransparentPicturesStandOnWhite(t *testing.T) {
	c := newCanvas(t, 600, 600, color.Transparent)
	c.code(150, 150, 300, black, color.Transparent, evilLink)
	wantLines(t, read(documents(t), bot.Picture, "", c.png()), evilLink)
}

func TestSeveralCodesInOnePicture(t *testing.T) {
	c := newCanvas(t, 1000, 700, white)
	payloads := []string{evilLink, "tel:+77000000011", "https://t.me/kaspi_help_example"}
	c.code(40, 60, 260, black, white, payloads[0])
	c.code(400, 300, 260, black, white, payloads[1])
	c.code(720, 40, 220, black, white, payloads[2])
	got := read(documents(t), bot.Picture, "", c.png())
	for _, p := range payloads {
		if strings.Count(got.Text, p) != 1 {
			t.Errorf("%q is not once in %q", p, got.Text)
		}
	}
}

func TestPayloads(t *testing.T) {
	spare(t)
	for name, c := range map[string]struct {
		payload string
		want    []string
	}{
		"telephone": {"tel:+77000000011", []string{"tel:+77000000011"}},
		"wi-fi":     {"WIFI:T:WPA;S:Free;P:12345678;;", []string{"WIFI:T:WPA;S:Free;P:12345678;;"}},
		"kazakh":    {"Қауіпсіз шотқа ақша аударыңыз", []string{"Қауіпсіз шотқа ақша аударыңыз"}},
		"contact": {"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Служба безопасности\r\nTEL:+77000000012\r\nURL:https://bank.example\r\nEND:VCARD\r\n",
			[]string{"Служба безопасности", "+77000000012", "https://bank.example"}},
		"payment": {"000201" + "2636" + "0010kz.example" + "0118" + "pay.example/abc/12" + "52045411" + "5303398" + "540520000" + "5802KZ" + "5908TOO DEMO" + "6006ALMATY" + "6304ABCD",
			nil},
		"payment cut short": {"00020126", []string{"00020126"}},
	} {
		t.Run(name, func(t *testing.T) {
			pic := newCanvas(t, 700, 700, white)
			pic.code(100, 100, 500, black, white, c.payload)
			got := read(documents(t), bot.Picture, "", pic.png())
			if c.want != nil {
				wantLines(t, got, c.want...)
				return
			}
			for _, part := range []string{"pay.example/abc/12", "20000", "TOO DEMO", "ALMATY"} {
				if !strings.Contains(got.Text, part) {
					t.Errorf("%q is not in %q", part, got.Text)
				}
			}
		})
	}
}

// Codes of another maker are read as another reader reads them.
func TestCodesAgreeWithOtherTools(t *testing.T) {
	for _, tool := range []string{"qrencode", "zbarimg"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip("needs qrencode and zbarimg (package zbar-tools)")
		}
	}
	r := documents(t)
	for _, args := range [][]string{
		{"-s", "3"}, {"-s", "8", "-l", "H"}, {"-s", "4", "-m", "1"}, {"-s", "5", "--foreground=ffffff", "--background=000000"}, {"-s", "2", "-v", "20"},
	} {
		for _, payload := range []string{evilLink, "Аударым 20 000 ₸", strings.Repeat("0123456789", 12)} {
			cmd := exec.Command("qrencode", append(args, "-o", "-", payload)...)
			data, err := cmd.Output()
			if err != nil {
				t.Fatal(err)
			}
			zbar := exec.Command("zbarimg", "-q", "--raw", "-")
			zbar.Stdin = bytes.NewReader(data)
			other, _ := zbar.Output()
			got := read(r, bot.Picture, "", data)
			if got.Text != payload {
				t.Errorf("%v: got %q, zbarimg %q, want %q", args, got.Text, other, payload)
			}
		}
	}
}

func TestPicturesFullOfCornerMarksAreCheap(t *testing.T) {
	spare(t)
	c := newCanvas(t, 1400, 1400, white)
	for y := 0; y+28 <= 1400; y += 32 {
		for x := 0; x+28 <= 1400; x += 32 {
			c.fill(x, y, x+28, y+28, black)
			c.fill(x+4, y+4, x+24, y+24, white)
			c.fill(x+8, y+8, x+20, y+20, black)
		}
	}
	got := read(documents(t), bot.Picture, "", c.png())
	wantGaps(t, got, bot.GapNoPictures)
	if got.Text != "" {
		t.Errorf("text %q", got.Text)
	}
}
