// Package media turns a file that somebody was sent into text that can be judged.
//
// A file is hostile. What it is, is told by its content and not by its name;
// its bytes, pixels, seconds, entries, depth and what it unpacks to are bounded;
// nothing is written to a disk; a decoder that breaks costs one gap in one
// reading. Pictures and sound are read on this machine where that is possible;
// a service outside is shown them only when it is switched on and the person
// has agreed.
package media

import (
	"context"
	"errors"
	"io"
	"runtime"
	"strings"
	"time"

	"github.com/aldanba/aldanba/bot"
)

// Config says by what means files are read. The zero value reads documents and
// QR codes, and pictures when a tesseract program is in PATH.
type Config struct {
	Tesseract     string  // program for the text of pictures; empty: found in PATH or done without; Off: done without
	TranscribeCmd string  // local command for sound: audio on its input, text on its output; words may be quoted; empty: none
	Service       Service // a service outside; the zero value is none
	Limits        Limits
}

// Off as Config.Tesseract leaves the program alone although it is installed.
const Off = "off"

// Limits bound the cost of one file. A zero field means its default.
type Limits struct {
	Bytes     int64         // of the file; 20 MB, which is what a bot may fetch
	Pixels    int           // of a picture; 40 million
	Side      int           // the longer side of a picture in pixels; 20,000
	Sound     time.Duration // of a voice note, an audio or a video; 5 minutes
	Time      time.Duration // for reading one file, fetching included; 10 seconds
	Unpacked  int64         // bytes that all compressed parts of a file may give; 64 MB
	Entries   int           // files listed in an archive; 2,000
	Nesting   int           // archives within archives, parts within letters; 3
	Text      int           // bytes of text that are kept; 64 KiB
	Processes int           // pictures decoded and programs run at one time; as many as there are cores
}

func (l Limits) withDefaults() Limits {
	return Limits{
		Bytes:     orDefault(l.Bytes, 20<<20),
		Pixels:    orDefault(l.Pixels, 40_000_000),
		Side:      orDefault(l.Side, 20_000),
		Sound:     orDefault(l.Sound, 5*time.Minute),
		Time:      orDefault(l.Time, 10*time.Second),
		Unpacked:  orDefault(l.Unpacked, 64<<20),
		Entries:   orDefault(l.Entries, 2000),
		Nesting:   orDefault(l.Nesting, 3),
		Text:      orDefault(l.Text, 64<<10),
		Processes: orDefault(l.Processes, runtime.NumCPU()),
	}
}

func orDefault[N ~int | ~int64](n, otherwise N) N {
	if n <= 0 {
		return otherwise
	}
	return n
}

// Reader reads files. It is safe for concurrent use.
type Reader struct {
	limits     Limits
	ocr        *recogniser // nil: no program
	transcribe *command    // nil: no local command
	service    *service    // nil: none
	vocabulary *vocabulary
	slots      chan struct{} // taken while pictures are decoded and programs run
}

// New makes a Reader and finds out what is installed. It fails where the
// configuration names something that is not there or cannot be used.
func New(c Config) (*Reader, error) {
	r := &Reader{limits: c.Limits.withDefaults(), vocabulary: parseVocabulary(vocabularyFile)}
	r.slots = make(chan struct{}, r.limits.Processes)
	var err error
	if r.ocr, err = newRecogniser(c.Tesseract); err != nil {
		return nil, err
	}
	if c.TranscribeCmd != "" {
		if r.transcribe, err = parseCommand(c.TranscribeCmd); err != nil {
			return nil, err
		}
	}
	if r.service, err = newService(c.Service); err != nil {
		return nil, err
	}
	return r, nil
}

// Means is what a Reader can do beyond documents and QR codes.
type Means struct {
	Languages []string // languages of the text of pictures that the program knows, as it names them; empty: no program
	Vision    bool     // a service may be asked to read pictures: it never is where the program is
	Command   bool     // a local command listens to sound
	Speech    bool     // a service may be asked to listen: it never is where the command is
}

// Means says what is switched on and installed.
func (r *Reader) Means() Means {
	m := Means{Command: r.transcribe != nil}
	if r.ocr != nil {
		m.Languages = append(m.Languages, r.ocr.languages...)
	}
	if r.service != nil {
		m.Vision, m.Speech = r.ocr == nil && r.service.visionModel != "", !m.Command && r.service.speechModel != ""
	}
	return m
}

// Read reads one file. open fetches its content; it is called twice at most, where the first time failed, and
// not at all where the file could not be read anyway. The reading holds
// whatever could be read and a gap for whatever could not.
func (r *Reader) Read(ctx context.Context, file bot.File, open func(context.Context) (io.ReadCloser, error), services bot.Services) bot.Reading {
	ctx, cancel := context.WithTimeout(ctx, r.limits.Time)
	defer cancel()
	if gap := r.hopeless(file, services); gap != "" {
		return bot.Reading{Gaps: []bot.Gap{gap}}
	}
	data, gap := r.fetch(ctx, open)
	if gap != "" {
		return bot.Reading{Gaps: []bot.Gap{gap}}
	}
	t := &task{Reader: r, ctx: ctx, file: file, services: services, unpacked: r.limits.Unpacked, entries: r.limits.Entries}
	t.read(data)
	return t.reading()
}

