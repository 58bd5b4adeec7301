package scheme

import (
	"strings"

	"github.com/aldanba/aldanba/detector/text"
)

// Denials gives what a text denies, in its order: every word that denies with
// its neighbour on the side on which it denies, and every Kazakh word that may
// carry the negative suffix. It rather gives too much than too little: two texts
// of which one denies what the other says never give the same.
func Denials(doc *text.Document) []string {
	var all []string
	for i := range doc.Tokens {
		token := &doc.Tokens[i]
		what := particles[token.Norm]
		if what&denies != 0 {
			all = append(all, token.Norm+" "+keyAt(doc, i+1))
		}
		if what&postDenies != 0 {
			all = append(all, keyAt(doc, i-1)+" "+token.Norm)
		}
		if after, ok := strings.CutPrefix(token.Key, token.KK); ok && token.KK != "" && deniedBySuffix(token.KK, after) {
			all = append(all, token.Key)
		}
	}
	return all
}

// keyAt gives the key of a word, nothing where there is none.
func keyAt(doc *text.Document, i int) string {
	if i < 0 || i >= len(doc.Tokens) {
		return ""
	}
	return doc.Tokens[i].Key
}
