package statement

import (
	"strconv"
	"strings"
)

// Sizes in millimetres on A4, and of letters in points. The left margin leaves
// room for the file that the police keep.
const (
	pageWidth, pageHeight = 210.0, 297.0
	left, right           = 25.0, 195.0
	top, bottom           = 18.0, 277.0

	letterSize = 11.5
	titleSize  = 15.0
	smallSize  = 9.0
	lineHeight = 5.4
	handHeight = 9.0 // of a line to write on

	addresseeLeft = 84.0 // where the addressee begins
	addresseeGap  = 34.0 // width of its labels
	fieldGap      = 55.0 // width of the labels of fields
	itemGap       = 8.0
)

// row is what cannot be torn apart by the end of a page.
type row struct {
	space  float64 // above it, none at the top of a page
	height float64
	spans  []span
	rules  []rule // to write on, at its foot
	keep   bool   // on the same page as the next one
}

type span struct {
	x    float64
	text string
	bold bool
	size float64
}

type rule struct{ from, to float64 }

// layout breaks blocks into rows. width measures text in millimetres.
type layout struct {
	width func(text string, bold bool, size float64) float64
	rows  []row
}

func (l *layout) block(b, next block) {
	first := len(l.rows)
	switch b.kind {
	case addressee:
		l.field(b, addresseeLeft, addresseeGap)
	case title:
		l.middle(b.text, true, titleSize)
		l.rows[first].space = 8
	case about:
		l.middle(b.text, false, letterSize)
	case heading:
		l.text(b.label, left, true)
		l.rows[first].space = 4
	case paragraph:
		l.text(b.text, left, false)
		l.rows[first].space = 2
	case field:
		l.field(b, left, fieldGap)
		l.rows[first].space = 1
	case item:
		l.text(b.text, left+itemGap, false)
		number := strconv.Itoa(b.number) + "."
		l.rows[first].spans = append([]span{{x: left, text: number, size: letterSize}}, l.rows[first].spans...)
		l.rows[first].space = 1
	case blank:
		if b.label != "" {
			l.text(b.label, left, false)
			l.rows[first].space = 2
		}
		for range b.number {
			l.rows = append(l.rows, row{height: handHeight, rules: []rule{{left, right}}})
		}
	case signature:
		l.signature(b)
	}
	l.keep(first, b, next)
}

// keep binds rows together: no first or last line alone, no heading without
// its text, no signature without what is signed.
func (l *layout) keep(first int, b, next block) {
	rows := l.rows[first:]
	for i := range rows[:len(rows)-1] {
		rows[i].keep = i == 0 || i == len(rows)-2 || b.kind == heading || b.kind == addressee || b.kind == title
	}
	last := &rows[len(rows)-1]
	switch b.kind {
	case addressee, title, heading:
		last.keep = true
	case item:
		last.keep = next.kind == signature || next.kind == item && b.number == 1
	case paragraph, signature:
		last.keep = next.kind == signature
	}
}

func (l *layout) text(text string, x float64, bold bool) {
	for _, s := range l.wrap(text, right-x, bold, letterSize) {
		l.rows = append(l.rows, row{height: lineHeight, spans: []span{{x, s, bold, letterSize}}})
	}
}

func (l *layout) middle(text string, bold bool, size float64) {
	for _, s := range l.wrap(text, right-left, bold, size) {
		x := (left + right - l.width(s, bold, size)) / 2
		l.rows = append(l.rows, row{height: lineHeight * size / letterSize, spans: []span{{x, s, bold, size}}})
	}
}

// field sets a label and beside it its text, or a line to write on.
func (l *layout) field(b block, x, gap float64) {
	labels := l.wrap(b.label+":", gap-3, false, letterSize)
	var texts []string
	if b.text != "" {
		texts = l.wrap(b.text, right-x-gap, true, letterSize)
	}
	for i := range max(len(labels), len(texts)) {
		r := row{height: lineHeight}
		if i < len(labels) {
			r.spans = append(r.spans, span{x, labels[i], false, letterSize})
		}
		if i < len(texts) {
			r.spans = append(r.spans, span{x + gap, texts[i], true, letterSize})
		}
		if b.text == "" && i == len(labels)-1 {
			r.rules, r.height = []rule{{x + gap, right}}, max(lineHeight, handHeight-lineHeight*float64(i))
		}
		l.rows = append(l.rows, r)
	}
}

// signature sets the lines for the date and for a signature beside each other.
func (l *layout) signature(b block) {
	const middle = 88.0
	r := row{space: 4, height: handHeight}
	for i, label := range []string{b.label + ":", b.text + ":"} {
		x, end := left, middle-6
		if i > 0 {
			x, end = middle, right
		}
		r.spans = append(r.spans, span{x, label, false, letterSize})
		r.rules = append(r.rules, rule{x + l.width(label, false, letterSize) + 2, end})
	}
	l.rows = append(l.rows, r)
}

// wrap breaks text into lines of at most width, between words where it can.
// There is always at least one line.
func (l *layout) wrap(text string, width float64, bold bool, size float64) []string {
	var lines []string
	current := ""
	for word := range strings.SplitSeq(text, " ") {
		joined := word
		if current != "" {
			joined = current + " " + word
		}
		if l.width(joined, bold, size) <= width {
			current = joined
			continue
		}
		if current != "" {
			lines = append(lines, current)
		}
		current = word
		for l.width(current, bold, size) > width {
			head := l.fitting(current, width, bold, size)
			lines = append(lines, current[:head])
			current = current[head:]
		}
	}
	return append(lines, current)
}

// fitting returns how many bytes of a word fit, at least one letter.
func (l *layout) fitting(word string, width float64, bold bool, size float64) int {
	used, end := 0.0, 0
	for i, r := range word {
		used += l.width(string(r), bold, size)
		if i > 0 && used > width {
			break
		}
		end = i + len(string(r))
	}
	return end
}

// pages puts rows on pages.
func pages(rows []row) [][]row {
	var all [][]row
	var page []row
	y := top
	for len(rows) > 0 {
		together := 1
		for together < len(rows) && rows[together-1].keep {
			together++
		}
		needed := 0.0
		for _, r := range rows[:together] {
			needed += r.space + r.height
		}
		if len(page) > 0 && y+needed > bottom {
			all, page, y = append(all, page), nil, top
		}
		if needed > bottom-top {
			together = 1 // more than a page holds cannot stay together
		}
		for _, r := range rows[:together] {
			if len(page) == 0 {
				r.space = 0
			}
			page = append(page, r)
			y += r.space + r.height
		}
		rows = rows[together:]
	}
	return append(all, page)
}
