package scheme

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"sync"
)

// phrase is a run of words that stands for one or more classes.
type phrase struct {
	second  int32   // the word after the first
	rest    []int32 // words after that
	classes []int32
}

// operand is a term of a pattern, compiled.
type operand struct {
	class int32
	rel   relation
	pol   polarity
}

// pattern is one alternative of a rule.
type pattern struct {
	rule  int32
	terms []operand
}

// anchor is a pattern filed under a class: it is tried when that occurs.
type anchor struct {
	other   int32 // a class without which it cannot hold, beside the one it is filed under
	pattern int32
}

// lexeme is one word of the automaton, shared by all phrases that use it.
type lexeme struct {
	mode wordMode
	lang language
	self []int32  // classes of which the word alone is a member
	from []phrase // phrases that it begins
	// second is the mask of the words that can come second in those phrases.
	second uint64
}

// Matcher is all packs compiled. It is immutable and safe for concurrent use.
type Matcher struct {
	rules    []*Rule
	needs    [][]bitset // rule → needs, of each of which one rule must hold
	unless   []bitset   // rule → rules of which none may hold; nil for most
	places   [][]int32  // rule → needed rules that give the same reason
	order    []int32    // rules in which one leans on another, after those it leans on
	wakes    [][]int32  // rule → places in order that have to be decided when it holds
	lexemes  []lexeme
	begins   bitset // pairs of words with which phrases begin, by pairBit
	trie     *trie
	classes  int
	marks    map[string]int32 // mark name → class
	names    []uint32         // class → number of its name; 0 for marks and phrases without a name
	active   []bool           // class → some pattern uses it; the others are only concepts
	patterns []pattern
	anchors  []anchor                   // of all classes, one after the other
	anchored []int32                    // class → where its anchors begin; they reach to those of the next
	blank    [1 << particleBits]reading // of words in which nothing is seen, by what the word does
	pool     scratchPool
}

// compiler carries what is only needed while packs are compiled.
type compiler struct {
	m       *Matcher
	class   map[string]int32
	defined map[string]bool
	phrases map[string]int32        // lexemes of a phrase, as bytes → its anonymous class
	places  map[*vocabulary][]int32 // place of a word → place among all words
	lexeme  []int32                 // place among all words → lexeme, from one; 0 until it is met
	words   []int32                 // lexeme → place among all words, in the end its node in the automaton
	begun   []begun                 // phrases of several words, as they came
	used    []int                   // class → how many patterns use it
	ids     []int                   // rules in the order of their ids
	spelt   []byte                  // for the keys of phrases
	memory  []int32                 // of which short lists are cut
}

// Compile builds the matcher of the packs. stemRU gives the Russian stem of a
// word in key space, the same way the analysed text has it. The error joins
// all mistakes, each with file and line.
func Compile(packs []*Pack, stemRU func(string) string) (*Matcher, error) {
	c := &compiler{
		m:       &Matcher{marks: map[string]int32{}},
		class:   map[string]int32{},
		defined: map[string]bool{},
		phrases: map[string]int32{},
	}
	sources, err := readSources(packs, stemRU)
	mistakes := []error{err}
	words, places := unite(sources)
	c.places, c.lexeme = places, make([]int32, len(words.list))
	c.words, c.m.lexemes = make([]int32, 0, len(words.list)), make([]lexeme, 0, len(words.list))
	c.begun = make([]begun, 0, len(words.list)) // there are fewer
	// The automaton needs the words alone: it grows beside the rest.
	var nodes []int32
	var growing sync.WaitGroup
	growing.Go(func() { c.m.trie, nodes = newTrie(words) })
	for _, source := range sources {
		for _, class := range source.classes {
			c.addClass(class, source.words)
		}
	}
	var patterns []pattern
	taken := map[string]bool{}
	for _, source := range sources {
		for i, rule := range source.pack.Rules {
			if taken[rule.ID] {
				mistakes = append(mistakes, source.pack.mistake(rule, "", errors.New("the id is taken by another rule")))
				continue
			}
			taken[rule.ID] = true
			added, err := c.addRule(source.pack, rule, source.patterns[i], source.words)
			patterns = append(patterns, added...)
			mistakes = append(mistakes, err)
		}
	}
	c.sortIDs()
	rules := len(c.m.rules)
	c.m.needs, c.m.unless, c.m.places = make([][]bitset, rules), make([]bitset, rules), make([][]int32, rules)
	for _, pack := range packs {
		mistakes = append(mistakes, c.link(pack))
	}
	c.m.order = c.m.leaningOrder()
	c.m.wakes = c.m.wakeLists()
	c.filePhrases()
	growing.Wait()
	for id, place := range c.words {
		c.words[id] = nodes[place]
	}
	c.m.trie.setEnds(c.words, c.m.lexemes)
	c.m.classes = len(c.used)
	c.anchor(patterns)
	c.m.names = c.classNumbers()
	c.m.active = make([]bool, c.m.classes)
	for class, patterns := range c.used {
		c.m.active[class] = patterns > 0
	}
	for i := range c.m.blank {
		c.m.blank[i] = reading{matcher: c.m, particle: particle(i)}
	}
	return c.m, errors.Join(mistakes...)
}

