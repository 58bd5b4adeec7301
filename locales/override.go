package locales

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"
)

// maxOverride bounds the operator's file, in bytes: the whole embedded table is a tenth of it.
const maxOverride = 256 << 10

// correction is one row of the operator's file.
type correction struct {
	ID         string     `toml:"id"`
	Number     string     `toml:"number"`
	Source     string     `toml:"source"`
	Date       string     `toml:"date"`
	Confidence Confidence `toml:"confidence"`
	Note       string     `toml:"note"`
}

// override applies the operator's file to the table, or returns all its mistakes and leaves the table as it was.
func (c *Contacts) override(path string) error {
	data, err := readBounded(path)
	if err != nil {
		return err
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff")) // the mark that some editors put before the first line
	var table struct {
		Contact []correction `toml:"contact"`
	}
	if err := toml.NewDecoder(bytes.NewReader(data)).DisallowUnknownFields().Decode(&table); err != nil {
		return positioned(path, err)
	}
	lines := rowLines(data)
	rows := slices.Clone(c.rows)
	seen := make(map[string]bool)
	var mistakes []error
	for i, row := range table.Contact {
		if field, problem := c.check(row, seen); problem != "" {
			mistakes = append(mistakes, fmt.Errorf("%s:%d: %s", path, lines.of(i, field), problem))
			continue
		}
		seen[row.ID] = true
		fixed := &rows[c.index[row.ID]]
		fixed.Number, fixed.Source, fixed.Date = row.Number, row.Source, row.Date
		fixed.Confidence, fixed.Note = row.Confidence, row.Note
	}
	if len(mistakes) > 0 {
		return errors.Join(mistakes...)
	}
	c.rows = rows
	return nil
}

// check names the first mistake of a row and the field that holds it; the field is empty where it is missing.
func (c *Contacts) check(row correction, seen map[string]bool) (field, problem string) {
	i, known := c.index[row.ID]
	switch {
	case row.ID == "":
		return "", "a contact needs an id"
	case !known:
		return "id", fmt.Sprintf("there is no contact %q", row.ID)
	case seen[row.ID]:
		return "id", fmt.Sprintf("contact %q stands twice", row.ID)
	case c.rows[i].Confidence == Universal:
		return "id", fmt.Sprintf("contact %q is a universal number and cannot be changed", row.ID)
	case row.Number == "":
		return "number", fmt.Sprintf("contact %q needs a number", row.ID)
	case !isNumber(row.Number):
		return "number", fmt.Sprintf("%q is not one telephone number of 3 to 15 digits", row.Number)
	case row.Confidence != Verified && row.Confidence != Secondary && row.Confidence != Unverified:
		return "confidence", fmt.Sprintf("confidence of %q must be %q, %q or %q", row.ID, Verified, Secondary, Unverified)
	case strings.TrimSpace(row.Source) == "":
		return "source", fmt.Sprintf("contact %q needs a source: who was called, or which page was read", row.ID)
	}
	if _, err := time.Parse(time.DateOnly, row.Date); err != nil {
		return "date", fmt.Sprintf("date of %q must be a day such as 2026-01-31", row.ID)
	}
	return "", ""
}

// isNumber accepts digits set apart by single spaces, with a plus sign in front at most.
func isNumber(s string) bool {
	groups := strings.TrimPrefix(s, "+")
	digits := 0
	for group := range strings.SplitSeq(groups, " ") {
		if group == "" || strings.Trim(group, "0123456789") != "" {
			return false
		}
		digits += len(group)
	}
	return digits >= 3 && digits <= 15
}

func readBounded(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxOverride+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxOverride {
		return nil, fmt.Errorf("%s: larger than %d bytes", path, maxOverride)
	}
	return data, nil
}

// positioned puts path and line in front of what the TOML decoder found wrong.
func positioned(path string, err error) error {
	var missing *toml.StrictMissingError
	if errors.As(err, &missing) {
		var all []error
		for i := range missing.Errors {
			line, _ := missing.Errors[i].Position()
			key := strings.Join(missing.Errors[i].Key(), ".")
			all = append(all, fmt.Errorf("%s:%d: unknown field %s", path, line, key))
		}
		return errors.Join(all...)
	}
	var decode *toml.DecodeError
	if errors.As(err, &decode) {
		line, _ := decode.Position()
		return fmt.Errorf("%s:%d: %w", path, line, err)
	}
	return fmt.Errorf("%s: %w", path, err)
}

// fieldLines holds, for each [[contact]] of a file, the line of its header (under the empty name) and of its fields.
type fieldLines []map[string]int

// of returns the line of a field, or of the row's header where the field does not stand in the file.
func (l fieldLines) of(row int, field string) int {
	if row >= len(l) { // rows written as one inline array have no headers
		return 1
	}
	if line, ok := l[row][field]; ok {
		return line
	}
	return l[row][""]
}

// rowLines reads the lines of the rows from a file that has already been decoded without error.
func rowLines(data []byte) fieldLines {
	var parser unstable.Parser
	parser.Reset(data)
	var lines fieldLines
	for parser.NextExpression() {
		expression := parser.Expression()
		key := expression.Key()
		if !key.Next() {
			continue
		}
		line := parser.Shape(key.Node().Raw).Start.Line
		switch {
		case expression.Kind == unstable.ArrayTable:
			lines = append(lines, map[string]int{"": line})
		case expression.Kind == unstable.KeyValue && len(lines) > 0:
			lines[len(lines)-1][string(key.Node().Data)] = line
		}
	}
	return lines
}
