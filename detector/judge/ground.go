package judge

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/aldanba/aldanba/detector"
	"github.com/aldanba/aldanba/detector/scheme"
	"github.com/aldanba/aldanba/detector/text"
)

const (
	maxAnswer    = 240 // letters
	maxSentences = 3
	maxSentence  = 20  // words
	minContent   = 3   // words of an answer that say anything
	minGrounded  = 0.6 // of them that the passage must hold
	likeLetters  = 5   // at the beginning that make two words forms of one
	contentRunes = 3   // letters of the shortest word that says anything
	negationNear = 2   // words between a negation and what it negates
)

// Words of an answer that decide what a person does or believes: what they are to
// do, what is allowed, certain or excepted, and what calms. None is taken from a
// model that the passage does not hold, and none with the other sign.
var (
	risky = regexp.MustCompile(`^(перев[еоё]д|перевес|перечисл|отправ|присл|пришл|посла|пошл|назов|назва|назыв|скаж|сказа|говори|сообщ|диктуй|продикт|введи|ввод|ввест|установ|постав|ставьт|скача|закач|откр|перейд|перехо|зайд|зайт|нажм|нажат|кликн|плат|оплат|заплат|отда|дава|дайте|дать|взять|возьм|подпис|довер|верь|верить|можно|можете|нужно|надо|стоит|следует|обязат|обязан|точно|всегда|верн[уеиё]|возвра|гарант|правд|настоящ|официал|спокойн|волн|беспок|пережив|бойс|бойт|боят|страш|надежн|проверен|подлин|законн|легал|честн|кроме|только|лишь|исключ|разреш|пока$|есть$|сущест|быва|звон|позвон|перезвон|отвеч|ответ|снима|сними|снять|удал|сотри|покаж|показ|бер[иеу]|соглас|аудар|жібер|орнат|жүкте|енгіз|қоңыр|хабарл|сенім|сенуг|сеніңіз|шын|рас$|нағыз|ресми|заңды|адал|кепіл|уайым|қорқ|қобалж|алаңда|болады|мүмкін|керек|міндет|әрдайым|әрқашан|қайтар|ғана|тек$|басқа|рұқсат|бар$)`)
	// riskyStems are stems of Kazakh ones that are too short to be told by their
	// beginning.
	riskyStems = strings.Fields("аит бер ал аш кир бас толе сен жаз жап")
	// praising is said only as the passage says it, in a sentence of its own words.
	praising = regexp.MustCompile(`^(настоящ|правд|официал|законн|честн|шын|рас$|нағыз|ресми|заңды|адал)`)
	// vouching is never said of anything, whatever the passage says.
	vouching = regexp.MustCompile(`(?i)безопас|проверенн|над[её]жн|подлинн|легальн|гарант|кепілд|сенімді|шынайы|не\s+мошен|не\s+обман|не\s+опас|бояться\s+нечего|нечего\s+бояться|опасности\s+нет|қауіпсіз|қауіп\s+жоқ|қауіпті\s+емес|алаяқ\p{L}*\s+емес|алдау\s+емес|safe|legit|genuine`)
	// refusal ends Kazakh words that are negated in themselves.
	refusal = regexp.MustCompile(`(м[ае]|б[ае]|п[ае])(ңыз|ңіз|ңдар|ңдер|ңыздар|ңіздер|й|йды|йді|йсыз|йсіз|ймын|ймін|ймыз|йміз|ған|ген|са|се|саңыз|сеңіз|ды|ді|у|уі|с|сын|сін|йтын|йтін|стан|стен)?$`)
)

var (
	negations = strings.Fields("не ни нет никогда никому никто ничего нельзя без вряд невозможно")
	// turning makes a yes of a negation that follows.
	turning = strings.Fields("не нет нельзя невозможно без")
	// after is said in Kazakh after what is negated.
	after = strings.Fields("болмайды емес жоқ ешқашан емеспіз")
	// filling says nothing by itself.
	filling = strings.Fields("это эта этот эти этого этой для что как или если они она оно его ему её при так тоже уже ещё вам вас вами ваш ваша ваше ваши вашей вашего мне про под над чтобы когда где кто тот той том тем там тут все всё весь сам сами сама самим самому себя себе чем сюда " +
		"бұл осы сол мен және үшін деп деген олар оны оған оның сіз сізге сізді сіздің өзіңіз өз да де та те ма ме ба бе па пе егер кейін бұрын бір")
)

// word is one word of an answer or a passage.
type word struct {
	token   text.Token
	content bool
	negated bool // as closely as an answer is read
	refused bool // as widely as a passage is read: something near negates
}

// grounded gives an answer of a model if every word of it can be answered for, or
// nothing: then the passage has to do. It holds few short sentences in the
// language asked for; no number, address, sign or name that the passage does not
// hold; nothing that vouches or calms; most of its words are the passage's, and
// those that decide what a person does are all, each with the same sign.
func (j *Judge) grounded(said, passage, question, lang string) string {
	said = strings.Join(strings.Fields(said), " ")
	plain := terms.ReplaceAllString(said, "")
	switch {
	case said == "", utf8.RuneCountInString(said) > maxAnswer, signs.MatchString(said), strings.ContainsAny(said, "?;"):
		return ""
	case vouching.MatchString(plain), copies(said, question), !sameDigits(said, passage):
		return ""
	}
	v := j.cfg.Detector.Check(said)
	want := text.Russian
	if lang == "kk" {
		want = text.Kazakh
	}
	if v.Lang != want || len(v.Links) > 0 || j.cfg.Detector.Redact(said) != said || demandsMore(v, j.cfg.Detector.Check(passage)) {
		return ""
	}
	answer, source := j.words.Parse(said), j.words.Parse(passage)
	defer answer.Release()
	defer source.Release()
	if !restsOn(wordsOf(answer), wordsOf(source), said) {
		return ""
	}
	return said
}

