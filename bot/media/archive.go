package media

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"path"
	"strings"

	"github.com/nwaples/rardecode/v2"

	"github.com/aldanba/aldanba/bot"
)

const (
	maxDirectory = 50_000  // entries that a zip may name; its directory is read as a whole
	maxWindow    = 8 << 20 // bytes of memory for the dictionary of a rar
	maxChat      = 16 << 20
)

// contained adds the name of a file within another and, where it is an archive
// or an installer, what it is.
func (t *task) contained(data []byte, name string) {
	if ending := installerOf(data, name); ending != "" {
		t.installer(name, ending)
		return
	}
	t.lines(fileName(name))
	if !isContainer(data) {
		return
	}
	if t.depth >= t.limits.Nesting {
		t.gap(bot.GapUnreadable)
		return
	}
	t.depth++
	defer func() { t.depth-- }()
	t.container(data, name)
}

// magics are the first bytes of archives and of programs.
var (
	zipMagic  = []byte("PK\x03\x04")
	rarMagic  = []byte("Rar!\x1a\x07")
	gzipMagic = []byte("\x1f\x8b")
	mzMagic   = []byte("MZ")
)

func isContainer(data []byte) bool {
	return bytes.HasPrefix(data, zipMagic) || bytes.HasPrefix(data, rarMagic) || bytes.HasPrefix(data, gzipMagic) || isTar(data)
}

func isTar(data []byte) bool { return len(data) > 262 && string(data[257:262]) == "ustar" }

func (t *task) container(data []byte, name string) {
	switch {
	case bytes.HasPrefix(data, zipMagic):
		t.zip(data, name)
	case bytes.HasPrefix(data, rarMagic):
		t.rar(data)
	case bytes.HasPrefix(data, gzipMagic):
		t.gzip(data, name)
	default:
		t.tar(bytes.NewReader(data))
	}
}

// openZip reads the directory of a zip, unless it is larger than any honest one.
func openZip(data []byte) *zip.Reader {
	if bytes.Count(data, []byte("PK\x01\x02")) > maxDirectory {
		return nil
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil
	}
	return z
}

// zip lists an archive. A chat that was exported into one and the text of an
// office document are read.
func (t *task) zip(data []byte, name string) {
	z := openZip(data)
	if z == nil {
		t.gap(bot.GapUnreadable)
		return
	}
	if t.office(z) || t.exportedChat(z) {
		return
	}
	for _, f := range z.File {
		if !t.mayList() {
			return
		}
		if f.FileInfo().IsDir() {
			continue
		}
		if f.Flags&1 != 0 {
			t.gap(bot.GapEncrypted)
			t.contained(nil, f.Name)
			continue
		}
		t.entry(f.Name, func() (io.ReadCloser, error) { return f.Open() })
	}
}

// mayList pays for one more name.
func (t *task) mayList() bool {
	if t.entries <= 0 || t.ctx.Err() != nil {
		t.gap(bot.GapUnreadable)
		return false
	}
	t.entries--
	return !t.full()
}

// entry adds a file of an archive. Its content is looked into only when it
// begins like an archive or a program, whatever its name says.
func (t *task) entry(name string, open func() (io.ReadCloser, error)) {
	var data []byte
	if body, err := open(); err == nil {
		defer body.Close()
		head := t.peek(body, 512)
		if isContainer(head) || bytes.HasPrefix(head, mzMagic) {
			rest, err := t.unpack(body, t.limits.Bytes)
			if errors.Is(err, errSpent) {
				t.gap(bot.GapUnreadable)
			}
			head = append(head, rest...)
		}
		data = head
	}
	t.contained(data, name)
}

func (t *task) rar(data []byte) {
	r, err := rardecode.NewReader(&patientReader{ctx: t.ctx, r: bytes.NewReader(data)}, rardecode.MaxDictionarySize(maxWindow))
	for err == nil && t.mayList() {
		var h *rardecode.FileHeader
		if h, err = r.Next(); err != nil {
			break
		}
		if h.IsDir {
			continue
		}
		if h.Encrypted {
			t.gap(bot.GapEncrypted)
			t.contained(nil, h.Name)
			continue
		}
		t.entry(h.Name, func() (io.ReadCloser, error) { return io.NopCloser(r), nil })
	}
	switch {
	case err == nil || errors.Is(err, io.EOF):
	case errors.Is(err, rardecode.ErrArchiveEncrypted) || errors.Is(err, rardecode.ErrArchivedFileEncrypted):
		t.gap(bot.GapEncrypted)
	default:
		t.gap(bot.GapUnreadable)
	}
}

func (t *task) tar(r io.Reader) {
	archive := tar.NewReader(&patientReader{ctx: t.ctx, r: r})
	for t.mayList() {
		h, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.gap(bot.GapUnreadable)
			return
		}
		if h.Typeflag == tar.TypeReg {
			t.entry(h.Name, func() (io.ReadCloser, error) { return io.NopCloser(archive), nil })
		}
	}
}

// gzip looks through the one file that it holds.
func (t *task) gzip(data []byte, name string) {
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		t.gap(bot.GapUnreadable)
		return
	}
	inner, err := t.unpack(z, t.unpacked)
	if err != nil {
		t.gap(bot.GapUnreadable)
	}
	if z.Name != "" {
		name = z.Name
	} else {
		name = strings.TrimSuffix(strings.TrimSuffix(fileName(name), path.Ext(name)), ".tar")
	}
	if isTar(inner) && t.depth < t.limits.Nesting {
		t.depth++
		t.tar(bytes.NewReader(inner))
		t.depth--
		return
	}
	t.contained(inner, orElse(name, "file"))
}

// exportedChat reads a chat that a messenger exported into an archive, with the
// names of files that install something, and reports whether it is one.
func (t *task) exportedChat(z *zip.Reader) bool {
	for _, f := range z.File[:min(len(z.File), t.entries)] {
		if ending(f.Name) != "txt" || f.Flags&1 != 0 {
			continue
		}
		body, err := f.Open()
		if err != nil {
			continue
		}
		head := t.peek(body, 4<<10)
		if text := decodeText(head); !looksLikeChat(text) {
			body.Close()
			continue
		}
		rest, err := t.unpack(body, maxChat)
		body.Close()
		if errors.Is(err, errSpent) {
			t.gap(bot.GapUnreadable)
		}
		t.chat(decodeText(append(head, rest...)))
		for _, f := range z.File {
			if named := ending(fileName(f.Name)); installerEndings[named] && t.mayList() {
				t.installer(f.Name, named)
			}
		}
		return true
	}
	return false
}
