package telegram

import (
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/go-telegram/bot/models"

	"github.com/aldanba/aldanba/bot"
)

const (
	maxMessage = 4096 // UTF-16 units of a message, core.telegram.org/bots/api#sendmessage
	maxBold    = 200  // letters of a first line that is still a headline
	maxShort   = 16   // letters of a label that leaves room for another beside it
	maxLabel   = 60   // letters of a label; phones cut longer ones
)

var escapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// render gives a text as HTML for Telegram. Nothing of it is markup; where it
// begins a reply and goes on after its first line, that line is bold.
func render(text string, begins bool) string {
	line, rest, more := strings.Cut(text, "\n")
	if !begins || !more || line == "" || utf8.RuneCountInString(line) > maxBold {
		return escapes.Replace(text)
	}
	return "<b>" + escapes.Replace(line) + "</b>\n" + escapes.Replace(rest)
}

// clean takes out what cannot be shown and what would turn the direction of a
// quoted text around.
func clean(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case unicode.IsControl(r), r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069':
			if r == '\t' {
				return ' '
			}
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
}

// split gives a text in parts of at most so many UTF-16 units, none of them
// empty: between paragraphs, else lines, else words, else anywhere between
// letters.
func split(text string, limit int) []string {
	text = strings.TrimSpace(clean(text))
	var parts []string
	for units(text) > limit {
		at := breakOf(text, limit)
		parts = append(parts, strings.TrimRightFunc(text[:at], unicode.IsSpace))
		text = strings.TrimLeftFunc(text[at:], unicode.IsSpace)
	}
	if text != "" {
		parts = append(parts, text)
	}
	return parts
}

// breakOf finds the byte at which a text that is too long is best broken.
func breakOf(text string, limit int) int {
	end, n := 0, 0
	for i, r := range text {
		if n += utf16.RuneLen(r); n > limit {
			end = i
			break
		}
	}
	for _, gap := range []string{"\n\n", "\n", " "} {
		// What follows begins with the gap, or the gap lies in the later half.
		if strings.HasPrefix(text[end:], gap) {
			return end
		}
		if at := strings.LastIndex(text[:end], gap); at > end/2 {
			return at
		}
	}
	return letterBreak(text, end)
}

// maxMarks is how many marks a letter may carry before it is broken.
const maxMarks = 16

// letterBreak moves a break back to where no accent, no variation and no joined
// emoji is torn from its letter.
func letterBreak(text string, end int) int {
	at := end
	for range maxMarks {
		next, _ := utf8.DecodeRuneInString(text[at:])
		last, size := utf8.DecodeLastRuneInString(text[:at])
		if !unicode.Is(unicode.M, next) && next != joiner && last != joiner {
			return at
		}
		if at -= size; at == 0 {
			break
		}
	}
	return end
}

// joiner makes one emoji of several.
const joiner = '\u200d'

// buttons gives the choices as a keyboard, nil for none: two short labels in a
// row, a long one alone. The type is that of the library's field.
func (a *Adapter) buttons(chat int64, choices []bot.Choice) models.ReplyMarkup {
	var rows [][]button
	room := false // the last row can take another
	for _, c := range choices {
		label := []rune(strings.Join(strings.Fields(clean(c.Label)), " "))
		if len(label) == 0 || c.ID == "" || len(c.ID) > MaxChoice {
			a.log.Error("telegram: a button without a label or with too long an id is left out", "bytes", len(c.ID))
			continue
		}
		short := len(label) <= maxShort
		if len(label) > maxLabel {
			label = append(label[:maxLabel-1], '…')
		}
		b := button{Text: string(label), Data: a.data(chat, c.ID)}
		if short && room {
			rows[len(rows)-1] = append(rows[len(rows)-1], b)
			room = false
			continue
		}
		rows = append(rows, []button{b})
		room = short
	}
	if rows == nil {
		return nil
	}
	return &keyboard{Rows: rows}
}
