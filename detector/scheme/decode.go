package scheme

import (
	"encoding/binary"
	"math"
)

// decoder reads what encoder has written. Strings are parts of the input, so
// nothing is copied. Once the input has turned out to be broken every read
// gives a zero.
type decoder struct {
	in     string
	broken bool
	memory []int32 // of which phrases are cut
}

// take gives the next n bytes.
func (d *decoder) take(n int) string {
	if d.broken || n > len(d.in) {
		d.broken = true
		return ""
	}
	taken := d.in[:n]
	d.in = d.in[n:]
	return taken
}

func (d *decoder) number() int {
	// Most numbers are of one byte or two; none is larger than the file.
	n, shift := 0, 0
	for i := range len(d.in) {
		n |= int(d.in[i]&0x7f) << shift
		if d.in[i] < 0x80 {
			d.in = d.in[i+1:]
			return n
		}
		if shift += 7; shift > 28 {
			break
		}
	}
	d.broken = true
	return 0
}

// count is a number of things that are still to come, of at least one byte each.
func (d *decoder) count() int {
	n := d.number()
	if n > len(d.in) {
		d.broken = true
		return 0
	}
	return n
}

func (d *decoder) string() string { return d.take(d.number()) }

// below reads a byte that is less than the bound.
func (d *decoder) below(bound int) uint8 {
	b := d.take(1)
	if b == "" || int(b[0]) >= bound {
		d.broken = true
		return 0
	}
	return b[0]
}

// phrase reads places among the words of the source; nil if there are none.
func (d *decoder) phrase(words int) []int32 {
	n := d.count()
	if n == 0 {
		return nil
	}
	if n > cap(d.memory)-len(d.memory) {
		d.memory = make([]int32, 0, max(n, 4096))
	}
	start := len(d.memory)
	for range n {
		place := d.number()
		if place >= words {
			d.broken = true
			return nil
		}
		d.memory = append(d.memory, int32(place))
	}
	return d.memory[start:len(d.memory):len(d.memory)]
}

// packs reads the words and the packs that share them.
func (d *decoder) packs() []*Pack {
	words := &vocabulary{list: make([]word, d.count())}
	for i := range words.list {
		words.list[i] = word{key: d.string(), mode: wordMode(d.below(wordModes)), lang: language(d.below(languageCount))}
	}
	packs := make([]*Pack, d.count())
	for i := range packs {
		packs[i] = d.pack(words)
	}
	return packs
}

func (d *decoder) pack(words *vocabulary) *Pack {
	pack := &Pack{Name: d.string()}
	s := &source{pack: pack, words: words, classes: make([]sourceClass, d.count())}
	for i := range s.classes {
		class := sourceClass{name: d.string(), phrases: make([][]int32, d.count())}
		for k := range class.phrases {
			class.phrases[k] = d.phrase(len(words.list))
			d.broken = d.broken || class.phrases[k] == nil
		}
		s.classes[i] = class
	}
	rules := make([]Rule, d.count())
	pack.Rules, s.patterns = make([]*Rule, len(rules)), make([][]sourcePattern, len(rules))
	for i := range rules {
		d.rule(&rules[i])
		pack.Rules[i] = &rules[i]
		pack.Rules[i].belongTo(pack.Name)
		s.patterns[i] = d.patterns(&rules[i], len(words.list))
	}
	pack.read = s
	return pack
}

func (d *decoder) rule(r *Rule) {
	for _, text := range r.texts() {
		*text = d.string()
	}
	for _, list := range r.textLists() {
		n := d.count()
		if n == 0 {
			continue
		}
		*list = make([]string, n)
		for i := range *list {
			(*list)[i] = d.string()
		}
	}
	if bits := d.take(8); !d.broken {
		r.Weight = math.Float64frombits(binary.LittleEndian.Uint64([]byte(bits)))
	}
	r.Line = d.number()
}

func (d *decoder) patterns(r *Rule, words int) []sourcePattern {
	patterns := make([]sourcePattern, 0, len(r.RU)+len(r.KK)+len(r.Any))
	for _, list := range lists(r.RU, r.KK, r.Any) {
		for _, text := range list.entries {
			terms := make([]sourceTerm, d.count())
			for i := range terms {
				terms[i] = sourceTerm{rel: relation(d.below(relations)), pol: polarity(d.below(polarities)), class: d.string(), phrase: d.phrase(words)}
				if terms[i].class == "" && terms[i].phrase == nil {
					d.broken = true
				}
			}
			d.broken = d.broken || len(terms) == 0
			patterns = append(patterns, sourcePattern{text, terms})
		}
	}
	return patterns
}
