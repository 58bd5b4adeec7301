package telegramtest

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// What Telegram finds in texts by itself, as far as bots of this kind meet it.
var detectors = []struct {
	kind    string
	pattern *regexp.Regexp
}{
	{"url", regexp.MustCompile(`(?i)(?:https?://|ftp://|tg://)[^\s<>"«»]+|\b(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+(?:com|net|org|info|biz|kz|ru|su|uz|kg|me|io|co|cc|tv|app|dev|xyz|top|site|online|store|shop|club|live|page|link|click|pro|vip|win|рф|қаз)\b(?:[:/?#][^\s<>"«»]*)?`)},
	{"email", regexp.MustCompile(`[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}`)},
	{"bot_command", regexp.MustCompile(`/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?`)},
	{"mention", regexp.MustCompile(`@[A-Za-z0-9_]{4,32}`)},
	{"hashtag", regexp.MustCompile(`#[\p{L}\p{N}_]+`)},
	{"phone_number", regexp.MustCompile(`\+\d[\d ()-]{8,16}\d`)},
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
