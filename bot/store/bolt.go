package store

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"sync/atomic"
	"syscall"
	"time"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
)

const (
	fileName  = "aldanba.db"
	lockTime  = 500 * time.Millisecond // to wait for another process to leave the file
	lockPause = 20 * time.Millisecond  // between looks whether it has
	groupSize = 512                    // operations in one commit at most
	firstMap  = 64 << 20               // address space for the file, so that it is seldom mapped anew
	restTime  = 3 * time.Second        // between the times at which mapped pages are given back
	restSize  = 16 << 20               // of a file that is worth it
	restAfter = 256                    // operations after which it is time, too: each may map some 64 KiB anew
)

// bolt is a backend on one file. All changes go through one goroutine, which
// takes those that wait into one transaction: so they share the two syncs that
// a commit costs, and each is on the disk before its caller hears of it.
type bolt struct {
	db     *bbolt.DB
	file   *os.File // that bbolt works on
	queue  chan *change
	stop   chan struct{} // closed to end the committer
	ended  chan struct{} // closed when it has
	broken error         // of the committer: why nothing is committed any more
	used   atomic.Int64  // operations since mapped pages were last given back
}

// change is an update that waits for its commit.
type change struct {
	write func(tx) error
	err   error
	done  chan struct{}
}

// openBolt opens the file in a directory, making both where they are missing.
func openBolt(dir string, clock func() time.Time, most int64) (eng engine, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, boltFault(err)
	}
	b := &bolt{queue: make(chan *change, groupSize), stop: make(chan struct{}), ended: make(chan struct{})}
	if err := guarded(func() error {
		var err error
		b.db, err = bbolt.Open(filepath.Join(dir, fileName), 0o600, &bbolt.Options{
			Timeout:         lockTime,
			FreelistType:    bbolt.FreelistMapType,
			InitialMmapSize: firstMap,
			MaxSize:         int(most),
			NoStatistics:    true,
			OpenFile:        b.openFile,
		})
		return err
	}); err != nil {
		b.abandon()
		return nil, boltFault(err)
	}
	var boots uint64
	if err := guarded(func() error { return b.prepare(&boots) }); err != nil {
		b.abandon()
		return nil, boltFault(err)
	}
	go b.commits()
	// Claims do not outlive the process, so their fences begin above all that
	// earlier processes gave.
	return newKV(b, clock, boots<<40), nil
}

// openFile opens the file for bbolt and inspects it, while no other process
// writes it. The lock is the one that bbolt takes, which is its own already then.
func (b *bolt) openFile(path string, flag int, mode fs.FileMode) (*os.File, error) {
	file, err := os.OpenFile(path, flag, mode)
	if err != nil {
		return nil, err
	}
	err = lockFile(file)
	if err == nil {
		err = inspectFile(file)
	}
	if err != nil {
		file.Close()
		return nil, err
	}
	b.file = file
	return file, nil
}

func inspectFile(file *os.File) error {
	info, err := file.Stat()
	if err != nil || info.Size() == 0 { // a new one
		return err
	}
	return inspect(file, info.Size())
}

// abandon gives the file up without bbolt, which may be holding locks of its
// own after a panic. What it has mapped stays so until the program ends.
func (b *bolt) abandon() {
	if b.file != nil {
		unlockFile(b.file) // mapped as it is, closing it would not be enough
		b.file.Close()
	}
}

// prepare makes the tables.
func (b *bolt) prepare(boots *uint64) error {
	return b.db.Update(func(t *bbolt.Tx) error {
		for _, name := range tables {
			if _, err := t.CreateBucketIfNotExists([]byte{byte(name)}); err != nil {
				return err
			}
		}
		meta := t.Bucket([]byte{byte(tableMeta)})
		if v := meta.Get([]byte("boots")); len(v) == 8 {
			*boots = binary.BigEndian.Uint64(v)
		}
		*boots++
		return meta.Put([]byte("boots"), binary.BigEndian.AppendUint64(nil, *boots))
	})
}

