package telegramtest

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// What Telegram finds in texts by itself, as far as bots of this kind meet it.
// Most texts have nothing of a kind: needs says so without the pattern, which
// would be the slow part of a load measurement.
var detectors = []struct {
	kind    string
	needs   func(text string) bool
	pattern *regexp.Regexp
}{
	{"url", hasPoint, regexp.MustCompile(`(?i)(?:https?://|ftp://|tg://)[^\s<>"«»]+|\b(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+(?:com|net|org|info|biz|kz|ru|su|uz|kg|me|io|co|cc|tv|app|dev|xyz|top|site|online|store|shop|club|live|page|link|click|pro|vip|win|рф|қаз)\b(?:[:/?#][^\s<>"«»]*)?`)},
	{"email", has("@"), regexp.MustCompile(`[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}`)},
	{"bot_command", has("/"), regexp.MustCompile(`/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?`)},
	{"mention", has("@"), regexp.MustCompile(`@[A-Za-z0-9_]{4,32}`)},
	{"hashtag", has("#"), regexp.MustCompile(`#[\p{L}\p{N}_]+`)},
	{"phone_number", has("+"), regexp.MustCompile(`\+\d[\d ()-]{8,16}\d`)},
}

func has(sign string) func(string) bool {
	return func(text string) bool { return strings.Contains(text, sign) }
}

// hasPoint says whether a text has a scheme, or a point with a letter after it,
// as there is before the last part of every domain.
func hasPoint(text string) bool {
	for i := range len(text) - 1 {
		switch next := text[i+1]; text[i] {
		case '.':
			if next >= utf8.RuneSelf || next|0x20 >= 'a' && next|0x20 <= 'z' {
				return true
			}
		case ':':
			if next == '/' {
				return true
			}
		}
	}
	return false
}

// detect finds what Telegram would make tappable in a plain text.
func detect(text string) []Entity {
	if !strings.ContainsAny(text, "./@#+:") {
		return nil
	}
	type span struct {
		from, to int
		kind     string
	}
	var spans []span
	for _, d := range detectors {
		if !d.needs(text) {
			continue
		}
		for _, at := range d.pattern.FindAllStringIndex(text, -1) {
			found := text[at[0]:at[1]]
			if d.kind == "url" {
				at[1] -= len(found) - len(strings.TrimRight(found, ".,;:!?)]}'"))
			}
			if !standsAlone(text, at[0], d.kind) {
				continue
			}
			clash := slices.ContainsFunc(spans, func(s span) bool { return at[0] < s.to && s.from < at[1] })
			if !clash {
				spans = append(spans, span{at[0], at[1], d.kind})
			}
		}
	}
	slices.SortFunc(spans, func(a, b span) int { return a.from - b.from })
	var entities []Entity
	for _, s := range spans {
		entities = append(entities, Entity{Type: s.kind, Offset: utf16Len(text[:s.from]), Length: utf16Len(text[s.from:s.to])})
	}
	return entities
}

// standsAlone says whether a find is not the tail of a longer word.
func standsAlone(text string, from int, kind string) bool {
	if from == 0 {
		return true
	}
	before, _ := utf8.DecodeLastRuneInString(text[:from])
	switch kind {
	case "url":
		return before != '@' && before != '.' && before != '-'
	case "email":
		return true
	}
	return strings.ContainsRune(" \t\n\r([{\"'«,;:!?—–", before)
}

// utf16Text is a text cut by the offsets of the Bot API.
type utf16Text []uint16

func utf16Units(s string) utf16Text { return utf16.Encode([]rune(s)) }

func (u utf16Text) cut(offset, length int) string {
	from := min(max(offset, 0), len(u))
	return string(utf16.Decode(u[from:min(from+max(length, 0), len(u))]))
}
