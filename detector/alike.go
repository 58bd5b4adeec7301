package detector

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"strings"
	"unicode"

	"github.com/aldanba/aldanba/detector/entity"
	"github.com/aldanba/aldanba/detector/scheme"
	"github.com/aldanba/aldanba/detector/text"
)

// Likeness tells whether two messages are nearly the same.
type Likeness struct {
	// Words are the stems of the message as Redact leaves it, in their order;
	// all numbers are one word. There are none where no other message may be taken
	// for this one: it gives orders to its checker, so that what it makes a judge
	// say concerns it alone, or its payees are too many to know them all.
	Words []string
	// Facts is a digest of what must be the same: links, payees (cards, accounts,
	// telephones, handles, codes and whatever else could be one), demands, what speaks
	// against a fraud, what is denied, and what the person wants and has done.
	Facts [sha256.Size]byte
}

const (
	maxWords = 1000 // of a likeness
	// maxNamed is how many identifiers a message may have whose payees are known:
	// fewer than are looked for.
	maxNamed = 200
	// leastAccount is how many digits a telephone or an account has.
	leastAccount = 9
)

// likeness works out what tells near-duplicates of a verdict's text.
func (d *Detector) likeness(v *Verdict, mask *entity.Mask) Likeness {
	doc := d.analyzer.Parse(mask.Text)
	defer doc.Release()
	var l Likeness
	words := doc.Tokens[:min(len(doc.Tokens), maxWords)]
	if manipulates(v) || len(v.Entities) > maxNamed {
		words = nil
	}
	for i := range words {
		l.Words = append(l.Words, stemOf(&words[i], doc.Lang))
	}
	denials := scheme.Denials(doc) // what is denied twice is another thing than once
	slices.Sort(denials)
	facts := []string{"stage " + string(v.Stage), "intent " + string(v.Intent), "denied " + strings.Join(denials, ", ")}
	for _, s := range v.Signals {
		if s.Rule.Kind == scheme.Demand || s.Rule.Kind == scheme.Counter {
			facts = append(facts, "rule "+s.Rule.ID)
		}
	}
	for _, e := range v.Entities {
		switch {
		case e.Kind == entity.Amount && digits(e.Value) < leastAccount: // a sum names no payee
		case e.Kind == entity.Link:
			_, place, found := strings.Cut(e.Value, "://")
			if !found {
				place = e.Value
			}
			facts = append(facts, "link "+strings.TrimSuffix(place, "/"))
		default: // codes, too: beside words about codes a telephone may be taken for one
			facts = append(facts, string(e.Kind)+" "+e.Value)
		}
	}
	facts = append(facts, hiddenNumbers(v.text, mask)...)
	l.Facts = digestOf(append(facts, oddWords(mask.Text)...))
	return l
}

// stemOf gives the stem of a word in a text of a language; all numbers are one.
func stemOf(t *text.Token, lang text.Lang) string {
	switch {
	case strings.Trim(t.Norm, "0123456789") == "":
		return "0"
	case lang == text.Russian:
		return cmp.Or(t.RU, t.Key)
	}
	return cmp.Or(t.KK, t.RU, t.Key)
}

func digits(s string) (n int) {
	for _, r := range s {
		if unicode.IsDigit(r) {
			n++
		}
	}
	return n
}

// digestOf gives a digest of a set of strings.
func digestOf(set []string) (sum [sha256.Size]byte) {
	slices.Sort(set)
	h := sha256.New()
	for _, s := range slices.Compact(set) {
		h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(s))))
		h.Write([]byte(s))
	}
	h.Sum(sum[:0])
	return sum
}

// hiddenNumber is what Redact writes for a long number of no known kind.
const hiddenNumber = "[number]"

// hiddenNumbers gives the long numbers of no known kind: any may be an account.
func hiddenNumbers(message string, mask *entity.Mask) (all []string) {
	for at := 0; ; {
		i := strings.Index(mask.Text[at:], hiddenNumber)
		if i < 0 {
			return all
		}
		from, to := mask.Source(at+i, at+i+len(hiddenNumber))
		all = append(all, "number "+strings.Join(strings.Fields(message[from:to]), ""))
		at += i + len(hiddenNumber)
	}
}

// leastOdd is how many signs a word of letters and digits has that may be the
// address of a wallet or an account which nobody recognised.
const leastOdd = 10

// oddWords gives the long words that mix Latin letters and digits.
func oddWords(s string) (all []string) {
	for word := range strings.FieldsFuncSeq(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		if len(word) >= leastOdd && strings.ContainsFunc(word, unicode.IsDigit) && strings.ContainsAny(word, latinLetters) {
			all = append(all, "odd "+word)
		}
	}
	return all
}

const latinLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
