package store

import (
	"bufio"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
	"time"
)

// A backup is the same for all engines: a line that names it, then frames, each
// with its length before it and a checksum behind it. The first frame is a
// backupHead, then come entries whose values stay sealed, and the last one is a
// seal over all before it, made with a key that only the secret gives.
const (
	backupLine = "aldanba backup 1\n"
	frameHead  = 'h'
	frameEntry = 'e'
	frameEnd   = 'z'
	maxFrame   = 4 << 20 // bytes
)

type backupHead struct {
	Schema int
	Made   time.Time
	Key    []byte // the data key, locked with the secret
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Backup writes all that is remembered, claims excepted. The bot may go on
// meanwhile: the embedded store is written as it was at one moment; of Redis
// each record is whole, and as it was at some moment meanwhile.
func (s *Store) Backup(ctx context.Context, w io.Writer) error {
	s.mu.RLock()
	main := s.main
	s.mu.RUnlock()
	switch {
	case s.Health() != nil:
		return s.Health()
	case s.cfg.Secret == "":
		return fmt.Errorf("%w: a store in memory is backed up only if it has a secret", ErrConfig)
	}
	buffered := bufio.NewWriterSize(w, 1<<16)
	out := &backupWriter{w: buffered, seal: hmac.New(sha256.New, main.keys.backups)}
	out.write([]byte(backupLine))
	head, err := json.Marshal(backupHead{Schema: schema, Made: s.cfg.Clock().UTC(), Key: main.keys.wrap(s.cfg.Secret)})
	if err != nil {
		return err
	}
	out.frame(frameHead, head)
	var entries uint64
	if err := main.dump(ctx, func(en entry) error {
		if en.shelf == shelfRecord && en.key[0] == codeDraft {
			return nil // a backup may outlive the day that a draft lives
		}
		entries++
		out.frame(frameEntry, en.bytes())
		if out.err == nil {
			out.err = ctx.Err()
		}
		return out.err
	}); err != nil {
		return err
	}
	out.frame(frameEnd, out.seal.Sum(binary.BigEndian.AppendUint64(nil, entries)))
	if out.err != nil {
		return out.err
	}
	return buffered.Flush()
}

// backupWriter writes frames. After an error it writes nothing.
type backupWriter struct {
	w    io.Writer
	seal hash.Hash
	err  error
}

func (b *backupWriter) write(p []byte) {
	if b.err == nil {
		_, b.err = b.w.Write(p)
		b.seal.Write(p)
	}
}

func (b *backupWriter) frame(sort byte, body []byte) {
	p := binary.AppendUvarint(nil, uint64(len(body)+1))
	p = append(append(p, sort), body...)
	sum := crc32.Checksum(p, castagnoli)
	b.write(binary.BigEndian.AppendUint32(p, sum))
}

func (en entry) bytes() []byte {
	out := binary.BigEndian.AppendUint64([]byte{en.shelf}, uint64(en.expires))
	out = appendSized(out, en.key)
	return append(out, en.value...)
}

func parseEntry(body []byte) (en entry, err error) {
	if len(body) < 9 {
		return en, fmt.Errorf("%w: a record is too short", ErrBackup)
	}
	en.shelf, en.expires = body[0], expiry(body[1:])
	var ok bool
	if en.key, en.value, ok = cutSized(body[9:]); !ok {
		return en, fmt.Errorf("%w: a record is too short", ErrBackup)
	}
	return en, en.check()
}

// errSomething ends the look for any entry.
var errSomething = errors.New("there is something")

// Restore reads a backup into an empty store that has the same secret. If it
// fails, the store is empty as before. Nothing else may use the store meanwhile.
func (s *Store) Restore(ctx context.Context, r io.Reader) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.Health(); err != nil {
		return err
	}
	if err := s.main.dump(ctx, func(entry) error { return errSomething }); errors.Is(err, errSomething) {
		return fmt.Errorf("%w: the store is not empty", ErrBackup)
	} else if err != nil {
		return err
	}
	in := &backupReader{r: bufio.NewReaderSize(r, 1<<16)}
	keys, err := in.head(&s.cfg)
	if err != nil {
		return err
	}
	// Should the program be killed on the way, the next one begins anew.
	if err := s.main.setMeta(ctx, map[string][]byte{metaRestoring: []byte("yes")}); err != nil {
		return err
	}
	if err := in.entries(ctx, s.main.engine); err != nil {
		ctx = context.WithoutCancel(ctx)
		return errors.Join(err, s.main.wipe(ctx), s.main.setMeta(ctx, map[string][]byte{metaRestoring: nil}))
	}
	if err := s.main.setMeta(ctx, map[string][]byte{metaKey: keys.wrap(s.cfg.Secret), metaRestoring: nil}); err != nil {
		return err
	}
	s.main.keys = keys
	s.spare = s.newSpare()
	return nil
}

