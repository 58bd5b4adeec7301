package entity

import (
	_ "embed"
	"fmt"
	"strings"
	"unicode"

	"github.com/aldanba/aldanba/detector/kazakh"
)

//go:embed names.txt
var namesTXT string

// nameTable maps the key of a first name to whether it is also an ordinary
// word. Keys unite Cyrillic, Russian-keyboard and Latin spellings.
type nameTable map[string]bool

func loadNames() (nameTable, error) {
	t := make(nameTable, 2048)
	for n, line := range strings.Split(namesTXT, "\n") {
		if strings.HasPrefix(line, "#") {
			continue
		}
		for _, w := range strings.Fields(line) {
			plain := strings.TrimPrefix(w, "~")
			key := kazakh.Key(plain)
			if key == "" || plain != strings.ToLower(plain) {
				return nil, fmt.Errorf("entity: names.txt:%d: want a name in lower case, got %q", n+1, w)
			}
			t[key] = t[key] || plain != w
		}
	}
	return t, nil
}

// Endings in key space, where й, ы and і are и, я is иа and ю is иу.
var (
	// Of a Russian name that ends in a consonant or in й.
	endingsHard = strings.Fields("а у ом ем е и иа иу иом ием ов ам ами")
	// Of a Russian name that ends in а or я, behind what is left without it.
	endingsSoft = strings.Fields("и е у ои оиу еи еиу иу ам ами ах")
	// Of a Kazakh name, behind the whole of it.
	endingsKazakh = strings.Fields("га ге ка ке на не да де та те дан ден тан тен нан нен ди ти ни дин тин нин мен бен пен " +
		"им им жан тои таи ш еке аке апа ага лар лер дар дер тар тер дики тики дикин")
	// What makes a surname of a first name, and the cases of it.
	endingsSurname = strings.Fields("ов ева ова ев ин ина ова ови овои евои инои ову еву ину ова ева ина ову овим евим иним " +
		"ову ови еви ине инои ове еве")
	patronymics = strings.Fields("ович евич овича евича овичу евичу овичем евичем овиче евиче " +
		"овна евна овни евни овне евне овну евну овнои евнои ична ичну ични ичне ичнои")
	kazakhPatronymics = strings.Fields("ули кизи улина кизина улинин кизинин улин кизин улимен кизимен улинан кизинан")
	kazakhSurnames    = strings.Fields("баев баева баеву баевои баевим баеве беков бекова бекову бековои бековим бекове " +
		"галиев галиева алиев алиева манов манова манову мановои ханов ханова ханову хановои иева ианов ианова улов иманов")
)

// neverNames are words that a form of a short name would swallow, by key.
var neverNames = map[string]bool{
	"или": true, "ему": true, "алмати": true, "алмата": true, "жене": true, "жена": true, "жену": true, "иран": true, "иране": true, "елине": true,
	"елдин": true, "машина": true, "машину": true, "машини": true, "машине": true, "машинои": true, "дастархан": true, "геро": true, "герои": true, "маи": true, "мае": true, "рома": true, "санди": true, "карта": true,
	"марте": true, "март": true, "алма": true, "яна": true, "али": true, "если": true, "сами": true, "сама": true, "меним": true,
	"астрахан": true, "азербаиджан": true, "андижан": true, "бурабаи": true, "барахан": true, "вулкан": true, "океан": true,
	"саган": true, "маган": true, "оган": true, "ева": true, "дине": true, "раби": true, "саниам": true, "сану": true, "семеи": true, "кимбати": true, "меиримди": true,
}

// formWords are words that are also a form of a name, by key: төлей is "pay" and
// the dative of a diminutive of Толя. They are names with a capital letter
// inside a sentence alone, else a judge would not read what is demanded.
var formWords = keySet("рука руки руку руке рукои руках руками ванои вану галочка галочку галочкои семена семенами степи " +
	"владика владик толе толеи толеген толегенде толегенге толегеннен толи табилди жанилди салу салам калам калу шакиру шакира шакиради " +
	"алинади алими алтинши устине дариге касимда коли оринбасари аидаиди салауат жараси жараса амали меирим " +
	"жандар жандарга жаканда жангали баисалди багилади салтанат салтанати дастан дастани арине адилет бебит беибит " +
	"жарилкасин тенгизге сале степе сони")

// maxName is the longest word in runes that can be a name.
const maxName = 28

// capitals says how a word is written.
type capitals uint8

const (
	small capitals = iota
	title
	upper
)

// nameWord is a word on the look-out for names.
type nameWord struct {
	start, end int
	caps       capitals
	first      bool // of its sentence
	near       bool // behind the word before it stands one space only
	name       bool
	known      bool // the lists have it, be it also an ordinary word
	key        string
}

