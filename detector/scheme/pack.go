package scheme

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/pelletier/go-toml/v2"
)

//go:embed packs/*.toml
var packFiles embed.FS

// maxPackBytes bounds one pack file: a pack is written by hand.
const maxPackBytes = 4 << 20

// Pack is one file of classes and rules.
type Pack struct {
	Name    string
	Classes map[string]Class `toml:"class"` // empty when the pack came from the snapshot
	Rules   []*Rule          `toml:"rule"`

	source []byte  // to find the line of a mistake; a snapshot has none
	read   *source // set when the pack came from the snapshot
}

// BuiltinPacks gives the packs that the program carries: from the snapshot, or
// from the files while it is not of them.
func BuiltinPacks() ([]*Pack, error) {
	dir, err := builtinFiles()
	if err != nil {
		return nil, err
	}
	sum, err := digest(dir)
	if err != nil {
		return nil, err
	}
	if packs := openSnapshot(snapshotFile, sum); packs != nil {
		return packs, nil
	}
	return ReadPacks(dir)
}

func builtinFiles() (fs.FS, error) { return fs.Sub(packFiles, "packs") }

// ReadPacks reads every .toml file of a directory, in the order of names. The
// error joins the mistakes of all files, each with its file and line.
func ReadPacks(dir fs.FS) ([]*Pack, error) {
	names, err := fs.Glob(dir, "*.toml")
	if err != nil {
		return nil, err
	}
	packs, mistakes := make([]*Pack, len(names)), make([]error, len(names))
	var group sync.WaitGroup
	for i, name := range names {
		group.Go(func() { packs[i], mistakes[i] = readPack(dir, name) })
	}
	group.Wait()
	return packs, errors.Join(mistakes...)
}

func readPack(dir fs.FS, name string) (*Pack, error) {
	info, err := fs.Stat(dir, name)
	if err != nil {
		return nil, err
	}
	if info.Size() > maxPackBytes {
		return nil, fmt.Errorf("%s: the file is larger than %d bytes", name, maxPackBytes)
	}
	data, err := fs.ReadFile(dir, name)
	if err != nil {
		return nil, err
	}
	return ParsePack(path.Base(name), data)
}

// byteOrderMark is what some editors put before the first line.
const byteOrderMark = "\ufeff"

// ParsePack reads one pack. Unknown fields are mistakes: a misspelt field
// would otherwise switch a rule off in silence.
func ParsePack(name string, data []byte) (*Pack, error) {
	data = bytes.TrimPrefix(data, []byte(byteOrderMark))
	pack := &Pack{Name: name, source: data}
	decoder := toml.NewDecoder(bytes.NewReader(data)).DisallowUnknownFields()
	if err := decoder.Decode(pack); err != nil {
		return nil, fmt.Errorf("%s:%s", name, tomlMistake(err))
	}
	pack.numberLines()
	var mistakes []error
	for _, rule := range pack.Rules {
		rule.belongTo(name)
		if err := rule.check(); err != nil {
			mistakes = append(mistakes, pack.mistake(rule, "", err))
		}
	}
	return pack, errors.Join(mistakes...)
}

// tomlMistake puts a decoder's error as "line: what is wrong".
func tomlMistake(err error) string {
	if strict, ok := errors.AsType[*toml.StrictMissingError](err); ok && len(strict.Errors) > 0 {
		line, _ := strict.Errors[0].Position()
		return fmt.Sprintf("%d: unknown field %s", line, strings.Join(strict.Errors[0].Key(), "."))
	}
	if decode, ok := errors.AsType[*toml.DecodeError](err); ok {
		line, _ := decode.Position()
		return fmt.Sprintf("%d: %s", line, decode.Error())
	}
	return "1: " + err.Error()
}

// belongTo notes the pack of a rule and what follows from its fields.
func (r *Rule) belongTo(pack string) {
	r.Pack, r.rank = pack, int(math.Abs(r.Weight)*1000)
}

// MarkAdded says that the pack did not come with the program.
func (p *Pack) MarkAdded() {
	for _, rule := range p.Rules {
		rule.Added = true
	}
}

// check finds what is wrong with a rule regardless of other rules.
func (r *Rule) check() error {
	patterns := len(r.RU) + len(r.KK) + len(r.Any)
	switch {
	case r.ID == "" || strings.ContainsAny(r.ID, " \t\n"):
		return errors.New("a rule needs an id without spaces")
	case !r.Kind.valid():
		return fmt.Errorf("unknown kind %q", r.Kind)
	case patterns == 0 && len(r.Needs) == 0:
		return errors.New("the rule has no pattern and needs no other rule: it can never hold")
	case r.Kind == Counter && r.Weight >= 0:
		return errors.New("counter-evidence has a negative weight")
	case r.Kind != Counter && r.Weight < 0:
		return errors.New("only counter-evidence has a negative weight")
	case !(r.Weight >= -8 && r.Weight <= 8): // "nan" is in no range
		return errors.New("the weight is a log-odds between -8 and 8")
	case r.Floor != "" && r.Floor != "doubt" && !r.Hard():
		return fmt.Errorf("floor is %q, not doubt, suspicious or scam", r.Floor)
	case (r.Kind == Stage) != (r.Stage != ""):
		return errors.New("a rule of kind stage names its stage, and only such a rule does")
	case (r.Kind == Intent) != (r.Intent != ""):
		return errors.New("a rule of kind intent names its intent, and only such a rule does")
	case len(r.MatchRU) == 0 || len(r.MatchKK) == 0:
		return errors.New("the rule needs an example that matches in both languages (match_ru, match_kk)")
	case len(r.RejectRU) == 0 || len(r.RejectKK) == 0:
		return errors.New("the rule needs an example that must not match in both languages (reject_ru, reject_kk)")
	}
	return nil
}

// mistake says where in the file a mistake of a rule stands.
func (p *Pack) mistake(rule *Rule, pattern string, err error) error {
	line := rule.Line
	if pattern != "" {
		line = p.lineOf(line, `"`+pattern+`"`)
	}
	return fmt.Errorf("%s:%d: rule %s: %w", p.Name, line, rule.ID, err)
}

// numberLines notes for every rule the line of its id, in one pass: rules stand
// in the file in their order.
func (p *Pack) numberLines() {
	number, rules := 0, p.Rules
	for line := range bytes.Lines(p.source) {
		number++
		if len(rules) > 0 && bytes.HasPrefix(bytes.TrimLeft(line, " \t"), []byte("id")) && bytes.Contains(line, []byte(`"`+rules[0].ID+`"`)) {
			rules[0].Line, rules = number, rules[1:]
		}
	}
}

// lineOf gives the first line from line `from` on that holds the text.
func (p *Pack) lineOf(from int, text string) int {
	number := 0
	for line := range bytes.Lines(p.source) {
		number++
		if number >= from && bytes.Contains(line, []byte(text)) {
			return number
		}
	}
	return max(from, 1)
}

// classNames gives the names of the classes in a fixed order.
func (p *Pack) classNames() []string {
	names := make([]string, 0, len(p.Classes))
	for name := range p.Classes {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
