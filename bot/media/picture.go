package media

import (
	"bytes"
	"encoding/binary"
	"image"
	_ "image/gif" // registers the decoder; its first frame is what is read
	_ "image/jpeg"
	_ "image/png"

	_ "golang.org/x/image/bmp"
	_ "golang.org/x/image/webp"

	"github.com/aldanba/aldanba/bot"
)

// picture reads the QR codes and the words of a picture.
func (t *task) picture(data []byte) {
	gray := t.seen(data)
	if gray == nil {
		t.gap(bot.GapUnreadable)
	} else if t.ocr == nil {
		t.askVision(gray)
	}
}

// seen does what is done on this machine. It returns the picture, or nothing
// where it could not be decoded.
func (t *task) seen(data []byte) *image.Gray {
	leave, err := t.enter(t.ctx)
	if err != nil {
		return nil
	}
	defer leave()
	gray := t.decode(data)
	if gray == nil {
		return nil
	}
	for _, payload := range readCodes(t.ctx, gray) {
		t.payload(payload)
	}
	if t.ocr != nil {
		t.recognise(gray)
	}
	return gray
}

// decode returns the picture in gray, in which colours cost no memory and hide
// no words, or nil where it is broken or too large.
func (t *task) decode(data []byte) *image.Gray {
	config, _, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil || config.Width <= 0 || config.Height <= 0 ||
		config.Width > t.limits.Side || config.Height > t.limits.Side || config.Width*config.Height > t.limits.Pixels {
		return nil
	}
	img, _, err := image.Decode(&patientReader{ctx: t.ctx, r: bytes.NewReader(data)})
	if err != nil {
		return nil
	}
	return upright(toGray(img), quarterTurns(data))
}

// quarterTurns is how often a photograph has to be turned clockwise to stand
// upright, by the orientation that cameras note (Exif 2.3, tag 0x0112). Mirrored
// orientations, which cameras do not write, count as none.
func quarterTurns(data []byte) int {
	const mark = "Exif\x00\x00"
	at := bytes.Index(data[:min(len(data), 4<<10)], []byte(mark))
	if at < 0 || !bytes.HasPrefix(data, []byte("\xff\xd8")) {
		return 0
	}
	tiff := data[at+len(mark):]
	if len(tiff) < 8 {
		return 0
	}
	var order binary.ByteOrder = binary.LittleEndian
	if tiff[0] == 'M' {
		order = binary.BigEndian
	}
	first := int64(order.Uint32(tiff[4:]))
	if first+2 > int64(len(tiff)) {
		return 0
	}
	entries := tiff[first+2:]
	for range order.Uint16(tiff[first:]) {
		if len(entries) < 12 {
			return 0
		}
		if order.Uint16(entries) == 0x0112 {
			return map[uint16]int{6: 1, 3: 2, 8: 3}[order.Uint16(entries[8:])]
		}
		entries = entries[12:]
	}
	return 0
}

// upright turns a picture clockwise.
func upright(img *image.Gray, quarters int) *image.Gray {
	for range quarters {
		w, h := img.Rect.Dx(), img.Rect.Dy()
		out := image.NewGray(image.Rect(0, 0, h, w))
		for y := range h {
			for x, p := range img.Pix[y*img.Stride : y*img.Stride+w] {
				out.Pix[x*out.Stride+h-1-y] = p
			}
		}
		img = out
	}
	return img
}

// toGray draws a picture on white, as a messenger shows one that is
// transparent.
func toGray(img image.Image) *image.Gray {
	b := img.Bounds()
	gray := image.NewGray(image.Rect(0, 0, b.Dx(), b.Dy()))
	switch src := img.(type) {
	case *image.YCbCr: // luminance is gray already
		for y := range b.Dy() {
			from := src.YOffset(b.Min.X, b.Min.Y+y)
			copy(gray.Pix[y*gray.Stride:], src.Y[from:from+b.Dx()])
		}
	case *image.Gray:
		for y := range b.Dy() {
			from := src.PixOffset(b.Min.X, b.Min.Y+y)
			copy(gray.Pix[y*gray.Stride:], src.Pix[from:from+b.Dx()])
		}
	default:
		for y := range b.Dy() {
			row := gray.Pix[y*gray.Stride:][:b.Dx()]
			for x := range row {
				row[x] = luminance(img, b.Min.X+x, b.Min.Y+y)
			}
		}
	}
	return gray
}

// luminance is the brightness of a pixel on white, by the weights of ITU-R BT.601.
func luminance(img image.Image, x, y int) uint8 {
	var r, g, b, a uint32
	if fast, ok := img.(image.RGBA64Image); ok {
		c := fast.RGBA64At(x, y)
		r, g, b, a = uint32(c.R), uint32(c.G), uint32(c.B), uint32(c.A)
	} else {
		r, g, b, a = img.At(x, y).RGBA()
	}
	return uint8((299*r + 587*g + 114*b + 1000*(0xffff-a)) / 1000 >> 8)
}

// scaled returns the picture with its sides multiplied by the factor: pixels
// are averaged over their area when it shrinks and interpolated when it grows.
func scaled(img *image.Gray, factor float64) *image.Gray {
	w, h := max(1, int(float64(img.Rect.Dx())*factor)), max(1, int(float64(img.Rect.Dy())*factor))
	out := image.NewGray(image.Rect(0, 0, w, h))
	if factor < 1 {
		shrink(out, img)
	} else {
		grow(out, img)
	}
	return out
}

func shrink(out, img *image.Gray) {
	sw, sh, w, h := img.Rect.Dx(), img.Rect.Dy(), out.Rect.Dx(), out.Rect.Dy()
	for y := range h {
		top, bottom := y*sh/h, max((y+1)*sh/h, y*sh/h+1)
		for x := range w {
			left, right := x*sw/w, max((x+1)*sw/w, x*sw/w+1)
			sum := 0
			for sy := top; sy < bottom; sy++ {
				for _, p := range img.Pix[sy*img.Stride+left : sy*img.Stride+right] {
					sum += int(p)
				}
			}
			out.Pix[y*out.Stride+x] = uint8(sum / ((bottom - top) * (right - left)))
		}
	}
}

func grow(out, img *image.Gray) {
	sw, sh, w, h := img.Rect.Dx(), img.Rect.Dy(), out.Rect.Dx(), out.Rect.Dy()
	const one = 1 << 8
	for y := range h {
		fy := max(0, (2*y+1)*sh*one/(2*h)-one/2)
		y0 := fy / one
		y1, wy := min(y0+1, sh-1), fy%one
		for x := range w {
			fx := max(0, (2*x+1)*sw*one/(2*w)-one/2)
			x0 := fx / one
			x1, wx := min(x0+1, sw-1), fx%one
			top := int(img.Pix[y0*img.Stride+x0])*(one-wx) + int(img.Pix[y0*img.Stride+x1])*wx
			bottom := int(img.Pix[y1*img.Stride+x0])*(one-wx) + int(img.Pix[y1*img.Stride+x1])*wx
			out.Pix[y*out.Stride+x] = uint8((top*(one-wy) + bottom*wy) / (one * one))
		}
	}
}

// inverted returns the negative of a picture.
func inverted(img *image.Gray) *image.Gray {
	out := image.NewGray(img.Rect)
	for i, p := range img.Pix {
		out.Pix[i] = 255 - p
	}
	return out
}
