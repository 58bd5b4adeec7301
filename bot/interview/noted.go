package interview

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/aldanba/aldanba/bot/statement"
	"github.com/aldanba/aldanba/detector/entity"
)

// Noted is what messages tell before the person is asked: it is offered as the
// answer to a question, and theirs to confirm.
type Noted struct {
	When   string           `json:",omitzero"`
	Amount string           `json:",omitzero"` // the largest sum
	Tenge  int64            `json:",omitzero"` // what that is, 0 where it is no sum in tenge
	Way    statement.Way    `json:",omitzero"`
	Marks  []statement.Mark `json:",omitzero"`
}

// Empty says that nothing was noted.
func (n Noted) Empty() bool {
	return n.When == "" && n.Amount == "" && n.Way == "" && len(n.Marks) == 0
}

// Take notes what a text tells, with the identifiers in it.
func (n *Noted) Take(text string, found []entity.Entity) {
	if n.When == "" {
		n.When = dateIn(text)
	}
	for i, e := range found {
		if e.Start < 0 || e.End > len(text) || e.Start >= e.End {
			continue
		}
		said := text[e.Start:e.End]
		if e.Kind == entity.Amount {
			if i == 0 || !e.Adds {
				n.takeSum(text, found[i:])
			}
			continue
		}
		if kind, ok := markKinds[e.Kind]; ok && len(said) <= maxMark {
			// A copy, so that a short mark does not keep a long text alive.
			n.Marks = addMark(n.Marks, statement.Mark{Kind: kind, Value: string([]byte(said))})
		}
	}
}

// maxMark is how many bytes an identifier may have.
const maxMark = 500

// Sent notes when an original was sent, where nothing else tells the day.
func (n *Noted) Sent(at time.Time) {
	if n.When == "" && !at.IsZero() {
		n.When = at.Format("02.01.2006")
	}
}

// marks gives what was noted, with those marked to which money went in this way.
func (n Noted) marks(way statement.Way) []statement.Mark {
	marks := make([]statement.Mark, len(n.Marks))
	for i, m := range n.Marks {
		switch way {
		case statement.ByPhone:
			m.Payee = m.Kind == statement.MarkPhone
		case statement.ByCrypto:
			m.Payee = m.Kind == statement.MarkWallet
		case statement.ByCash:
		default:
			m.Payee = m.Kind == statement.MarkCard || m.Kind == statement.MarkIBAN
		}
		marks[i] = m
	}
	return marks
}

// date is a day as receipts write it, with the time where it follows.
var date = regexp.MustCompile(`(?:^|[^0-9.])((?:0?[1-9]|[12][0-9]|3[01])\.(?:0[1-9]|1[0-2])\.(?:20)?[0-9]{2}(?:,? (?:в )?[0-2]?[0-9]:[0-5][0-9])?)(?:[^0-9.]|\.?$)`)

func dateIn(text string) string {
	if !hasPointed(text) {
		return ""
	}
	if m := date.FindStringSubmatch(text); m != nil {
		return string([]byte(m[1]))
	}
	return ""
}

// hasPointed says whether a point stands between two digits, as in every date.
// Few texts have one, and the pattern is slow.
func hasPointed(text string) bool {
	digit := func(c byte) bool { return c >= '0' && c <= '9' }
	for i := 1; i+1 < len(text); i++ {
		if text[i] == '.' && digit(text[i-1]) && digit(text[i+1]) {
			return true
		}
	}
	return false
}

// takeSum notes the sum that the entities begin with, all parts of it, if it is
// larger than what is noted.
func (n *Noted) takeSum(text string, found []entity.Entity) {
	end, sum := found[0].End, int64(0)
	for i, e := range found {
		if i > 0 && (e.Kind != entity.Amount || !e.Adds || e.Start < end || e.End > len(text)) {
			break
		}
		end = e.End
		tenge, ok := strings.CutSuffix(e.Value, " KZT")
		part, err := strconv.ParseInt(tenge, 10, 64)
		if !ok || err != nil {
			sum = 0
			break
		}
		sum += part
	}
	if n.Amount == "" || sum > n.Tenge {
		// A copy, so that the sum does not keep a long text alive.
		n.Amount, n.Tenge = strings.Clone(short(text[found[0].Start:end])), sum
	}
}
