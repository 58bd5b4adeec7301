package media

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

const (
	leastConfidence = 25 // of a word; below are avatars, icons and wallpaper taken for letters
	leastLetters    = 3  // of a line; ticks and icons are taken for one or two
	wideGap         = 2  // heights of a line between two words that do not belong together
)

// layOut puts words into lines from top to bottom, the way messages stand in a
// chat. Words far apart within a line get two spaces between them.
func layOut(words []word) []string {
	words = slices.DeleteFunc(words, func(w word) bool { return w.confidence < leastConfidence })
	var lines [][]word
	for _, w := range words {
		if n := len(lines); n > 0 && lines[n-1][0].line == w.line {
			lines[n-1] = append(lines[n-1], w)
		} else {
			lines = append(lines, []word{w})
		}
	}
	slices.SortStableFunc(lines, func(a, b []word) int { return cmp.Compare(middle(a), middle(b)) })
	texts := make([]string, len(lines))
	for i, line := range lines {
		texts[i] = join(line)
	}
	return texts
}

func middle(line []word) int {
	sum := 0
	for _, w := range line {
		sum += 2*w.top + w.height
	}
	return sum / len(line)
}

func join(line []word) string {
	slices.SortStableFunc(line, func(a, b word) int { return cmp.Compare(a.left, b.left) })
	height := 0
	for _, w := range line {
		height = max(height, w.height)
	}
	var b strings.Builder
	for i, w := range line {
		if i > 0 {
			b.WriteByte(' ')
			if before := line[i-1]; w.left-before.left-before.width > wideGap*height {
				b.WriteByte(' ')
			}
		}
		b.WriteString(w.text)
	}
	return b.String()
}

// screen adds the lines of a picture without what a telephone's interface puts
// around messages: clocks, dates between days, signs of the status bar, and the
// words of messengers.
func (t *task) screen(lines []string) {
	if t.vocabulary.isReceipt(lines) {
		t.receipt = true
		t.lines(strings.Join(lines, "\n"))
		return
	}
	for _, line := range lines {
		if line = withoutClock(line); hasWord(line) && !t.vocabulary.isInterface(line) {
			t.lines(line)
		}
	}
}

// trailingClock is the time under a message, with the ticks behind it, which
// are read as all sorts of signs.
var trailingClock = regexp.MustCompile(`(?i)(?:^|\s)([01]?\d|2[0-3])[:.][0-5]\d(?:\s?[ap]m)?[^\pL\pN]*(?:\s\S{1,2}[^\pL\pN]*){0,2}$`)

// beforeTime are the words after which a time belongs to the sentence.
var beforeTime = regexp.MustCompile(`(?i)(?:^|\s)(?:в|до|с|к|по|около|после|сағат|at|by|till)$|[-–—:]$`)

// withoutClock cuts the time of a message from the end of a line.
func withoutClock(line string) string {
	line = strings.TrimSpace(line)
	at := trailingClock.FindStringIndex(line)
	if at == nil {
		return line
	}
	rest := strings.TrimSpace(line[:at[0]])
	if beforeTime.MatchString(rest) {
		return line
	}
	return rest
}

// hasWord tells words and numbers from icons.
func hasWord(line string) bool {
	n := 0
	for _, r := range line {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			if n++; n == leastLetters {
				return true
			}
		}
	}
	return false
}
