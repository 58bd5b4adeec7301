package scheme

import (
	_ "embed"
	"encoding/binary"
	"hash/crc32"
	"io"
	"io/fs"
	"math"
	"strings"
)

// The snapshot holds the packs of the program as they are once read, so that a
// start need not take 900 KB of patterns apart and stem their words. The packs
// stay the source: a snapshot of other files than the program carries is not
// used, and a check before every change refuses one that is not what the packs
// give. It holds the rules whole, with their examples.
//
//go:embed packs.bin
var snapshotFile string

// snapshotMagic begins a snapshot; the number is the version of the format.
const snapshotMagic = "ALDANBA-PACKS-1\n"

// WriteSnapshot reads the packs that the program carries from their files and
// writes their snapshot: the same packs give the same bytes. stemRU is that of
// Compile. Packs with mistakes are refused.
func WriteSnapshot(w io.Writer, stemRU func(string) string) error {
	dir, err := builtinFiles()
	if err != nil {
		return err
	}
	sum, err := digest(dir)
	if err != nil {
		return err
	}
	packs, err := ReadPacks(dir)
	if err != nil {
		return err
	}
	if _, err := Compile(packs, stemRU); err != nil {
		return err
	}
	sources, err := readSources(packs, stemRU)
	if err != nil {
		return err
	}
	e := encoder{out: []byte(snapshotMagic + sum)}
	e.sources(sources)
	_, err = w.Write(e.out)
	return err
}

// openSnapshot gives the packs of a snapshot, nil if it is of other files, of
// another version or broken: the packs are then read from the files.
func openSnapshot(data, sum string) []*Pack {
	data, ok := strings.CutPrefix(data, snapshotMagic+sum)
	if !ok {
		return nil
	}
	d := decoder{in: data}
	packs := d.packs()
	if d.broken || len(d.in) > 0 {
		return nil
	}
	return packs
}

// digest tells two versions of the packs apart. It guards against a forgotten
// step, not against an attacker, so a checksum is enough and costs no time.
func digest(dir fs.FS) (string, error) {
	names, err := fs.Glob(dir, "*.toml")
	if err != nil {
		return "", err
	}
	sum, buffer := crc32.New(crc32.MakeTable(crc32.Castagnoli)), make([]byte, 64<<10)
	size := uint32(0)
	for _, name := range names {
		io.WriteString(sum, name)
		file, err := dir.Open(name)
		if err != nil {
			return "", err
		}
		n, err := io.CopyBuffer(sum, file, buffer)
		file.Close()
		if err != nil {
			return "", err
		}
		size += uint32(n)
	}
	return string(sum.Sum(binary.BigEndian.AppendUint32(nil, size))), nil
}

// texts and textLists are the fields of a rule in the order of the snapshot.
func (r *Rule) texts() [7]*string {
	return [...]*string{&r.ID, (*string)(&r.Kind), &r.Reason, &r.Wants, &r.Stage, &r.Intent, &r.Floor}
}

func (r *Rule) textLists() [10]*[]string {
	return [...]*[]string{&r.Schemes, &r.RU, &r.KK, &r.Any, &r.Needs, &r.Unless, &r.MatchRU, &r.MatchKK, &r.RejectRU, &r.RejectKK}
}

// encoder writes numbers as varints and strings with their length in front.
type encoder struct{ out []byte }

func (e *encoder) number(n int)    { e.out = binary.AppendUvarint(e.out, uint64(n)) }
func (e *encoder) string(s string) { e.out = appendString(e.out, s) }

func appendString(out []byte, s string) []byte {
	return append(binary.AppendUvarint(out, uint64(len(s))), s...)
}

// sources writes the words of all packs once, then the packs.
func (e *encoder) sources(sources []*source) {
	all, places := unite(sources)
	e.number(len(all.list))
	for _, w := range all.list {
		e.string(w.key)
		e.out = append(e.out, byte(w.mode), byte(w.lang))
	}
	e.number(len(sources))
	for _, s := range sources {
		e.source(s, places[s.words])
	}
}

func (e *encoder) source(s *source, places []int32) {
	e.string(s.pack.Name)
	e.number(len(s.classes))
	for _, class := range s.classes {
		e.string(class.name)
		e.number(len(class.phrases))
		for _, words := range class.phrases {
			e.phrase(words, places)
		}
	}
	e.number(len(s.pack.Rules))
	for i, rule := range s.pack.Rules {
		e.rule(rule)
		for _, p := range s.patterns[i] {
			e.number(len(p.terms))
			for _, t := range p.terms {
				e.out = append(e.out, byte(t.rel), byte(t.pol))
				e.string(t.class)
				e.phrase(t.phrase, places)
			}
		}
	}
}

func (e *encoder) phrase(words, places []int32) {
	e.number(len(words))
	for _, w := range words {
		e.number(int(places[w]))
	}
}

func (e *encoder) rule(r *Rule) {
	for _, text := range r.texts() {
		e.string(*text)
	}
	for _, list := range r.textLists() {
		e.number(len(*list))
		for _, text := range *list {
			e.string(text)
		}
	}
	e.out = binary.LittleEndian.AppendUint64(e.out, math.Float64bits(r.Weight))
	e.number(r.Line)
}
