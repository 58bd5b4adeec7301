package media_test

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// typeface is read once for all pictures.
var typeface = sync.OnceValues(func() (*opentype.Font, error) {
	data, err := os.ReadFile("../../testdata/media/DejaVuSans.ttf")
	if err != nil {
		return nil, err
	}
	return opentype.Parse(data)
})

// canvas is a picture under the brush.
type canvas struct {
	t testing.TB
	*image.RGBA
}

func newCanvas(t testing.TB, width, height int, ground color.Color) *canvas {
	c := &canvas{t, image.NewRGBA(image.Rect(0, 0, width, height))}
	draw.Draw(c, c.Rect, image.NewUniform(ground), image.Point{}, draw.Src)
	return c
}

// write draws one line whose letters stand on y, and returns where it ends.
func (c *canvas) write(x, y int, size float64, ink color.Color, text string) int {
	c.t.Helper()
	parsed, err := typeface()
	if err != nil {
		c.t.Fatal(err)
	}
	face, err := opentype.NewFace(parsed, &opentype.FaceOptions{Size: size, DPI: 72, Hinting: font.HintingFull})
	if err != nil {
		c.t.Fatal(err)
	}
	defer face.Close()
	d := font.Drawer{Dst: c, Src: image.NewUniform(ink), Face: face, Dot: fixed.P(x, y)}
	d.DrawString(text)
	return d.Dot.X.Round()
}

func (c *canvas) fill(x0, y0, x1, y1 int, with color.Color) {
	draw.Draw(c, image.Rect(x0, y0, x1, y1), image.NewUniform(with), image.Point{}, draw.Src)
}

// code draws a QR code whose upper left corner is at x, y.
func (c *canvas) code(x, y, side int, dark, light color.Color, payload string) {
	c.t.Helper()
	hints := map[gozxing.EncodeHintType]any{gozxing.EncodeHintType_CHARACTER_SET: "UTF-8"}
	matrix, err := qrcode.NewQRCodeWriter().Encode(payload, gozxing.BarcodeFormat_QR_CODE, side, side, hints)
	if err != nil {
		c.t.Fatal(err)
	}
	for j := range matrix.GetHeight() {
		for i := range matrix.GetWidth() {
			if matrix.Get(i, j) {
				c.Set(x+i, y+j, dark)
			} else {
				c.Set(x+i, y+j, light)
			}
		}
	}
}

func (c *canvas) png() []byte { return pngOf(c.t, c) }

func pngOf(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// look is the colours of a messenger; ourInk is that of the owner's bubbles.
type look struct{ ground, bar, theirs, ours, ink, ourInk, faint, wallpaper color.Color }

var (
	light = look{ground: rgb(0xefeae2), bar: rgb(0xffffff), theirs: rgb(0xffffff), ours: rgb(0xd9fdd3), ink: rgb(0x111b21), ourInk: rgb(0x111b21), faint: rgb(0x667781)}
	dark  = look{ground: rgb(0x0b141a), bar: rgb(0x1f2c34), theirs: rgb(0x202c33), ours: rgb(0x005c4b), ink: rgb(0xe9edef), ourInk: rgb(0xe9edef), faint: rgb(0x8696a0)}
	// messages are white on blue, as on an iPhone
	blue = look{ground: rgb(0xffffff), bar: rgb(0xf6f6f6), theirs: rgb(0xe9e9eb), ours: rgb(0x0b84fe), ink: rgb(0x000000), ourInk: rgb(0xffffff), faint: rgb(0x8a8a8e)}
	// drawings lie behind the bubbles
	drawn = look{ground: rgb(0xd5e3c4), bar: rgb(0xffffff), theirs: rgb(0xffffff), ours: rgb(0xe1ffc7), ink: rgb(0x000000), ourInk: rgb(0x000000), faint: rgb(0x708070), wallpaper: rgb(0xa8c090)}
)

func rgb(v uint32) color.Color { return color.RGBA{uint8(v >> 16), uint8(v >> 8), uint8(v), 0xff} }

// bubble is one message of a drawn chat.
type bubble struct {
	ours bool
	text string // lines
	time string
}

// chat is a drawn chat with the words that its interface adds.
type chat struct {
	contact, seen, day, input string
	bubbles                   []bubble
}

// screenshot draws a chat on a telephone 1080 pixels wide; scale makes it
// smaller, as messengers do.
func screenshot(t testing.TB, l look, c chat) *canvas {
	t.Helper()
	const width, text, small = 1080, 42, 28
	height := 460
	for _, b := range c.bubbles {
		height += 90 + 56*(strings.Count(b.text, "\n")+1)
	}
	p := newCanvas(t, width, height+140, l.ground)
	if l.wallpaper != nil {
		for y := 220; y < height; y += 90 {
			for x := 30 + y%60; x < width; x += 110 {
				p.write(x, y, 60, l.wallpaper, string("☀☂☎♥♫✈★"[(x+y)%7*3:][:3]))
			}
		}
	}
	p.fill(0, 0, width, 220, l.bar)
	p.write(60, 56, small+4, l.ink, "14:32")
	p.write(820, 56, small+2, l.ink, "LTE  87%")
	p.write(170, 140, text, l.ink, c.contact)
	p.write(170, 190, small, l.faint, c.seen)
	p.write(480, 290, small, l.faint, c.day)
	y := 340
	for _, b := range c.bubbles {
		lines := strings.Split(b.text, "\n")
		h := 56*len(lines) + 60
		x, fill, ink := 40, l.theirs, l.ink
		if b.ours {
			x, fill, ink = 200, l.ours, l.ourInk
		}
		p.fill(x, y, x+840, y+h, fill)
		for i, line := range lines {
			p.write(x+28, y+56*(i+1), text, ink, line)
		}
		clock := b.time
		if b.ours {
			clock += " ✓✓"
		}
		p.write(x+840-190, y+h-14, small, l.faint, clock)
		y += h + 30
	}
	p.fill(0, height+20, width, height+140, l.bar)
	p.write(120, height+95, text, l.faint, c.input)
	return p
}
