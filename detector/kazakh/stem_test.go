package kazakh

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// TestEndingsMeetTheirWord holds one line for each step of ALGORITHM.md: every
// form on it must have the stem of the first.
func TestEndingsMeetTheirWord(t *testing.T) {
	for step, forms := range map[string]string{
		"plural":                      "үй үйлер үйлерге · бала балалар · қыз қыздар · ат аттар · дос достар",
		"possessive":                  "көше көшем көшеңіз көшесі көшеміз · дос досым досыңыз досымыз · әпке әпкең әпкелеріңіз",
		"genitive":                    "көше көшенің · дос достың · үй үйдің · адам адамның · нан нанның",
		"dative":                      "көше көшеге · дос досқа · үй үйге · банк банкке · терек терекке",
		"accusative":                  "көше көшені · дос досты · қыз қызды · хат хатты",
		"locative":                    "көше көшеде · дос доста · қыз қызда · хат хатта",
		"ablative":                    "көше көшеден · дос достан · нан наннан · хат хаттан",
		"instrumental":                "көше көшемен · дос доспен · қыз қызбен · адам адаммен",
		"case after the third person": "дос досын досына досында досынан досымен досының досындағы",
		"dative after the first":      "дос досыма досыңа · көше көшеме",
		"й swallows ы":                "май майы майына майында · тоғай тоғайы тоғайында",
		"where it is":                 "қала қаладағы қалаларындағы · дүкен дүкендегі",
		"like, more, without":         "арыстан арыстандай · арзан арзанырақ · тұз тұзсыз",
		"whose":                       "көрші көршінікі · дос достікі",
		"ordinal":                     "бес бесінші · алты алтыншы",
		"person of a noun":            "дәрігер дәрігермін дәрігерсіз дәрігерміз",
		"present":                     "бер береді беремін бересіз береміз бере · жаса жасайды жасаймын жасаймыз",
		"past":                        "бер бердім бердіңіз берді бердік · жаз жаздыңыздар · кет кетті кеттім",
		"condition":                   "бер берсе берсем берсеңіз берсек · бас басса бассаңыз",
		"converbs":                    "бер беріп бергенше бергелі беріпті · сұра сұрап",
		"participles":                 "бер берген бергендер бергенін берер беретін бермек бермекші · шық шыққан шыққанда",
		"verbal noun":                 "бер беру беруге беруді беруіңіз · төле төлеу төлеуге",
		"command and wish":            "бер беріңіз беріңіздер берсін берейін берейік бергім бергісі · төле төлеңіз төлеңдер",
		"negation":                    "бер бермеңіз бермеді бермейді бермес бермеген · сат сатпа сатпаңыз · жаз жазбаңыз",
		"passive":                     "бер берілді берілген · сақта сақталды сақталған · сал салынды салынған",
		"politeness and question":     "бер берші беріңізші бересізбе",
		"voiced before a vowel":       "кітап кітабы кітабым · тізбек тізбегі · сабақ сабағы · шық шығады шығып · тік тігеді",
		"vowel lost":                  "орын орны орнына · ерін ерні · халық халқы · дауыс даусы · мүлік мүлкі",
		"doubled letter lost":         "ет еттен еттің етке · қап қаппен · қазақ қазаққа",
		"pronouns":                    "мен маған мені менің · сен саған сенің · бұл мұны бұған · сол соған сонда",
		"Russian endings":             "ссылка ссылки ссылку ссылкой ссылкаға ссылканы · карточка карточкой карточкаңыз",
		"unlisted noun":               "бразильялық бразильялықтар · стратегия стратегияны стратегиясына · павильон павильонда павильондары",
		"unlisted verb":               "модельдеу модельдеді модельдеп модельдейді модельдеген",
	} {
		t.Run(step, func(t *testing.T) {
			for _, group := range strings.Split(forms, " · ") {
				words := strings.Fields(group)
				want := Stem(words[0])
				for _, w := range words[1:] {
					if got := Stem(w); got != want {
						t.Errorf("Stem(%q) = %q, but Stem(%q) = %q", w, got, words[0], want)
					}
				}
			}
		})
	}
}

func TestSpellingsMeet(t *testing.T) {
	for _, line := range []string{
		"аударыңыз аударыныз audaryńyz audaryñyz audarynyz audariniz",
		"картаңызды картанызды kartanyzdy kartañyzdy",
		"жіберіңіз жибериниз zhiberiniz jiberiñiz",
		"қауіпсіздік кауипсиздик qauipsizdik kauipsizdik",
		"шотыңызға шотынызга shotynyzgha shotyñyzğa",
		"КӨШЕДЕ көшеде кошеде köşede koshede",
	} {
		words := strings.Fields(line)
		want := Stem(words[0])
		for _, w := range words[1:] {
			if got := Stem(w); got != want {
				t.Errorf("Stem(%q) = %q, but Stem(%q) = %q", w, got, words[0], want)
			}
		}
	}
}

func TestDifferentWordsStayApart(t *testing.T) {
	for _, line := range []string{
		"бала бал", "ата ат", "қала қал", "апа ап", "жеке жек", "сана сан", "кеше кеш", "алма ал",
		"карта қарт", "қазан қаз", "орман ор", "туған ту_", "тұман тұ_", "адам ада", "төлем төле",
		"нөмір нөл", "алаяқ аяқ", "шот шат", "банк бақ", "көрші көр", "жаңа жан", "баспа бас",
	} {
		words := strings.Fields(strings.ReplaceAll(line, "_", ""))
		if a, b := Stem(words[0]), Stem(words[1]); a == b {
			t.Errorf("%q and %q both have the stem %q", words[0], words[1], a)
		}
	}
}

func TestWhatIsNoWordIsItsOwnStem(t *testing.T) {
	for _, w := range []string{"", "4", "1414", "e-gov", "5-ші", "你好", "а", "он", strings.Repeat("лар", 20)} {
		if got, want := Stem(w), Key(w); got != want {
			t.Errorf("Stem(%q) = %q, want %q", w, got, want)
		}
	}
}

func TestAppendStemKeepsTheDestination(t *testing.T) {
	if got := string(AppendStem([]byte("х "), []byte("достар"))); got != "х дос" {
		t.Errorf("AppendStem = %q, want the prefix untouched", got)
	}
}

func TestStemDoesNotAllocateIntoARoomySlice(t *testing.T) {
	dst := make([]byte, 0, 64)
	key := AppendKey(nil, "аударыңыздаршы")
	if n := testing.AllocsPerRun(100, func() { dst = AppendStem(dst[:0], key) }); n != 0 {
		t.Errorf("AppendStem allocates %v times", n)
	}
}

func FuzzStem(f *testing.F) {
	for _, w := range append([]string{"ағылшыншадан", "өткізілмейтіндіктен", "иииии", "йьй", "щщ", "ъ", "\xff", "лллл", "мамама"}, prose...) {
		f.Add(w)
	}
	f.Fuzz(func(t *testing.T, word string) {
		key := AppendKey(nil, strings.ToLower(word))
		stem := AppendStem(nil, key)
		if len(key) > 0 && len(stem) == 0 {
			t.Errorf("the stem of %q is empty", key)
		}
		if utf8.RuneCount(stem) > utf8.RuneCount(key)+1 {
			t.Errorf("the stem of %q is longer: %q", key, stem)
		}
		if !utf8.Valid(stem) {
			t.Errorf("the stem of %q is not valid UTF-8: %q", key, stem)
		}
		AppendStem(nil, []byte(word)) // a key from elsewhere must not do harm
	})
}