func (b *bolt) view(ctx context.Context, read func(tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	b.used.Add(1)
	return guarded(func() error {
		t, err := b.db.Begin(false)
		if err != nil {
			return boltFault(err)
		}
		defer t.Rollback()
		return read(&boltTx{tx: t})
	})
}

func (b *bolt) update(ctx context.Context, write func(tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	c := &change{write: write, done: make(chan struct{})}
	select {
	case b.queue <- c:
	case <-ctx.Done():
		return ctx.Err()
	case <-b.stop:
		return boltFault(bolterrors.ErrDatabaseNotOpen)
	}
	// Once it waits it may be committed, so its end is waited for.
	select {
	case <-c.done:
		return c.err
	case <-b.ended:
	}
	select {
	case <-c.done:
		return c.err
	default:
		return boltFault(bolterrors.ErrDatabaseNotOpen)
	}
}

// commits is the goroutine that makes all changes.
func (b *bolt) commits() {
	defer close(b.ended)
	rests := time.NewTicker(restTime)
	defer rests.Stop()
	for {
		select {
		case first := <-b.queue:
			group := b.group(first)
			b.commit(group)
			if b.used.Add(int64(len(group))) >= restAfter {
				b.rest()
			}
		case <-rests.C:
			b.rest()
		case <-b.stop:
			return
		}
	}
}

// rest gives mapped pages back. Names are digests, so people who write one after
// the other lie all over the file: otherwise all of it would come to be counted
// as memory of the program. As only the goroutine of the commits maps the file
// anew, what the transaction sees of it is mapped.
func (b *bolt) rest() {
	b.used.Store(0)
	// A file that cannot be read shows itself to whoever needs it.
	_ = guarded(func() error {
		return b.db.View(func(t *bbolt.Tx) error {
			if t.Size() >= restSize {
				giveBack(t)
			}
			return nil
		})
	})
}

// group takes along what waits. Those whom the last commit woke are let run
// once, as they mostly come with the next change.
func (b *bolt) group(first *change) []*change {
	group := []*change{first}
	yielded := false
	for len(group) < groupSize {
		select {
		case c := <-b.queue:
			group = append(group, c)
		default:
			if yielded {
				return group
			}
			yielded = true
			runtime.Gosched()
		}
	}
	return group
}

func (b *bolt) commit(group []*change) {
	err := b.broken
	if err == nil {
		err = b.tryCommit(group)
	}
	if err != nil {
		err = boltFault(err)
	}
	if errors.Is(err, ErrCorrupt) {
		// bbolt may not have given its lock back: the next one would wait for ever.
		b.broken = err
	}
	for _, c := range group {
		if err != nil {
			c.err = err
		}
		close(c.done)
	}
}

func (b *bolt) tryCommit(group []*change) error {
	return guarded(func() error {
		t, err := b.db.Begin(true)
		if err != nil {
			return err
		}
		defer t.Rollback()
		open := &boltTx{tx: t}
		for _, c := range group {
			c.err = c.write(open)
		}
		if open.err != nil {
			return open.err
		}
		return t.Commit()
	})
}

func (b *bolt) close() error {
	close(b.stop)
	<-b.ended
	if b.broken != nil {
		b.abandon()
		return nil
	}
	return b.db.Close()
}

// guarded runs what touches the file. A damaged file shows itself by a panic of
// bbolt or a fault of the mapped memory: both become errors.
func guarded(touch func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if r := recover(); r != nil {
			err = &fault{class: ErrCorrupt, detail: fileName + " does not hold together: restore a backup", cause: fmt.Errorf("%v", r)}
		}
	}()
	return touch()
}

// boltFault says what an error of the file means.
func boltFault(err error) error {
	class, detail := ErrCorrupt, fileName+" cannot be used: restore a backup"
	switch {
	case isFault(err):
		return err
	case errors.Is(err, bolterrors.ErrTimeout):
		class, detail = ErrLocked, fileName+" is for one process; several need Redis"
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT), errors.Is(err, syscall.EFBIG):
		class, detail = ErrFull, "no room on the disk"
	case errors.Is(err, bolterrors.ErrMaxSizeReached):
		class, detail = ErrFull, fileName+" has reached its largest size"
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		class, detail = ErrDenied, fileName
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENOTDIR):
		class, detail = ErrConfig, "the directory for "+fileName+" (ALDANBA_DATA) cannot be made or is none"
	case errors.Is(err, bolterrors.ErrDatabaseNotOpen):
		class, detail = ErrAway, fileName+" is closed"
	}
	return &fault{class: class, detail: detail, cause: err}
}

// boltTx is a transaction of the file. Its first error is kept: it ends the
// whole commit.
type boltTx struct {
	tx  *bbolt.Tx
	err error
}

func (t *boltTx) bucket(in table) *bbolt.Bucket { return t.tx.Bucket([]byte{byte(in)}) }

func (t *boltTx) get(in table, key []byte) []byte { return t.bucket(in).Get(key) }

func (t *boltTx) put(in table, key, value []byte) {
	t.note(t.bucket(in).Put(key, value))
}

func (t *boltTx) remove(in table, key []byte) {
	t.note(t.bucket(in).Delete(key))
}

func (t *boltTx) note(err error) {
	if t.err == nil {
		t.err = err
	}
}

func (t *boltTx) from(in table, key []byte) iter.Seq2[[]byte, []byte] {
	return func(yield func([]byte, []byte) bool) {
		c := t.bucket(in).Cursor()
		for k, v := c.Seek(key); k != nil; k, v = c.Next() {
			if !yield(k, v) {
				return
			}
		}
	}
}

func (t *boltTx) next() uint64 {
	n, err := t.bucket(tableMeta).NextSequence()
	t.note(err)
	return n
}

func (t *boltTx) full() bool { return false }
