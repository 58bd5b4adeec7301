package statement

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"codeberg.org/go-pdf/fpdf"
	"github.com/go-fonts/dejavu/dejavusanscondensed"
	"github.com/go-fonts/dejavu/dejavusanscondensedbold"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/text/unicode/bidi"
)

// The one font of the papers. It has every Kazakh letter and ₸.
const fontName = "dejavu"

// undated stands in the file where a case bears no day.
var undated = time.Date(2000, time.January, 1, 0, 0, 0, 0, time.UTC)

// PDF returns the paper as PDF on A4, with a text layer: the same bytes for
// the same Case. What the font lacks, and letters that run from right to left,
// are replaced by a word, and a line at the end says so. Addresses of pages
// are plain text: no link leads anywhere.
func (d Document) PDF() ([]byte, error) {
	blocks, err := d.printable()
	if err != nil {
		return nil, err
	}
	f := fpdf.New("P", "mm", "A4", "")
	f.SetAutoPageBreak(false, 0)
	f.SetCatalogSort(true)
	made := d.made
	if made.IsZero() {
		made = undated
	}
	f.SetCreationDate(made)
	f.SetModificationDate(made)
	f.SetProducer("", false)
	f.SetTitle(d.Title, true)
	f.SetLang(d.lang)
	f.AddUTF8FontFromBytes(fontName, "", dejavusanscondensed.TTF)
	f.AddUTF8FontFromBytes(fontName, "B", dejavusanscondensedbold.TTF)

	l := layout{width: func(text string, bold bool, size float64) float64 {
		choose(f, bold, size)
		return f.GetStringWidth(text)
	}}
	for i, b := range blocks {
		next := block{kind: -1}
		if i+1 < len(blocks) {
			next = blocks[i+1]
		}
		l.block(b, next)
	}
	all := pages(l.rows)
	for i, page := range all {
		f.AddPage()
		draw(f, page)
		foot := fmt.Sprintf("%d / %d", i+1, len(all))
		choose(f, false, smallSize)
		f.Text(left, pageHeight-11, d.Title)
		f.Text(right-f.GetStringWidth(foot), pageHeight-11, foot)
	}
	var b bytes.Buffer
	if err := f.Output(&b); err != nil {
		return nil, fmt.Errorf("making a PDF: %w", err)
	}
	return b.Bytes(), nil
}

func choose(f *fpdf.Fpdf, bold bool, size float64) {
	style := ""
	if bold {
		style = "B"
	}
	f.SetFont(fontName, style, size)
}

func draw(f *fpdf.Fpdf, page []row) {
	y := top
	f.SetLineWidth(0.2)
	for _, r := range page {
		y += r.space + r.height
		for _, s := range r.spans {
			choose(f, s.bold, s.size)
			f.Text(s.x, y-lineHeight*0.25, s.text)
		}
		for _, line := range r.rules {
			f.Line(line.from, y-lineHeight*0.15, line.to, y-lineHeight*0.15)
		}
	}
}

// printable returns the blocks with what the font lacks replaced.
func (d Document) printable() ([]block, error) {
	font, err := sfnt.Parse(dejavusanscondensed.TTF)
	if err != nil {
		return nil, fmt.Errorf("reading the font: %w", err)
	}
	var buffer sfnt.Buffer
	replaced := false
	replace := func(s string) string {
		var b strings.Builder
		gap := false
		for _, r := range s {
			has := r < utf8.RuneSelf || leftToRight(r)
			if has {
				glyph, err := font.GlyphIndex(&buffer, r)
				has = err == nil && glyph != 0
			}
			if has {
				b.WriteRune(r)
			} else if !gap {
				b.WriteString(d.glyph)
				replaced = true
			}
			gap = !has
		}
		return b.String()
	}
	blocks := make([]block, 0, len(d.blocks)+1)
	for _, b := range d.blocks {
		b.label, b.text = replace(b.label), replace(b.text)
		blocks = append(blocks, b)
	}
	if replaced {
		blocks = slices.Insert(blocks, aboveSignature(blocks), block{kind: paragraph, text: d.glyphNote})
	}
	return blocks, nil
}

// aboveSignature returns where a line still counts as signed: before the
// signature and the sentence above it.
func aboveSignature(blocks []block) int {
	i := slices.IndexFunc(blocks, func(b block) bool { return b.kind == signature })
	if i > 0 && blocks[i-1].kind == paragraph {
		i--
	}
	return max(i, 0)
}

// leftToRight tells whether a letter can be set by the PDF module: it knows
// the first plane only and does not turn lines around.
func leftToRight(r rune) bool {
	if r > 0xFFFF {
		return false
	}
	p, _ := bidi.LookupRune(r)
	return p.Class() != bidi.R && p.Class() != bidi.AL
}
