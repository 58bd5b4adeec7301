package link

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"
)

//go:embed official.toml brands.toml services.toml
var tables embed.FS

// site is one official domain.
type site struct {
	Domain     string `toml:"domain"`
	Owner      string `toml:"owner"`
	OwnerKK    string `toml:"owner_kk"`
	Category   string `toml:"category"`
	Source     string `toml:"source"`
	Confidence string `toml:"confidence"`
}

type brandRow struct {
	Official string   `toml:"official"`
	Words    []string `toml:"words"`
	Exact    []string `toml:"exact"`
	Common   []string `toml:"common"`
	World    bool     `toml:"world"`
}

// brand is an imitated name with its owner.
type brand struct {
	site  *site
	world bool
}

// cover is the row of the tables that a host falls under.
type cover struct {
	site    *site
	service Fact // "" for a site
}

// Table holds the official domains, the names that are imitated and the known
// services. It does not change after Load and is safe for concurrent use.
type Table struct {
	sites      []site
	brands     []brand
	covers     map[string]cover
	latin      *lexicon // words in ASCII, for labels in ASCII
	all        *lexicon // words in every alphabet, for all other labels
	innocent   map[string]struct{}
	cheap      map[string]struct{}
	installers map[string]struct{}
	redirects  map[string]struct{}
}

// Load reads the embedded tables.
func Load() (*Table, error) { return LoadFS(tables) }

// LoadFS reads official.toml, brands.toml and services.toml from a directory.
// A mistake is reported with file and line.
func LoadFS(dir fs.FS) (*Table, error) {
	t := &Table{
		covers: map[string]cover{}, latin: newLexicon(), all: newLexicon(), innocent: map[string]struct{}{},
		cheap: map[string]struct{}{}, installers: map[string]struct{}{}, redirects: map[string]struct{}{},
	}
	for _, load := range []func(fs.FS) error{t.loadOfficial, t.loadBrands, t.loadServices} {
		if err := load(dir); err != nil {
			return nil, fmt.Errorf("link tables: %w", err)
		}
	}
	return t, nil
}

func (t *Table) loadOfficial(dir fs.FS) error {
	var data struct {
		Date string `toml:"date"`
		Site []site `toml:"site"`
	}
	src, err := readTOML(dir, "official.toml", &data)
	if err != nil {
		return err
	}
	if _, err := time.Parse(time.DateOnly, data.Date); err != nil {
		return src.mistake("date", 0, fmt.Errorf("date %q is not a day", data.Date))
	}
	t.sites = data.Site
	for i := range t.sites {
		s := &t.sites[i]
		if err := s.check(); err != nil {
			return src.mistake("site", i, err)
		}
		if _, twice := t.covers[s.Domain]; twice {
			return src.mistake("site", i, fmt.Errorf("domain %q stands twice", s.Domain))
		}
		if s.OwnerKK == "" {
			s.OwnerKK = s.Owner
		}
		t.covers[s.Domain] = cover{site: s}
	}
	return nil
}

func (s *site) check() error {
	if !validDomain(s.Domain) {
		return fmt.Errorf("domain %q is not a lower-case domain", s.Domain)
	}
	if s.Owner == "" || s.Category == "" || s.Source == "" {
		return fmt.Errorf("domain %q wants owner, category and source", s.Domain)
	}
	switch s.Confidence {
	case "verified", "secondary", "recall":
		return nil
	}
	return fmt.Errorf("domain %q: confidence %q is none of verified, secondary, recall", s.Domain, s.Confidence)
}

func validDomain(s string) bool {
	return strings.IndexByte(s, '.') > 0 && plainHost(s) && strings.Trim(s, ".-_") == s && len(s) <= maxHost
}

func (t *Table) loadBrands(dir fs.FS) error {
	var data struct {
		Brand    []brandRow `toml:"brand"`
		Innocent []string   `toml:"innocent"`
	}
	src, err := readTOML(dir, "brands.toml", &data)
	if err != nil {
		return err
	}
	for i, row := range data.Brand {
		owner := t.covers[row.Official].site
		if owner == nil {
			return src.mistake("brand", i, fmt.Errorf("official %q is not in official.toml", row.Official))
		}
		if len(row.Words)+len(row.Exact)+len(row.Common) == 0 {
			return src.mistake("brand", i, fmt.Errorf("brand %q has no words", row.Official))
		}
		t.brands = append(t.brands, brand{site: owner, world: row.World})
		for _, list := range []struct {
			words []string
			sorts sort
		}{{row.Words, distinct}, {row.Exact, exact}, {row.Common, common}} {
			for _, word := range list.words {
				if err := t.putWord(word, list.sorts, int32(i)); err != nil {
					return src.mistake("brand", i, err)
				}
			}
		}
	}
	for _, word := range data.Innocent {
		s := skeleton(word)
		t.innocent[string(s.bytes())] = struct{}{}
	}
	return nil
}

// putWord adds a word to the lexicons in which it can be met. In similar
// letters a Cyrillic word can equal a Latin one that nobody would mistake for it.
func (t *Table) putWord(word string, sorts sort, brand int32) error {
	if isASCII(word) {
		if err := t.latin.put(word, sorts, brand); err != nil {
			return err
		}
	}
	return t.all.put(word, sorts, brand)
}

// source is a file, to find the lines of mistakes that are not of syntax.
type source struct {
	name string
	data []byte
}

func (s *source) mistake(key string, i int, err error) error {
	if lines := lines(s.data)[key]; i < len(lines) {
		return fmt.Errorf("%s:%d: %w", s.name, lines[i], err)
	}
	return fmt.Errorf("%s: %w", s.name, err)
}

func readTOML(dir fs.FS, name string, into any) (*source, error) {
	data, err := fs.ReadFile(dir, name)
	if err != nil {
		return nil, err
	}
	d := toml.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return nil, located(name, err)
	}
	return &source{name, data}, nil
}

// located puts file and line in front of a mistake of syntax or of a field.
func located(name string, err error) error {
	var unknown *toml.StrictMissingError
	if errors.As(err, &unknown) && len(unknown.Errors) > 0 {
		e := &unknown.Errors[0]
		row, _ := e.Position()
		return fmt.Errorf("%s:%d: unknown field %s", name, row, strings.Join(e.Key(), "."))
	}
	var wrong *toml.DecodeError
	if errors.As(err, &wrong) {
		row, _ := wrong.Position()
		return fmt.Errorf("%s:%d: %w", name, row, err)
	}
	return fmt.Errorf("%s: %w", name, err)
}

// lines gives the line of every element of the top-level arrays, and of every
// other top-level value.
func lines(data []byte) map[string][]int {
	found := map[string][]int{}
	var p unstable.Parser
	p.Reset(data)
	for p.NextExpression() {
		e := p.Expression()
		if e.Kind != unstable.KeyValue {
			continue
		}
		key := e.Key()
		if !key.Next() {
			continue
		}
		name, value := key.Node(), e.Value()
		if value.Kind != unstable.Array {
			found[string(name.Data)] = []int{lineAt(data, name.Raw.Offset)}
			continue
		}
		for it := value.Children(); it.Next(); {
			n := it.Node()
			if n.Kind == unstable.InlineTable && n.Child() != nil {
				inner := n.Child().Key()
				if inner.Next() {
					n = inner.Node()
				}
			}
			found[string(name.Data)] = append(found[string(name.Data)], lineAt(data, n.Raw.Offset))
		}
	}
	return found
}

func lineAt(data []byte, offset uint32) int {
	return 1 + bytes.Count(data[:offset], []byte{'\n'})
}