// CheckBackup says why a store with these settings could not restore a backup,
// as far as its head tells. It makes and changes nothing: a store that was made
// with the wrong secret would have to be deleted before the right one fits.
func CheckBackup(cfg Config, r io.Reader) error {
	if err := cfg.takeSecret(false); err != nil {
		return err
	}
	if cfg.Secret == "" {
		return fmt.Errorf("%w: a backup needs the one that it was made with: put its file %q into the directory, or set ALDANBA_SECRET", ErrSecret, secretName)
	}
	_, err := (&backupReader{r: bufio.NewReader(r)}).head(&cfg)
	return err
}

// backupReader reads frames.
type backupReader struct {
	r    *bufio.Reader
	seal hash.Hash // over what was read and believed
}

// head reads up to the first frame and opens the data key.
func (b *backupReader) head(cfg *Config) (*keys, error) {
	line := make([]byte, len(backupLine))
	if _, err := io.ReadFull(b.r, line); err != nil || string(line) != backupLine {
		return nil, fmt.Errorf("%w: it is no backup of this program", ErrBackup)
	}
	sort, body, frame, err := b.frame()
	if err != nil {
		return nil, err
	}
	var head backupHead
	if sort != frameHead || json.Unmarshal(body, &head) != nil {
		return nil, fmt.Errorf("%w: its head is damaged", ErrBackup)
	}
	if head.Schema > schema {
		return nil, fmt.Errorf("%w: it was made by a newer version of the program", ErrBackup)
	}
	k, err := unwrap(head.Key, cfg.Secret)
	if err != nil && cfg.OldSecret != "" {
		k, err = unwrap(head.Key, cfg.OldSecret)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: the backup was made with another one", ErrSecret)
	}
	b.seal = hmac.New(sha256.New, k.backups)
	b.seal.Write(line)
	b.seal.Write(frame)
	return k, nil
}

// entries reads and loads entries to the end and checks the seal.
func (b *backupReader) entries(ctx context.Context, into engine) error {
	batch := loader{engine: into}
	for n := uint64(0); ; n++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		sort, body, frame, err := b.frame()
		switch {
		case err != nil:
			return err
		case sort == frameEnd:
			if !hmac.Equal(body, b.seal.Sum(binary.BigEndian.AppendUint64(nil, n))) {
				return fmt.Errorf("%w: it was changed after it was made", ErrBackup)
			}
			if _, err := b.r.ReadByte(); err != io.EOF {
				return fmt.Errorf("%w: there is something behind its end", ErrBackup)
			}
			return batch.flush(ctx)
		case sort != frameEntry:
			return fmt.Errorf("%w: a frame is of no known sort", ErrBackup)
		}
		b.seal.Write(frame)
		en, err := parseEntry(body)
		if err != nil {
			return err
		}
		if err := batch.add(ctx, en); err != nil {
			return err
		}
	}
}

// frame reads a frame and checks its sum. frame is all of it.
func (b *backupReader) frame() (sort byte, body, frame []byte, err error) {
	length, err := binary.ReadUvarint(b.r)
	if err != nil {
		return 0, nil, nil, fmt.Errorf("%w: it ends too early", ErrBackup)
	}
	if length < 1 || length > maxFrame {
		return 0, nil, nil, fmt.Errorf("%w: a frame has a wrong length", ErrBackup)
	}
	frame = binary.AppendUvarint(nil, length)
	begin := len(frame)
	frame = append(frame, make([]byte, length+4)...)
	if _, err := io.ReadFull(b.r, frame[begin:]); err != nil {
		return 0, nil, nil, fmt.Errorf("%w: it ends too early", ErrBackup)
	}
	end := len(frame) - 4
	if crc32.Checksum(frame[:end], castagnoli) != binary.BigEndian.Uint32(frame[end:]) {
		return 0, nil, nil, fmt.Errorf("%w: a frame is damaged", ErrBackup)
	}
	return frame[begin], frame[begin+1 : end], frame, nil
}
