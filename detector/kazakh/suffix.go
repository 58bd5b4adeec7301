package kazakh

// class names what a suffix does. It decides what may stand to the left of it.
type class uint8

const (
	plural     class = iota
	poss             // possessive of the first and second person: my, your
	possOf           // the same of several or politely: our, your
	poss3            // possessive of the third person
	caseEnd          // case ending on any nominal
	dative           // separate from caseEnd: another stands after poss
	caseOfHis        // case ending in the form it takes after poss3
	caseOfMine       // dative in the form it takes after poss
	locative         // separate from caseEnd: a person may follow it
	relative         // -дағы "which is at"
	likeness         // -дай, -ша, -рақ
	lacking          // -сыз
	having           // -лы
	ordinal          // -ыншы
	person           // personal ending of a predicate
	present          // -а, -е, -й before a personal ending
	finite           // verb ending that closes a word
	participle       // -ған, -атын, -ар, -мақ: verb form that declines
	infinitive       // -у
	refusal          // -с after -ма: алмас
	negation         // -ма
	passive          // -ыл, -ын
	mutual           // -ыс
	oblique          // ending of a Russian noun
	question         // -ма, -ба, -па written together with the verb
	politeness       // -шы after an imperative
	rootNoun         // not a suffix: here a nominal root may end
	rootVerb         // not a suffix: here a verbal root may end
)

// classes is a set of class.
type classes uint32

func (s classes) has(c class) bool { return s>>c&1 != 0 }

func setOf(list ...class) classes {
	var s classes
	for _, c := range list {
		s |= 1 << c
	}
	return s
}

// What verbal endings and nominal endings attach to.
var (
	verbal   = setOf(rootVerb, negation, passive, mutual)
	verbNoun = setOf(participle, refusal, infinitive)
	namable  = verbNoun &^ setOf(refusal)
	nominal  = setOf(rootNoun, plural, poss, possOf, poss3, relative, lacking) | verbNoun
)

// atEnd holds the classes that may close a word.
var atEnd = ^setOf(present, passive, mutual)

// leftOf tells for each class what may stand to its left.
var leftOf = [rootNoun]classes{
	plural:     setOf(rootNoun, relative, lacking, having) | verbNoun,
	poss:       setOf(rootNoun, plural) | namable,
	possOf:     setOf(rootNoun, plural) | namable,
	poss3:      setOf(rootNoun, plural, relative, ordinal) | namable,
	caseEnd:    nominal | setOf(having),
	dative:     nominal&^setOf(poss, poss3) | setOf(having),
	caseOfHis:  setOf(poss3),
	caseOfMine: setOf(poss),
	locative:   nominal,
	relative:   setOf(rootNoun, plural, poss, possOf, participle, infinitive),
	likeness:   nominal | setOf(locative, having),
	lacking:    setOf(rootNoun, plural, infinitive),
	having:     setOf(rootNoun),
	ordinal:    setOf(rootNoun),
	person:     nominal | setOf(present, locative, having),
	present:    verbal,
	finite:     verbal,
	participle: verbal,
	infinitive: verbal,
	refusal:    setOf(negation),
	negation:   setOf(rootVerb, passive, mutual),
	passive:    setOf(rootVerb, mutual),
	mutual:     setOf(rootVerb),
	oblique:    setOf(rootNoun),
	question:   setOf(finite, person),
	politeness: setOf(rootVerb, finite, person),
}

// place is a set of sounds: the last sound of what stands left of a suffix.
type place uint16

const (
	vowel     place = 1 << iota
	glideU          // у
	glideI          // й: и after a vowel
	soundR          // р
	soundL          // л
	soundM          // м
	soundN          // н and ң
	soundZ          // з, ж
	soundK          // к and қ
	soundP          // п
	soundT          // т
	soundS          // с
	voiceless       // ф х ш
	foreign         // ч: only in loans, and Kazakh endings seldom follow
	stop            // б в г д: only in loans and before a vowel

	glide    = glideU | glideI
	hard     = soundK | soundP | soundT | soundS | voiceless | stop
	sonorant = glide | soundR | soundL | soundM | soundN | soundZ
	closed   = sonorant | hard | foreign
	anywhere = vowel | closed
)

// suffix is one ending in key letters. A stands for а after a back vowel and
// for е after a front one.
type suffix struct {
	text   string
	class  class
	after  place
	weight int16
}

