package media

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"
	"unicode"
)

// command is a program with its arguments. It runs without a shell.
type command struct {
	path string
	args []string
}

// parseCommand splits a setting into words, which may stand in single or double
// quotes, and finds the program.
func parseCommand(setting string) (*command, error) {
	words, err := splitWords(setting)
	if err != nil {
		return nil, err
	}
	if len(words) == 0 {
		return nil, errors.New("media: the command is empty")
	}
	path, err := exec.LookPath(words[0])
	if err != nil {
		return nil, fmt.Errorf("media: the program of the command is not found: %w", err)
	}
	return &command{path: path, args: words[1:]}, nil
}

// CheckCommand says what is wrong with a setting that names a command.
func CheckCommand(setting string) error {
	_, err := parseCommand(setting)
	return err
}

func splitWords(s string) ([]string, error) {
	var words []string
	var word strings.Builder
	var quote rune
	within := false
	for _, r := range s {
		switch {
		case quote != 0 && r == quote:
			quote = 0
		case quote != 0:
			word.WriteRune(r)
		case r == '"' || r == '\'':
			quote, within = r, true
		case unicode.IsSpace(r):
			if within {
				words = append(words, word.String())
				word.Reset()
				within = false
			}
		default:
			word.WriteRune(r)
			within = true
		}
	}
	if quote != 0 {
		return nil, errors.New("media: a quote in the command is not closed")
	}
	if within {
		words = append(words, word.String())
	}
	return words, nil
}

// grace is how long the pipes of a killed program are waited for.
const grace = 5 * time.Second

// run gives the program its input and returns its output, which is an error
// when it is longer than most bytes. When the context ends, the program dies
// with all that it has started.
func (c *command) run(ctx context.Context, input []byte, most int, extra ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, c.path, append(c.args[:len(c.args):len(c.args)], extra...)...)
	out := &cappedBuffer{most: most}
	cmd.Stdin, cmd.Stdout = bytes.NewReader(input), out
	cmd.Env = environment()
	cmd.WaitDelay = grace
	killAsGroup(cmd)
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("media: %s: %w", c.path, err)
	}
	return out.buf.Bytes(), nil
}

// cappedBuffer refuses what is more than it holds.
type cappedBuffer struct {
	buf  bytes.Buffer
	most int
}

func (b *cappedBuffer) Write(p []byte) (int, error) {
	if b.buf.Len()+len(p) > b.most {
		return 0, errors.New("media: the program wrote too much")
	}
	return b.buf.Write(p)
}

// environment is that of this process without its secrets, and with one thread
// for a program that would otherwise take every core.
func environment() []string {
	var kept []string
	for _, v := range os.Environ() {
		if !isOurs(v) {
			kept = append(kept, v)
		}
	}
	return append(kept, "OMP_THREAD_LIMIT=1")
}

func isOurs(variable string) bool {
	for _, prefix := range [...]string{"ALDANBA_", "TELEGRAM_", "OPENAI_", "REDIS_"} {
		if strings.HasPrefix(variable, prefix) {
			return true
		}
	}
	return false
}
