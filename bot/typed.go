package bot

import (
	"strings"

	"github.com/aldanba/aldanba/bot/firstaid"
	"github.com/aldanba/aldanba/detector/text"
	"github.com/aldanba/aldanba/locales"
)

// maxTyped is how many bytes a message may have that means a button.
const maxTyped = 80

// phrases knows what people type instead of pressing a button, in all
// languages and spellings.
type phrases struct {
	analyzer *text.Analyzer
	meaning  map[string]map[string]bool // by key of locales: the phrases in their one spelling
}

// The keys of the phrases.
const (
	wordsDone      = "aid.words_done"
	wordsCannot    = "aid.words_cannot"
	wordsOffer     = "ask.words_offer"
	wordsReady     = "ask.words_ready"
	wordsSkip      = "ask.words_skip"
	wordsBack      = "ask.words_back"
	wordsStop      = "ask.words_stop"
	wordsRight     = "ask.words_right"
	wordsToday     = "ask.words_today"
	wordsYesterday = "ask.words_yesterday"
)

func newPhrases(texts *locales.Texts, analyzer *text.Analyzer) *phrases {
	if analyzer == nil {
		analyzer = text.NewAnalyzer()
	}
	p := &phrases{analyzer: analyzer, meaning: map[string]map[string]bool{}}
	for _, key := range []string{
		wordsDone, wordsCannot, wordsOffer, wordsReady, wordsSkip, wordsBack, wordsStop, wordsRight, wordsToday, wordsYesterday,
	} {
		p.meaning[key] = map[string]bool{}
		for _, lang := range locales.Languages() {
			for line := range strings.Lines(texts.Text(lang, key, nil)) {
				p.meaning[key][p.spelling(line)] = true
			}
		}
	}
	return p
}

// spelling gives the one spelling of all in which a phrase may be typed.
func (p *phrases) spelling(s string) string {
	d := p.analyzer.Parse(s)
	defer d.Release()
	var words []string
	for _, token := range d.Tokens {
		words = append(words, token.Key)
	}
	return strings.Join(words, " ")
}

// means says whether what was typed is one of the phrases under a key.
func (p *phrases) means(typed, key string) bool {
	return len(typed) <= maxTyped && p.meaning[key][p.spelling(typed)]
}

// typedAnswer takes words for the button under the step before the person: who
// types that it is done has sent no message to be judged.
func (t *turn) typedAnswer(c *messages) (Reply, bool) {
	place, _, ok := t.Trees.Parse(t.session.Aid)
	if !ok || place.Step == "" || len(c.texts) != 1 || !c.onlyWords() {
		return Reply{}, false
	}
	typed := c.texts[0].Text
	for key, answer := range map[string]firstaid.Answer{wordsDone: firstaid.Done, wordsCannot: firstaid.Cannot} {
		if t.phrases.means(typed, key) {
			return t.stand(t.Trees.Next(place, answer)), true
		}
	}
	return Reply{}, false
}
