package telegram

import "unicode/utf16"

// units counts the UTF-16 units of a text, in which Telegram measures.
func units(text string) int {
	n := 0
	for _, r := range text {
		n += max(utf16.RuneLen(r), 1)
	}
	return n
}

// cut gives the part of a text at an offset and of a length in UTF-16 units, as
// entities name it, together with what stands before and after. ok is false
// where the text has no such part.
func cut(text string, offset, length int) (before, part, after string, ok bool) {
	if offset < 0 || length < 0 {
		return "", "", "", false
	}
	start, at := -1, 0
	for i, r := range text {
		if at == offset && start < 0 {
			start = i
		}
		if start >= 0 && at == offset+length {
			return text[:start], text[start:i], text[i:], true
		}
		at += max(utf16.RuneLen(r), 1)
	}
	if at == offset && start < 0 {
		start = len(text)
	}
	if start < 0 || at != offset+length {
		return "", "", "", false
	}
	return text[:start], text[start:], "", true
}
