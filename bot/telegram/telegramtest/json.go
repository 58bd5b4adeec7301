package telegramtest

import (
	"strconv"
	"unicode/utf8"
)

// object writes JSON by appending, without reflection, so that the fake does
// not become the slow half of a load measurement. Its buffer may be reused.
type object struct {
	buf []byte
}

func (o *object) open()  { o.buf = append(o.comma(), '{') }
func (o *object) close() { o.buf = append(o.buf, '}') }

// comma separates from what was written before on the same level.
func (o *object) comma() []byte {
	if n := len(o.buf); n > 0 {
		switch o.buf[n-1] {
		case '{', '[', ':', ',':
		default:
			return append(o.buf, ',')
		}
	}
	return o.buf
}

func (o *object) key(name string) {
	o.buf = append(o.comma(), '"')
	o.buf = append(o.buf, name...)
	o.buf = append(o.buf, '"', ':')
}

func (o *object) str(name, value string) {
	o.key(name)
	o.buf = appendString(o.buf, value)
}

// text is str that leaves an empty value out.
func (o *object) text(name, value string) {
	if value != "" {
		o.str(name, value)
	}
}

func (o *object) int(name string, value int64) {
	o.key(name)
	o.buf = strconv.AppendInt(o.buf, value, 10)
}

func (o *object) float(name string, value float64) {
	o.key(name)
	o.buf = strconv.AppendFloat(o.buf, value, 'f', -1, 64)
}

func (o *object) bool(name string, value bool) {
	o.key(name)
	o.buf = strconv.AppendBool(o.buf, value)
}

// raw writes a value that is JSON already.
func (o *object) raw(name string, value []byte) {
	o.key(name)
	o.buf = append(o.buf, value...)
}

func (o *object) object(name string, fill func()) {
	o.key(name)
	o.buf = append(o.buf, '{')
	fill()
	o.buf = append(o.buf, '}')
}

func (o *object) array(name string, fill func()) {
	o.key(name)
	o.buf = append(o.buf, '[')
	fill()
	o.buf = append(o.buf, ']')
}

// element writes an object of an array.
func (o *object) element(fill func()) {
	o.buf = append(o.comma(), '{')
	fill()
	o.buf = append(o.buf, '}')
}

const hexDigits = "0123456789abcdef"

// appendString appends s as a JSON string. Bytes that are not UTF-8 become
// U+FFFD, as JSON has no way to carry them.
func appendString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && size == 1 {
				dst = append(append(dst, s[start:i]...), "\ufffd"...)
				start = i + 1
			}
			i += size
			continue
		}
		if c >= ' ' && c != '"' && c != '\\' {
			i++
			continue
		}
		dst = append(dst, s[start:i]...)
		switch c {
		case '"', '\\':
			dst = append(dst, '\\', c)
		case '\n':
			dst = append(dst, '\\', 'n')
		default:
			dst = append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		}
		i++
		start = i
	}
	return append(append(dst, s[start:]...), '"')
}

// utf16Len counts UTF-16 code units, in which the Bot API measures texts.
func utf16Len(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r > 0xffff {
			n++
		}
	}
	return n
}
