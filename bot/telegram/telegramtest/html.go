package telegramtest

import (
	"html"
	"slices"
	"strings"
	"unicode"
)

// Entity marks a part of a text, in UTF-16 code units.
type Entity struct {
	Type           string // as the Bot API names it: "bold", "text_link", "url" …
	Offset, Length int
	URL            string // of a text_link
	Language       string // of a pre
}

// formatOf names the entity that an HTML tag makes.
func formatOf(tag string) string {
	switch tag {
	case "b", "strong":
		return "bold"
	case "i", "em":
		return "italic"
	case "u", "ins":
		return "underline"
	case "s", "strike", "del":
		return "strikethrough"
	case "span", "tg-spoiler":
		return "spoiler"
	case "a":
		return "text_link"
	case "code", "pre", "blockquote":
		return tag
	case "tg-emoji":
		return "custom_emoji"
	case "tg-time":
		return "date_time"
	}
	return ""
}

// openTag is a tag whose end has not come yet.
type openTag struct {
	name, argument string
	offset         int // UTF-16
	start          int // byte of the text
}

// parseHTML reads the HTML style of the Bot API. The words of its errors are
// those of the real server (td/telegram/MessageEntity.cpp of TDLib), since
// people look them up.
func parseHTML(source string) (string, []Entity, error) {
	if !strings.ContainsAny(source, "<&") {
		text, entities := trim(source, nil)
		return text, entities, nil
	}
	var text strings.Builder
	var entities []Entity
	var stack []openTag
	offset := 0
	for i := 0; i < len(source); {
		mark := strings.IndexAny(source[i:], "<&")
		if mark < 0 {
			mark = len(source) - i
		}
		plain := source[i : i+mark]
		text.WriteString(plain)
		offset += utf16Len(plain)
		i += mark
		if i == len(source) {
			break
		}
		if source[i] == '&' {
			character, size := reference(source[i:])
			text.WriteString(character)
			offset += utf16Len(character)
			i += size
			continue
		}
		begin := i
		if strings.HasPrefix(source[i:], "</") {
			end, err := endTag(source, begin, stack)
			if err != nil {
				return "", nil, err
			}
			last := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			if offset > last.offset {
				entities = last.entity(entities, offset, text.String())
			}
			i = end
			continue
		}
		tag, end, err := startTag(source, begin)
		if err != nil {
			return "", nil, err
		}
		tag.offset, tag.start = offset, text.Len()
		stack = append(stack, tag)
		i = end
	}
	if len(stack) > 0 {
		return "", nil, badRequest("can't parse entities: Can't find end tag corresponding to start tag %q", stack[len(stack)-1].name)
	}
	slices.SortStableFunc(entities, func(a, b Entity) int {
		if a.Offset != b.Offset {
			return a.Offset - b.Offset
		}
		return b.Length - a.Length
	})
	plain, entities := trim(text.String(), entities)
	return plain, entities, nil
}

// entity appends what the tag marks in the text up to the offset.
func (t openTag) entity(entities []Entity, offset int, text string) []Entity {
	e := Entity{Type: formatOf(t.name), Offset: t.offset, Length: offset - t.offset}
	switch t.name {
	case "a":
		e.URL = t.argument
		if e.URL == "" {
			e.URL = text[t.start:]
		}
		if !strings.ContainsAny(e.URL, ".:") {
			return entities // the server drops what is no address
		}
	case "blockquote":
		if t.argument != "" {
			e.Type = "expandable_blockquote"
		}
	case "pre":
		if n := len(entities); n > 0 {
			inner := &entities[n-1]
			if inner.Type == "code" && inner.Offset == e.Offset && inner.Length == e.Length {
				inner.Type = "pre"
				return entities
			}
		}
	case "code":
		e.Language = t.argument
	}
	return append(entities, e)
}

// startTag reads a tag that begins at the byte and gives the byte after it.
func startTag(source string, begin int) (openTag, int, error) {
	i := begin + 1
	for i < len(source) && !isSpace(source[i]) && source[i] != '>' {
		i++
	}
	if i == len(source) {
		return openTag{}, 0, badRequest("can't parse entities: Unclosed start tag at byte offset %d", begin)
	}
	tag := openTag{name: strings.ToLower(source[begin+1 : i])}
	if formatOf(tag.name) == "" {
		return openTag{}, 0, badRequest("can't parse entities: Unsupported start tag %q at byte offset %d", tag.name, begin)
	}
	for {
		for i < len(source) && isSpace(source[i]) {
			i++
		}
		if i == len(source) {
			return openTag{}, 0, badRequest("can't parse entities: Unclosed start tag %q at byte offset %d", tag.name, begin)
		}
		if source[i] == '>' {
			break
		}
		name, value, end, err := tagAttribute(source, i, tag.name, begin)
		if err != nil {
			return openTag{}, 0, err
		}
		tag.accept(name, value)
		i = end
	}
	if tag.name == "span" && tag.argument != "spoiler" {
		return openTag{}, 0, badRequest("can't parse entities: Tag \"span\" must have class \"tg-spoiler\" at byte offset %d", begin)
	}
	return tag, i + 1, nil
}

