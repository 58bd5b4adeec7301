package detector

import (
	"strings"

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

// piece is a part of a long text, in bytes.
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

// adopt takes the verdict over from a piece, with what speaks for it there.
func (d *Detector) adopt(v, part *Verdict, p piece) {
	v.Level, v.Score, v.Scheme, v.Schemes, v.Signals = part.Level, part.Score, part.Scheme, part.Schemes, part.Signals
	for i := range v.Signals {
		if signal := &v.Signals[i]; signal.Start < signal.End {
			signal.Start += p.start
			signal.End += p.start
		}
	}
	v.Advice = d.Advice(v.Level, v.Scheme, v.Stage, v.Relative)
}