// beatClasses is how the names of classes begin that only beats use.
const beatClasses = "beat_"

// classNumbers numbers the named classes by their names alone, so that the
// numbers outlive a change of the packs. The classes of beats get none: a
// message is not judged by what it may be a step of.
func (c *compiler) classNumbers() []uint32 {
	numbers := make([]uint32, c.m.classes)
	for name, id := range c.class {
		if c.defined[name] && !strings.HasPrefix(name, beatClasses) {
			hash := fnv.New32a()
			hash.Write([]byte(name))
			numbers[id] = hash.Sum32()
		}
	}
	return numbers
}

// Rules gives all rules in the order of their packs.
func (m *Matcher) Rules() []*Rule { return m.rules }

func (c *compiler) classID(name string) int32 {
	id, ok := c.class[name]
	if !ok {
		id = c.newClass()
		c.class[name] = id
	}
	return id
}

func (c *compiler) newClass() int32 {
	c.used = append(c.used, 0)
	return int32(len(c.used) - 1)
}

// addClass makes phrases members of a class. A class declared in several packs
// holds the words of all of them, so that a pack can add to it.
func (c *compiler) addClass(class sourceClass, words *vocabulary) {
	id := c.classID(class.name)
	c.defined[class.name] = true
	for _, phrase := range class.phrases {
		c.addPhrase(c.lexemes(phrase, words), id)
	}
}

// lexemes gives the lexemes of the words of a phrase, made where there are none.
func (c *compiler) lexemes(phrase []int32, words *vocabulary) []int32 {
	ids, places := c.list(len(phrase)), c.places[words]
	for i, own := range phrase {
		place := places[own]
		if c.lexeme[place] == 0 {
			w := words.list[own]
			c.m.lexemes = append(c.m.lexemes, lexeme{mode: w.mode, lang: w.lang})
			c.words = append(c.words, place)
			c.lexeme[place] = int32(len(c.m.lexemes))
		}
		ids[i] = c.lexeme[place] - 1
	}
	return ids
}

// addRule compiles the patterns of a rule.
func (c *compiler) addRule(pack *Pack, rule *Rule, sources []sourcePattern, words *vocabulary) ([]pattern, error) {
	number := int32(len(c.m.rules))
	c.m.rules = append(c.m.rules, rule)
	var patterns []pattern
	var mistakes []error
	for _, source := range sources {
		operands, err := c.operands(source.terms, words)
		if err != nil {
			mistakes = append(mistakes, pack.mistake(rule, source.text, err))
			continue
		}
		patterns = append(patterns, pattern{rule: number, terms: operands})
	}
	return patterns, errors.Join(mistakes...)
}

func (c *compiler) operands(terms []sourceTerm, words *vocabulary) ([]operand, error) {
	operands := make([]operand, len(terms))
	for i, t := range terms {
		id, err := c.operandClass(t, words)
		if err != nil {
			return nil, err
		}
		operands[i] = operand{class: id, rel: t.rel, pol: t.pol}
		c.used[id]++
	}
	return operands, nil
}

