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
	"github.com/aldanba/aldanba/prompts"
)

const (
	maxSchemes     = 3
	maxQuotes      = 3
	maxQuote       = 200 // bytes
	maxAdvice      = 4
	maxQuestion    = 120 // letters
	maxExplanation = 240
	maxDigits      = 4 // in a sentence of a model: more could be a number to call or to pay to
	maxCopied      = 5 // words in a row that a sentence may share with the message
)

// ids are what an answer may name.
type ids struct{ schemes, stages, wants, advice []string }

// Lists gives the ids of the catalogue that a reply may name: advice only such
// as fits a person to whom nothing has happened yet.
func Lists(c *scheme.Catalogue) prompts.Lists {
	lists := prompts.Lists{Schemes: c.IDs()}
	for _, s := range c.Stages {
		lists.Stages = append(lists.Stages, s.ID)
	}
	for _, s := range c.Schemes {
		lists.Wants = append(lists.Wants, s.Wants...)
		lists.Advice = append(lists.Advice, s.Steps...)
	}
	slices.Sort(lists.Wants)
	slices.Sort(lists.Advice)
	lists.Wants, lists.Advice = slices.Compact(lists.Wants), slices.Compact(lists.Advice)
	return lists
}

func idsOf(l prompts.Lists) ids { return ids{l.Schemes, l.Stages, l.Wants, l.Advice} }

// hold keeps of an answer what can be believed: ids of the catalogue, quotes
// that stand in the message, sentences that carry nothing dangerous.
func (j *Judge) hold(a answer, q detector.Inquiry) detector.Opinion {
	o := detector.Opinion{
		Level:       detector.Level(a.Verdict),
		Score:       float64(a.Probability),
		Wants:       known(a.Wants, j.ids.wants, len(j.ids.wants)),
		Stage:       detector.NothingYet,
		Manipulates: bool(a.Manipulates),
		Partial:     q.Cut,
	}
	if slices.Contains(j.ids.stages, a.Stage) {
		o.Stage = detector.Stage(a.Stage)
	}
	if o.Level != detector.NoSigns {
		o.Schemes = known(a.Schemes, j.ids.schemes, maxSchemes)
		o.Advice = known(a.Advice, j.ids.advice, maxAdvice)
		o.Quotes = places(q.Text, a.Quotes)
		// Why something is harmless is never said in a model's words.
		if said := j.sentence(a.Explanation, q, maxExplanation); !addresses.MatchString(said) {
			o.Explanation = said
		}
		if alarming := strings.ToLower(strings.TrimSpace(a.Alarming)); alarming == "yes" || alarming == "no" {
			o.Question = j.question(a.Question, q)
			o.AlarmingNo = o.Question != "" && alarming == "no"
		}
	}
	return o
}

