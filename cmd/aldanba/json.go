package main

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"
	"unicode/utf8"
)

// Values of JSON as encoding/json writes them without escapes for HTML.

// comma parts element i of a list from the one before.
func comma(dst []byte, i int) []byte {
	if i > 0 {
		dst = append(dst, ',')
	}
	return dst
}

func appendStrings(dst []byte, list []string) []byte {
	dst = append(dst, '[')
	for i, s := range list {
		dst = appendString(comma(dst, i), s)
	}
	return append(dst, ']')
}

func appendString(dst []byte, s string) []byte {
	const hex = "0123456789abcdef"
	dst = append(dst, '"')
	start := 0 // of what is to be copied as it is
	for i := 0; i < len(s); {
		c := s[i]
		if c >= ' ' && c < utf8.RuneSelf && c != '"' && c != '\\' || c&^1 == 0xD0 && i+1 < len(s) && s[i+1]&0xC0 == 0x80 {
			i += 1 + int(c>>7) // ASCII has one byte, a Cyrillic letter two
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if c >= utf8.RuneSelf && (r != utf8.RuneError || size > 1) && r != '\u2028' && r != '\u2029' {
			i += size
			continue
		}
		dst = append(dst, s[start:i]...)
		switch {
		case c == '"' || c == '\\':
			dst = append(dst, '\\', c)
		case c == '\n':
			dst = append(dst, `\n`...)
		case c == '\r':
			dst = append(dst, `\r`...)
		case c == '\t':
			dst = append(dst, `\t`...)
		case c == '\b':
			dst = append(dst, `\b`...)
		case c == '\f':
			dst = append(dst, `\f`...)
		case c < ' ':
			dst = append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&0xF])
		case r == utf8.RuneError:
			dst = append(dst, `\ufffd`...)
		default:
			dst = append(dst, `\u202`...)
			dst = append(dst, hex[r&0xF])
		}
		i += size
		start = i
	}
	return append(append(dst, s[start:]...), '"')
}

// appendNumber writes ordinary numbers at once; very large and very small ones
// have a form of their own in JSON.
func appendNumber(dst []byte, f float64) []byte {
	if size := math.Abs(f); size != 0 && (size < 1e-6 || size >= 1e21) {
		if number, err := json.Marshal(f); err == nil {
			return append(dst, number...)
		}
		return append(dst, '0') // no number at all; no rule weighs that
	}
	return strconv.AppendFloat(dst, f, 'f', -1, 64)
}

// plainLine reads {"id","text"} from a line of the common form: known fields
// written as such, values that are strings or simple numbers, further fields of
// the same kind or lists of it. Anything else, good or bad, is left to encoding/json: ok is
// false.
func plainLine(line []byte) (id json.RawMessage, text string, ok bool) {
	i := skipSpace(line, 0)
	if i == len(line) || line[i] != '{' {
		return nil, "", false
	}
	for {
		key, next := plainString(line, skipSpace(line, i+1))
		if i = skipSpace(line, next); next == 0 || i == len(line) || line[i] != ':' {
			return nil, "", false
		}
		from := skipSpace(line, i+1)
		value, end := plainValue(line, from)
		if end == 0 {
			end = plainList(line, from)
		}
		if end == 0 {
			return nil, "", false
		}
		switch string(key) {
		case "id":
			if line[from] == '[' {
				return nil, "", false
			}
			id = line[from:end:end]
		case "text":
			if line[from] != '"' || !utf8.Valid(value) {
				return nil, "", false
			}
			text, ok = unescape(value), true
		default:
			// encoding/json takes "ID" and "Text" for the same fields.
			if bytes.EqualFold(key, []byte("id")) || bytes.EqualFold(key, []byte("text")) {
				return nil, "", false
			}
		}
		if i = skipSpace(line, end); i == len(line) || line[i] != ',' {
			break
		}
	}
	return id, text, ok && i < len(line) && line[i] == '}' && skipSpace(line, i+1) == len(line)
}

func skipSpace(line []byte, i int) int {
	for i < len(line) && (line[i] == ' ' || line[i] == '\t' || line[i] == '\n' || line[i] == '\r') {
		i++
	}
	return i
}

// plainString reads a string at i without its quotes, escapes as they stand,
// and where it ends; 0 where there is none.
func plainString(line []byte, i int) (value []byte, end int) {
	if i >= len(line) || line[i] != '"' {
		return nil, 0
	}
	for j := i + 1; j < len(line); j++ {
		switch c := line[j]; {
		case c == '"':
			return line[i+1 : j], j + 1
		case c < ' ':
			return nil, 0
		case c == '\\':
			if j++; j == len(line) || escapes[line[j]] == 0 {
				return nil, 0
			}
		}
	}
	return nil, 0
}

// plainValue reads a string, a positive whole number, true or
// false at i, and gives where it ends; 0 for anything else.
func plainValue(line []byte, i int) (value []byte, end int) {
	if i == len(line) {
		return nil, 0
	}
	j := i
	switch c := line[i]; {
	case c == '"':
		return plainString(line, i)
	case c >= '1' && c <= '9':
		for j < len(line) && line[j] >= '0' && line[j] <= '9' {
			j++
		}
	case c == 't' || c == 'f':
		for j < len(line) && line[j] >= 'a' && line[j] <= 'z' {
			j++
		}
		if word := string(line[i:j]); word != "true" && word != "false" {
			return nil, 0
		}
	}
	if j == i {
		return nil, 0
	}
	return line[i:j], j
}

// plainList gives where the list of plain values at i ends; 0 if it is none.
func plainList(line []byte, i int) (end int) {
	if i == len(line) || line[i] != '[' {
		return 0
	}
	if i = skipSpace(line, i+1); i < len(line) && line[i] == ']' {
		return i + 1
	}
	for {
		if _, i = plainValue(line, i); i == 0 {
			return 0
		}
		switch i = skipSpace(line, i); {
		case i < len(line) && line[i] == ',':
			i = skipSpace(line, i+1)
		case i < len(line) && line[i] == ']':
			return i + 1
		default:
			return 0
		}
	}
}

// escapes gives what stands for an escape of one letter. Escapes with a number
// are rare and left to encoding/json.
var escapes = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// unescape gives the text of a string as plainString read it.
func unescape(value []byte) string {
	at := bytes.IndexByte(value, '\\')
	if at < 0 {
		return string(value)
	}
	text := append(make([]byte, 0, len(value)), value[:at]...)
	for i := at; i < len(value); i++ {
		c := value[i]
		if c == '\\' {
			i++
			c = escapes[value[i]]
		}
		text = append(text, c)
	}
	return string(text)
}
