package detector

import (
	"strings"
	"unicode/utf8"

	"github.com/aldanba/aldanba/detector/entity"
	"github.com/aldanba/aldanba/detector/link"
	"github.com/aldanba/aldanba/detector/scheme"
	"github.com/aldanba/aldanba/detector/text"
)

// linkMarks names everything that can be known of a link, once.
func linkMarks() map[string]string {
	names := map[string]string{}
	for _, class := range link.Classes() {
		names[string(class)] = "link." + string(class)
	}
	for _, fact := range link.Facts() {
		names[string(fact)] = "link." + string(fact)
	}
	return names
}

// mark turns entities, facts about links and disguise into marks for the rules.
func (d *Detector) mark(marks []scheme.Mark, v *Verdict, doc *text.Document) []scheme.Mark {
	if n := countLinks(v.Entities); n > 0 {
		v.Links = make([]link.Finding, 0, n)
	}
	for _, e := range v.Entities {
		hide := e.Kind == entity.Link || e.Kind == entity.Email || e.Kind == entity.Telegram
		marks = append(marks, scheme.Mark{Name: string(e.Kind), Start: e.Start, End: e.End, Hide: hide})
		switch {
		case e.Kind == entity.Link:
			finding := d.links.Inspect(e.Value)
			v.Links = append(v.Links, finding)
			if finding.Class == link.Official && finding.Confidence == "recall" {
				// Nobody has confirmed this row of the table: it excuses nothing.
				break
			}
			marks = append(marks, scheme.Mark{Name: d.linkMarks[string(finding.Class)], Start: e.Start, End: e.End})
			for _, fact := range finding.Facts {
				marks = append(marks, scheme.Mark{Name: d.linkMarks[string(fact)], Start: e.Start, End: e.End})
			}
		case e.Kind == entity.Phone && e.Foreign:
			marks = append(marks, scheme.Mark{Name: markForeign, Start: e.Start, End: e.End})
		}
	}
	if n := len(doc.Tokens); n > 0 && n <= shortWords {
		marks = append(marks, scheme.Mark{Name: markShort, Start: doc.Tokens[0].Start, End: doc.Tokens[n-1].End})
	}
	if isBareLink(doc, v) {
		marks = append(marks, scheme.Mark{Name: markBareLink})
	}
	for i := range doc.Tokens {
		t := &doc.Tokens[i]
		if t.Undone&(text.Homoglyph|text.Digit|text.Apart|text.Hidden|text.Styled) != 0 {
			marks = append(marks, scheme.Mark{Name: markDisguise, Start: t.Start, End: t.End})
		}
	}
	return marks
}

// shortWords is how many words a message has at most that tells no story: who
// writes no more than "the bank is calling" may be too frightened to write more.
const shortWords = 6

// fewBeside is how many words beside a link say nothing about it.
const fewBeside = 2

// isBareLink says that a message is a link and hardly a word: what a QR code
// holds.
func isBareLink(doc *text.Document, v *Verdict) bool {
	if len(v.Links) == 0 {
		return false
	}
	beside := 0
	for i, next := 0, 0; i < len(doc.Tokens); i++ {
		for next < len(v.Entities) && v.Entities[next].End <= doc.Tokens[i].Start {
			next++
		}
		if next < len(v.Entities) && v.Entities[next].Kind == entity.Link && v.Entities[next].Start <= doc.Tokens[i].Start {
			continue
		}
		if beside++; beside > fewBeside {
			return false
		}
	}
	return true
}

func countLinks(entities []entity.Entity) int {
	n := 0
	for _, e := range entities {
		if e.Kind == entity.Link {
			n++
		}
	}
	return n
}

// isText refuses what is no text at all: a program, a picture. One byte in
// twenty may be broken.
func isText(s string) bool {
	broken := strings.Count(s, "\x00")
	if !utf8.ValidString(s) {
		for i := 0; i < len(s); {
			r, size := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && size == 1 {
				broken++
			}
			i += size
		}
	}
	return broken*20 <= len(s)
}

// tooShort says that there is too little to judge: neither words that could
// carry a meaning nor an identifier to look at.
func tooShort(doc *text.Document, v *Verdict) bool {
	if len(v.Entities) > 0 {
		return false
	}
	words := 0
	for i := range doc.Tokens {
		if utf8.RuneCountInString(doc.Tokens[i].Norm) >= 2 && strings.ContainsFunc(doc.Tokens[i].Norm, isLetter) {
			words++
		}
	}
	return words < 3
}

func isLetter(r rune) bool { return r >= 'a' && r <= 'z' || r >= 0x80 }
