// Package scheme knows the fraud schemes: the catalogue of what they are and
// the rule packs that recognise their traces, compiled into one matcher.
//
// Packs are data (TOML files under packs/, more from a directory at run time).
// A pack declares word classes and rules. A class is a set of words and short
// phrases with one meaning, Russian and Kazakh side by side; a rule says which
// classes must stand near each other, how much that tells, which schemes it
// speaks for, and carries examples that must and must not match.
//
// The package reads analysed text ([text.Document]) and marks found by others
// (entities, facts about links). It decides nothing: it answers which rules
// hold and where, and the detector turns that into a verdict.
package scheme

// Kind is the part that a rule plays in a message.
type Kind string

// The kinds of rules. Identity, story, demand, pressure and evidence raise the
// risk, counter lowers it; stage and intent say what the person has done and
// wants, and carry no weight.
const (
	Identity Kind = "identity" // who the sender claims to be
	Story    Kind = "story"    // the pretext
	Demand   Kind = "demand"   // what the person is asked to do
	Pressure Kind = "pressure" // hurry, fear, secrecy, reward
	Evidence Kind = "evidence" // technical traces: links, files, disguise
	Counter  Kind = "counter"  // signs of a genuine message
	Combo    Kind = "combo"    // rules that hold together
	Stage    Kind = "stage"    // what has already happened
	Intent   Kind = "intent"   // what the person wants of the bot
	Beat     Kind = "beat"     // a step of a long story that judges nothing alone
	Learned  Kind = "learned"  // the learned model; no pack may claim it
)

func (k Kind) valid() bool {
	switch k {
	case Identity, Story, Demand, Pressure, Evidence, Counter, Combo, Stage, Intent, Beat:
		return true
	}
	return false
}

// Hard says that the rule is hard evidence: neither counter-evidence nor a judge
// nor what the person answers takes it back.
func (r *Rule) Hard() bool { return r.Floor == "suspicious" || r.Floor == "scam" }

// Rule is one rule of a pack, as written in the file.
type Rule struct {
	ID      string   `toml:"id"`
	Kind    Kind     `toml:"kind"`
	Weight  float64  `toml:"weight"`  // log-odds; negative for counter-evidence
	Reason  string   `toml:"reason"`  // id of the sentence that explains it to the person
	Wants   string   `toml:"wants"`   // id of the demand
	Schemes []string `toml:"schemes"` // schemes that it speaks for
	Stage   string   `toml:"stage"`   // for kind stage
	Intent  string   `toml:"intent"`  // for kind intent
	Floor   string   `toml:"floor"`   // "suspicious" or "scam": hard evidence that counter-evidence cannot talk away; "doubt": suspicious until more is known

	RU  []string `toml:"ru"`  // patterns whose bare words are Russian
	KK  []string `toml:"kk"`  // patterns whose bare words are Kazakh
	Any []string `toml:"any"` // patterns of classes and marks only

	Needs  []string `toml:"needs"`  // ids or id prefixes ("identity") of rules that must hold too, all of them
	Unless []string `toml:"unless"` // ids or id prefixes of rules of which none may hold

	MatchRU  []string `toml:"match_ru"` // examples that must fire the rule
	MatchKK  []string `toml:"match_kk"`
	RejectRU []string `toml:"reject_ru"` // examples that must not
	RejectKK []string `toml:"reject_kk"`

	Added bool   `toml:"-"` // it came from a directory, not with the program
	Pack  string `toml:"-"` // file that it came from
	Line  int    `toml:"-"` // line of its id in that file

	rank int // see Rank
}

// Rank orders rules by how much they tell, for or against: a thousandth of the
// log-odds is one.
func (r *Rule) Rank() int { return r.rank }

// Class is a set of words and phrases with one meaning.
type Class struct {
	RU []string `toml:"ru"`
	KK []string `toml:"kk"`
	// Any holds words that are spelt the same in both languages and brand
	// names; a bare word there is the very word.
	Any []string `toml:"any"`
}

// Mark is something found in the text by another package: an entity
// ("card", "link") or a fact about a link ("link.lookalike").
type Mark struct {
	Name       string
	Start, End int  // byte span in the original text
	Hide       bool // words inside the span are not matched (the words of an address)
}

// Hit says that a rule holds and where.
type Hit struct {
	Rule       *Rule
	Place      int // of the rule among Rules
	Start, End int // byte span in the original text; equal when the rule rests on other rules alone
}
