package scheme

import (
	_ "embed"
	"encoding/binary"
	"hash/crc32"
	"io"
	"math"
)

// The snapshot holds the packs of the program as they are once read, so that a
// start need not take 900 KB of patterns apart and stem their words. The packs
// stay the source: a pack whose file has another digest than its snapshot is
// read from the file, and a check before every change refuses a snapshot that
// is not what the packs give. It holds no more than the packs do, rule for rule
// and example for example.
//
//go:embed packs.bin
var snapshotFile string

// snapshotMagic begins a snapshot; the number is the version of the format.
const snapshotMagic = "ALDANBA-PACKS-1\n"

// WriteSnapshot reads the packs that the program carries from their files and
// writes their snapshot: the same packs give the same bytes. stemRU is that of
// Compile.
func WriteSnapshot(w io.Writer, stemRU func(string) string) error {
	packs, err := readBuiltin(nil)
	if err != nil {
		return err
	}
	sources, err := readSources(packs, stemRU)
	if err != nil {
		return err
	}
	out := []byte(snapshotMagic)
	for _, s := range sources {
		body := encoder{}
		body.source(s)
		out = append(appendString(out, s.pack.Name), digest(s.pack.source)...)
		out = appendString(out, string(body.out))
	}
	_, err = w.Write(out)
	return err
}

// digest tells two versions of a file apart. It guards against a forgotten
// step, not against an attacker, so a checksum is enough and costs no time.
func digest(data []byte) []byte {
	sum := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	return binary.BigEndian.AppendUint32(sum, crc32.Checksum(data, crc32.MakeTable(crc32.Castagnoli)))
}

// digestBytes is the length of a digest.
const digestBytes = 8

// snapshot finds the part of a pack in a snapshot.
type snapshot map[string]string // name → digest and body

// openSnapshot takes a snapshot apart. One of another version, or one that is
// broken, has no parts: the packs are then read from their files.
func openSnapshot(data string) snapshot {
	if len(data) < len(snapshotMagic) || data[:len(snapshotMagic)] != snapshotMagic {
		return nil
	}
	parts := snapshot{}
	for d := (decoder{in: data[len(snapshotMagic):]}); len(d.in) > 0 && !d.broken; {
		name, sum := d.string(), d.take(digestBytes)
		parts[name] = sum + d.string()
	}
	return parts
}

// pack gives the pack of a file, nil if the snapshot is not of this file.
func (s snapshot) pack(name string, file []byte) *Pack {
	part := s[name]
	if len(part) < digestBytes || part[:digestBytes] != string(digest(file)) {
		return nil
	}
	d := decoder{in: part[digestBytes:]}
	pack := &Pack{Name: name, source: file}
	pack.read = d.source(pack)
	if d.broken || len(d.in) > 0 {
		return nil
	}
	return pack
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

func (e *encoder) phrase(words []int32) {
	e.number(len(words))
	for _, w := range words {
		e.number(int(w))
	}
}

func (e *encoder) source(s *source) {
	e.number(len(s.words))
	for _, w := range s.words {
		e.string(w.key)
		e.out = append(e.out, byte(w.mode), byte(w.lang))
	}
	e.number(len(s.classes))
	for _, class := range s.classes {
		e.string(class.name)
		e.number(len(class.phrases))
		for _, words := range class.phrases {
			e.phrase(words)
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
				e.phrase(t.phrase)
			}
		}
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
