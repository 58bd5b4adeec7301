package telegramtest

import (
	"bytes"
	"fmt"
	"image"
	_ "image/gif" // formats that sendPhoto measures
	_ "image/jpeg"
	_ "image/png"
	"net/http"
	"path"
	"strconv"
	"strings"
)

// maxDownload is the largest file that a bot may fetch.
const maxDownload = 20 << 20

// file is a file that the server keeps.
type file struct {
	id, path string
	name     string
	mime     string
	size     int64
	data     []byte
}

// Upload is a file that the bot has sent.
type Upload struct {
	Name string
	MIME string
	Data []byte
}

// keep stores a file in a folder of the server. The server is locked.
func (s *Server) keep(folder string, f file) *file {
	s.lastID++
	f.id = fmt.Sprintf("BQACAgIAAxkBAAI%08d", s.lastID)
	f.path = folder + "/file_" + strconv.FormatInt(s.lastID, 10) + path.Ext(f.name)
	if f.size == 0 {
		f.size = int64(len(f.data))
	}
	kept := &f
	s.files[f.id] = kept
	s.files[f.path] = kept
	return kept
}

func (f *file) write(o *object) {
	o.str("file_id", f.id)
	o.str("file_unique_id", "AgAD"+f.id[len(f.id)-8:])
	o.int("file_size", f.size)
}

func (s *Server) getFile(c *call) error {
	id := c.params.str("file_id")
	if id == "" {
		return badRequest("file_id not specified")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.files[id]
	switch {
	case f == nil || f.id != id:
		return badRequest("invalid file_id")
	case f.size > maxDownload:
		return badRequest("file is too big")
	}
	o := &c.result
	o.open()
	f.write(o)
	o.str("file_path", f.path)
	o.close()
	return nil
}

// download hands out the bytes of a file under the path that getFile named.
func (s *Server) download(w http.ResponseWriter, r *http.Request, name string) {
	fault := s.fault("download", 0)
	status := fault.status()
	var data []byte
	if status == 0 {
		s.mu.Lock()
		f := s.files[name]
		s.mu.Unlock()
		status = http.StatusNotFound
		if f != nil && f.path == name && f.size <= maxDownload {
			status, data = http.StatusOK, f.data
		}
	}
	s.record(Request{Call: Call{Method: "download", Status: status, At: s.options.Now()}})
	switch {
	case fault != nil:
		w.Header().Set("Content-Type", "application/octet-stream")
		fault.write(s, w, r, data, status)
	case status == http.StatusNotFound:
		s.refuse(w, &apiError{code: 404, description: "Not Found"})
	default:
		w.Header().Set("Content-Type", "application/octet-stream")
		w.Header().Set("Content-Length", strconv.Itoa(len(data)))
		_, _ = w.Write(data) // the client may have gone
	}
}

// upload finds the file of a call under a field: uploaded there, uploaded
// elsewhere and pointed to by attach://, or the id of a file that is known.
func (s *Server) upload(c *call, field string) (*Upload, error) {
	p := c.params.find(field)
	if p == nil {
		return nil, badRequest("there is no %s in the request", field)
	}
	if !p.isSet {
		if name, ok := strings.CutPrefix(string(p.value), "attach://"); ok {
			p = c.params.find(name)
		}
	}
	if p == nil {
		return nil, badRequest("there is no %s in the request", field)
	}
	if p.isSet {
		if len(p.value) == 0 {
			return nil, badRequest("file must be non-empty")
		}
		return &Upload{Name: p.file, MIME: p.mime, Data: bytes.Clone(p.value)}, nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if f := s.files[string(p.value)]; f != nil {
		return &Upload{Name: f.name, MIME: f.mime, Data: f.data}, nil
	}
	return nil, badRequest("wrong file identifier/HTTP URL specified")
}

// sendFile sends one file; describe writes its object and says whether it is
// acceptable.
func (s *Server) sendFile(c *call, field string, describe func(*object, *Upload) error) error {
	caption, err := captionParam(c)
	if err != nil {
		return err
	}
	out, err := outgoingParams(c, caption)
	if err != nil {
		return err
	}
	up, err := s.upload(c, field)
	if err != nil {
		return err
	}
	var media object
	if err := describe(&media, up); err != nil {
		return err
	}
	return s.deliver(c, out, func(m *message) {
		m.captioned, m.media = true, media.buf
		if !s.options.KeepNothing {
			m.upload = up
		}
	})
}

func (s *Server) sendDocument(c *call) error {
	return s.sendFile(c, "document", func(o *object, up *Upload) error {
		o.object("document", func() {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.describe(o, "documents", up)
			o.text("file_name", up.Name)
			o.text("mime_type", up.MIME)
		})
		return nil
	})
}

func (s *Server) sendPhoto(c *call) error {
	return s.sendFile(c, "photo", func(o *object, up *Upload) error {
		size, _, err := image.DecodeConfig(bytes.NewReader(up.Data))
		switch {
		case err != nil:
			return badRequest("IMAGE_PROCESS_FAILED")
		case size.Width+size.Height > 10000 || size.Width > 20*size.Height || size.Height > 20*size.Width:
			return badRequest("PHOTO_INVALID_DIMENSIONS")
		case len(up.Data) > 10<<20:
			return badRequest("file is too big")
		}
		o.array("photo", func() {
			o.element(func() {
				s.mu.Lock()
				defer s.mu.Unlock()
				s.describe(o, "photos", up)
				o.int("width", int64(size.Width))
				o.int("height", int64(size.Height))
			})
		})
		return nil
	})
}

// describe keeps an uploaded file and writes the fields that all files have.
func (s *Server) describe(o *object, folder string, up *Upload) {
	f := file{name: up.Name, mime: up.MIME, data: up.Data}
	if s.options.KeepNothing {
		f.id, f.size = "BQACAgIAAxkBAAI00000000", int64(len(up.Data))
		f.write(o)
		return
	}
	s.keep(folder, f).write(o)
}
