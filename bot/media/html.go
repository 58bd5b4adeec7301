package media

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// unseen are elements whose content a browser does not show.
var unseen = map[atom.Atom]bool{
	atom.Script: true, atom.Style: true, atom.Template: true, atom.Noscript: true, atom.Object: true,
}

// flowing are elements within a line; all others begin a new one.
var flowing = map[atom.Atom]bool{
	atom.A: true, atom.B: true, atom.I: true, atom.U: true, atom.S: true, atom.Em: true, atom.Strong: true, atom.Span: true,
	atom.Font: true, atom.Small: true, atom.Big: true, atom.Sub: true, atom.Sup: true, atom.Code: true, atom.Mark: true,
	atom.Label: true, atom.Abbr: true, atom.Wbr: true,
}

// targets are the attributes that lead somewhere.
var targets = map[atom.Atom]string{
	atom.A: "href", atom.Area: "href", atom.Form: "action", atom.Iframe: "src", atom.Meta: "content",
}

// html adds the visible text of a page and the addresses that it leads to where
// they are not the text itself.
func (t *task) html(page string) {
	z := html.NewTokenizer(strings.NewReader(page))
	z.SetMaxBuf(len(page) + 1)
	var b strings.Builder
	var hidden atom.Atom
	var target string // of the link that is open
	var shown int     // where its text begins
	for b.Len() < t.limits.Text*2 {
		kind := z.Next()
		if kind == html.ErrorToken {
			break
		}
		token := z.Token()
		switch kind {
		case html.TextToken:
			if hidden == 0 {
				b.WriteString(strings.Join(strings.Fields(token.Data), " "))
				if strings.HasSuffix(token.Data, " ") || strings.HasSuffix(token.Data, "\n") {
					b.WriteByte(' ')
				}
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			if unseen[token.DataAtom] && kind == html.StartTagToken && hidden == 0 {
				hidden = token.DataAtom
			}
			if !flowing[token.DataAtom] {
				b.WriteByte('\n')
			}
			address := targetOf(token)
			if token.DataAtom == atom.A {
				target, shown = address, b.Len()
			} else if address != "" {
				b.WriteString("\n" + address + "\n")
			}
		case html.EndTagToken:
			if token.DataAtom == hidden {
				hidden = 0
			}
			if token.DataAtom == atom.A {
				if target != "" && !sameAddress(b.String()[shown:], target) {
					b.WriteString(" " + target + " ")
				}
				target = ""
			}
			if !flowing[token.DataAtom] {
				b.WriteByte('\n')
			}
		}
	}
	t.written(b.String())
}

// targetOf is where an element leads: an address of the web, a telephone or a
// mailbox. Others, such as places within the page, are none.
func targetOf(token html.Token) string {
	attribute := targets[token.DataAtom]
	if attribute == "" {
		return ""
	}
	for _, a := range token.Attr {
		if a.Key != attribute {
			continue
		}
		value := strings.TrimSpace(a.Val)
		if token.DataAtom == atom.Meta { // "0; url=https://…" sends the browser on
			i := strings.Index(strings.ToLower(value), "url=")
			if i < 0 {
				return ""
			}
			value = strings.Trim(value[i+4:], `'" `)
		}
		for _, scheme := range [...]string{"http://", "https://", "//", "tel:", "mailto:", "sms:", "intent:", "tg:", "whatsapp:"} {
			if len(value) > len(scheme) && strings.EqualFold(value[:len(scheme)], scheme) {
				return strings.TrimPrefix(strings.TrimPrefix(value, "tel:"), "mailto:")
			}
		}
	}
	return ""
}

// sameAddress reports whether the text of a link is its address, written with
// or without its scheme.
func sameAddress(text, address string) bool {
	bare := func(s string) string {
		s = strings.ToLower(strings.TrimSpace(s))
		s = strings.TrimPrefix(strings.TrimPrefix(s, "https://"), "http://")
		return strings.TrimSuffix(strings.TrimPrefix(s, "www."), "/")
	}
	return bare(text) == bare(address)
}
