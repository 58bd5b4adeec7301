// Command aldanba checks suspicious messages in Russian and Kazakh: in a
// conversation in the terminal, one by one, or a whole file at once.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"
	_ "time/tzdata" // dates in the zone of Kazakhstan on a machine without a table of zones

	"github.com/alecthomas/kong"
)

// commands is the command line, one field a sub-command.
type commands struct {
	Chat     chatCommand     `cmd:"" help:"Talk with Aldanba in the terminal."`
	Serve    serveCommand    `cmd:"" help:"Run the bot on Telegram."`
	Backup   backupCommand   `cmd:"" help:"Copy the memory of the bot into a file."`
	Restore  restoreCommand  `cmd:"" help:"Bring a copy of the memory back."`
	Check    checkCommand    `cmd:"" help:"Judge one message, or every line of a file."`
	Eval     evalCommand     `cmd:"" help:"Measure the detector on labelled messages."`
	Train    trainCommand    `cmd:"" help:"Learn the model from labelled messages."`
	Stem     stemCommand     `cmd:"" help:"Print the stem of every word on standard input."`
	Lang     langCommand     `cmd:"" help:"Print the language of every line on standard input."`
	Prompt   promptCommand   `cmd:"" help:"Show what is said to the judge."`
	Rules    rulesCommand    `cmd:"" help:"Test, list and show the rules."`
	Contacts contactsCommand `cmd:"" help:"List the telephone numbers, and which still want a call to confirm them."`

	RulePacks    string `name:"rules" env:"ALDANBA_RULES" placeholder:"DIR" help:"Directory with further rule packs (*.toml)."`
	RulesOnly    bool   `help:"Leave the learned model out."`
	ContactsFile string `name:"contacts-file" env:"ALDANBA_CONTACTS" placeholder:"FILE" help:"File that confirms or corrects telephone numbers."`
}

const description = `Aldanba ("do not be fooled") tells how dangerous a message is, why, and what to do now.

It works offline. It never says that a message is safe: it says what was found and what was not.

Examples:
  aldanba chat
  aldanba check "Вам пришёл код, назовите его"
  aldanba check --json message.txt
  aldanba check --jsonl < messages.jsonl > verdicts.jsonl
  aldanba serve --check
  aldanba eval --split test testdata/corpus/*.jsonl

Exit codes: 0 done, 1 something was wrong with the input or a test failed, 2 the command line is wrong, 130 interrupted; serve ends with 0 when it is told to end and has drained.`

// world is what a sub-command may touch, so that tests can hand it another.
type world struct {
	context.Context
	in       *os.File
	out, err io.Writer
	environ  []string
	commands *commands
	clock    func() time.Time // nil: time.Now
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// exited carries the exit code that the parser asks for (after --help).
type exited int

// run is the whole program: arguments in, exit code out.
func run(ctx context.Context, args []string, in *os.File, out, errOut io.Writer) int {
	c := &commands{}
	parser, err := kong.New(c,
		kong.Name("aldanba"), kong.Description(description), kong.UsageOnError(),
		kong.Writers(out, errOut), kong.Exit(func(code int) { panic(exited(code)) }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}),
	)
	if err != nil {
		fmt.Fprintln(errOut, "aldanba:", err)
		return 2
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	parsed, asked, err := parse(parser, args)
	if asked != nil {
		return int(*asked)
	}
	if err != nil {
		fmt.Fprintf(errOut, "aldanba: %v\nRun \"aldanba --help\" for the commands. What begins with - and is no flag comes after --.\n", err)
		return 2
	}
	err = parsed.Run(&world{Context: ctx, in: in, out: out, err: errOut, environ: os.Environ(), commands: c})
	switch {
	case errors.Is(err, errDrained):
		return 0
	case ctx.Err() != nil:
		return interrupted
	}
	if err != nil {
		if !errors.Is(err, errTold) {
			fmt.Fprintln(errOut, "aldanba:", err)
		}
		return 1
	}
	return 0
}

// parse reads the command line; asked: it is answered already (--help), and the
// program ends with this code. Only here a panic is the parser's way out: what
// breaks in a command must not look like success.
func parse(parser *kong.Kong, args []string) (parsed *kong.Context, asked *exited, err error) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case exited:
			asked = &r
		default:
			panic(r)
		}
	}()
	parsed, err = parser.Parse(args)
	return parsed, nil, err
}

// interrupted is the exit code after ctrl-C, as shells have it.
const interrupted = 130

// errDrained ends a command that goes on until it is told to end, and has ended
// in good order: that is no interruption.
var errDrained = errors.New("drained")

// errTold ends a command with exit code 1 when the reason is already printed.
var errTold = errors.New("told")
