package terminal

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"
	"strings"

	"golang.org/x/term"
)

// prompt is shown where a terminal is attached.
const prompt = "› "

// Open prepares the input: line editing where in and out are a terminal, plain
// lines otherwise. It gives the lines, the writer to print to, and a function
// that gives the terminal back as it was.
func Open(ctx context.Context, in, out *os.File) (lines <-chan string, w io.Writer, restore func(), err error) {
	if !term.IsTerminal(int(in.Fd())) || !term.IsTerminal(int(out.Fd())) {
		return Lines(ctx, in), out, func() {}, nil
	}
	state, err := term.MakeRaw(int(in.Fd()))
	if err != nil {
		return nil, nil, nil, err
	}
	editor := term.NewTerminal(struct {
		io.Reader
		io.Writer
	}{in, out}, prompt)
	if width, height, err := term.GetSize(int(out.Fd())); err == nil && width > 0 {
		// A size that cannot be used leaves the editor's own, which works.
		_ = editor.SetSize(width, height)
	}
	editor.SetBracketedPasteMode(true)
	typed := make(chan string)
	go func() {
		defer close(typed)
		for {
			line, err := editor.ReadLine()
			if err != nil && !errors.Is(err, term.ErrPasteIndicator) {
				return
			}
			select {
			case typed <- line:
			case <-ctx.Done():
				return
			}
		}
	}()
	return typed, editor, func() {
		editor.SetBracketedPasteMode(false)
		_ = term.Restore(int(in.Fd()), state) // there is nobody left to tell
	}, nil
}

// Lines gives the lines of a plain input until it ends or ctx is done. What a line holds beyond maxMessage
// is passed over.
func Lines(ctx context.Context, in io.Reader) <-chan string {
	lines := make(chan string)
	go func() {
		defer close(lines)
		reader := bufio.NewReaderSize(in, 64<<10)
		for {
			line, err := readLine(reader)
			if line != "" || err == nil {
				select {
				case lines <- strings.TrimRight(line, "\r\n"):
				case <-ctx.Done():
					return
				}
			}
			if err != nil {
				return
			}
		}
	}()
	return lines
}

func readLine(reader *bufio.Reader) (string, error) {
	var line []byte
	for {
		part, err := reader.ReadSlice('\n')
		if len(line) < maxMessage {
			line = append(line, part...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return string(line), err
		}
	}
}
