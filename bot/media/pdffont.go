package media

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"

	"golang.org/x/text/encoding/charmap"
)

const (
	maxMapped    = 150_000 // letters and widths that a font may note
	maxMappedTxt = 32      // bytes of UTF-16 that one code may stand for
	defaultWidth = 500
)

// pdfFont turns the codes of a font into letters (9.10) and knows their widths
// in thousandths of its size.
type pdfFont struct {
	long    bool           // codes of two bytes
	letters map[int]string // by code
	plain   bool           // codes without a letter of their own are those of windows-1252
	widths  map[int]float64
	usual   float64 // width of the others
	mapped  int     // letters and widths noted so far
}

// font reads what a font says of its codes. A nil dictionary is a font of plain
// letters.
func (f *pdfFile) font(d pdfDict) *pdfFont {
	font := &pdfFont{letters: map[int]string{}, widths: map[int]float64{}, plain: true, usual: defaultWidth}
	if f.name(d["Subtype"]) == "Type0" {
		font.long, font.plain, font.usual = true, false, 1000
		if descendants := f.array(d["DescendantFonts"]); len(descendants) > 0 {
			f.longWidths(font, f.dict(descendants[0]))
		}
	} else {
		first := f.int(d["FirstChar"])
		for i, w := range f.array(d["Widths"]) {
			if i > 255 {
				break
			}
			font.widths[first+i] = f.float(w, defaultWidth)
		}
		f.differences(font, f.dict(d["Encoding"]))
	}
	if s, ok := f.get(d["ToUnicode"]).(pdfStream); ok {
		font.toUnicode(f.unpack(s))
	}
	return font
}

// longWidths reads the widths of a composite font (9.7.4.3): "c [w1 w2 …]" for
// codes from c on, "c1 c2 w" for a range.
func (f *pdfFile) longWidths(font *pdfFont, d pdfDict) {
	font.usual = f.float(d["DW"], 1000)
	w := f.array(d["W"])
	for i := 0; i+1 < len(w) && font.mapped < maxMapped; {
		from := f.int(w[i])
		if list := f.array(w[i+1]); list != nil {
			for k, width := range list {
				font.widths[from+k] = f.float(width, font.usual)
			}
			font.mapped += len(list)
			i += 2
			continue
		}
		if i+2 >= len(w) {
			return
		}
		to, width := f.int(w[i+1]), f.float(w[i+2], font.usual)
		for c := from; c <= to && font.mapped < maxMapped; c++ {
			font.widths[c] = width
			font.mapped++
		}
		i += 3
	}
}

// differences reads the names of letters that a font puts in the place of the
// usual ones (9.6.6).
func (f *pdfFile) differences(font *pdfFont, encoding pdfDict) {
	code := 0
	for _, v := range f.array(encoding["Differences"]) {
		switch v := f.get(v).(type) {
		case float64:
			code = int(v)
		case pdfName:
			if letter := glyphLetter(string(v)); letter != "" && code >= 0 && code < 256 {
				font.letters[code] = letter
			}
			code++
		}
	}
}

// glyphLetter is the letter of a name in Adobe's glyph list, of those by which
// writers call Latin and Cyrillic ones: "a", "uni0430", "u0430", "afii10065" and
// the names of common signs.
func glyphLetter(name string) string {
	name, _, _ = strings.Cut(name, ".")
	if r := []rune(name); len(r) == 1 {
		return name
	}
	if sign, ok := glyphSigns[name]; ok {
		return sign
	}
	for _, prefix := range [...]string{"uni", "u"} {
		if digits, ok := strings.CutPrefix(name, prefix); ok && len(digits) >= 4 && len(digits) <= 6 {
			if n, err := strconv.ParseUint(digits, 16, 32); err == nil && n <= unicode.MaxRune {
				return string(rune(n))
			}
		}
	}
	if digits, ok := strings.CutPrefix(name, "afii"); ok {
		n, err := strconv.Atoi(digits)
		switch {
		case err != nil:
		case n == 10023:
			return "Ё"
		case n == 10071:
			return "ё"
		case n >= 10017 && n <= 10022: // А to Е; Ё takes the place before Ж
			return string(rune('А' + n - 10017))
		case n >= 10024 && n <= 10049:
			return string(rune('Ж' + n - 10024))
		case n >= 10065 && n <= 10070:
			return string(rune('а' + n - 10065))
		case n >= 10072 && n <= 10097:
			return string(rune('ж' + n - 10072))
		}
	}
	return ""
}

