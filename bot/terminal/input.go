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
	lines, editor := Edit(ctx, in, out)
	if width, height, err := term.GetSize(int(out.Fd())); err == nil && width > 0 {
		// A size that cannot be used leaves the editor's own, which works.
		_ = editor.SetSize(width, height)
	}
	editor.SetBracketedPasteMode(true)
	return lines, editor, func() {
		editor.SetBracketedPasteMode(false)
		_ = term.Restore(int(in.Fd()), state) // there is nobody left to tell
	}, nil
}

// Edit gives the lines that are typed with editing at a terminal in raw mode,
// until its input ends or ctx is done. What is pasted comes as one, with line
// breaks in it. The terminal is to print to.
func Edit(ctx context.Context, in io.Reader, out io.Writer) (<-chan string, *term.Terminal) {
	lines := make(chan string)
	send := func(line string) bool {
		select {
		case lines <- line:
			return true
		case <-ctx.Done():
			return false
		}
	}
	keys := &pasteReader{in: in}
	editor := term.NewTerminal(struct {
		io.Reader
		io.Writer
	}{keys, out}, prompt)
	keys.pasted = func(text string) {
		// The screen is lost with the program; the message is not.
		_, _ = io.WriteString(editor, prompt+visible(strings.TrimRight(text, "\n"))+"\n")
		send(text)
	}
	go func() {
		defer close(lines)
		for {
			line, err := editor.ReadLine()
			if err != nil && !errors.Is(err, term.ErrPasteIndicator) || !send(line) {
				return
			}
		}
	}()
	return lines, editor
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
