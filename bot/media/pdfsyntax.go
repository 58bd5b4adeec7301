package media

import (
	"bytes"
	"compress/zlib"
	"encoding/ascii85"
	"encoding/hex"
	"io"
	"slices"
	"strconv"
)

// pdfParser reads values one after another (7.2, 7.3).
type pdfParser struct {
	data   []byte
	at     int
	values int  // read within the outermost value
	inText bool // a content stream: "1 0 R" is no reference there
}

// pdfEnd is what value returns behind the last one.
const pdfEnd = pdfOp("")

func isPDFSpace(c byte) bool {
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == 0
}

func isPDFDelimiter(c byte) bool { return bytes.IndexByte([]byte("()<>[]{}/%"), c) >= 0 }

// space skips white space and comments.
func (p *pdfParser) space() {
	for p.at < len(p.data) {
		switch c := p.data[p.at]; {
		case isPDFSpace(c):
			p.at++
		case c == '%':
			for p.at < len(p.data) && p.data[p.at] != '\n' && p.data[p.at] != '\r' {
				p.at++
			}
		default:
			return
		}
	}
}

// value reads the next value, or an operator, or pdfEnd. Of what nests deeper or
// holds more than in honest files it reads nothing more.
func (p *pdfParser) value(depth int) any {
	p.space()
	if p.at >= len(p.data) {
		return pdfEnd
	}
	if depth == 0 {
		p.values = 0
	}
	if p.values++; depth > maxPDFDepth || p.values > maxPDFValues {
		p.at = len(p.data)
		return pdfEnd
	}
	switch c := p.data[p.at]; {
	case c == '(':
		return p.literal()
	case c == '/':
		p.at++
		return p.nameValue()
	case c == '[':
		p.at++
		array := pdfArray{}
		for {
			v := p.value(depth + 1)
			if v == pdfOp("]") || v == pdfEnd {
				return array
			}
			array = append(array, v)
		}
	case c == '<' && p.peek(1) == '<':
		p.at += 2
		return p.dictValue(depth)
	case c == '<':
		return p.hexValue()
	case c == '>' && p.peek(1) == '>':
		p.at += 2
		return pdfOp(">>")
	case c == ']' || c == '>' || c == '{' || c == '}' || c == ')':
		p.at++
		return pdfOp(string(c))
	}
	return p.wordValue()
}

func (p *pdfParser) peek(n int) byte {
	if p.at+n < len(p.data) {
		return p.data[p.at+n]
	}
	return 0
}

func (p *pdfParser) dictValue(depth int) any {
	dict := pdfDict{}
	for {
		key := p.value(depth + 1)
		if key == pdfOp(">>") || key == pdfEnd {
			return dict
		}
		name, ok := key.(pdfName)
		if !ok {
			continue
		}
		v := p.value(depth + 1)
		if v == pdfOp(">>") || v == pdfEnd {
			return dict
		}
		dict[name] = v
	}
}

// wordValue reads a number, a reference, true, false, null or an operator.
func (p *pdfParser) wordValue() any {
	word := p.word()
	n, err := strconv.ParseFloat(word, 64)
	if err != nil {
		if word == "null" {
			return nil
		}
		return pdfOp(word)
	}
	if p.inText || n < 0 || n != float64(int32(n)) {
		return n
	}
	ahead := *p
	ahead.space()
	if generation := ahead.word(); len(generation) > 0 && len(generation) <= 5 && isNumber(generation) {
		ahead.space()
		if ahead.word() == "R" {
			p.at = ahead.at
			return pdfRef(n)
		}
	}
	return n
}

func (p *pdfParser) word() string {
	from := p.at
	for p.at < len(p.data) && !isPDFSpace(p.data[p.at]) && !isPDFDelimiter(p.data[p.at]) {
		p.at++
	}
	return string(p.data[from:p.at])
}

func isNumber(s string) bool {
	_, err := strconv.ParseUint(s, 10, 32)
	return err == nil
}

func (p *pdfParser) nameValue() any {
	word := []byte(p.word())
	for i := 0; i+2 < len(word); i++ {
		if word[i] == '#' {
			if c, err := strconv.ParseUint(string(word[i+1:i+3]), 16, 8); err == nil {
				word = append(append(word[:i], byte(c)), word[i+3:]...)
			}
		}
	}
	return pdfName(word)
}

