package media

import (
	"context"
	"image"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/makiuchi-d/gozxing"
	multi "github.com/makiuchi-d/gozxing/multi/qrcode"
	"github.com/makiuchi-d/gozxing/qrcode"
)

const (
	maxCodes      = 16        // payloads taken from one picture
	maxCorners    = 60        // corner marks looked at in one view; a picture full of them would cost their cube
	maxCodePixels = 6_000_000 // a larger picture is looked at smaller
	smallCode     = 800_000   // a picture below this is looked at enlarged too
)

// readCodes returns the payloads of the QR codes in a picture. Every view of it
// (as it is, negative, enlarged or reduced) may show codes that others do not.
func readCodes(ctx context.Context, img *image.Gray) []string {
	pixels := img.Rect.Dx() * img.Rect.Dy()
	for pixels > maxCodePixels {
		img = scaled(img, 0.5)
		pixels = img.Rect.Dx() * img.Rect.Dy()
	}
	var found []string
	look := func(view *image.Gray, binarizer func(gozxing.LuminanceSource) gozxing.Binarizer) {
		if ctx.Err() != nil {
			return
		}
		for _, payload := range codesInView(ctx, view, binarizer) {
			if !slices.Contains(found, payload) && len(found) < maxCodes {
				found = append(found, payload)
			}
		}
	}
	look(img, gozxing.NewHybridBinarizer)
	look(inverted(img), gozxing.NewHybridBinarizer)
	if len(found) > 0 {
		return found
	}
	look(img, gozxing.NewGlobalHistgramBinarizer)
	look(scaled(img, 0.5), gozxing.NewHybridBinarizer)
	if pixels <= smallCode {
		enlarged := scaled(img, 2)
		look(enlarged, gozxing.NewHybridBinarizer)
		look(inverted(enlarged), gozxing.NewHybridBinarizer)
	}
	return found
}

// codesInView decodes one view. It gives up on a view that panics in the
// decoder or shows more corner marks than an honest picture has.
func codesInView(ctx context.Context, img *image.Gray, binarizer func(gozxing.LuminanceSource) gozxing.Binarizer) (found []string) {
	defer func() { _ = recover() }()
	w, h := img.Rect.Dx(), img.Rect.Dy()
	source, err := gozxing.NewPlanarYUVLuminanceSource(img.Pix, w, h, 0, 0, w, h, false)
	if err != nil {
		return nil
	}
	bitmap, err := gozxing.NewBinaryBitmap(binarizer(source))
	if err != nil {
		return nil
	}
	corners := 0
	hints := map[gozxing.DecodeHintType]any{
		gozxing.DecodeHintType_TRY_HARDER:    true,
		gozxing.DecodeHintType_CHARACTER_SET: "UTF-8",
		gozxing.DecodeHintType_NEED_RESULT_POINT_CALLBACK: gozxing.ResultPointCallback(func(gozxing.ResultPoint) {
			if corners++; corners > maxCorners || ctx.Err() != nil {
				panic("too many corner marks")
			}
		}),
	}
	results, err := multi.NewQRCodeMultiReader().DecodeMultiple(bitmap, hints)
	if corners < 3 {
		return nil
	}
	if err != nil || len(results) == 0 {
		// The reader of several codes asks for right angles; that of one copes with
		// a code photographed from the side.
		one, err := qrcode.NewQRCodeReader().Decode(bitmap, hints)
		if err != nil {
			return nil
		}
		results = []*gozxing.Result{one}
	}
	for _, result := range results {
		if text := codeText(result); text != "" {
			found = append(found, text)
		}
	}
	return found
}

// codeText is the payload as text. Bytes that are not UTF-8 are taken for the
// Cyrillic of Windows.
func codeText(result *gozxing.Result) string {
	text := result.GetText()
	if !utf8.ValidString(text) || strings.ContainsRune(text, utf8.RuneError) {
		var raw []byte
		segments, _ := result.GetResultMetadata()[gozxing.ResultMetadataType_BYTE_SEGMENTS].([][]byte)
		for _, s := range segments {
			raw = append(raw, s...)
		}
		if len(raw) > 0 {
			text = decodeText(raw)
		}
	}
	return strings.TrimSpace(text)
}

// payload adds what a code holds: links and Wi-Fi, telephone and mail
// instructions as they are, contacts and bank payments by their values.
func (t *task) payload(text string) {
	switch {
	case looksLikeCard([]byte(text)):
		t.card(text)
	default:
		if values := paymentValues(text); len(values) > 0 {
			text = strings.Join(values, "\n")
		}
		t.lines(text)
	}
}

// paymentValues reads a payment code of EMVCo's merchant-presented QR (tag and
// length of two digits each, then the value) and returns what a person would
// be shown: addresses and names in the merchant's templates (26 to 51), the sum
// (54), the merchant's name (59) and city (60) and the reference texts (62).
// It returns nothing for any other text.
func paymentValues(text string) []string {
	if !strings.HasPrefix(text, "000201") {
		return nil
	}
	var values []string
	complete := eachTag(text, func(tag int, value string) {
		switch {
		case tag >= 26 && tag <= 51 || tag == 62:
			eachTag(value, func(_ int, v string) {
				if strings.ContainsFunc(v, isLetter) {
					values = append(values, v)
				}
			})
		case tag == 54 || tag == 59 || tag == 60:
			values = append(values, value)
		}
	})
	if !complete {
		return nil
	}
	return values
}

// eachTag visits the fields of a TLV text and reports whether it ended where a
// field ended. Lengths count characters.
func eachTag(text string, visit func(tag int, value string)) bool {
	runes := []rune(text)
	two := func(i int) (int, bool) {
		a, b := runes[i]-'0', runes[i+1]-'0'
		return int(a*10 + b), a >= 0 && a <= 9 && b >= 0 && b <= 9
	}
	for i := 0; i < len(runes); {
		if len(runes)-i < 4 {
			return false
		}
		tag, ok1 := two(i)
		length, ok2 := two(i + 2)
		if !ok1 || !ok2 || len(runes)-i-4 < length {
			return false
		}
		visit(tag, string(runes[i+4:i+4+length]))
		i += 4 + length
	}
	return true
}

func isLetter(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= 0x400 && r <= 0x52f
}