// suffixes lists every ending the stemmer knows. Two more forms of each follow
// from the key and are made by endings: a key has no doubled letters, so адам+мен
// is "адамен" and the ending after м is "ен"; and й+ы is one и, so that all that
// is left of -ып after қой is "п" (қойып, "коип").
var suffixes = []suffix{
	// Plural: -лар, -дар, -тар.
	{"лAр", plural, vowel | glide | soundR, 9},
	{"дAр", plural, soundL | soundM | soundN | soundZ, 10},
	{"тAр", plural, hard, 9},

	// Possessive: -ым, -ың, -ымыз, -ыңыз, -ы, -сы.
	{"им", poss, closed, 5},
	{"м", poss, vowel, 0},
	{"ин", poss, closed, -4},
	{"н", poss, vowel, -5},
	{"имиз", possOf, closed, 8},
	{"миз", possOf, vowel, 6},
	{"иниз", possOf, closed, 10},
	{"низ", possOf, vowel, 3},
	{"и", poss3, closed, 3},
	{"си", poss3, vowel, 7},

	// Case: genitive, dative, accusative, ablative, instrumental.
	{"нин", caseEnd, vowel, 6},
	{"нин", caseOfHis, vowel | glideI, 11},
	{"нин", caseEnd, soundM | soundN, 8},
	{"дин", caseEnd, glide | soundR | soundL | soundZ, 9},
	{"тин", caseEnd, hard, 10},
	{"гA", dative, vowel | sonorant, 6},
	{"кA", dative, hard, 5},
	{"ни", caseEnd, vowel, 4},
	{"ди", caseEnd, sonorant, 3},
	{"ти", caseEnd, hard, 5},
	{"дAн", caseEnd, vowel | glide | soundR | soundL | soundZ, 7},
	{"тAн", caseEnd, hard, 12},
	{"нAн", caseEnd, soundM | soundN, 7},
	{"мен", caseEnd, vowel | glide | soundR | soundL | soundM | soundN, 8},
	{"менен", caseEnd, vowel | sonorant, 10},
	{"бен", caseEnd, soundZ, 8},
	{"пен", caseEnd, hard, 8},
	{"пенен", caseEnd, hard, 10},
	{"дA", locative, vowel | sonorant, 4},
	{"тA", locative, hard, 7},

	// The same after the possessive of the third person.
	{"н", caseOfHis, vowel | glideI, 0},
	{"нA", caseOfHis, vowel | glideI, 4},
	{"ндA", caseOfHis, vowel | glideI, 16},
	{"нAн", caseOfHis, vowel | glideI, 7},
	{"мен", caseOfHis, vowel | glideI, 8},
	{"ндAги", caseOfHis, vowel | glideI, 14},
	{"ндAи", caseOfHis, vowel | glideI, 9},
	{"ншA", caseOfHis, vowel | glideI, 6},
	// The dative after the first and second person: балам+а.
	{"A", caseOfMine, soundM | soundN, -4},

	// -дағы "which is at", -дай "like", -ша "in the manner of", -рақ "more",
	// -нікі "belonging to".
	{"дAги", relative, vowel | sonorant, 12},
	{"тAги", relative, hard, 12},
	{"дAи", likeness, vowel | sonorant, 6},
	{"тAи", likeness, hard, 6},
	{"рAк", likeness, vowel, 6},
	{"ирAк", likeness, closed, 7},
	{"ники", likeness, vowel | soundM | soundN, 8},
	{"дики", likeness, glide | soundR | soundL | soundZ, 8},
	{"тики", likeness, hard, 8},
	// Ordinals.
	{"инши", ordinal, closed, 10},
	{"нши", ordinal, vowel, 8},
	// -сыз "without"; -лы "with".
	{"сиз", lacking, anywhere, 9},
	{"ли", having, vowel | glide | soundR, -1},

	// Persons of a predicate: студентпін, барасың, келесіз.
	{"мин", person, vowel | glide | soundR | soundL | soundN, 7},
	{"бин", person, soundZ | soundM | soundN, 7},
	{"пин", person, hard, 7},
	{"син", person, anywhere, 12},
	{"сиз", person, anywhere, 8},
	{"миз", person, vowel | glide | soundR | soundL | soundN, 6},
	{"биз", person, soundZ | soundM | soundN, 7},
	{"пиз", person, hard, 7},
	{"синдAр", person, anywhere, 10},
	{"сиздAр", person, anywhere, 10},

	// Present: -а after a consonant, -й after a vowel, with its persons.
	{"A", present, closed, 2},
	{"и", present, vowel, 11},
	{"A", finite, closed, -6}, // the same as a converb
	{"и", finite, vowel, -3},
	{"Aди", finite, closed, 6},
	{"иди", finite, vowel, 11},
	{"Aм", finite, closed, 2},
	{"им", finite, vowel, 3},

	// Past: -ды, -ты with its persons.
	{"ди", finite, vowel | sonorant, 5},
	{"дим", finite, vowel | sonorant, 14},
	{"дин", finite, vowel | sonorant, 7},
	{"дик", finite, vowel, 20},
	{"дик", finite, sonorant, -2},
	{"диниз", finite, vowel | sonorant, 16},
	{"диниздAр", finite, vowel | sonorant, 14},
	{"диндAр", finite, vowel | sonorant, 12},
	{"ти", finite, hard, 5},
	{"тим", finite, hard, 10},
	{"тин", finite, hard, -5},
	{"тик", finite, hard, -4},
	{"тиниз", finite, hard, 10},
	{"тиниздAр", finite, hard, 14},
	{"тиндAр", finite, hard, 13},

	// Condition: -са with its persons.
	{"сA", finite, anywhere, 10},
	{"сAм", finite, anywhere, 7},
	{"сAн", finite, anywhere, 7},
	{"сAк", finite, anywhere, 7},
	{"сAниз", finite, anywhere, 7},
	{"сAниздAр", finite, anywhere, 14},

	// Converbs: -ып, -ғанша, -ғалы, and the hearsay past -ыпты.
	{"ип", finite, closed, 6},
	{"п", finite, vowel, 7},
	{"ипти", finite, closed, 11},
	{"пти", finite, vowel, 9},
	{"иптимин", finite, closed, 9},
	{"гAли", finite, vowel | sonorant, 8},
	{"кAли", finite, hard, 8},
	{"гAншA", finite, vowel | sonorant, 9},
	{"кAншA", finite, hard, 9},
	{"стAн", refusal, vowel, 7}, // -местен

	// Participles and other forms that decline.
	{"гAн", participle, vowel | sonorant, 15},
	{"кAн", participle, hard, 17},
	{"Aтин", participle, closed, 10},
	{"итин", participle, vowel, 10},
	{"Aр", participle, closed, 2},
	{"р", participle, vowel, -25},
	{"с", refusal, vowel, 0}, // -мас
	{"мAк", participle, vowel | sonorant, 9},
	{"пAк", participle, hard, 5},
	{"бAк", participle, soundZ, 5},
	{"мAкши", participle, vowel | sonorant, 9},
	{"пAкши", participle, hard, 9},
	{"бAкши", participle, soundZ, 9},
	{"уши", participle, anywhere, 3},
	{"гиси", finite, vowel | sonorant, 11},
	{"киси", finite, hard, 8},
	{"гим", finite, vowel | sonorant, 7},
	{"ким", finite, hard, 6},
	{"гин", finite, vowel | sonorant, -8},
	{"кин", finite, hard, -5},
	{"гиниз", finite, vowel | sonorant, 3},
	{"киниз", finite, hard, 9},
	{"у", infinitive, anywhere, 11},

	// Commands and wishes: -ңыз, -ңдар, -сын, -йық, -йын.
	{"иниз", finite, closed, 1},
	{"низ", finite, vowel, 11},
	{"иниздAр", finite, closed, 12},
	{"низдAр", finite, vowel, 12},
	{"индAр", finite, closed, 8},
	{"ндAр", finite, vowel, 9},
	{"син", finite, anywhere, 7},
	{"Aиик", finite, closed, 9},
	{"Aик", finite, closed, 12},
	{"ик", finite, vowel, 5},
	{"Aин", finite, closed, 12},
	{"ин", finite, vowel, 5},
	{"ши", politeness, anywhere, -1},

	// Questions written as one word: барасыңба.
	{"мA", question, vowel | glide | soundR | soundL, 4},
	{"бA", question, soundM | soundN | soundZ, 4},
	{"пA", question, hard, 4},

	// Negation.
	{"мA", negation, vowel | glide | soundR | soundL, 3},
	{"бA", negation, soundM | soundN | soundZ, 5},
	{"пA", negation, hard, 5},

	// Voice: passive and mutual.
	{"л", passive, vowel, 4},
	{"ил", passive, closed &^ soundL, 5},
	{"ин", passive, soundL, 4},
	{"с", mutual, vowel, 2},
	{"ис", mutual, closed, -2},
	{"н", passive, vowel, -5},

	// Russian endings on loans: карточкой.
	{"ои", oblique, closed, 4},
	{"у", oblique, soundK, 4},
}
