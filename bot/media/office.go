package media

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"slices"
	"strings"

	"github.com/aldanba/aldanba/bot"
)

const (
	maxOfficePart  = 16 << 20 // bytes of one part of a document, unpacked
	maxOfficeParts = 100
)

// office reads the text and the outward links of a document of Office Open XML
// or OpenDocument, and reports whether the archive is one.
func (t *task) office(z *zip.Reader) bool {
	names := make([]string, len(z.File))
	for i, f := range z.File {
		names[i] = f.Name
	}
	if !slices.Contains(names, "[Content_Types].xml") && !slices.Contains(names, "content.xml") {
		return false
	}
	read := 0
	for _, f := range z.File {
		if !isOfficeText(f.Name) || read == maxOfficeParts {
			continue
		}
		read++
		body, err := f.Open()
		if err != nil {
			t.gap(bot.GapUnreadable)
			continue
		}
		part, err := t.unpack(body, maxOfficePart)
		body.Close()
		if errors.Is(err, errSpent) {
			t.gap(bot.GapUnreadable)
		}
		t.written(officeText(part))
	}
	return true
}

// isOfficeText names the parts in which people's words and links stand.
func isOfficeText(name string) bool {
	switch name {
	case "word/document.xml", "word/footnotes.xml", "word/comments.xml", "xl/sharedStrings.xml", "content.xml":
		return true
	}
	within := func(dir string) bool { return strings.HasPrefix(name, dir) }
	if strings.HasSuffix(name, ".rels") {
		return within("word/_rels/") || within("ppt/slides/_rels/") || within("xl/worksheets/_rels/")
	}
	return strings.HasSuffix(name, ".xml") && (within("word/header") || within("word/footer") || within("ppt/slides/slide") || within("xl/worksheets/sheet"))
}

// officeText takes the words out of a part: what stands in elements named t
// (Office) or in paragraphs and headings (OpenDocument), and addresses.
func officeText(part []byte) string {
	decoder := xml.NewDecoder(bytes.NewReader(part))
	decoder.Strict = false
	var b strings.Builder
	words := 0 // elements around that hold words
	for {
		token, err := decoder.RawToken()
		if err != nil {
			return b.String()
		}
		switch token := token.(type) {
		case xml.StartElement:
			name := token.Name.Local
			if holdsWords(token.Name) {
				words++
			}
			if name == "tab" || name == "br" || name == "line-break" || name == "s" {
				b.WriteByte(' ')
			}
			if address := outwardLink(token); address != "" {
				b.WriteString("\n" + address + "\n")
			}
		case xml.EndElement:
			if holdsWords(token.Name) {
				words = max(0, words-1)
			}
			if name := token.Name.Local; name == "p" || name == "si" || name == "h" || name == "row" {
				b.WriteByte('\n')
			}
		case xml.CharData:
			if words > 0 {
				b.Write(token)
			}
		}
	}
}

func holdsWords(name xml.Name) bool {
	return name.Local == "t" || name.Space == "text" && (name.Local == "p" || name.Local == "h")
}

// outwardLink is the target of a relationship to the outside (Office) or of a
// text link (OpenDocument).
func outwardLink(element xml.StartElement) string {
	var target string
	outward := element.Name.Local == "a"
	for _, a := range element.Attr {
		switch {
		case a.Name.Local == "Target" || a.Name.Local == "href":
			target = a.Value
		case a.Name.Local == "TargetMode" && a.Value == "External":
			outward = true
		}
	}
	if !outward || !strings.Contains(target, ":") {
		return ""
	}
	return target
}
