package kazakh

import (
	"bytes"
	"encoding/binary"
	"flag"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

var update = flag.Bool("update", false, "write roots.bin anew from the lists of roots")

// rootLists names the lists in the directory roots.
var rootLists = []string{"nouns", "verbs", "nouns_rare", "verbs_rare", "words"}

// TestTheTableIsThatOfTheLists refuses a table that the lists do not give.
func TestTheTableIsThatOfTheLists(t *testing.T) {
	want := buildRoots(t, readList(t, "nouns"), readList(t, "verbs"), readList(t, "nouns_rare"), readList(t, "verbs_rare"), readList(t, "words"))
	if *update {
		if err := os.WriteFile("roots.bin", want, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if !bytes.Equal(rootTable, want) {
		t.Error("the lists of roots have changed: go test ./detector/kazakh -update")
	}
}

func TestListsOfRoots(t *testing.T) {
	for _, name := range rootLists {
		seen := map[string]bool{}
		for _, entry := range readList(t, name) {
			word, _, _ := strings.Cut(strings.ReplaceAll(entry, "=", "/"), "/")
			if n := utf8.RuneCountInString(Key(word)); n < 1 || n > maxLetters {
				t.Errorf("%s: %q has %d letters", name, word, n)
			}
			if seen[word] {
				t.Errorf("%s names %q twice", name, word)
			}
			seen[word] = true
			for _, r := range word {
				if r < 'а' && r != 'ё' || r > 'ӿ' {
					t.Errorf("%s: %q has the letter %q", name, word, r)
				}
			}
		}
	}
}

// readList returns the words of a list of roots; a line after # is for readers.
func readList(t *testing.T, name string) []string {
	t.Helper()
	list, err := os.ReadFile("roots/" + name + ".txt")
	if err != nil {
		t.Fatal(err)
	}
	var words []string
	for line := range strings.Lines(string(list)) {
		if !strings.HasPrefix(line, "#") {
			words = append(words, strings.Fields(line)...)
		}
	}
	return words
}

// buildRoots makes the table of roots.
func buildRoots(t *testing.T, nouns, verbs, rareNouns, rareVerbs, words []string) []byte {
	t.Helper()
	table := make([]byte, stemsAt)
	roots := map[string]root{}
	for i, list := range [][]string{nouns, verbs, rareNouns, rareVerbs} {
		for _, entry := range list {
			word, bound, _ := strings.Cut(entry, "/")
			r := root(harmony(word)) << (i % 2 * 2)
			if roots[Key(word)] == 0 && i >= 2 || roots[Key(word)]&rootRare != 0 {
				r |= rootRare
			}
			if key := Key(word); roots[key]&rootBare == 0 {
				roots[key] = roots[key]&^rootRepair | r | rootBare
			} else {
				roots[key] |= r
			}
			if bound == "" {
				continue
			}
			switch key := Key(bound); {
			case roots[key]&rootBare != 0: // as a root of its own it keeps its stem
				roots[key] |= r
			default:
				roots[key] |= r | root(repairOf(t, Key(word), key))<<repairStep
			}
		}
	}
	fill(t, table[:wordsAt], rootSlots, sorted(roots))
	whole, stems := map[string]root{}, []string{}
	for _, entry := range words {
		word, stem, other := strings.Cut(entry, "=")
		if !other {
			whole[Key(word)] = 0
			continue
		}
		at := slices.Index(stems, Key(stem))
		if at < 0 {
			at = len(stems)
			stems = append(stems, Key(stem))
			table = append(table, make([]byte, stemSize)...)
			if copy(table[stemsAt+stemSize*at:], Key(stem)) < len(Key(stem)) {
				t.Errorf("%q is too long for a stem of a whole word", stem)
			}
		}
		whole[Key(word)] = root(at + 1)
	}
	if len(stems) > 255 {
		t.Errorf("whole words have %d stems", len(stems))
	}
	fill(t, table[wordsAt:shapesAt], wordSlots, sorted(whole))
	weighLastLetters(table[shapesAt:stemsAt], slices.Concat(nouns, rareNouns), slices.Concat(verbs, rareVerbs))
	return table
}

// weighLastLetters fills in how much two letters at the end speak for a root: how much more often the listed roots end in
// them than they have them before their end.
func weighLastLetters(weights []byte, nouns, verbs []string) {
	const all = letterCount
	var within [all + 1][all + 1]float64
	var ends [2][all + 1][all + 1]float64
	count := func(of *[all + 1][all + 1]float64, a, b rune) {
		for _, at := range [][2]rune{{a, b}, {all, b}, {all, all}} {
			of[at[0]][at[1]]++
		}
	}
	for i, list := range [][]string{nouns, verbs} {
		for _, entry := range list {
			word, _, _ := strings.Cut(entry, "/")
			key := []rune(Key(word))
			for at := 1; at < len(key); at++ {
				of := &within
				if at == len(key)-1 {
					of = &ends[i]
				}
				count(of, key[at-1]-'а', key[at]-'а')
			}
		}
	}
	// The share of two letters leans on the share of the last of them, as if that had been seen so many times.
	const lean = 8
	share := func(of *[all + 1][all + 1]float64, a, b int) float64 {
		last := (of[all][b] + 1) / (of[all][all] + all)
		return (of[a][b] + lean*last/all*4) / (of[all][all] + lean*4)
	}
	scale := [2]float64{bareEnds: 4, verbEnds: 2}
	for i := range ends {
		for a := range int(letterCount) {
			for b := range int(letterCount) {
				w := scale[i] * math.Log2(share(&ends[i], a, b)/share(&within, a, b))
				weights[i*shapeSize+a*letterCount+b] = byte(int8(math.Round(max(-60, min(60, w)))))
			}
		}
	}
}

type listedKey struct {
	key   string
	known root
}

func sorted(of map[string]root) []listedKey {
	var list []listedKey
	for key, known := range of {
		list = append(list, listedKey{key, known})
	}
	slices.SortFunc(list, func(a, b listedKey) int { return strings.Compare(a.key, b.key) })
	return list
}

// fill writes keys into a table.
func fill(t *testing.T, table []byte, slots int, list []listedKey) {
	t.Helper()
	if len(list) > slots/2 {
		t.Errorf("%d keys are too many for %d slots", len(list), slots)
	}
	for _, e := range list {
		h := hashOf(e.key)
		if _, found := h.find(table, uint(slots)); found {
			t.Errorf("%q has the hash of another key", e.key)
			continue
		}
		mixed := uint64(h ^ h>>29)
		slot := int(mixed>>40) % slots
		for binary.LittleEndian.Uint32(table[slot*slotSize:]) != 0 {
			slot = (slot + 1) % slots
		}
		binary.LittleEndian.PutUint32(table[slot*slotSize:], uint32(mixed>>8)&^0xFF|uint32(e.known))
	}
}

func hashOf(key string) hash {
	var h hash
	for _, r := range key {
		h = h.add(letter(r - 'а'))
	}
	return h
}

// harmony tells which endings a word in Kazakh letters takes.
func harmony(word string) tone {
	t := either
	for _, r := range word {
		switch r {
		case 'а', 'о', 'ұ', 'ы', 'я':
			t = back
		case 'ә', 'ө', 'ү', 'і', 'е':
			t = front
		case 'ь':
			t = either
		}
	}
	return t
}

// repairOf tells how the key of a root comes of the key that it has before an ending.
func repairOf(t *testing.T, word, bound string) repair {
	t.Helper()
	w, b := []rune(word), []rune(bound)
	switch n := len(b); {
	case string(w) == string(b[:n-1])+"и"+string(b[n-1:]):
		return inserted
	case word == bound+"и":
		return appended
	case string(appendUnvoiced([]byte(bound))) == word:
		return unvoiced
	}
	t.Errorf("no repair makes %q of %q", word, bound)
	return asIs
}
