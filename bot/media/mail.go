package media

import (
	"bytes"
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"net/textproto"
	"regexp"
	"strings"

	"golang.org/x/net/html/charset"

	"github.com/aldanba/aldanba/bot"
)

var mailHeader = regexp.MustCompile(`(?im)^(?:from|to|subject|date|received|return-path|message-id|mime-version|delivered-to|reply-to):\s`)

// looksLikeMail asks for a header at the very beginning and for three that all
// letters have, before the first empty line.
func looksLikeMail(data []byte) bool {
	head := data[:min(len(data), 16<<10)]
	if i := bytes.Index(bytes.ReplaceAll(head, []byte("\r\n"), []byte("\n")), []byte("\n\n")); i >= 0 {
		head = head[:min(len(head), i+2)]
	}
	first, _, _ := bytes.Cut(head, []byte("\n"))
	name, _, ok := bytes.Cut(first, []byte(":"))
	return ok && len(name) > 0 && !bytes.ContainsAny(name, " \t<") && len(mailHeader.FindAll(head, 3)) == 3
}

// mail adds who wrote a letter, where an answer would go, what it is about, its
// text and the names of what is attached.
func (t *task) mail(data []byte) {
	message, err := mail.ReadMessage(bytes.NewReader(data))
	if err != nil {
		t.written(decodeText(data))
		return
	}
	words := mime.WordDecoder{CharsetReader: charset.NewReaderLabel}
	for _, name := range [...]string{"Subject", "From", "Reply-To"} {
		value := message.Header.Get(name)
		if decoded, err := words.DecodeHeader(value); err == nil {
			value = decoded
		}
		if name != "Reply-To" || value != message.Header.Get("From") {
			t.lines(decodeText([]byte(value)))
		}
	}
	t.part(textproto.MIMEHeader(message.Header), message.Body)
}

// part adds one part of a letter. Of alternatives the plain one and the page
// are both read: they may differ, and the page has the links.
func (t *task) part(header textproto.MIMEHeader, body io.Reader) {
	if t.depth > t.limits.Nesting*2 || t.entries <= 0 {
		t.gap(bot.GapUnreadable)
		return
	}
	t.depth++
	t.entries--
	defer func() { t.depth-- }()
	kind, params, err := mime.ParseMediaType(header.Get("Content-Type"))
	if err != nil {
		kind = "text/plain"
	}
	if strings.HasPrefix(kind, "multipart/") {
		parts := multipart.NewReader(body, params["boundary"])
		for {
			p, err := parts.NextRawPart()
			if err != nil {
				return
			}
			if t.part(p.Header, p); t.entries <= 0 || t.ctx.Err() != nil {
				t.gap(bot.GapUnreadable)
				return
			}
		}
	}
	content, err := t.unpack(transferred(header.Get("Content-Transfer-Encoding"), body), t.limits.Bytes)
	if err != nil && len(content) == 0 {
		return
	}
	name := attachedName(header, params)
	switch {
	case name != "":
		t.contained(content, name)
	case kind == "message/rfc822":
		t.mail(content)
	case kind == "text/html":
		t.html(decodeLabelled(content, params["charset"]))
	case strings.HasPrefix(kind, "text/"):
		t.written(decodeLabelled(content, params["charset"]))
	}
}

func transferred(encoding string, body io.Reader) io.Reader {
	switch strings.ToLower(strings.TrimSpace(encoding)) {
	case "base64":
		return base64.NewDecoder(base64.StdEncoding, body)
	case "quoted-printable":
		return quotedprintable.NewReader(body)
	}
	return body
}

// attachedName is the name of an attachment, or empty for a part to be read.
func attachedName(header textproto.MIMEHeader, params map[string]string) string {
	disposition, given, err := mime.ParseMediaType(header.Get("Content-Disposition"))
	name := params["name"]
	if err == nil && given["filename"] != "" {
		name = given["filename"]
	}
	words := mime.WordDecoder{CharsetReader: charset.NewReaderLabel}
	if decoded, err := words.DecodeHeader(name); err == nil {
		name = decoded
	}
	if name == "" && disposition == "attachment" {
		return "attachment"
	}
	return name
}

// decodeLabelled trusts a part's own word on its encoding where it is known.
func decodeLabelled(content []byte, label string) string {
	if encoding, name := charset.Lookup(label); encoding != nil && name != "utf-8" {
		if text, err := encoding.NewDecoder().Bytes(content); err == nil {
			return string(text)
		}
	}
	return decodeText(content)
}
