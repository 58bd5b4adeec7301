package statement

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// sumsName is where "sha256sum -c" looks.
const sumsName = "SHA256SUMS.txt"

// lists writes the time line, the manifest and the sums of all that is above
// them.
func (p *pack) lists() error {
	timeline, manifest := p.say("timeline_file"), p.say("manifest_file")
	lists := []struct {
		name  string
		write func() []byte
	}{
		{timeline + ".txt", p.timelineText},
		{timeline + ".csv", p.timelineTable},
		{manifest + ".txt", p.manifestText},
		{manifest + ".csv", p.manifestTable},
		{sumsName, p.sums},
	}
	for _, l := range lists {
		if err := p.paper(l.name, l.write()); err != nil {
			return err
		}
	}
	return nil
}

// moment is a message in its place in time.
type moment struct {
	Message
	number int
}

// timeline orders messages by when they were sent, those of which it is not
// known by when they were received.
func (w *writer) timeline() []moment {
	var all []moment
	for i, m := range w.messages() {
		all = append(all, moment{m, i + 1})
	}
	slices.SortStableFunc(all, func(a, b moment) int { return a.place().Compare(b.place()) })
	return all
}

func (m Message) place() time.Time {
	if m.Sent.IsZero() {
		return m.Received
	}
	return m.Sent
}

// originalNames names where the original of a message is.
func (m moment) originalNames() []string {
	var names []string
	if m.Text != "" {
		names = append(names, textName(m.number-1))
	}
	if m.File != nil {
		names = append(names, fileName(m.number-1, *m.File))
	}
	return names
}

func (p *pack) timelineText() []byte {
	var b bytes.Buffer
	p.head(&b, "timeline_title")
	for _, m := range p.timeline() {
		fmt.Fprintf(&b, "\n%s: %s\n", p.say("column_sent"), p.readable(m.Sent))
		fmt.Fprintf(&b, "%s: %s\n", p.say("column_sender"), p.sender(m.Message))
		fmt.Fprintf(&b, "%s: %s\n", p.say("column_received"), p.readable(m.Received))
		fmt.Fprintf(&b, "%s: %s\n", p.say("column_file"), strings.Join(m.originalNames(), ", "))
		for part := range strings.Lines(clean(m.Text, maxStory, p.cut)) {
			fmt.Fprintf(&b, "    %s\n", strings.TrimSpace(part))
		}
	}
	p.foot(&b)
	return b.Bytes()
}

func (p *pack) timelineTable() []byte {
	rows := [][]string{p.columns("column_number", "column_sent", "column_received", "column_sender", "column_text", "column_file")}
	for _, m := range p.timeline() {
		rows = append(rows, []string{
			strconv.Itoa(m.number), p.exact(m.Sent), p.exact(m.Received), p.line(m.Sender), clean(m.Text, maxStory, p.cut),
			strings.Join(m.originalNames(), " "),
		})
	}
	return table(rows)
}

func (p *pack) manifestText() []byte {
	var b bytes.Buffer
	p.head(&b, "manifest_title")
	fmt.Fprintln(&b, p.say("manifest_source"))
	fmt.Fprintln(&b, p.say("manifest_names"))
	fmt.Fprintln(&b, p.how())
	for i, e := range p.entries {
		fmt.Fprintf(&b, "\n%d. %s\n", i+1, cmp.Or(e.name, e.own, p.say("column_file")))
		told := [][2]string{{"column_original_name", e.own}}
		if m := e.message; m != nil {
			told = append(told, [2]string{"column_sender", p.sender(*m)},
				[2]string{"column_sent", p.readable(m.Sent)}, [2]string{"column_received", p.readable(m.Received)})
		}
		if e.name != "" {
			told = append(told, [2]string{"column_bytes", strconv.FormatInt(e.bytes, 10)})
		}
		if e.message != nil {
			told = append(told, [2]string{"column_state", p.say(e.state)})
		}
		for _, line := range told {
			if line[1] != "" {
				fmt.Fprintf(&b, "   %s: %s\n", p.say(line[0]), line[1])
			}
		}
		if e.sum != "" {
			fmt.Fprintf(&b, "   SHA-256: %s\n", e.sum)
		}
	}
	p.foot(&b)
	return b.Bytes()
}

func (p *pack) manifestTable() []byte {
	head := p.columns("column_file", "column_original_name", "column_bytes")
	head = append(head, "SHA-256")
	head = append(head, p.columns("column_sent", "column_received", "column_sender", "column_state")...)
	rows := [][]string{head}
	for _, e := range p.entries {
		row := []string{e.name, e.own, "", e.sum, "", "", "", p.say(e.state)}
		if e.name != "" {
			row[2] = strconv.FormatInt(e.bytes, 10)
		}
		if m := e.message; m != nil {
			row[4], row[5], row[6] = p.exact(m.Sent), p.exact(m.Received), p.line(m.Sender)
		}
		rows = append(rows, row)
	}
	return table(rows)
}

// sums lists the SHA-256 of every file above, as sha256sum does.
func (p *pack) sums() []byte {
	var b bytes.Buffer
	for _, e := range p.entries {
		if e.name != "" {
			fmt.Fprintf(&b, "%s  %s\n", e.sum, e.name)
		}
	}
	return b.Bytes()
}

func (p *pack) how() string {
	return p.text("manifest_how", map[string]any{"Sum": "SHA-256", "Command": "sha256sum -c " + sumsName})
}

// head writes what a list is called, when it was made, and whose time it tells.
func (p *pack) head(b *bytes.Buffer, title string) {
	fmt.Fprintln(b, p.say(title))
	fmt.Fprintln(b, p.fill("made", "Date", p.readable(p.day())))
	fmt.Fprintln(b, p.fill("zone", "Zone", "UTC"+p.day().Format("-07:00")))
}

// foot says how many messages had no room.
func (p *pack) foot(b *bytes.Buffer) {
	if n := len(p.c.Messages) - maxMessages; n > 0 {
		fmt.Fprintf(b, "\n%s\n", p.fill("more", "N", n))
	}
}

func (p *pack) columns(keys ...string) []string {
	var names []string
	for _, key := range keys {
		names = append(names, p.say(key))
	}
	return names
}

func (p *pack) sender(m Message) string { return cmp.Or(p.line(m.Sender), p.say("sender_unknown")) }

// readable tells a time to people.
func (p *pack) readable(t time.Time) string {
	if t.IsZero() {
		return p.say("time_unknown")
	}
	return t.In(p.day().Location()).Format("02.01.2006 15:04:05")
}

// exact tells a time to programs; empty where it is not known.
func (p *pack) exact(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(p.day().Location()).Format(time.RFC3339)
}

// table writes rows as a spreadsheet of this country reads them: a mark of
// UTF-8 in front, semicolons between cells. A cell that a spreadsheet would
// take for a formula gets an apostrophe in front; the original has none.
func table(rows [][]string) []byte {
	var b bytes.Buffer
	b.WriteString("\uFEFF")
	w := csv.NewWriter(&b)
	w.Comma, w.UseCRLF = ';', true
	for _, row := range rows {
		for i, cell := range row {
			if cell != "" && strings.ContainsRune("=+-@", rune(cell[0])) {
				row[i] = "'" + cell
			}
		}
		// A buffer takes everything, so there is no error to hear of.
		_ = w.Write(row)
	}
	w.Flush()
	return b.Bytes()
}
