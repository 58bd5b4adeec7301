package bot

import (
	"context"
	"slices"
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
	wordsYes       = "words_yes"
	wordsNo        = "words_no"
	wordsNotKnown  = "words_not_known"
	wordsNothing   = "words_nothing"
	wordsHappened  = "words_happened"
	wordsCall      = "words_call"
	wordsHelp      = "words_help"
	wordsLanguage  = "words_language" // wants another language
	labelLanguage  = "language_"
	labelPapers    = "ask.choice_begin_"
	labelCheck     = "choice_check" // the labels of buttons are phrases too
	labelHappened  = "choice_happened"
	labelCall      = "choice_call"
	labelHelp      = "choice_help"
	labelTree      = "aid.tree_"
)

func newPhrases(texts *locales.Texts, trees *firstaid.Trees, analyzer *text.Analyzer) *phrases {
	if analyzer == nil {
		analyzer = text.NewAnalyzer()
	}
	p := &phrases{analyzer: analyzer, meaning: map[string]map[string]bool{}}
	keys := []string{
		wordsDone, wordsCannot, wordsOffer, wordsReady, wordsSkip, wordsBack, wordsStop, wordsRight, wordsToday, wordsYesterday,
		wordsYes, wordsNo, wordsNotKnown, wordsNothing, wordsHappened, wordsCall, wordsHelp, labelCheck, labelHappened, labelCall, labelHelp, wordsLanguage,
	}
	for _, lang := range locales.Languages() {
		keys = append(keys, labelLanguage+lang, labelPapers+lang)
	}
	for _, tree := range trees.All() {
		keys = append(keys, labelTree+tree.ID)
	}
	for _, key := range keys {
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

// hearTyped takes up the language of a few words before they are taken for a
// button: who begins with «алданып қалдым» is answered in Kazakh.
func (t *turn) hearTyped(c *messages) {
	if t.group || len(c.texts) != 1 || !c.onlyWords() || len(c.texts[0].Text) > maxTyped {
		return
	}
	if typed := c.texts[0].Text; t.session.Lang == "" || len(strings.Fields(typed)) >= minHeard {
		t.hear(t.phrases.analyzer.Language(typed), true)
	}
}

// typedAnswer takes words for the button under the step before the person: who
// types that it is done has sent no message to be judged.
func (t *turn) typedAnswer(c *messages) (Reply, bool) {
	place, _, ok := t.Trees.Parse(t.session.Aid)
	if !ok || len(c.texts) != 1 || !c.onlyWords() {
		return Reply{}, false
	}
	typed := c.texts[0].Text
	if t.Trees.Asks(place) {
		return t.typedWay(place, typed)
	}
	if place.Step == "" {
		return Reply{}, false
	}
	for key, answer := range map[string]firstaid.Answer{wordsDone: firstaid.Done, wordsCannot: firstaid.Cannot} {
		if t.phrases.means(typed, key) {
			return t.stand(t.Trees.Next(place, answer)), true
		}
	}
	return Reply{}, false
}

// typedWay takes a few words for the button of a way whose label alone shares one
// with them: "1414 пришло" is the code of eGov.
func (t *turn) typedWay(place firstaid.Place, typed string) (Reply, bool) {
	words := strings.Fields(t.phrases.spelling(typed))
	tree, _ := t.Trees.Tree(place.Tree)
	if len(words) > maxWayWords || len(typed) > maxTyped {
		return Reply{}, false
	}
	var found []firstaid.Way
	for _, way := range tree.Ways {
		label := strings.Fields(t.phrases.spelling(t.aidText("way_" + tree.ID + "_" + way.ID)))
		named := func(w string) bool {
			return slices.ContainsFunc(label, func(l string) bool { return beginning(w) != "" && beginning(w) == beginning(l) })
		}
		if slices.ContainsFunc(words, named) {
			found = append(found, way)
		}
	}
	if len(found) != 1 {
		return Reply{}, false
	}
	return t.aid(firstaid.Place{Tree: tree.ID, Way: found[0].ID, Relative: place.Relative}.Key())
}

const (
	// maxWayWords is how many words name a way.
	maxWayWords = 3
	// wayLetters are those at the beginning that tell one way from another.
	wayLetters = 4
)

// beginning gives the first letters of a word, nothing of a short one.
func beginning(word string) string {
	letters := []rune(word)
	if len(letters) < wayLetters {
		return ""
	}
	return string(letters[:wayLetters])
}

// answers are the ids of the buttons under a question that a word may mean;
// empty where there is none.
type answers struct {
	yes, no, notKnown, nothing string

	papers bool   // it was asked in which language the papers shall be,
	place  string // with this place in the first minutes
}

// answersUnder finds them under the last reply. Questions of privacy have none:
// nobody agrees by a word that may mean something else.
func (t *turn) answersUnder(replies []Reply) (a answers) {
	if len(replies) == 0 || t.group {
		return answers{}
	}
	labels := map[string]*string{
		t.say("choice_yes", nil): &a.yes, t.say("choice_no", nil): &a.no, t.say("choice_not_known", nil): &a.notKnown, t.say("stage_nothing_yet", nil): &a.nothing,
	}
	for _, c := range replies[len(replies)-1].Choices {
		if begin, ok := strings.CutPrefix(c.ID, prefixAsk+"begin:"); ok {
			_, a.place, a.papers = strings.Cut(begin, ":")
		}
		if id := labels[c.Label]; id != nil && *id == "" && (strings.HasPrefix(c.ID, prefixClarify) || strings.HasPrefix(c.ID, prefixNothing) || strings.HasPrefix(c.ID, prefixAid)) {
			*id = c.ID
		}
		if c.ID == ChoiceHappened && a.nothing != "" && a.yes == "" {
			a.yes = c.ID // what has happened? It has.
		}
	}
	return a
}

// typedYesOrNo takes a word for a button under our last question. Where nothing
// was asked, a yes or a no is no message to be judged, and no question of theirs.
func (t *turn) typedYesOrNo(ctx context.Context, c *messages) (answer Answer, ok bool) {
	if t.group || len(c.texts) != 1 || !c.onlyWords() {
		return Answer{}, false
	}
	typed, asked := c.texts[0].Text, t.lately.asked
	for _, may := range []struct{ words, id string }{
		{wordsYes, asked.yes}, {wordsNo, asked.no}, {wordsNotKnown, asked.notKnown}, {wordsNothing, asked.nothing}, {wordsNo, asked.nothing},
	} {
		if may.id != "" && t.phrases.means(typed, may.words) {
			return t.choose(ctx, may.id), true
		}
	}
	if t.inAid() && (t.phrases.means(typed, wordsYes) || t.phrases.means(typed, wordsNo)) {
		return said(t.whatNow()), true
	}
	if t.phrases.means(typed, wordsYes) || t.phrases.means(typed, wordsNo) {
		return said(t.reply("ask_message")), true
	}
	return Answer{}, false
}

// typedMenu takes words for a button that is always at hand, or for one of what
// has happened: by its label, or by what people say when they mean it.
func (t *turn) typedMenu(ctx context.Context, c *messages) (answer Answer, ok bool) {
	if t.group || len(c.texts) != 1 || !c.onlyWords() {
		return Answer{}, false
	}
	typed := c.texts[0].Text
	if len(typed) > maxTyped { // as most are: it is none of the phrases
		return Answer{}, false
	}
	for _, may := range []struct{ words, id string }{
		{labelCheck, ChoiceCheck}, {labelHappened, ChoiceHappened}, {labelHelp, ChoiceHelp}, {wordsHelp, ChoiceHelp}, {wordsLanguage, ChoiceLanguage},
		{labelCall, prefixAid + t.onThePhone().Key()}, {wordsCall, prefixAid + t.onThePhone().Key()},
	} {
		if t.phrases.means(typed, may.words) {
			return t.choose(ctx, may.id), true
		}
	}
	if t.phrases.means(typed, wordsHappened) {
		reply := t.askWhat("ask_happened")
		reply.Urgent = true
		return said(reply), true
	}
	for _, tree := range t.Trees.All() {
		if t.phrases.means(typed, labelTree+tree.ID) {
			return t.choose(ctx, t.toTree(tree, labelTree+tree.ID).ID), true
		}
	}
	return Answer{}, false
}

// typedPapers takes the name of a language for that of the papers, where it was
// asked for.
func (t *turn) typedPapers(ctx context.Context, c *messages) (Answer, bool) {
	if !t.lately.asked.papers || t.group || len(c.texts) != 1 || !c.onlyWords() {
		return Answer{}, false
	}
	for _, lang := range locales.Languages() {
		if typed := c.texts[0].Text; t.phrases.means(typed, labelPapers+lang) || t.phrases.means(typed, labelLanguage+lang) {
			return t.begin(ctx, lang, t.lately.asked.place)
		}
	}
	return Answer{}, false
}
