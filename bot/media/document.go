package media

import (
	"bytes"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	vcard "github.com/emersion/go-vcard"
	"golang.org/x/text/encoding/charmap"
)

// decodeText turns the bytes of a text of unknown encoding into UTF-8: UTF-8
// and UTF-16 with or without a mark, otherwise the Cyrillic of Windows in its
// Kazakh form, KZ-1048, whose Russian is that of windows-1251.
func decodeText(data []byte) string {
	if rest, ok := bytes.CutPrefix(data, []byte("\xef\xbb\xbf")); ok {
		return strings.ToValidUTF8(string(rest), "�")
	}
	if order := utf16Order(data); order != nil {
		return order.decode(data)
	}
	if mostlyUTF8(data) {
		return strings.ToValidUTF8(string(data), "�")
	}
	text, err := charmap.Windows1251.NewDecoder().Bytes(data)
	if err != nil { // every byte has a letter there, so that this cannot be
		return strings.ToValidUTF8(string(data), "�")
	}
	return strings.Map(func(r rune) rune {
		if kazakh, ok := kz1048[r]; ok {
			return kazakh
		}
		return r
	}, string(text))
}

// kz1048 holds the letters by which KZ-1048 (STRK1048-2002) differs from
// windows-1251.
var kz1048 = map[rune]rune{
	'Ќ': 'Қ', 'Ћ': 'Һ', 'ќ': 'қ', 'ћ': 'һ', 'Ў': 'Ұ', 'ў': 'ұ', 'Ј': 'Ә', 'Ґ': 'Ө',
	'Є': 'Ғ', 'Ї': 'Ү', 'ґ': 'ө', 'є': 'ғ', 'ј': 'ә', 'Ѕ': 'Ң', 'ѕ': 'ң', 'ї': 'ү',
}

// mostlyUTF8 allows for a letter that was cut and for a stray byte in hundred.
func mostlyUTF8(data []byte) bool {
	bad := 0
	for rest := data; len(rest) > 0; {
		r, n := utf8.DecodeRune(rest)
		if r == utf8.RuneError && n == 1 {
			bad++
		}
		rest = rest[n:]
	}
	return bad == 0 || bad <= 1+len(data)/100 && bad < len(data)/8
}

type byteOrder struct{ high, low, skip int }

// utf16Order recognises UTF-16 by its mark, or by the bytes of spaces, digits
// and Cyrillic letters, whose upper half is 0 or 4.
func utf16Order(data []byte) *byteOrder {
	switch {
	case len(data) < 2:
		return nil
	case data[0] == 0xff && data[1] == 0xfe:
		return &byteOrder{high: 1, low: 0, skip: 2}
	case data[0] == 0xfe && data[1] == 0xff:
		return &byteOrder{high: 0, low: 1, skip: 2}
	}
	var upper [2]int
	sample := data[:min(len(data), 512)&^1]
	for i, b := range sample {
		if b == 0 || b == 4 {
			upper[i&1]++
		}
	}
	enough := len(sample) / 2 * 9 / 10
	switch {
	case len(sample) < 8:
		return nil
	case upper[1] >= enough && upper[0] < enough/2:
		return &byteOrder{high: 1, low: 0}
	case upper[0] >= enough && upper[1] < enough/2:
		return &byteOrder{high: 0, low: 1}
	}
	return nil
}

func (o *byteOrder) decode(data []byte) string {
	data = data[o.skip:]
	units := make([]uint16, len(data)/2)
	for i := range units {
		units[i] = uint16(data[2*i+o.high])<<8 | uint16(data[2*i+o.low])
	}
	return string(utf16.Decode(units))
}

func looksLikeCard(data []byte) bool {
	head := strings.TrimSpace(decodeText(data[:min(len(data), 64)]))
	return len(head) >= 11 && strings.EqualFold(head[:11], "BEGIN:VCARD")
}

// card adds what contacts say of themselves, a line for each value.
func (t *task) card(text string) {
	decoder := vcard.NewDecoder(strings.NewReader(text))
	for ; t.entries > 0 && !t.full(); t.entries-- {
		c, err := decoder.Decode()
		if err != nil {
			return
		}
		if name := c.PreferredValue(vcard.FieldFormattedName); name != "" {
			t.lines(name)
		} else {
			t.lines(strings.Join(strings.FieldsFunc(c.PreferredValue(vcard.FieldName), func(r rune) bool { return r == ';' }), " "))
		}
		for _, field := range [...]string{vcard.FieldOrganization, vcard.FieldTitle, vcard.FieldTelephone, vcard.FieldEmail, vcard.FieldURL, vcard.FieldNote} {
			for _, value := range c.Values(field) {
				t.lines(strings.Trim(strings.ReplaceAll(value, ";", " "), " "))
			}
		}
	}
}

// fileName is the last part of a name as it is shown in a line: without a path
// and without signs that are invisible or turn the order of letters around.
func fileName(name string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.C, r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(name, ""))
	if runes := []rune(name); len(runes) > maxName {
		name = string(runes[:maxName/2]) + "…" + string(runes[len(runes)-maxName/2:])
	}
	return strings.TrimSpace(name)
}

const maxName = 200

// ending is the last ending of a name in small letters, without its dot.
func ending(name string) string {
	i := strings.LastIndexByte(name, '.')
	if i < 0 {
		return ""
	}
	return strings.ToLower(strings.TrimSpace(name[i+1:]))
}

var htmlStart = regexp.MustCompile(`(?i)^\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*<(?:!doctype html|html|head|body|meta|title|div|p|table|a|svg|span|h1|center|script|style|form|font|b|br)[\s/>]`)

func looksLikeHTML(data []byte) bool {
	return htmlStart.Match(bytes.TrimPrefix(data[:min(len(data), 2048)], []byte("\xef\xbb\xbf")))
}
