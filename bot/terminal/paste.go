package terminal

import (
	"bytes"
	"io"
	"strings"
	"unicode"
)

// What a terminal puts around a paste (bracketed paste, as xterm does it).
var (
	pasteStart = []byte("\x1b[200~")
	pasteEnd   = []byte("\x1b[201~")
)

// maxEdited is the longest paste of one line that goes to the editor, in bytes.
// It cuts lines above 4096 letters in silence.
const maxEdited = 2 << 10

// pasteReader takes a paste of several lines, or a long one, out of what comes
// from the keyboard: it is one message, whatever its lines are and whether or
// not a line break ends it. Short pastes of one line stay, to be edited.
type pasteReader struct {
	in     io.Reader
	pasted func(text string) // gets the paste, with "\n" between its lines

	raw   []byte // read, not yet looked at
	keys  []byte // for the editor
	paste []byte // what of a paste has come
	open  bool   // a paste has begun and not ended
	err   error  // of the last read
}

func (p *pasteReader) Read(to []byte) (int, error) {
	var buf [4 << 10]byte
	for len(p.keys) == 0 {
		if p.err != nil {
			return 0, p.err
		}
		var n int
		n, p.err = p.in.Read(buf[:])
		p.raw = append(p.raw, buf[:n]...)
		for p.step() {
		}
		if p.err != nil { // nothing will complete what was begun
			p.keys, p.raw = append(p.keys, p.raw...), nil
		}
	}
	n := copy(to, p.keys)
	p.keys = p.keys[n:]
	return n, nil
}

// step goes to the next begin or end of a paste; false where none has come yet.
func (p *pasteReader) step() bool {
	mark, to := pasteStart, &p.keys
	if p.open {
		mark, to = pasteEnd, &p.paste
	}
	at := bytes.Index(p.raw, mark)
	var ready, rest []byte
	if at >= 0 {
		ready, rest = p.raw[:at], p.raw[at+len(mark):]
	} else {
		n := len(p.raw) - begun(p.raw, mark)
		ready, rest = p.raw[:n], p.raw[n:]
	}
	if room := maxMessage - len(p.paste); p.open && len(ready) > room {
		ready = ready[:max(room, 0)]
	}
	*to = append(*to, ready...)
	p.raw = append([]byte(nil), rest...)
	if at < 0 {
		return false
	}
	if p.open {
		p.ended()
	}
	p.open = !p.open
	return true
}

// begun gives how many bytes at the end of b may be the beginning of a mark.
func begun(b, mark []byte) int {
	for n := min(len(b), len(mark)-1); n > 0; n-- {
		if bytes.HasSuffix(b, mark[:n]) {
			return n
		}
	}
	return 0
}

// ended hands a paste over.
func (p *pasteReader) ended() {
	text := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(string(p.paste))
	if p.paste = p.paste[:0]; len(text) <= maxEdited && !strings.Contains(strings.TrimRight(text, "\n"), "\n") {
		p.keys = append(append(append(p.keys, pasteStart...), strings.ReplaceAll(text, "\n", "\r")...), pasteEnd...)
		return
	}
	p.pasted(text)
}

// visible gives a text as it may be shown on a screen: without what steers one.
func visible(text string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && unicode.IsControl(r) {
			return -1
		}
		return r
	}, text)
}