// demandsMore says that a text holds a demand that the other does not.
func demandsMore(v, than *detector.Verdict) bool {
	return slices.ContainsFunc(v.Signals, func(s detector.Signal) bool {
		return s.Rule.Kind == scheme.Demand && s.Rule.Weight > 0 && !slices.ContainsFunc(than.Signals, func(t detector.Signal) bool { return t.Rule == s.Rule })
	})
}

// sameDigits says that every number of a text stands in the other.
func sameDigits(said, passage string) bool {
	numbers := func(s string) []string {
		return strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsDigit(r) && !unicode.IsNumber(r) })
	}
	known := numbers(passage)
	return !slices.ContainsFunc(numbers(said), func(n string) bool { return !slices.Contains(known, n) })
}

// wordsOf reads the words of a text with their signs.
func wordsOf(doc *text.Document) []word {
	words := make([]word, len(doc.Tokens))
	within := func(i, k int) bool {
		return k >= 0 && k < len(words) && doc.Tokens[k].Sentence == doc.Tokens[i].Sentence
	}
	for i, t := range doc.Tokens {
		w := word{token: t, content: utf8.RuneCountInString(t.Norm) >= contentRunes && !slices.Contains(filling, t.Norm)}
		w.negated = t.KK != "" && doc.Lang == text.Kazakh && refusal.MatchString(t.Norm)
		w.refused = w.negated
		for near := 1; near <= negationNear; near++ {
			before := within(i, i-near) && slices.Contains(negations, doc.Tokens[i-near].Norm)
			behind := within(i, i+near) && (slices.Contains(after, doc.Tokens[i+near].Norm) || doc.Tokens[i+near].Norm == "нельзя")
			w.refused = w.refused || before || behind
			close := near == 1 || within(i, i-near) && doc.Tokens[i-near].Norm == "нельзя"
			w.negated = w.negated || close && before || near == 1 && behind
		}
		words[i] = w
	}
	return words
}

// restsOn says that an answer can be answered for by the words of its passage.
func restsOn(answer, source []word, said string) bool {
	content, held, sentence, length := 0, 0, -1, 0
	for i, w := range answer {
		if length++; w.token.Sentence != sentence {
			sentence, length = w.token.Sentence, 1
		}
		if length > maxSentence || sentence >= maxSentences {
			return false
		}
		if w.token.Norm == "не" && i > 0 && slices.Contains(turning, answer[i-1].token.Norm) {
			return false // two negations say the contrary of one
		}
		var known, agrees, plain, negated bool
		for _, s := range source {
			if alike(w.token, s.token) {
				known = true
				agrees = agrees || w.negated == s.negated || w.negated && s.refused
				plain, negated = plain || !s.negated, negated || s.negated
			}
		}
		// What the passage says with both signs, it says under a condition.
		verbatim := known && (praising.MatchString(w.token.Norm) || isRisky(w.token) && plain && negated)
		first, _ := utf8.DecodeRuneInString(said[w.token.Start:])
		switch {
		case known && !agrees && (w.content || isRisky(w.token)), verbatim && !saidAtOnce(answer, source, w):
			return false
		case known:
		case isRisky(w.token), isLatin(w.token.Norm), unicode.IsUpper(first) && length > 1:
			return false
		}
		if w.content {
			content++
			if known {
				held++
			}
		}
	}
	return content >= minContent && float64(held) >= minGrounded*float64(content)
}

// saidAtOnce says that one sentence of the passage holds all that the sentence of
// a word says.
func saidAtOnce(answer, source []word, w word) bool {
	return slices.ContainsFunc(source, func(of word) bool {
		return alike(of.token, w.token) && !slices.ContainsFunc(answer, func(a word) bool {
			return a.token.Sentence == w.token.Sentence && a.content && !slices.ContainsFunc(source, func(s word) bool {
				return s.token.Sentence == of.token.Sentence && s.negated == a.negated && alike(s.token, a.token)
			})
		})
	})
}

func isRisky(t text.Token) bool {
	return risky.MatchString(t.Norm) || t.KK != "" && slices.Contains(riskyStems, t.KK)
}

func isLatin(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Latin, r) })
}

// alike says that two words are forms of one.
func alike(a, b text.Token) bool {
	if a.Key == b.Key || a.RU != "" && a.RU == b.RU || a.KK != "" && a.KK == b.KK {
		return true
	}
	x, y := beginning(root(a.Norm)), beginning(root(b.Norm))
	return x != "" && x == y
}

// root takes off a Russian prefix that only says that something is done once.
func root(s string) string {
	for _, prefix := range []string{"по", "за"} {
		if rest, ok := strings.CutPrefix(s, prefix); ok && utf8.RuneCountInString(rest) > likeLetters {
			return rest
		}
	}
	return s
}

// beginning gives the first letters of a word, nothing of a short one.
func beginning(s string) string {
	n := 0
	for i := range s {
		if n == likeLetters {
			return s[:i]
		}
		n++
	}
	return ""
}