// operandClass gives the class of a term: a named one, a mark, or one made for
// a phrase that the pattern spells out.
func (c *compiler) operandClass(t sourceTerm, words *vocabulary) (int32, error) {
	if t.phrase == nil {
		if t.class[0] == '<' {
			id := c.classID(t.class)
			c.m.marks[strings.Trim(t.class, "<>")] = id
			return id, nil
		}
		if !c.defined[t.class] {
			return 0, fmt.Errorf("class %%%s is not declared", t.class)
		}
		return c.class[t.class], nil
	}
	ids := c.lexemes(t.phrase, words)
	c.spelt = c.spelt[:0]
	for _, lexeme := range ids {
		c.spelt = binary.LittleEndian.AppendUint32(c.spelt, uint32(lexeme))
	}
	id, ok := c.phrases[string(c.spelt)]
	if !ok {
		id = c.newClass()
		c.phrases[string(c.spelt)] = id
		c.addPhrase(ids, id)
	}
	return id, nil
}

// anchor files each pattern under the class that the fewest patterns share,
// so that common words wake few patterns.
func (c *compiler) anchor(patterns []pattern) {
	filed := make([][]anchor, c.m.classes)
	for i, p := range patterns {
		best, other := p.terms[0].class, p.terms[len(p.terms)-1].class
		for _, t := range p.terms[1:] {
			if c.used[t.class] < c.used[best] {
				best, other = t.class, best
			}
		}
		filed[best] = append(filed[best], anchor{other, int32(i)})
	}
	c.m.patterns, c.m.anchors, c.m.anchored = patterns, make([]anchor, 0, len(patterns)), make([]int32, 1, len(filed)+1)
	for _, anchors := range filed {
		c.m.anchors = append(c.m.anchors, anchors...)
		c.m.anchored = append(c.m.anchored, int32(len(c.m.anchors)))
	}
}

// link resolves what the rules of a pack need and exclude.
func (c *compiler) link(pack *Pack) error {
	var mistakes []error
	m := c.m
	for i, rule := range m.rules {
		if rule.Pack != pack.Name {
			continue
		}
		for _, need := range rule.Needs {
			set := c.named(need, int32(i))
			if set == nil {
				mistakes = append(mistakes, pack.mistake(rule, need, fmt.Errorf("needs %q, but no rule is called so", need)))
				continue
			}
			m.needs[i] = append(m.needs[i], set)
			for _, j := range set.members() {
				if m.rules[j].Reason == rule.Reason {
					m.places[i] = append(m.places[i], j)
				}
			}
		}
		for _, exclusion := range rule.Unless {
			set := c.named(exclusion, int32(i))
			if set == nil {
				mistakes = append(mistakes, pack.mistake(rule, exclusion, fmt.Errorf("unless %q, but no rule is called so", exclusion)))
				continue
			}
			if m.unless[i] == nil {
				m.unless[i] = newBitset(len(m.rules))
			}
			for k := range set {
				m.unless[i][k] |= set[k]
			}
		}
	}
	return errors.Join(mistakes...)
}

func (c *compiler) sortIDs() {
	c.ids = make([]int, len(c.m.rules))
	for i := range c.ids {
		c.ids[i] = i
	}
	slices.SortFunc(c.ids, func(a, b int) int { return strings.Compare(c.m.rules[a].ID, c.m.rules[b].ID) })
}

// named gives the rules whose id is the name or begins with the name and a
// dot, nil if there are none. Alternatives are parted by a bar.
func (c *compiler) named(name string, self int32) bitset {
	var found bitset
	add := func(i int) {
		if int32(i) == self {
			return
		}
		if found == nil {
			found = newBitset(len(c.m.rules))
		}
		found.add(int32(i))
	}
	place := func(id string) (int, bool) {
		return slices.BinarySearchFunc(c.ids, id, func(i int, id string) int { return strings.Compare(c.m.rules[i].ID, id) })
	}
	for alternative := range strings.SplitSeq(name, "|") {
		if at, ok := place(alternative); ok {
			add(c.ids[at])
		}
		prefix := alternative + "."
		for at, _ := place(prefix); at < len(c.ids) && strings.HasPrefix(c.m.rules[c.ids[at]].ID, prefix); at++ {
			add(c.ids[at])
		}
	}
	return found
}
