package media

import (
	"bytes"
	"strings"

	"github.com/gabriel-vasile/mimetype"

	"github.com/aldanba/aldanba/bot"
)

// content reads bytes as what they are, whatever their name says.
func (t *task) content(data []byte, name string) {
	if len(data) == 0 {
		t.gap(bot.GapNoText)
		return
	}
	if ending := installerOf(data, name); ending != "" {
		t.installer(name, ending)
		return
	}
	kind := mimetype.Detect(data)
	is := func(types ...string) bool {
		for k := kind; k != nil; k = k.Parent() {
			for _, want := range types {
				if k.Is(want) {
					return true
				}
			}
		}
		return false
	}
	switch {
	case is("image/jpeg", "image/png", "image/gif", "image/webp", "image/bmp"):
		t.picture(data)
	case is("application/zip"):
		t.zip(data, name)
	case is("application/pdf"):
		t.pdf(data)
	case is("application/x-rar-compressed"):
		t.rar(data)
	case is("application/gzip"):
		t.gzip(data, name)
	case is("application/x-tar"):
		t.tar(bytes.NewReader(data))
	case is("text/rtf"):
		t.gap(bot.GapUnreadable)
	case isText(data):
		t.plain(data)
	case isSound(kind.String()):
		t.sound(data, kind.Extension())
	default:
		t.gap(bot.GapUnreadable)
	}
}

// isText reports whether the beginning holds nothing that texts do not: signs
// of control other than those of lines. What begins like another type by chance
// is then still a text.
func isText(data []byte) bool {
	if utf16Order(data) != nil {
		return true
	}
	for _, b := range data[:min(len(data), 4<<10)] {
		if b < ' ' && b != '\t' && b != '\n' && b != '\r' && b != '\f' && b != '\v' {
			return false
		}
	}
	return true
}

func isSound(mime string) bool {
	return strings.HasPrefix(mime, "audio/") || strings.HasPrefix(mime, "video/") || strings.HasPrefix(mime, "application/ogg")
}

// plain reads text by what it is made of.
func (t *task) plain(data []byte) {
	switch {
	case looksLikeMail(data):
		t.mail(data)
	case looksLikeCard(data):
		t.card(decodeText(data))
	case looksLikeHTML(data):
		t.html(decodeText(data))
	default:
		text := decodeText(data)
		if looksLikeChat(text) {
			t.chat(text)
			return
		}
		t.written(text)
	}
}

// written adds the text of a document, which may be a receipt.
func (t *task) written(text string) {
	t.lines(text)
	if t.vocabulary.isReceipt(strings.Split(text, "\n")) {
		t.receipt = true
	}
}
