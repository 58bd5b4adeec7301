package media

import (
	"regexp"
	"strings"
	"unicode"
)

// said is one message of an exported chat.
type said struct {
	by   string
	text string
}

// stamp is the beginning of a message in an export of WhatsApp. The date stands
// as the telephone's system writes it (12.03.24, 3/12/24, 2024-03-12, with г.
// or ж. behind the year), the time with or without seconds and in 12 or 24
// hours; iOS puts both in brackets, Android a dash behind them.
var stamp = regexp.MustCompile(`^\[?(?:\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}[./-]\d{1,2}[./-]\d{1,2})\.?(?:\s?[гж]\.)?,?\s(?:в\s|сағат\s)?\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\s?(?:[apAP]\.?\s?[mM]\.?|ДП|ПП|ТД|ТК|тд|тк|таңғы|кешкі))?(?:\]|\s[-–—])\s`)

// unmarked drops the invisible marks of direction that exports are full of and
// makes every space a plain one.
var unmarked = strings.NewReplacer(
	"\u200e", "", "\u200f", "", "\u202a", "", "\u202b", "", "\u202c", "", "\u2068", "", "\u2069", "", "\ufeff", "",
	"\u00a0", " ", "\u202f", " ", "\u2009", " ", "\r\n", "\n")

// looksLikeChat asks for a stamp within the first lines.
func looksLikeChat(text string) bool {
	lines := 0
	for line := range strings.Lines(text[:min(len(text), 4<<10)]) {
		line = strings.TrimSpace(unmarked.Replace(line))
		if line == "" {
			continue
		}
		if stamp.MatchString(line) {
			return true
		}
		if lines++; lines == 3 {
			return false
		}
	}
	return false
}

// chat adds what the suspicious party of an exported conversation wrote; all
// that was said where no party is plainly the one. Of a long chat the end is
// read.
func (t *task) chat(text string) {
	messages := t.conversation(text)
	party := suspect(messages, t.vocabulary)
	var kept []string
	size := 0
	for i := len(messages) - 1; i >= 0; i-- {
		m := messages[i]
		if party != "" && m.by != party {
			continue
		}
		if size += len(m.text) + 1; size > t.limits.Text {
			break
		}
		kept = append(kept, m.text)
	}
	for i := len(kept) - 1; i >= 0; i-- {
		t.lines(kept[i])
	}
}

// chatTail is how much of the end of a chat is looked at, in kept texts: the
// owner's words and the stamps go.
const chatTail = 4

// conversation takes the messages of people out of an export. What the
// messenger itself noted has no author and is left out.
func (t *task) conversation(text string) []said {
	if most := chatTail * t.limits.Text; len(text) > most {
		text = text[runeEdge(text, len(text)-most):]
		_, text, _ = strings.Cut(text, "\n")
	}
	var messages []said
	open := false // the line belongs to the message before
	for line := range strings.Lines(unmarked.Replace(text)) {
		line = strings.TrimRight(line, "\n")
		at := stamp.FindStringIndex(strings.TrimLeft(line, " "))
		if at == nil {
			if open {
				messages[len(messages)-1].text += "\n" + line
			}
			continue
		}
		by, words, ok := strings.Cut(strings.TrimLeft(line, " ")[at[1]:], ": ")
		if !ok {
			by, ok = strings.CutSuffix(by, ":")
		}
		if open = ok && len(by) < maxName; open {
			messages = append(messages, said{by: strings.TrimSpace(by), text: words})
		}
	}
	out := messages[:0]
	for _, m := range messages {
		if m.text = t.vocabulary.spoken(m.text); m.text != "" {
			out = append(out, m)
		}
	}
	return out
}

// attached is how an export names a file that went with it.
var attached = regexp.MustCompile(`^<(?:attached|прикреплено|тіркелген|тіркелді):\s*(.+)>$|^(.+\.\w{2,12}) \((?:file attached|файл добавлен|файл прикреплен|файл қосылды|файл тіркелді)\)$`)

// edited is what an export puts behind a message that was changed.
var edited = regexp.MustCompile(`\s*<(?:This message was edited|Сообщение изменено|Это сообщение изменено|Хабар өңделді|Бұл хабар өңделді)>\s*$`)

// spoken is a message without what the export put in the place of something
// else; of a file its name is left.
func (v *vocabulary) spoken(text string) string {
	var lines []string
	for line := range strings.Lines(edited.ReplaceAllString(text, "")) {
		line = strings.TrimSpace(line)
		if m := attached.FindStringSubmatch(line); m != nil {
			lines = append(lines, fileName(m[1]+m[2]))
			continue
		}
		if s := skeleton(line); len([]rune(line)) < 80 && anyAlike(s, v.omitted) {
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

// suspect names the party whose words are to be judged: the one who is no saved
// contact, whom the export calls by a number or by "~" and the name they gave
// themselves; otherwise the one who demands by far the most. Nobody when that
// is unclear.
func suspect(messages []said, v *vocabulary) string {
	demands := map[string]int{}
	var unsaved []string
	for _, m := range messages {
		if _, seen := demands[m.by]; !seen && isUnsaved(m.by) {
			unsaved = append(unsaved, m.by)
		}
		demands[m.by] = 0
	}
	if len(unsaved) == 1 && len(demands) > 1 {
		return unsaved[0]
	}
	if len(unsaved) > 1 {
		return ""
	}
	for _, m := range messages {
		demands[m.by] += v.demands(m.text)
	}
	most, next, who := 0, 0, ""
	for by, n := range demands {
		switch {
		case n > most:
			most, next, who = n, most, by
		case n > next:
			next = n
		}
	}
	if most >= 2*next+3 {
		return who
	}
	return ""
}

func isUnsaved(name string) bool {
	if strings.HasPrefix(name, "~") {
		return true
	}
	digits := 0
	for _, r := range name {
		switch {
		case unicode.IsDigit(r):
			digits++
		case unicode.IsLetter(r):
			return false
		}
	}
	return digits >= 7
}

// demands counts the words of a message that want something.
func (v *vocabulary) demands(text string) int {
	n := 0
	for word := range strings.FieldsFuncSeq(text, func(r rune) bool { return !unicode.IsLetter(r) }) {
		s := skeleton(word)
		for _, beginning := range v.demand {
			if strings.HasPrefix(s, beginning) {
				n++
				break
			}
		}
	}
	return n
}