// known gives the ids that there are, each once, in their order.
func known(said, all []string, most int) []string {
	var out []string
	for _, id := range said {
		if len(out) < most && slices.Contains(all, id) && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}

// places finds quotes in the message, letter by letter.
func places(message string, quotes []string) []detector.Span {
	var out []detector.Span
	for _, quote := range quotes {
		quote = strings.Trim(quote, " \t\r\n\"'«»“”„…")
		at := strings.Index(message, quote)
		if quote == "" || len(quote) > maxQuote || at < 0 || len(out) == maxQuotes {
			continue
		}
		span := detector.Span{Start: at, End: at + len(quote)}
		if !slices.ContainsFunc(out, func(s detector.Span) bool { return s.Start < span.End && span.Start < s.End }) {
			out = append(out, span)
		}
	}
	return out
}

// Words of a model that are not passed on: orders, because a step is chosen by
// its id; and calming ones, because a message can make a model say them.
var (
	orders    = regexp.MustCompile(`(?i)(^|[^\p{L}])\p{L}+(йте|ите|йтесь|итесь)($|[^\p{L}])`)
	addresses = regexp.MustCompile(`(?i)(ңыз|ңіз|ңдар|ңдер|ңыздар|ңіздер)($|[^\p{L}])`) // Kazakh orders look like this
	singles   = regexp.MustCompile(`(?i)(^|[^\p{L}])(нажми|переведи|скажи|назови|позвони|перейди|введи|установи|открой|отправь|пришли|заплати|оплати|сообщи|напиши|доверься|айт|айтшы|аудар|жібер|жіберші|бас|кір|төле|жаз|теріп|сен|сеніңдер)($|[^\p{L}])`)
	calming   = regexp.MustCompile(`(?i)безопас|надежн|надёжн|довер|проверенн|подлинн|настоящ|законн|легальн|не\s+мошен|не\s+обман|не\s+опас|бояться\s+нечего|честн|гарант|қауіпсіз|қауіп\s+жоқ|сенім|сенуге|шынайы|заңды|алаяқтық\s+емес|алдау\s+емес|кепілд|safe|legit|genuine`)
	// terms are names of tricks that hold such a word.
	terms = regexp.MustCompile(`(?i)[«"„]?безопасн\p{L}*[»"“]?\s+сч[её]т\p{L}*|[«"„]?қауіпсіз[»"“]?\s+шот\p{L}*`)
	signs = regexp.MustCompile("[\\p{L}\\d]\\.[\\p{L}\\d]|[<>\\[\\]{}*_`#|\\\\~^=@/\\p{Cc}\\p{Cf}]")
)

// sentence gives the words of a model if they may be shown to a person, or
// nothing: then our own words have to do.
func (j *Judge) sentence(s string, q detector.Inquiry, letters int) string {
	s = strings.Join(strings.Fields(s), " ")
	digits := strings.Count(strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) || unicode.IsNumber(r) {
			return 'd'
		}
		return ' '
	}, s), "d")
	plain := terms.ReplaceAllString(s, "")
	if s == "" || utf8.RuneCountInString(s) > letters || digits > maxDigits || signs.MatchString(s) ||
		orders.MatchString(plain) || singles.MatchString(plain) || calming.MatchString(plain) || copies(s, q.Text) {
		return ""
	}
	v := j.cfg.Detector.Check(s)
	want := text.Russian
	if q.Lang == "kk" {
		want = text.Kazakh
	}
	if v.Lang != want || len(v.Entities) > 0 || len(v.Links) > 0 || j.cfg.Detector.Redact(s) != s {
		return ""
	}
	return s
}

// Questions that yes and no do not answer: those that ask who or what, and those
// that leave a choice. In Kazakh a particle stands at the end of those that they do.
var (
	openRussian = regexp.MustCompile(`(?i)^(в|во|на|с|со|от|из|у|к|ко|о|об|по|за|а|и|для)?\s*(кто|кого|кому|кем|ком|что|чего|чему|чем|где|куда|откуда|когда|сколько|как|какой|какая|какое|какие|какого|каком|какую|каким|почему|зачем|чей|чья)($|[^\p{L}])|(^|[^\p{L}])или\s+(н[^е]|не[^т]|[^н])`)
	yesNoKazakh = regexp.MustCompile(`(?i)((^|[^\p{L}])(ма|ме|ба|бе|па|пе)|(мысыз|місіз|бысыз|бісіз|пысыз|пісіз))\s*\?$`)
)

// question gives a question of a model if it may be put to a person: yes or no
// answers it, and it asks for nothing that a swindler would want.
func (j *Judge) question(s string, q detector.Inquiry) string {
	s = j.sentence(s, q, maxQuestion)
	closed := !openRussian.MatchString(s)
	if q.Lang == "kk" {
		closed = yesNoKazakh.MatchString(s) && !strings.Contains(strings.ToLower(s), "әлде")
	}
	if !closed || strings.Count(s, "?") != 1 || !strings.HasSuffix(s, "?") || slices.ContainsFunc(j.cfg.Detector.Check(s).Signals, func(s detector.Signal) bool {
		return s.Rule.Kind == scheme.Demand && s.Rule.Weight > 0
	}) {
		return ""
	}
	return s
}

// copies says that a sentence repeats more of the message than a few words.
func copies(s, message string) bool {
	words, all := plainWords(s), " "+strings.Join(plainWords(message), " ")+" "
	for i := 0; i+maxCopied < len(words); i++ {
		if strings.Contains(all, " "+strings.Join(words[i:i+maxCopied+1], " ")+" ") {
			return true
		}
	}
	return false
}

func plainWords(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}
