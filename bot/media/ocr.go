package media

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aldanba/aldanba/bot"
)

// recogniser reads the words of pictures with the tesseract program.
type recogniser struct {
	program   command
	languages []string // installed ones of those that are wanted
}

// wantedLanguages are in the order of their weight in Kazakhstan: the first
// one's dictionary decides between readings that are equally likely.
var wantedLanguages = []string{"kaz", "rus", "eng"}

// newRecogniser finds the program and its languages. There is none, and no
// error, where nothing was configured and nothing is installed.
func newRecogniser(configured string) (*recogniser, error) {
	if configured == Off {
		return nil, nil
	}
	path, err := exec.LookPath(orElse(configured, "tesseract"))
	if err != nil {
		if configured == "" {
			return nil, nil
		}
		return nil, fmt.Errorf("media: the program that reads pictures is not found: %w", err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	out, err := (&command{path: path}).run(ctx, nil, 64<<10, "--list-langs")
	if err != nil {
		return nil, fmt.Errorf("media: the program that reads pictures does not run: %w", err)
	}
	installed := strings.Fields(string(out))
	var languages []string
	for _, l := range wantedLanguages {
		if slices.Contains(installed, l) {
			languages = append(languages, l)
		}
	}
	if len(languages) == 0 {
		if configured == "" {
			return nil, nil
		}
		return nil, errors.New("media: the program that reads pictures knows none of kaz, rus and eng")
	}
	return &recogniser{program: command{path: path}, languages: languages}, nil
}

func orElse(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

const (
	maxTSV      = 4 << 20
	minReadable = 1000      // pixels across below which a screenshot is enlarged: its letters are too small to tell apart
	maxReadable = 4_000_000 // pixels; more costs time and reads no better
	darkBelow   = 110       // mean brightness of a picture in dark colours
)

// words returns the words of a picture with their places.
func (r *recogniser) words(ctx context.Context, img *image.Gray) ([]word, error) {
	out, err := r.program.run(ctx, portableGraymap(prepare(img)), maxTSV,
		"stdin", "stdout", "-l", strings.Join(r.languages, "+"), "--psm", "6", "--dpi", "200", "tsv")
	if err != nil {
		return nil, err
	}
	return parseTSV(string(out)), nil
}

// prepare makes dark letters on a light ground, large enough to be told apart.
func prepare(img *image.Gray) *image.Gray {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	for float64(w)*float64(h) > maxReadable {
		img = scaled(img, 0.75)
		w, h = img.Rect.Dx(), img.Rect.Dy()
	}
	if min(w, h) < minReadable && 4*w*h <= maxReadable {
		img = scaled(img, 2)
	}
	sum := 0
	for _, p := range img.Pix {
		sum += int(p)
	}
	if sum/len(img.Pix) < darkBelow {
		img = inverted(img)
	}
	return img
}

// portableGraymap writes the picture as PGM, which costs no compression.
func portableGraymap(img *image.Gray) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "P5\n%d %d\n255\n", img.Rect.Dx(), img.Rect.Dy())
	b.Write(img.Pix)
	return b.Bytes()
}

// word is a word in a picture; its box is in pixels.
type word struct {
	text                     string
	left, top, width, height int
	confidence               float64 // 0 to 100
	line                     string  // words of one line share it
}

// parseTSV reads what tesseract writes: a heading, then rows of level, page,
// block, paragraph, line, word, left, top, width, height, confidence and text,
// of which those of level 5 are words.
func parseTSV(tsv string) []word {
	var words []word
	for row := range strings.Lines(tsv) {
		f := strings.Split(strings.TrimRight(row, "\r\n"), "\t")
		if len(f) != 12 || f[0] != "5" || strings.TrimSpace(f[11]) == "" {
			continue
		}
		var box [4]int
		ok := true
		for i := range box {
			n, err := strconv.Atoi(f[6+i])
			ok = ok && err == nil && n >= 0 && n < 1<<20
			box[i] = n
		}
		confidence, err := strconv.ParseFloat(f[10], 64)
		if !ok || err != nil {
			continue
		}
		words = append(words, word{text: f[11], left: box[0], top: box[1], width: box[2], height: box[3],
			confidence: confidence, line: strings.Join(f[1:5], " ")})
	}
	return words
}

// recognise adds the words of a picture.
func (t *task) recognise(img *image.Gray) {
	words, err := t.ocr.words(t.ctx, img)
	if err != nil {
		t.gap(bot.GapUnreadable)
		return
	}
	t.screen(layOut(words))
}