// findNames claims first names, patronymics and the surnames beside them.
func (f *Finder) findNames(v *view) {
	var window [3]nameWord // the last words, the newest at the end
	for i := 0; i < len(v.low); {
		if v.used[i] || !isLetter(v.low[i]) {
			i++
			continue
		}
		j := i
		for j < len(v.low) && !v.used[j] && isLetter(v.low[j]) {
			j++
		}
		w := nameWord{start: i, end: j}
		w.near = window[2].end > 0 && v.near(window[2].end, i)
		if j-i <= maxName && j-i > 1 {
			w.caps, w.first = v.capitals(i, j), v.startsSentence(i)
			w.key = kazakh.Key(string(v.low[i:j]))
			w.name = f.names.isName(&w, w.near && (window[2].name || announces[window[2].key]))
		}
		v.joinNames(&window, &w)
		if w.caps != small && j-i > 2 && !v.used[i] && v.besideInitials(&w) {
			v.claim(span{kind: name, start: i, end: j, suspect: true})
		}
		copy(window[:], window[1:])
		window[2] = w
		i = j
	}
}

// joinNames claims w if it is a name, and a surname beside a name.
func (v *view) joinNames(window *[3]nameWord, w *nameWord) {
	last := &window[2]
	switch {
	case w.near && last.known && !last.name && last.caps == title && honours[w.key]:
		v.claim(span{kind: name, start: last.start, end: last.end, suspect: true})
	case w.name:
		if w.near && !last.name && last.caps == title && (!last.first || certainSurname(last.key)) && last.end-last.start > 2 && !commonTitle(last.key) {
			v.claim(span{kind: name, start: last.start, end: last.end, suspect: true})
		}
		v.claim(span{kind: name, start: w.start, end: w.end, suspect: true})
	case w.near && last.name && w.caps != small && w.end-w.start > 2 && (w.caps == title && !commonTitle(w.key) || surnameLike(w.key)):
		w.name = surnameLike(w.key)
		v.claim(span{kind: name, start: w.start, end: w.end, suspect: true})
	}
}

// besideInitials reports whether two initials stand before the word or, if it
// ends as surnames do, behind it: А. Б. Сейтов, Сейтова А.Б.
func (v *view) besideInitials(w *nameWord) bool {
	initial := func(i int) bool {
		return v.at(i) != 0 && isLetter(v.low[i]) && v.cased[i] != v.low[i] && !isAlnum(v.at(i-1)) && v.at(i+1) == '.'
	}
	space := func(i int) int {
		if v.at(i) == ' ' {
			return 1
		}
		return 0
	}
	if first := w.end + space(w.end); first > w.end && surnameLike(w.key) && initial(first) && initial(first+2+space(first+2)) {
		return true
	}
	second := w.start - space(w.start-1) - 2
	return second < w.start && initial(second) && initial(second-space(second-1)-2) && !commonTitle(w.key)
}

// near reports whether one space (or a hyphen) joins two words.
func (v *view) near(end, start int) bool {
	return start-end == 1 && (v.low[end] == ' ' || v.low[end] == '-')
}

func (v *view) capitals(i, j int) capitals {
	if v.cased[i] == v.low[i] {
		return small
	}
	if v.cased[j-1] != v.low[j-1] && j-i > 1 {
		return upper
	}
	return title
}

// startsSentence reports whether nothing, or the end of a sentence, stands
// before the word at i.
func (v *view) startsSentence(i int) bool {
	for i--; i >= 0; i-- {
		switch r := v.low[i]; {
		case r == ' ' || r == '"' || r == '«' || r == '(' || r == '“' || r == '*' || r == '_':
		case r == ',' || r == '-' || r == barrier || isAlnum(r) || v.used[i]:
			return false
		default:
			return true // . ! ? … : a line break, an emoji
		}
	}
	return true
}

// isName reports whether w is a first name, a patronymic or a surname made of
// a first name. beside says that a name stands right before it.
func (t nameTable) isName(w *nameWord, beside bool) bool {
	if neverNames[w.key] {
		return false
	}
	bold := w.caps == title && !w.first || beside && w.caps != small
	if found, ambiguous, length := t.lookup(w.key); found {
		w.known = true
		switch {
		case bold:
			return true
		case ambiguous || formWords[w.key]:
			return false
		case w.caps != small:
			return length >= 8
		}
		return length >= 10 // ten bytes are five Cyrillic letters
	}
	if stem, ok := cutAny(w.key, patronymics); ok { // "болатовна", be it without a capital
		for _, back := range [...]string{"", "а", "и", "иа"} {
			if _, ok := t[stem+back]; ok && len(stem) >= 6 {
				return true
			}
		}
		if beside && len(w.key) >= 14 {
			return true
		}
	}
	if w.caps == small && !beside {
		return false
	}
	if bold && isCompound(w.key) {
		return true
	}
	if stem, ok := cutAny(w.key, kazakhPatronymics); ok {
		if found, _, _ := t.lookup(stem); found {
			return true
		}
	}
	if _, ok := cutAny(w.key, patronymics); ok && len(w.key) >= 14 && (bold || w.caps == upper) {
		return true
	}
	if stem, ok := cutAny(w.key, endingsSurname); ok && len(stem) >= 6 && (bold || w.caps == title) {
		for _, back := range [...]string{"", "а", "и", "иа"} {
			if _, ok := t[stem+back]; ok {
				return true
			}
		}
	}
	if stem, ok := cutAny(w.key, kazakhSurnames); ok && len(stem) >= 4 && bold {
		return true
	}
	return false
}