var glyphSigns = map[string]string{
	"space": " ", "period": ".", "comma": ",", "colon": ":", "semicolon": ";", "hyphen": "-", "minus": "-", "endash": "–", "emdash": "—",
	"slash": "/", "backslash": `\`, "parenleft": "(", "parenright": ")", "quotesingle": "'", "quotedbl": `"`, "exclam": "!", "question": "?",
	"at": "@", "numbersign": "#", "percent": "%", "ampersand": "&", "asterisk": "*", "plus": "+", "equal": "=", "underscore": "_",
	"guillemotleft": "«", "guillemotright": "»", "quotedblleft": "“", "quotedblright": "”", "quoteright": "’", "bullet": "•", "ellipsis": "…",
	"zero": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9",
	"fi": "fi", "fl": "fl", "afii61352": "№", "numero": "№", "nbspace": " ",
}

// toUnicode reads a map from codes to letters (9.10.3).
func (font *pdfFont) toUnicode(cmap []byte) {
	p := pdfParser{data: cmap, inText: true}
	var operands []any
	for {
		v := p.value(0)
		op, ok := v.(pdfOp)
		switch {
		case v == pdfEnd || font.mapped >= maxMapped:
			return
		case !ok:
			if len(operands) < 3*manyOperands {
				operands = append(operands, v)
			}
			continue
		case op == "endcodespacerange":
			if lo, ok := operandBytes(operands, 0); ok {
				font.long = len(lo) > 1
			}
		case op == "endbfchar":
			for i := 0; i+1 < len(operands); i += 2 {
				code, ok1 := operandBytes(operands, i)
				letters, ok2 := operandBytes(operands, i+1)
				if ok1 && ok2 {
					font.letters[codeOf(code)] = utf16Text(letters, 0)
					font.mapped++
				}
			}
		case op == "endbfrange":
			font.mapRanges(operands)
		}
		operands = operands[:0]
	}
}

func (font *pdfFont) mapRanges(operands []any) {
	for i := 0; i+2 < len(operands); i += 3 {
		lo, ok1 := operandBytes(operands, i)
		hi, ok2 := operandBytes(operands, i+1)
		if !ok1 || !ok2 {
			continue
		}
		from, to := codeOf(lo), codeOf(hi)
		list, isList := operands[i+2].(pdfArray)
		first, isFirst := operands[i+2].([]byte)
		if isList {
			to = min(to, from+len(list)-1)
		}
		for c := from; c <= to && font.mapped < maxMapped; c++ {
			letters, ok := first, isFirst
			if isList {
				letters, ok = list[c-from].([]byte)
			}
			if ok && isFirst {
				font.letters[c] = utf16Text(letters, c-from)
			} else if ok {
				font.letters[c] = utf16Text(letters, 0)
			}
			font.mapped++
		}
	}
}

func operandBytes(operands []any, i int) ([]byte, bool) {
	if i >= len(operands) {
		return nil, false
	}
	b, ok := operands[i].([]byte)
	return b, ok && len(b) > 0
}

func codeOf(b []byte) int {
	n := 0
	for _, c := range b[:min(len(b), 3)] {
		n = n<<8 | int(c)
	}
	return n
}

// utf16Text is big-endian UTF-16 whose last unit is moved on by so many.
func utf16Text(b []byte, on int) string {
	b = b[:min(len(b), maxMappedTxt)&^1]
	units := make([]uint16, len(b)/2)
	for i := range units {
		units[i] = uint16(b[2*i])<<8 | uint16(b[2*i+1])
	}
	if len(units) > 0 {
		units[len(units)-1] += uint16(on)
	}
	return strings.TrimRight(string(utf16.Decode(units)), "\x00")
}

// next takes one code off a string: the letters that it stands for, the code,
// and its length in bytes.
func (font *pdfFont) next(raw []byte) (text string, code, n int) {
	n = 1
	if font.long && len(raw) > 1 {
		n = 2
	}
	code = codeOf(raw[:n])
	if letters, ok := font.letters[code]; ok {
		return letters, code, n
	}
	if font.plain && n == 1 {
		return string(charmap.Windows1252.DecodeByte(raw[0])), code, n
	}
	return "", code, n
}

func (font *pdfFont) width(code int) float64 {
	if w, ok := font.widths[code]; ok {
		return w
	}
	return font.usual
}
