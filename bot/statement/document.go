package statement

import (
	"fmt"
	"strings"
	"time"
)

// Document is one paper, ready to be written down.
type Document struct {
	Title string // "Заявление о мошенничестве"
	Name  string // of its file, without extension: Latin letters, digits and hyphens

	lang      string
	made      time.Time
	glyph     string // stands in a PDF for what its font lacks
	glyphNote string // says so
	blocks    []block
}

// kind says how a block looks.
type kind int

const (
	addressee kind = iota // label and text in the right half, at the top
	title                 // text in the middle
	about                 // text in the middle, below the title
	heading               // label; never parted from what follows
	paragraph             // text
	field                 // label and text
	item                  // text with a number
	blank                 // number lines to write on, below label
	signature             // lines to write on beside label, which is a date, and text, whose signature it is
)

// block is a part of a paper. A field without text is a line to write on.
type block struct {
	kind   kind
	label  string
	text   string
	number int
}

func (d *Document) add(k kind, label, text string) {
	d.blocks = append(d.blocks, block{kind: k, label: label, text: text})
}

// addKnown adds a field where there is something to tell.
func (d *Document) addKnown(label, text string) {
	if text != "" {
		d.add(field, label, text)
	}
}

// addItems adds a numbered list under a heading.
func (d *Document) addItems(head string, items []string) {
	d.add(heading, head, "")
	for i, text := range items {
		d.blocks = append(d.blocks, block{kind: item, text: text, number: i + 1})
	}
}

// addBlank adds lines to write on.
func (d *Document) addBlank(label string, lines int) {
	d.blocks = append(d.blocks, block{kind: blank, label: label, number: lines})
}

// byHand is a line to write on in plain text.
const byHand = "______________________________"

// Text returns the paper as plain text: UTF-8, lines that end in a line feed.
// Paragraphs are not wrapped, so that they can be pasted into a form.
func (d Document) Text() string {
	var b strings.Builder
	for i, block := range d.blocks {
		if i > 0 && parted(d.blocks[i-1].kind, block.kind) {
			b.WriteByte('\n')
		}
		block.writeText(&b)
	}
	return b.String()
}

func (block block) writeText(b *strings.Builder) {
	switch block.kind {
	case title, about, paragraph:
		fmt.Fprintln(b, block.text)
	case heading:
		fmt.Fprintln(b, block.label)
	case item:
		fmt.Fprintf(b, "%d. %s\n", block.number, block.text)
	case blank:
		if block.label != "" {
			fmt.Fprintln(b, block.label)
		}
		for range block.number {
			fmt.Fprintln(b, byHand+byHand)
		}
	case signature:
		fmt.Fprintf(b, "%s: %s   %s: %s\n", block.label, byHand, block.text, byHand)
	case addressee, field:
		text := block.text
		if text == "" {
			text = byHand
		}
		fmt.Fprintf(b, "%s: %s\n", block.label, text)
	}
}

// parted tells whether an empty line stands between two blocks.
func parted(before, after kind) bool {
	switch after {
	case about, addressee, item:
		return false
	case field, signature, blank:
		return before == paragraph || before == about || before == item && after != blank
	}
	return before != heading
}
