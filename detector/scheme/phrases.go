package scheme

import (
	"cmp"
	"slices"
)

// begun is a phrase with the lexeme that it begins with.
type begun struct {
	first int32
	phrase
}

// addPhrase makes a phrase a member of a class.
func (c *compiler) addPhrase(ids []int32, class int32) {
	if len(ids) > 1 {
		c.begun = append(c.begun, begun{ids[0], phrase{second: ids[1], rest: ids[2:], classes: c.push(nil, class)}})
		return
	}
	if l := &c.m.lexemes[ids[0]]; !slices.Contains(l.self, class) {
		l.self = c.push(l.self, class)
	}
}

// filePhrases files the phrases under the lexemes that they begin with, by the
// word that comes second. Equal phrases become one of several classes.
func (c *compiler) filePhrases() {
	counts := make([]int32, len(c.m.lexemes))
	for _, b := range c.begun {
		counts[b.first]++
	}
	memory := make([]phrase, len(c.begun))
	for i, n := range counts {
		c.m.lexemes[i].from, memory = memory[:0:n], memory[n:]
	}
	c.m.begins = newBitset(1 << pairBits)
	for _, b := range c.begun {
		l := &c.m.lexemes[b.first]
		l.from = append(l.from, b.phrase)
		c.m.begins.add(pairBit(b.first, b.second))
	}
	for i := range c.m.lexemes {
		l := &c.m.lexemes[i]
		slices.SortStableFunc(l.from, func(a, b phrase) int { return cmp.Compare(a.second, b.second) })
		l.from = uniteEqual(l.from)
		for _, p := range l.from {
			l.second |= maskOf(p.second)
		}
	}
}

// uniteEqual gives every phrase once, in the place where it came first. The
// phrases are sorted by their first words.
func uniteEqual(phrases []phrase) []phrase {
	once := phrases[:0]
next:
	for _, p := range phrases {
		for i := len(once) - 1; i >= 0 && once[i].second == p.second; i-- {
			if slices.Equal(once[i].rest, p.rest) {
				once[i].classes = addOnce(once[i].classes, p.classes[0])
				continue next
			}
		}
		once = append(once, p)
	}
	return once
}

func addOnce(list []int32, item int32) []int32 {
	if slices.Contains(list, item) {
		return list
	}
	return append(list, item)
}

// list gives an empty list of a length. There are tens of thousands of short
// ones: cut from one piece they cost a tenth.
func (c *compiler) list(n int) []int32 {
	if n > len(c.memory) {
		c.memory = make([]int32, max(n, 1<<13))
	}
	list := c.memory[:n:n]
	c.memory = c.memory[n:]
	return list
}

// push appends an item to a list, most of which have one.
func (c *compiler) push(list []int32, item int32) []int32 {
	if list == nil {
		list = c.list(1)[:0]
	}
	return append(list, item)
}
