package locales_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2"
	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"

	"github.com/aldanba/aldanba/locales"
)

// source reads every text of a language as it is written, by name: "greeting", "signs_found.few", "advice.hang_up",
// "reason.wants_code", "scheme.romance.how".
func source(t *testing.T, lang string) map[string]string {
	t.Helper()
	all := make(map[string]string)
	for file, prefix := range map[string]string{
		"messages.toml": "", "messenger.toml": "", "firstaid.toml": "aid", "interview.toml": "ask", "papers.toml": "paper", "advice.toml": "advice", "reasons.toml": "reason", "schemes.toml": "scheme",
		"knowledge.toml": "topic",
	} {
		flatten(all, prefix, decode[map[string]any](t, filepath.Join(lang, file)))
	}
	maps.DeleteFunc(all, func(name, _ string) bool { return isAsked.MatchString(name) })
	return all
}

// isAsked are the words in which people ask: nobody reads them.
var isAsked = regexp.MustCompile(`^topic\..*\.ask\.[0-9]+$`)

func flatten(all map[string]string, name string, value any) {
	switch v := value.(type) {
	case string:
		all[name] = v
	case []any:
		for i, item := range v {
			flatten(all, fmt.Sprintf("%s.%d", name, i), item)
		}
	case map[string]any:
		for key, item := range v {
			flatten(all, strings.TrimPrefix(name+"."+key, "."), item)
		}
	}
}

func decode[T any](t *testing.T, path string) (v T) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := toml.Unmarshal(data, &v); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return v
}

// eachText runs a check on every text of both languages in a stable order.
func eachText(t *testing.T, check func(t *testing.T, lang, name, text string)) {
	t.Helper()
	for _, lang := range locales.Languages() {
		all := source(t, lang)
		if len(all) < 300 {
			t.Fatalf("only %d texts in %s", len(all), lang)
		}
		for _, name := range slices.Sorted(maps.Keys(all)) {
			check(t, lang, name, all[name])
		}
	}
}

var action = regexp.MustCompile(`\{\{[^}]*\}\}`)

func placeholders(text string) []string {
	var found []string
	for _, a := range action.FindAllString(text, -1) {
		if a != "{{.}}" && a != "{{end}}" {
			found = append(found, strings.Trim(a, "{}"))
		}
	}
	slices.Sort(found)
	return found
}

func TestBothLanguagesHaveTheSameKeysAndPlaceholders(t *testing.T) {
	isForm := regexp.MustCompile(`\.(zero|one|two|few|many|other)$`)
	russian, kazakh := source(t, "ru"), source(t, "kk")
	for name, text := range russian {
		twin := name
		if isForm.MatchString(name) {
			twin = isForm.ReplaceAllString(name, ".other")
		}
		other, ok := kazakh[twin]
		if !ok {
			t.Errorf("%s has no Kazakh text", name)
		} else if a, b := placeholders(text), placeholders(other); !slices.Equal(a, b) {
			t.Errorf("%s asks for %v in Russian and for %v in Kazakh", name, a, b)
		}
	}
	for name := range kazakh {
		if _, ok := russian[name]; !ok {
			t.Errorf("%s has no Russian text", name)
		}
	}
}

func TestPluralFormsAreComplete(t *testing.T) {
	names := map[plural.Form]string{plural.One: "one", plural.Few: "few", plural.Many: "many", plural.Other: "other"}
	for _, lang := range locales.Languages() {
		needed := map[string]bool{"other": true}
		for n := range 200 {
			needed[names[plural.Cardinal.MatchPlural(language.Make(lang), n, 0, 0, 0, 0)]] = true
		}
		phrases := decode[map[string]any](t, filepath.Join(lang, "messages.toml"))
		maps.Copy(phrases, decode[map[string]any](t, filepath.Join(lang, "messenger.toml")))
		maps.Copy(phrases, decode[map[string]any](t, filepath.Join(lang, "interview.toml")))
		for key, value := range phrases {
			forms, counts := value.(map[string]any)
			if !counts {
				continue
			}
			have := slices.Sorted(maps.Keys(forms))
			if want := slices.Sorted(maps.Keys(needed)); !slices.Equal(have, want) {
				t.Errorf("%s/%s has forms %v, the language needs %v", lang, key, have, want)
			}
			for form, text := range forms {
				if !strings.Contains(text.(string), "{{.N}}") {
					t.Errorf("%s/%s.%s does not say the number", lang, key, form)
				}
			}
		}
	}
}