// compounds are the words that Kazakh names end in, behind another word.
var compounds = strings.Fields("бек жан хан гали кали магамбет мухамбет мухамед мухамет гул бике султан болат даулет асил баи")

// isCompound reports whether the key of a capitalised word is made like a
// Kazakh name, in any case: Досмағамбеттен, Кадыржана.
func isCompound(key string) bool {
	made := func(key string) bool {
		stem, ok := cutAny(key, compounds)
		return ok && len(stem) >= 6 && !neverNames[key]
	}
	if made(key) {
		return true
	}
	for _, endings := range [...][]string{endingsKazakh, endingsHard} {
		for _, e := range endings {
			if stem, ok := strings.CutSuffix(key, e); ok && made(stem) {
				return true
			}
		}
	}
	return false
}

// lookup finds the name of which key is a form: its length in bytes tells how
// likely a chance is.
func (t nameTable) lookup(key string) (found, ambiguous bool, length int) {
	if ambiguous, found = t[key]; found {
		return true, ambiguous, len(key)
	}
	if rest, ok := strings.CutPrefix(key, "ие"); ok { // Yerlan, Yelena
		if ambiguous, found = t["е"+rest]; found {
			return true, ambiguous, len(rest)
		}
	}
	try := func(stem string) bool {
		if len(stem) < 6 {
			return false
		}
		if ambiguous, found = t[stem]; found {
			length = len(stem)
		}
		return found
	}
	for _, e := range endingsKazakh {
		if stem, ok := strings.CutSuffix(key, e); ok && try(stem) {
			return true, ambiguous, length
		}
	}
	for _, e := range endingsHard {
		if stem, ok := strings.CutSuffix(key, e); ok && (!strings.HasSuffix(stem, "а") && try(stem) || try(stem+"и")) {
			return true, ambiguous, length
		}
	}
	for _, e := range endingsSoft {
		if stem, ok := strings.CutSuffix(key, e); ok && (try(stem+"а") || try(stem+"иа")) {
			return true, ambiguous, length
		}
	}
	return false, false, 0
}

func cutAny(key string, endings []string) (string, bool) {
	for _, e := range endings {
		if stem, ok := strings.CutSuffix(key, e); ok && stem != "" {
			return stem, true
		}
	}
	return key, false
}

// surnameLike reports whether a key ends as surnames do.
func surnameLike(key string) bool {
	if r := []rune(key); len(r) < 5 || !unicode.IsLetter(r[0]) {
		return false
	}
	for _, e := range surnameEndings {
		if strings.HasSuffix(key, e) {
			return true
		}
	}
	return false
}

var surnameEndings = strings.Fields("ов ова ову овои овим ев ева еву евои евим ин ина ину инои иним ски ская скаиа скои ского скому " +
	"енко чук иук ко ули кизи баи бек ианц ан швили дзе ич тегин хан")

// announces are words in front of a name, by key: relatives and "is called".
var announces = keySet("тетиа тете тетиу диадиа диаде диадиу бабушка бабушке дедушка дедушке сестра сестре брат брату мама маме внук внуку " +
	"внучка дочка син друг подруга сосед соседка зовут зват назвали имени имиа агам апам анам инисим досим курбим есими ати бауирим")

// honours are words behind a name, by key: the Kazakh ways to address an elder.
var honours = keySet("апаи апа агаи ага ата аже коке тате женге жезде апке мугалим агам апам агага апага апаига агаига аканин аганин апанин агаидин апаидин аженин татенин")

func keySet(list string) map[string]bool {
	set := map[string]bool{}
	for _, key := range strings.Fields(list) {
		set[key] = true
	}
	return set
}

// certainSurname reports whether a key can hardly be anything but a surname,
// even at the start of a sentence, where every word has its capital.
func certainSurname(key string) bool {
	_, ok := cutAny(key, certainEndings)
	return ok && len(key) >= 10
}

var certainEndings = strings.Fields("ов ова ову овои овим ев ева еву евои евим ски ская скаиа скои ского скому енко чук дзе швили иан тегин")

// commonTitle reports whether a capitalised word beside a name is an address
// or an organisation and not a surname.
func commonTitle(key string) bool {
	switch key {
	case "банк", "каспи", "халик", "евразииски", "форте", "госпожа", "господин", "уважаемаиа", "уважаеми", "здравствуите", "добри",
		"привет", "салем", "саламатсизба", "саламатсиз", "курметти", "мама", "папа", "ата", "апа", "ага", "аже", "тате", "менеджер", "банка", "ваш", "ваша",
		"президент", "президенти", "министр", "директор", "следовател", "капитан", "маиор", "леитенант", "доктор", "академик",
		"сиз", "мен", "вам", "ви", "иа", "как", "на", "по", "из", "это", "егов", "егоу", "казпочта", "казахтелеком":
		return true
	}
	return false
}
