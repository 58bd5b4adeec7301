package detector

import (
	"slices"
	"strings"

	"github.com/aldanba/aldanba/detector/scheme"
	"github.com/aldanba/aldanba/detector/text"
)

const (
	// leastWords is the shortest paragraph that is judged by itself.
	leastWords = 6
	// longText is from how many words on a paragraph is judged in runs.
	longText = 128
	// pieceWords holds a story with its demand; pieces overlap by what
	// pieceStep leaves, so that neither is cut from the other.
	pieceWords = 48
	pieceStep  = 24
)

// piece is a part of a text, in bytes.
type piece struct{ start, end int }

// pieces cuts a text of several paragraphs into these, and a long paragraph
// into overlapping runs of words, because many harmless words around a
// dangerous message outweigh it where all are judged together.
func pieces(message string, tokens []text.Token) []piece {
	if len(tokens) < 2*leastWords {
		return nil
	}
	var cut []piece
	first := 0
	for i := range tokens {
		last := i+1 == len(tokens)
		if !last && !strings.Contains(message[tokens[i].End:tokens[i+1].Start], "\n") {
			continue
		}
		if i+1-first >= leastWords && (first > 0 || !last || len(tokens) > longText) {
			cut = appendRuns(cut, tokens[first:i+1])
		}
		first = i + 1
	}
	return cut
}

// appendRuns adds a paragraph as it is or, where it is long, in runs of words.
func appendRuns(cut []piece, tokens []text.Token) []piece {
	if len(tokens) <= longText {
		return append(cut, piece{start: tokens[0].Start, end: tokens[len(tokens)-1].End})
	}
	for first := 0; ; first += pieceStep {
		last := min(first+pieceWords, len(tokens))
		cut = append(cut, piece{start: tokens[first].Start, end: tokens[last-1].End})
		if last == len(tokens) {
			return cut
		}
	}
}

// appendUnopposed adds the runs of sentences without counter-evidence, where
// other sentences have some: who writes "the bank never asks for codes" before
// asking for one is judged by what he asks. A genuine warning describes the
// scheme in the sentences that warn.
func appendUnopposed(cut []piece, v *Verdict, tokens []text.Token) []piece {
	if !slices.ContainsFunc(v.Signals, isCounter) {
		return cut
	}
	// What reaches over several sentences may be half the swindler's: it counts
	// where no sentence holds counter-evidence whole.
	longer := appendRunsWithout(cut, v, tokens, within)
	if len(longer) == len(cut) {
		longer = appendRunsWithout(cut, v, tokens, touches)
	}
	return longer
}

// appendRunsWithout adds the runs between sentences in which counter-evidence
// stands.
func appendRunsWithout(cut []piece, v *Verdict, tokens []text.Token, stands func(s Signal, start, end int) bool) []piece {
	first := 0 // word of the run
	add := func(last int) {
		if last-first >= leastWords && last-first < len(tokens) {
			cut = append(cut, piece{start: tokens[first].Start, end: tokens[last-1].End})
		}
	}
	for sentence := 0; sentence < len(tokens); {
		next := sentence + 1
		for next < len(tokens) && !endsSentence(v.text[tokens[next-1].End:tokens[next].Start]) {
			next++
		}
		start, end := tokens[sentence].Start, tokens[next-1].End
		if slices.ContainsFunc(v.Signals, func(s Signal) bool { return isCounter(s) && stands(s, start, end) }) {
			add(sentence)
			first = next
		}
		sentence = next
	}
	add(len(tokens))
	return cut
}

func isCounter(s Signal) bool { return s.Rule.Kind == scheme.Counter }

func within(s Signal, start, end int) bool {
	return start <= s.Start && s.Start < s.End && s.End <= end
}

func touches(s Signal, start, end int) bool { return s.Start < end && start < s.End }

// endsSentence says whether what stands between two words ends a sentence, and
// is no point within a number or an address.
func endsSentence(gap string) bool {
	return strings.ContainsAny(gap, ".!?…;") && strings.ContainsAny(gap, " \t") || strings.Contains(gap, "\n")
}

// adopt takes the verdict over from a piece, with what speaks for it there.
func (d *Detector) adopt(v, part *Verdict, p piece) {
	v.Level, v.Score, v.Scheme, v.Schemes, v.Signals = part.Level, part.Score, part.Scheme, part.Schemes, part.Signals
	for i := range v.Signals {
		if signal := &v.Signals[i]; signal.Start < signal.End {
			signal.Start += p.start
			signal.End += p.start
		}
	}
	v.Advice = d.steps(v)
}
