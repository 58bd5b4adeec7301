package detector

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/aldanba/aldanba/detector/entity"
	"github.com/aldanba/aldanba/detector/link"
	"github.com/aldanba/aldanba/detector/text"
)

// manipulationRule is the rule that hears orders to whoever checks the message.
const manipulationRule = "evidence.prompt_attack"

// manipulates says that a message gives orders to its checker.
func manipulates(v *Verdict) bool {
	return slices.ContainsFunc(v.Signals, func(s Signal) bool { return s.Rule.ID == manipulationRule })
}

// checkerWords begin words with which a text could speak to a model. People
// write them for other reasons, too, so they prove nothing: a text with one of
// them is only not believed to be harmless on a model's word.
var checkerWords = []string{
	"ии", "бот", "чатбот", "робот", "нейросет", "искусственн", "интеллект", "модел", "ассистент", "помощник", "промпт", "инструкц", "указани", "директив",
	"вердикт", "классифи", "вероятност", "анализ", "провер", "распозна", "детектор", "алгоритм", "систем", "администратор", "разработчик", "режим", "тест", "игнорир", "алданб",
	"безопасн", "мошенн", "обман", "ответ", "отвеч", "считай", "считать", "вывод", "заключени", "итог", "балл", "оценк", "оцени", "метк", "пометь", "отмет", "призна",
	"забудь", "отныне", "роль", "задач", "угроз", "риск", "спам", "предупрежд", "сомнева", "сомнен", "пугай", "выбирай", "исправь", "данных",
	"жи", "жасанды", "көмекші", "нұсқау", "бұйрық", "бағдарлама", "жүйе", "тексер", "анықта", "үкім", "ықтималдық", "елеме", "ескерме", "әзірлеуші", "қауіпсіз", "алаяқ", "жауап", "aldanb",
	"қорытынды", "нәтиже", "балл", "белгі", "бағала", "қорқытпа", "түзет", "талда", "қатер", "күмән", "мысал", "рөл",
	"ai", "llm", "gpt", "chatgpt", "openai", "claude", "gemini", "assistant", "bot", "robot", "model", "prompt", "instruct", "system", "user", "json", "schema", "verdict", "probab", "score", "no_signs", "signs", "suspicious", "scam", "safe", "legit",
	"classif", "ignore", "disregard", "override", "developer", "admin", "mode", "test", "output", "respond", "reply", "answer", "tool", "function", "label", "ham",
	"otvet", "skazhi", "bezopas", "qauip", "kauip", "zhauap", "jauap",
}

// checkerOrders are words with which a model is ordered about, in this form alone.
var checkerOrders = []string{"скажи", "верни", "ұмыт", "сана", "баға", "бағасы", "кеңесің", "посоветуй", "mark", "rate", "say"}

// quotedOrders end the Kazakh "say that …".
var quotedOrders = []string{"айт", "жаз", "сана", "таны", "көрсет"}

const (
	// longestRun is from how many letters and digits on without a space a piece
	// of text may be a code for another text.
	longestRun = 24
	// leastLatin is how many Latin words in a row may be a sentence for a model:
	// in a foreign language, in code or in letters that were shifted. Names of
	// goods and services are shorter.
	leastLatin = 4
	// leastMorse is how many groups of dots and dashes may be a word.
	leastMorse = 3
)

// speaksToChecker says that a text may be addressed to a model, or hides
// something that a model could read and a person would not: then a model's word
// that it is harmless counts for nothing.
func (d *Detector) speaksToChecker(v *Verdict) bool {
	doc := d.analyzer.Parse(v.text)
	defer doc.Release()
	if doc.Lang == text.Other || doc.Undone&(text.Homoglyph|text.Digit|text.Apart|text.Hidden|text.Styled|text.Emoji) != 0 {
		return true
	}
	for i := range doc.Tokens {
		norm := doc.Tokens[i].Norm
		if slices.ContainsFunc(checkerWords, func(word string) bool {
			return norm == word || utf8.RuneCountInString(word) > 2 && strings.HasPrefix(norm, word)
		}) {
			return true
		}
		if slices.Contains(checkerOrders, norm) {
			return true
		}
		if norm == "деп" && i+1 < len(doc.Tokens) && slices.Contains(quotedOrders, doc.Tokens[i+1].Norm) {
			return true
		}
	}
	return strings.ContainsFunc(v.text, isUncommon) || hasMarkup(v.text) || mayBeCoded(v.text) || speaksLatin(v)
}

// isUncommon says that nobody in Kazakhstan types a sign: a letter of another
// script than theirs, or one that turns the order of letters or spells unseen.
func isUncommon(r rune) bool {
	return unicode.IsLetter(r) && !unicode.In(r, unicode.Latin, unicode.Cyrillic, unicode.Common) ||
		r == '\u202d' || r == '\u202e' || r >= 0xE0000 && r <= 0xE007F
}

// hasMarkup says that a text holds marks of markup or of code. Brackets around
// numbers are those of copied chats.
func hasMarkup(s string) bool {
	for i, r := range s {
		switch r {
		case '{', '}', '<', '>', '`', '|', '\\', '=':
			return true
		case '[':
			if next, _ := utf8.DecodeRuneInString(s[i+1:]); !unicode.IsDigit(next) {
				return true
			}
		case '_':
			if i > 0 && i+1 < len(s) && isASCIILetter(s[i-1]) && isASCIILetter(s[i+1]) {
				return true
			}
		}
	}
	return false
}

func isASCIILetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// mayBeCoded says that a text holds what may be a code for another text.
func mayBeCoded(s string) bool {
	morse := 0
	for field := range strings.FieldsSeq(s) {
		if len(field) >= longestRun && !slices.ContainsFunc([]byte(field), func(c byte) bool { return c >= 0x80 || c == '.' || c == '-' }) {
			return true
		}
		if len(field) > 1 && strings.Trim(field, ".-·") == "" {
			morse++
		}
	}
	return morse >= leastMorse || strings.Contains(s, "&#") || strings.Contains(s, "%D0") || strings.Contains(s, "%d0")
}

// speaksLatin says that Latin words stand in a row in a text of other letters,
// or in the path of a link that is not official.
func speaksLatin(v *Verdict) bool {
	if !strings.ContainsFunc(v.text, isCyrillic) {
		return false // all of it is read as what it is
	}
	links := 0
	row, at := 0, 0
	for _, e := range v.Entities {
		if e.Start < at {
			continue
		}
		if row = latinRow(row, v.text[at:e.Start]); row >= leastLatin {
			return true
		}
		at = e.End
		if e.Kind != entity.Link {
			continue
		}
		official := links < len(v.Links) && v.Links[links].Class == link.Official
		links++
		_, rest, ok := strings.Cut(e.Value, "://")
		if !ok {
			rest = e.Value
		}
		_, path, _ := strings.Cut(rest, "/")
		if !official && latinRow(0, path) >= leastLatin {
			return true
		}
	}
	return latinRow(row, v.text[at:]) >= leastLatin
}

func isCyrillic(r rune) bool { return unicode.Is(unicode.Cyrillic, r) }

// latinRow goes on counting Latin words in a row over a text, and stops where
// there are enough.
func latinRow(row int, s string) int {
	for word := range strings.FieldsFuncSeq(s, func(r rune) bool { return !unicode.IsLetter(r) }) {
		switch {
		case utf8.RuneCountInString(word) < 2:
		case unicode.Is(unicode.Latin, []rune(word)[0]):
			if row++; row >= leastLatin {
				return row
			}
		default:
			row = 0
		}
	}
	return row
}