// accept takes the attributes that mean something for their tag.
func (t *openTag) accept(name, value string) {
	switch {
	case t.name == "a" && name == "href", t.name == "tg-emoji" && name == "emoji-id":
		t.argument = value
	case t.name == "code" && name == "class" && strings.HasPrefix(value, "language-"):
		t.argument = value[len("language-"):]
	case t.name == "span" && name == "class" && strings.HasPrefix(value, "tg-"):
		t.argument = value[len("tg-"):]
	case t.name == "blockquote" && name == "expandable":
		t.argument = "1"
	}
}

// tagAttribute reads one attribute and gives the byte after it.
func tagAttribute(source string, i int, tag string, begin int) (name, value string, end int, err error) {
	start := i
	for i < len(source) && !isSpace(source[i]) && !strings.ContainsRune(`=>/"'`, rune(source[i])) {
		i++
	}
	if name = source[start:i]; name == "" {
		return "", "", 0, badRequest("can't parse entities: Empty attribute name in the tag %q at byte offset %d", tag, begin)
	}
	for i < len(source) && isSpace(source[i]) {
		i++
	}
	if i < len(source) && source[i] != '=' {
		return name, "", i, nil
	}
	i++
	for i < len(source) && isSpace(source[i]) {
		i++
	}
	if i >= len(source) {
		return "", "", 0, badRequest("can't parse entities: Unclosed start tag %q at byte offset %d", tag, begin)
	}
	if quote := source[i]; quote == '"' || quote == '\'' {
		size := strings.IndexByte(source[i+1:], quote)
		if size < 0 {
			return "", "", 0, badRequest("can't parse entities: Unclosed start tag at byte offset %d", begin)
		}
		return name, html.UnescapeString(source[i+1 : i+1+size]), i + size + 2, nil
	}
	start = i
	for i < len(source) && (source[i] == '.' || source[i] == '-' || unicode.IsLetter(rune(source[i])) || unicode.IsDigit(rune(source[i]))) {
		i++
	}
	if i < len(source) && !isSpace(source[i]) && source[i] != '>' {
		return "", "", 0, badRequest("can't parse entities: Unexpected end of name token at byte offset %d", start)
	}
	return name, strings.ToLower(source[start:i]), i, nil
}

// endTag checks the end tag at the byte against the open ones and gives the
// byte after it.
func endTag(source string, begin int, stack []openTag) (int, error) {
	if len(stack) == 0 {
		return 0, badRequest("can't parse entities: Unexpected end tag at byte offset %d", begin)
	}
	i := begin + 2
	for i < len(source) && !isSpace(source[i]) && source[i] != '>' {
		i++
	}
	name := strings.ToLower(source[begin+2 : i])
	for i < len(source) && isSpace(source[i]) {
		i++
	}
	if i == len(source) || source[i] != '>' {
		return 0, badRequest("can't parse entities: Unclosed end tag at byte offset %d", begin)
	}
	if expected := stack[len(stack)-1].name; name != "" && name != expected {
		return 0, badRequest("can't parse entities: Unmatched end tag at byte offset %d, expected \"</%s>\", found \"</%s>\"", begin, expected, name)
	}
	return i + 1, nil
}

// reference reads a character reference. Only the four names of the Bot API
// and numbers are known; anything else stays as it is written.
func reference(s string) (string, int) {
	end := strings.IndexByte(s[:min(len(s), 12)], ';')
	if end > 0 {
		switch name := s[:end+1]; {
		case name == "&lt;", name == "&gt;", name == "&amp;", name == "&quot;", s[1] == '#' && len(name) > 3:
			if decoded := html.UnescapeString(name); decoded != name {
				return decoded, end + 1
			}
		}
	}
	return "&", 1
}

func isSpace(c byte) bool {
	return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\v' || c == 0
}

// trim drops white space around a text, as the server does before it stores
// one, and moves the entities along.
func trim(text string, entities []Entity) (string, []Entity) {
	left := strings.TrimLeftFunc(text, unicode.IsSpace)
	cut := utf16Len(text[:len(text)-len(left)])
	kept := strings.TrimRightFunc(left, unicode.IsSpace)
	if len(kept) == len(text) || len(entities) == 0 {
		return kept, entities
	}
	length := utf16Len(kept)
	moved := entities[:0]
	for _, e := range entities {
		end := min(e.Offset+e.Length-cut, length)
		e.Offset = max(e.Offset-cut, 0)
		if e.Length = end - e.Offset; e.Length > 0 {
			moved = append(moved, e)
		}
	}
	return kept, moved
}
