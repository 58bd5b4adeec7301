package media

import (
	"bytes"
	"math"
	"unicode/utf8"
)

const (
	maxPDFOperators = 500_000 // of a document
	maxPDFForms     = 4       // forms drawn within forms
	newLine         = 0.5
	newWord         = 0.17 // of the size of the font, between the end of one text and the start of the next
	manyOperands    = 512
)

// matrix maps points as in 8.3.4: x' = a·x + c·y + e, y' = b·x + d·y + f.
type matrix [6]float64

var unit = matrix{1, 0, 0, 1, 0, 0}

func (m matrix) times(n matrix) matrix {
	return matrix{
		m[0]*n[0] + m[1]*n[2], m[0]*n[1] + m[1]*n[3],
		m[2]*n[0] + m[3]*n[2], m[2]*n[1] + m[3]*n[3],
		m[4]*n[0] + m[5]*n[2] + n[4], m[4]*n[1] + m[5]*n[3] + n[5],
	}
}

func (m matrix) moved(x, y float64) matrix { return matrix{1, 0, 0, 1, x, y}.times(m) }

// pdfWriter follows the drawing of a page and writes down its text.
type pdfWriter struct {
	f     *pdfFile
	out   *bytes.Buffer
	fonts map[pdfName]*pdfFont

	page, text, line matrix // where the page, the text and its line stand
	saved            []matrix
	font             *pdfFont
	size, leading    float64
	spacing, wording float64 // extra room behind a letter and a space
	stretch          float64

	endX, endY, endSize float64 // where the text before ended
	begun               bool
}

// pageText adds a page: its words, then the addresses behind them.
func (f *pdfFile) pageText(page pdfDict, out *bytes.Buffer) {
	w := &pdfWriter{f: f, out: out, page: unit, text: unit, line: unit, stretch: 1}
	var content []byte
	contents := f.array(page["Contents"])
	if contents == nil {
		contents = pdfArray{page["Contents"]}
	}
	for _, part := range contents[:min(len(contents), 1000)] {
		if s, ok := f.get(part).(pdfStream); ok {
			content = append(append(content, f.unpack(s)...), '\n')
		}
		if len(content) > maxPDFStream {
			break
		}
	}
	w.draw(content, f.dict(page["Resources"]), 0)
	out.WriteByte('\n')
	annotations := f.array(page["Annots"])
	for _, a := range annotations[:min(len(annotations), 500)] {
		if uri, ok := f.get(f.dict(f.dict(a)["A"])["URI"]).([]byte); ok && !bytes.Contains(out.Bytes(), uri) {
			out.Write(uri)
			out.WriteByte('\n')
		}
	}
}

// draw follows one stream of operators (annex A).
func (w *pdfWriter) draw(content []byte, resources pdfDict, depth int) {
	outer := w.fonts
	w.fonts = map[pdfName]*pdfFont{}
	defer func() { w.fonts = outer }()
	p := pdfParser{data: content, inText: true}
	var operands []any
	for w.f.operators > 0 && w.out.Len() <= 2*w.f.t.limits.Text {
		v := p.value(0)
		if v == pdfEnd {
			return
		}
		op, ok := v.(pdfOp)
		if !ok {
			if len(operands) < manyOperands {
				operands = append(operands, v)
			}
			continue
		}
		if w.f.operators--; w.f.operators%1024 == 0 && w.f.t.ctx.Err() != nil {
			return
		}
		switch op {
		case "ID": // a picture within the stream
			if end := bytes.Index(p.data[p.at:], []byte("EI")); end >= 0 {
				p.at += end + 2
			}
		case "Tf":
			w.setFont(operands, resources)
		case "Do":
			w.form(operands, resources, depth)
		default:
			w.operator(op, operands)
		}
		operands = operands[:0]
	}
}

// form draws what a page keeps apart, such as a letterhead.
func (w *pdfWriter) form(operands []any, resources pdfDict, depth int) {
	if len(operands) < 1 || depth >= maxPDFForms {
		return
	}
	name, _ := operands[0].(pdfName)
	s, ok := w.f.get(w.f.dict(resources["XObject"])[name]).(pdfStream)
	if !ok || w.f.name(s.dict["Subtype"]) != "Form" {
		return
	}
	own := w.f.dict(s.dict["Resources"])
	if own == nil {
		own = resources
	}
	before := *w
	if m, ok := matrixOf(w.f.array(s.dict["Matrix"])); ok {
		w.page = m.times(w.page)
	}
	w.draw(w.f.unpack(s), own, depth+1)
	w.page, w.saved, w.font, w.size = before.page, before.saved, before.font, before.size
}

