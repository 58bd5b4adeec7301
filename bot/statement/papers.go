package statement

import (
	"context"
	"errors"
	"io"

	"github.com/aldanba/aldanba/locales"
)

// Papers writes papers in the words of locales. It is safe for concurrent use.
type Papers struct {
	texts    *locales.Texts
	contacts *locales.Contacts
}

// New makes a writer of papers. Legal facts come from the reviewed table of
// contacts; neither argument may be nil.
func New(texts *locales.Texts, contacts *locales.Contacts) *Papers {
	return &Papers{texts: texts, contacts: contacts}
}

// Document is one paper, ready to be written down.
type Document struct {
	Title string // "Заявление о мошенничестве"
	Name  string // of its file, without extension: Latin letters, digits and hyphens
}

// Statement writes the statement to the police.
func (p *Papers) Statement(c Case) Document { return Document{} }

// Letter writes the letter to one of the person's banks; where bank is empty,
// its name is filled in by hand.
func (p *Papers) Letter(c Case, bank string) Document { return Document{} }

// Text returns the paper as plain text: UTF-8, lines that end in a line feed.
func (d Document) Text() string { return "" }

// PDF returns the paper as PDF, the same bytes for the same Case.
func (d Document) PDF() ([]byte, error) { return nil, errors.ErrUnsupported }

// Opener hands over the contents of a file of a message. The pack closes it.
// A file that it refuses is named in the pack as missing.
type Opener func(ctx context.Context, f File) (io.ReadCloser, error)

// Pack writes the evidence pack, a ZIP of at most MaxPack bytes or little
// more, while it reads the files: statement, letters, time line, originals,
// and a manifest with their SHA-256. The same case and files give the same
// bytes. An error is one of w, of ctx, or of making a PDF.
func (p *Papers) Pack(ctx context.Context, w io.Writer, c Case, open Opener) error {
	return errors.ErrUnsupported
}

// PackName returns the name of the file of the pack, with its extension.
func (p *Papers) PackName(c Case) string { return "" }

// MaxPack bounds the files of one pack in bytes, below what a bot may send.
const MaxPack = 40 << 20
