package statement

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

// MaxPack bounds the originals of one pack in bytes, below what a bot may
// send. What has no room is named in the manifest.
const MaxPack = 40 << 20

// maxMessages bounds the messages of a pack.
const maxMessages = 200

// Opener hands over the contents of a file of a message. The pack closes it.
// A file that it refuses is named in the manifest as missing.
type Opener func(ctx context.Context, f File) (io.ReadCloser, error)

// PackName returns the name of the file of the pack, with its extension.
func (p *Papers) PackName(c Case) string {
	return p.writer(c, "statement").say("pack_file") + ".zip"
}

// Pack writes the evidence pack while it reads the files: a ZIP of the
// statement, a letter to each bank, the time line, the originals, the manifest
// and SHA256SUMS.txt, which "sha256sum -c" reads. Texts are kept as they were
// received, to the byte. The same case and files give the same bytes. An error
// is one of w, of ctx, or of making a PDF; what was written then is no ZIP.
func (p *Papers) Pack(ctx context.Context, w io.Writer, c Case, open Opener) error {
	pack := &pack{writer: p.writer(c, "statement"), zip: zip.NewWriter(w), room: MaxPack}
	if err := pack.papers(p); err != nil {
		return err
	}
	if err := pack.originals(ctx, open); err != nil {
		return err
	}
	if err := pack.lists(); err != nil {
		return err
	}
	return pack.zip.Close()
}

// pack is a pack that is being written.
type pack struct {
	*writer
	zip     *zip.Writer
	room    int64 // bytes left for originals
	entries []entry
}

// entry is a line of the manifest.
type entry struct {
	name    string   // in the pack; empty where the original is not in it
	own     string   // as its sender named it
	message *Message // whose original it is, nil: one of our papers
	bytes   int64
	sum     string // SHA-256, hexadecimal
	state   string // key of its words
}

func (p *pack) papers(papers *Papers) error {
	documents := []Document{papers.Statement(p.c)}
	banks := p.bankNames()
	if len(banks) == 0 {
		documents = append(documents, papers.Letter(p.c, ""))
	}
	for i, bank := range banks {
		d := papers.Letter(p.c, bank)
		if len(banks) > 1 {
			d.Name = fmt.Sprintf("%s-%d", d.Name, i+1)
		}
		documents = append(documents, d)
	}
	for _, d := range documents {
		pdf, err := d.PDF()
		if err != nil {
			return err
		}
		if err := p.paper(d.Name+".pdf", pdf); err != nil {
			return err
		}
		if err := p.paper(d.Name+".txt", []byte(d.Text())); err != nil {
			return err
		}
	}
	return nil
}

// paper writes a file of our own.
func (p *pack) paper(name string, data []byte) error {
	e := entry{name: name, state: "state_whole"}
	_, err := p.copy(&e, zip.Deflate, bytes.NewReader(data), int64(len(data)))
	p.entries = append(p.entries, e)
	return err
}

func (p *pack) originals(ctx context.Context, open Opener) error {
	dir := p.say("originals_dir") + "/"
	for i := range p.messages() {
		m := &p.c.Messages[i]
		if m.Text != "" {
			if err := p.original(entry{name: dir + textName(i), message: m}, strings.NewReader(m.Text), int64(len(m.Text))); err != nil {
				return err
			}
		}
		if m.File != nil {
			if err := p.file(ctx, entry{name: dir + fileName(i, *m.File), own: p.line(m.File.Name), message: m}, *m.File, open); err != nil {
				return err
			}
		}
	}
	return nil
}

// file fetches a file and writes it.
func (p *pack) file(ctx context.Context, e entry, f File, open Opener) error {
	if f.Size > p.room {
		return p.original(e, nil, f.Size)
	}
	r, err := open(ctx, f)
	if ctx.Err() != nil {
		if err == nil {
			r.Close()
		}
		return ctx.Err()
	}
	if err != nil {
		e.name, e.state = "", "state_missing"
		p.entries = append(p.entries, e)
		return nil
	}
	defer r.Close()
	if err := p.original(e, r, f.Size); err != nil {
		return err
	}
	return ctx.Err()
}

// original writes an original of the size that is told of it, as far as there
// is room.
func (p *pack) original(e entry, r io.Reader, size int64) error {
	if size > p.room {
		e.name, e.state = "", "state_large"
		p.entries = append(p.entries, e)
		return nil
	}
	e.state = "state_whole"
	whole, err := p.copy(&e, zip.Store, r, p.room) // most files are squeezed already
	if !whole {
		e.state = "state_broken"
	}
	p.room -= e.bytes
	p.entries = append(p.entries, e)
	return err
}

// copy writes at most limit bytes under the name of e, and tells whether that
// was all. The error is one of the pack, not of r.
func (p *pack) copy(e *entry, method uint16, r io.Reader, limit int64) (whole bool, err error) {
	w, err := p.zip.CreateHeader(&zip.FileHeader{Name: e.name, Method: method, Modified: p.day()})
	if err != nil {
		return false, fmt.Errorf("writing the pack: %w", err)
	}
	sum := sha256.New()
	source := &source{r: io.LimitReader(r, limit)}
	e.bytes, err = io.Copy(io.MultiWriter(w, sum), source)
	e.sum = hex.EncodeToString(sum.Sum(nil))
	if err != nil && source.err == nil {
		return false, fmt.Errorf("writing the pack: %w", err)
	}
	return source.err == nil && ended(r), nil
}

// source remembers the error of a reader, to tell it from one of a writer.
type source struct {
	r   io.Reader
	err error
}

func (s *source) Read(b []byte) (int, error) {
	n, err := s.r.Read(b)
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = err
	}
	return n, err
}

// ended tells whether nothing is left to read.
func ended(r io.Reader) bool {
	n, err := io.ReadFull(r, make([]byte, 1))
	return n == 0 && errors.Is(err, io.EOF)
}

// messages returns the messages that have room in a pack.
func (w *writer) messages() []Message { return w.c.Messages[:min(len(w.c.Messages), maxMessages)] }

// day is when the pack is made, in whose zone all times are told.
func (w *writer) day() time.Time {
	if w.c.Made.IsZero() {
		return undated
	}
	return w.c.Made
}

// bankNames returns the banks that a letter goes to.
func (w *writer) bankNames() []string {
	var names []string
	for _, name := range w.c.Banks[:min(len(w.c.Banks), maxBanks)] {
		if name = w.line(name); name != "" {
			names = append(names, name)
		}
	}
	return names
}