// official tells a text of a paper from one of a reply: an official reads it, who needs the words of the law and the
// whole of a request in one sentence. The person signs it and has read the same in replies.
func official(name string) bool { return strings.HasPrefix(name, "paper.") }

// TestSentencesAreShort holds every sentence to 14 words: the reader is old and frightened.
func TestSentencesAreShort(t *testing.T) {
	end := regexp.MustCompile(`[.!?…]+(\s|$)|\n`)
	eachText(t, func(t *testing.T, lang, name, text string) {
		if official(name) {
			return
		}
		for _, sentence := range end.Split(action.ReplaceAllString(text, "слово"), -1) {
			words := 0
			for _, field := range strings.Fields(sentence) {
				if strings.ContainsFunc(field, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
					words++
				}
			}
			if words > 14 {
				t.Errorf("%s/%s: %d words in %q", lang, name, words, sentence)
			}
		}
	})
}

// jargon lists, per language, the beginnings of words that an old person need not know. What is said instead:
// поддельный сайт, проверка, WhatsApp or Telegram by name, страница, платёж, обман, адрес, пароль, чат.
var jargon = map[string][]string{
	"ru": {
		"фишинг", "верифи", "аккаунт", "учётн", "авториз", "идентиф", "транзакц", "скам", "аутентиф", "домен", "логин",
		"токен", "антифрод", "дроппер", "дроп", "трафик", "браузер", "интерфейс", "контент", "спуфинг", "вишинг",
		"смишинг", "мессенджер", "реквизит", "девайс", "гаджет", "апк", "спам", "хакер", "вредонос", "троян", "малвар",
		"юзер", "сервер", "эквайринг", "онлайн-банкинг", "биометри", "инцидент", "url", "id", "pin", "cvv", "cvc",
		"otp", "ip", "http", "https", "двухфактор", "злоумышлен", "противоправн", "денежные средства", "осуществ",
	},
	"kk": {
		"фишинг", "верифи", "аккаунт", "есептік жазба", "авториз", "идентиф", "сәйкестендір", "транзакц", "скам",
		"аутентиф", "домен", "логин", "токен", "антифрод", "дроппер", "дроп", "трафик", "браузер", "интерфейс",
		"контент", "спуфинг", "вишинг", "смишинг", "мессенджер", "реквизит", "девайс", "гаджет", "апк", "спам",
		"хакер", "троян", "сервер", "биометри", "url", "id", "pin", "cvv", "cvc", "otp", "ip", "http", "https",
		"қаскөй", "деректеме", "звонда", "скачать", "перевод", "қолданушы",
	},
}

func TestTextsHoldNoJargon(t *testing.T) {
	eachText(t, func(t *testing.T, lang, name, text string) {
		if official(name) || typed(name) {
			return
		}
		padded := " " + strings.Join(words(action.ReplaceAllString(text, " ")), " ") + " "
		for _, bad := range jargon[lang] {
			// A short Latin abbreviation is banned as a whole word, everything else as a beginning.
			needle := " " + bad
			if bad[0] < utf8.RuneSelf {
				needle += " "
			}
			if strings.Contains(padded, needle) {
				t.Errorf("%s/%s says %q: %q", lang, name, bad, text)
			}
		}
	})
}

// typed says that a text lists what people type: we read it, and never say it.
func typed(name string) bool {
	return strings.HasPrefix(name[strings.LastIndexByte(name, '.')+1:], "words_")
}

func words(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) })
}

