package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"runtime"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/aldanba/aldanba/detector"
)

const (
	// maxLine is the longest line of JSON that is read, in bytes. A longer one
	// is passed over and answered with an error.
	maxLine = 1 << 20
	// batchLines and batchBytes bound what is handed to a core at once.
	batchLines = 64
	batchBytes = 256 << 10
)

// batch is a few lines on their way through a core. Its memory is used again.
type batch struct {
	read  []byte   // what was read
	lines [][]byte // parts of it; nil stands for a line that was too long
	out   []byte
	bad   bool
	done  chan struct{}
}

// batches lends batches.
type batches struct{ sync.Pool }

func (p *batches) get() *batch {
	b, ok := p.Get().(*batch)
	if !ok {
		return &batch{done: make(chan struct{}, 1)}
	}
	b.read, b.lines, b.out, b.bad = b.read[:0], b.lines[:0], b.out[:0], false
	return b
}

// checkLines judges every line of in and writes exactly one line for each, in
// order. It holds a bounded number of lines whatever the length of the input.
// bad says that at least one line could not be read.
func checkLines(ctx context.Context, d *detector.Detector, in io.Reader, out io.Writer) (bad bool, err error) {
	cores := runtime.GOMAXPROCS(0)
	group, ctx := errgroup.WithContext(ctx)
	work, order := make(chan *batch), make(chan *batch, 2*cores)
	pool := &batches{}
	for range cores {
		group.Go(func() error {
			for b := range work {
				b.judge(d)
				b.done <- struct{}{}
			}
			return nil
		})
	}
	group.Go(func() error {
		defer close(order)
		defer close(work)
		return readBatches(ctx, bufio.NewReaderSize(in, 64<<10), pool, func(b *batch) error {
			for _, queue := range []chan<- *batch{order, work} {
				select {
				case queue <- b:
				case <-ctx.Done():
					return ctx.Err()
				}
			}
			return nil
		})
	})
	group.Go(func() error {
		for b := range order {
			select {
			case <-b.done:
			case <-ctx.Done():
				return ctx.Err()
			}
			bad = bad || b.bad
			if _, err := out.Write(b.out); err != nil {
				return err
			}
			pool.Put(b)
		}
		return nil
	})
	return bad, group.Wait()
}

// readBatches cuts the input into batches. When the input pauses (a person
// types, a program waits for its answer) the lines so far go on at once.
func readBatches(ctx context.Context, in *bufio.Reader, pool *batches, send func(*batch) error) error {
	if mark, _ := in.Peek(len(byteOrderMark)); string(mark) == byteOrderMark {
		if _, err := in.Discard(len(mark)); err != nil {
			return err
		}
	}
	for ctx.Err() == nil {
		b := pool.get()
		for len(b.lines) < batchLines && len(b.read) < batchBytes {
			err := b.readLine(in)
			if err != nil && !errors.Is(err, errLongLine) {
				if len(b.lines) > 0 {
					if sendErr := send(b); sendErr != nil {
						return sendErr
					}
				}
				if errors.Is(err, io.EOF) {
					return nil
				}
				return err
			}
			if in.Buffered() == 0 {
				break
			}
		}
		if err := send(b); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// byteOrderMark is what some editors put before the first line.
const byteOrderMark = "\ufeff"

var errLongLine = errors.New("the line is longer than 1 MiB")

// readLine reads one more line, without its end. A line longer than maxLine is
// skipped and gives errLongLine.
func (b *batch) readLine(in *bufio.Reader) error {
	start, long := len(b.read), false
	for {
		part, err := in.ReadSlice('\n')
		if long = long || len(b.read)-start+len(part) > maxLine; !long {
			b.read = append(b.read, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case long && (err == nil || errors.Is(err, io.EOF)):
			b.read, b.lines = b.read[:start], append(b.lines, nil)
			return errLongLine
		case err == nil || errors.Is(err, io.EOF) && len(b.read) > start:
			end := len(b.read)
			for end > start && (b.read[end-1] == '\n' || b.read[end-1] == '\r') {
				end--
			}
			b.lines = append(b.lines, b.read[start:end:end])
			return nil
		}
		return err
	}
}

// judge writes the answer to every line of the batch.
func (b *batch) judge(d *detector.Detector) {
	for _, line := range b.lines {
		id, text, err := parseLine(line)
		if err == nil {
			b.out = newResult(id, d.Check(text)).appendLine(b.out)
			continue
		}
		b.bad = true
		b.out = append(b.out, '{')
		if len(id) > 0 {
			b.out = append(append(append(b.out, `"id":`...), id...), ',')
		}
		b.out = append(appendString(append(b.out, `"error":`...), err.Error()), "}\n"...)
	}
}

// parseLine reads {"id","text"}. The id may be any JSON value and is given back
// without spaces, also when the rest of the line is wrong.
func parseLine(line []byte) (id json.RawMessage, text string, err error) {
	if line == nil {
		return nil, "", errLongLine
	}
	if id, text, ok := plainLine(line); ok {
		return id, text, nil
	}
	return anyLine(line)
}

// anyLine reads a line of any form and says what is wrong with it.
func anyLine(line []byte) (id json.RawMessage, text string, err error) {
	var fields struct {
		ID   json.RawMessage `json:"id"`
		Text json.RawMessage `json:"text"`
	}
	if err := json.Unmarshal(line, &fields); err != nil {
		return nil, "", errors.New("the line is not a JSON object with id and text")
	}
	if fields.ID != nil {
		var compact bytes.Buffer
		if err := json.Compact(&compact, fields.ID); err == nil {
			id = compact.Bytes()
		}
	}
	if fields.Text == nil {
		return id, "", errors.New("the field text is missing")
	}
	var s *string
	if err := json.Unmarshal(fields.Text, &s); err != nil || s == nil {
		return id, "", errors.New("the field text is not a string")
	}
	return id, *s, nil
}
