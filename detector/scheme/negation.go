package scheme

import (
	"strings"

	"github.com/aldanba/aldanba/detector/text"
)

// particle says what a word does to the words around it.
type particle uint8

const (
	denies     particle = 1 << iota // denies what follows: не, никогда, без
	between                         // may stand between a denier and what it denies: не надо …
	postDenies                      // denies what stands before: төлем жоқ, айтуға болмайды, предоплаты нет

	particleBits = 3
)

// particles are the words that deny, with what they do.
var particles = func() map[string]particle {
	table := map[string]particle{}
	for what, words := range map[particle]string{
		denies: "не ни никогда нельзя никому запрещено без нет вместо ешқашан ешкашан",
		between: "надо нужно стоит следует должен должны должна просят просит просим попросит попросят будет будут вправе могут может " +
			"обязаны обязан спешите торопитесь вздумайте вздумай смейте случае никому нигде никогда вам нам мне тебе его ее их свой свои " +
			"этот пожалуйста требует требуют спрашивает спрашивают",
		postDenies: "жоқ жок жоқпын жокпын жоқпыз жокпыз жоғы емес емеспін болмайды болмайди нет joq jok zhoq zhok zhoqpyn jokpyn emes bolmaidy",
	} {
		for word := range strings.FieldsSeq(words) {
			table[word] |= what
		}
	}
	return table
}()

// The endings of Kazakh verbs that a negation may hide behind.
var (
	// Kazakh helping verbs that carry the negation of the converb before them: айтып қоймаңыз.
	helpers = []string{"кои", "жибер", "бер", "ал", "кет", "тур", "жур", "отир", "кор", "сал", "таста"}
	voices  = []string{"илдир", "гиз", "киз", "дир", "тир", "ил", "ин", "иш", "л", "н", "т", "ш"}
)

// deniedBefore says that a particle before word i negates it.
func (s *scratch) deniedBefore(doc *text.Document, i int) bool {
	sentence := doc.Tokens[i].Sentence
	if i == 0 || doc.Tokens[i-1].Sentence != sentence {
		return false
	}
	before := s.words[i-1].particle
	return before&denies != 0 ||
		before&between != 0 && i > 1 && s.words[i-2].particle&denies != 0 && doc.Tokens[i-2].Sentence == sentence
}

// denied says whether the words first..last are negated by themselves or from
// behind: by the negative suffix of a Kazakh verb, or by a word after them.
// e is the ending of the last word.
func (s *scratch) denied(doc *text.Document, first, last int, e ending) bool {
	if e&deniesVerb != 0 {
		return true
	}
	if last+1 >= len(doc.Tokens) || doc.Tokens[last+1].Sentence != doc.Tokens[first].Sentence {
		return false
	}
	return s.words[last+1].particle&postDenies != 0 || e&leansOnOther != 0 && helperDenies(doc.Tokens[last+1].Key)
}

// helperDenies says that a helping verb is negated: айтып қоймаңыз.
func helperDenies(key string) bool {
	for _, helper := range helpers {
		if after, ok := strings.CutPrefix(key, helper); ok && deniedBySuffix(helper, after) {
			return true
		}
	}
	return false
}

// endingOf says what the ending does to a Kazakh word that was matched up to it.
func endingOf(stem, suffix string) ending {
	var e ending
	if deniedBySuffix(stem, suffix) {
		e |= deniesVerb
	}
	if isConverb(suffix) {
		e |= leansOnOther
	}
	return e
}

// isConverb tells the endings of a Kazakh verb that leans on a helping verb.
func isConverb(suffix string) bool {
	return suffix == "ип" || suffix == "п" || suffix == "ап" || suffix == "еп" || suffix == "а" || suffix == "е" || suffix == "и"
}

// deniedBySuffix finds the negative suffix -ма/-ме/-ба/-бе/-па/-пе at the start
// of a verb's ending, after voice suffixes. A bare -ма may also be "to my" on a
// noun (картама), so at the very end it counts only after a consonant.
func deniedBySuffix(stem, suffix string) bool {
	if deniesAt(stem, suffix) {
		return true
	}
	for _, voice := range voices {
		if after, ok := strings.CutPrefix(suffix, voice); ok && deniesAt(voice, after) {
			return true
		}
	}
	return false
}

func deniesAt(stem, suffix string) bool {
	for _, negative := range [...]string{"ма", "ме", "ба", "бе", "па", "пе"} {
		after, ok := strings.CutPrefix(suffix, negative)
		if !ok {
			continue
		}
		if after == "" {
			return !strings.HasSuffix(stem, "а") && !strings.HasSuffix(stem, "е") && !strings.HasSuffix(stem, "и")
		}
		for _, ending := range [...]string{"низ", "ндар", "ндер", "нда", "с", "г", "и", "п", "у", "д", "т"} {
			if strings.HasPrefix(after, ending) {
				return true
			}
		}
	}
	return false
}

// languages is the set of languages that a word of the text can be.
type languages uint8

func (l languages) has(lang language) bool { return l&(1<<lang) != 0 }

// letters says what the letters of a word tell about its language.
type letters uint8

const (
	cyrillic   letters = iota // either language
	latin                     // either language
	kazakhOnly                // a letter that Russian does not have
)

func lettersOf(norm string) letters {
	switch {
	case norm == "" || norm[0] < 0x80:
		return latin
	case strings.ContainsAny(norm, "әғқңөұүһі"):
		return kazakhOnly
	}
	return cyrillic
}

// languagesOf says in which languages a word may be looked up. A word with a
// Kazakh letter is never Russian; a word without one is Kazakh unless the
// whole message is Russian; Latin letters may be either.
func languagesOf(token *text.Token, message text.Lang) languages {
	const any, ru, kk languages = 1 << anyLanguage, 1 << russian, 1 << kazakhLang
	switch l := lettersOf(token.Norm); {
	case l == kazakhOnly:
		return any | kk
	case l == cyrillic && message == text.Russian && token.KK == "":
		return any | ru
	}
	return any | ru | kk
}