// literal reads a string in parentheses (7.3.4.2).
func (p *pdfParser) literal() any {
	var out []byte
	open := 0
	for ; p.at < len(p.data); p.at++ {
		c := p.data[p.at]
		switch c {
		case '(':
			if open++; open == 1 {
				continue
			}
		case ')':
			if open--; open == 0 {
				p.at++
				return out
			}
		case '\\':
			p.at++
			if octal := p.octal(); octal >= 0 {
				out = append(out, byte(octal))
				continue
			}
			switch e := p.peek(0); e {
			case 'n':
				c = '\n'
			case 'r':
				c = '\r'
			case 't':
				c = '\t'
			case '\r', '\n':
				continue
			default:
				c = e
			}
		}
		out = append(out, c)
	}
	p.at = len(p.data) // the string is not closed
	return out
}

// octal reads one to three digits of a character's code and stays on the last
// one, or returns -1.
func (p *pdfParser) octal() int {
	n, digits := 0, 0
	for digits < 3 && p.peek(digits) >= '0' && p.peek(digits) <= '7' {
		n = n*8 + int(p.peek(digits)-'0')
		digits++
	}
	if digits == 0 {
		return -1
	}
	p.at += digits - 1
	return n
}

func (p *pdfParser) hexValue() any {
	end := bytes.IndexByte(p.data[p.at:], '>')
	if end < 0 {
		end = len(p.data) - p.at
	}
	digits := slices.DeleteFunc(slices.Clone(p.data[p.at+1:p.at+end]), isPDFSpace)
	p.at = min(p.at+end+1, len(p.data))
	if len(digits)%2 == 1 {
		digits = append(digits, '0')
	}
	out := make([]byte, len(digits)/2)
	n, _ := hex.Decode(out, digits)
	return out[:n]
}

// unpack undoes the filters of a stream (7.4) as far as text goes through them:
// pictures stay packed.
func (f *pdfFile) unpack(s pdfStream) []byte {
	if f.work -= len(s.raw); f.spent() {
		return nil
	}
	filters := f.array(s.dict["Filter"])
	if name := f.name(s.dict["Filter"]); name != "" {
		filters = pdfArray{name}
	}
	if len(filters) == 0 {
		return s.raw
	}
	if len(filters) > 3 {
		return nil
	}
	var r io.Reader = bytes.NewReader(s.raw)
	for _, filter := range filters {
		switch f.name(filter) {
		case "FlateDecode", "Fl":
			z, err := zlib.NewReader(r)
			if err != nil {
				return nil
			}
			r = z
		case "ASCII85Decode", "A85":
			all, _ := f.t.unpack(r, maxPDFStream)
			all = bytes.TrimPrefix(bytes.TrimSpace(all), []byte("<~"))
			if end := bytes.IndexByte(all, '~'); end >= 0 {
				all = all[:end]
			}
			r = ascii85.NewDecoder(bytes.NewReader(all))
		case "ASCIIHexDecode", "AHx":
			all, _ := f.t.unpack(r, maxPDFStream)
			p := pdfParser{data: append([]byte("<"), all...)}
			decoded, _ := p.hexValue().([]byte)
			r = bytes.NewReader(decoded)
		default:
			return nil
		}
	}
	content, _ := f.t.unpack(r, maxPDFStream)
	return f.unpredict(s.dict, content)
}

// unpredict undoes the PNG predictor "up" and its kin for streams of objects
// (7.4.4.4), which some writers put under the packing.
func (f *pdfFile) unpredict(dict pdfDict, content []byte) []byte {
	parms := f.dict(dict["DecodeParms"])
	if f.int(parms["Predictor"]) < 10 {
		return content
	}
	columns := f.int(parms["Columns"])
	if columns < 1 || columns > 1<<16 {
		columns = 1
	}
	var out, above []byte
	above = make([]byte, columns)
	for len(content) > columns {
		row := slices.Clone(content[1 : columns+1])
		for i := range row {
			var left byte
			if i > 0 {
				left = row[i-1]
			}
			switch content[0] {
			case 1:
				row[i] += left
			case 2:
				row[i] += above[i]
			case 3:
				row[i] += byte((int(left) + int(above[i])) / 2)
			}
		}
		out, above, content = append(out, row...), row, content[columns+1:]
	}
	return out
}