// hopeless tells from what the messenger says of a file that fetching it would
// be in vain.
func (r *Reader) hopeless(file bot.File, services bot.Services) bot.Gap {
	if file.Size > r.limits.Bytes {
		return bot.GapTooBig
	}
	if file.Kind == bot.Voice || file.Kind == bot.Video {
		if file.Length > r.limits.Sound {
			return bot.GapTooLong
		}
		return r.noSpeech(services)
	}
	return ""
}

// fetches is how often a file is asked for: a line that breaks off is common,
// and a person would have to send the file again.
const fetches = 2

// fetch takes the whole file into memory.
func (r *Reader) fetch(ctx context.Context, open func(context.Context) (io.ReadCloser, error)) (data []byte, gap bot.Gap) {
	for range fetches {
		var err error
		if data, err = r.download(ctx, open); err == nil && int64(len(data)) > r.limits.Bytes {
			return nil, bot.GapTooBig
		}
		if err == nil {
			return data, ""
		}
		if ctx.Err() != nil {
			break
		}
	}
	return nil, bot.GapUnfetched
}

// download reads a file once, one byte beyond the limit at most.
func (r *Reader) download(ctx context.Context, open func(context.Context) (io.ReadCloser, error)) ([]byte, error) {
	body, err := open(ctx)
	if err != nil {
		return nil, err
	}
	defer body.Close()
	return io.ReadAll(&patientReader{ctx: ctx, r: io.LimitReader(body, r.limits.Bytes+1)})
}

// enter takes a slot for work that is heavy on processor or memory.
func (r *Reader) enter(ctx context.Context) (leave func(), err error) {
	select {
	case r.slots <- struct{}{}:
		return func() { <-r.slots }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// task is the reading of one file: what is found and what may still be spent.
type task struct {
	*Reader
	ctx      context.Context
	file     bot.File
	services bot.Services

	unpacked int64 // bytes that may still be unpacked
	entries  int   // names that may still be listed
	depth    int   // containers around what is being read

	text    strings.Builder
	receipt bool
	ending  string // of the first file that installs or runs something
	gaps    []bot.Gap
}

// read reads the file and catches what its decoders throw.
func (t *task) read(data []byte) {
	defer func() {
		if recover() != nil {
			t.gap(bot.GapUnreadable)
		}
	}()
	t.content(data, t.file.Name)
}

// lines adds text, line by line, without blank ones and with single spaces.
func (t *task) lines(text string) {
	for line := range strings.Lines(text) {
		line = strings.Join(strings.Fields(strings.ToValidUTF8(line, "�")), " ")
		if line == "" {
			continue
		}
		if t.text.Len()+len(line)+1 > t.limits.Text {
			if t.text.Len() > 0 {
				return
			}
			line = strings.ToValidUTF8(line[:t.limits.Text-1], "")
		}
		t.text.WriteString(line)
		t.text.WriteByte('\n')
	}
}

// full reports whether no more text is kept.
func (t *task) full() bool { return t.text.Len()+1 >= t.limits.Text }

// gap notes what could not be read.
func (t *task) gap(g bot.Gap) {
	for _, had := range t.gaps {
		if had == g {
			return
		}
	}
	t.gaps = append(t.gaps, g)
}

// reading is the outcome of the task. A file in which nothing was found, for no
// stated reason, has no text.
func (t *task) reading() bot.Reading {
	text := strings.TrimSpace(t.text.String())
	if text == "" && len(t.gaps) == 0 {
		t.gap(bot.GapNoText)
	}
	return bot.Reading{Text: text, Receipt: t.receipt, Ending: t.ending, Gaps: t.gaps}
}

// errSpent says that a file unpacks to more than is read of it.
var errSpent = errors.New("media: the file unpacks to too much")

// unpack reads what a compressed part of the file gives, at most limit bytes of
// it, and pays for it from what the task may unpack. What was read before an
// error is returned with it.
func (t *task) unpack(r io.Reader, limit int64) ([]byte, error) {
	most := min(limit, t.unpacked)
	data, err := io.ReadAll(&patientReader{ctx: t.ctx, r: io.LimitReader(r, most+1)})
	t.unpacked -= min(int64(len(data)), t.unpacked)
	if int64(len(data)) > most {
		return data[:most], errSpent
	}
	return data, err
}

// peek reads the beginning of a compressed part of the file, at most n bytes.
func (t *task) peek(r io.Reader, n int64) []byte {
	head := make([]byte, min(n, t.unpacked))
	got, _ := io.ReadFull(&patientReader{ctx: t.ctx, r: r}, head)
	t.unpacked -= int64(got)
	return head[:got]
}

// patientReader hands out small pieces and stops when its time is over, so that
// a decoder above it does not outlive the task by much.
type patientReader struct {
	ctx context.Context
	r   io.Reader
}

const patientPiece = 1 << 10

func (p *patientReader) Read(b []byte) (int, error) {
	if err := p.ctx.Err(); err != nil {
		return 0, err
	}
	return p.r.Read(b[:min(len(b), patientPiece)])
}