func TestWordsAreWrittenInTheLettersOfTheirLanguage(t *testing.T) {
	const common = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
	alphabet := map[string]string{"ru": common, "kk": common + "әғқңөұүһі"}
	eachText(t, func(t *testing.T, lang, name, text string) {
		if name == "language_kk" || name == "language_ru" { // each language is called by its own name
			return
		}
		for _, word := range words(action.ReplaceAllString(text, " ")) {
			latin, cyrillic := 0, 0
			for _, r := range word {
				switch {
				case r < utf8.RuneSelf:
					latin++
				case strings.ContainsRune(alphabet[lang], r):
					cyrillic++
				default:
					t.Errorf("%s/%s: letter %q in %q", lang, name, r, word)
				}
			}
			if latin > 0 && cyrillic > 0 {
				t.Errorf("%s/%s: %q mixes Latin and Cyrillic letters", lang, name, word)
			}
		}
	})
}

func TestKazakhTextsAreKazakh(t *testing.T) {
	for name, text := range source(t, "kk") {
		if name != "language_ru" && len(words(action.ReplaceAllString(text, " "))) > 5 &&
			!strings.ContainsAny(strings.ToLower(text), "әғқңөұүһі") {
			t.Errorf("%s: no Kazakh letter in %q", name, text)
		}
	}
}

// TestNothingReassures keeps every promise out: that no signs were found is not that there are none. The word may stand
// only in quotation marks, as the word of a fraudster.
func TestNothingReassures(t *testing.T) {
	quoted := regexp.MustCompile(`«[^«»]*»`)
	promises := map[string][]string{
		"ru": {"безопасн", "можно доверять", "не волнуйтесь", "не беспокойтесь", "это не обман", "не мошенник", "всё в порядке"},
		"kk": {"қауіпсіз", "сенуге болады", "уайымдамаңыз", "алаңдамаңыз", "алаяқ емес", "бәрі жақсы"},
	}
	eachText(t, func(t *testing.T, lang, name, text string) {
		plain := strings.ToLower(quoted.ReplaceAllString(text, ""))
		for _, promise := range promises[lang] {
			if strings.Contains(plain, promise) {
				t.Errorf("%s/%s reassures: %q", lang, name, text)
			}
		}
	})
}

func TestNobodyIsBlamed(t *testing.T) {
	blame := map[string][]string{
		"ru": {"сами виноваты", "глуп", "наивн", "доверчив", "невнимательн", "жертв", "зачем вы", "ошиблись вы"},
		"kk": {"өзіңіз кінәлісіз", "аңқау", "сенгіш", "ақымақ", "құрбан", "неге сендіңіз"},
	}
	eachText(t, func(t *testing.T, lang, name, text string) {
		for _, word := range blame[lang] {
			if strings.Contains(strings.ToLower(text), word) {
				t.Errorf("%s/%s blames: %q", lang, name, text)
			}
		}
	})
}

func TestAdviceIsOnePoliteImperative(t *testing.T) {
	polite := map[string]*regexp.Regexp{
		"ru": regexp.MustCompile(`(?i)([йиь]те|тесь)([^а-яё]|$)|пусть`),
		"kk": regexp.MustCompile(`ңыз|ңіз|сын([^а-яәғқңөұүһі]|$)|сін([^а-яәғқңөұүһі]|$)`),
	}
	eachText(t, func(t *testing.T, lang, name, text string) {
		if !strings.HasPrefix(name, "advice.") {
			return
		}
		if !strings.HasSuffix(text, ".") || strings.Count(text, ". ") > 0 {
			t.Errorf("%s/%s is not one sentence: %q", lang, name, text)
		}
		if first, _ := utf8.DecodeRuneInString(strings.TrimPrefix(text, "«")); !unicode.IsUpper(first) {
			t.Errorf("%s/%s does not begin with a capital: %q", lang, name, text)
		}
		if !polite[lang].MatchString(text) {
			t.Errorf("%s/%s is no polite imperative: %q", lang, name, text)
		}
	})
}

func TestReasonsLeaveRoomForTheQuotation(t *testing.T) {
	eachText(t, func(t *testing.T, lang, name, text string) {
		if strings.HasPrefix(name, "reason.") && strings.ContainsAny(text[len(text)-1:], ".!:") {
			t.Errorf("%s/%s ends in punctuation: %q", lang, name, text)
		}
	})
}
