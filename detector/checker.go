package detector

import (
	"slices"
	"strings"
	"unicode/utf8"

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
	"ии", "бот", "чатбот", "нейросет", "искусственн", "интеллект", "модел", "ассистент", "помощник", "промпт", "инструкц", "указани", "директив",
	"вердикт", "классифи", "вероятност", "анализ", "провер", "распозна", "детектор", "алгоритм", "систем", "администратор", "разработчик", "режим", "тест", "игнорир", "алданб",
	"безопасн", "мошенн", "обман", "ответь", "отвеч", "считай",
	"жи", "жасанды", "көмекші", "нұсқау", "бұйрық", "бағдарлама", "жүйе", "тексер", "анықта", "үкім", "ықтималдық", "елеме", "ескерме", "әзірлеуші", "қауіпсіз", "алаяқ", "жауап", "aldanb",
	"ai", "llm", "gpt", "chatgpt", "openai", "claude", "gemini", "assistant", "bot", "model", "prompt", "instruct", "system", "user", "json", "schema", "verdict", "probab", "score", "no_signs", "suspicious", "scam", "safe", "legit",
	"classif", "ignore", "disregard", "override", "developer", "admin", "mode", "test", "output", "respond", "reply", "answer",
}

// longestRun is from how many letters and digits on without a space a piece of
// text may be a code for another text.
const longestRun = 24

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
	}
	return slices.ContainsFunc(strings.Fields(v.text), func(field string) bool {
		return len(field) >= longestRun && !slices.ContainsFunc([]byte(field), func(c byte) bool { return c >= 0x80 || c == '.' || c == '-' })
	})
}