func (w *pdfWriter) setFont(operands []any, resources pdfDict) {
	if len(operands) < 2 {
		return
	}
	name, _ := operands[0].(pdfName)
	w.size, _ = operands[1].(float64)
	if w.fonts[name] == nil {
		w.fonts[name] = w.f.font(w.f.dict(w.f.dict(resources["Font"])[name]))
	}
	w.font = w.fonts[name]
}

func matrixOf(operands []any) (m matrix, ok bool) {
	if len(operands) < 6 {
		return unit, false
	}
	for i := range m {
		m[i], _ = operands[i].(float64)
	}
	return m, true
}

// operator follows one operator of the state or of text.
func (w *pdfWriter) operator(op pdfOp, operands []any) {
	number := func(i int) float64 {
		if i < len(operands) {
			n, _ := operands[i].(float64)
			return n
		}
		return 0
	}
	last := func() any {
		if len(operands) == 0 {
			return nil
		}
		return operands[len(operands)-1]
	}
	switch op {
	case "q":
		if len(w.saved) < 64 {
			w.saved = append(w.saved, w.page)
		}
	case "Q":
		if n := len(w.saved); n > 0 {
			w.page, w.saved = w.saved[n-1], w.saved[:n-1]
		}
	case "cm":
		if m, ok := matrixOf(operands); ok {
			w.page = m.times(w.page)
		}
	case "BT":
		w.text, w.line = unit, unit
	case "Tm":
		if m, ok := matrixOf(operands); ok {
			w.text, w.line = m, m
		}
	case "TD":
		w.leading = -number(1)
		w.next(number(0), number(1))
	case "Td":
		w.next(number(0), number(1))
	case "T*":
		w.next(0, -w.leading)
	case "TL":
		w.leading = number(0)
	case "Tc":
		w.spacing = number(0)
	case "Tw":
		w.wording = number(0)
	case "Tz":
		w.stretch = number(0) / 100
	case "Tj":
		w.show(last())
	case "'":
		w.next(0, -w.leading)
		w.show(last())
	case `"`:
		w.wording, w.spacing = number(0), number(1)
		w.next(0, -w.leading)
		w.show(last())
	case "TJ":
		parts, _ := last().(pdfArray)
		for _, part := range parts {
			if n, ok := part.(float64); ok {
				w.text = w.text.moved(-n/1000*w.size*w.stretch, 0)
			} else {
				w.show(part)
			}
		}
	}
}

func (w *pdfWriter) next(x, y float64) {
	w.line = w.line.moved(x, y)
	w.text = w.line
}

// show writes a string, behind a space or a new line where it does not follow
// the one before.
func (w *pdfWriter) show(value any) {
	raw, ok := value.([]byte)
	if !ok || w.font == nil || len(raw) == 0 {
		return
	}
	at := w.text.times(w.page)
	size := math.Abs(w.size) * math.Hypot(at[2], at[3])
	if w.begun {
		dx, dy := at[4]-w.endX, at[5]-w.endY
		unitX := max(size, w.endSize, 1e-6)
		switch {
		case math.Abs(dy) > newLine*unitX:
			w.out.WriteByte('\n')
		case dx > newWord*unitX || dx < -unitX:
			w.out.WriteByte(' ')
		}
	}
	width := 0.0
	for len(raw) > 0 {
		text, code, n := w.font.next(raw)
		advance := w.font.width(code)/1000*w.size + w.spacing
		if n == 1 && raw[0] == ' ' {
			advance += w.wording
		}
		width += advance * w.stretch
		raw = raw[n:]
		if text != "" && utf8.ValidString(text) {
			w.out.WriteString(text)
		}
	}
	w.text = w.text.moved(width, 0)
	w.begun = true
	end := w.text.times(w.page)
	w.endX, w.endY, w.endSize = end[4], end[5], size
}
